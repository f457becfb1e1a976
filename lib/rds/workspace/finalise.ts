/** Turns a verified workspace into a verified snapshot, one that carries the proof's tag. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Proof } from "../../scrub/verify/verify.ts";
import { snapshotName } from "../api/names.ts";
import { encryptionOf, type Snapshot } from "../api/records.ts";
import { mayRepeat, MINUTE, pause, waitFor } from "../api/wait.ts";
import { untilDeleted } from "../ownership/dead_runs.ts";
import { describeReceivers } from "../snapshot/receivers.ts";
import type { FinalSnapshot } from "../snapshot/share_and_prune.ts";
import type { RestoredWorkspace } from "./context.ts";
import { untilAvailable } from "./instance.ts";
import { ProofMark } from "./proof_mark.ts";
import { restart, takeSnapshot } from "./take_snapshot.ts";

/** How many names, a minute apart, are tried. */
const maxNames = 60;

/** How many snapshots of a running instance are tried, if RDS cannot make them. */
const maxAttempts = 3;

/**
 * Deletes the instance with a final snapshot, or restarts it, takes a snapshot of it, and deletes it then. Gives the snapshot the
 * proof's tag as soon as RDS shows it, and waits for both. Without the tag the lease deletes the snapshot; with it the snapshot is
 * kept, however long RDS takes. `verify`: a check of the snapshot before it gets the tag.
 *
 * @throws {TypeError} if the proof is another workspace's.
 * @throws {KeptSnapshot} if the run fails or is stopped after AWS has accepted the tag.
 * @throws {ScrubError} `snapshot` if the snapshot is not the proven workspace's; `aws-status`, `aws-timeout`; what `verify` throws.
 * @throws {RdsError} if AWS refuses.
 */
export async function finalise(
  workspace: RestoredWorkspace,
  proof: Proof,
  verify: ((snapshot: Snapshot, signal: AbortSignal) => Promise<void>) | undefined,
  signal: AbortSignal,
): Promise<FinalSnapshot> {
  const { rds, lease, id: instance, options, resourceId } = workspace;
  proof.check(resourceId);
  const create = options.finalSnapshot === "create";
  if (create) await restart(workspace, signal);
  const early = verify === undefined;
  const { snapshot, mark } = await makeSnapshot(workspace, proof, early, signal);
  const { id } = snapshot;
  try {
    if (create) await lease.deleteInstance(signal);
    await untilDeleted("workspaceDeleted", rds, { workspace: instance }, options, signal);
    lease.instanceGone();
    await verify?.(snapshot, signal);
    await mark.untilShown(signal);
    return { id, arn: snapshot.arn, encryption: encryptionOf(snapshot), receivers: describeReceivers(snapshot) };
  } catch (error) {
    throw mark.outcomeOf(error, signal);
  }
}

/** Requests the snapshot and waits for it; of a running instance once more if RDS could not make it. `early`: whether it may have its proof at once. */
async function makeSnapshot(
  workspace: RestoredWorkspace,
  proof: Proof,
  early: boolean,
  signal: AbortSignal,
): Promise<{ readonly snapshot: Snapshot; readonly mark: ProofMark }> {
  const { lease, options } = workspace;
  for (let attempt = 1;; attempt++) {
    const id = await requestSnapshot(workspace, signal);
    const mark = new ProofMark(workspace, proof, id);
    try {
      return { snapshot: await untilCreated(workspace, id, early ? mark : undefined, signal), mark };
    } catch (error) {
      const again = options.finalSnapshot === "create" && attempt < maxAttempts &&
        error instanceof ScrubError && error.code === "aws-status";
      if (!again) throw mark.outcomeOf(error, signal);
      options.log.warn(`${error.message}; taking another one`);
      await lease.deleteFailed(id, signal);
    }
  }
}

/** Requests a snapshot under the first free name, and gives the name. */
async function requestSnapshot(workspace: RestoredWorkspace, signal: AbortSignal): Promise<string> {
  const { rds, source, lease, id: instance, options } = workspace;
  const now = rds.now().getTime();
  const deadline = performance.now() + options.timeout;
  for (let minute = 0; minute < maxNames;) {
    const id = snapshotName(source, new Date(now + minute * MINUTE));
    if (await rds.snapshot(id, signal) !== undefined) {
      minute++;
      continue;
    }
    if (options.finalSnapshot === "create") {
      if (await takeSnapshot(workspace, id, signal)) return id;
      continue; // another snapshot has taken the name
    }
    // A refused call may have deleted a cluster's writer already.
    await untilAvailable("workspaceDeletable", workspace, signal, ({ ownStatus }) => ownStatus);
    lease.beforeSnapshot(id, "deletion");
    try {
      await rds.deleteInstance(instance, id, signal);
      lease.instanceDeleting();
      return id;
    } catch (error) {
      // If an answer was lost, RDS refuses the repeated call: the instance shows whether the first one had its effect.
      if (await isBeingDeleted(workspace, signal)) {
        lease.instanceDeleting();
        return id;
      }
      if (!mayRepeat("deletionWithSnapshot", error) || performance.now() > deadline) throw error;
      // RDS may begin maintenance between the last reading and this call.
      await pause(options.pollInterval, signal);
    }
  }
  throw new ScrubError(
    "snapshot",
    `Cannot name the snapshot of "${source.name}": the names of the next ${maxNames} minutes are taken`,
    "Delete old snapshots, then run again.",
  );
}

async function isBeingDeleted({ rds, id, resourceId }: RestoredWorkspace, signal: AbortSignal): Promise<boolean> {
  const instance = await rds.instance(id, signal);
  return instance?.resourceId !== resourceId || instance.status === "deleting";
}

/** Waits until the final snapshot is available. `mark`: the proof's tag, where nothing has to be verified before. */
async function untilCreated(
  workspace: RestoredWorkspace,
  id: string,
  mark: ProofMark | undefined,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { rds, id: instance, resourceId, lease, options } = workspace;
  const snapshot = await waitFor(
    "snapshotCreated",
    {
      id,
      read: async (signal) => {
        const found = await rds.snapshot(id, signal);
        if (found?.resourceId === resourceId) lease.snapshotSeen(found.arn);
        await mark?.addEarly(found, signal);
        return found && { status: found.status, value: found, share: found.share };
      },
      events: (signal) => rds.events(instance, signal),
    },
    options,
    signal,
  );
  if (snapshot.resourceId === resourceId) return snapshot;
  throw new ScrubError(
    "snapshot",
    `Cannot use snapshot "${id}": it was taken of another instance than this run's workspace`,
    "Find out who made it, then run again.",
  );
}
