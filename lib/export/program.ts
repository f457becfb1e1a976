/** The output of a program as a stream that ends only if the program succeeds. @module */

/** A program with its input. */
export interface ProgramCall {
  /** On PATH or by its path. */
  readonly program: string;
  /** Every user of the machine can read them. */
  readonly args: readonly string[];
  /** Added to this process's environment. Only this user can read it. */
  readonly env: Readonly<Record<string, string>>;
  /** Only the program can read it. */
  readonly stdin: string;
}

/**
 * The program's output. If the program fails, so does the stream, with what `failure` makes of the exit status and the beginning
 * of standard error. Cancelling the stream or aborting the signal kills the program.
 */
export function outputOf(
  { program, args, env, stdin }: ProgramCall,
  failure: (code: number, stderr: string) => Error,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  // The executable may start only the shell, which finds the program on PATH.
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$0" "$@"', program, ...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: both,
  }).spawn();
  const stderr = firstText(child.stderr);
  const fed = feed(child.stdin, stdin);
  const output = child.stdout.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await output.read();
      if (!done) return controller.enqueue(value);
      await fed;
      const { code } = await child.status;
      if (signal.aborted) controller.error(signal.reason);
      else if (code !== 0) controller.error(failure(code, await stderr));
      else controller.close();
    },
    async cancel() {
      stop.abort();
      await Promise.all([child.status, fed, stderr, output.cancel().catch(() => {})]);
    },
  }, { highWaterMark: 0 });
}

/** Ignores a program that ends before it has read everything: its exit status counts. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    await writer.abort().catch(() => {});
  }
}

/** The beginning of a stream. Reads all of it, or the program would block. */
export async function firstText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of stream) if (text.length < 4096) text += decoder.decode(bytes, { stream: true });
  } catch {
    // The program was killed.
  }
  return text;
}
