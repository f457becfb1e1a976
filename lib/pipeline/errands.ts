/** What workers do for main besides running sources: questions to AWS and databases, and the tags of evidence. @module */

import type { Answer, Errand } from "../fleet/protocol.ts";
import { createRds } from "../rds/client.ts";
import { attest, readEvidence } from "../rds/evidence.ts";
import { overview } from "../rds/status_overview.ts";
import type { Journal } from "../report/log.ts";
import type { Scrubber } from "../scrub/definition.ts";
import { planLive, reviewLive } from "./live_database.ts";
import { sweep } from "./sweep.ts";

type LiveErrand = Extract<Errand, { type: "review" | "plan" }>;

/** Runs one errand. Throws a ScrubError, or what AWS's client makes of a failure. */
export async function runErrand(
  errand: Errand,
  scrubbers: readonly Scrubber[],
  journal: Journal,
  signal: AbortSignal,
): Promise<Answer> {
  switch (errand.type) {
    case "review":
      return { type: "reviewed", review: await reviewLive(errand.request, errand.showValues, scrubbers, signal) };
    case "plan":
      return { type: "planned", outline: await planLive(errand.request, scrubbers, signal) };
    default:
      return await askAws(errand, journal, signal);
  }
}

async function askAws(errand: Exclude<Errand, LiveErrand>, journal: Journal, signal: AbortSignal): Promise<Answer> {
  using rds = createRds({ journal, ...(errand.region !== undefined && { region: errand.region }) });
  switch (errand.type) {
    case "overview":
      return { type: "overview", region: await rds.region(signal), items: await overview(rds, signal) };
    case "evidence":
      return { type: "evidence", evidence: await readEvidence(rds, errand.snapshot, signal) };
    case "sweep":
      return { type: "swept", ...await sweep(rds, errand, journal, signal) };
    case "attest":
      await attest(rds, errand, signal);
      return { type: "attested" };
    default:
      return errand satisfies never;
  }
}
