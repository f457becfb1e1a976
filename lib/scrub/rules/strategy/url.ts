/** The strategy `url`. @module */

import { normalised, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** A host of the domain that RFC 2606 reserves for examples. */
const start = "https://www.example.com/";
/** 64 bits. */
const digits = 16;

/** An address at www.example.com made from the keyed pseudonym of the old one. */
export const url: Strategy = {
  description: {
    summary:
      "An address at www.example.com (RFC 2606) whose path is a keyed pseudonym of the old address: equal addresses stay equal.",
    example: {
      rule: "url",
      before: "https://ada.mail.example/photos?album=7",
      after: "https://www.example.com/295d04b6748a0914",
    },
  },
  short: true,
  keyed: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text" ? `a URL is no ${place.column.type}` : refuseLength(place, start.length + digits),
  space: () => 16 ** digits,
  newValue: (e, old) =>
    unlessEmpty(
      e,
      old,
      e.fromText(e.concat(e.text(start), e.part(e.pseudonym(normalised(e, old)), 1, digits)), old.column),
    ),
  evidence(e, now) {
    const text = e.asText(now.value, now.column);
    const path = e.isHexadecimal(e.part(text, start.length + 1, digits + 1), digits);
    return orEmpty(e, now, e.sql`${e.same(e.part(text, 1, start.length), e.text(start))} AND ${path}`);
  },
};
