/** Clears away what dead runs left of a source before a run begins, and stops or waits where another one lives. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { isCopyName, tag, workspaceName } from "../api/names.ts";
import type { Named } from "../api/names.ts";
import { deleteInstance, deleteSnapshot } from "./delete.ts";
import { readOwnership, unfinishedSnapshotsOf } from "./ownership.ts";
import { classifyInstance, GONE } from "../api/status_classes.ts";
import { pause, waitFor } from "../api/wait.ts";
import type { Pace } from "../api/wait.ts";

/** How to clear the way. */
export interface DeadRunOptions {
  readonly pace: Pace;
  /** The run for which the way is cleared: what it made itself is no obstacle. */
  readonly runId?: string;
  /** Milliseconds to wait for another run's end; 0: not at all. */
  readonly patience: number;
  /** Is told the name of everything that dead runs left, before it is deleted. */
  readonly orphan?: (name: string) => void;
}

/**
 * Makes the workspace's name free, and deletes snapshots that no run will finish any more. Throws a ScrubError where
 * another run lives, or where something stands that is not provably a dead run's: that is never touched.
 */
export async function clearDeadRuns(
  rds: Rds,
  source: Named,
  clearing: DeadRunOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pace, patience, orphan, runId } = clearing;
  const until = performance.now() + patience;
  let told: string | undefined;
  // Each round removes something or waits; what it did may bring new things to light, such as a dead run's final snapshot.
  while (true) {
    const obstacle = await removeOne(rds, source, { pace, orphan, runId }, signal);
    if (obstacle === "none") return;
    if (obstacle === "removed") continue;
    if (performance.now() >= until) throw occupied(source, obstacle.runId, patience);
    if (told !== obstacle.runId) pace.log.info(`waiting for the end of run ${obstacle.runId}`);
    told = obstacle.runId;
    pace.log.progress({ what: "waiting for another run" });
    await pause(pace.interval, signal);
  }
}

async function removeOne(
  rds: Rds,
  source: Named,
  { pace, orphan: found, runId: own }: Pick<DeadRunOptions, "pace" | "orphan" | "runId">,
  signal: AbortSignal,
): Promise<"none" | "removed" | { readonly runId: string }> {
  const workspace = workspaceName(source);
  const standing = await readOwnership(rds, source, signal);
  if (standing.kind === "foreign") {
    throw new ScrubError(
      "name-taken",
      `Cannot restore to "${workspace}": an instance of that name exists and does not carry this program's tags`,
      "Look whose it is; if nobody needs it, delete it by hand.",
    );
  }
  if (standing.kind === "alive") return standing;
  const unfinished = (await unfinishedSnapshotsOf(rds, source, signal)).filter(({ runId }) => runId !== own);
  const living = unfinished.find(({ alive }) => alive);
  if (living) return living;
  if (standing.kind === "orphan") {
    pace.log.warn(`deleting instance "${workspace}", which dead run ${standing.runId} left`);
    found?.(workspace);
    await deleteDeadRun(rds, workspace, workspace, standing.runId, pace, signal);
    return "removed";
  }
  if (standing.kind === "leaving") {
    await untilGone(rds, { workspace }, `restore to "${workspace}"`, pace, signal);
    return "removed";
  }
  const [orphan] = unfinished;
  if (!orphan) return "none";
  pace.log.warn(`deleting snapshot "${orphan.snapshot.id}", which dead run ${orphan.runId} did not finish`);
  found?.(orphan.snapshot.id);
  await deleteDeadRun(rds, workspace, orphan.snapshot.id, orphan.runId, pace, signal);
  return "removed";
}

function occupied(source: Named, runId: string, patience: number): ScrubError {
  return new ScrubError(
    "occupied",
    `Cannot restore to "${workspaceName(source)}": run ${runId} works on "${source.name}"`,
    patience > 0
      ? "Find out why that run does not end, then run again."
      : "Wait until that run has ended, or give --wait. If it has died, its heartbeat is old after three of its intervals.",
  );
}

/** Deletes a dead run's instance (`name` is the workspace's) or snapshot. Throws a ScrubError of kind `leftovers`. */
export async function deleteDeadRun(
  rds: Rds,
  workspace: string,
  name: string,
  runId: string,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  const { interval, log, timeout } = pace;
  const limit = AbortSignal.timeout(timeout);
  const both = AbortSignal.any([signal, limit]);
  const removal = { rds, workspace, runId, interval, log, doubtUntil: 0 };
  const kind = name === workspace ? "instance" : "snapshot";
  try {
    if (kind === "instance") {
      await deleteInstance(removal, both);
      await untilGone(rds, { workspace, runId }, `delete "${workspace}"`, pace, both);
    } else await deleteSnapshot(removal, name, undefined, both);
  } catch (error) {
    signal.throwIfAborted();
    throw new ScrubError(
      "leftovers",
      `Cannot delete ${kind} "${name}", which dead run ${runId} left: ${
        limit.aborted ? "AWS did not let it go in time" : error instanceof Error ? error.message : "unknown reason"
      }`,
      `Delete ${kind} "${name}" by hand${kind === "instance" ? ", without a final snapshot" : ""}; it ${
        isCopyName(workspace, name) ? "is a copy of production" : "may not be scrubbed"
      }.`,
      { cause: error },
    );
  }
}

/** Waits until RDS knows no instance of this name, or only one that carries the tag of another run than `runId`. */
export async function untilGone(
  rds: Rds,
  { workspace, runId }: { readonly workspace: string; readonly runId?: string },
  purpose: string,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  await waitFor({
    purpose,
    what: `instance "${workspace}"`,
    read: async (signal) => {
      const instance = await rds.instance(workspace, signal);
      // Another run may wait for the name, and take it between two readings.
      const other = instance?.tags.get(tag.run) ?? runId;
      const gone = instance === undefined || runId !== undefined && other !== runId;
      return { status: gone ? GONE : instance.status, value: undefined };
    },
    classify: classifyInstance,
    // Right after the deletion was accepted the description may lag behind.
    pending: ["leaving", "done", "busy", "transient", "broken"],
    target: ["gone"],
    readings: 1,
    pace,
  }, signal);
}
