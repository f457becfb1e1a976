/** The strategy `setNull`. @module */

import type { Strategy } from "./strategy.ts";

/** NULL for every row. */
export const setNull: Strategy = {
  description: {
    summary: "NULL for every row.",
    example: { rule: "setNull", before: "+44 20 7946 0018", after: null },
  },
  makesNull: true,
  refuse: ({ column }) => column.nullable ? undefined : "it is NOT NULL",
  newValue: (e, old) => e.nothing(old.column),
  evidence: (e, now) => e.sql`${now.value} IS NULL`,
};
