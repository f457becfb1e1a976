/** What the steps in a workspace share: the client, the source, the options with their defaults, the lease. @module */

import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { MINUTE, type Pace, type ReadBack } from "../api/wait.ts";
import type { Lease } from "../ownership/lease.ts";
import type { Source } from "../source/source.ts";

/** What every step needs. */
export interface WorkspaceContext {
  readonly rds: Rds;
  readonly source: Source;
  readonly options: WorkspaceOptions;
  readonly lease: Lease;
}

/** What steps after the restore need, too. */
export interface RestoredWorkspace extends WorkspaceContext {
  readonly id: string;
  readonly resourceId: string;
}

/** How a run uses its workspace. Times in milliseconds. */
export interface WorkspaceOptions {
  readonly runId: string;
  /** For each wait. */
  readonly timeout: number;
  /** For copies and the final snapshot. */
  readonly snapshotTimeout: number;
  readonly pollInterval: number;
  /** Between two heartbeats. Default 5 minutes. */
  readonly heartbeat?: number;
  /** Whether to wait for the end of another run, for up to the snapshot timeout. */
  readonly wait?: boolean;
  /** The key for the workspace and its snapshot; absent: the source snapshot's. */
  readonly kmsKey?: string;
  /** The accounts that the final snapshot will be shared with. */
  readonly shareWith?: readonly string[];
  /** How long RDS may take to show a change. Default a minute. */
  readonly lag?: number;
  /** For the deletion at the end. Default 15 minutes. */
  readonly cleanUpTimeout?: number;
  readonly log: Log;
  /** Gets the name of each leftover of a dead run before it is deleted. */
  readonly onLeftover?: (name: string) => void;
  /** Gets the name of each snapshot, final or copy, before the call that may make it. */
  readonly begun?: (snapshot: string) => void;
}

/** For ordinary waits. */
export function paceOf({ pollInterval, timeout, log }: WorkspaceOptions): Pace {
  return { interval: pollInterval, timeout, option: "--timeout", log };
}

/** For copies and the final snapshot. */
export function snapshotPaceOf(options: WorkspaceOptions): Pace {
  return { ...paceOf(options), timeout: options.snapshotTimeout, option: "--snapshot-timeout" };
}

/** How long RDS may take to show a change. */
export function lagOf({ lag, timeout }: Pick<WorkspaceOptions, "lag" | "timeout">): number {
  return Math.min(lag ?? MINUTE, timeout);
}

/** For reading back changes. */
export function readBackOf(options: Pick<WorkspaceOptions, "pollInterval" | "lag" | "timeout">): ReadBack {
  return { interval: options.pollInterval, lag: lagOf(options) };
}

/** Between two heartbeats. */
export function heartbeatOf({ heartbeat }: WorkspaceOptions): number {
  return heartbeat ?? 5 * MINUTE;
}
