/** The strategy `choice`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import { findColumn } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { literal, refuseType } from "./constant.ts";
import { refuseLength, refuseUnique, type Row, type Strategy } from "./strategy.ts";

/** Weights are whole parts of this. */
const parts = 10 ** 9;

const values = v.union([
  v.pipe(
    v.array(v.union([v.string(), v.number(), v.boolean()])),
    v.minLength(2, "it needs two values at least"),
    v.description("The values, each as likely as the others."),
  ),
  v.pipe(
    v.record(v.string(), v.pipe(v.number(), v.minValue(0.000001, "a weight is more than 0"))),
    v.description("Texts with their weights: { paid: 3, open: 1 }."),
  ),
]);

const parameter = v.pipe(values, v.description("A list of values, or texts with their weights."));

/** One of some values. */
export const choice: Strategy = {
  description: {
    summary:
      "One of some values, decided by the row's primary key (without one, by the old value) and the run's key; the old value " +
      "has no part in it. With weights, a value comes as often as its weight says. NULL stays NULL.",
    example: { rule: { choice: { basic: 3, gold: 1 } }, before: "platinum", after: "basic" },
  },
  parameter,
  refuse(place, given) {
    const values = choicesOf(given).map(({ value }) => value);
    if (values.length < 2) return "it needs two values at least";
    if (new Set(values.map((value) => JSON.stringify(value))).size < values.length) return "it has a value twice";
    if (place.column.kind === "json") return `a choice is no ${place.column.type}`;
    for (const value of values) {
      const refused = refuseType(place.column, value) ??
        (typeof value === "string" ? refuseLength(place, [...value].length) : undefined);
      if (refused !== undefined) return refused;
    }
    return refuseUnique(place);
  },
  newValue: (e, old, given) => e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), chosen(e, old, given)),
  removed(e, old, given) {
    const text = e.searchable(old.value, old.column);
    return text && e.sql`CASE WHEN NOT ${isChoice(e, old, given)} THEN ${text} END`;
  },
  evidence: (e, now, given) => e.sql`(${now.value} IS NULL OR ${isChoice(e, now, given)})`,
};

function choicesOf(given: Json): readonly { readonly value: Json; readonly weight: number }[] {
  const parsed = v.parse(parameter, given);
  return Array.isArray(parsed)
    ? parsed.map((value) => ({ value, weight: 1 }))
    : Object.entries(parsed).map(([value, weight]) => ({ value, weight }));
}

function isChoice(e: Expressions, { value, column }: Row, given: Json): Sql {
  const equal = choicesOf(given).map((one) => e.equal(value, literal(e, column, one.value), column));
  return e.sql`(${equal.reduce((any, one) => e.sql`${any} OR ${one}`)})`;
}

function chosen(e: Expressions, old: Row, given: Json): Sql {
  const choices = choicesOf(given);
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  const number = e.number(hashOf(e, old), 1, parts);
  let sum = 0;
  const limits = choices.map(({ weight }) => Math.round(parts * (sum += weight) / total));
  const last = literal(e, old.column, choices.at(-1)?.value ?? "");
  return choices.slice(0, -1).reduceRight(
    (rest, { value }, at) => e.choose(e.sql`${number} < ${limits[at] ?? 0}`, literal(e, old.column, value), rest),
    last,
  );
}

/** Of the row, not of its value: rows with equal values would stay recognisable as such. */
function hashOf(e: Expressions, old: Row): Sql {
  const { table, column } = old;
  const keys = table.primaryKey.flatMap((name) => {
    const key = findColumn(table, name);
    return key ? [e.text(" "), e.asText(old.of(name), key)] : [];
  });
  const row = keys.length > 0 ? keys : [e.asText(old.value, column)];
  return e.pseudonym(e.concat(e.text(`choice ${table.id} ${column.name}`), ...row));
}
