/** The log on a terminal or in a file. @module */

import { BaseHandler, type LevelName } from "@std/log";
import type { LineFormat } from "./log_format.ts";

/** Writes each record at once: an asynchronous writer would lose the last lines at the end of the program. */
export class ConsoleHandler extends BaseHandler {
  readonly #write: (text: string) => void;

  constructor(
    levelName: LevelName,
    options: { readonly formatter: LineFormat; readonly write: (text: string) => void },
  ) {
    super(levelName, { formatter: options.formatter });
    this.#write = options.write;
  }

  override log(text: string): void {
    this.#write(`${text}\n`);
  }
}
