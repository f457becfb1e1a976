import type { CoveredDatabase } from "./cover_database.ts";
import { driftLines } from "./drift.ts";
import type { Finding, Review } from "../../core/review.ts";

/** The review of a covered database. `samples`: values of the n-th drifted column. */
export function review(
  { schema: { engine, database }, drift, report }: Pick<CoveredDatabase, "schema" | "drift" | "report">,
  samples: readonly (readonly string[])[] = [],
): Review {
  const { ruled, structural, computed, reviewed, milliseconds } = report;
  return {
    engine,
    database,
    scrubber: drift.scrubber,
    ...(drift.file && { rules: drift.file }),
    accounted: { ruled, structural, computed, reviewed },
    milliseconds,
    findings: driftLines(drift).map(({ what, why, suggestion, entry }, at): Finding => {
      const seen = samples[at];
      return {
        what,
        why,
        ...(suggestion.kind === "rule" && { rule: suggestion.line }),
        entry,
        ...(seen && { samples: seen }),
      };
    }),
    ...(drift.unfit && { unfit: drift.unfit.message }),
  };
}
