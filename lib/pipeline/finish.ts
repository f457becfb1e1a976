/** Finishes what earlier runs verified and did not come to share: before the source's next run, and by the command `finish`. @module */

import { durationText } from "../core/duration_text.ts";
import { type Failure, failure, ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Phase } from "../core/progress.ts";
import type { SourceOutcome } from "../core/report.ts";
import type { Settings } from "../core/settings.ts";
import type { Rds } from "../rds/api/client.ts";
import { isRdsEngine, rdsEngines, refreshing, tag } from "../rds/api/names.ts";
import { encryptionOf } from "../rds/api/records.ts";
import type { WaitOptions } from "../rds/api/wait.ts";
import {
  copiesToMake,
  findUnfinished,
  findUnfinishedOf,
  isAwaited,
  isToBeShared,
  refreshToMake,
  type UnfinishedSnapshot,
  untilFinished,
} from "../rds/snapshot/finish.ts";
import { deleteInstanceOf } from "../rds/ownership/leftovers.ts";
import { newestOf, pruneSnapshots, shareUnshared } from "../rds/snapshot/share_and_prune.ts";
import { describeReceivers } from "../rds/snapshot/receivers.ts";
import type { Source } from "../rds/source/source.ts";
import { SourceReportBuilder } from "../report/report_builder.ts";
import { makeCopies } from "./copies.ts";
import { isSuperseded, recoverSuccessors, refreshInstance, tell } from "./refresh.ts";
import type { SourceRun } from "./run.ts";

/**
 * Before a run: waits for verified snapshots that earlier runs of the source did not come to wait for, and shares and copies what these
 * did not. Where that fails, the run goes on; it tries to share again at its end.
 *
 * @throws {ScrubError} `leftovers` where AWS is still making one at the time limit.
 */
export async function finishEarlier(
  rds: Rds,
  source: Source,
  { settings, timeouts, log, report }: Pick<SourceRun, "settings" | "timeouts" | "log" | "report">,
  signal: AbortSignal,
): Promise<void> {
  const { shareWith, snapshotRetention } = settings;
  const options = { ...settings, ...timeouts, log };
  for (const earlier of await findUnfinishedOf(rds, source, signal)) {
    const { snapshot: { id }, runId } = earlier;
    try {
      log.info(
        isAwaited(earlier)
          ? `waiting for snapshot "${id}", which run ${runId} verified and RDS is still making, for up to ${
            durationText(settings.snapshotTimeout)
          }`
          : `finishing snapshot "${id}", which run ${runId} verified and did not come to share`,
      );
      const finished = await untilFinished(rds, earlier, options, signal);
      if (shareWith.length > 0 && isToBeShared(finished)) {
        await shareUnshared(rds, { id }, shareWith, options, signal);
        report.set({ sharedEarlier: [...report.report.sharedEarlier ?? [], id] });
      }
      // Whom they are to be shared with is not known before the snapshot is shared.
      const targets = shareWith.length === 0 && isToBeShared(finished) ? [] : copiesToMake(finished);
      const copies = { id, source, targets, accounts: shareWith, keep: snapshotRetention };
      await makeCopies(rds, { ...copies, how: "at least" }, options, report, signal).catch((error) => {
        signal.throwIfAborted();
        // What RDS is still copying holds up no run.
        for (const one of errorsIn(error)) warn(log, one);
      });
      const target = refreshToMake(finished);
      if (target !== undefined && target !== settings.refresh) {
        log.warn(`"${target}" is not refreshed with "${id}" yet: datascrubber finish does it`);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ScrubError && error.code === "leftovers") throw error;
      warn(log, error);
    }
  }
}

/** The same as sentences, for a dry run. Only reads. */
export async function describeFinish(
  rds: Rds,
  source: Source,
  { shareWith, snapshotTimeout }: Pick<Settings, "shareWith" | "snapshotTimeout">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return (await findUnfinishedOf(rds, source, signal)).flatMap((earlier) => {
    const { snapshot: { id }, runId } = earlier;
    if (isAwaited(earlier)) {
      return [
        `wait up to ${
          durationText(snapshotTimeout)
        } for snapshot "${id}", which run ${runId} verified and RDS is still making`,
      ];
    }
    if (!isToBeShared(earlier) || shareWith.length === 0) return [];
    return [`share snapshot "${id}", which run ${runId} verified and did not come to share`];
  });
}

/** What to finish, and how. Times in milliseconds. */
export interface FinishOptions extends Omit<WaitOptions, "log"> {
  /** DBInstanceIdentifiers of sources; empty: all. */
  readonly sources: readonly string[];
  /** Only what this run left, which the operator knows to be dead. */
  readonly run?: string;
  /** The accounts that what is to be shared is shared with. */
  readonly shareWith: readonly string[];
  /** How many scrubbed snapshots of a source stay; 0: all. */
  readonly snapshotRetention: number;
}

/**
 * Waits for, shares, copies and prunes what runs verified and left, source by source. Touches only what carries its proof, of runs that are
 * dead or have given up, so that it may be repeated at any time. Gives a report of each source that had something to finish.
 *
 * @throws {RdsError} if the snapshots cannot be listed.
 */
export async function finish(
  rds: Rds,
  { sources, run, ...options }: FinishOptions,
  log: Log,
  signal: AbortSignal,
): Promise<readonly SourceOutcome[]> {
  const recovered = await recoverEarlier(
    rds,
    { sources, ...(run !== undefined && { run }) },
    { ...options, log },
    signal,
  );
  const all = await findUnfinished(rds, { ...(run !== undefined && { run }) }, signal);
  const wanted = all.filter(({ source }) => sources.length === 0 || sources.includes(source));
  // Copies from another region are another source's, even of the same name.
  const bySource = Map.groupBy(wanted, ({ workspace, copiedFrom }) => `${workspace} ${copiedFrom}`);
  // In parallel: one that AWS is still making must not hold up the others.
  const finished = await Promise.all(
    [...bySource.values()].map((unfinished) =>
      finishSource(rds.ofWorkspace(unfinished[0]?.workspace ?? ""), unfinished, { ...options, log }, signal)
    ),
  );
  return [...recovered, ...finished];
}

/** Gives names back to instances that dead runs left between two names, before anything that takes longer. */
async function recoverEarlier(
  rds: Rds,
  { sources, run }: Pick<FinishOptions, "sources" | "run">,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<readonly SourceOutcome[]> {
  const of = run === undefined ? [{}] : [{ run }];
  const wanted = sources.length === 0 ? of : sources.map((source) => ({ source, ...of[0] }));
  const outcomes: SourceOutcome[] = [];
  for (const one of wanted) {
    for (const { successor, refreshed, error } of await recoverSuccessors(rds, one, options, signal)) {
      if (!refreshed && error === undefined) continue;
      const { source: name, instance: { engine } } = successor;
      const known = isRdsEngine(engine) ? rdsEngines[engine].engine : "postgresql";
      const report = new SourceReportBuilder({ engine: known, kind: "instance", value: name });
      report.set({ source: name, ...(successor.snapshot !== "" && { snapshot: successor.snapshot }) });
      if (refreshed) tell(refreshed, options.log, report);
      const { aws: _, ...outcome } = report.report;
      outcomes.push({ ...outcome, ...(error !== undefined && { failure: failureOf(error) }) });
    }
  }
  return outcomes;
}

async function finishSource(
  rds: Rds,
  unfinished: readonly UnfinishedSnapshot[],
  options: Omit<FinishOptions, "sources" | "run"> & WaitOptions,
  signal: AbortSignal,
): Promise<SourceOutcome> {
  const [first] = unfinished;
  if (!first) throw new TypeError("Cannot finish: there is nothing");
  const { source: name, workspace, rdsEngine, copiedFrom } = first;
  const source = { name, rdsEngine, ...(copiedFrom !== "" && { copiedFrom }) };
  const report = new SourceReportBuilder({ engine: rdsEngines[rdsEngine].engine, kind: rds.kind, value: name });
  report.set({ source: name, workspace });
  const { shareWith, snapshotRetention: keep } = options;
  const failures: Failure[] = [];
  const shared: string[] = [];
  const begin = (phase?: Phase) => report.begin(phase, Date.now());
  for (const one of unfinished) {
    const { snapshot: { id } } = one;
    try {
      begin("snapshot");
      const finished = await untilFinished(rds, one, options, signal);
      report.set({ snapshot: id, snapshotEncryption: encryptionOf(finished.snapshot) });
      const left = await deleteInstanceOf(rds, finished, options, signal);
      if (left !== undefined) report.set({ orphans: [left] });
      begin("share");
      if (isToBeShared(finished)) {
        refuseWithoutAccounts(id, shareWith);
        await shareUnshared(rds, { id }, shareWith, options, signal);
        report.set({ receivers: describeReceivers(finished.snapshot) });
        shared.push(id);
      }
      const targets = copiesToMake(finished);
      if (targets.length > 0) {
        begin("copy");
        const copies = { id, source, targets, accounts: shareWith, keep };
        await makeCopies(rds, { ...copies, how: "at least" }, options, report, signal);
      }
      const target = refreshToMake(finished);
      if (target === undefined) continue;
      if (await isSuperseded(rds, { id, source, target }, signal)) {
        await rds.tag(finished.snapshot.arn, { [tag.refreshes]: refreshing.done(target) }, signal);
        continue;
      }
      begin("refresh");
      await refreshInstance(rds, { id, source, target, runId: finished.runId }, options, report, signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(...errorsIn(error).map(failureOf));
    }
  }
  try {
    if (failures.length === 0) {
      begin("prune");
      const newest = await newestOf(rds, source, signal);
      for await (const id of pruneSnapshots(rds, { source, keep, newest: newest ?? "" }, signal)) {
        report.set({ pruned: [...report.report.pruned, id] });
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    failures.push(failureOf(error));
  }
  begin();
  if (shared.length > 0) report.set({ sharedWith: shareWith });
  const earlier = shared.filter((id) => id !== report.report.snapshot);
  if (earlier.length > 0) report.set({ sharedEarlier: earlier });
  const [found, ...also] = failures;
  const { aws: _, ...outcome } = report.report;
  return { ...outcome, ...(found && { failure: { ...found, also } }) };
}

function refuseWithoutAccounts(id: string, shareWith: readonly string[]): void {
  if (shareWith.length > 0) return;
  throw new ScrubError(
    "share",
    `Cannot share snapshot "${id}": its run was to share it, and no accounts are given`,
    "Give --share-with, or --config with the configuration file of the run.",
  );
}

function warn(log: Log, error: unknown): void {
  if (!(error instanceof ScrubError)) throw error;
  log.warn(`${error.message}. ${error.hint}`);
}

/** What {@linkcode makeCopies} throws may be several. */
function errorsIn(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof ScrubError)) throw error;
  return failure(error.code, error.message, error.hint);
}
