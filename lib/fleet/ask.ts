/** Sends a worker on an errand and brings its answer. @module */

import type { LogLevelName } from "../cli/settings.ts";
import { type Failure, ScrubError } from "../report/error.ts";
import { converse, type Patience } from "./converse.ts";
import type { Answer, Errand, WireRecord } from "./protocol.ts";

/** How an errand is run. */
export interface ErrandRun {
  readonly errand: Errand;
  readonly logLevel: LogLevelName;
  readonly patience: Patience;
  createWorker(): Worker;
  /** Gets the worker's log. */
  log(record: WireRecord): void;
}

/** The answer to an errand. Throws a ScrubError. */
export async function ask(run: ErrandRun, signal: AbortSignal): Promise<Answer> {
  const { errand, logLevel, patience, createWorker, log } = run;
  const { ending } = converse(createWorker, { type: "errand", errand, logLevel }, patience, (remark) => {
    if (remark.type === "claim") return "claimed a workspace when asked something";
    if (remark.type === "log") log(remark.record);
  }, signal);
  const last = await ending;
  switch (last.type) {
    case "answered":
      return last.answer;
    case "unanswered":
      throw errorOf(last.failure);
    case "lost":
      throw new ScrubError("failed", `Cannot get an answer: the worker ${last.why}`, "Run it again.");
    case "done":
    case "failed":
      throw new ScrubError("failed", "Cannot get an answer: the worker answered something else", "Run it again.");
  }
}

function errorOf({ kind, message, hint }: Failure): ScrubError {
  return new ScrubError(kind, message, hint);
}
