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
  "rebuild",
  "snapshot",
  "prove",
  "share",
  "copy",
  "refresh",
  "prune",
]);

/** A phase of one source. */
export type Phase = Data<typeof phase>;

/** What a record of the log is about, beside its message. Programs that read the log in JSON get each as a field. */
export const logFields = v.strictObject({
  database: v.optional(v.string()),
  table: v.optional(v.string()),
  rows: v.optional(v.number()),
  seconds: v.optional(v.number()),
  bytes: v.optional(v.number()),
  /** A failure's code, of the table in errors.ts. */
  code: v.optional(v.string()),
  /** What to do about it; text formats put it behind the message. */
  hint: v.optional(v.string()),
});

/** What a record of the log is about, beside its message. */
export type LogFields = Data<typeof logFields>;

/** A log record as plain data. */
export const wireRecord = v.strictObject({
  level: v.number(),
  time: v.number(),
  message: v.string(),
  fields: v.optional(logFields),
});

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
