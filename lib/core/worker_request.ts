/** What main asks of a worker besides running a source, and what comes back. @module */

import * as v from "valibot";
import { draftedRules } from "./drafted_rules.ts";
import { evidence } from "./evidence.ts";
import { importedRules } from "./imported_rules.ts";
import { isolationOutcome } from "./isolation.ts";
import type { LiveRequest, LiveScrub } from "./live_database.ts";
import { databaseOutline } from "./outline.ts";
import { overviewItem } from "./overview.ts";
import { awsReport, failureReport, sourceOutcome } from "./report.ts";
import { review } from "./review.ts";
import { tableSample } from "./table_sample.ts";
import type { Data } from "./schema.ts";

/** Something to ask AWS or a database, or to tell AWS, besides running a source. */
export type WorkerRequest =
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
  /**
   * Wait for, share, copy and prune what runs of these sources, or of all, verified and left; with `run`, what that run left, which is
   * dead. Times in milliseconds.
   */
  | {
    readonly type: "finish";
    readonly region?: string;
    readonly sources: readonly string[];
    readonly run?: string;
    readonly shareWith: readonly string[];
    readonly snapshotRetention: number;
    readonly pollInterval: number;
    readonly timeout: number;
    readonly snapshotTimeout: number;
  }
  /** Make the isolation group of a source; with `dryRun`, only say what it would be. Times in milliseconds. */
  | {
    readonly type: "isolate";
    readonly region?: string;
    readonly source: string;
    readonly dryRun: boolean;
    readonly pollInterval: number;
    readonly timeout: number;
  }
  /** Is everything in a database by URL accounted for? `showValues`: with values of columns that are not. */
  | { readonly type: "review"; readonly request: LiveRequest; readonly showValues: boolean }
  /** What would a run do to a database by URL? `scrub`: is that allowed where it is? `sample`: with so many rows of each table. */
  | {
    readonly type: "plan";
    readonly request: LiveRequest;
    readonly scrub?: Omit<LiveScrub, "request">;
    readonly sample?: number;
  }
  /** Which rules does a database by URL need? `sample`: how many values of a column are read; absent: none. */
  | { readonly type: "init"; readonly request: LiveRequest; readonly sample?: number }
  /** Which rules do the security labels in a database by URL come to? */
  | { readonly type: "import"; readonly request: LiveRequest }
  /** Tie a final snapshot to the report of its run. `digest`: SHA-256, in hexadecimal. `signature`: in base64. */
  | {
    readonly type: "tag";
    readonly region?: string;
    readonly snapshot: string;
    readonly runId: string;
    readonly digest: string;
    readonly signature?: string;
  }
  /** Sign a message, in base64, with a key of KMS. */
  | { readonly type: "sign"; readonly region?: string; readonly key: string; readonly message: string };

/** What came of a request. */
export const workerResponse = v.variant("type", [
  v.strictObject({ type: v.literal("overview"), region: v.string(), items: v.array(overviewItem) }),
  v.strictObject({ type: v.literal("evidence"), evidence }),
  /** What was found and done, in sentences, and what AWS refused to delete. */
  v.strictObject({ type: v.literal("swept"), sentences: v.array(v.string()), failures: v.array(failureReport) }),
  /** Each source that had something to finish. */
  v.strictObject({ type: v.literal("finished"), aws: awsReport, sources: v.array(sourceOutcome) }),
  v.strictObject({ type: v.literal("isolated"), outcome: isolationOutcome }),
  v.strictObject({ type: v.literal("reviewed"), review }),
  v.strictObject({ type: v.literal("drafted"), drafted: draftedRules }),
  v.strictObject({ type: v.literal("imported"), imported: importedRules }),
  /** `review`: what a run would be refused for, if it would be. */
  v.strictObject({
    type: v.literal("planned"),
    outline: databaseOutline,
    review,
    samples: v.optional(v.array(tableSample)),
  }),
  v.strictObject({ type: v.literal("tagged") }),
  /** In base64. */
  v.strictObject({ type: v.literal("signed"), signature: v.string() }),
]);

/** What came of a request. */
export type WorkerResponse = Data<typeof workerResponse>;
