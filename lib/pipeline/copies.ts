/** Hands a verified snapshot over in other regions: copies it, shares the copies, prunes there. @module */

import type { Log } from "../core/log.ts";
import type { CopyTarget } from "../core/settings.ts";
import type { Rds } from "../rds/api/client.ts";
import type { Named } from "../rds/api/names.ts";
import { encryptionOf } from "../rds/api/records.ts";
import type { WaitOptions } from "../rds/api/wait.ts";
import { type CopyRequest, copyToRegion } from "../rds/snapshot/copy_to_region.ts";
import { describeReceivers } from "../rds/snapshot/receivers.ts";
import { newestOf, pruneSnapshots } from "../rds/snapshot/share_and_prune.ts";
import type { SourceReportBuilder } from "../report/report_builder.ts";

/** Which copies to make of which snapshot. */
export interface Copies extends Pick<CopyRequest, "id" | "accounts" | "how"> {
  readonly source: Pick<Named, "name" | "rdsEngine">;
  readonly targets: readonly CopyTarget[];
  /** How many snapshots of the source stay in each region; 0: all. */
  readonly keep: number;
}

/**
 * Makes all copies at once. One that fails does not stop the others. What was done is in the report.
 *
 * @throws {ScrubError} as `copyToRegion`; AggregateError of those where several fail.
 */
export async function makeCopies(
  rds: Rds,
  { targets, ...copies }: Copies,
  { log, ...options }: WaitOptions,
  report: SourceReportBuilder,
  signal: AbortSignal,
): Promise<void> {
  const outcomes = await Promise.allSettled(targets.map((target) => {
    const named = { ...options, log: targets.length > 1 ? withRegion(log, target.region) : log };
    return makeCopy(rds, copies, target, named, report, signal);
  }));
  const errors = outcomes.flatMap((outcome) => outcome.status === "rejected" ? [outcome.reason] : []);
  if (errors.length === 0) return;
  throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

async function makeCopy(
  rds: Rds,
  { id, source, keep, ...copies }: Omit<Copies, "targets">,
  target: CopyTarget,
  options: WaitOptions,
  report: SourceReportBuilder,
  signal: AbortSignal,
): Promise<void> {
  using there = rds.inRegion(target.region);
  const copiedFrom = await rds.region(signal);
  const request = { ...copies, id, source: source.name, target };
  const { copy, accounts } = await copyToRegion(rds, there, request, options, signal);
  const done = {
    region: target.region,
    snapshot: id,
    encryption: encryptionOf(copy),
    sharedWith: accounts,
    ...(accounts.length > 0 && { receivers: describeReceivers(copy) }),
  };
  const others = report.report.copies ?? [];
  report.set({ copies: [...others, { ...done, pruned: [] }] });
  const { name, rdsEngine } = source;
  const copied = { name, rdsEngine, copiedFrom };
  // Of an earlier run's there may be a newer one.
  const newest = copies.how === "exactly" ? id : await newestOf(there, copied, signal) ?? id;
  for await (const old of pruneSnapshots(there, { source: copied, keep, newest }, signal)) {
    const made = report.report.copies ?? [];
    report.set({
      copies: made.map((one) =>
        one.region === target.region && one.snapshot === id ? { ...one, pruned: [...one.pruned, old] } : one
      ),
    });
  }
}

/** Several regions at once would log the same sentences. */
function withRegion(log: Log, region: string): Log {
  return {
    debug: (message, ...rest) => log.debug(`${region}: ${message}`, ...rest),
    info: (message, ...rest) => log.info(`${region}: ${message}`, ...rest),
    warn: (message, ...rest) => log.warn(`${region}: ${message}`, ...rest),
    progress: ({ what, ...rest }) => log.progress({ ...rest, what: `${region}: ${what}` }),
  };
}
