/** The strategy `ipAddress`. @module */

import { normalised, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** TEST-NET-1 to 3 of RFC 5737. */
const networks = ["192.0.2.", "198.51.100.", "203.0.113."];
const hosts = Array.from({ length: 254 }, (_, at) => String(at + 1));
const longestOfVersion4 = 14;
/** Within 2001:db8::/32 of RFC 3849; each group begins with f, so that the text is the shortest there is. */
const version6 = "2001:db8:f";
const longestOfVersion6 = 38;
const groups = 6;

/** An IP address within the ranges that are reserved for documentation. */
export const ipAddress: Strategy = {
  description: {
    summary:
      "An IP address of the ranges for documentation (RFC 5737, RFC 3849), of version 6 where the old one was and the column holds it: equal addresses stay equal.",
    example: { rule: "ipAddress", before: "81.2.69.142", after: "203.0.113.1" },
  },
  short: true,
  ofValue: true,
  refuse(place) {
    const { kind, type } = place.column;
    if (kind === "other" && ["inet", "cidr"].includes(type)) return undefined;
    return kind === "text" ? refuseLength(place, longestOfVersion4) : `an IP address is no ${type}`;
  },
  space: () => networks.length * hosts.length,
  newValue(e, old) {
    const text = e.asText(old.value, old.column);
    const hash = e.pseudonym(normalised(e, old));
    const host = e.oneOf(hosts, e.number(hash, 16, hosts.length));
    const four = e.concat(e.oneOf(networks, e.number(hash, 1, networks.length)), host);
    const sixBits = [16, 13, 10, 7, 4].reduce(
      (sofar, at) => e.overlaid(sofar, at, 0, e.text(":f")),
      e.part(hash, 1, 3 * groups),
    );
    const holdsSix = (old.column.length ?? longestOfVersion6) >= longestOfVersion6;
    const address = holdsSix ? e.choose(e.matches(text, ".*:.*:.*"), e.concat(e.text(version6), sixBits), four) : four;
    return unlessEmpty(e, old, e.fromText(address, old.column));
  },
  evidence(e, now) {
    const four = `(?:${networks.map((network) => network.replaceAll(".", "[.]")).join("|")})[0-9]{1,3}(?:/32)?`;
    const six = `2001:db8(?::f[0-9a-f]{3}){${groups}}(?:/128)?`;
    return orEmpty(e, now, e.matches(e.asText(now.value, now.column), `${four}|${six}`));
  },
};
