/** The strategy `replacing`. @module */

import { type Column, findColumn } from "../../../engine/schema.ts";
import type { Strategy } from "./strategy.ts";

/** A needle shorter than this would tear ordinary words apart: the text goes as a whole. */
const shortest = 5;
const filler = "The text that stood here was removed. ";

/**
 * Replaces what another column says, in its plain and its percent-encoded spelling; where the folded old value still occurs in
 * the folded result, the whole text goes, so that no spelling by letter case survives; also where the result may not fit.
 * A NULL or empty needle changes nothing.
 */
export const replacing: Strategy = {
  keepsParts: true,
  embeds: (parameter) => String(parameter),
  // The other column's rule says what goes; the rest of the text stays.
  removed: () => undefined,
  refuse({ table, column, changes }, parameter) {
    if (column.kind !== "text") return `text is no ${column.type}`;
    if (typeof parameter !== "string") return "it needs the name of a column";
    const needle = findColumn(table, parameter);
    if (!needle) return `the column "${parameter}" is not there`;
    if (needle.kind !== "text" && needle.kind !== "uuid") return `the column "${parameter}" holds no text`;
    if (!changes(parameter)) return `no rule changes the column "${parameter}"`;
    return undefined;
  },
  newValue(e, old, parameter) {
    const name = String(parameter);
    const needleColumn = findColumn(old.table, name);
    if (!needleColumn) throw new TypeError(`Cannot replace ${name}: no such column`);
    const text = e.asText(old.value, old.column);
    const needle = e.asText(old.of(name), needleColumn);
    const replacement = e.asText(old.newValueOf(name), needleColumn);
    const limit = limitOf(old.column);
    const scrubbed = e.substituted(text, {
      needle,
      replacement,
      filler,
      shortest,
      ...(limit !== undefined && { limit }),
    });
    return e.choose(e.sql`${needle} IS NULL OR ${text} IS NULL`, old.value, e.fromText(scrubbed, old.column));
  },
  evidence: () => "by construction",
};

/** Some limits count bytes, of which a character has four at most. */
function limitOf({ length }: Column): number | undefined {
  return length === undefined ? undefined : Math.floor(length / 4);
}
