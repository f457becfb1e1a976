/** Notices that a worker's memory runs out while there is still some for the clean-up: the runtime would abort the program. @module */

import { getHeapStatistics } from "node:v8";
import { ScrubError } from "../core/errors.ts";

/** Milliseconds between two looks. */
const interval = 100;
/** Of what the runtime lets the heap of a worker grow to. */
const threshold = 0.75;

/**
 * Calls back, once, when the heap of this worker was found fuller than three quarters of its limit twice in a row: what is
 * garbage is gone the second time. Looks between other work only: memory that is taken in one go is not noticed.
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
