/** The strategy `hash`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { normalised, orEmpty, refuseLength, type Row, type Strategy, unlessEmpty } from "./strategy.ts";

const longest = 64;
/** Characters that a pseudonym decides: one for each four of its digits. */
const perHash = 16;

const parameter = v.strictObject({
  length: v.optional(v.pipe(
    v.number(),
    v.integer("its length is no whole number"),
    v.minValue(1, "its length is less than 1"),
    v.maxValue(longest, `its length is more than ${longest}`),
    v.description("How many characters; by default as many as the old value has."),
  )),
  alphabet: v.optional(v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_.-]{2,64}$/, "an alphabet is of 2 to 64 letters, digits, and . _ -"),
    v.description("The characters; by default 0123456789abcdef."),
  )),
});

/** A keyed hash of a given length and alphabet. */
export const hash: Strategy = {
  description: {
    summary:
      "A keyed hash of so many characters of an alphabet: equal values stay equal, and different ones differ as far as there are " +
      "enough hashes. Without a length it has as many characters as the old value, 64 at most.",
    example: {
      rule: { hash: { length: 8, alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" } },
      before: "ORD-4711",
      after: "TN2GXAXZ",
    },
  },
  parameter: v.pipe(v.optional(parameter), v.description("A length, an alphabet, or neither.")),
  short: true,
  ofValue: true,
  refuse(place, given) {
    if (place.column.kind !== "text") return `text is no ${place.column.type}`;
    const { length, alphabet } = parsed(given);
    if (new Set(alphabet).size < alphabet.length) return "its alphabet has a character twice";
    return length === undefined ? undefined : refuseLength(place, length);
  },
  space(_place, given) {
    const { length = 1, alphabet } = parsed(given);
    return alphabet.length ** length;
  },
  newValue: (e, old, given) => unlessEmpty(e, old, e.fromText(hashed(e, old, given), old.column)),
  evidence(e, now, given) {
    const { length, alphabet } = parsed(given);
    // A minus at the end means itself.
    const letters = [...alphabet].sort((a, b) => Number(a === "-") - Number(b === "-")).join("");
    const count = length === undefined ? "*" : `{${length}}`;
    return orEmpty(e, now, e.matches(e.asText(now.value, now.column), `[${letters}]${count}`));
  },
};

function parsed(given: Json): { readonly length?: number | undefined; readonly alphabet: string } {
  const { length, alphabet = "0123456789abcdef" } = v.parse(parameter, given ?? {});
  return { length, alphabet };
}

function hashed(e: Expressions, old: Row, given: Json): Sql {
  const { length, alphabet } = parsed(given);
  const text = normalised(e, old);
  const most = length ?? Math.min(longest, old.column.length ?? longest);
  const hashes = Array.from(
    { length: Math.ceil(most / perHash) },
    (_, at) => e.pseudonym(e.concat(e.text(`hash ${at} `), text)),
  );
  return e.part(
    e.spelled(e.concat(...hashes), 4 * perHash * hashes.length, alphabet),
    1,
    length ?? e.length(e.asText(old.value, old.column)),
  );
}
