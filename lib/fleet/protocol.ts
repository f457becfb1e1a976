/** Messages between main and workers: types only. @module */

import type { LiveRequest } from "../cli/live_database.ts";
import type { LogLevelName, Settings, SourceRequest } from "../cli/settings.ts";
import type { Evidence } from "../report/evidence.ts";
import type { OverviewItem } from "../report/overview.ts";
import type { Failure } from "../report/error.ts";
import type { DatabaseOutline } from "../report/outline.ts";
import type { SourceReport } from "../report/report.ts";
import type { Review } from "../scrub/review.ts";

/** The story of one source, in order: the progress display, the log fields, the report's keys and the errors' prefixes. */
export type Phase =
  | "resolve"
  | "restore"
  | "discover"
  | "plan"
  | "scrub"
  | "verify"
  | "export"
  | "purge"
  | "snapshot"
  | "prove"
  | "share"
  | "prune";

/** A log record as plain data. */
export interface WireRecord {
  readonly level: number;
  readonly time: number;
  readonly message: string;
}

/** How far a phase is. */
export interface Progress {
  /** What is worked on, such as `emails` or `creating`. */
  readonly what: string;
  /** 0 to 1, where it is known. */
  readonly share?: number;
  /** The share that is reached when this is done, where it is known. */
  readonly next?: number;
  readonly rows?: number;
  readonly bytes?: number;
}

/** Something to ask AWS or a database, or to tell AWS, besides running a source. */
export type Errand =
  /** What of ours is in AWS now? */
  | { readonly type: "overview"; readonly region?: string }
  /** What does a snapshot say of its run? */
  | { readonly type: "evidence"; readonly region?: string; readonly snapshot: string }
  /** Delete what dead runs left, or `run`, which is dead, alone; with `dryRun`, only say what. Times in milliseconds. */
  | {
    readonly type: "sweep";
    readonly region?: string;
    readonly run?: string;
    readonly dryRun: boolean;
    readonly pollInterval: number;
    readonly timeout: number;
  }
  /** Is everything in a database by URL accounted for? `showValues`: with values of columns that are not. */
  | { readonly type: "review"; readonly request: LiveRequest; readonly showValues: boolean }
  /** What would a run do to a database by URL? */
  | { readonly type: "plan"; readonly request: LiveRequest }
  /** Tie a final snapshot to the report of its run. `digest`: SHA-256, in hexadecimal. */
  | {
    readonly type: "attest";
    readonly region?: string;
    readonly snapshot: string;
    readonly runId: string;
    readonly digest: string;
  };

/** What came of an errand. */
export type Answer =
  | { readonly type: "overview"; readonly region: string; readonly items: readonly OverviewItem[] }
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /** What was found and done, in sentences, and what AWS did not let go. */
  | { readonly type: "swept"; readonly sentences: readonly string[]; readonly failures: readonly Failure[] }
  | { readonly type: "reviewed"; readonly review: Review }
  | { readonly type: "planned"; readonly outline: DatabaseOutline }
  | { readonly type: "attested" };

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
  | { readonly type: "errand"; readonly errand: Errand; readonly logLevel: LogLevelName }
  /** Answered with `pong` at once: a worker that stays silent is lost. */
  | { readonly type: "ping" };

/** From a worker to main. Exactly one last message: `done` or `failed`, or for an errand `answered` or `unanswered`. */
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
  | { readonly type: "answered"; readonly answer: Answer }
  | { readonly type: "unanswered"; readonly failure: Failure }
  | { readonly type: "failed"; readonly failure: Failure; readonly report: SourceReport };
