/** What an isolation group sets so that a scrub is fast and leaves less to purge: nothing of it is needed. @module */

import type { EngineName } from "../../core/engine_name.ts";
import { type RdsEngine, rdsEngines } from "../api/names.ts";

/** One setting. */
export interface FastSetting {
  readonly engine: EngineName;
  /** The one of RDS's engines that has it, or that it is for; absent: all of the engine's. */
  readonly only?: RdsEngine;
  readonly name: string;
  /** In the unit of RDS's parameter. */
  readonly value: string;
  /** The first version that has it. */
  readonly from?: string;
  /** The first version that has it no more. */
  readonly until?: string;
  readonly why: string;
}

/** Every one of them. */
const fastSettings: readonly FastSetting[] = [
  {
    engine: "postgresql",
    name: "autovacuum",
    value: "0",
    why: "it would compete with the rewrite of the tables",
  },
  {
    engine: "postgresql",
    name: "checkpoint_timeout",
    value: "1800",
    why: "fewer checkpoints, so that less of each page is logged",
  },
  {
    engine: "postgresql",
    name: "log_min_error_statement",
    value: "panic",
    why: "statements that fail are not logged",
  },
  {
    engine: "postgresql",
    name: "rds.log_retention_period",
    value: "1440",
    why: "the server's log is kept for a day, the least",
  },
  {
    engine: "mysql",
    only: "mysql",
    name: "innodb_change_buffering",
    value: "none",
    why: "no old values wait in the change buffer",
  },
  {
    engine: "mysql",
    only: "mariadb",
    name: "innodb_change_buffering",
    value: "none",
    until: "11.0",
    why: "no old values wait in the change buffer",
  },
  {
    engine: "mysql",
    name: "innodb_flush_log_at_trx_commit",
    value: "2",
    why: "commits do not wait for the disk: a workspace that crashes is thrown away",
  },
  {
    engine: "mysql",
    name: "innodb_max_undo_log_size",
    value: "10485760",
    why: "undo tablespaces are truncated early, which purge does",
  },
  {
    engine: "mysql",
    name: "innodb_undo_log_truncate",
    value: "1",
    why: "undo tablespaces are truncated early, which purge does",
  },
  {
    engine: "mysql",
    only: "mysql",
    name: "innodb_redo_log_capacity",
    value: "268435456",
    from: "8.0.30",
    why: "purge overwrites the redo log, which can be 16 GB where the server chooses it",
  },
  {
    engine: "mysql",
    only: "mariadb",
    name: "innodb_log_file_size",
    value: "268435456",
    why: "purge overwrites the redo log, whatever its size",
  },
  {
    engine: "mysql",
    only: "mariadb",
    name: "aria_log_file_size",
    value: "8388608",
    why: "purge fills the log of Aria, which has a gigabyte by itself",
  },
  {
    engine: "mysql",
    only: "mariadb",
    name: "aria_checkpoint_interval",
    value: "1",
    why: "purge waits for checkpoints of Aria, by which former files of its log go",
  },
];

/** Those that a version of the engine has. */
export function fastSettingsOf(rdsEngine: RdsEngine, version: string): readonly FastSetting[] {
  return fastSettings.filter(({ engine, only = rdsEngine, from = version, until }) =>
    engine === rdsEngines[rdsEngine].engine && only === rdsEngine &&
    compareVersions(version, from) >= 0 && (until === undefined || compareVersions(version, until) < 0)
  );
}

/** As numbers: 8.0.4 is older than 8.0.30. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map((part) => Number.parseInt(part) || 0));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
