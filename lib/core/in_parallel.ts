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
 * Does two works at a time. Once one has failed, the signal of both is aborted, as it is with the signal given. Both have ended when
 * this settles.
 *
 * @returns both results. Rejects with the first failure.
 */
export async function bothOf<A, B>(
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
  signal?: AbortSignal,
): Promise<readonly [A, B]> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, ...signal ? [signal] : []]);
  let failure: { readonly error: unknown } | undefined;
  async function attempt<R>(work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    try {
      return await work(either);
    } catch (error) {
      failure ??= { error };
      failed.abort(error);
      throw error;
    }
  }
  const [first, second] = await Promise.allSettled([attempt(one), attempt(other)]);
  if (first.status === "rejected" || second.status === "rejected") throw failure?.error;
  return [first.value, second.value];
}
