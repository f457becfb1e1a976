/** The strategy `name`. @module */

import type { Json } from "../../../engine/expressions.ts";
import { isMadeUp, type MadeUp, madeUp, refuseMadeUp, variety } from "./made_up.ts";
import { chosen, oneChoice } from "./options.ts";
import type { Strategy } from "./strategy.ts";
import { givenNames, surnames } from "./words.ts";

const parts = ["full", "first", "last", "lastFirst"] as const;

const pieces: Readonly<Record<(typeof parts)[number], MadeUp>> = {
  full: [givenNames, " ", surnames],
  first: [givenNames],
  last: [surnames],
  lastFirst: [surnames, ", ", givenNames],
};

/** A person's name that the keyed pseudonym of the old one chooses from lists of common names. */
export const name: Strategy = {
  description: {
    summary:
      "A person's name from lists of common names: equal names stay equal, and different ones may become so. Real people may have it.",
    example: { rule: "name", before: "Augusta Byron", after: "Viola Roberts" },
  },
  parameter: oneChoice("part", parts, "`part`: full (default), first, last, or lastFirst with a comma between."),
  ofValue: true,
  refuse: (place, parameter) => refuseMadeUp(place, piecesOf(parameter), "a name"),
  space: (_place, parameter) => variety(piecesOf(parameter)),
  newValue: (e, old, parameter) => madeUp(e, old, piecesOf(parameter)),
  evidence: (e, now, parameter) => isMadeUp(e, now, piecesOf(parameter)),
};

function piecesOf(parameter: Json): MadeUp {
  return pieces[chosen(parameter, "part", parts) ?? "full"];
}
