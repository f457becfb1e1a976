/** What the steps in a workspace share: the client, the source, the options with their defaults, the lease. @module */

import type { Rds } from "../api/client.ts";
import { MINUTE, type WaitOptions } from "../api/wait.ts";
import type { CopyTarget, FinalSnapshotMode } from "../../core/settings.ts";
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
export interface WorkspaceOptions extends WaitOptions {
  readonly runId: string;
  readonly snapshotTimeout: number;
  /** Between two heartbeats. Default 5 minutes. */
  readonly heartbeat?: number;
  /** Whether to wait for the end of another run, for up to the snapshot timeout. */
  readonly wait?: boolean;
  /** The key for the workspace and its snapshot; absent: the source snapshot's. */
  readonly kmsKey?: string;
  /** Whether a snapshot of the source instance is taken for the restore, and deleted after it. */
  readonly freshSnapshot?: boolean;
  /** Whether the source, a cluster, is cloned as it is now, in place of its snapshot. */
  readonly clone?: boolean;
  /** The accounts that the final snapshot will be shared with. */
  readonly shareWith?: readonly string[];
  /** The regions that the final snapshot will be copied to. */
  readonly copyTo?: readonly CopyTarget[];
  /** DBInstanceIdentifier of the instance whose place one of the final snapshot will take. */
  readonly refresh?: string;
  /** How the final snapshot is made; absent: by the deletion of the instance. */
  readonly finalSnapshot?: FinalSnapshotMode;
  /** For the deletion at the end. Default 15 minutes. */
  readonly cleanUpTimeout?: number;
  /** Gets the name of each leftover of a dead run before it is deleted. */
  readonly onLeftover?: (name: string) => void;
  /** Gets the name of each snapshot, final or copy, before the call that may make it. */
  readonly onSnapshot?: (snapshot: string) => void;
}

/** Between two heartbeats. */
export function heartbeatOf({ heartbeat }: WorkspaceOptions): number {
  return heartbeat ?? 5 * MINUTE;
}
