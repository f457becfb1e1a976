/** The strategy `decimal`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { bounds, exact, numberType, refuseBounds, scaleOf, unit, wide } from "./number_type.ts";
import type { Row, Strategy } from "./strategy.ts";

/** The engines' numbers of a hash are below 10 to that power. */
const block = 15;

const parameter = v.strictObject(bounds);

/** A number within bounds, or of as many digits as the old one. */
export const decimal: Strategy = {
  description: {
    summary:
      "A number with a fraction made from the keyed pseudonym of the old one: between minimum and maximum, both " +
      "included, or, without them, of the same sign and number of digits before and behind the point. Equal numbers stay equal.",
    example: { rule: { decimal: { minimum: 10, maximum: 99.99 } }, before: "47.11", after: "64.11" },
  },
  parameter: v.pipe(v.optional(parameter), v.description("Both bounds, or none.")),
  ofValue: true,
  refuse({ column }, given) {
    if (column.kind !== "decimal") return `a number with a fraction is no ${column.type}`;
    const { minimum, maximum } = v.parse(parameter, given ?? {});
    if ((minimum === undefined) !== (maximum === undefined)) return "it needs both bounds, or none";
    if (minimum === undefined && numberType(column)?.approximate) {
      return `the digits of ${column.type} are not exact: it needs a minimum and a maximum`;
    }
    const refused = refuseBounds(column, { minimum, maximum });
    if (refused !== undefined) return refused;
    const steps = stepsOf(column, given);
    return steps !== undefined && steps > 10 ** block
      ? `there are more than 10^${block} numbers between its bounds`
      : undefined;
  },
  space: ({ column }, given) => stepsOf(column, given) ?? 10,
  newValue: (e, old, given) =>
    e.choose(
      e.sql`${old.value} IS NULL`,
      e.nothing(old.column),
      stepsOf(old.column, given) === undefined ? ofSameLength(e, old) : between(e, old, given),
    ),
  evidence(e, now, given) {
    const { minimum, maximum } = v.parse(parameter, given ?? {});
    if (minimum === undefined || maximum === undefined) return "by construction";
    // A binary fraction is beside the decimal one by some millionths of it at most.
    const slack = numberType(now.column)?.approximate ? 1e-6 * Math.max(Math.abs(minimum), Math.abs(maximum)) : 0;
    return e.sql`(${now.value} IS NULL OR ${now.value} BETWEEN ${exact(minimum - slack)} AND ${
      exact(maximum + slack)
    })`;
  },
};

/** Digits behind the point of new values: the column's, or those of the bounds and two at least. */
function digitsOf(column: Column, given: Json): number {
  const { minimum = 0, maximum = 0 } = v.parse(parameter, given ?? {});
  return numberType(column)?.scale ?? Math.max(2, scaleOf(minimum), scaleOf(maximum));
}

/** How many numbers are between the bounds; undefined without them. */
function stepsOf(column: Column, given: Json): number | undefined {
  const { minimum, maximum } = v.parse(parameter, given ?? {});
  if (minimum === undefined || maximum === undefined) return undefined;
  return Math.round((maximum - minimum) * 10 ** digitsOf(column, given)) + 1;
}

function between(e: Expressions, old: Row, given: Json): Sql {
  const { minimum = 0 } = v.parse(parameter, given ?? {});
  const hash = e.pseudonym(e.asText(old.value, old.column));
  const steps = e.fromText(e.padded(e.number(hash, 1, stepsOf(old.column, given) ?? 1), block + 1), wide);
  return e.sql`(${steps} * ${exact(unit(digitsOf(old.column, given)))} + ${exact(minimum)})`;
}

/** NaN and infinity stay. */
function ofSameLength(e: Expressions, { value, column }: Row): Sql {
  const text = e.asText(value, column);
  const whole = e.length(e.replaced(text, "-|[.].*", ""));
  const fraction = e.length(e.replaced(text, "^[^.]*[.]?", ""));
  const hash = e.pseudonym(text);
  const first = e.padded(e.sql`(1 + ${e.number(hash, 50, 9)})`, 1);
  const before = e.choose(
    e.sql`${whole} = 1`,
    // A column such as numeric(5,5) holds nothing before the point.
    String(numberType(column)?.maximum).startsWith("0.") ? e.text("0") : e.padded(e.number(hash, 1, 10), 1),
    e.concat(first, e.part(manyDigits(e, hash), 1, e.sql`(${whole} - 1)`)),
  );
  const behind = e.part(manyDigits(e, e.pseudonym(e.concat(e.text("fraction "), text))), 1, fraction);
  const sign = e.choose(e.sql`${value} < 0`, e.text("-"), e.text(""));
  const point = e.choose(e.sql`${fraction} = 0`, e.text(""), e.text("."));
  return e.choose(
    e.matches(text, "-?[0-9]+([.][0-9]+)?"),
    e.fromText(e.concat(sign, before, point, behind), column),
    value,
  );
}

/** As many digits as a hash decides: more than any column of MySQL's has before or behind the point. */
function manyDigits(e: Expressions, hash: Sql): Sql {
  return e.concat(...[1, 16, 31, 46].map((from) => e.padded(e.number(hash, from, 10 ** block), block)));
}
