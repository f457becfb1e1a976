import type { Reviewed } from "./reviewed.ts";
import type { EngineName } from "./engine_name.ts";

/** What a review of a database comes to. @module */

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
