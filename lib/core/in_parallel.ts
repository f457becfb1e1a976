/** Work on several things at a time. @module */

/**
 * Does work on each item, on so many at a time, and starts none after the first failure. Whatever was started has ended when this
 * settles.
 *
 * @returns the results in the items' order. Rejects with the first failure.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  let failure: { readonly error: unknown } | undefined;
  async function takeTurns(): Promise<void> {
    for (const [at, item] of waiting) {
      if (failure) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, takeTurns));
  if (failure) throw failure.error;
  return results;
}
