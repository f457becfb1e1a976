/** The strategy `replacing`. @module */

import type { Expressions } from "../../engine/expressions.ts";
import { findColumn } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import type { Row, Strategy } from "./strategy.ts";

/** A needle shorter than this would tear ordinary words apart: the text goes as a whole. */
const shortestNeedle = 5;
const filler = "The text that stood here was removed. ";

/**
 * Replaces what another column says, in its plain and its percent-encoded spelling; where the folded old value still occurs in
 * the folded result, the whole text goes, so that no spelling by letter case survives; also where the result may not fit.
 * A NULL or empty needle changes nothing.
 */
export const replacing: Strategy = {
  keepsParts: true,
  // The other column's rule says what goes; the rest of the text stays.
  lost: () => undefined,
  refuse({ table, column, changes }, parameter) {
    if (column.kind !== "text") return `text is no ${column.type}`;
    if (typeof parameter !== "string") return "it needs the name of a column";
    const needle = findColumn(table, parameter);
    if (!needle) return `the column "${parameter}" is not there`;
    if (needle.kind !== "text" && needle.kind !== "uuid") return `the column "${parameter}" holds no text`;
    if (!changes(parameter)) return `no rule changes the column "${parameter}"`;
    return undefined;
  },
  next(e, old, parameter) {
    const name = String(parameter);
    const needleColumn = findColumn(old.table, name);
    if (!needleColumn) throw new TypeError(`Cannot replace ${name}: no such column`);
    const text = e.asText(old.value, old.column);
    const needle = e.asText(old.of(name), needleColumn);
    const replacement = e.asText(old.next(name), needleColumn);
    const plain = e.replace(text, needle, replacement);
    const result = e.replace(plain, e.percentEncoded(needle), e.percentEncoded(replacement));
    const gone = e.filled(filler, e.length(text));
    const left = e.sql`(${e.contains(e.fold(result), e.fold(needle))}
      OR ${e.contains(e.fold(result), e.fold(e.percentEncoded(needle)))}
      OR ${tooLong(e, old, text, result)})`;
    const scrubbed = e.choose(
      e.sql`${e.length(needle)} = 0`,
      text,
      e.choose(e.sql`${e.length(needle)} < ${shortestNeedle}`, gone, e.choose(left, gone, result)),
    );
    return e.choose(e.sql`${needle} IS NULL OR ${text} IS NULL`, old.value, e.fromText(scrubbed, old.column));
  },
  evidence: () => "by construction",
};

/**
 * That the result may not fit: some limits count bytes, of which a character has four at most. What is no longer than the old
 * text fits where that did.
 */
function tooLong(e: Expressions, { column }: Row, text: Sql, result: Sql): Sql {
  if (column.length === undefined) return e.sql`FALSE`;
  return e.sql`(${e.length(result)} > ${Math.floor(column.length / 4)} AND ${e.length(result)} > ${e.length(text)})`;
}
