/** The strategy `blank`: what `--on-drift blank` writes into columns that are NOT NULL. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Column, ColumnKind } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { refuseUnique, type Row, type Strategy } from "./strategy.ts";

/** An empty value of each kind, as text. JSON, arrays and binary have one of their own. */
const dummies: Readonly<Partial<Record<ColumnKind, string>>> = {
  text: "",
  integer: "0",
  decimal: "0",
  date: "2000-01-01",
  timestamp: "2000-01-01 00:00:00",
  uuid: "00000000-0000-0000-0000-000000000000",
};

const emptyable: readonly ColumnKind[] = ["json", "array", "binary"];

/** One dummy of the column's type for every row that has a value. */
export const blank: Strategy = {
  description: {
    summary: "One empty value of the column's type for every row that has a value.",
    example: { rule: "blank", before: "17", after: "0" },
  },
  refuse: (place) =>
    dummyOf(place.column) === undefined && place.column.kind !== "boolean" && !emptyable.includes(place.column.kind)
      ? `no value of type ${place.column.type} is known to be empty`
      : refuseUnique(place),
  newValue: (e, old) => e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), dummy(e, old)),
  evidence: (e, now) => e.sql`(${now.value} IS NULL OR ${e.equal(now.value, dummy(e, now), now.column)})`,
};

function dummy(e: Expressions, row: Row): Sql {
  const { column, value } = row;
  if (column.kind === "boolean") return e.sql`FALSE`;
  const text = dummyOf(column);
  if (text === undefined) return column.kind === "binary" ? e.fromText(e.text(""), column) : e.emptied(value, column);
  return e.fromText(e.text(text), column);
}

function dummyOf(column: Column): string | undefined {
  if (column.kind !== "enum") return dummies[column.kind];
  // MySQL spells the labels in the type: the first one will do.
  return /^enum\('((?:[^']|'')*)'/.exec(column.type)?.[1]?.replaceAll("''", "'");
}
