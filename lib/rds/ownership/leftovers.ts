/** Finds and deletes what dead runs left in the whole account and region. @module */

import type { Rds } from "../api/client.ts";
import { deleteDeadRun, untilGone } from "./dead_runs.ts";
import { isWorkspaceName, tag, workspaceName } from "../api/names.ts";
import { ownershipOf, unfinished } from "./ownership.ts";
import type { Pace } from "../api/wait.ts";

/** A workspace or an unfinished snapshot. */
export interface Leftover {
  readonly kind: "instance" | "snapshot";
  /** Its identifier. */
  readonly name: string;
  readonly workspace: string;
  /** DBInstanceIdentifier of the source, if a tag has it. */
  readonly source?: string;
  readonly runId?: string;
  /** See `Ownership`. */
  readonly state: "alive" | "dead" | "deleting" | "foreign";
}

/** All workspaces and unfinished snapshots. With `dead`, only those of that run, which counts as dead. Only reads. */
export async function findLeftovers(rds: Rds, signal: AbortSignal, dead?: string): Promise<readonly Leftover[]> {
  const workspaces = (await rds.instances(signal)).filter(({ id }) => isWorkspaceName(id));
  const manual = await rds.snapshots({ type: "manual" }, signal);
  // After the answers, from which RDS's clock is known.
  const now = rds.now();
  const instances = workspaces.map((instance): Leftover => {
    const { id: name, tags } = instance;
    const source = tags.get(tag.source);
    const rdsEngine = instance.engine === "mysql" ? "mysql" : "postgres";
    const named = source !== undefined && workspaceName({ rdsEngine, name: source }) === name;
    const { kind } = ownershipOf(instance, named ? source : "", now);
    const state = kind === "none" ? "foreign" : kind;
    return { kind: "instance", name, workspace: name, state, source, runId: tags.get(tag.run) };
  });
  const snapshots = manual.flatMap((snapshot): Leftover[] => {
    const found = unfinished(snapshot, now);
    if (!found) return [];
    const { workspace, runId, alive } = found;
    const source = snapshot.tags.get(tag.source);
    return [{ kind: "snapshot", name: snapshot.id, workspace, source, runId, state: alive ? "alive" : "dead" }];
  });
  const all = [...instances, ...snapshots];
  if (dead === undefined) return all;
  return all.filter(({ runId }) => runId === dead)
    .map((leftover) => leftover.state === "alive" ? { ...leftover, state: "dead" } : leftover);
}

/**
 * Deletes a leftover of a dead run.
 *
 * @throws {ScrubError} `leftovers` if AWS does not delete it.
 */
export async function deleteLeftover(
  rds: Rds,
  { name, kind, workspace, runId, state }: Leftover,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  if (state !== "dead" || runId === undefined) {
    throw new TypeError(`Cannot delete ${kind} "${name}": it does not belong to a dead run`);
  }
  pace.log.warn(`deleting ${kind} "${name}", left by dead run ${runId}`);
  await deleteDeadRun(rds, workspace, name, runId, pace, signal);
}

/**
 * Waits until an instance is gone that RDS is deleting: then the snapshot that its deletion may make is visible.
 *
 * @throws {ScrubError} `aws-timeout`
 */
export async function awaitDeletion(
  rds: Rds,
  { workspace, runId }: Leftover,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  await untilGone(rds, { workspace, runId }, `wait for the deletion of "${workspace}"`, pace, signal);
}
