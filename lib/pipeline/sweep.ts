/** Deletes what dead runs left in the account and region. @module */

import type { Rds } from "../rds/api/client.ts";
import { awaitLeftover, deleteLeftover, findLeftovers, type Leftover } from "../rds/ownership/leftovers.ts";
import { MINUTE, type Pace, pause } from "../rds/api/wait.ts";
import { type Failure, failure, ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

/** How to sweep. Times in milliseconds. */
export interface SweepOptions {
  /** The only run to clean up after: the caller knows that it is dead, whatever its heartbeat says. Absent: every dead run. */
  readonly run?: string;
  readonly dryRun: boolean;
  readonly pollInterval: number;
  /** For each deletion. */
  readonly timeout: number;
}

/**
 * Deletes every dead run's workspaces and unfinished snapshots, or only says which. What belongs to a living run or is not
 * provably ours is kept. Returns a sentence for each, and what AWS did not delete.
 *
 * @throws {ScrubError} where AWS does not answer.
 */
export async function sweep(
  rds: Rds,
  { run, dryRun, pollInterval: interval, timeout }: SweepOptions,
  log: Log,
  signal: AbortSignal,
): Promise<{ readonly sentences: readonly string[]; readonly failures: readonly Failure[] }> {
  const sentences: string[] = [];
  const failures: Failure[] = [];
  const known = new Set<string>();
  const pace = { interval, timeout, option: "--timeout", log };
  // RDS shows new instances and snapshots with a delay, and the run may have died right after a call.
  let looks = run === undefined ? 0 : Math.min(6, Math.ceil(MINUTE / interval));
  for (let first = true;; first = false) {
    const found = (await findLeftovers(rds, signal, run)).filter(({ name }) => !known.has(name));
    // Living runs and foreign instances are mentioned once.
    const fresh = first || run !== undefined ? found : found.filter(({ state }) => state === "orphan");
    for (const { name } of found) known.add(name);
    // In parallel: one that cannot be deleted yet must not delay the others.
    const outcomes = dryRun
      ? fresh.map(describe)
      : await Promise.all(fresh.map((leftover) => clear(rds, leftover, run !== undefined, pace, signal)));
    for (const outcome of outcomes) {
      if (typeof outcome === "string") sentences.push(outcome);
      else failures.push(outcome);
    }
    // After an instance's deletion a snapshot of it may appear that was still being made.
    if (dryRun) break;
    if (fresh.length > 0) continue;
    if (looks-- === 0) break;
    await pause(interval, signal);
  }
  return { sentences, failures };
}

/** Deletes a leftover if its run is dead; returns what there is to say of it. */
async function clear(
  rds: Rds,
  leftover: Leftover,
  outlast: boolean,
  pace: Pace,
  signal: AbortSignal,
): Promise<string | Failure> {
  try {
    if (leftover.state === "orphan") {
      await deleteLeftover(rds, leftover, pace, signal);
      return `deleted ${named(leftover)}`;
    }
    if (leftover.state !== "leaving" || !outlast) return describe(leftover);
    await awaitLeftover(rds, leftover, pace, signal);
    return `saw ${named(leftover)} go: AWS deleted it already`;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ScrubError)) throw error;
    // An instance that is being deleted may leave a snapshot.
    return failure(leftover.state === "leaving" ? "leftovers" : error.code, error.message, error.hint);
  }
}

function describe(leftover: Leftover): string {
  switch (leftover.state) {
    case "orphan":
      return `would delete ${named(leftover)}`;
    case "alive":
      return `leaves ${named(leftover)}: the run is alive`;
    case "leaving":
      return `leaves ${named(leftover)}: AWS deletes it already`;
    case "foreign":
      return `leaves ${named(leftover)}: it does not carry all tags of this program; look whose it is`;
  }
}

function named({ kind, name, source, runId }: Leftover): string {
  const of = source === undefined ? "" : ` of "${source}"`;
  return `${kind} "${name}"${of}${runId === undefined ? "" : `, run ${runId}`}`;
}
