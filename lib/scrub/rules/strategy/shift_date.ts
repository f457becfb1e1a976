/** The strategy `shiftDate`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import { findColumn } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { wide } from "./number_type.ts";
import { folded, type Place, refuseUnique, type Row, type Strategy } from "./strategy.ts";

const mostDays = 3650;

const parameter = v.pipe(
  v.strictObject({
    days: v.pipe(
      v.number(),
      v.integer("its days are no whole number"),
      v.minValue(1, "its days are fewer than 1"),
      v.maxValue(mostDays, `its days are more than ${mostDays}`),
      v.description("How many days earlier or later a date is at most."),
    ),
    by: v.optional(
      v.pipe(
        v.string(),
        v.description("The column that says whose date it is: equal values have one offset in every table."),
      ),
    ),
  }),
  v.description("The most days, and whose date it is."),
);

const subjects: readonly string[] = ["text", "uuid", "integer", "decimal", "boolean", "enum", "date", "timestamp"];

/** The date so many days earlier or later. */
export const shiftDate: Strategy = {
  description: {
    summary:
      "The date or timestamp some whole days earlier or later, never none. All dates of one subject (column `by`) move by the " +
      "same days, so their order and intervals stay; without `by`, all dates of a run do. Zero dates, infinity, years before 1000 " +
      "or after 9998, and the first and last day that MySQL's timestamps hold stay.",
    example: { rule: { shiftDate: { days: 90, by: "id" } }, before: "1984-05-17", after: "1984-05-24" },
  },
  parameter,
  refuse(place, given) {
    const { table, column } = place;
    if (column.kind !== "date" && column.kind !== "timestamp") return `a date is no ${column.type}`;
    const { by } = v.parse(parameter, given);
    if (by !== undefined) {
      const subject = findColumn(table, by);
      if (!subject) return `the column "${by}" is not there`;
      if (!subjects.includes(subject.kind)) return `the column "${by}" of type ${subject.type} names no subject`;
    }
    return refuseEqual(place, by);
  },
  newValue: (e, old, given) =>
    e.choose(
      e.sql`${old.value} IS NULL`,
      e.nothing(old.column),
      e.shifted(old.value, old.column, daysFor(e, old, given), v.parse(parameter, given).days),
    ),
  evidence: () => "by construction",
};

/** Dates that move together stay apart. */
function refuseEqual(place: Place, by: string | undefined): string | undefined {
  if (by === undefined) return undefined;
  const { table, column } = place;
  const keys = table.uniqueKeys.filter(({ columns }) => columns.includes(column.name));
  return keys.every(({ columns }) => columns.includes(by)) ? undefined : refuseUnique(place);
}

/** From -days to days, but not 0. Not from the subject's own pseudonym, which other columns may show. */
function daysFor(e: Expressions, old: Row, given: Json): Sql {
  const { days, by } = v.parse(parameter, given);
  const column = by === undefined ? undefined : findColumn(old.table, by);
  const subject = column
    ? e.sql`coalesce(${folded(e, e.asText(old.of(column.name), column))}, ${e.text("")})`
    : e.text("");
  const hash = e.pseudonym(e.concat(e.text("shiftDate "), subject));
  const size = e.padded(e.sql`(1 + ${e.number(hash, 1, days)})`, String(mostDays).length);
  const sign = e.choose(e.sql`${e.number(hash, 20, 2)} = 0`, e.text("-"), e.text(""));
  return e.fromText(e.concat(sign, size), wide);
}
