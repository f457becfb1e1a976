/** The strategy `shuffle`. @module */

import { ScrubError } from "../../../core/errors.ts";
import type { Strategy } from "./strategy.ts";

/** The values of other rows. lib/scrub/plan/shuffles.ts makes them. */
export const shuffle: Strategy = {
  description: {
    summary:
      "The values of the column on other rows, in an order that the rows' primary keys and the run's key decide; NULL stays NULL. With " +
      "`only` or `except`, among the selected rows. Not anonymous: every value stays in the column, and a rare one still names its " +
      "owner, so it is for values that identify no one by themselves. At least three different values, or none.",
    example: { rule: "shuffle", before: "Lima", after: "Rome" },
  },
  shuffles: true,
  refuse({ table, column }) {
    if (table.primaryKey.length === 0) return "the table has no primary key";
    const key = table.uniqueKeys.find(({ columns }) => columns.length > 1 && columns.includes(column.name));
    return key && `"${key.name}" has other columns besides, with which moved values could collide`;
  },
  newValue(_, { table, column }) {
    throw new ScrubError(
      "rules",
      `Cannot make the new value of ${table.id}.${column.name} of its row alone: shuffle takes it from another row`,
      "Leave this column out of the replacing, freeText and template of other columns.",
    );
  },
  // All of it stays in the column.
  removed: () => undefined,
  evidence: () => "by construction",
};
