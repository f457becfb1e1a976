/** The strategy `noise`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { bounds, exact, numberType, refuseBounds, scaleOf, unit, wide } from "./number_type.ts";
import { refuseUnique, type Row, type Strategy } from "./strategy.ts";

const parameter = v.strictObject({
  share: v.optional(v.pipe(
    v.number(),
    v.minValue(0.000001, "a share is more than 0"),
    v.maxValue(1, "a share is at most 1"),
    v.description("At most this share of the old value is added or taken away: 0.1 is 10 %."),
  )),
  amount: v.optional(v.pipe(
    v.number(),
    v.minValue(0.000001, "an amount is more than 0"),
    v.description("At most this much is added or taken away."),
  )),
  ...bounds,
});

/** Noise is a whole number of millionths of the most. */
const parts = 1_000_000;

/** The old number and a little more or less. */
export const noise: Strategy = {
  description: {
    summary:
      "The old number with at most an amount, or a share of it, added or taken away, decided by the number and the key, " +
      "and never beyond the bounds. Not anonymous: whoever knows a value nearly finds it again.",
    example: { rule: { noise: { share: 0.1, minimum: 0 } }, before: "2400", after: "2580" },
  },
  parameter: v.pipe(parameter, v.description("A share or an amount, and bounds if need be.")),
  refuse(place, given) {
    const { column } = place;
    if (column.kind !== "integer" && column.kind !== "decimal") return `a number is no ${column.type}`;
    const { share, amount, minimum, maximum } = v.parse(parameter, given);
    if ((share === undefined) === (amount === undefined)) return "it needs a share or an amount";
    const scale = numberType(column)?.scale;
    if (amount !== undefined && scale !== undefined && amount < Number(unit(scale))) {
      return `an amount of ${amount} changes no ${column.type}`;
    }
    return refuseUnique(place) ?? refuseBounds(column, { minimum, maximum });
  },
  newValue: (e, old, given) =>
    e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), within(e, old, given, withNoise(e, old, given))),
  evidence(e, now, given) {
    const { minimum, maximum } = v.parse(parameter, given);
    const conditions = [
      ...(minimum === undefined ? [] : [e.sql`${now.value} >= ${exact(minimum)}`]),
      ...(maximum === undefined ? [] : [e.sql`${now.value} <= ${exact(maximum)}`]),
    ];
    if (conditions.length === 0) return "by construction";
    return e.sql`(${now.value} IS NULL OR ${conditions.reduce((all, one) => e.sql`${all} AND ${one}`)})`;
  },
};

function withNoise(e: Expressions, { value, column }: Row, given: Json): Sql {
  const { share, amount } = v.parse(parameter, given);
  // Not the pseudonym of the number itself, which other columns may show.
  const hash = e.pseudonym(e.concat(e.text("noise "), e.asText(value, column)));
  const signed = e.sql`(${e.fromText(e.padded(e.number(hash, 1, 2 * parts + 1), 15), wide)} - ${parts})`;
  const most = amount === undefined ? e.sql`${value} * ${exact(share ?? 0)}` : exact(amount);
  const sum = e.sql`(${value} + ${most} * ${signed} * ${exact(unit(6))})`;
  const { scale, approximate } = numberType(column) ?? {};
  if (scale !== undefined) return e.rounded(sum, scale);
  if (amount === undefined) return sum;
  // Digits behind those of the noise would be the old number's own, and tell it.
  const digits = scaleOf(amount) + 6;
  if (!approximate) return e.rounded(sum, digits);
  const whole = exact(10n ** BigInt(digits)); // infinity, which PostgreSQL 13 cannot round otherwise, stays
  return e.sql`(FLOOR(${sum} * ${whole} + 0.5) / ${whole})`;
}

function within(e: Expressions, { column }: Row, given: Json, value: Sql): Sql {
  const type = numberType(column) ?? {};
  const { minimum = type.minimum, maximum = type.maximum } = v.parse(parameter, given);
  const raised = minimum === undefined ? value : e.sql`GREATEST(${value}, ${exact(minimum)})`;
  return maximum === undefined ? raised : e.sql`LEAST(${raised}, ${exact(maximum)})`;
}
