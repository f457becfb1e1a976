/** The check of a run's databases against any one database, as plain data for people and CI. @module */

import type { EngineName } from "../engine/schema.ts";
import type { CoveredDatabase } from "./cover.ts";
import { driftLines } from "./drift.ts";
import type { Reviewed } from "./reviewed.ts";

/** One thing that nothing accounts for. */
export interface Finding {
  /** `editions.note varchar(255)` or `comment on table users`. */
  readonly what: string;
  readonly why: string;
  /** The rule for the scrubber that its name and type suggest; absent: it may stay, if somebody says why. */
  readonly rule?: string;
  /** The entry that lets it stay, once it is signed. */
  readonly entry: Reviewed;
  /** Some of the column's values, cut; only where they were asked for. */
  readonly samples?: readonly string[];
}

/** What a review comes to. */
export interface Review {
  readonly engine: EngineName;
  readonly database: string;
  /** The scrubber's name. */
  readonly scrubber: string;
  /** Columns by what accounts for them. */
  readonly accounted: Readonly<Record<"ruled" | "structural" | "computed" | "reviewed", number>>;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  /** Why the rules themselves don't fit: what they name is gone. */
  readonly unfit?: string;
}

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
