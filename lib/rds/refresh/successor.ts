/** Makes an instance of a verified snapshot with the settings of another one, whose place it is to take. @module */

import { ScrubError } from "../../core/errors.ts";
import { GIB, leastGrowth, stripedFrom } from "../../core/storage.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { type Named, newName, runTags, tag } from "../api/names.ts";
import { pendingChange } from "../api/pending_change.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import type { StagingInstance, VolumeSettings } from "../api/staging.ts";
import { mayRepeat, pause, readBack, type Reading, waitFor, type WaitOptions } from "../api/wait.ts";
import type { Heartbeat } from "../ownership/heartbeat.ts";
import { ownTags } from "../source/refresh_check.ts";
import { storageSettings } from "../source/restore_settings.ts";
import { LateTags } from "../states/late_tags.ts";
import { ownerOf } from "../states/owner.ts";

/** What to make. */
export interface SuccessorRequest {
  readonly source: Named;
  readonly snapshot: Snapshot;
  readonly target: string;
  /** The instance that has that name now. */
  readonly like: StagingInstance;
  readonly runId: string;
  /** Interval of the heartbeat, in milliseconds. */
  readonly heartbeat: number;
}

/**
 * Restores it, gives it what a restore cannot, and checks it. Whatever comes of it, `seen` gets it as soon as RDS shows it.
 *
 * @throws {ScrubError} `refresh` if it is not as the other one; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function makeSuccessor(
  rds: Rds,
  request: SuccessorRequest,
  heartbeat: Heartbeat,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<Instance> {
  const { target, like, runId } = request;
  const id = newName(target, runId);
  await callRestore(rds, id, request, options, signal);
  await untilStable(rds, "successorRestored", { id, runId }, options, signal, ({ arn }) => heartbeat.add(arn));
  if (Object.keys(like.afterRestore).length > 0) {
    await configure(rds, id, request, options, signal);
    await readBack(
      "successorChangeShown",
      (signal) => rds.instance(id, signal),
      (seen) => seen === undefined || seen.status !== "available" || pendingChange(seen) !== undefined,
      options,
      signal,
    );
  }
  const made = await untilStable(rds, "successorStable", { id, runId }, options, signal);
  await check(rds, id, request, signal);
  return made;
}

async function callRestore(
  rds: Rds,
  id: string,
  { source, snapshot, target, like, runId, heartbeat }: SuccessorRequest,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  const tags = {
    ...Object.fromEntries(ownTags(like.instance.tags)),
    ...runTags(source, runId, heartbeat, rds.now()),
    [tag.refreshes]: target,
    [tag.replaces]: like.instance.resourceId,
    [tag.restoredFrom]: snapshot.id,
  };
  try {
    await rds.staging.restore({ id, snapshot: snapshot.id, volume: volumeOf(snapshot, like), like, tags }, signal);
  } catch (error) {
    if (!isRdsError(error, "DBInstanceAlreadyExistsFault")) throw error;
    // Either the answer was lost and the call repeated, or the name is another's.
    const existing = await readBack(
      "existingSuccessorShown",
      (signal) => rds.instance(id, signal),
      (seen) => seen !== undefined,
      options,
      signal,
    );
    if (existing && ownerOf(existing.tags, runId) === "this run") return;
    throw error;
  }
}

/** The volume of the other one, where the snapshot's data fit and RDS takes it: it grows by a tenth at least. */
function volumeOf(snapshot: Snapshot, { volume }: StagingInstance): VolumeSettings {
  const least = snapshot.storageBytes === undefined ? 0 : snapshot.storageBytes / GIB;
  const { storageType, allocatedStorage = 0 } = volume;
  const grows = allocatedStorage >= leastGrowth(least);
  const size = grows ? allocatedStorage : least;
  const isProvisioned = /^io\d/.test(storageType ?? "") || storageType === "gp3" && size >= stripedFrom;
  return storageSettings(snapshot, {
    ...(storageType !== undefined && { storageType }),
    ...(isProvisioned && volume.iops !== undefined && { iops: volume.iops }),
    ...(isProvisioned && storageType === "gp3" && volume.storageThroughput !== undefined &&
      { storageThroughput: volume.storageThroughput }),
    ...(grows && { allocatedStorage }),
  });
}

async function configure(
  rds: Rds,
  id: string,
  { like, runId }: SuccessorRequest,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + options.timeout;
  while (true) {
    try {
      return await rds.staging.configure(id, like, signal);
    } catch (error) {
      // RDS may begin maintenance between the last reading and this call.
      if (!mayRepeat("configuration", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
      await untilStable(rds, "successorStable", { id, runId }, options, signal);
    }
  }
}

async function untilStable(
  rds: Rds,
  wait: "successorRestored" | "successorStable",
  { id, runId }: { readonly id: string; readonly runId: string },
  options: WaitOptions,
  signal: AbortSignal,
  seen: (instance: Instance) => void = () => {},
): Promise<Instance> {
  const lateTags = new LateTags("instance", runId, options);
  return await waitFor(
    wait,
    {
      id,
      read: async (signal): Promise<Reading<Instance> | undefined> => {
        const value = await rds.instance(id, signal);
        if (!value) return undefined;
        const untagged = lateTags.reading(value);
        if (untagged) return untagged;
        if (ownerOf(value.tags, runId) !== "this run") {
          throw new ScrubError(
            "refresh",
            `Cannot use instance "${id}": it does not carry the tag of run ${runId}`,
            "Find out who made it, then run again.",
          );
        }
        seen(value);
        return { status: pendingChange(value) ?? value.status, value, share: value.storageShare };
      },
      events: (signal) => rds.events(id, signal),
    },
    options,
    signal,
  );
}

/** What decides who can reach it, and how it behaves. */
const mustBeAlike = [
  "DBInstanceClass",
  "DBSubnetGroupName",
  "VpcSecurityGroupIds",
  "DBParameterGroupName",
  "OptionGroupName",
  "MultiAZ",
  "PubliclyAccessible",
  "EnableIAMDatabaseAuthentication",
  "BackupRetentionPeriod",
] as const;

async function check(
  rds: Rds,
  id: string,
  { like, snapshot, target }: SuccessorRequest,
  signal: AbortSignal,
): Promise<void> {
  const made = await rds.staging.read(id, signal);
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  const wrong = [
    ...mustBeAlike.filter((name) => text(made?.atRestore[name]) !== text(like.atRestore[name])),
    ...(made?.encrypted === snapshot.encrypted ? [] : ["StorageEncrypted"]),
    ...(made?.instance.managedPassword === like.instance.managedPassword ? [] : ["MasterUserSecret"]),
  ];
  if (wrong.length === 0) return;
  throw new ScrubError(
    "refresh",
    `Cannot put "${id}" in the place of "${target}": it has not the same ${wrong.join(", ")}`,
    "Look at both in the RDS console, and report this.",
  );
}
