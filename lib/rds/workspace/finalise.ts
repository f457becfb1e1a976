/** Turns a verified workspace into a verified snapshot, one that carries the proof's tag. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Proof } from "../../scrub/verify/verify.ts";
import { sharing, snapshotName, tag, TOOL } from "../api/names.ts";
import { encryptionOf, type Snapshot } from "../api/records.ts";
import { mayRepeat, MINUTE, pause, type Reading, waitFor } from "../api/wait.ts";
import { untilDeleted } from "../ownership/dead_runs.ts";
import { type ProofState, proofState } from "../states/snapshot.ts";
import type { FinalSnapshot } from "../snapshot/share_and_prune.ts";
import type { RestoredWorkspace } from "./context.ts";
import { untilAvailable } from "./instance.ts";

/** How many names, a minute apart, are tried. */
const maxNames = 60;

/**
 * Deletes the instance with a final snapshot, waits for both, and gives the snapshot the proof's tag. Without the tag the lease
 * deletes the snapshot. `verify`: a check of the snapshot before it gets the tag.
 *
 * @throws {TypeError} if the proof is another workspace's.
 * @throws {ScrubError} `snapshot` if the snapshot is not the proven workspace's; `aws-status`, `aws-timeout`; `leftovers` if the
 * snapshot exists and may have its proof, but RDS does not show the tag; what `verify` throws.
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
  const id = await deleteWithSnapshot(workspace, signal);
  lease.instanceDeleting();
  const snapshot = await untilCreated(workspace, id, signal);
  await untilDeleted("workspaceDeleted", rds, { workspace: instance }, options, signal);
  lease.instanceGone();
  await verify?.(snapshot, signal);
  await markProven(workspace, proof, snapshot, signal);
  return { id, arn: snapshot.arn, encryption: encryptionOf(snapshot) };
}

/** Requests the deletion with a final snapshot under the first free name, and gives the name. */
async function deleteWithSnapshot(workspace: RestoredWorkspace, signal: AbortSignal): Promise<string> {
  const { rds, source, lease, id: instance, options } = workspace;
  const now = rds.now().getTime();
  const deadline = performance.now() + options.timeout;
  for (let minute = 0; minute < maxNames;) {
    const id = snapshotName(source, new Date(now + minute * MINUTE));
    if (await rds.snapshot(id, signal) !== undefined) {
      minute++;
      continue;
    }
    await untilAvailable("instanceDeletable", workspace, signal);
    lease.beforeSnapshot(id);
    try {
      await rds.deleteInstance(instance, id, signal);
      return id;
    } catch (error) {
      // If an answer was lost, RDS refuses the repeated call: the instance shows whether the first one had its effect.
      if (await isBeingDeleted(workspace, signal)) return id;
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

/** Waits until the final snapshot is available. */
async function untilCreated(workspace: RestoredWorkspace, id: string, signal: AbortSignal): Promise<Snapshot> {
  const { rds, id: instance, resourceId, lease, options } = workspace;
  const snapshot = await waitFor(
    "snapshotCreated",
    {
      id,
      read: async (signal) => {
        const found = await rds.snapshot(id, signal);
        if (found?.resourceId === resourceId) lease.snapshotSeen(found.arn);
        return found && { status: found.status, value: found, share: found.share };
      },
      events: (signal) => rds.events(instance, signal),
    },
    options,
    signal,
  );
  if (snapshot.resourceId === resourceId) return snapshot;
  throw new ScrubError("snapshot", `Cannot use snapshot "${id}": ${otherInstance}`, findOut);
}

/**
 * Gives the snapshot its proof, and waits until RDS shows it. Once AWS has accepted the tag, the snapshot is deleted only if it
 * turns out not to be the proven one: RDS may be slow to show tags.
 */
async function markProven(
  workspace: RestoredWorkspace,
  proof: Proof,
  { id, arn }: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  const { rds, lease, source, options } = workspace;
  const { runId, shareWith = [] } = options;
  const tags = {
    [tag.tool]: TOOL,
    [tag.run]: runId,
    [tag.source]: source.name,
    [tag.proof]: proof.digest,
    [tag.search]: proof.search,
    [tag.share]: shareWith.length > 0 ? sharing.wanted : sharing.done,
  };
  let accepted = false;
  let state: ProofState = "tag pending";
  const read = async (signal: AbortSignal): Promise<Reading<undefined> | undefined> => {
    const found = await rds.snapshot(id, signal);
    state = checkProof(workspace, proof, id, found);
    if (state === "verified") return { status: "available, with its proof", statusClass: "done", value: undefined };
    if (state !== "tag pending") return found && { status: found.status, value: undefined };
    return { status: "available, without its proof yet", statusClass: "transient", value: undefined };
  };
  try {
    await waitFor(
      "proofShown",
      {
        id,
        read: async (signal) => {
          const seen = await read(signal);
          if (state !== "tag pending") return seen;
          await rds.tag(arn, tags, signal);
          accepted = true;
          lease.snapshotProven();
          return await read(signal);
        },
      },
      options,
      signal,
    );
    lease.snapshotProven();
  } catch (error) {
    signal.throwIfAborted();
    // A snapshot that is gone or broken leaves nothing.
    if (!accepted || state !== "tag pending" || error instanceof Disproof || !(error instanceof ScrubError)) {
      throw error;
    }
    throw new ScrubError(
      "leftovers",
      `${error.message}. It was verified, and is kept, not shared`,
      `Check its tags. With the tag "${tag.proof}" the next run of this source shares it; without, the ` +
        "next run deletes it as soon as the heartbeat on it has expired.",
      { cause: error },
    );
  }
}

/** The snapshot is not the proven one. */
class Disproof extends ScrubError {}

const otherInstance = "it was taken of another instance than this run's workspace";
const findOut = "Find out who made it, then run again.";

/** How far the proof's tag is; throws if the snapshot is not the proven one. */
function checkProof(
  { lease, resourceId }: RestoredWorkspace,
  proof: Proof,
  id: string,
  found: Snapshot | undefined,
): ProofState {
  const state = proofState(found, { resourceId, digest: proof.digest });
  if (state !== "other instance" && state !== "other proof") return state;
  lease.snapshotDisproven(id);
  const why = state === "other proof" ? "it carries another proof than this run's" : otherInstance;
  throw new Disproof("snapshot", `Cannot use snapshot "${id}": ${why}`, findOut);
}
