/**
 * Watches a statement that may run for hours. A server that vanished, or a network that drops packets, looks like a long statement;
 * TCP keep-alive takes a quarter of an hour to notice. @module
 */

import { ScrubError } from "../core/errors.ts";
import { pause } from "../core/pause.ts";

/** How often to check, in milliseconds, and after how many failed checks to give up. */
export interface LivenessTimeouts {
  /** Between checks. */
  readonly every: number;
  /** For one check. */
  readonly look: number;
  /** Failed checks in a row after which the statement is lost. More than one: a server may restart. */
  readonly misses: number;
}

/** What the program uses: a lost server is noticed in less than two minutes, whatever runs. */
export const livenessTimeouts: LivenessTimeouts = { every: 15_000, look: 20_000, misses: 3 };

/** Why a statement counts as lost: the server does not run it, or does not answer at all. */
export type Loss = "not running" | "no answer";

const reasons: Readonly<Record<Loss, string>> = {
  "not running": "the server no longer runs the statement, and sent no answer",
  "no answer": "the server no longer answers, not even on a new connection",
};

/** The error of a statement that counts as lost. */
export function lostStatement(doing: string, loss: Loss): ScrubError {
  return new ScrubError(
    "connection",
    `Cannot ${doing}: ${reasons[loss]}`,
    "Look at the server's log and recent events, and at the network between it and this machine, then run again.",
  );
}

/** Checks until it is disposed. Calls `lost` at most once, with what the last check found. `look` asks on another connection. */
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
