/** Percent-encoding, of which MySQL has no function. @module */

import type { Sql } from "../../engine/sql.ts";
import { sql, textLiteral, utf8 } from "../sql/literals.ts";
import { hasMatch } from "../sql/regexp.ts";

/** The percent sign first, or the encoded ones would be encoded again. */
const percentPairs: readonly (readonly [letter: string, plain: Sql, encoded: Sql])[] = Array.from(
  { length: 128 },
  (_, code) => String.fromCharCode(code),
)
  .filter((letter) => !/[A-Za-z0-9\-._~]/.test(letter))
  .sort((a, b) => Number(b === "%") - Number(a === "%"))
  .map((letter) => [letter, textLiteral(letter), textLiteral(percent(letter))]);

function percent(letter: string): string {
  return "%" + letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
}

/**
 * The text percent-encoded as in a query string. Texts like mail addresses, which are most of them, take a short way: 2 µs a row
 * instead of 14.
 */
export function percentEncoded(text: Sql): Sql {
  const encode = (pairs: typeof percentPairs) =>
    pairs.reduce((sofar, [, plain, encoded]) => sql`REPLACE(${sofar}, ${plain}, ${encoded})`, utf8(text));
  const simple = hasMatch(utf8(text), "\\A[A-Za-z0-9._~@+-]*\\z");
  const few = encode(percentPairs.filter(([letter]) => "@+".includes(letter)));
  return sql`CASE WHEN ${simple} THEN ${few} ELSE ${encode(percentPairs)} END`;
}
