/** Turns a verified workspace into a finished snapshot: one that carries the proof's tag. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Proof } from "../../scrub/verify/verify.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import type { Lease } from "../ownership/lease.ts";
import { sharing, snapshotName, tag, TOOL } from "../api/names.ts";
import type { Named } from "../api/names.ts";
import type { FinalSnapshot } from "./share_and_prune.ts";
import { classifySnapshot, GONE } from "../api/status_classes.ts";
import { untilGone } from "../ownership/dead_runs.ts";
import { MINUTE, pause, waitFor } from "../api/wait.ts";
import type { Pace, Reading } from "../api/wait.ts";
import type { Snapshot } from "../api/records.ts";

/** What finalising works on. */
export interface Finalisation {
  readonly rds: Rds;
  readonly source: Named;
  readonly workspace: string;
  /** The workspace's DbiResourceId: tells our snapshot from any other of the same name. */
  readonly resourceId: string;
  readonly lease: Lease;
  readonly proof: Proof;
  readonly runId: string;
  /** Waits until the workspace can be snapshotted. */
  readonly untilUsable: (signal: AbortSignal) => Promise<void>;
  /** How long RDS may take to show the snapshot, in milliseconds. */
  readonly lag: number;
  /** Whether the snapshot is to be shared: a tag tells the next run, if this one does not come to it. */
  readonly toShare: boolean;
  /** What else must hold of the snapshot before it counts as finished. */
  readonly prove?: (snapshot: Snapshot, signal: AbortSignal) => Promise<void>;
  readonly pace: Pace;
  readonly snapshotPace: Pace;
}

/** How many names, a minute apart, are tried. */
const mostNames = 60;

/** Deletes with a final snapshot, waits, tags. Until it returns, the lease's disposal deletes the snapshot. */
export async function finalise(work: Finalisation, signal: AbortSignal): Promise<FinalSnapshot> {
  const { rds, lease, workspace, proof } = work;
  proof.check(work.resourceId);
  const id = await deleteWithSnapshot(work, signal);
  lease.leaves();
  const snapshot = await untilAvailable(work, id, signal);
  await untilGone(rds, { workspace }, `snapshot "${workspace}"`, work.pace, signal);
  lease.end();
  await work.prove?.(snapshot, signal);
  await markProven(work, snapshot, signal);
  return { id, arn: snapshot.arn };
}

/**
 * Gives the snapshot its proof, and waits until RDS shows it. From when AWS has taken the tag on, nothing but evidence that
 * this is not the proven snapshot has it deleted: tags may be slow.
 */
async function markProven(work: Finalisation, { id, arn }: Snapshot, signal: AbortSignal): Promise<void> {
  const { rds, lease, proof } = work;
  const tags = {
    [tag.tool]: TOOL,
    [tag.run]: work.runId,
    [tag.source]: work.source.name,
    [tag.proof]: proof.digest,
    [tag.search]: proof.search,
    [tag.share]: work.toShare ? sharing.wanted : sharing.done,
  };
  const patience = performance.now() + work.lag;
  let taken = false;
  let last = UNMARKED;
  try {
    await waitFor({
      purpose: `finish snapshot "${id}"`,
      what: `snapshot "${id}"`,
      read: async (signal) => {
        last = look(work, id, await rds.snapshot(id, signal));
        if (last !== UNMARKED) return { status: last, value: undefined };
        // The answer is empty, so that only a look tells that it was done; once more as long as it does not.
        await rds.tag(arn, tags, signal);
        taken = true;
        lease.endSnapshot();
        last = look(work, id, await rds.snapshot(id, signal));
        return { status: last, value: undefined };
      },
      classify: (status) => {
        if (status === MARKED) return "done";
        const kind = status === UNMARKED ? "transient" : classifySnapshot(status);
        return kind === "gone" && performance.now() < patience ? "transient" : kind;
      },
      pending: ["transient"],
      target: ["done"],
      readings: 1,
      pace: work.pace,
    }, signal);
    lease.endSnapshot();
  } catch (error) {
    signal.throwIfAborted();
    // Gone or broken, there is nothing that stays.
    if (!taken || last !== UNMARKED || error instanceof Disproof || !(error instanceof ScrubError)) throw error;
    throw new ScrubError(
      "leftovers",
      `${error.message}. It was verified, and stays, shared with nobody`,
      `Look at its tags. With the tag "${tag.proof}" it is finished, and the next run of this source shares it; without, ` +
        "the next run deletes it, as soon as this one's heartbeat on it is old.",
      { cause: error },
    );
  }
}

/** The snapshot shows its proof, or not yet. */
const MARKED = "available, with its proof";
const UNMARKED = "available, without its proof yet";

/** What stands under the name is not what was proven. */
class Disproof extends ScrubError {}

/** Tells where the snapshot is; throws where it is another than the proven one. */
function look({ lease, resourceId, proof }: Finalisation, id: string, found: Snapshot | undefined): string {
  if (found === undefined) return GONE;
  const shown = found.tags.get(tag.proof);
  if (found.resourceId !== resourceId || shown !== undefined && shown !== proof.digest) {
    lease.disprove(id);
    const why = found.resourceId === resourceId
      ? "it carries another proof than this run's"
      : "it was taken of another instance than this run's workspace";
    throw new Disproof("snapshot", `Cannot use snapshot "${id}": ${why}`, "Find out who made it, then run again.");
  }
  return found.status !== "available" ? found.status : shown === undefined ? UNMARKED : MARKED;
}

/** Asks for the deletion under the first free name from now on; gives the name. */
async function deleteWithSnapshot(work: Finalisation, signal: AbortSignal): Promise<string> {
  const { rds, source, workspace, lease } = work;
  const now = rds.now().getTime();
  const until = performance.now() + work.pace.timeout;
  for (let minute = 0; minute < mostNames;) {
    const id = snapshotName(source, new Date(now + minute * MINUTE));
    if (await rds.snapshot(id, signal) !== undefined) {
      minute++;
      continue;
    }
    await work.untilUsable(signal);
    lease.beginSnapshot(id);
    try {
      await rds.deleteInstance(workspace, id, signal);
      return id;
    } catch (error) {
      // An answer may be lost, and the call repeated and refused: the instance tells whether one of them took.
      if (await isLeaving(work, signal)) return id;
      const passes = isRdsError(error, "DBSnapshotAlreadyExistsFault", "InvalidDBInstanceStateFault");
      if (!passes || performance.now() > until) throw error;
      // RDS can begin something of its own between our question and our call.
      await pause(work.pace.interval, signal);
    }
  }
  throw new ScrubError(
    "snapshot",
    `Cannot name the snapshot of "${source.name}": the names of the next ${mostNames} minutes are taken`,
    "Delete old snapshots, then run again.",
  );
}

async function isLeaving({ rds, workspace, resourceId }: Finalisation, signal: AbortSignal): Promise<boolean> {
  const instance = await rds.instance(workspace, signal);
  return instance?.resourceId !== resourceId || instance.status === "deleting";
}

async function untilAvailable(work: Finalisation, id: string, signal: AbortSignal): Promise<Snapshot> {
  const { rds, workspace } = work;
  const patience = performance.now() + work.lag;
  const snapshot = await waitFor({
    purpose: `snapshot "${workspace}"`,
    what: `snapshot "${id}"`,
    read: async (signal): Promise<Reading<Snapshot | undefined>> => {
      const found = await rds.snapshot(id, signal);
      if (found?.resourceId === work.resourceId) work.lease.seenSnapshot(found.arn);
      if (found) return { status: found.status, value: found, share: found.share };
      return { status: performance.now() < patience ? "not yet there" : GONE, value: undefined };
    },
    classify: classifySnapshot,
    pending: ["transient"],
    target: ["done"],
    readings: 1,
    pace: work.snapshotPace,
    events: (signal) => rds.events(workspace, signal),
  }, signal);
  if (snapshot?.resourceId === work.resourceId) return snapshot;
  throw new ScrubError(
    "snapshot",
    `Cannot use snapshot "${id}": it was taken of another instance than this run's workspace`,
    "Find out who made it, then run again.",
  );
}
