/** Text to a stream of the process, before the call returns. @module */

/** What can be written to at once, such as `Deno.stderr`. */
export interface SynchronousStream {
  writeSync(bytes: Uint8Array): number;
}

/** A function that writes whole texts. What has no reader any more is dropped: a closed terminal must not end a run. */
export function streamWriter(stream: SynchronousStream): (text: string) => void {
  const encoder = new TextEncoder();
  return (text) => {
    try {
      for (let bytes = encoder.encode(text); bytes.length > 0;) bytes = bytes.subarray(stream.writeSync(bytes));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
}
