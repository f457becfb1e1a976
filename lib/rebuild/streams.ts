/** Several streams at a time, of which the first that fails stops the others. @module */

import { inParallel } from "../core/in_parallel.ts";

/**
 * Does work on each item, on so many at a time; whatever was started has ended when this settles. Each work gets a signal that is aborted
 * with the given one, and at the first failure: the others might go on for hours.
 *
 * @returns the results in the items' order. Rejects with the first failure.
 */
export async function inStreams<T, R>(
  items: readonly T[],
  atATime: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<readonly R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  return await inParallel(items, atATime, async (item) => {
    try {
      return await work(item, either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
}
