/** Finishes what runs left that verified a snapshot and did not come to share it. @module */

import { ScrubError } from "../../core/errors.ts";
import type { CopyTarget } from "../../core/settings.ts";
import type { Rds } from "../api/client.ts";
import { ofEveryKind } from "../api/every_kind.ts";
import { isRdsEngine, type Named, type RdsEngine, workspaceName } from "../api/names.ts";
import { waitFor, type WaitOptions } from "../api/wait.ts";
import {
  type ClassifiedSnapshot,
  classifySnapshot,
  copiesWanted,
  isFinalOf,
  isShareWanted,
  refreshWanted,
  snapshotStates,
} from "../states/snapshot.ts";

/** Which snapshots to finish. */
export interface Unfinished {
  /** DBInstanceIdentifier of the source; absent: of all. */
  readonly source?: string;
  /** Of this run alone, which counts as dead whatever its heartbeat. */
  readonly run?: string;
}

/** A proven final snapshot that is still being made, or not shared as asked. */
export interface UnfinishedSnapshot extends ClassifiedSnapshot {
  readonly rdsEngine: RdsEngine;
}

/** Proven final snapshots that are still being made, or not shared or copied as asked, and not of a living run; oldest name first. Only reads. */
export async function findUnfinished(
  rds: Rds,
  { source, run }: Unfinished,
  signal: AbortSignal,
): Promise<readonly UnfinishedSnapshot[]> {
  const manual = await ofEveryKind(rds, (rds) => rds.snapshots({ type: "manual" }, signal));
  return manual.map((snapshot) => classifySnapshot(snapshot, rds.now(), run)).flatMap(unfinished)
    .filter((one) => source === undefined || one.source === source)
    .filter(({ runId }) => run === undefined || runId === run)
    .toSorted((a, b) => a.snapshot.id < b.snapshot.id ? -1 : 1);
}

/** The same of the source of a run that is about to begin. */
export async function findUnfinishedOf(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly UnfinishedSnapshot[]> {
  const manual = await rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal);
  return manual.map((snapshot) => classifySnapshot(snapshot, rds.now())).flatMap(unfinished)
    .filter((one) => isFinalOf(one, source));
}

function unfinished(one: ClassifiedSnapshot): readonly UnfinishedSnapshot[] {
  const { nextRun } = snapshotStates[one.state];
  const rdsEngine = one.snapshot.engine;
  if (nextRun !== "await" && nextRun !== "share" || one.name !== "final" || !isRdsEngine(rdsEngine)) return [];
  return [{ ...one, rdsEngine }];
}

/** Whether a snapshot is proven and still being made. */
export function isAwaited({ state }: ClassifiedSnapshot): boolean {
  return snapshotStates[state].nextRun === "await";
}

/** Whether a snapshot is available, proven, and still to be shared. */
export function isToBeShared({ snapshot, state }: ClassifiedSnapshot): boolean {
  return snapshotStates[state].nextRun === "share" && isShareWanted(snapshot);
}

/** Where a snapshot is to be copied to, if it is available and proven. */
export function copiesToMake({ snapshot, state }: ClassifiedSnapshot): readonly CopyTarget[] {
  return snapshotStates[state].nextRun === "share" ? copiesWanted(snapshot) : [];
}

/** Which instance to refresh with a snapshot, if it is available and proven. */
export function refreshToMake({ snapshot, state }: ClassifiedSnapshot): string | undefined {
  return snapshotStates[state].nextRun === "share" ? refreshWanted(snapshot) : undefined;
}

/**
 * Waits until a proven snapshot is available, and tells its state then.
 *
 * @throws {ScrubError} `leftovers` at the time limit: the snapshot is kept; `aws-status` if RDS cannot make it, or it is gone.
 */
export async function untilFinished(
  rds: Rds,
  { snapshot: { id }, source }: ClassifiedSnapshot,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<ClassifiedSnapshot> {
  try {
    const snapshot = await waitFor(
      "earlierCreated",
      {
        id,
        read: async (signal) => {
          const found = await rds.snapshot(id, signal);
          return found && { status: found.status, value: found, share: found.share };
        },
      },
      options,
      signal,
    );
    return classifySnapshot(snapshot, rds.now());
  } catch (error) {
    if (!(error instanceof ScrubError) || error.code !== "aws-timeout") throw error;
    throw new ScrubError(
      "leftovers",
      `${error.message}. It was verified, and is kept, not shared`,
      `Share it with "datascrubber finish ${source}" once it is available.`,
      { cause: error },
    );
  }
}
