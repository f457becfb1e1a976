/** The strategy `card`. @module */

import type { CheckDigits } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** Beginnings of the numbers that payment providers publish for tests, and of the numbers that they stand for. */
const schemes = [
  { start: "555555", of: "(?:5[ -]?[1-5]|2[ -]?[2-7])" },
  { start: "601111", of: "6[ -]?[0-9]" },
] as const;
const visa = "400000";
const amex = { start: "378282", of: "3[ -]?[47]" };

const length = 16;
const startLength = visa.length;
const lengthOfAmex = 15;

/** Luhn's check digit behind so many digits: every second digit from the last on counts twice. */
function luhn(digits: number): CheckDigits {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const single = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return {
    summands: Array.from({ length: digits }, (_, place) => (digits - place) % 2 === 1 ? doubled : single),
    endings: single.map((sum) => String((10 - sum) % 10)),
    kept: digits,
  };
}

/** A pattern for so many digits after a beginning, spaced or not. */
function spaced(start: string, digits: number): string {
  return `${start}(?:[ -]?[0-9]){${digits}}`;
}

/** A payment card's number that begins as test numbers do, with a valid check digit. */
export const card: Strategy = {
  description: {
    summary:
      "A payment card's number that begins with the same six digits as a test number of payment providers, of the same scheme (Visa for unknown ones) and with a valid check digit (Luhn), spaced as the old one: equal numbers stay equal.",
    example: { rule: "card", before: "4929 1234 5678 9011", after: "4000 0011 2234 2181" },
  },
  short: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text" ? `a card's number is no ${place.column.type}` : refuseLength(place, length),
  // Fewest for American Express.
  space: () => 10 ** (lengthOfAmex - 1 - startLength),
  newValue(e, old) {
    const text = e.asText(old.value, old.column);
    const hash = e.pseudonym(lettersAndDigits(e, old));
    const random = (count: number) => e.padded(e.number(hash, 1, 10 ** count), count);
    const start = schemes.reduceRight(
      (otherwise, { start, of }) => e.choose(e.matches(text, spaced(of, length - 2)), e.text(start), otherwise),
      e.text(visa),
    );
    const usual = e.checked(e.concat(start, random(length - 1 - startLength)), luhn(length - 1));
    const short = e.checked(
      e.concat(e.text(amex.start), random(lengthOfAmex - 1 - startLength)),
      luhn(lengthOfAmex - 1),
    );
    const likeOld = (number: Sql, digits: number) =>
      e.choose(e.matches(text, spaced("[0-9]", digits - 1)), e.digitsReplaced(text, number), number);
    const number = e.choose(
      e.matches(text, spaced(amex.of, lengthOfAmex - 2)),
      likeOld(short, lengthOfAmex),
      likeOld(usual, length),
    );
    return unlessEmpty(e, old, e.fromText(number, old.column));
  },
  evidence(e, now) {
    const starts = [visa, ...schemes.map(({ start }) => start)].map((start) => spaced([...start].join("[ -]?"), 10));
    const pattern = [...starts, spaced([...amex.start].join("[ -]?"), 9)].join("|");
    return orEmpty(e, now, e.matches(e.asText(now.value, now.column), pattern));
  },
};
