/** The strategy `keep`. @module */

import type { Strategy } from "./strategy.ts";

/** Keeps the column, for a reason that a person gave. */
export const keep: Strategy = {
  refuse: (_place, parameter) =>
    typeof parameter === "string" && parameter.trim() !== "" ? undefined : "it needs a reason",
  newValue: (_e, old) => old.value,
  removed: () => undefined,
  evidence: () => "by construction",
};
