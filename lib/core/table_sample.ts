/** Values of rows before and after a scrub, for the terminal alone: no log, report or message may hold one. @module */

import * as v from "valibot";
import type { Data } from "./schema.ts";

const cell = v.nullable(v.string());

/** Some rows of a table. */
export const tableSample = v.strictObject({
  table: v.string(),
  /** Columns that change. */
  columns: v.array(v.string()),
  /** `gone`: the row would be deleted by its table's own rule; a cell for each column. */
  rows: v.array(v.strictObject({ gone: v.boolean(), cells: v.array(v.strictObject({ before: cell, after: cell })) })),
  /** Columns that change and can't be shown without a run. */
  unseen: v.array(v.string()),
});

/** Some rows of a table. */
export type TableSample = Data<typeof tableSample>;
