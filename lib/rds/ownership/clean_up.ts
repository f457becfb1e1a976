/** Deletes what a lost worker of this run left in RDS. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { isCopyName } from "../api/names.ts";
import { MINUTE, readBack, type ReadBackOptions } from "../api/wait.ts";
import { ownerOf } from "../states/owner.ts";
import { isOwnLeftover, withoutProof } from "../states/snapshot.ts";
import { deleteInstance, deleteSnapshot, whyNotDeleted } from "./delete.ts";

/** Times in milliseconds. */
export interface CleanUpOptions extends Omit<ReadBackOptions, "timeout"> {
  /** Default 15 minutes. */
  readonly cleanUpTimeout?: number;
  readonly log: Log;
}

/**
 * Deletes the run's workspace without a snapshot, and every final snapshot of the run without proof. Does not touch what is
 * another run's.
 *
 * @throws {ScrubError} `leftovers` if AWS does not delete something.
 */
export async function cleanUp(
  rds: Rds,
  workspace: string,
  runId: string,
  options: CleanUpOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pollInterval, propagationTimeout = MINUTE, cleanUpTimeout = 15 * MINUTE, log } = options;
  const timeout = AbortSignal.timeout(cleanUpTimeout);
  const both = AbortSignal.any([signal, timeout]);
  const deletion = { rds, workspace, runId, pollInterval, log, shownBy: performance.now() + propagationTimeout };
  try {
    const instance = await readBack(
      "ownerShown",
      (signal) => rds.instance(workspace, signal),
      (seen) => seen === undefined || ownerOf(seen.tags, runId) !== "unknown" || seen.status === "deleting",
      { pollInterval, propagationTimeout },
      both,
    );
    // If it is another run's, the worker was lost before its restore.
    if (instance && ownerOf(instance.tags, runId) !== "this run" && instance.status !== "deleting") return;
    const outcome = await deleteInstance(deletion, both);
    for (const snapshot of await rds.snapshots({ type: "manual" }, both)) {
      // The deletion of this call made no final snapshot.
      if (outcome === "deleted" && !isCopyName(workspace, snapshot.id)) continue;
      if (!isOwnLeftover(snapshot, { workspace, runId })) continue;
      await deleteSnapshot({ ...deletion, shownBy: 0 }, snapshot.id, undefined, both);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new ScrubError(
      "leftovers",
      `Cannot clean up "${workspace}": ${whyNotDeleted(error, timeout, cleanUpTimeout)}`,
      `Look for instance "${workspace}" and snapshots of run ${runId} ${withoutProof}, and delete them by hand.`,
      { cause: error },
    );
  }
}
