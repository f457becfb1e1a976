/** Deletes what a run made, and nothing else. Every deletion but pruning is here. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { isCopyName } from "../api/names.ts";
import { mayRepeat, MINUTE, pause } from "../api/wait.ts";
import { ownerOf } from "../states/owner.ts";
import { isOwnLeftover } from "../states/snapshot.ts";
import { snapshotStatusClass } from "../api/status_classes.ts";

/** What may be deleted. Times in milliseconds. */
export interface Deletion {
  readonly rds: Rds;
  /** DBInstanceIdentifier of the workspace. */
  readonly workspace: string;
  /** Only what carries this run's tag is deleted. */
  readonly runId: string;
  readonly pollInterval: number;
  /** Until when (of `performance.now()`) RDS may not show yet what a call, perhaps one whose answer was lost, has made. */
  readonly shownBy: number;
  /** Whether to delete even a snapshot with a proof: the run knows that it is not its own. */
  readonly disproven?: boolean;
  readonly log: Log;
}

/**
 * Requests the deletion of the workspace without a snapshot. `deleted`: by this call, so surely without a snapshot;
 * `leaving`: it is gone or being deleted, perhaps with a final snapshot.
 *
 * @throws {ScrubError} `workspace` if the instance does not carry the run's tag.
 * @throws {RdsError} if AWS refuses.
 */
export async function deleteInstance(deletion: Deletion, signal: AbortSignal): Promise<"deleted" | "leaving"> {
  const { rds, workspace, pollInterval, shownBy, log } = deletion;
  while (true) {
    const instance = await retry(deletion, () => rds.instance(workspace, signal), signal);
    if (instance === undefined) {
      if (performance.now() >= shownBy) return "leaving";
    } else {
      if (instance.status === "deleting") return "leaving";
      const owner = ownerOf(instance.tags, deletion.runId);
      if (owner === "unknown" && performance.now() < shownBy) {
        await pause(pollInterval, signal); // RDS may show the tags later than the instance
        continue;
      }
      if (owner !== "this run") {
        throw new ScrubError(
          "workspace",
          `Cannot delete instance "${workspace}": it does not carry the tag of run ${deletion.runId}`,
          "Find out whose it is; if it is not needed, delete it by hand.",
        );
      }
      try {
        await rds.deleteInstance(workspace, undefined, signal);
        log.info(`deleting "${workspace}"`);
        return "deleted";
      } catch (error) {
        if (isRdsError(error, "DBInstanceNotFoundFault")) return "leaving";
        // The next reading shows whether it is being deleted, or cannot be deleted yet.
        if (!mayRepeat("deletion", error)) throw error;
        log.debug(`"${workspace}" is "${instance.status}" and cannot be deleted yet`);
      }
    }
    await pause(pollInterval, signal);
  }
}

/**
 * Deletes a final snapshot without proof, or an intermediate copy. Does nothing to any other. `resourceId`: of the workspace,
 * if it is known.
 *
 * @throws {RdsError} if AWS refuses.
 */
export async function deleteSnapshot(
  deletion: Deletion,
  id: string,
  resourceId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { rds, workspace, log } = deletion;
  while (true) {
    const snapshot = await retry(deletion, () => rds.snapshot(id, signal), signal);
    if (snapshot === undefined) {
      // It may appear as long as the instance is being deleted.
      const instance = await retry(deletion, () => rds.instance(workspace, signal), signal);
      const ours = isCopyName(workspace, id)
        ? false
        : resourceId === undefined
        ? instance !== undefined && ownerOf(instance.tags, deletion.runId) === "this run"
        : instance?.resourceId === resourceId;
      if (!ours && performance.now() >= deletion.shownBy) return;
    } else {
      if (!isOwnLeftover(snapshot, { ...deletion, resourceId })) return;
      if (snapshotStatusClass(snapshot.status) === "leaving") return;
      try {
        await rds.deleteSnapshot(id, signal);
        log.info(`deleted snapshot "${id}", which has no proof`);
        return;
      } catch (error) {
        if (isRdsError(error, "DBSnapshotNotFoundFault")) return;
        if (!mayRepeat("snapshotDeletion", error)) throw error;
        log.debug(`snapshot "${id}" is "${snapshot.status}" and cannot be deleted yet`);
      }
    }
    await pause(deletion.pollInterval, signal);
  }
}

/** Why a deletion failed, for a message. `timeout` is its time limit of so many milliseconds. */
export function whyNotDeleted(error: unknown, timeout: AbortSignal, milliseconds: number): string {
  if (timeout.aborted) return `AWS did not delete it within ${Math.ceil(milliseconds / MINUTE)} minutes`;
  return error instanceof Error ? error.message : "unknown reason";
}

/** Repeats a call while its errors are transient; only the signal ends that. */
async function retry<T>(deletion: Deletion, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await call();
    } catch (error) {
      if (!mayRepeat("readBeforeDeletion", error)) throw error;
      await pause(deletion.pollInterval, signal);
    }
  }
}
