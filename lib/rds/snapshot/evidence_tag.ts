/** Ties a finished snapshot to the report of its run. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Rds } from "../api/client.ts";
import { tag } from "../api/names.ts";
import { type ReadBack, readUntil } from "../api/wait.ts";

/**
 * Reads a snapshot's evidence.
 *
 * @throws {ScrubError} `snapshot` if there is no such snapshot.
 */
export async function readEvidence(rds: Rds, id: string, signal: AbortSignal): Promise<Evidence> {
  const snapshot = await rds.snapshot(id, signal);
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
    proof: tags.get(tag.proof),
    search: tags.get(tag.search),
  };
}

/**
 * Gives a finished snapshot of a run the digest of the run's report.
 *
 * @throws {ScrubError} `report` if it is not a finished snapshot of that run, or RDS does not show the tag.
 */
export async function attest(
  rds: Rds,
  { snapshot: id, runId, digest }: { readonly snapshot: string; readonly runId: string; readonly digest: string },
  readBack: ReadBack,
  signal: AbortSignal,
): Promise<void> {
  const read = (signal: AbortSignal) => rds.snapshot(id, signal);
  // Another run's tag does not change; RDS may show this run's later.
  const snapshot = await readUntil(
    read,
    (seen) => (seen?.tags.get(tag.run) ?? runId) !== runId || seen?.tags.has(tag.proof) === true,
    readBack,
    signal,
  );
  if (!snapshot || snapshot.tags.get(tag.run) !== runId || !snapshot.tags.has(tag.proof)) {
    throw new ScrubError(
      "report",
      `Cannot tie snapshot "${id}" to its report: it is not a finished snapshot of run ${runId}`,
      "Find out who replaced it, then run again.",
    );
  }
  await rds.tag(snapshot.arn, { [tag.report]: digest }, signal);
  // The answer to AddTagsToResource is empty: only the snapshot shows the tag.
  const tagged = await readUntil(read, (seen) => seen?.tags.get(tag.report) === digest, readBack, signal);
  if (tagged?.tags.get(tag.report) === digest) return;
  throw new ScrubError(
    "report",
    `Cannot tie snapshot "${id}" to its report: RDS does not show its tag "${tag.report}"`,
    `Add that tag by hand, with the value ${digest}.`,
  );
}
