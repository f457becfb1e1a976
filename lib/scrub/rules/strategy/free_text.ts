/** The strategy `freeText`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import { type Column, findColumn } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { filler, limitOf, shortest } from "./replacing.ts";
import type { Row, Strategy } from "./strategy.ts";

const parameter = v.pipe(
  v.array(v.string()),
  v.minLength(1, "it needs a column at least"),
  v.description("The row's columns whose old values may stand in the text."),
);

/** Text with the old values of several other columns replaced, each by that column's new value. */
export const freeText: Strategy = {
  description: {
    summary:
      "The text with the old values of other columns replaced by their new ones, plain or percent-encoded. Where one stands in " +
      "other letter case, or has fewer than five characters, the whole text is replaced. What no column holds, such as a part of " +
      "a name, stays.",
    example: {
      rule: { freeText: ["email", "phone"] },
      before: "Ada (ada@mail.example) asked for a call to 020 7946 0018",
      after: "Ada (user-9d1cf82b532b70aa11854c76@example.com) asked for a call to 000 4718 1268",
    },
  },
  parameter,
  keepsParts: true,
  // The needles are the other columns' removed values; the rest of the text is kept.
  removed: () => undefined,
  refuse({ table, column, changes }, given) {
    if (column.kind !== "text") return `text is no ${column.type}`;
    for (const name of v.parse(parameter, given)) {
      const needle = findColumn(table, name);
      if (!needle) return `the column "${name}" is not there`;
      if (needle.kind !== "text" && needle.kind !== "uuid") return `the column "${name}" holds no text`;
      if (name === column.name) return "its own column is no other one";
      if (!changes(name)) return `no rule changes the column "${name}"`;
    }
    return undefined;
  },
  newValue(e, old, given) {
    const text = e.asText(old.value, old.column);
    const limit = limitOf(old.column);
    const scrubbed = needlesOf(old, given).reduce(
      (sofar, needle) =>
        e.substituted(sofar, {
          needle: needleIn(e, old, needle),
          replacement: e.asText(old.newValueOf(needle.name), needle),
          filler,
          shortest,
          ...(limit !== undefined && { limit }),
        }),
      text,
    );
    return e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), e.fromText(scrubbed, old.column));
  },
  evidence: () => "by construction",
};

function needlesOf({ table }: Row, given: Json): readonly Column[] {
  return v.parse(parameter, given).flatMap((name) => findColumn(table, name) ?? []);
}

/** Nothing where there is nothing to replace: a short needle would have the whole text replaced, wherever it stands. */
function needleIn(e: Expressions, row: Row, column: Column): Sql {
  const needle = e.asText(row.of(column.name), column);
  const text = e.fold(e.asText(row.value, row.column));
  const isAbsent = (spelling: Sql) => e.same(e.without(text, e.fold(spelling)), text);
  const isShort = e.sql`${e.length(needle)} < ${shortest}`;
  return e.choose(
    e.sql`${needle} IS NULL OR (${isShort} AND ${isAbsent(needle)} AND ${isAbsent(e.percentEncoded(needle))})`,
    e.text(""),
    needle,
  );
}
