/** Waiting for RDS, as the tables in `waits.ts` say; they also say how to change or add a wait. @module */

import { setTimeout as delay } from "node:timers/promises";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { isRdsError, RdsError } from "./errors.ts";
import { instanceStatusClass, NOT_FOUND, snapshotStatusClass, type StatusClass } from "./status_classes.ts";
import {
  type DeletionWaitName,
  type ReadBackName,
  type RepeatedCallName,
  repeatedCalls,
  type StatusWait,
  type StatusWaitName,
  statusWaits,
} from "./waits.ts";

/** How often to read back a change, and how long RDS may take to show it. Times in milliseconds. */
export interface ReadBackOptions {
  readonly pollInterval: number;
  /** How long RDS, which is eventually consistent, may take to show a change. Default a minute, and never more than `timeout`. */
  readonly propagationTimeout?: number;
  /** `--timeout`. */
  readonly timeout?: number;
}

/** How often to read a status, and for how long at most. Times in milliseconds. */
export interface WaitOptions extends ReadBackOptions {
  readonly timeout: number;
  /** `--snapshot-timeout`; absent where no snapshot is waited for. */
  readonly snapshotTimeout?: number;
  readonly log: Log;
}

/** What one read gave. */
export interface Reading<T> {
  readonly status: string;
  readonly value: T;
  /** For a text that is not RDS's own status; without one, the words of the text decide. */
  readonly statusClass?: StatusClass;
  /** Progress, 0 to 1, where RDS has it. Only for display: it often stays at 0 and then jumps. */
  readonly share?: number;
}

/** What is waited for. */
export interface Waited<T> {
  /** The identifier of the instance or snapshot. */
  readonly id: string;
  /** Reads once; undefined if RDS has no such record. */
  readonly read: (signal: AbortSignal) => Promise<Reading<T> | undefined>;
  /** Recent events, for the error's message. */
  readonly events?: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/** The options that set the time limits, for hints. */
const limitOptions = { timeout: "--timeout", snapshotTimeout: "--snapshot-timeout" } as const;

/** How long RDS may take to show a change, in milliseconds. */
export function propagationOf({ propagationTimeout = MINUTE, timeout }: Omit<ReadBackOptions, "pollInterval">): number {
  return Math.min(propagationTimeout, timeout ?? propagationTimeout);
}

/**
 * Waits for a status, and returns the value of the last reading; of a deletion there is none. Transient errors are retried.
 *
 * @throws {ScrubError} `aws-status` on a status that the wait is not for, `aws-timeout` after the timeout.
 * @throws {RdsError} on an error that is not transient.
 */
export function waitFor<T>(
  name: Exclude<StatusWaitName, DeletionWaitName>,
  waited: Waited<T>,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<T>;
export function waitFor<T>(
  name: DeletionWaitName,
  waited: Waited<T>,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<undefined>;
export async function waitFor<T>(
  name: StatusWaitName,
  waited: Waited<T>,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<T | undefined> {
  const wait: StatusWait = statusWaits[name];
  const { log, pollInterval } = options;
  const what = `${wait.of} "${waited.id}"`;
  const limit = options[wait.limit] ?? options.timeout;
  const timeout = AbortSignal.timeout(limit);
  const both = AbortSignal.any([signal, timeout]);
  const shownBy = performance.now() + propagationOf(options);
  let last = "unknown";
  let consecutive = 0;
  try {
    return await poll(waited.read, pollInterval, async (seen) => {
      if (seen instanceof RdsError) {
        last = `unknown (${seen.message})`;
        return undefined;
      }
      const notShownYet = wait.absent === "not shown yet" && performance.now() < shownBy;
      const { status, value, share, statusClass }: Partial<Reading<T>> & { readonly status: string } = seen ??
        { status: notShownYet ? "not found yet" : NOT_FOUND };
      if (status !== last) log.info(`${what} is "${status}"`);
      last = status;
      log.progress({ what: status, ...(share !== undefined && { share }) });
      const kind = statusClass ?? statusClassOf(wait.of, status);
      consecutive = wait.to.includes(kind) ? consecutive + 1 : 0;
      if (consecutive >= wait.consecutive) return { value };
      if (consecutive === 0 && !wait.from.includes(kind)) throw await failure(wait, waited, status, log, both);
      return undefined;
    }, both);
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw new ScrubError(
      "aws-timeout",
      `Cannot ${wait.purpose(waited.id)}: after ${formatDuration(limit)} ${what} is still "${last}"`,
      `Look at its events in the RDS console, or raise ${limitOptions[wait.limit]}.`,
      { cause: error },
    );
  }
}

/**
 * Reads until a change is shown or RDS has had the time to show it, and returns the last value read. Transient errors are retried.
 *
 * @throws {RdsError} on an error that is not transient, or if the last read failed.
 */
export function readBack<T>(
  _name: ReadBackName,
  read: (signal: AbortSignal) => Promise<T>,
  isShown: (seen: T) => boolean,
  options: ReadBackOptions,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + propagationOf(options);
  return poll(read, options.pollInterval, (seen) => {
    const over = performance.now() >= deadline;
    if (seen instanceof RdsError) {
      if (over) throw seen;
      return undefined;
    }
    return over || isShown(seen) ? { value: seen } : undefined;
  }, signal);
}

/** Whether a call that failed so is to be repeated after a pause. */
export function mayRepeat(name: RepeatedCallName, error: unknown): boolean {
  const { refusals, transient } = repeatedCalls[name];
  return isRdsError(error, ...refusals) || transient && error instanceof RdsError && error.transient;
}

/** The class of a status that RDS gives. */
export function statusClassOf(of: "instance" | "snapshot", status: string): StatusClass {
  return of === "instance" ? instanceStatusClass(status) : snapshotStatusClass(status);
}

type Outcome<R> = { readonly value: R } | undefined;

/** Reads until `judge` gives a value; it gets transient errors, too. */
async function poll<T, R>(
  read: (signal: AbortSignal) => Promise<T>,
  interval: number,
  judge: (seen: T | RdsError) => Outcome<R> | Promise<Outcome<R>>,
  signal: AbortSignal,
): Promise<R> {
  let errors = 0;
  while (true) {
    const seen = await readOnce(read, signal);
    const outcome = await judge(seen);
    if (outcome) return outcome.value;
    errors = seen instanceof RdsError ? errors + 1 : 0;
    await pause(interval * Math.min(2 ** errors, 8), signal);
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

async function failure<T>(
  wait: StatusWait,
  { id, events: readEvents }: Waited<T>,
  status: string,
  log: Log,
  signal: AbortSignal,
): Promise<ScrubError> {
  let events: readonly string[] = [];
  try {
    events = (await readEvents?.(signal) ?? []).slice(-5);
  } catch (error) {
    // The status is worth reporting without events, too.
    signal.throwIfAborted();
    log.debug(`no events of ${wait.of} "${id}": ${error instanceof Error ? error.message : ""}`);
  }
  return new ScrubError(
    "aws-status",
    `Cannot ${wait.purpose(id)}: ${wait.of} "${id}" is "${status}"` +
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
