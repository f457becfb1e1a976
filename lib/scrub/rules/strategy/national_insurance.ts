/** The strategy `nationalInsurance`. @module */

import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** HMRC never uses these as letters of a prefix (National Insurance Manual, NIM39110). */
const neverIssued = ["D", "F", "I", "Q", "U", "V"];
const prefixes = neverIssued.flatMap((first) => neverIssued.map((second) => `${first}${second}`));
const suffixes = ["A", "B", "C", "D"];
const pairs = prefixes.flatMap((prefix) => suffixes.map((suffix) => `${prefix}${suffix}`));
const digits = 6;
const length = 9;
/** Of `QQ 12 34 56 C`. */
const spacedLength = 13;

/** A National Insurance number that is never issued. */
export const nationalInsurance: Strategy = {
  description: {
    summary:
      "A UK National Insurance number with a prefix that HMRC never issues (two of D, F, I, Q, U, V), spaced as the old one: equal numbers stay equal however they are spaced.",
    example: { rule: "nationalInsurance", before: "AB 12 34 56 C", after: "IF 20 87 09 B" },
  },
  short: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text"
      ? `a National Insurance number is no ${place.column.type}`
      : refuseLength(place, length),
  space: () => pairs.length * 10 ** digits,
  newValue(e, old) {
    const hash = e.pseudonym(lettersAndDigits(e, old));
    const letters = e.oneOf(pairs, e.number(hash, 1, pairs.length));
    const number = e.overlaid(letters, 3, 0, e.padded(e.number(hash, 16, 10 ** digits), digits));
    const spaced = [9, 7, 5, 3].reduce((sofar, at) => e.overlaid(sofar, at, 0, e.text(" ")), number);
    const wide = e.sql`${e.length(e.asText(old.value, old.column))} >= ${spacedLength}`;
    return unlessEmpty(e, old, e.fromText(e.choose(wide, spaced, number), old.column));
  },
  evidence: (e, now) =>
    orEmpty(
      e,
      now,
      e.matches(e.asText(now.value, now.column), "[DFIQUV]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[ABCD]"),
    ),
};
