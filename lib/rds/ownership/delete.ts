/** Removes what a run made, and nothing else: every deletion but pruning goes through here. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError, RdsError } from "../api/errors.ts";
import { isCopyName, tag, TOOL } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { classifySnapshot } from "../api/status_classes.ts";
import { pause } from "../api/wait.ts";

/** Whose things may be removed, and how patiently. Times in milliseconds. */
export interface Deletion {
  readonly rds: Rds;
  /** DBInstanceIdentifier of the workspace. */
  readonly workspace: string;
  /** Only what carries this run's tag is removed. */
  readonly runId: string;
  readonly interval: number;
  /**
   * Until when (of `performance.now()`) "not found" may be a lie: RDS shows what was just made with a delay, and an answer
   * that was lost may have made something.
   */
  readonly doubtUntil: number;
  /** Whether a snapshot goes even with a proof: its run knows that this is not its own. */
  readonly disproven?: boolean;
  readonly log: Log;
}

/**
 * Has the workspace deleted without a snapshot; returns when the deletion is accepted. `deleted`: by this call, surely
 * without a snapshot; `leaving`: gone or being deleted, perhaps by a call that asked for a final snapshot.
 */
export async function deleteInstance(removal: Deletion, signal: AbortSignal): Promise<"deleted" | "leaving"> {
  const { rds, workspace, log } = removal;
  while (true) {
    const instance = await persist(removal, () => rds.instance(workspace, signal), signal);
    if (instance === undefined) {
      if (performance.now() >= removal.doubtUntil) return "leaving";
    } else {
      if (instance.status === "deleting") return "leaving";
      if (!instance.tags.has(tag.run) && performance.now() < removal.doubtUntil) {
        await pause(removal.interval, signal); // its tags may be as late as itself
        continue;
      }
      if (instance.tags.get(tag.tool) !== TOOL || instance.tags.get(tag.run) !== removal.runId) {
        throw new ScrubError(
          "workspace",
          `Cannot delete instance "${workspace}": it does not carry the tag of run ${removal.runId}`,
          "Look whose it is; if nobody needs it, delete it by hand.",
        );
      }
      try {
        await rds.deleteInstance(workspace, undefined, signal);
        log.info(`deletion of "${workspace}" is accepted`);
        return "deleted";
      } catch (error) {
        if (isRdsError(error, "DBInstanceNotFoundFault")) return "leaving";
        // In a state that forbids it: the next reading tells whether it is being deleted or to be waited for.
        const passes = isRdsError(error, "InvalidDBInstanceStateFault") || error instanceof RdsError && error.transient;
        if (!passes) throw error;
        log.debug(`"${workspace}" is "${instance.status}" and cannot be deleted yet`);
      }
    }
    await pause(removal.interval, signal);
  }
}

/** Removes a final snapshot that has no proof, or an intermediate copy. `resourceId`: of the workspace, where it is known. */
export async function deleteSnapshot(
  removal: Deletion,
  id: string,
  resourceId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { rds, log } = removal;
  while (true) {
    const snapshot = await persist(removal, () => rds.snapshot(id, signal), signal);
    if (snapshot === undefined) {
      // It may appear as long as the instance is being deleted.
      const instance = await persist(removal, () => rds.instance(removal.workspace, signal), signal);
      const ours = isCopyName(removal.workspace, id)
        ? false
        : resourceId === undefined
        ? instance?.tags.get(tag.run) === removal.runId
        : instance?.resourceId === resourceId;
      if (!ours && performance.now() >= removal.doubtUntil) return;
    } else {
      if (!isOurs(snapshot, removal, resourceId)) return;
      if (classifySnapshot(snapshot.status) === "leaving") return;
      try {
        await rds.deleteSnapshot(id, signal);
        log.info(`snapshot "${id}" is deleted: it was not finished`);
        return;
      } catch (error) {
        if (isRdsError(error, "DBSnapshotNotFoundFault")) return;
        const passes = isRdsError(error, "InvalidDBSnapshotStateFault") || error instanceof RdsError && error.transient;
        if (!passes) throw error;
        log.debug(`snapshot "${id}" is "${snapshot.status}" and cannot be deleted yet`);
      }
    }
    await pause(removal.interval, signal);
  }
}

/** Tags travel from the workspace with CopyTagsToSnapshot; a resource id is never used twice. */
function isOurs(snapshot: Snapshot, removal: Deletion, resourceId: string | undefined): boolean {
  const named = snapshot.instance === removal.workspace || isCopyName(removal.workspace, snapshot.id);
  if (snapshot.type !== "manual" || !named || snapshot.tags.has(tag.proof) && !removal.disproven) return false;
  return snapshot.tags.get(tag.run) === removal.runId || snapshot.resourceId === resourceId;
}

/** Asks until there is an answer; only the signal ends it. */
async function persist<T>(removal: Deletion, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RdsError && error.transient)) throw error;
      await pause(removal.interval, signal);
    }
  }
}
