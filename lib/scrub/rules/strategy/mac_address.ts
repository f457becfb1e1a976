/** The strategy `macAddress`. @module */

import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** The range for documentation of RFC 9542. */
const colons = "00:00:5e:00:53:";
const dashes = "00-00-5e-00-53-";
const digits = 2;

/** A MAC address of the range that is reserved for documentation. */
export const macAddress: Strategy = {
  description: {
    summary:
      "A MAC address of the 256 for documentation (RFC 9542), with dashes where the old one had some: equal addresses stay equal, and different ones may become so.",
    example: { rule: "macAddress", before: "3c:22:fb:9a:01:7e", after: "00:00:5e:00:53:47" },
  },
  short: true,
  ofValue: true,
  refuse: (place) => {
    const { kind, type } = place.column;
    if (kind === "other" && type === "macaddr") return undefined;
    return kind === "text" ? refuseLength(place, colons.length + digits) : `a MAC address is no ${type}`;
  },
  space: () => 16 ** digits,
  newValue(e, old) {
    const start = e.choose(e.matches(e.asText(old.value, old.column), ".*-.*"), e.text(dashes), e.text(colons));
    const address = e.concat(start, e.part(e.pseudonym(lettersAndDigits(e, old)), 1, digits));
    return unlessEmpty(e, old, e.fromText(address, old.column));
  },
  evidence: (e, now) =>
    orEmpty(e, now, e.matches(e.asText(now.value, now.column), `(?:${colons}|${dashes})[0-9a-f]{${digits}}`)),
};
