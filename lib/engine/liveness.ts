/**
 * Looks after a statement that may run for hours. A peer that is gone without a word, or a network that drops what it carries,
 * looks like a long statement; the kernel's own keep-alive takes a quarter of an hour to tell. @module
 */

import { ScrubError } from "../core/errors.ts";
import { pause } from "../core/pause.ts";

/** How often to look, in milliseconds, and how often in vain. */
export interface LivenessTimeouts {
  /** Before each look. */
  readonly every: number;
  /** For one look. */
  readonly look: number;
  /** Looks in a row that find the statement not running, after which it is lost. A restart of the server takes some. */
  readonly misses: number;
}

/** What the program uses: a server that is gone is noticed in less than two minutes, whatever runs. */
export const livenessTimeouts: LivenessTimeouts = { every: 15_000, look: 20_000, misses: 3 };

/** Why a statement counts as lost: the server does not run it, or does not answer at all. */
export type Loss = "not running" | "no answer";

const reasons: Readonly<Record<Loss, string>> = {
  "not running": "the server does not run the statement any more, and its answer did not come",
  "no answer": "the server does not answer any more, on a new connection neither",
};

/** The error of a statement that counts as lost. */
export function lostStatement(doing: string, loss: Loss): ScrubError {
  return new ScrubError(
    "connection",
    `Cannot ${doing}: ${reasons[loss]}`,
    "Look at the instance's recent events and at the network between it and this machine, then run again.",
  );
}

/** Looks until it is disposed. Calls `lost` at most once, with what the last look found. `look` asks on another connection. */
export function watchLiveness(
  look: (signal: AbortSignal) => Promise<"running" | Loss>,
  { every, look: limit, misses }: LivenessTimeouts,
  lost: (loss: Loss) => void,
): AsyncDisposable {
  const stop = new AbortController();

  async function lookOnce(): Promise<"running" | Loss> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limit);
    try {
      return await look(AbortSignal.any([stop.signal, late.signal]));
    } catch {
      return "no answer";
    } finally {
      clearTimeout(timer);
    }
  }

  async function watch(): Promise<void> {
    let missed = 0;
    while (await pause(every, stop.signal)) {
      const sight = await lookOnce();
      if (stop.signal.aborted) return;
      if (sight === "running") missed = 0;
      else if (++missed >= misses) return lost(sight);
    }
  }

  const watching = watch();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
}
