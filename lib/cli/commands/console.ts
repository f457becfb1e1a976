/** Standard output and standard error as commands use them. @module */

import { streamWriter } from "../../report/log/stream_writer.ts";
import { isJournal } from "../../report/display/terminal.ts";

/** Writes to standard output. */
export const print: (text: string) => void = printer(Deno.stdout);

/** Writes to standard error. */
export const printError: (text: string) => void = printer(Deno.stderr);

/** Columns that text may take: the terminal's, 80 if it does not know its size; no limit where a program reads the text. */
export function outputWidth(): number {
  if (!Deno.stdout.isTerminal()) return Infinity;
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Whether systemd's journal reads standard error. */
export async function stderrIsJournal(): Promise<boolean> {
  const stream = Deno.env.get("JOURNAL_STREAM");
  if (stream === undefined) return false;
  const { fstatSync } = await import("node:fs"); // Deno itself can't tell
  return isJournal(stream, fstatSync(2));
}

/** Writes to the stream if it can: a closed terminal must not keep a run from its clean-up. */
function printer(stream: Parameters<typeof streamWriter>[0]): (text: string) => void {
  const write = streamWriter(stream);
  return (text) => {
    try {
      write(text);
    } catch {
      // Nothing reads the stream any more.
    }
  };
}
