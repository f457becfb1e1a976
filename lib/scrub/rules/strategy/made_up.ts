/** Text made of words that a keyed pseudonym chooses from lists. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Sql } from "../../../engine/sql.ts";
import { normalised, orEmpty, type Place, refuseLength, type Row, unlessEmpty } from "./strategy.ts";

/** Constant text, or a list of which one word is chosen. */
export type MadeUp = readonly (string | readonly string[])[];

/** How many different texts there are. */
export function variety(pieces: MadeUp): number {
  return pieces.reduce((product, piece) => typeof piece === "string" ? product : product * piece.length, 1);
}

/** Why a column cannot hold every text; `what`: as what the values are refused. */
export function refuseMadeUp(place: Place, pieces: MadeUp, what: string): string | undefined {
  if (place.column.kind !== "text") return `${what} is no ${place.column.type}`;
  const longest = pieces.map((piece) => typeof piece === "string" ? piece.length : Math.max(...piece.map(lengthOf)));
  return refuseLength(place, longest.reduce((sum, length) => sum + length, 0));
}

/**
 * The new value. Each list takes another part of the hash, which the server computes again for it: that costs about two microseconds,
 * and naming it once as much or more (measured on both engines for two and three).
 */
export function madeUp(e: Expressions, old: Row, pieces: MadeUp): Sql {
  const hash = e.pseudonym(normalised(e, old));
  let from = 1;
  const texts = pieces.map((piece) => {
    if (typeof piece === "string") return e.text(piece);
    const word = e.oneOf(piece, e.number(hash, from, piece.length));
    from += 15;
    return word;
  });
  return unlessEmpty(e, old, e.fromText(e.concat(...texts), old.column));
}

/** True where the value is such a text. */
export function isMadeUp(e: Expressions, now: Row, pieces: MadeUp): Sql {
  const pattern = pieces.map((piece) =>
    typeof piece === "string" ? literally(piece) : `(?:${piece.map(literally).join("|")})`
  );
  return orEmpty(e, now, e.matches(e.asText(now.value, now.column), pattern.join("")));
}

function literally(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9 ]/g, (sign) => `[${sign}]`);
}

function lengthOf(text: string): number {
  return text.length;
}
