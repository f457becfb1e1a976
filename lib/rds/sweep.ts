/** Finds, in the whole account and region, what dead runs left, and deletes it. @module */

import type { Rds } from "./client.ts";
import { removeOrphan, untilGone } from "./clear_the_way.ts";
import { isWorkspaceName, tag, workspaceName } from "./names.ts";
import { classify, judge } from "./standing.ts";
import type { Pace } from "./wait.ts";

/** Something that a run made and that is no finished snapshot. */
export interface Remnant {
  readonly kind: "instance" | "snapshot";
  /** Its identifier. */
  readonly name: string;
  readonly workspace: string;
  /** DBInstanceIdentifier of the source, where a tag tells. */
  readonly source?: string;
  readonly runId?: string;
  /** `orphan`: its run is dead; `alive`: it works; `leaving`: RDS deletes it; `foreign`: looks like ours, but is not provably. */
  readonly state: "orphan" | "alive" | "leaving" | "foreign";
}

/**
 * Everything that runs made and have not finished. With `dead`, only what that run did, which is dead even if its heartbeat
 * is fresh. Only reads.
 */
export async function findRemnants(rds: Rds, signal: AbortSignal, dead?: string): Promise<readonly Remnant[]> {
  const now = Date.now();
  const instances = (await rds.instances(signal)).filter(({ id }) => isWorkspaceName(id)).map((instance): Remnant => {
    const { id: name, tags } = instance;
    const source = tags.get(tag.source);
    const rdsEngine = instance.engine === "mysql" ? "mysql" : "postgres";
    const named = source !== undefined && workspaceName({ rdsEngine, name: source }) === name;
    const standing = classify(instance, named ? source : "", now);
    const state = standing.kind === "nothing" ? "foreign" : standing.kind;
    return { kind: "instance", name, workspace: name, state, source, runId: tags.get(tag.run) };
  });
  const snapshots = (await rds.snapshots({ type: "manual" }, signal)).flatMap((snapshot): Remnant[] => {
    const found = judge(snapshot, now);
    if (!found) return [];
    const { workspace, runId, alive } = found;
    const source = snapshot.tags.get(tag.source);
    return [{ kind: "snapshot", name: snapshot.id, workspace, source, runId, state: alive ? "alive" : "orphan" }];
  });
  const all = [...instances, ...snapshots];
  if (dead === undefined) return all;
  return all.filter(({ runId }) => runId === dead)
    .map((remnant) => remnant.state === "alive" ? { ...remnant, state: "orphan" } : remnant);
}

/** Deletes one that is an orphan. Throws a ScrubError of kind `leftovers` if AWS does not let it go. */
export async function removeRemnant(
  rds: Rds,
  { name, kind, workspace, runId, state }: Remnant,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  if (state !== "orphan" || runId === undefined) {
    throw new TypeError(`Cannot sweep ${kind} "${name}": it is no dead run's`);
  }
  pace.journal.warn(`deleting ${kind} "${name}", which dead run ${runId} left`);
  await removeOrphan(rds, workspace, name, runId, pace, signal);
}

/** Waits until an instance is gone that RDS deletes already: then whatever snapshot its deletion makes has come to light. */
export async function outlastRemnant(
  rds: Rds,
  { workspace, runId }: Remnant,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  await untilGone(rds, { workspace, runId }, `see "${workspace}" go`, pace, signal);
}
