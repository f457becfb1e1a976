/** The strategy `userName`. @module */

import type { Column } from "../../../engine/schema.ts";
import { normalised, orEmpty, type Strategy, unlessEmpty } from "./strategy.ts";

const start = "user";
const fewestDigits = 8;
/** 64 bits. */
const mostDigits = 16;

/** A user name of lower-case letters and digits. */
export const userName: Strategy = {
  description: {
    summary:
      "`user` and up to 16 hexadecimal digits of the old name's keyed pseudonym, as many as the column holds: equal names stay equal.",
    example: { rule: "userName", before: "ada.lovelace", after: "user68a17397c5623661" },
  },
  short: true,
  ofValue: true,
  refuse: ({ column }) => {
    if (column.kind !== "text") return `a user name is no ${column.type}`;
    const fewest = start.length + fewestDigits;
    return start.length + digitsFor(column) < fewest
      ? `it holds ${column.length} characters and a user name needs ${fewest}`
      : undefined;
  },
  space: ({ column }) => 16 ** digitsFor(column),
  newValue: (e, old) =>
    unlessEmpty(
      e,
      old,
      e.fromText(
        e.concat(e.text(start), e.part(e.pseudonym(normalised(e, old)), 1, digitsFor(old.column))),
        old.column,
      ),
    ),
  evidence: (e, now) =>
    orEmpty(e, now, e.matches(e.asText(now.value, now.column), `${start}[0-9a-f]{${digitsFor(now.column)}}`)),
};

function digitsFor(column: Column): number {
  return Math.min(mostDigits, (column.length ?? Infinity) - start.length);
}
