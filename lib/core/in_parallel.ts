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

/**
 * Does two works at a time. Both have ended when this settles.
 *
 * @returns both results. Rejects with the failure of the first, or else of the second.
 */
export async function bothOf<A, B>(one: () => Promise<A>, other: () => Promise<B>): Promise<readonly [A, B]> {
  const [first, second] = await Promise.allSettled([one(), other()]);
  if (first.status === "rejected") throw first.reason;
  if (second.status === "rejected") throw second.reason;
  return [first.value, second.value];
}
