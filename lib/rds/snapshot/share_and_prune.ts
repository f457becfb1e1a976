/** Shares finished snapshots, and prunes old ones. @module */

import { ScrubError } from "../../core/errors.ts";
import type { EncryptionReport } from "../../core/report.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { isSnapshotName, type Named, sharing, tag, TOOL, workspaceName } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { classifySnapshot } from "../api/status_classes.ts";
import { type ReadBack, readUntil } from "../api/wait.ts";

export { snapshotName } from "../api/names.ts";

/** A snapshot of a verified workspace, carrying its proof. */
export interface FinalSnapshot {
  readonly id: string;
  readonly arn: string;
  readonly encryption: EncryptionReport;
}

/**
 * Lets exactly these accounts restore a finished snapshot. Does nothing without accounts.
 *
 * @throws {ScrubError} `share` if the snapshot has no proof, or if other accounts than these may restore it afterwards.
 * @throws {RdsError} if AWS refuses.
 */
export async function shareSnapshot(
  rds: Rds,
  snapshot: Pick<FinalSnapshot, "id" | "arn">,
  accounts: readonly string[],
  readBack: ReadBack,
  signal: AbortSignal,
): Promise<void> {
  if (accounts.length === 0) return;
  await share(rds, snapshot, { accounts, how: "exactly", readBack }, signal);
}

/**
 * Shares the snapshots that earlier runs finished but did not share, and gives the name of each as soon as it is shared.
 *
 * @throws {ScrubError} `share`, as {@linkcode shareSnapshot}.
 */
export async function* shareEarlier(
  rds: Rds,
  { source, newest }: Pick<Pruning, "source" | "newest">,
  accounts: readonly string[],
  readBack: ReadBack,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  if (accounts.length === 0) return;
  const waiting = (await list(rds, source, signal)).filter((snapshot) =>
    isOurs(snapshot, source) && isFinished(snapshot) && snapshot.id !== newest &&
    snapshot.tags.get(tag.share) === sharing.wanted
  );
  for (const snapshot of waiting) {
    await share(rds, snapshot, { accounts, how: "at least", readBack }, signal);
    yield snapshot.id;
  }
}

interface Sharing {
  readonly accounts: readonly string[];
  readonly how: "exactly" | "at least";
  readonly readBack: ReadBack;
}

async function share(
  rds: Rds,
  { id }: Pick<FinalSnapshot, "id">,
  { accounts, how, readBack }: Sharing,
  signal: AbortSignal,
): Promise<void> {
  const purpose = `Cannot share snapshot "${id}"`;
  const snapshot = await readUntil(
    (signal) => rds.snapshot(id, signal),
    (seen) => seen !== undefined && (seen.status !== "available" || seen.tags.has(tag.proof)),
    readBack,
    signal,
  );
  if (snapshot?.status !== "available" || !snapshot.tags.get(tag.proof)) {
    throw new ScrubError(
      "share",
      `${purpose}: it is not a finished snapshot of a run (${snapshot?.status ?? "gone"})`,
      "Delete it, and run again.",
    );
  }
  try {
    await rds.share(id, accounts, signal);
  } catch (error) {
    throw explain(error, purpose, snapshot) ?? error;
  }
  const missingIn = (allowed: readonly string[]) => accounts.filter((account) => !allowed.includes(account));
  const allowed = await readUntil(
    (signal) => rds.sharedWith(id, signal),
    (seen) => missingIn(seen).length === 0,
    readBack,
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
  /** How many finished snapshots to keep; 0: all. */
  readonly keep: number;
  /** The one just made, which is kept and counts. */
  readonly newest: string;
}

/**
 * Deletes a source's oldest finished snapshots, and gives each name once it is deleted.
 *
 * @throws {RdsError} if AWS refuses.
 */
export async function* pruneSnapshots(
  rds: Rds,
  { source, keep, newest }: Pruning,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const surplus = keep === 0 ? [] : choose(await list(rds, source, signal), source, keep, newest);
  for (const { id } of surplus) {
    try {
      await rds.deleteSnapshot(id, signal);
    } catch (error) {
      if (!isRdsError(error, "DBSnapshotNotFoundFault")) throw error;
    }
    yield id;
  }
}

/** The names that pruning would delete after one more snapshot. Only reads. */
export async function describePrune(
  rds: Rds,
  source: Named,
  keep: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (keep === 0) return [];
  return choose(await list(rds, source, signal), source, keep, undefined).map(({ id }) => id);
}

function list(rds: Rds, source: Named, signal: AbortSignal): Promise<readonly Snapshot[]> {
  return rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal);
}

/**
 * The snapshots to delete, oldest first: surplus finished ones, and failed ones. Those of the first program have no tags, and are
 * known by their name and the workspace's. Others count only with a proof: without, their run may not have ended.
 */
function choose(
  snapshots: readonly Snapshot[],
  source: Named,
  keep: number,
  newest: string | undefined,
): readonly Snapshot[] {
  const ours = snapshots.filter((snapshot) => isOurs(snapshot, source) && snapshot.id !== newest);
  const finished = ours
    .filter(isFinished)
    .toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
  const failed = ours.filter(({ status }) => classifySnapshot(status) === "broken");
  // The newest, made or about to be made, is one of those to keep.
  return [...finished.slice(keep - 1), ...failed].toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1));
}

function isOurs(snapshot: Snapshot, source: Named): boolean {
  const { id, instance, type, tags } = snapshot;
  return type === "manual" && instance === workspaceName(source) && isSnapshotName(source, id) &&
    (tags.get(tag.source) ?? source.name) === source.name && (tags.get(tag.tool) ?? TOOL) === TOOL;
}

function isFinished({ status, tags }: Snapshot): boolean {
  return status === "available" && (tags.has(tag.proof) || !tags.has(tag.run));
}

function timeOf(snapshot: Snapshot): number {
  return snapshot.takenAt?.getTime() ?? 0;
}

function quoted(accounts: readonly string[]): string {
  return accounts.map((account) => `"${account}"`).join(", ");
}
