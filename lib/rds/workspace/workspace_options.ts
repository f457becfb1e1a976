/** How a run uses its workspace, with what is assumed where nobody says. @module */

import type { Log } from "../../core/log.ts";
import { MINUTE } from "../api/wait.ts";
import type { Pace, Patience } from "../api/wait.ts";

/** How a run uses its workspace. Times in milliseconds. */
export interface WorkspaceOptions {
  readonly runId: string;
  /** For each wait. */
  readonly timeout: number;
  /** For the final snapshot. */
  readonly snapshotTimeout: number;
  readonly pollInterval: number;
  /** Between two signs of life. Default 5 minutes. */
  readonly heartbeat?: number;
  /** Whether to wait for another run's end, as long as for the final snapshot. */
  readonly wait?: boolean;
  /** The key under which the workspace and its snapshot are to be encrypted; absent: the source snapshot's. */
  readonly kmsKey?: string;
  /** Whether the final snapshot is to be shared with anybody. */
  readonly shareWith?: readonly string[];
  /** How long RDS may take to show what it was told. Default a minute. */
  readonly lag?: number;
  /** How long the deletion at the end may take to be accepted. Default 15 minutes. */
  readonly cleanUpTimeout?: number;
  readonly log: Log;
  /** Is told the name of everything that dead runs left, before it is deleted. */
  readonly orphan?: (name: string) => void;
  /** Is told the name of every snapshot of ours before the call that may make it: a final one, or a copy. */
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

/** How long RDS may take to show what it was told. */
export function lagOf({ lag, timeout }: Pick<WorkspaceOptions, "lag" | "timeout">): number {
  return Math.min(lag ?? MINUTE, timeout);
}

/** How patiently to wait for what RDS was told to be shown. */
export function patienceOf(options: Pick<WorkspaceOptions, "pollInterval" | "lag" | "timeout">): Patience {
  return { interval: options.pollInterval, lag: lagOf(options) };
}

/** Between two signs of life. */
export function heartbeatOf({ heartbeat }: WorkspaceOptions): number {
  return heartbeat ?? 5 * MINUTE;
}
