/** The strategy `replacing`. @module */

import { type Column, findColumn } from "../../../engine/schema.ts";
import { type Strategy, words } from "./strategy.ts";

/** A shorter needle would also match within ordinary words: the whole text is replaced. */
export const shortest = 5;
/** What a text becomes that cannot be cleaned. */
export const filler = "The text that stood here was removed. ";

/**
 * Replaces another column's old value, the needle, in its plain and its percent-encoded spelling. The whole text is replaced where
 * the folded needle still occurs in the folded result, so that no spelling by case survives, and where the result may not fit. A
 * NULL or empty needle changes nothing.
 */
export const replacing: Strategy = {
  description: {
    summary: "The text with another column's old value replaced by that column's new value, plain or percent-encoded.",
    example: {
      rule: { replacing: "email" },
      before: "Sent to ada@mail.example",
      after: "Sent to user-9d1cf82b532b70aa11854c76@example.com",
    },
  },
  parameter: words("The other column's name.", "it needs the name of a column"),
  keepsParts: true,
  embeddedColumn: (parameter) => String(parameter),
  // The needle is the other column's removed value; the rest of the text is kept.
  removed: () => undefined,
  refuse({ table, column, changes }, parameter) {
    if (column.kind !== "text") return `text is no ${column.type}`;
    const name = String(parameter);
    const needle = findColumn(table, name);
    if (!needle) return `the column "${name}" is not there`;
    if (needle.kind !== "text" && needle.kind !== "uuid") return `the column "${name}" holds no text`;
    if (!changes(name)) return `no rule changes the column "${name}"`;
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

/** How many characters fit for sure: some limits count bytes, of which a character has four at most. */
export function limitOf({ length }: Column): number | undefined {
  return length === undefined ? undefined : Math.floor(length / 4);
}
