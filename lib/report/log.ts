/** What the lower layers may say and count while they work; the pipeline decides where it goes. @module */

import type { Progress } from "../fleet/protocol.ts";

/** Where a phase's messages go. Messages are for people and never hold values of rows or secrets. */
export interface Journal {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  progress(progress: Progress): void;
}
