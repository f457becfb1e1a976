/** What workers and phases say while they work, as plain values. @module */

/** The story of one source, in order: the progress display, the log fields, the report's keys and the errors' prefixes. */
export type Phase =
  | "resolve"
  | "restore"
  | "discover"
  | "plan"
  | "scrub"
  | "verify"
  | "export"
  | "purge"
  | "snapshot"
  | "prove"
  | "share"
  | "prune";

/** A log record as plain data. */
export interface WireRecord {
  readonly level: number;
  readonly time: number;
  readonly message: string;
}

/** How far a phase is. */
export interface Progress {
  /** What is worked on, such as `emails` or `creating`. */
  readonly what: string;
  /** 0 to 1, where it is known. */
  readonly share?: number;
  /** The share that is reached when this is done, where it is known. */
  readonly next?: number;
  readonly rows?: number;
  readonly bytes?: number;
}
