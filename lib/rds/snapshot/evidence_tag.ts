/** Ties a verified snapshot to the report of its run. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Rds } from "../api/client.ts";
import { ofEveryKind } from "../api/every_kind.ts";
import { tag } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { readBack, type ReadBackOptions } from "../api/wait.ts";
import { ownerOf } from "../states/owner.ts";
import { classifySnapshot, proofOf, snapshotStates } from "../states/snapshot.ts";

/**
 * Reads a snapshot's evidence.
 *
 * @throws {ScrubError} `snapshot` if there is no such snapshot.
 */
export async function readEvidence(rds: Rds, id: string, signal: AbortSignal): Promise<Evidence> {
  const [snapshot] = await ofEveryKind(rds, async (rds) => {
    const found = await rds.snapshot(id, signal);
    return found ? [found] : [];
  });
  if (!snapshot) {
    throw new ScrubError(
      "snapshot",
      `Cannot find snapshot "${id}" in this account and region`,
      "Correct the name, or choose the region with --region.",
    );
  }
  const { tags, status } = snapshot;
  return {
    snapshot: snapshot.id,
    status,
    runId: tags.get(tag.run),
    report: tags.get(tag.report),
    signature: tags.get(tag.signature),
    proof: proofOf(snapshot),
    search: tags.get(tag.search),
  };
}

/** What ties a snapshot to a report. */
export interface ReportTags {
  readonly snapshot: string;
  readonly runId: string;
  /** SHA-256 of the report, in hexadecimal. */
  readonly digest: string;
  /** Of the statement about the report, in base64. */
  readonly signature?: string;
}

/**
 * Gives a verified snapshot of a run the digest of the run's report, and its signature if there is one.
 *
 * @throws {ScrubError} `report` if it is not a verified snapshot of that run, or RDS does not show the tag.
 */
export async function tagWithReport(
  rds: Rds,
  report: ReportTags,
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<void> {
  const { snapshot: id, runId } = report;
  // A DB snapshot and a cluster snapshot may have the same name; those of one run have the same report.
  const known = await ofEveryKind(rds, async (rds) => {
    const snapshot = await rds.snapshot(id, signal);
    return snapshot && ownerOf(snapshot.tags, runId) !== "other" ? [rds] : [];
  });
  for (const one of known.length > 0 ? known : [rds]) await tagOfKind(one, report, options, signal);
}

async function tagOfKind(
  rds: Rds,
  { snapshot: id, runId, digest, signature }: ReportTags,
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<void> {
  const read = (signal: AbortSignal) => rds.snapshot(id, signal);
  const isVerified = (seen: Snapshot) => snapshotStates[classifySnapshot(seen, rds.now()).state].tie;
  const isOther = (seen: Snapshot) => ownerOf(seen.tags, runId) === "other";
  // Another run's tag does not change; RDS may show this run's later.
  const isDecided = (seen: Snapshot | undefined) => seen !== undefined && (isOther(seen) || isVerified(seen));
  const snapshot = await readBack("reportableShown", read, isDecided, options, signal);
  if (!snapshot || isOther(snapshot) || !isVerified(snapshot)) {
    throw new ScrubError(
      "report",
      `Cannot tie snapshot "${id}" to its report: it is not a verified snapshot of run ${runId}`,
      "Find out who replaced it, then run again.",
    );
  }
  const tags = { [tag.report]: digest, ...(signature !== undefined && { [tag.signature]: signature }) };
  await rds.tag(snapshot.arn, tags, signal);
  // The answer to AddTagsToResource is empty: only the snapshot shows the tags.
  const missingIn = (seen: Snapshot | undefined) =>
    Object.entries(tags).filter(([key, value]) => seen?.tags.get(key) !== value);
  const missing = missingIn(
    await readBack("reportTagsShown", read, (seen) => missingIn(seen).length === 0, options, signal),
  );
  if (missing.length === 0) return;
  throw new ScrubError(
    "report",
    `Cannot tie snapshot "${id}" to its report: RDS does not show its tag ${
      missing.map(([key]) => `"${key}"`).join(" and ")
    }`,
    `Add by hand: ${missing.map(([key, value]) => `tag "${key}" with the value ${value}`).join(", ")}.`,
  );
}
