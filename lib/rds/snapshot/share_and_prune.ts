/** Finished snapshots: whom they are shared with, and which old ones go. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { isSnapshotName, sharing, tag, TOOL, workspaceName } from "../api/names.ts";
import type { Named } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { classifySnapshot } from "../api/status_classes.ts";
import { readUntil } from "../api/wait.ts";
import type { Patience } from "../api/wait.ts";

export { snapshotName } from "../api/names.ts";

/** A snapshot of a verified workspace, carrying its proof. */
export interface FinalSnapshot {
  readonly id: string;
  readonly arn: string;
}

/**
 * Lets exactly these accounts restore a finished snapshot. Does nothing for no account. Throws a ScrubError if the snapshot
 * has no proof, if AWS refuses, or if anybody else could restore it afterwards.
 */
export async function shareSnapshot(
  rds: Rds,
  snapshot: FinalSnapshot,
  accounts: readonly string[],
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  if (accounts.length === 0) return;
  await share(rds, snapshot, { accounts, how: "exactly", patience }, signal);
}

/** Shares what earlier runs finished and did not come to share; gives the names. Throws a ScrubError. */
export async function shareEarlier(
  rds: Rds,
  { source, newest }: Pick<Pruning, "source" | "newest">,
  accounts: readonly string[],
  patience: Patience,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (accounts.length === 0) return [];
  const waiting = (await list(rds, source, signal)).filter((snapshot) =>
    isOurs(snapshot, source) && isFinished(snapshot) && snapshot.id !== newest &&
    snapshot.tags.get(tag.share) === sharing.wanted
  );
  for (const snapshot of waiting) await share(rds, snapshot, { accounts, how: "at least", patience }, signal);
  return waiting.map(({ id }) => id);
}

/** With whom a snapshot is shared, whether with nobody else, and how long RDS may take to show it. */
interface Sharing {
  readonly accounts: readonly string[];
  readonly how: "exactly" | "at least";
  readonly patience: Patience;
}

async function share(
  rds: Rds,
  { id }: FinalSnapshot,
  { accounts, how, patience }: Sharing,
  signal: AbortSignal,
): Promise<void> {
  const purpose = `Cannot share snapshot "${id}"`;
  const snapshot = await readUntil(
    (signal) => rds.snapshot(id, signal),
    (seen) => seen !== undefined && (seen.status !== "available" || seen.tags.has(tag.proof)),
    patience,
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
    patience,
    signal,
  );
  const missing = missingIn(allowed);
  const surplus = how === "exactly" ? allowed.filter((account) => !accounts.includes(account)) : [];
  if (missing.length > 0 || surplus.length > 0) {
    throw new ScrubError(
      "share",
      `${purpose}: afterwards ` + [
        ...(missing.length > 0 ? [`${quoted(missing)} may not restore it`] : []),
        ...(surplus.length > 0 ? [`${quoted(surplus)} may restore it unasked`] : []),
      ].join(", and "),
      surplus.length > 0
        ? "Find out who shared it, and take back what is not wanted in the RDS console."
        : "Share it in the RDS console, or run again.",
    );
  }
  await rds.tag(snapshot.arn, { [tag.share]: sharing.done }, signal);
}

/** AWS's words for these differ from case to case and are documented nowhere; the code and the snapshot tell enough. */
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
    "Give --kms-key with a key of your own that the other accounts may use.",
    { cause: error },
  );
}

/** What pruning goes by. */
export interface Pruning {
  readonly source: Named;
  /** How many finished snapshots stay; 0: all. */
  readonly keep: number;
  /** The one just made: stays, and counts. */
  readonly newest: string;
  /** Told each name as it goes: what is gone is gone, even if the next one fails. */
  readonly gone?: (id: string) => void;
}

/** Deletes a source's old scrubbed snapshots, newest kept; gives the names of those that went, oldest first. */
export async function pruneSnapshots(rds: Rds, pruning: Pruning, signal: AbortSignal): Promise<readonly string[]> {
  const { source, keep, newest, gone = () => {} } = pruning;
  const surplus = keep === 0 ? [] : choose(await list(rds, source, signal), source, keep, newest);
  const pruned: string[] = [];
  for (const { id } of surplus) {
    try {
      await rds.deleteSnapshot(id, signal);
    } catch (error) {
      if (!isRdsError(error, "DBSnapshotNotFoundFault")) throw error;
    }
    pruned.push(id);
    gone(id);
  }
  return pruned;
}

/** What pruning would delete after one more snapshot was made. Only reads. */
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
 * Chooses what goes, oldest first. Those of the first program have no tags: the workspace's name and the snapshot's make
 * them ours. One with a run's tag counts only with its proof; without, its run may still be at work. Failed ones go.
 */
export function choose(
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
  // The one just made, or about to be made, is one of those that stay.
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
