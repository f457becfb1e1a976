/** What of ours comes nearest to a rule of another tool. @module */

import type { Json } from "../../engine/expressions.ts";
import type { ColumnRule } from "../rules/definition.ts";
import { parameterProblem } from "../rules/strategy/strategy.ts";
import { strategies } from "../rules/strategy/mod.ts";
import type { Options } from "./options.ts";

/** A rule with what it does otherwise than the old one, or why there is none. Sentences without a full stop or any value. */
export type Equivalent =
  | { readonly rule: ColumnRule; readonly differs: readonly string[] }
  | { readonly rule?: undefined; readonly lost: string };

/** Equivalents by the names of the other tool. */
export type EquivalentTable = ReadonlyMap<string, (options: Options) => Equivalent>;

/** What several tools do otherwise. */
export const differences = {
  random: "random: equal values became different, so joins by them broke; now equal values stay equal",
  nulls: "filled in NULL; now NULL stays NULL",
  domain: "kept the mail's domain, which tells the employer or the provider; now it is example.com",
  noise: "noise: whoever knows a value nearly finds it again, then and now",
  together: "each date moved by itself; now all dates of a run move alike",
  dates: "random dates; now all rows have one date, because shiftDate would leave dates near the old ones",
  someRows: "changed only some rows; now every row is changed: add a selection with only or except to leave rows alone",
} as const;

/** A rule of ours; lost where the strategy does not take the parameter. */
export function equal(strategy: string, parameter?: Json, ...differs: readonly string[]): Equivalent {
  const known = strategies.get(strategy);
  const problem = known ? parameterProblem(known, parameter) : "there is no such strategy";
  if (problem !== undefined) return lost(`its options do not fit ${strategy}: ${problem}`);
  return { rule: { strategy, ...(parameter !== undefined && { with: parameter }) }, differs };
}

/** No rule of ours does the same. */
export function lost(why: string): Equivalent {
  return { lost: why };
}

/** The same with more differences. */
export function differing(equivalent: Equivalent, differs: readonly string[]): Equivalent {
  if (!equivalent.rule || differs.length === 0) return equivalent;
  return { rule: equivalent.rule, differs: [...equivalent.differs, ...differs] };
}

/** One of some values; one value is a constant. NULL among them is left out. */
export function oneOf(values: readonly (string | number | boolean)[], ...differs: readonly string[]): Equivalent {
  const [first, second] = values;
  if (first === undefined) return lost("its list of values is empty, or comes from elsewhere");
  return second === undefined ? equal("constant", first, ...differs) : equal("choice", [...values], ...differs);
}
