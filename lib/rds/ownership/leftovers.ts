/** Finds and deletes what dead runs left in the whole account and region. @module */

import type { Rds } from "../api/client.ts";
import { ofEveryKind } from "../api/every_kind.ts";
import { deleteDeadRun, untilDeleted } from "./dead_runs.ts";
import { isWorkspaceName } from "../api/names.ts";
import type { WaitOptions } from "../api/wait.ts";
import { classifyInstance, type InstanceState } from "../states/instance.ts";
import { classifySuccessor, type SuccessorState } from "../states/successor.ts";
import {
  type ClassifiedSnapshot,
  classifySnapshot,
  isSweptSnapshot,
  type SweptSnapshotState,
} from "../states/snapshot.ts";

/** A workspace, an instance that is to take another's place, or a run's snapshot that has no proof or is not finished. */
export interface Leftover {
  readonly kind: "instance" | "snapshot";
  /** Its identifier. */
  readonly name: string;
  readonly workspace: string;
  /** DBInstanceIdentifier of the source; empty if no tag has it. */
  readonly source: string;
  /** Empty if no tag has it. */
  readonly runId: string;
  /** What that means to `sweep`: see the tables of states. */
  readonly state: Exclude<InstanceState, "absent"> | SweptSnapshotState | SuccessorState;
}

/**
 * All workspaces, and runs' snapshots that have no proof or are not finished. With `dead`, only those of that run, which counts as
 * dead. Only reads.
 */
export async function findLeftovers(rds: Rds, signal: AbortSignal, dead?: string): Promise<readonly Leftover[]> {
  return await ofEveryKind(rds, (rds) => findOfKind(rds, signal, dead));
}

async function findOfKind(rds: Rds, signal: AbortSignal, dead?: string): Promise<readonly Leftover[]> {
  const all = await rds.instances(signal);
  const workspaces = all.filter(({ id }) => isWorkspaceName(id));
  const manual = await rds.snapshots({ type: "manual" }, signal);
  // After the answers, from which RDS's clock is known.
  const now = rds.now();
  const classified = manual.map((snapshot) => classifySnapshot(snapshot, now, dead));
  const instances = workspaces.flatMap((instance): Leftover[] => {
    const { state, source, runId } = classifyInstance(instance, now, dead);
    if (state === "absent") return [];
    // Its deletion could disturb the snapshot that RDS is making of it.
    const awaited = state === "abandoned" &&
      classified.some((one) => one.state === "awaited" && one.snapshot.resourceId === instance.resourceId);
    const shown = awaited ? "awaited" : state;
    return [{ kind: "instance", name: instance.id, workspace: instance.id, state: shown, source, runId }];
  });
  const snapshots = classified.flatMap(({ snapshot, state, source, workspace, runId }): Leftover[] => {
    if (!isSweptSnapshot(state)) return [];
    return [{ kind: "snapshot", name: snapshot.id, workspace, state, source, runId }];
  });
  const successors = all.flatMap((instance): Leftover[] => {
    const found = classifySuccessor(instance, now, dead);
    if (!found) return [];
    const { state, source, runId } = found;
    return [{ kind: "instance", name: instance.id, workspace: instance.id, state, source, runId }];
  });
  const found = [...instances, ...successors, ...snapshots];
  return dead === undefined ? found : found.filter(({ runId }) => runId === dead);
}

/**
 * Deletes a leftover of a dead run.
 *
 * @throws {ScrubError} `leftovers` if AWS does not delete it.
 */
export async function deleteLeftover(
  rds: Rds,
  { name, kind, workspace, runId, state }: Leftover,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  if (state !== "abandoned") {
    throw new TypeError(`Cannot delete ${kind} "${name}": it does not belong to a dead run`);
  }
  options.log.warn(`deleting ${kind} "${name}", left by dead run ${runId}`);
  await deleteDeadRun(rds.ofWorkspace(workspace), workspace, name, runId, options, signal);
}

/**
 * Waits until an instance is gone that RDS is deleting: then the snapshot that its deletion may make is visible.
 *
 * @throws {ScrubError} `aws-timeout`
 */
export async function awaitDeletion(
  rds: Rds,
  { workspace, runId }: Leftover,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  await untilDeleted("sweptInstanceDeleted", rds.ofWorkspace(workspace), { workspace, runId }, options, signal);
}

/**
 * Deletes the instance that a finished snapshot was taken of, if it is still there, and its run is dead. Gives its name.
 *
 * @throws {ScrubError} `leftovers` if AWS does not delete it.
 */
export async function deleteInstanceOf(
  rds: Rds,
  { snapshot, workspace, runId }: ClassifiedSnapshot,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const instance = await rds.instance(workspace, signal);
  const found = classifyInstance(instance, rds.now());
  if (instance?.resourceId !== snapshot.resourceId || found.state !== "abandoned" || found.runId !== runId) {
    return undefined;
  }
  options.log.warn(`deleting instance "${workspace}", left by dead run ${runId}`);
  await deleteDeadRun(rds, workspace, workspace, runId, options, signal);
  return workspace;
}
