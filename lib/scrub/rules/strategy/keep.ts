/** The strategy `keep`. @module */

import { type Strategy, words } from "./strategy.ts";

/** Keeps the column, for a reason that a person gave. */
export const keep: Strategy = {
  description: {
    summary: "The old value, for a reason that is shown in the plan and the report.",
    example: { rule: { keep: "published on the website" }, before: "Annual report", after: "Annual report" },
  },
  parameter: words("Why the column may stay.", "it needs a reason"),
  refuse: () => undefined,
  newValue: (_e, old) => old.value,
  removed: () => undefined,
  evidence: () => "by construction",
};
