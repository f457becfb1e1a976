/** The strategy `lorem`. @module */

import { orEmpty, refuseUnique, type Strategy } from "./strategy.ts";

const filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. ";

/** Filler text of the same length as the old one. */
export const lorem: Strategy = {
  description: {
    summary: "Filler text of the same length as the old text; NULL and empty text stay.",
    example: { rule: "lorem", before: "A letter to Ada", after: "Lorem ipsum dol" },
  },
  refuse: (place) => place.column.kind !== "text" ? `text is no ${place.column.type}` : refuseUnique(place),
  newValue: (e, old) =>
    e.choose(
      e.sql`${old.value} IS NULL`,
      e.nothing(old.column),
      e.fromText(e.filled(filler, e.length(e.asText(old.value, old.column))), old.column),
    ),
  evidence(e, now) {
    const text = e.asText(now.value, now.column);
    return orEmpty(e, now, e.same(text, e.filled(filler, e.length(text))));
  },
};
