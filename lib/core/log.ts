import type { Progress } from "./progress.ts";

/** Where a phase's messages go. Messages are for people and never hold values of rows or secrets. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  progress(progress: Progress): void;
}
