/** Whether pseudonyms of a unique column can stay apart: by the number of values that a strategy makes. @module */

import type { Place } from "./strategy/strategy.ts";

/** A run may fail in one case of so many because two rows of a unique column get the same value. */
const oneRunIn = 100;

/**
 * Why a unique column cannot take values of a space of that size. Of `rows` values drawn from `space`, two are equal with a
 * probability of rows * (rows - 1) / (2 * space) at most (birthday bound); it may be 1 % at most. Rows are the catalogue's estimate.
 * A key of several columns asks less than that, and how much less no catalogue says: its index is what stops the run.
 */
export function refuseSmallSpace({ table, column }: Place, space: number | undefined): string | undefined {
  if (space === undefined) return undefined;
  const key = table.uniqueKeys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
  if (!key || table.rows * (table.rows - 1) / (2 * space) <= 1 / oneRunIn) return undefined;
  return `"${key.name}" forbids equal values: among about ${table.rows} rows two would get the same of ${
    spelt(space)
  } values, which suffice for ${Math.floor(mostRows(space))} rows`;
}

/** The number of rows for which the birthday bound just allows a space. */
function mostRows(space: number): number {
  return 0.5 + Math.sqrt(0.25 + 2 * space / oneRunIn);
}

function spelt(space: number): string {
  return space < 1e6 ? String(Math.floor(space)) : `about ${space.toPrecision(2).replace("e+", " x 10^")}`;
}
