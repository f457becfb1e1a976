/** Notices that a worker's heap is nearly full, before the runtime aborts the program: the clean-up needs memory too. @module */

import { getHeapStatistics } from "node:v8";
import { ScrubError } from "../core/errors.ts";

/** Milliseconds between two measurements. */
const interval = 100;
/** Share of the heap's limit. */
const threshold = 0.75;

/**
 * Calls back, once, when this worker's heap is over the threshold twice in a row: garbage is collected by the second time. It
 * measures between other work only, and misses memory that is taken at once.
 */
export function watchHeap(onFull: (failure: ScrubError) => void): void {
  let before = false;
  const timer = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const now = used > threshold * limit;
    if (now && before) {
      clearInterval(timer);
      onFull(
        new ScrubError(
          "out-of-memory",
          `Cannot go on: the worker takes ${megabytes(used)} MB of memory, and may have ${megabytes(limit)} MB`,
          "Run fewer sources at a time, or on a machine with more memory; report it if a single source does this.",
        ),
      );
    }
    before = now;
  }, interval);
  Deno.unrefTimer(timer);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
