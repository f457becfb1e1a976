/** The command without words: scrubs every source, and reports how it went. @module */

import type { Task } from "../../notify/icinga.ts";
import type { Phase } from "../../core/progress.ts";
import type { ScrubCommand } from "../settings/command.ts";
import { allScrubbers } from "../settings/rule_files.ts";
import { versionText } from "../help/version.ts";
import { failureOf, traceOf } from "../../fleet/failure.ts";
import { runFleet, type Watcher } from "../../fleet/fleet.ts";
import { describeInPlace, describeLeftovers, logEvents, logFailure } from "../../fleet/log_events.ts";
import { alert, alertAtOnce, publish, runReport } from "../../fleet/publish.ts";
import { type Sign, signWith } from "../../report/signed_statement.ts";
import { earlierReport } from "../settings/report_file.ts";
import { countSignals, watchSignals } from "../../fleet/signals.ts";
import { watchUncaughtErrors } from "../../fleet/uncaught_errors.ts";
import { type Failure, ScrubError } from "../../core/errors.ts";
import { exitStatus, exitStatuses, failureStatus, type StopSignal } from "../../core/exit_status.ts";
import { liveName, type LiveScrub } from "../../core/live_database.ts";
import type { RunReport } from "../../core/report.ts";
import { LiveDisplay } from "../../report/display/live_display.ts";
import { loggerFor, setupLogging, type SourceLogger } from "../../report/log/logging.ts";
import { estimatePhases, type PhaseEstimate } from "../../report/display/overall_progress.ts";
import { PlainDisplay } from "../../report/display/plain_display.ts";
import { expectedText, planJson, planText } from "../../report/display/plan_text.ts";
import { type ProgressDisplay, tickEverySecond } from "../../report/display/progress_display.ts";
import { earlierRun } from "../../report/estimate/earlier_run.ts";
import { Redactor } from "../../report/log/redactor.ts";
import { failureLines, runSummary } from "../../report/display/run_summary.ts";
import { terminalFeatures } from "../../report/display/terminal.ts";
import { MINUTE, requestFromAws, setHome, type WorkerMaker, workerTimeouts } from "./worker_requests.ts";
import { outputWidth, print, printError, stderrIsJournal } from "./console.ts";
import { runIdOf } from "./run_id.ts";

/** A run, of sources in RDS or of one database by URL. */
export interface Scrub extends ScrubCommand {
  /** The database, with its password. */
  readonly live?: LiveScrub;
  /** Text to print behind the summary. */
  show?(report: RunReport): string;
}

/**
 * Scrubs every source; returns the exit status. Where the run itself breaks, metrics, Icinga and the webhook are told of that, so
 * that monitoring does not go on showing the last success.
 */
export async function scrub(command: Scrub, createWorker: WorkerMaker): Promise<number> {
  const started = new Date().toISOString();
  const runId = runIdOf(Deno.env.toObject(), Deno.pid);
  try {
    return await run(command, runId, createWorker);
  } catch (error) {
    const { settings } = command;
    const facts = { program: versionText(), runId, started, ended: new Date().toISOString() };
    const report = runReport({ ...facts, exitStatus: exitStatuses.failed, dryRun: settings.dryRun }, []);
    const tasks = settings.icinga ? await tasksOf(settings) : [];
    await alert({
      settings,
      report,
      programFailures: [failureOf(error)],
      tasks,
      warn: (message) => printError(`${message}\n`),
    });
    throw error;
  }
}

async function run(
  { settings, planFormat, signKey, previous, prices, live, show, key = crypto.getRandomValues(new Uint8Array(32)) }:
    Scrub,
  runId: string,
  createWorker: WorkerMaker,
): Promise<number> {
  await setHome();
  const tasks = settings.icinga ? await tasksOf(settings) : [];
  const started = new Date();
  const redactor = new Redactor();
  redactor.add(key);
  if (settings.notify !== undefined) redactor.add(settings.notify);
  if (live && live.request.target.password !== "") redactor.add(live.request.target.password);

  const { live: animated, colour } = terminalFeatures(Deno.env.toObject(), Deno.stderr.isTerminal());
  const earlier = previous ?? await earlierReport(settings.report);
  const display = createDisplay(animated, { ...settings, inPlace: live !== undefined }, earlier);
  const logging = setupLogging({
    ...(settings.logMode !== undefined && { mode: settings.logMode }),
    level: settings.logLevel,
    format: settings.logFormat,
    run: runId,
    terminal: Deno.stderr.isTerminal(),
    journal: await stderrIsJournal(),
    colour,
    write: (text) => display.print(text),
    redactor,
  });
  const log = loggerFor();
  /** Whether standard error is the log in JSON, on which nothing else goes. Syslog is another place, and sends later. */
  const isJsonOnly = () => settings.logFormat === "json" && logging.mode === "console";
  /** Tells of failures of main itself on standard error. */
  function complain(failure: Failure): void {
    if (isJsonOnly()) logFailure(log, failure);
    else printError(`${failureLines(failure).join("\n")}\n`);
  }
  const watcher = logEvents(loggerFor, display);

  const stop = new AbortController();
  const own: Failure[] = []; // failures of main itself
  let interruptedBy: StopSignal | undefined;
  const signals = countSignals((name) => {
    interruptedBy = name;
    stop.abort(name);
    log.warn(`${name}: stopping and cleaning up; once more to leave at once`);
  }, (name) => {
    display.close();
    const leftovers = live ? describeInPlace(liveName(live.request.target)) : describeLeftovers(watcher.liveWorkspaces);
    if (isJsonOnly()) log.critical(leftovers);
    else printError(leftovers);
    alertAtOnce(settings, tasks, failureOf(new ScrubError("interrupted", `Cannot go on: stopped by ${name}`, "")));
    Deno.exit(exitStatuses[name]); // at once: the operator does not want to wait
  });
  using _signals = watchSignals(signals);
  using _uncaught = watchUncaughtErrors((error) => {
    own.push(failureOf(error));
    stop.abort("an unexpected error in the program");
    for (const line of traceOf(error)) log.critical(line);
  });

  using ticks = tickEverySecond(display);
  const firstEvent = onFirstEvent(watcher, () => log.info(`${versionText()}, run ${runId}`));
  const outcomes = await runFleet({
    settings,
    runId,
    key,
    started,
    estimates: ({ value }) => {
      const ofSource = earlierRun(earlier, value);
      return { ...(prices && { prices }), ...(ofSource && { earlier: ofSource }) };
    },
    watcher: firstEvent,
    createWorker,
    timeouts: workerTimeouts,
    ...(live && { live }),
  }, stop.signal);
  ticks[Symbol.dispose]();
  display.close();
  const unusable = outcomes.find(({ failure }) => failure?.kind === "usage")?.failure;
  if (unusable && !firstEvent.happened) {
    const isTold = isJsonOnly();
    if (isTold) complain(unusable);
    await logging.close();
    if (isTold) return failureStatus(unusable);
    throw new ScrubError(unusable.code, unusable.message, unusable.hint);
  }

  const failures = [...outcomes.flatMap(({ failure }) => failure ? [failure] : []), ...own];
  const status = exitStatus(failures, own.length === 0 ? interruptedBy : undefined);
  const told = runReport({
    program: versionText(),
    runId,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    exitStatus: status,
    dryRun: settings.dryRun,
  }, outcomes);
  const report = await estimated(told, { settings, prices, earlier });
  if (planFormat === undefined) print(`${runSummary(report)}${show?.(report) ?? ""}`);
  else {
    const plans = report.sources.flatMap(({ plan = [] }) => plan);
    // In JSON the log has them.
    if (!isJsonOnly()) { for (const { failure } of report.sources) if (failure) complain(failure); }
    const estimates = Object.fromEntries(
      report.sources.flatMap(({ requested, estimate, classChoice, finishBy }) =>
        estimate
          ? [[requested, { ...estimate, ...(classChoice && { classChoice }), ...(finishBy && { finishBy }) }]]
          : []
      ),
    );
    print(
      planFormat === "json"
        ? planJson(plans, [], estimates)
        : `${planText(plans, outputWidth())}${expectedText(report.sources, outputWidth())}`,
    );
  }
  for (const failure of own) complain(failure);
  const sign = signKey
    ? signWith(signKey)
    : settings.signKmsKey && signInKms(settings, settings.signKmsKey, createWorker, log);
  const published = await publish({
    settings,
    report,
    programFailures: own,
    tasks,
    ...(sign && { sign }),
    previous,
    strategySummaries,
    tagWithReport: async ({ id: snapshot, region = settings.region }, digest, signature) => {
      const tied = { snapshot, runId, digest, ...(signature !== undefined && { signature }) };
      const request = { type: "tag", ...tied, ...(region !== undefined && { region }) } as const;
      await requestFromAws(createWorker, request, settings.logLevel, 5 * MINUTE, (record) => log.pass(record));
    },
    reportMissing: (message) => isJsonOnly() ? log.error(message) : printError(`${message}\n`),
    warn: (message) => log.warn(message),
  });
  await logging.close();
  return published ? status : status || exitStatuses.failed;
}

/** The report with estimates: the module is loaded at the end, where it is needed. */
async function estimated(
  report: RunReport,
  { settings, prices, earlier }: Pick<Scrub, "settings" | "prices"> & { readonly earlier: RunReport | undefined },
): Promise<RunReport> {
  const { withEstimates } = await import("../../report/estimate/estimate.ts");
  const { builtInPrices } = await import("../../report/estimate/prices.ts");
  return withEstimates(report, { settings, prices: prices ?? builtInPrices(), ...(earlier && { earlier }) });
}

/** By name, in one sentence each. Loaded where a page is written: the run itself needs strategies in its workers alone. */
async function strategySummaries(): Promise<ReadonlyMap<string, string>> {
  const { strategies } = await import("../../scrub/rules/strategy/mod.ts");
  return new Map([...strategies].map(([name, { description }]) => [name, description.summary]));
}

/** Signs with a key of KMS. Rejects with a ScrubError where AWS does not sign. */
function signInKms(
  { region, logLevel }: Scrub["settings"],
  key: string,
  createWorker: WorkerMaker,
  log: SourceLogger,
): Sign {
  return async (message) => {
    const request = {
      type: "sign",
      key,
      message: message.toBase64(),
      ...(region !== undefined && { region }),
    } as const;
    const answer = await requestFromAws(createWorker, request, logLevel, 5 * MINUTE, (record) => log.pass(record));
    if (answer.type !== "signed") throw new TypeError(`Cannot sign: the worker answered "${answer.type}"`);
    return Uint8Array.fromBase64(answer.signature);
  };
}

/** A watcher that says when the first source begins. What ends before that for want of a region or credentials is no run. */
function onFirstEvent(watcher: Watcher, begin: () => void): Watcher & { readonly happened: boolean } {
  let happened = false;
  const first = () => {
    if (!happened) begin();
    happened = true;
  };
  return {
    get happened() {
      return happened;
    },
    event(request, event) {
      if (event.type !== "log") first(); // a trace of the failure is no beginning
      watcher.event(request, event);
    },
    granted: (request, workspace) => watcher.granted(request, workspace),
    ended(outcome) {
      if (outcome.failure?.kind === "usage" && !happened) return;
      first();
      watcher.ended(outcome);
    },
  };
}

/** The scrubbers for the sources' engines. */
async function tasksOf({ sources, ruleFiles = [] }: Scrub["settings"]): Promise<readonly Task[]> {
  return (await allScrubbers(ruleFiles)).filter((scrubber) => sources.some(({ engine }) => engine === scrubber.engine))
    .map(({ name, engine }) => ({ name, engine }));
}

/** Lines in JSON would be garbled by lines that are redrawn between them. */
function createDisplay(
  animated: boolean,
  settings: Scrub["settings"] & { readonly inPlace: boolean },
  earlier: RunReport | undefined,
): ProgressDisplay {
  const now = () => performance.now();
  const write = printError;
  function estimates(source: string): readonly PhaseEstimate[] {
    return estimatePhases(settings, earlier?.sources.find(({ requested }) => requested === source));
  }
  if (animated && settings.logFormat === "text") {
    const sources = settings.sources.map(({ value }) => value);
    return new LiveDisplay({ sources, write, now, size: () => Deno.consoleSize(), estimates });
  }
  const say = (source: string, phase: Phase, message: string) => loggerFor(source).info(message, phase);
  return new PlainDisplay({ write, now, say, estimates });
}
