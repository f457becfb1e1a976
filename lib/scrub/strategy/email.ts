/** The strategy `email`. @module */

import { normalised, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** Reserved for examples by RFC 2606: mail to it goes nowhere. */
const domain = "example.com";
/** 96 bits: two of 10 million addresses meet once in 10^15 runs. */
const digits = 24;

/** A mail address made from the keyed pseudonym of the old one. */
export const email: Strategy = {
  short: true,
  refuse: (place) =>
    place.column.kind !== "text"
      ? `a mail address is no ${place.column.type}`
      : refuseLength(place, "user-@".length + digits + domain.length),
  next: (e, old) =>
    unlessEmpty(
      e,
      old,
      e.fromText(
        e.concat(e.text("user-"), e.part(e.pseudonym(normalised(e, old)), 1, digits), e.text(`@${domain}`)),
        old.column,
      ),
    ),
  evidence: (e, now) =>
    orEmpty(
      e,
      now,
      e.matches(e.asText(now.value, now.column), `user-[0-9a-f]{${digits}}@${domain.replace(".", "[.]")}`),
    ),
};
