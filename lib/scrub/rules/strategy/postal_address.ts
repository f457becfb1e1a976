/** The strategy `postalAddress`. @module */

import type { Json } from "../../../engine/expressions.ts";
import { isMadeUp, type MadeUp, madeUp, refuseMadeUp, variety } from "./made_up.ts";
import { chosen, oneChoice } from "./options.ts";
import type { Strategy } from "./strategy.ts";
import { streets, towns } from "./words.ts";

const parts = ["street", "town", "full"] as const;
const houses = Array.from({ length: 299 }, (_, at) => String(at + 1));

const pieces: Readonly<Record<(typeof parts)[number], MadeUp>> = {
  street: [houses, " ", streets],
  town: [towns],
  full: [houses, " ", streets, ", ", towns],
};

/** A postal address, or a part of one, that the keyed pseudonym of the old one chooses from lists. */
export const postalAddress: Strategy = {
  description: {
    summary:
      "A house number with a street, and a town that is on no map, from lists, on one line: equal addresses stay equal.",
    example: {
      rule: { postalAddress: { part: "full" } },
      before: "12 St James's Square, London",
      after: "197 Nettle Street, Normere",
    },
  },
  parameter: oneChoice("part", parts, "`part`: street with house number (default), town, or full for both."),
  ofValue: true,
  refuse: (place, parameter) => refuseMadeUp(place, piecesOf(parameter), "a postal address"),
  space: (_place, parameter) => variety(piecesOf(parameter)),
  newValue: (e, old, parameter) => madeUp(e, old, piecesOf(parameter)),
  evidence: (e, now, parameter) => isMadeUp(e, now, piecesOf(parameter)),
};

function piecesOf(parameter: Json): MadeUp {
  return pieces[chosen(parameter, "part", parts) ?? "street"];
}
