/** Standard output and standard error as commands use them. @module */

import { streamWriter } from "../../report/log/stream_writer.ts";
import { isJournal } from "../../report/display/terminal.ts";

/** Writes to standard output. */
export const print: (text: string) => void = printer(Deno.stdout);

/** Writes to standard error. */
export const complain: (text: string) => void = printer(Deno.stderr);

/** Columns that text may take: a terminal's, or what most have. */
export function outputWidth(): number {
  try {
    return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : 80;
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

/** Writes to the console if it can: a terminal that is gone must not keep a run from its clean-up. */
function printer(stream: Parameters<typeof streamWriter>[0]): (text: string) => void {
  const write = streamWriter(stream);
  return (text) => {
    try {
      write(text);
    } catch {
      // There is nobody left to tell.
    }
  };
}
