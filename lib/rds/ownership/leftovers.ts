/** Finds, in the whole account and region, what dead runs left, and deletes it. @module */

import type { Rds } from "../api/client.ts";
import { deleteDeadRun, untilGone } from "./dead_runs.ts";
import { isWorkspaceName, tag, workspaceName } from "../api/names.ts";
import { classify, isAlive } from "./ownership.ts";
import type { Pace } from "../api/wait.ts";

/** Something that a run made and that is no finished snapshot. */
export interface Leftover {
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
export async function findLeftovers(rds: Rds, signal: AbortSignal, dead?: string): Promise<readonly Leftover[]> {
  const workspaces = (await rds.instances(signal)).filter(({ id }) => isWorkspaceName(id));
  // Asked for after the answers whose times it is held against.
  const manual = await rds.snapshots({ type: "manual" }, signal);
  const now = rds.now();
  const instances = workspaces.map((instance): Leftover => {
    const { id: name, tags } = instance;
    const source = tags.get(tag.source);
    const rdsEngine = instance.engine === "mysql" ? "mysql" : "postgres";
    const named = source !== undefined && workspaceName({ rdsEngine, name: source }) === name;
    const standing = classify(instance, named ? source : "", now);
    const state = standing.kind === "nothing" ? "foreign" : standing.kind;
    return { kind: "instance", name, workspace: name, state, source, runId: tags.get(tag.run) };
  });
  const snapshots = manual.flatMap((snapshot): Leftover[] => {
    const found = isAlive(snapshot, now);
    if (!found) return [];
    const { workspace, runId, alive } = found;
    const source = snapshot.tags.get(tag.source);
    return [{ kind: "snapshot", name: snapshot.id, workspace, source, runId, state: alive ? "alive" : "orphan" }];
  });
  const all = [...instances, ...snapshots];
  if (dead === undefined) return all;
  return all.filter(({ runId }) => runId === dead)
    .map((leftover) => leftover.state === "alive" ? { ...leftover, state: "orphan" } : leftover);
}

/** Deletes one that is an orphan. Throws a ScrubError of kind `leftovers` if AWS does not let it go. */
export async function deleteLeftover(
  rds: Rds,
  { name, kind, workspace, runId, state }: Leftover,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  if (state !== "orphan" || runId === undefined) {
    throw new TypeError(`Cannot sweep ${kind} "${name}": it is no dead run's`);
  }
  pace.log.warn(`deleting ${kind} "${name}", which dead run ${runId} left`);
  await deleteDeadRun(rds, workspace, name, runId, pace, signal);
}

/** Waits until an instance is gone that RDS deletes already: then whatever snapshot its deletion makes has come to light. */
export async function awaitLeftover(
  rds: Rds,
  { workspace, runId }: Leftover,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  await untilGone(rds, { workspace, runId }, `see "${workspace}" go`, pace, signal);
}
