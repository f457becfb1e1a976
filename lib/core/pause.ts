/** A wait that can be ended early. @module */

/** Waits for so many milliseconds. Tells whether it came to its end: false when the signal was aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = () => {
    clearTimeout(timer);
    resolve(false);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener("abort", stop);
    resolve(true);
  }, milliseconds);
  signal.addEventListener("abort", stop, { once: true });
  return promise;
}
