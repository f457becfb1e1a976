import type { OverviewItem } from "./overview.ts";
import type { Evidence } from "./evidence.ts";
import type { Failure } from "./errors.ts";
import type { Review } from "./review.ts";
import type { DatabaseOutline } from "./outline.ts";
import type { LiveRequest } from "./live_database.ts";

/** What main asks of a worker besides running a source, and what comes back. @module */

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
export type WorkerResponse =
  | { readonly type: "overview"; readonly region: string; readonly items: readonly OverviewItem[] }
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /** What was found and done, in sentences, and what AWS did not let go. */
  | { readonly type: "swept"; readonly sentences: readonly string[]; readonly failures: readonly Failure[] }
  | { readonly type: "reviewed"; readonly review: Review }
  | { readonly type: "planned"; readonly outline: DatabaseOutline }
  | { readonly type: "attested" };
