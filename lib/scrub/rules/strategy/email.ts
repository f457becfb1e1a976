/** The strategy `email`. @module */

import { normalised, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** Reserved for examples by RFC 2606: mail to it goes nowhere. */
const domain = "example.com";
const prefix = "user-";
/** 96 bits: two of 10 million addresses meet once in 10^15 runs. */
const digits = 24;

/** A mail address made from the keyed pseudonym of the old one. */
export const email: Strategy = {
  description: {
    summary:
      "A mail address at example.com (RFC 2606) made from the keyed pseudonym of the old one: equal addresses stay equal.",
    example: { rule: "email", before: "ada@mail.example", after: "user-9d1cf82b532b70aa11854c76@example.com" },
  },
  short: true,
  keyed: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text"
      ? `a mail address is no ${place.column.type}`
      : refuseLength(place, prefix.length + digits + "@".length + domain.length),
  space: () => 16 ** digits,
  newValue: (e, old) =>
    unlessEmpty(
      e,
      old,
      e.fromText(
        e.concat(e.text(prefix), e.part(e.pseudonym(normalised(e, old)), 1, digits), e.text(`@${domain}`)),
        old.column,
      ),
    ),
  evidence(e, now) {
    const text = e.asText(now.value, now.column);
    const parts = [
      e.same(e.part(text, 1, prefix.length), e.text(prefix)),
      e.isHexadecimal(e.part(text, prefix.length + 1, digits), digits),
      // One more than there should be, so that nothing can follow.
      e.same(e.part(text, prefix.length + digits + 1, domain.length + 2), e.text(`@${domain}`)),
    ];
    return orEmpty(e, now, parts.reduce((all, one) => e.sql`${all} AND ${one}`));
  },
};
