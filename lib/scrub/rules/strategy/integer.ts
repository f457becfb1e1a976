/** The strategy `integer`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { bounds, exact, numberType, refuseBounds, wide } from "./number_type.ts";
import type { Row, Strategy } from "./strategy.ts";

/** The engines' numbers of a hash are below 10 to that power. */
const block = 15;

const parameter = v.strictObject(bounds);

/** A whole number within bounds, or of as many digits as the old one. */
export const integer: Strategy = {
  description: {
    summary:
      "A whole number made from the keyed pseudonym of the old one: between minimum and maximum, both included, or, " +
      "without them, of the same sign and number of digits. Equal numbers stay equal.",
    example: { rule: { integer: { minimum: 1000, maximum: 9999 } }, before: "4711", after: "5817" },
  },
  parameter: v.pipe(v.optional(parameter), v.description("Both bounds, or none.")),
  ofValue: true,
  refuse({ column }, given) {
    if (column.kind !== "integer") return `a whole number is no ${column.type}`;
    const { minimum, maximum } = v.parse(parameter, given ?? {});
    if ((minimum === undefined) !== (maximum === undefined)) return "it needs both bounds, or none";
    if (minimum !== undefined && maximum !== undefined && maximum - minimum >= 10 ** block) {
      return `there are more than 10^${block} numbers between its bounds`;
    }
    return refuseBounds(column, { minimum, maximum });
  },
  // A number of one digit has ten.
  space: (_place, given) => spanOf(given) ?? 10,
  newValue: (e, old, given) =>
    e.choose(
      e.sql`${old.value} IS NULL`,
      e.nothing(old.column),
      spanOf(given) === undefined ? ofSameLength(e, old) : between(e, old, given),
    ),
  evidence(e, now, given) {
    const { minimum, maximum } = v.parse(parameter, given ?? {});
    if (minimum === undefined || maximum === undefined) return "by construction";
    return e.sql`(${now.value} IS NULL OR ${now.value} BETWEEN ${exact(minimum)} AND ${exact(maximum)})`;
  },
};

/** How many numbers are between the bounds; undefined without them. */
function spanOf(given: Json): number | undefined {
  const { minimum, maximum } = v.parse(parameter, given ?? {});
  return minimum === undefined || maximum === undefined ? undefined : maximum - minimum + 1;
}

function hashOf(e: Expressions, { value, column }: Row): Sql {
  return e.pseudonym(e.asText(value, column));
}

/** By way of text: MySQL's number of a hash has no sign, and a sum with a negative number would be out of its range. */
function between(e: Expressions, old: Row, given: Json): Sql {
  const { minimum = 0 } = v.parse(parameter, given ?? {});
  const offset = e.fromText(e.padded(e.number(hashOf(e, old), 1, spanOf(given) ?? 1), block), wide);
  return e.sql`(${offset} + ${exact(minimum)})`;
}

function ofSameLength(e: Expressions, old: Row): Sql {
  const { value, column } = old;
  const { minimum, maximum } = numberType(column) ?? {};
  const [least, most] = [BigInt(minimum ?? 0), BigInt(maximum ?? 0)];
  const lengths = Array.from({ length: String(most).length }, (_, at) => at + 1);
  const digits = lengths.map((length) => numberOf(e, hashOf(e, old), length, least, most));
  const last = digits.pop() ?? e.text("0");
  const chosen = digits.reduceRight((rest, one, at) => {
    const limit = exact(10n ** BigInt(at + 1) - 1n);
    const isShort = least < 0n
      ? e.sql`${value} BETWEEN ${exact(-(10n ** BigInt(at + 1)) + 1n)} AND ${limit}`
      : e.sql`${value} <= ${limit}`;
    return e.choose(isShort, one, rest);
  }, last);
  const sign = e.choose(e.sql`${value} < 0`, e.text("-"), e.text(""));
  return e.fromText(least < 0n ? e.concat(sign, chosen) : chosen, column);
}

/** So many digits, the first of which is no zero unless it is the only one, as text. */
function numberOf(e: Expressions, hash: Sql, length: number, least: bigint, most: bigint): Sql {
  const lowest = length === 1 ? 0n : 10n ** BigInt(length - 1);
  const highest = 10n ** BigInt(length) - 1n;
  const [from, to] = [lowest < least ? least : lowest, highest > most ? most : highest];
  if (length <= block) return e.padded(e.sql`(${exact(from)} + ${e.number(hash, 1, Number(to - from) + 1)})`, length);
  // The last digits are any. Where not all of them would fit the type, the first ones end one earlier.
  const size = 10n ** BigInt(block);
  const [first, last] = [from / size, to === highest ? to / size : to / size - 1n];
  const head = e.padded(e.sql`(${exact(first)} + ${e.number(hash, 1, Number(last - first) + 1)})`, length - block);
  return e.concat(head, e.padded(e.number(hash, 20, Number(size)), block));
}
