/** Removes what a run made, and nothing else: every deletion but pruning goes through here. @module */

import { ScrubError } from "../report/error.ts";
import type { Journal } from "../report/log.ts";
import type { Rds } from "./client.ts";
import { isFault, RdsFault } from "./fault.ts";
import { isCopyName, tag, TOOL } from "./names.ts";
import type { Snapshot } from "./records.ts";
import { classifySnapshot } from "./status.ts";
import { pause } from "./wait.ts";

/** Whose things may be removed, and how patiently. Times in milliseconds. */
export interface Removal {
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
  readonly journal: Journal;
}

/**
 * Has the workspace deleted without a snapshot; returns when the deletion is accepted. `deleted`: by this call, surely
 * without a snapshot; `leaving`: gone or being deleted, perhaps by a call that asked for a final snapshot.
 */
export async function removeInstance(removal: Removal, signal: AbortSignal): Promise<"deleted" | "leaving"> {
  const { rds, workspace, journal } = removal;
  while (true) {
    const instance = await persist(removal, () => rds.instance(workspace, signal), signal);
    if (instance === undefined) {
      if (performance.now() >= removal.doubtUntil) return "leaving";
    } else {
      if (instance.status === "deleting") return "leaving";
      if (instance.tags.get(tag.tool) !== TOOL || instance.tags.get(tag.run) !== removal.runId) {
        throw new ScrubError(
          "failed",
          `Cannot delete instance "${workspace}": it does not carry the tag of run ${removal.runId}`,
          "Look whose it is; if nobody needs it, delete it by hand.",
        );
      }
      try {
        await rds.deleteInstance(workspace, undefined, signal);
        journal.info(`deletion of "${workspace}" is accepted`);
        return "deleted";
      } catch (error) {
        if (isFault(error, "DBInstanceNotFoundFault")) return "leaving";
        // In a state that forbids it: the next reading tells whether it is being deleted or to be waited for.
        const passes = isFault(error, "InvalidDBInstanceStateFault") || error instanceof RdsFault && error.transient;
        if (!passes) throw error;
        journal.debug(`"${workspace}" is "${instance.status}" and cannot be deleted yet`);
      }
    }
    await pause(removal.interval, signal);
  }
}

/** Removes a final snapshot that has no proof, or an intermediate copy. `resourceId`: of the workspace, where it is known. */
export async function removeSnapshot(
  removal: Removal,
  id: string,
  resourceId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { rds, journal } = removal;
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
        journal.info(`snapshot "${id}" is deleted: it was not finished`);
        return;
      } catch (error) {
        if (isFault(error, "DBSnapshotNotFoundFault")) return;
        const passes = isFault(error, "InvalidDBSnapshotStateFault") || error instanceof RdsFault && error.transient;
        if (!passes) throw error;
        journal.debug(`snapshot "${id}" is "${snapshot.status}" and cannot be deleted yet`);
      }
    }
    await pause(removal.interval, signal);
  }
}

/** Tags travel from the workspace with CopyTagsToSnapshot; a resource id is never used twice. */
function isOurs(snapshot: Snapshot, removal: Removal, resourceId: string | undefined): boolean {
  const named = snapshot.instance === removal.workspace || isCopyName(removal.workspace, snapshot.id);
  if (snapshot.type !== "manual" || !named || snapshot.tags.has(tag.proof)) return false;
  return snapshot.tags.get(tag.run) === removal.runId || snapshot.resourceId === resourceId;
}

/** Asks until there is an answer; only the signal ends it. */
async function persist<T>(removal: Removal, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RdsFault && error.transient)) throw error;
      await pause(removal.interval, signal);
    }
  }
}
