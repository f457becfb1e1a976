/** Sends a worker on an request and brings its answer. @module */

import type { LogLevelName } from "../core/settings.ts";
import { type Failure, ScrubError } from "../core/errors.ts";
import { openWorkerChannel, type WorkerTimeouts } from "./worker_channel.ts";
import type { WireRecord } from "../core/progress.ts";
import type { WorkerRequest, WorkerResponse } from "../core/worker_request.ts";

/** How an request is run. */
export interface RequestRun {
  readonly request: WorkerRequest;
  readonly logLevel: LogLevelName;
  readonly timeouts: WorkerTimeouts;
  createWorker(): Worker;
  /** Gets the worker's log. */
  log(record: WireRecord): void;
}

/** The answer to an request. Throws a ScrubError. */
export async function sendRequest(run: RequestRun, signal: AbortSignal): Promise<WorkerResponse> {
  const { request, logLevel, timeouts, createWorker, log } = run;
  const { ending } = openWorkerChannel(createWorker, { type: "request", request, logLevel }, timeouts, (event) => {
    if (event.type === "claim") return "claimed a workspace during a request";
    if (event.type === "log") log(event.record);
  }, signal);
  const last = await ending;
  switch (last.type) {
    case "answered":
      return last.answer;
    case "unanswered":
      throw errorOf(last.failure);
    case "lost":
      throw new ScrubError("worker-lost", `Cannot get an answer: the worker ${last.why}`, "Run it again.");
    case "done":
    case "failed":
      throw new ScrubError("worker-lost", "Cannot get an answer: the worker answered something else", "Run it again.");
  }
}

function errorOf({ code, message, hint }: Failure): ScrubError {
  return new ScrubError(code, message, hint);
}
