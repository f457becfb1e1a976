/** A program's output as a stream that ends only when the program has ended well. @module */

/** How a program is called. */
export interface ProgramCall {
  /** On PATH or by its path. */
  readonly program: string;
  /** Everybody on the machine can read them. */
  readonly args: readonly string[];
  /** Beside the environment that is there. Only this user can read it. */
  readonly env: Readonly<Record<string, string>>;
  /** What the program reads; only it can. */
  readonly stdin: string;
}

/**
 * The program's output. The stream fails with what `failure` makes of the status and the beginning of what the program complained
 * about. Cancelling it or aborting the signal kills the program.
 */
export function outputOf(
  { program, args, env, stdin }: ProgramCall,
  failure: (code: number, complaint: string) => Error,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  // The shell finds the program on PATH, and it is the only one that the executable may start.
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$0" "$@"', program, ...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: both,
  }).spawn();
  const complaint = firstText(child.stderr);
  const fed = feed(child.stdin, stdin);
  const output = child.stdout.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await output.read();
      if (!done) return controller.enqueue(value);
      await fed;
      const { code } = await child.status;
      if (signal.aborted) controller.error(signal.reason);
      else if (code !== 0) controller.error(failure(code, await complaint));
      else controller.close();
    },
    async cancel() {
      stop.abort();
      await Promise.all([child.status, fed, complaint, output.cancel().catch(() => {})]);
    },
  }, { highWaterMark: 0 });
}

/** A program that ends before it has read everything is no error of its own: its status tells. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    await writer.abort().catch(() => {});
  }
}

/** Its beginning. All of it has to be read, or the program waits for ever. */
async function firstText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of stream) if (text.length < 4096) text += decoder.decode(bytes, { stream: true });
  } catch {
    // The program was killed: there is nothing more to read.
  }
  return text;
}
