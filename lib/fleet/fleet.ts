/** Runs one worker for each source, in parallel. None stops another. @module */

import type { Settings, SourceRequest } from "../core/settings.ts";
import type { LiveScrub } from "../core/live_database.ts";
import { type Failure, failure } from "../core/errors.ts";
import type { SourceReport } from "../core/report.ts";
import type { RunEstimates } from "../report/estimate/earlier_run.ts";
import { SourceReportBuilder } from "../report/report_builder.ts";
import { Claims } from "./claims.ts";
import {
  type Ending,
  openWorkerChannel,
  type WorkerChannel,
  type WorkerEvent,
  type WorkerTimeouts,
} from "./worker_channel.ts";
import { withAlso } from "./failure.ts";

/** The outcome of one source. Without a failure it is done. */
export interface Outcome {
  readonly request: SourceRequest;
  readonly report: SourceReport;
  readonly failure?: Failure;
}

/** Follows the fleet while it runs. */
export interface Watcher {
  /** A worker sent an event. */
  event(request: SourceRequest, event: WorkerEvent): void;
  /** From now on a workspace may exist. Not called in a dry run. */
  granted(request: SourceRequest, workspace: string): void;
  /** The source has ended. Its workspace is deleted, unless the failure's kind is `leftovers`. */
  ended(outcome: Outcome): void;
}

/** What a fleet needs. */
export interface FleetRun {
  readonly settings: Settings;
  readonly runId: string;
  /** The run's pseudonym key, 32 bytes. */
  readonly key: Uint8Array;
  /** When the run began. */
  readonly started: Date;
  /** What is known for estimates of a source before its restore. */
  readonly estimates?: (request: SourceRequest) => RunEstimates;
  /** The database, where the only source is one by URL. It has no workspace, and claims none. */
  readonly live?: LiveScrub;
  readonly watcher: Watcher;
  readonly timeouts: WorkerTimeouts;
  createWorker(): Worker;
}

/**
 * Runs all sources and resolves when every one has ended, in the order of the settings. No source gets its workspace before
 * all have claimed theirs. Aborting the signal stops every worker; its reason, as text, says what stopped them.
 */
export function runFleet(run: FleetRun, signal: AbortSignal): Promise<readonly Outcome[]> {
  const { sources } = run.settings;
  const claims = new Claims(sources.length);
  return Promise.all(sources.map((request) => runOne(request, run, claims, signal)));
}

async function runOne(request: SourceRequest, run: FleetRun, claims: Claims, signal: AbortSignal): Promise<Outcome> {
  const { settings, runId, key, live, watcher } = run;
  const known = new SourceReportBuilder(request);
  const refusal = new AbortController();
  let workspace: string | undefined;
  let refused: Failure | undefined;
  let granted = false;
  let over = false;

  function onEvent(event: WorkerEvent): string | undefined {
    if (event.type === "phase") known.begin(event.phase, Date.now());
    if (event.type === "claim") {
      if (workspace !== undefined) return "claimed a workspace twice";
      workspace = event.workspace;
      known.set({ source: event.source, workspace });
      claims.claim(request, workspace).then((verdict) => {
        if (over) return;
        if (!verdict.granted) {
          refused = verdict.failure;
          return refusal.abort("the other sources of this run");
        }
        if (signal.aborted) return; // the stop is on its way
        granted = true;
        if (!settings.dryRun) watcher.granted(request, event.workspace);
        channel.send({ type: "go" });
      });
    }
    watcher.event(request, event);
  }

  function checkEnding(ending: Ending): Exclude<Ending, { type: "answered" | "unanswered" }> {
    if (ending.type === "answered" || ending.type === "unanswered") {
      return { type: "lost", why: "answered a request that was not made" };
    }
    if (ending.type !== "done" || settings.dryRun) return ending;
    if (live) return ending.report.live ? ending : { type: "lost", why: "said that it is done, but not what it did" };
    if (!granted) return { type: "lost", why: "said that it is done before it was told to begin" };
    if (ending.report.snapshot === undefined && !settings.planOnly) {
      return { type: "lost", why: "said that it is done, but named no snapshot" };
    }
    return ending;
  }

  const channel: WorkerChannel = openWorkerChannel(
    run.createWorker,
    {
      type: "start",
      ...{ request, settings, runId, key, started: run.started },
      ...(run.estimates && { estimates: run.estimates(request) }),
      ...(live && { live }),
    },
    run.timeouts,
    onEvent,
    AbortSignal.any([signal, refusal.signal]),
  );
  const ending = checkEnding(await channel.ending);
  over = true;
  if (workspace === undefined) claims.dropOut();
  known.begin(undefined, Date.now());

  let outcome: Outcome;
  if (ending.type === "done") outcome = { request, report: ending.report };
  else if (ending.type === "failed") outcome = { request, report: ending.report, failure: refused ?? ending.failure };
  else {
    const left = granted && !settings.dryRun ? workspace : undefined;
    outcome = { request, report: known.report, failure: refused ?? await cleanUp(request, run, left, ending.why) };
  }
  try {
    watcher.ended(outcome);
  } catch (error) {
    reportError(error); // to watchUncaughtErrors(): the other sources are still running
  }
  return outcome;
}

/** How far the worker was is not known; scratch, or its mark, is in the database. */
function lostInPlace({ value }: SourceRequest, why: string): Failure {
  return failure(
    "leftovers",
    `Cannot finish "${value}": its worker ${why}; the database may be changed in part, and may hold scratch`,
    "Scrub it again, which removes scratch, or says what to do first; or drop it: it may hold personal data. Drop no scratch by hand: " +
      "on MySQL a table may be there alone.",
  );
}

/** Deletes the workspace of a lost worker by a fresh one, which a stop does not stop. */
async function cleanUp(
  request: SourceRequest,
  run: FleetRun,
  workspace: string | undefined,
  why: string,
): Promise<Failure> {
  const { settings, runId, live, watcher } = run;
  if (live) return lostInPlace(request, why);
  const loss = failure(
    "worker-lost",
    `Cannot finish "${request.value}": its worker ${why}`,
    "No unverified copy of it is left in AWS: run it again. If it happens again, report it with the log of --log-level DEBUG.",
  );
  if (workspace === undefined) return loss;
  const { ending } = openWorkerChannel(
    run.createWorker,
    { type: "clean", request, workspace, settings, runId },
    run.timeouts,
    (event) => {
      if (event.type === "claim") return "claimed a workspace when told to delete one";
      watcher.event(request, event);
    },
    new AbortController().signal,
  );
  const answer = await ending;
  if (answer.type === "done") return loss;
  const cause = answer.type === "failed" ? answer.failure : failure(
    "leftovers",
    `Cannot delete workspace "${workspace}": the worker sent for it ${
      answer.type === "lost" ? answer.why : "answered a request that was not made"
    }`,
    `Delete the RDS instance "${workspace}" without a final snapshot.`,
  );
  return withAlso(
    failure(
      "leftovers",
      `Cannot finish "${request.value}": its worker ${why}, and workspace "${workspace}" may still exist`,
      `Delete the RDS instance "${workspace}" without a final snapshot: it may hold unscrubbed data.`,
    ),
    [cause],
  );
}
