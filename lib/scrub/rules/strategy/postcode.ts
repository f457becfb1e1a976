/** The strategy `postcode`. @module */

import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/** Of `ZZ99 9ZZ`. */
const longest = 8;
/** Letters of the inward part of a UK postcode. */
const inward = [..."ABDEFGHJLNPQRSTUWXYZ"];
const pairs = inward.flatMap((first) => inward.map((second) => `ZZ${first}${second}`));
const uk = "[A-Za-z]{1,2}[0-9][0-9A-Za-z]?( ?)[0-9][A-Za-z]{2}";
const other = "[A-Za-z -]{0,6}[0-9][0-9A-Za-z -]{0,9}";

/** A postcode that is in no use. */
export const postcode: Strategy = {
  description: {
    summary:
      "A UK postcode of the area ZZ, which is none, for one of the UK; for any other the same shape with digits that begin with 00 and X for letters: equal postcodes stay equal.",
    example: { rule: "postcode", before: "SW1A 1AA", after: "ZZ20 5LW" },
  },
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text" ? `a postcode is no ${place.column.type}` : refuseLength(place, longest),
  // Of a shape with three digits; the fewest that a country uses.
  space: () => 10,
  newValue(e, old) {
    const text = e.asText(old.value, old.column);
    const hash = e.pseudonym(lettersAndDigits(e, old));
    const digits = (count: number) => e.padded(e.number(hash, 1, 10 ** count), count);
    const closed = e.overlaid(e.oneOf(pairs, e.number(hash, 16, pairs.length)), 3, 0, digits(3));
    const british = e.choose(e.matches(text, ".* .*"), e.overlaid(closed, 5, 0, e.text(" ")), closed);
    const shaped = e.digitsReplaced(e.replaced(text, "[A-Za-z]", "X"), e.concat(e.text("00"), digits(13)));
    const any = e.choose(e.matches(text, other), shaped, e.concat(e.text("00"), digits(3)));
    return unlessEmpty(e, old, e.fromText(e.choose(e.matches(text, uk), british, any), old.column));
  },
  evidence: (e, now) =>
    orEmpty(
      e,
      now,
      e.matches(e.asText(now.value, now.column), "ZZ[0-9]{2} ?[0-9][A-Z]{2}|[X -]*0(?:[X -]*0[0-9X -]*|[X -]*)"),
    ),
};
