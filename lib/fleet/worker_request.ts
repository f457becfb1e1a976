/** Sends a request to a worker of its own and returns the answer. @module */

import type { LogLevelName } from "../core/settings.ts";
import { type Failure, ScrubError } from "../core/errors.ts";
import { openWorkerChannel, type WorkerTimeouts } from "./worker_channel.ts";
import type { WireRecord } from "../core/progress.ts";
import type { WorkerRequest, WorkerResponse } from "../core/worker_request.ts";

/** How a request is run. */
export interface RequestRun {
  readonly request: WorkerRequest;
  readonly logLevel: LogLevelName;
  readonly timeouts: WorkerTimeouts;
  createWorker(): Worker;
  /** Gets the worker's log. */
  log(record: WireRecord): void;
}

/**
 * Returns a worker's answer to a request.
 *
 * @throws {ScrubError} the worker's own, or `worker-lost`.
 */
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
