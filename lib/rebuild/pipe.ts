/** One program's output as another one's input: both succeed, or the whole has failed and both have ended. @module */

import { firstText, outputOf, type ProgramCall } from "../export/program.ts";

/** A program that writes, and one that reads what it has written. */
export interface Pipe {
  readonly dump: ProgramCall;
  /** Its input is the other's output. */
  readonly load: Omit<ProgramCall, "stdin">;
  /** Hears how many bytes have gone through so far. */
  onBytes(bytes: number): void;
}

/** A program that failed. */
export class ProgramFailure extends Error {
  readonly #complaint: string;

  constructor(readonly which: "dump" | "load", readonly code: number, complaint: string) {
    super(`Cannot go on: a program ended with status ${code}`);
    this.#complaint = complaint;
  }

  /** The beginning of what it complained of. It may quote values of rows: only what is recognised in it may be told. */
  get complaint(): string {
    return this.#complaint;
  }
}

/**
 * Runs both. When it settles, neither runs any more.
 *
 * @returns how many bytes went through.
 * @throws {ProgramFailure} of the program that failed first; or the signal's reason.
 */
export async function runPipe({ dump, load, onBytes }: Pipe, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$0" "$@"', load.program, ...load.args],
    env: load.env,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    signal: AbortSignal.any([signal, stop.signal]),
  }).spawn();
  const stderr = firstText(child.stderr);
  const input = child.stdin.getWriter();
  const output = outputOf(dump, (code, text) => new ProgramFailure("dump", code, text), signal).getReader();
  // One that ends well may have had all that it needs before the dump's end (pg_restore reads no further than the last table).
  let loadFailed = false;
  const ended = child.status.then(async ({ code }) => {
    if (code === 0) return code;
    loadFailed = true;
    await output.cancel().catch(() => {});
    return code;
  });
  let bytes = 0;
  let isWhole = false;
  let dumpError: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      const { done, value } = await output.read().catch((error) => {
        dumpError = { error };
        throw error;
      });
      if (done) break;
      await input.write(value);
      bytes += value.length;
      onBytes(bytes);
    }
    // The end that cancelling gave it is not that of the dump.
    isWhole = !loadFailed;
    if (isWhole) await input.close();
  } catch {
    // The end of its input would look like the dump's to the loading program, so that ends first.
    stop.abort();
    await output.cancel().catch(() => {});
  }
  const code = await ended;
  await input.abort().catch(() => {});
  const complaint = await stderr;
  signal.throwIfAborted();
  if (dumpError !== undefined) throw dumpError.error;
  if (code !== 0 || !isWhole) throw new ProgramFailure("load", code, complaint);
  return bytes;
}
