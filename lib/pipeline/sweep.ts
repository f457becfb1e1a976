/** Deletes what dead runs left in the account and region. @module */

import type { Rds } from "../rds/api/client.ts";
import { awaitDeletion, deleteLeftover, findLeftovers, type Leftover } from "../rds/ownership/leftovers.ts";
import { MINUTE, pause, type WaitOptions } from "../rds/api/wait.ts";
import { type Failure, failure, ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

/** How to sweep. Times in milliseconds. */
export interface SweepOptions {
  /** Sweep behind this run only, which the operator knows to be dead. Absent: behind every dead run. */
  readonly run?: string;
  readonly dryRun: boolean;
  readonly pollInterval: number;
  /** For each deletion. */
  readonly timeout: number;
}

/**
 * Deletes every dead run's workspaces, and their snapshots without proof, or only lists them. Does not touch what belongs to a run that is
 * alive, or not provably to this program. Gives a sentence for each, and a failure for each that AWS did not delete.
 *
 * @throws {RdsError} if the instances or snapshots cannot be listed.
 */
export async function sweep(
  rds: Rds,
  { run, dryRun, pollInterval, timeout }: SweepOptions,
  log: Log,
  signal: AbortSignal,
): Promise<{ readonly sentences: readonly string[]; readonly failures: readonly Failure[] }> {
  const sentences: string[] = [];
  const failures: Failure[] = [];
  const known = new Set<string>();
  const options = { pollInterval, timeout, log };
  // RDS may be slow to show what the run made with its last call.
  let moreRounds = run === undefined ? 0 : Math.min(6, Math.ceil(MINUTE / pollInterval));
  for (let first = true;; first = false) {
    const found = (await findLeftovers(rds, signal, run)).filter(({ name }) => !known.has(name));
    // What is not deleted is listed once.
    const fresh = first || run !== undefined ? found : found.filter(({ state }) => state === "abandoned");
    for (const { name } of found) known.add(name);
    // In parallel: one that cannot be deleted yet must not hold up the others.
    const outcomes = dryRun
      ? fresh.map(describe)
      : await Promise.all(fresh.map((leftover) => clear(rds, leftover, run !== undefined, options, signal)));
    for (const outcome of outcomes) {
      if (typeof outcome === "string") sentences.push(outcome);
      else failures.push(outcome);
    }
    // Deleting an instance may bring to light a snapshot that was still being created.
    if (dryRun) break;
    if (fresh.length > 0) continue;
    if (moreRounds-- === 0) break;
    await pause(pollInterval, signal);
  }
  return { sentences, failures };
}

/** Deletes one if its run is dead; gives a sentence on it. */
async function clear(
  rds: Rds,
  leftover: Leftover,
  outlast: boolean,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<string | Failure> {
  try {
    if (leftover.state === "abandoned") {
      await deleteLeftover(rds, leftover, options, signal);
      return `deleted ${named(leftover)}`;
    }
    if (leftover.state !== "deleting" || !outlast) return describe(leftover);
    await awaitDeletion(rds, leftover, options, signal);
    return `waited for ${named(leftover)}: AWS has deleted it`;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ScrubError)) throw error;
    // An instance that is still being deleted may leave a snapshot.
    return failure(leftover.state === "deleting" ? "leftovers" : error.code, error.message, error.hint);
  }
}

function describe(leftover: Leftover): string {
  switch (leftover.state) {
    case "abandoned":
      return `would delete ${named(leftover)}`;
    case "awaited":
      return `leaves ${named(leftover)}: ${
        leftover.kind === "instance"
          ? "AWS is still making its verified snapshot"
          : "it is verified, and AWS is still making it"
      }; datascrubber finish waits for it`;
    case "swapping":
      return `leaves ${
        named(leftover)
      }: it is taking another instance's place; datascrubber finish brings that to its end`;
    case "in progress":
      return `leaves ${named(leftover)}: the run is alive`;
    case "deleting":
      return `leaves ${named(leftover)}: AWS is deleting it`;
    case "foreign":
      return `leaves ${named(leftover)}: it does not carry all tags of this program; find out whose it is`;
  }
}

function named({ kind, name, source, runId }: Leftover): string {
  const of = source === "" ? "" : ` of "${source}"`;
  return `${kind} "${name}"${of}${runId === "" ? "" : `, run ${runId}`}`;
}
