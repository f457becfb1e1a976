/** The strategy `constant`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { anyJson, refuseLength, refuseUnique, removedUnlessEqual, type Strategy } from "./strategy.ts";

/** One value for every row that has one. */
export const constant: Strategy = {
  description: {
    summary: "One value for every row that has one; NULL stays NULL.",
    example: { rule: { constant: "removed" }, before: "Ada Lovelace", after: "removed" },
  },
  parameter: v.pipe(anyJson, v.description("The value, of the column's type.")),
  refuse: (place, parameter) =>
    refuseUnique(place) ?? refuseType(place.column, parameter) ??
      (typeof parameter === "string" ? refuseLength(place, [...parameter].length) : undefined),
  newValue: (e, old, parameter) =>
    e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), literal(e, old.column, parameter)),
  removed: (e, old, parameter) => removedUnlessEqual(e, old, literal(e, old.column, parameter)),
  evidence: (e, now, parameter) =>
    e.sql`(${now.value} IS NULL OR ${e.equal(now.value, literal(e, now.column, parameter), now.column)})`,
};

/** Why a value is none of the column's type. */
export function refuseType(column: Column, parameter: Json): string | undefined {
  const fits = column.kind === "json" ||
    (typeof parameter === "string" && column.kind === "text") ||
    (typeof parameter === "boolean" && column.kind === "boolean") ||
    (typeof parameter === "number" && Number.isSafeInteger(parameter) && column.kind === "integer");
  return fits ? undefined : `a constant of type ${typeof parameter} is no ${column.type}`;
}

/** A value that {@linkcode refuseType} accepts, of the column's type. */
export function literal(e: Expressions, column: Column, parameter: Json): Sql {
  if (column.kind === "json") return e.json(parameter, column);
  if (typeof parameter === "string") return e.fromText(e.text(parameter), column);
  if (typeof parameter === "boolean") return parameter ? e.sql`TRUE` : e.sql`FALSE`;
  return e.sql`${Number(parameter)}`;
}
