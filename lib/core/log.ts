import type { LogFields, Progress } from "./progress.ts";

/** Where a phase's messages go. Messages are for people and never hold values of rows or secrets. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  progress(progress: Progress): void;
}
