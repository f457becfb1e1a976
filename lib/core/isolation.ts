/** What became of a source's isolation group. @module */

import * as v from "valibot";
import type { Data } from "./schema.ts";

/** What became of it, or would: the answer to the command `parameter-group`. */
export const isolationOutcome = v.strictObject({
  /** DBInstanceIdentifier. */
  source: v.string(),
  /** The isolation group. */
  group: v.string(),
  /** The source's own group. */
  from: v.string(),
  /** Whether it did not exist before. */
  made: v.boolean(),
  dryRun: v.boolean(),
  changes: v.array(v.strictObject({
    /** The parameter. */
    name: v.string(),
    /** Absent: a value that is not shown. */
    value: v.optional(v.string()),
    /** Absent: the engine's own, or a value that is not shown. */
    before: v.optional(v.string()),
    why: v.string(),
  })),
});

/** See {@linkcode isolationOutcome}. */
export type IsolationOutcome = Data<typeof isolationOutcome>;
