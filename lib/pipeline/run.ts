/** What the phases of a run work with. @module */

import type { EngineName } from "../core/engine_name.ts";
import type { LiveScrub } from "../core/live_database.ts";
import type { Log } from "../core/log.ts";
import type { WarmingReport } from "../core/report.ts";
import type { Phase } from "../core/progress.ts";
import type { Settings, SourceRequest } from "../core/settings.ts";
import type { Engine, Residue, Storage, Target } from "../engine/engine.ts";
import type { RdsOptions } from "../rds/api/client.ts";
import type { WorkspaceOptions } from "../rds/workspace/workspace.ts";
import type { SourceReportBuilder } from "../report/report_builder.ts";
import type { RunEstimates } from "../report/estimate/earlier_run.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";

/** What a source's run needs from its worker. */
export interface SourceRun {
  readonly request: SourceRequest;
  readonly settings: Settings;
  /** The database, where the source is one by URL. Not in the settings: it holds a password. */
  readonly live?: LiveScrub;
  /** Names the run, and chooses which rows its samples read. */
  readonly runId: string;
  /** The pseudonym key. */
  readonly key: Uint8Array;
  /** The built-in scrubbers; those of rule files are in the settings. */
  readonly scrubbers: readonly Scrubber[];
  readonly log: Log;
  readonly report: SourceReportBuilder;
  /** How to reach AWS, where neither the AWS configuration nor the settings say so. */
  readonly aws?: Omit<RdsOptions, "region" | "log">;
  /** When the run began. */
  readonly started: Date;
  /** What estimates before the restore are made from; absent: nothing but the program's own prices. */
  readonly estimates?: RunEstimates;
  /** Shorter timeouts than a run's own. */
  readonly timeouts?: Pick<WorkspaceOptions, "propagationTimeout" | "cleanUpTimeout"> & { readonly settle?: number };
  /** The engines; absent: the real ones. */
  readonly engines?: Readonly<Record<EngineName, Engine>>;
  /** Says that a phase begins; `bytes`: how much data the source has, once that is known. */
  phase(phase: Phase, bytes?: number): void;
  /** Says that a snapshot of this name, without proof, may exist from now on. */
  onSnapshot(snapshot: string): void;
  /** Asks main whether this source may have the workspace; resolves with `go`, rejects with `stop`. */
  claim(source: string, workspace: string): Promise<void>;
}

/** What the phases inside the workspace need: discover, plan, scrub, verify, export, purge. */
export interface DatabasesRun
  extends Pick<SourceRun, "settings" | "runId" | "key" | "scrubbers" | "log" | "report" | "phase"> {
  readonly engine: Engine;
  /** The maintenance database, as master. */
  readonly target: Target;
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
  /** DbiResourceId of the workspace. */
  readonly resourceId: string;
  /** The workspace's storage; undefined where RDS does not say. */
  readonly storageBytes: number | undefined;
  /** What the workspace's data are in. Absent: files. */
  readonly storage?: Storage;
  /** What RDS keeps of the server's log from before the run; absent where the database is not in a workspace. */
  readonly serverLogs?: () => Promise<readonly Residue[]>;
  /** What RDS does to the workspace's volume; absent: it is no workspace, or nothing. */
  readonly initialisation?: () => Promise<WarmingReport["initialisation"]>;
  /** The workspace's processors; absent: nothing is known of them. */
  readonly processors?: number;
  /** The time of the snapshot's data. */
  readonly asOf: Date;
}
