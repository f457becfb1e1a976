/** Copies a verified snapshot to another region, and shares it there. @module */

import { ScrubError } from "../../core/errors.ts";
import type { CopyTarget } from "../../core/settings.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError, RdsError } from "../api/errors.ts";
import { copying, sharing, tag } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { snapshotStatusClass } from "../api/status_classes.ts";
import { readBack, waitFor, type WaitOptions } from "../api/wait.ts";
import { proofOf } from "../states/snapshot.ts";
import { readVerified, shareSnapshot, shareUnshared } from "./share_and_prune.ts";

/** What to copy, and whom to share the copy with. */
export interface CopyRequest {
  /** The name of the verified snapshot, which its copy has, too. */
  readonly id: string;
  /** DBInstanceIdentifier of the source, for hints. */
  readonly source: string;
  readonly target: CopyTarget;
  readonly accounts: readonly string[];
  /** `at least`: of an earlier run; without accounts, those that the snapshot is shared with at home. */
  readonly how: "exactly" | "at least";
}

/** A copy that is there, and shared. */
export interface RegionalCopy {
  readonly copy: Snapshot;
  readonly accounts: readonly string[];
}

/** One copy, under way. */
interface Copying {
  readonly there: Rds;
  /** The one that is copied, with its proof. */
  readonly original: Snapshot;
  readonly request: CopyRequest;
  /** `Cannot copy …` */
  readonly purpose: string;
  /** Whether the call was made, so that there may be a copy that RDS does not show yet. */
  requested: boolean;
  /** The last reading. */
  seen: Snapshot | undefined;
}

/**
 * Copies a verified snapshot to the region of `there`, or goes on where an earlier run left off, and shares the copy. The call that
 * makes the copy gives it its proof, so that it is finished by `finish` and the source's next run, whatever becomes of this run. The
 * tag on the snapshot itself says `wanted` until all is done.
 *
 * @throws {ScrubError} `copy` if the snapshot has no proof, or what has its name there is no copy of it; `leftovers` if RDS is still
 * making the copy at the time limit, or when the run is stopped; `aws-status` if it cannot; `share`.
 * @throws {RdsError} if AWS refuses.
 */
export async function copyToRegion(
  rds: Rds,
  there: Rds,
  request: CopyRequest,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<RegionalCopy> {
  const { id, target: { region }, how } = request;
  const purpose = `Cannot copy snapshot "${id}" to ${region}`;
  const original = await readVerified(rds, { id, purpose, code: "copy" }, options, signal);
  const accounts = how === "exactly" || request.accounts.length > 0
    ? request.accounts
    : (await rds.sharedWith(id, signal)).filter((account) => account !== "all");
  const work: Copying = {
    ...{ there, original, request: { ...request, accounts }, purpose },
    ...{ requested: false, seen: undefined },
  };
  try {
    await begin(work, options, signal);
    await untilCreated(work, options, signal);
  } catch (error) {
    throw await outcomeOf(error, work, signal);
  }
  const copy = await readCopy(work, options, signal);
  if (how === "exactly") await shareSnapshot(there, copy, accounts, options, signal);
  else if (accounts.length > 0) await shareUnshared(there, copy, accounts, options, signal);
  await rds.tag(original.arn, { [tag.copyTo + region]: copying.done }, signal);
  return { copy, accounts };
}

/** Requests the copy, unless it is there or under way. One that RDS could not make is made again. */
async function begin(work: Copying, options: WaitOptions, signal: AbortSignal): Promise<void> {
  const { there, original, request: { id, target, accounts } } = work;
  const earlier = await there.snapshot(id, signal);
  if (earlier && !(isCopyOf(earlier, original) && snapshotStatusClass(earlier.status) === "broken")) return;
  if (earlier) await there.deleteSnapshot(id, signal);
  const { kmsKey } = target;
  const tags = tagsOf(original, accounts);
  work.requested = true;
  try {
    await there.copySnapshot(
      { from: original.arn, to: id, tags, ...(kmsKey !== undefined && { key: kmsKey }) },
      signal,
    );
  } catch (error) {
    work.requested = !(error instanceof RdsError) || error.transient;
    // The answer was lost, and the call repeated; or another run makes the same copy.
    if (isRdsError(error, "DBSnapshotAlreadyExistsFault")) return;
    if (!(error instanceof RdsError) || !error.transient) throw error;
    // The call may have had its effect: the copy shows it, at once or later.
    options.log.warn(error.message);
  }
}

/** The snapshot's own tags but for those that say what is still to be done with it. */
function tagsOf({ tags }: Snapshot, accounts: readonly string[]): Readonly<Record<string, string>> {
  const own = [...tags].filter(([key]) =>
    (key === tag.tool || key.startsWith("datascrubber:")) && key !== tag.share && key !== tag.refreshes &&
    !key.startsWith(tag.copyTo)
  );
  return { ...Object.fromEntries(own), [tag.share]: accounts.length > 0 ? sharing.wanted : sharing.done };
}

async function untilCreated(work: Copying, options: WaitOptions, signal: AbortSignal): Promise<void> {
  const { there, request: { id } } = work;
  const read = async (signal: AbortSignal) => {
    work.seen = await there.snapshot(id, signal);
    return work.seen && { status: work.seen.status, value: undefined, share: work.seen.share };
  };
  await waitFor("regionalCopyCreated", { id, read }, options, signal);
}

/** Reads the copy once it shows its proof, and what it is a copy of. */
async function readCopy(work: Copying, options: WaitOptions, signal: AbortSignal): Promise<Snapshot> {
  const { there, original, request: { id }, purpose } = work;
  const isProven = (copy: Snapshot | undefined) =>
    copy !== undefined && isCopyOf(copy, original) && proofOf(copy) !== undefined &&
    proofOf(copy) === proofOf(original);
  const copy = await readBack("regionalCopyShown", (signal) => there.snapshot(id, signal), isProven, options, signal);
  if (copy && isProven(copy)) return copy;
  throw new ScrubError(
    "copy",
    `${purpose}: the snapshot of its name there is not a copy of it, or RDS does not show its proof`,
    "Find out who made that one; if it is not needed, delete it, and run again.",
  );
}

function isCopyOf({ copyOf }: Snapshot, { arn }: Snapshot): boolean {
  return copyOf === arn;
}

/** What a failure comes to. A copy that RDS could not make is deleted; one that it is making, or may be, stays. */
async function outcomeOf(
  error: unknown,
  { there, original, request: { id, source, target: { region } }, purpose, requested, seen }: Copying,
  signal: AbortSignal,
): Promise<unknown> {
  const own = seen !== undefined && isCopyOf(seen, original);
  const status = own ? snapshotStatusClass(seen.status) : "absent";
  if (status === "broken" && !signal.aborted) {
    try {
      await there.deleteSnapshot(id, signal);
    } catch (failure) {
      return new AggregateError([error, failure]);
    }
    return error;
  }
  // A wait for what RDS does not show ends with "not found": then there is none.
  const notShown = error instanceof ScrubError && error.code === "aws-status";
  if (status !== "transient" && !(seen === undefined && requested && !notShown)) return error;
  return new ScrubError(
    "leftovers",
    `${
      error instanceof ScrubError ? error.message : purpose
    }. Snapshot "${id}" was verified, and its copy in ${region}, ` +
      "which carries the proof, is kept, not shared",
    `Finish it with "datascrubber finish ${source}", or run again: the next run of this source does so, too.`,
    { cause: error },
  );
}
