/** Waiting for a status in RDS: which statuses to wait through, which to wait for, and how long. Any other fails at once. @module */

import { setTimeout as delay } from "node:timers/promises";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { RdsError } from "./errors.ts";
import type { StatusClass } from "./status_classes.ts";

/** How often to read a status, and for how long at most. Times in milliseconds. */
export interface Pace {
  readonly interval: number;
  readonly timeout: number;
  /** The option that sets the timeout, for the hint. */
  readonly option: string;
  readonly log: Log;
}

/** What one read gave. */
export interface Reading<T> {
  readonly status: string;
  readonly value: T;
  /** Progress, 0 to 1, where RDS has it. Only for display: it often stays at 0 and then jumps. */
  readonly share?: number;
}

/** One wait. */
export interface Wait<T> {
  /** What the error says cannot be done: `restore instance "x"`. */
  readonly purpose: string;
  /** What has the status: `instance "x"`. */
  readonly what: string;
  readonly read: (signal: AbortSignal) => Promise<Reading<T>>;
  readonly classify: (status: string) => StatusClass;
  /** The classes to wait through. */
  readonly pending: readonly StatusClass[];
  /** The classes to wait for. */
  readonly target: readonly StatusClass[];
  /** How many readings in a row must be the target: a new instance is available, then modified, then available. */
  readonly readings: number;
  readonly pace: Pace;
  /** Recent events, for the error's message. */
  readonly events?: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** How often to read back a change, and how long RDS may take to show it. Times in milliseconds. */
export interface ReadBack {
  readonly interval: number;
  readonly lag: number;
}

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/**
 * Waits for the target and returns the last reading's value. Transient errors are retried.
 *
 * @throws {ScrubError} `aws-status` on a status that is neither pending nor target, `aws-timeout` after the timeout.
 * @throws {RdsError} on an error that is not transient.
 */
export async function waitFor<T>(wait: Wait<T>, signal: AbortSignal): Promise<T> {
  const { pace } = wait;
  const timeout = AbortSignal.timeout(pace.timeout);
  const both = AbortSignal.any([signal, timeout]);
  let last = "unknown";
  let inARow = 0;
  let errors = 0;
  try {
    while (true) {
      const seen = await readOnce(wait.read, both);
      if (seen instanceof RdsError) {
        errors++;
        last = `unknown (${seen.message})`;
      } else {
        errors = 0;
        if (seen.status !== last) pace.log.info(`${wait.what} is "${seen.status}"`);
        last = seen.status;
        pace.log.progress({ what: seen.status, ...(seen.share !== undefined && { share: seen.share }) });
        const kind = wait.classify(seen.status);
        inARow = wait.target.includes(kind) ? inARow + 1 : 0;
        if (inARow >= wait.readings) return seen.value;
        if (inARow === 0 && !wait.pending.includes(kind)) throw await failure(wait, seen.status, both);
      }
      await pause(pace.interval * Math.min(2 ** errors, 8), both);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw new ScrubError(
      "aws-timeout",
      `Cannot ${wait.purpose}: after ${formatDuration(pace.timeout)} ${wait.what} is still "${last}"`,
      `Look at its events in the RDS console, or raise ${pace.option}.`,
      { cause: error },
    );
  }
}

/**
 * Reads until the value is as wanted or the lag is over, and returns the last value read. Transient errors are retried.
 *
 * @throws {RdsError} on an error that is not transient, or if the last read failed.
 */
export async function readUntil<T>(
  read: (signal: AbortSignal) => Promise<T>,
  wanted: (seen: T) => boolean,
  { interval, lag }: ReadBack,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + lag;
  while (true) {
    const seen = await readOnce(read, signal);
    const over = performance.now() >= deadline;
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
    // The status is worth reporting without events, too.
    signal.throwIfAborted();
    wait.pace.log.debug(`no events of ${wait.what}: ${error instanceof Error ? error.message : ""}`);
  }
  return new ScrubError(
    "aws-status",
    `Cannot ${wait.purpose}: ${wait.what} is "${status}"` +
      (events.length > 0 ? `; its last events: ${events.map((event) => `"${event}"`).join(", ")}` : ""),
    "Look at its events in the RDS console, fix the cause, then run again.",
  );
}

/**
 * Pauses for about `interval` milliseconds, up to a quarter more or less, so that many runs do not call RDS at the same time.
 * Throws the signal's reason once the signal is aborted.
 */
export async function pause(interval: number, signal: AbortSignal): Promise<void> {
  await delay(interval * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => signal.throwIfAborted());
}

function formatDuration(milliseconds: number): string {
  if (milliseconds >= 2 * MINUTE) return `${Math.round(milliseconds / MINUTE)} minutes`;
  return `${Math.round(milliseconds / 100) / 10} seconds`;
}
