/** What workers and phases say while they work, as plain values. @module */

import * as v from "valibot";
import type { Data } from "./schema.ts";

/** The phases of one source, in order: the progress display, the log fields, the report's keys and the errors' prefixes. */
export const phase = v.picklist([
  "resolve",
  "restore",
  "discover",
  "plan",
  "scrub",
  "verify",
  "export",
  "purge",
  "snapshot",
  "prove",
  "share",
  "prune",
]);

/** A phase of one source. */
export type Phase = Data<typeof phase>;

/** A log record as plain data. */
export const wireRecord = v.strictObject({ level: v.number(), time: v.number(), message: v.string() });

/** A log record as plain data. */
export type WireRecord = Data<typeof wireRecord>;

/** How far a phase is. */
export const progress = v.strictObject({
  /** What is worked on, such as `emails` or `creating`. */
  what: v.string(),
  /** 0 to 1, where it is known. */
  share: v.optional(v.number()),
  /** The share that is reached when this is done, where it is known. */
  next: v.optional(v.number()),
  rows: v.optional(v.number()),
  bytes: v.optional(v.number()),
});

/** How far a phase is. */
export type Progress = Data<typeof progress>;
