/** Deletes what a lost worker of this run left in RDS. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { isCopyName, tag } from "../api/names.ts";
import { deleteInstance, deleteSnapshot } from "./delete.ts";
import { MINUTE, readUntil } from "../api/wait.ts";

/** How patiently. Times in milliseconds. */
export interface CleanUpOptions {
  readonly pollInterval: number;
  /** How long RDS may take to show what the lost worker told it. Default a minute. */
  readonly lag?: number;
  /** Default 15 minutes. */
  readonly cleanUpTimeout?: number;
  readonly log: Log;
}

/**
 * Deletes the instance without a snapshot if it carries the run's tag, and every final snapshot of the run that has no
 * proof. Leaves alone what is another's. Throws a ScrubError of kind `leftovers` if AWS does not let it go.
 */
export async function cleanUp(
  rds: Rds,
  workspace: string,
  runId: string,
  options: CleanUpOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pollInterval: interval, lag = MINUTE, cleanUpTimeout = 15 * MINUTE, log } = options;
  const limit = AbortSignal.timeout(cleanUpTimeout);
  const both = AbortSignal.any([signal, limit]);
  const removal = { rds, workspace, runId, interval, log, doubtUntil: performance.now() + lag };
  try {
    const instance = await readUntil(
      (signal) => rds.instance(workspace, signal),
      (seen) => seen === undefined || seen.tags.has(tag.run) || seen.status === "deleting",
      { interval, lag },
      both,
    );
    // Another run's was never ours: the worker was lost before the restore.
    if (instance && instance.tags.get(tag.run) !== runId && instance.status !== "deleting") return;
    const away = await deleteInstance(removal, both);
    for (const snapshot of await rds.snapshots({ type: "manual" }, both)) {
      const copy = isCopyName(workspace, snapshot.id);
      if (snapshot.tags.get(tag.run) !== runId || away === "deleted" && !copy) continue;
      if (snapshot.instance !== workspace && !copy) continue;
      await deleteSnapshot({ ...removal, doubtUntil: 0 }, snapshot.id, undefined, both);
    }
  } catch (error) {
    signal.throwIfAborted();
    const why = limit.aborted
      ? `AWS did not let it go in ${Math.ceil(cleanUpTimeout / MINUTE)} minutes`
      : error instanceof Error
      ? error.message
      : "unknown reason";
    throw new ScrubError(
      "leftovers",
      `Cannot clean up "${workspace}": ${why}`,
      `Look for instance "${workspace}" and snapshots of run ${runId} without the tag "${tag.proof}", and delete them by hand.`,
      { cause: error },
    );
  }
}
