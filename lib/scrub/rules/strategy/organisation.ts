/** The strategy `organisation`. @module */

import { isMadeUp, type MadeUp, madeUp, refuseMadeUp, variety } from "./made_up.ts";
import type { Strategy } from "./strategy.ts";
import { organisationFirsts, organisationSeconds } from "./words.ts";

const kinds = ["Ltd", "Group", "Partners", "Services", "Trust", "Works"];
const pieces: MadeUp = [
  organisationFirsts,
  " ",
  organisationSeconds.flatMap((second) => kinds.map((kind) => `${second} ${kind}`)),
];

/** An organisation's name that the keyed pseudonym of the old one chooses from lists of words. */
export const organisation: Strategy = {
  description: {
    summary:
      "An organisation's name of three words from lists: equal names stay equal, and different ones may become so.",
    example: { rule: "organisation", before: "Lovelace & Daughters plc", after: "Zinc Ibis Partners" },
  },
  ofValue: true,
  refuse: (place) => refuseMadeUp(place, pieces, "an organisation's name"),
  space: () => variety(pieces),
  newValue: (e, old) => madeUp(e, old, pieces),
  evidence: (e, now) => isMadeUp(e, now, pieces),
};
