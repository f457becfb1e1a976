/** Ties a finished snapshot to the report of its run. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Rds } from "../api/client.ts";
import { tag } from "../api/names.ts";

/** Reads a snapshot's evidence. Throws a ScrubError where there is no such snapshot. */
export async function readEvidence(rds: Rds, id: string, signal: AbortSignal): Promise<Evidence> {
  const snapshot = await rds.snapshot(id, signal);
  if (!snapshot) {
    throw new ScrubError(
      "failed",
      `Cannot look at snapshot "${id}": there is none in this account and region`,
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
  };
}

/** Gives a finished snapshot of a run the digest of the run's report. Throws a ScrubError where it is not that run's. */
export async function attest(
  rds: Rds,
  { snapshot: id, runId, digest }: { readonly snapshot: string; readonly runId: string; readonly digest: string },
  signal: AbortSignal,
): Promise<void> {
  const snapshot = await rds.snapshot(id, signal);
  if (!snapshot || snapshot.tags.get(tag.run) !== runId || !snapshot.tags.has(tag.proof)) {
    throw new ScrubError(
      "failed",
      `Cannot tie snapshot "${id}" to its report: it is not a finished snapshot of run ${runId}`,
      "Find out who replaced it, then run again.",
    );
  }
  await rds.tag(snapshot.arn, { [tag.report]: digest }, signal);
  // The answer to tagging is empty, so that only a look tells that it was done.
  const tagged = await rds.snapshot(id, signal);
  if (tagged?.tags.get(tag.report) === digest) return;
  throw new ScrubError(
    "failed",
    `Cannot tie snapshot "${id}" to its report: it does not show the tag "${tag.report}" that it was given`,
    `Give it that tag by hand, with the value ${digest}.`,
  );
}
