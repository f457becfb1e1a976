/** Waits on RDS as data: what is tolerated, what is wanted, how long. Anything else fails at once. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { RdsError } from "./errors.ts";
import type { StatusClass } from "./status_classes.ts";

/** How often to ask and how long in all, in milliseconds, and where to say how it goes. */
export interface Pace {
  readonly interval: number;
  readonly timeout: number;
  /** The option that sets the time limit, for the hint. */
  readonly option: string;
  readonly log: Log;
}

/** What a reading saw. */
export interface Reading<T> {
  readonly status: string;
  readonly value: T;
  /** How far it is, 0 to 1, where RDS says so. For display alone: it often stays 0 and then jumps. */
  readonly share?: number;
}

/** One wait. */
export interface Wait<T> {
  /** What cannot be done if it fails: `restore instance "x"`. */
  readonly purpose: string;
  readonly what: string;
  readonly read: (signal: AbortSignal) => Promise<Reading<T>>;
  readonly classify: (status: string) => StatusClass;
  readonly pending: readonly StatusClass[];
  readonly target: readonly StatusClass[];
  /** How many readings in a row must be the target: a fresh instance flickers. */
  readonly readings: number;
  readonly pace: Pace;
  /** Recent events, for the message of a failure. */
  readonly events?: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** How often to ask for what RDS was told, and how long it may take to show it, in milliseconds. */
export interface Patience {
  readonly interval: number;
  readonly lag: number;
}

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/**
 * Waits until the target was read often enough; gives the last reading's value. Throws a ScrubError on any status that
 * is neither pending nor target, and when the time is over. Faults that may pass are survived until then.
 */
export async function waitFor<T>(wait: Wait<T>, signal: AbortSignal): Promise<T> {
  const { pace } = wait;
  const limit = AbortSignal.timeout(pace.timeout);
  const both = AbortSignal.any([signal, limit]);
  let last = "unknown";
  let inARow = 0;
  let troubles = 0;
  try {
    while (true) {
      const seen = await readOnce(wait.read, both);
      if (seen instanceof RdsError) {
        troubles++;
        last = `unknown (${seen.message})`;
      } else {
        troubles = 0;
        if (seen.status !== last) pace.log.info(`${wait.what} is "${seen.status}"`);
        last = seen.status;
        pace.log.progress({ what: seen.status, ...(seen.share !== undefined && { share: seen.share }) });
        const kind = wait.classify(seen.status);
        inARow = wait.target.includes(kind) ? inARow + 1 : 0;
        if (inARow >= wait.readings) return seen.value;
        if (inARow === 0 && !wait.pending.includes(kind)) throw await failure(wait, seen.status, both);
      }
      await pause(pace.interval * Math.min(2 ** troubles, 8), both);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new ScrubError(
      "aws-timeout",
      `Cannot ${wait.purpose}: after ${spell(pace.timeout)} ${wait.what} is still "${last}"`,
      `Look at its events in the RDS console, or raise ${pace.option}.`,
      { cause: error },
    );
  }
}

/**
 * Reads until what is read is as wanted, or the patience is over; gives the last reading. Throws the last fault where none
 * came through.
 */
export async function readUntil<T>(
  read: (signal: AbortSignal) => Promise<T>,
  wanted: (seen: T) => boolean,
  { interval, lag }: Patience,
  signal: AbortSignal,
): Promise<T> {
  const until = performance.now() + lag;
  while (true) {
    const seen = await readOnce(read, signal);
    const over = performance.now() >= until;
    if (seen instanceof RdsError) {
      if (over) throw seen;
    } else if (over || wanted(seen)) return seen;
    await pause(interval, signal);
  }
}

async function readOnce<T>(read: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | RdsError> {
  try {
    return await read(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RdsError && error.transient) return error;
    throw error;
  }
}

async function failure<T>(wait: Wait<T>, status: string, signal: AbortSignal): Promise<ScrubError> {
  let events: readonly string[] = [];
  try {
    events = (await wait.events?.(signal) ?? []).slice(-5);
  } catch (error) {
    // Without its events the failure is still the news; an abort is not to be lost.
    signal.throwIfAborted();
    wait.pace.log.debug(`no events of ${wait.what}: ${error instanceof Error ? error.message : ""}`);
  }
  return new ScrubError(
    "aws-status",
    `Cannot ${wait.purpose}: ${wait.what} is "${status}"` +
      (events.length > 0 ? `; its last events: ${events.map((event) => `"${event}"`).join(", ")}` : ""),
    "Look at its events in the RDS console, mend the cause, then run again.",
  );
}

/** Pauses for about `interval` milliseconds, a quarter more or less, so that many runs do not ask at the same time. */
export function pause(interval: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(signal.reason);
  const stop = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener("abort", stop);
    resolve();
  }, interval * (0.75 + Math.random() / 2));
  signal.addEventListener("abort", stop, { once: true });
  return promise;
}

function spell(milliseconds: number): string {
  if (milliseconds >= 2 * MINUTE) return `${Math.round(milliseconds / MINUTE)} minutes`;
  return `${Math.round(milliseconds / 100) / 10} seconds`;
}
