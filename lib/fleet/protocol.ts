import type { LogLevelName, Settings, SourceRequest } from "../core/settings.ts";
import type { Evidence } from "../core/evidence.ts";
import type { OverviewItem } from "../core/overview.ts";
import type { Failure } from "../core/errors.ts";
import type { DatabaseOutline } from "../core/outline.ts";
import type { SourceReport } from "../core/report.ts";
import type { Phase, Progress, WireRecord } from "../core/progress.ts";
import type { Review } from "../core/review.ts";
import type { WorkerRequest, WorkerResponse } from "../core/worker_request.ts";
import type { LiveRequest } from "../core/live_database.ts";

/** From main to a worker. */
export type Order =
  | {
    readonly type: "start";
    readonly request: SourceRequest;
    readonly settings: Settings;
    readonly runId: string;
    /** The run's pseudonym key, 32 bytes. */
    readonly key: Uint8Array;
  }
  /** The claim was granted: restore. */
  | { readonly type: "go" }
  | { readonly type: "stop"; readonly reason: string }
  /** For a fresh worker: delete what a lost worker of this run left. */
  | {
    readonly type: "clean";
    readonly request: SourceRequest;
    readonly workspace: string;
    readonly settings: Settings;
    readonly runId: string;
  }
  /** For a fresh worker; its last message is `answered` or `unanswered`. */
  | { readonly type: "request"; readonly request: WorkerRequest; readonly logLevel: LogLevelName }
  /** Answered with `pong` at once: a worker that stays silent is lost. */
  | { readonly type: "ping" };

/** From a worker to main. Exactly one last message: `done` or `failed`, or for an request `answered` or `unanswered`. */
export type Message =
  | { readonly type: "phase"; readonly phase: Phase }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "log"; readonly record: WireRecord }
  | { readonly type: "pong" }
  /** The source is resolved; nothing was created. Waits for `go` or `stop`. */
  | { readonly type: "claim"; readonly source: string; readonly workspace: string }
  /** From now on there may be a snapshot of this name in AWS, not finished yet. */
  | { readonly type: "begun"; readonly snapshot: string }
  | { readonly type: "done"; readonly report: SourceReport }
  | { readonly type: "answered"; readonly answer: WorkerResponse }
  | { readonly type: "unanswered"; readonly failure: Failure }
  | { readonly type: "failed"; readonly failure: Failure; readonly report: SourceReport };
