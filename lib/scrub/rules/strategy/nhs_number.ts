/** The strategy `nhsNumber`. @module */

import type { CheckDigits } from "../../../engine/expressions.ts";
import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** Numbers from 999 000 0000 on are for tests and never issued. */
const start = "999";
const digits = 6;
const length = 10;
const payload = start.length + digits;

/**
 * The weighted sum of the first eight digits modulo 11, and the ninth digit: one number modulo 110 (Chinese remainder theorem). It
 * chooses the ninth digit and the check digit; where that would be 10, which none is, the ninth goes on to the next digit.
 */
const check: CheckDigits = {
  summands: Array.from(
    { length: payload },
    (_, place) =>
      Array.from(
        { length: 10 },
        (_, digit) => place === payload - 1 ? congruent(0, digit) : congruent(((length - place) * digit) % 11, 0),
      ),
  ),
  endings: Array.from({ length: 110 }, (_, sum) => ending(sum % 11, sum % 10)),
  kept: payload - 1,
};

/** The number below 110 with these remainders. */
function congruent(by11: number, by10: number): number {
  return Array.from({ length: 110 }, (_, number) => number).find((number) =>
    number % 11 === by11 && number % 10 === by10
  ) ?? 0;
}

function ending(sum: number, last: number): string {
  const digit = (11 - ((sum + 2 * last) % 11)) % 11;
  return digit === 10 ? ending(sum, (last + 1) % 10) : `${last}${digit}`;
}

/** An NHS number that is never issued, with a valid check digit. */
export const nhsNumber: Strategy = {
  description: {
    summary:
      "An NHS number that begins with 999, which none that is issued does, with a valid check digit, spaced as the old one: equal numbers stay equal however they are spaced.",
    example: { rule: "nhsNumber", before: "943 476 5919", after: "999 280 2650" },
  },
  short: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text" ? `an NHS number is no ${place.column.type}` : refuseLength(place, length),
  // Some of the million share a successor.
  space: () => 10 ** digits * 10 / 11,
  newValue(e, old) {
    const text = e.asText(old.value, old.column);
    const random = e.padded(e.number(e.pseudonym(lettersAndDigits(e, old)), 1, 10 ** digits), digits);
    const number = e.checked(e.concat(e.text(start), random), check);
    const spaced = e.matches(text, "(?:[0-9][ -]?){9}[0-9]");
    return unlessEmpty(e, old, e.fromText(e.choose(spaced, e.digitsReplaced(text, number), number), old.column));
  },
  evidence: (e, now) => orEmpty(e, now, e.matches(e.asText(now.value, now.column), "9[ -]?9[ -]?9(?:[ -]?[0-9]){7}")),
};
