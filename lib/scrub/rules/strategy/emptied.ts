/** The strategy `emptied`. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { refuseUnique, type Row, type Strategy } from "./strategy.ts";

const kinds: readonly string[] = ["json", "array", "text", "binary"];

/** An empty value of the same type. */
export const emptied: Strategy = {
  description: {
    summary: "An empty value of the same type: empty text, {}, [] or an empty array; NULL stays NULL.",
    example: { rule: "emptied", before: '{"name":"Ada"}', after: "{}" },
  },
  refuse: (place) => kinds.includes(place.column.kind) ? refuseUnique(place) : `there is no empty ${place.column.type}`,
  newValue: (e, old) => e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), empty(e, old)),
  evidence: (e, now) => e.sql`(${now.value} IS NULL OR ${e.equal(now.value, empty(e, now), now.column)})`,
};

function empty(e: Expressions, row: Row): Sql {
  const { kind } = row.column;
  return kind === "json" || kind === "array" ? e.emptied(row.value, row.column) : e.fromText(e.text(""), row.column);
}
