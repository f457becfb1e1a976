/** Messages between main and workers. @module */

import * as v from "valibot";
import type { LogLevelName, Settings, SourceRequest } from "../core/settings.ts";
import type { LiveScrub } from "../core/live_database.ts";
import { phase, progress, wireRecord } from "../core/progress.ts";
import { failureReport, sourceReport } from "../core/report.ts";
import type { Data } from "../core/schema.ts";
import type { RunEstimates } from "../report/estimate/earlier_run.ts";
import { type WorkerRequest, workerResponse } from "../core/worker_request.ts";

/** From main to a worker. */
export type Order =
  | {
    readonly type: "start";
    readonly request: SourceRequest;
    readonly settings: Settings;
    readonly runId: string;
    /** The run's pseudonym key, 32 bytes. */
    readonly key: Uint8Array;
    readonly started: Date;
    readonly estimates?: RunEstimates;
    /** The database, where the source is one by URL. */
    readonly live?: LiveScrub;
  }
  /** The claim was granted: restore. */
  | { readonly type: "go" }
  | { readonly type: "stop"; readonly reason: string }
  /** For a fresh worker: delete the workspace of a lost worker of this run. */
  | {
    readonly type: "clean";
    readonly request: SourceRequest;
    readonly workspace: string;
    readonly settings: Settings;
    readonly runId: string;
  }
  /** For a fresh worker; its last message is `answered` or `unanswered`. */
  | { readonly type: "request"; readonly request: WorkerRequest; readonly logLevel: LogLevelName }
  /** Answered with `pong` at once: a worker that does not answer is lost. */
  | { readonly type: "ping" };

const name = v.pipe(v.string(), v.nonEmpty());

const message = v.variant("type", [
  v.strictObject({ type: v.literal("phase"), phase, bytes: v.optional(v.number()) }),
  v.strictObject({ type: v.literal("progress"), progress }),
  v.strictObject({ type: v.literal("log"), record: wireRecord }),
  v.strictObject({ type: v.literal("pong") }),
  /** The source is resolved; nothing was created. Waits for `go` or `stop`. */
  v.strictObject({ type: v.literal("claim"), source: name, workspace: name }),
  /** From now on a snapshot of this name, without proof, may exist in AWS. */
  v.strictObject({ type: v.literal("snapshot"), snapshot: name }),
  v.strictObject({ type: v.literal("done"), report: sourceReport }),
  v.strictObject({ type: v.literal("answered"), answer: workerResponse }),
  v.strictObject({ type: v.literal("unanswered"), failure: failureReport }),
  v.strictObject({ type: v.literal("failed"), failure: failureReport, report: sourceReport }),
]);

/** From a worker to main. Exactly one last message: `done` or `failed`, or for a request `answered` or `unanswered`. */
export type Message = Data<typeof message>;

/** Whether something is a {@linkcode Message}. A worker that sends anything else counts as lost. */
export function isMessage(data: unknown): data is Message {
  return v.is(message, data);
}
