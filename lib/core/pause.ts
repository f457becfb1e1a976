/** Waits: a pause, and asking until an answer comes. @module */

/** Waits for so many milliseconds. Tells whether it came to its end: false when the signal was aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = () => {
    clearTimeout(timer);
    resolve(false);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener("abort", stop);
    resolve(true);
  }, milliseconds);
  signal?.addEventListener("abort", stop, { once: true });
  return promise;
}

/** Asks every `interval` until the answer is yes; false where it still is no after `timeout`. Both in milliseconds. */
export async function pollUntil(ask: () => Promise<boolean>, timeout = 30_000, interval = 200): Promise<boolean> {
  const deadline = performance.now() + timeout;
  while (!await ask()) {
    if (performance.now() >= deadline) return false;
    await pause(interval);
  }
  return true;
}
