/** Shares verified snapshots, and prunes old ones. @module */

import { type ErrorCode, ScrubError } from "../../core/errors.ts";
import type { EncryptionReport, ReceiversReport } from "../../core/report.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { type Named, sharing, tag, workspaceName } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { readBack, type ReadBackOptions } from "../api/wait.ts";
import {
  type ClassifiedSnapshot,
  classifySnapshot,
  isFinalOf,
  isShareWanted,
  snapshotStates,
} from "../states/snapshot.ts";

export { snapshotName } from "../api/names.ts";

/** A verified snapshot: it carries its proof. */
export interface FinalSnapshot {
  readonly id: string;
  readonly arn: string;
  readonly encryption: EncryptionReport;
  readonly receivers: ReceiversReport;
}

/**
 * Lets exactly these accounts restore a verified snapshot. Does nothing without accounts.
 *
 * @throws {ScrubError} `share` if the snapshot has no proof, or if other accounts than these may restore it afterwards.
 * @throws {RdsError} if AWS refuses.
 */
export async function shareSnapshot(
  rds: Rds,
  snapshot: Pick<FinalSnapshot, "id" | "arn">,
  accounts: readonly string[],
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<void> {
  if (accounts.length === 0) return;
  await share(rds, snapshot, { accounts, how: "exactly", options }, signal);
}

/**
 * Lets these accounts, at least, restore a verified snapshot of an earlier run.
 *
 * @throws {ScrubError} `share`, as {@linkcode shareSnapshot}.
 */
export async function shareUnshared(
  rds: Rds,
  snapshot: Pick<FinalSnapshot, "id">,
  accounts: readonly string[],
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<void> {
  await share(rds, snapshot, { accounts, how: "at least", options }, signal);
}

/**
 * Shares the verified snapshots that earlier runs did not come to share, and gives the name of each as soon as it is shared.
 *
 * @throws {ScrubError} `share`, as {@linkcode shareSnapshot}.
 */
export async function* shareEarlier(
  rds: Rds,
  { source, newest }: Pick<Pruning, "source" | "newest">,
  accounts: readonly string[],
  options: ReadBackOptions,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  if (accounts.length === 0) return;
  const unshared = (await readFinalStates(rds, source, signal))
    .filter(({ snapshot, state }) =>
      snapshotStates[state].nextRun === "share" && isShareWanted(snapshot) && snapshot.id !== newest
    );
  for (const { snapshot } of unshared) {
    await shareUnshared(rds, snapshot, accounts, options, signal);
    yield snapshot.id;
  }
}

interface Sharing {
  readonly accounts: readonly string[];
  readonly how: "exactly" | "at least";
  readonly options: ReadBackOptions;
}

async function share(
  rds: Rds,
  { id }: Pick<FinalSnapshot, "id">,
  { accounts, how, options }: Sharing,
  signal: AbortSignal,
): Promise<void> {
  const purpose = `Cannot share snapshot "${id}"`;
  const snapshot = await readVerified(rds, { id, purpose, code: "share" }, options, signal);
  try {
    await rds.share(id, accounts, signal);
  } catch (error) {
    throw explain(error, purpose, snapshot) ?? error;
  }
  const missingIn = (allowed: readonly string[]) => accounts.filter((account) => !allowed.includes(account));
  const allowed = await readBack(
    "accountsShown",
    (signal) => rds.sharedWith(id, signal),
    (seen) => missingIn(seen).length === 0,
    options,
    signal,
  );
  const missing = missingIn(allowed);
  const surplus = how === "exactly" ? allowed.filter((account) => !accounts.includes(account)) : [];
  if (missing.length > 0 || surplus.length > 0) {
    throw new ScrubError(
      "share",
      `${purpose}: afterwards ` + [
        ...(missing.length > 0 ? [`${quoted(missing)} may not restore it`] : []),
        ...(surplus.length > 0 ? [`${quoted(surplus)} may restore it without being asked for`] : []),
      ].join(", and "),
      surplus.length > 0
        ? "Find out who shared it, and remove these accounts in the RDS console."
        : "Share it in the RDS console, or run again.",
    );
  }
  await rds.tag(snapshot.arn, { [tag.share]: sharing.done }, signal);
}

/**
 * Reads a snapshot that is to be handed over.
 *
 * @throws {ScrubError} `code` if it is not available, or does not show its proof.
 */
export async function readVerified(
  rds: Rds,
  { id, purpose, code }: { readonly id: string; readonly purpose: string; readonly code: ErrorCode },
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<Snapshot> {
  const mayBeShared = (seen: Snapshot) => snapshotStates[classifySnapshot(seen, rds.now()).state].share;
  const snapshot = await readBack(
    "shareableShown",
    (signal) => rds.snapshot(id, signal),
    (seen) => seen !== undefined && (seen.status !== "available" || mayBeShared(seen)),
    options,
    signal,
  );
  if (snapshot && mayBeShared(snapshot)) return snapshot;
  throw new ScrubError(
    code,
    `${purpose}: it is not a verified snapshot of a run (${snapshot?.status ?? "not found"})`,
    "Delete it, and run again.",
  );
}

/** AWS's messages for these differ and are not documented, so this goes by the code and the snapshot. */
function explain(error: unknown, purpose: string, snapshot: Snapshot): ScrubError | undefined {
  if (isRdsError(error, "SharedSnapshotQuotaExceededFault")) {
    return new ScrubError(
      "share",
      `${purpose}: it would be shared with more accounts than AWS allows, 20`,
      "Give fewer accounts with --share-with.",
      { cause: error },
    );
  }
  const refused = isRdsError(
    error,
    "InvalidParameterValue",
    "InvalidParameterCombination",
    "InvalidDBSnapshotStateFault",
    "KMSKeyNotAccessibleFault",
  );
  if (!refused || !snapshot.encrypted) return undefined;
  return new ScrubError(
    "share",
    `${purpose}: AWS refuses (${error.awsCode}); it is encrypted with "${
      snapshot.kmsKeyId ?? "an unknown key"
    }", and a ` +
      "snapshot encrypted with the account's default key can never be shared",
    "Give --kms-key with a customer managed key that the other accounts may use.",
    { cause: error },
  );
}

/** What to prune. */
export interface Pruning {
  readonly source: Named;
  /** How many snapshots to keep; 0: all. */
  readonly keep: number;
  /** The one just made, which is kept and counts. */
  readonly newest: string;
}

/**
 * Deletes a source's superseded and failed snapshots, and gives each name once it is deleted.
 *
 * @throws {RdsError} if AWS refuses.
 */
export async function* pruneSnapshots(
  rds: Rds,
  { source, keep, newest }: Pruning,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const surplus = keep === 0 ? [] : choose(await readFinalStates(rds, source, signal), keep, newest);
  for (const { id } of surplus) {
    try {
      await rds.deleteSnapshot(id, signal);
    } catch (error) {
      if (!isRdsError(error, "DBSnapshotNotFoundFault")) throw error;
    }
    yield id;
  }
}

/** The newest snapshot that retention counts; undefined without one. Only reads. */
export async function newestOf(rds: Rds, source: Named, signal: AbortSignal): Promise<string | undefined> {
  const [newest] = (await readFinalStates(rds, source, signal)).filter(({ state }) =>
    snapshotStates[state].prune === "superseded"
  )
    .map(({ snapshot }) => snapshot).toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
  return newest?.id;
}

/** The names that pruning would delete after one more snapshot. Only reads. */
export async function describePrune(
  rds: Rds,
  source: Named,
  keep: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (keep === 0) return [];
  return choose(await readFinalStates(rds, source, signal), keep, undefined).map(({ id }) => id);
}

/** The snapshots under the name that runs of the source give, with their states. */
export async function readFinalStates(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly ClassifiedSnapshot[]> {
  const found = await rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal);
  return found.map((snapshot) => classifySnapshot(snapshot, rds.now())).filter((one) => isFinalOf(one, source));
}

/** The snapshots to delete, oldest first: those that newer ones supersede, and failed ones. */
function choose(all: readonly ClassifiedSnapshot[], keep: number, newest: string | undefined): readonly Snapshot[] {
  const others = all.filter(({ snapshot: { id } }) => id !== newest);
  const by = (rule: "superseded" | "always") =>
    others.filter(({ state }) => snapshotStates[state].prune === rule).map(({ snapshot }) => snapshot);
  const newestFirst = by("superseded").toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
  // The newest, made or about to be made, is one of those to keep.
  return [...newestFirst.slice(keep - 1), ...by("always")]
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1));
}

function timeOf(snapshot: Snapshot): number {
  return snapshot.takenAt?.getTime() ?? 0;
}

function quoted(accounts: readonly string[]): string {
  return accounts.map((account) => `"${account}"`).join(", ");
}
