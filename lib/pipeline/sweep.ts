/** Deletes what dead runs left in the account and region. @module */

import type { Rds } from "../rds/client.ts";
import { findRemnants, type Remnant, removeRemnant } from "../rds/sweep.ts";
import { type Failure, ScrubError } from "../report/error.ts";
import type { Journal } from "../report/log.ts";

/** How to sweep. Times in milliseconds. */
export interface SweepOptions {
  readonly dryRun: boolean;
  readonly pollInterval: number;
  /** For each deletion. */
  readonly timeout: number;
}

/**
 * Deletes every dead run's workspaces and unfinished snapshots, or only says which. What belongs to a living run or is not
 * provably ours stays. Gives a sentence for each, and what AWS did not let go; throws where AWS does not answer at all.
 */
export async function sweep(
  rds: Rds,
  { dryRun, pollInterval: interval, timeout }: SweepOptions,
  journal: Journal,
  signal: AbortSignal,
): Promise<{ readonly sentences: readonly string[]; readonly failures: readonly Failure[] }> {
  const sentences: string[] = [];
  const failures: Failure[] = [];
  let found = await findRemnants(rds, signal);
  // Deleting a dead run's instance may take a snapshot of it to light that was still being made.
  for (let round = 0; round < 2; round++) {
    for (const remnant of found) {
      if (remnant.state !== "orphan" || dryRun) {
        sentences.push(describe(remnant));
        continue;
      }
      try {
        await removeRemnant(rds, remnant, { interval, timeout, option: "--timeout", journal }, signal);
        sentences.push(`deleted ${named(remnant)}`);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ScrubError)) throw error;
        failures.push({ kind: error.kind, message: error.message, hint: error.hint, also: [] });
      }
    }
    if (dryRun || failures.length > 0) break;
    const known = new Set(found.map(({ name }) => name));
    found = (await findRemnants(rds, signal)).filter(({ name, state }) => state === "orphan" && !known.has(name));
  }
  return { sentences, failures };
}

function describe(remnant: Remnant): string {
  switch (remnant.state) {
    case "orphan":
      return `would delete ${named(remnant)}`;
    case "alive":
      return `leaves ${named(remnant)}: the run is alive`;
    case "leaving":
      return `leaves ${named(remnant)}: AWS deletes it already`;
    case "foreign":
      return `leaves ${named(remnant)}: it does not carry all tags of this program; look whose it is`;
  }
}

function named({ kind, name, source, runId }: Remnant): string {
  const of = source === undefined ? "" : ` of "${source}"`;
  return `${kind} "${name}"${of}${runId === undefined ? "" : `, run ${runId}`}`;
}
