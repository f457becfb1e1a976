/** Carries out a worker's orders: runs one source, cleans up after a lost worker, or answers a request. @module */

import type { LogLevelName } from "../core/settings.ts";
import type { runWorkerRequest } from "../pipeline/worker_requests.ts";
import type { SourceRun } from "../pipeline/run.ts";
import type { cleanWorkspace } from "../pipeline/run_source.ts";
import { type Failure, failure, ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { LogFields } from "../core/progress.ts";
import { SourceReportBuilder } from "../report/report_builder.ts";
import { failureAfterStop, failureOf, traceOf } from "./failure.ts";
import { watchHeap } from "./heap.ts";
import type { Message, Order } from "./protocol.ts";
import { watchUncaughtErrors } from "./uncaught_errors.ts";
import type { WorkerRequest, WorkerResponse } from "../core/worker_request.ts";

/** The part of a worker's global scope that is needed. */
export interface Scope {
  postMessage(message: Message): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Order>) => void): void;
}

/** What carries the orders out. */
export interface WorkerHandlers {
  /** The pipeline, with the registry of scrubbers bound. */
  readonly runSource: (run: Omit<SourceRun, "scrubbers">, signal: AbortSignal) => Promise<void>;
  readonly cleanWorkspace: typeof cleanWorkspace;
  readonly runWorkerRequest: (...args: RequestArguments) => ReturnType<typeof runWorkerRequest>;
}

type RequestArguments = readonly [request: WorkerRequest, log: Log, signal: AbortSignal];
type Start = Extract<Order, { type: "start" }>;
type Clean = Extract<Order, { type: "clean" }>;

const levels: Readonly<Record<LogLevelName, number>> = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 };

/**
 * Listens to orders and sends exactly one last message. No error escapes: the runtime would print it without redaction. An uncaught
 * error stops the run, so that the pipeline deletes its workspace.
 */
export function serve(scope: Scope, handlers: WorkerHandlers): void {
  const controller = new AbortController();
  const { signal } = controller;
  const granted = Promise.withResolvers<void>();
  granted.promise.catch(() => {}); // a stop may come when nothing awaits the claim
  let log = logOf(scope, "INFO");

  function end({ code, message, hint }: Failure): void {
    const reason = new ScrubError(code, message, hint);
    granted.reject(reason);
    controller.abort(reason);
  }

  function onUncaught(error: unknown): void {
    for (const line of traceOf(error)) log.debug(line);
    end(failureOf(error));
  }

  watchHeap((error) => end(failureOf(error)));
  watchUncaughtErrors(onUncaught);
  scope.addEventListener("message", ({ data: order }) => {
    switch (order.type) {
      case "start":
        log = logOf(scope, order.settings.logLevel);
        return void start(order);
      case "clean":
        log = logOf(scope, order.settings.logLevel);
        return void clean(order);
      case "request":
        log = logOf(scope, order.logLevel);
        return void answer(order.request);
      case "go":
        return granted.resolve();
      case "stop":
        return end(stopped(order.reason));
      case "ping":
        return scope.postMessage({ type: "pong" });
      default:
        return order satisfies never;
    }
  });

  async function start({ request, settings, runId, key, started, estimates, live }: Start): Promise<void> {
    const report = new SourceReportBuilder(request);
    const outcome = await attempt(() =>
      handlers.runSource({
        request,
        settings,
        runId,
        key,
        started,
        ...(estimates && { estimates }),
        ...(live && { live }),
        log: {
          ...log,
          warn(message, fields) {
            report.warn(message);
            log.warn(message, fields);
          },
        },
        report,
        phase(phase, bytes) {
          report.begin(phase, Date.now());
          scope.postMessage({ type: "phase", phase, ...(bytes !== undefined && { bytes }) });
        },
        onSnapshot: (snapshot) => scope.postMessage({ type: "snapshot", snapshot }),
        claim(source, workspace) {
          report.set({ source, workspace });
          scope.postMessage({ type: "claim", source, workspace });
          return granted.promise;
        },
      }, signal)
    );
    report.begin(undefined, Date.now());
    if (outcome === undefined) scope.postMessage({ type: "done", report: report.report });
    else scope.postMessage({ type: "failed", failure: outcome, report: report.report });
  }

  async function clean(order: Clean): Promise<void> {
    const { report } = new SourceReportBuilder(order.request);
    const outcome = await attempt(() => handlers.cleanWorkspace(order, log, signal));
    if (outcome === undefined) scope.postMessage({ type: "done", report });
    else scope.postMessage({ type: "failed", failure: outcome, report });
  }

  async function answer(request: WorkerRequest): Promise<void> {
    let found: WorkerResponse | undefined;
    const outcome = await attempt(async () => {
      found = await handlers.runWorkerRequest(request, log, signal);
    });
    if (found !== undefined && outcome === undefined) scope.postMessage({ type: "answered", answer: found });
    else scope.postMessage({ type: "unanswered", failure: outcome ?? failureOf(signal.reason) });
  }

  async function attempt(work: () => Promise<void>): Promise<Failure | undefined> {
    try {
      await work();
    } catch (error) {
      for (const line of traceOf(error)) log.debug(line);
      return signal.aborted ? failureAfterStop(failureOf(signal.reason), error) : failureOf(error);
    }
    // What finished in spite of a stop is done. After an uncaught error it cannot be trusted.
    const reason = signal.aborted ? failureOf(signal.reason) : undefined;
    return reason?.kind === "interrupted" ? undefined : reason;
  }
}

function stopped(reason: string): Failure {
  return failure(
    "interrupted",
    `Cannot go on: stopped by ${reason}`,
    "Run it again: it starts from the beginning.",
  );
}

function logOf(scope: Scope, level: LogLevelName): Log {
  function send(level: number, message: string, fields?: LogFields): void {
    if (level < least) return;
    scope.postMessage({ type: "log", record: { level, time: Date.now(), message, ...(fields && { fields }) } });
  }
  const least = levels[level];
  return {
    debug: (message, fields) => send(levels.DEBUG, message, fields),
    info: (message, fields) => send(levels.INFO, message, fields),
    warn: (message, fields) => send(levels.WARNING, message, fields),
    progress: (progress) => scope.postMessage({ type: "progress", progress }),
  };
}
