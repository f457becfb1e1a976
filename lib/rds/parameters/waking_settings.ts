/**
 * The settings by which a restored server starts work by itself before the first login, or writes what statements hold to its own
 * log: which values are quiet, and what an isolation group sets. Parameters of RDS and settings of the server have the same names.
 *
 * @module
 */

import type { EngineName } from "../../core/engine_name.ts";
import { type RdsEngine, rdsEngines } from "../api/names.ts";

/** One setting. */
export interface WakingSetting {
  readonly engine: EngineName;
  readonly name: string;
  /** The engine's value where nothing sets it. */
  readonly otherwise: string;
  /** MariaDB's, where that is another. */
  readonly mariadb?: string;
  /** Values with which nothing happens, in lower case; or the library that a list must not hold. */
  readonly quiet: readonly string[] | { readonly without: string };
  /** What an isolation group sets; absent: the list without the library. */
  readonly isolated?: string;
  /** What happens otherwise, behind "so that". */
  readonly effect: string;
  /** Only the groups of clusters have it, or only there it matters. */
  readonly clusters?: true;
  /** Its value may hold anything, and is not shown. */
  readonly hidden?: true;
  /** Where that is documented. */
  readonly source: string;
}

const off = ["0", "off", "false", "no", ""] as const;
const inLog = (what: string) => `${what} and their values are copied into the server's log`;

/** Every one of them. */
export const wakingSettings: readonly WakingSetting[] = [
  {
    engine: "postgresql",
    name: "max_logical_replication_workers",
    otherwise: "4",
    quiet: ["0"],
    isolated: "0",
    effect: "subscriptions bring rows of production in, and take its replication slots, before the first login",
    source: "PostgreSQL, Subscribers; RDS leaves it at 4",
  },
  {
    engine: "postgresql",
    name: "shared_preload_libraries",
    otherwise: "",
    quiet: { without: "pg_cron" },
    effect: "jobs of pg_cron run before the first login",
    source: "RDS Guide, Scheduling maintenance with pg_cron",
  },
  {
    engine: "postgresql",
    name: "log_statement",
    otherwise: "none",
    quiet: ["none"],
    isolated: "none",
    effect: inLog("statements"),
    source: "PostgreSQL, Error Reporting and Logging: parameters of prepared statements are logged, too",
  },
  {
    engine: "postgresql",
    name: "log_min_duration_statement",
    otherwise: "-1",
    quiet: ["-1"],
    isolated: "-1",
    effect: inLog("slow statements"),
    source: "PostgreSQL, Error Reporting and Logging",
  },
  {
    engine: "postgresql",
    name: "log_min_duration_sample",
    otherwise: "-1",
    quiet: ["-1"],
    isolated: "-1",
    effect: inLog("sampled statements"),
    source: "PostgreSQL, Error Reporting and Logging",
  },
  {
    engine: "postgresql",
    name: "log_transaction_sample_rate",
    otherwise: "0",
    quiet: ["0", "0.0"],
    isolated: "0",
    effect: inLog("statements of sampled transactions"),
    source: "PostgreSQL, Error Reporting and Logging",
  },
  ...["debug_print_parse", "debug_print_rewritten", "debug_print_plan"].map((name): WakingSetting => ({
    engine: "postgresql",
    name,
    otherwise: "off",
    quiet: off,
    isolated: "0",
    effect: inLog("statements, as trees,"),
    source: "PostgreSQL, Error Reporting and Logging",
  })),
  {
    engine: "postgresql",
    name: "auto_explain.log_min_duration",
    otherwise: "-1",
    quiet: ["-1"],
    isolated: "-1",
    effect: inLog("plans of statements"),
    source: "PostgreSQL, auto_explain: it takes effect where the library is loaded",
  },
  {
    engine: "postgresql",
    name: "pgaudit.log",
    otherwise: "none",
    quiet: ["none", ""],
    isolated: "none",
    effect: "statements are copied into the server's log",
    source: "pgaudit; the library stays loaded, because event triggers of the extension need it",
  },
  {
    engine: "postgresql",
    name: "pgaudit.log_parameter",
    otherwise: "off",
    quiet: off,
    isolated: "0",
    effect: "values of audited statements are copied into the server's log",
    source: "pgaudit",
  },
  {
    engine: "mysql",
    name: "event_scheduler",
    otherwise: "ON",
    mariadb: "OFF",
    quiet: [...off, "disabled"],
    isolated: "OFF",
    effect: "events that are due run before the first login",
    source: "MySQL, Event Scheduler Configuration: on by itself since 8.0; MariaDB, Events: off by itself",
  },
  {
    engine: "mysql",
    name: "general_log",
    otherwise: "OFF",
    quiet: off,
    isolated: "0",
    effect: inLog("all statements"),
    source: "MySQL, The General Query Log",
  },
  {
    engine: "mysql",
    name: "slow_query_log",
    otherwise: "OFF",
    quiet: off,
    isolated: "0",
    effect: inLog("slow statements"),
    source: "MySQL, The Slow Query Log",
  },
  {
    engine: "mysql",
    name: "log_slow_query",
    otherwise: "OFF",
    quiet: off,
    isolated: "0",
    effect: inLog("slow statements"),
    source: "MariaDB, Slow Query Log Overview: another name of slow_query_log since 10.11",
  },
  {
    engine: "mysql",
    name: "init_connect",
    otherwise: "",
    quiet: ["", "do 0"],
    // A parameter of RDS cannot be set to nothing.
    isolated: "DO 0",
    effect: "statements of production run at each login",
    hidden: true,
    source: "MySQL, Server System Variables",
  },
  {
    engine: "mysql",
    name: "log_bin",
    otherwise: "OFF",
    quiet: off,
    isolated: "OFF",
    effect: "the binary log keeps rows as they were before the scrub, for every receiver to read",
    source: "RDS Guide, Configuring MySQL binary logging: on with automated backups; no parameter of a group",
  },
  {
    engine: "mysql",
    name: "binlog_format",
    otherwise: "OFF",
    quiet: off,
    isolated: "OFF",
    effect: "the binary log keeps rows as they were before the scrub, for every receiver to read",
    clusters: true,
    source: "Aurora User Guide, Configuring Aurora MySQL binary logging: OFF, the default, switches it off",
  },
];

/** The settings of an engine that groups have. `rdsEngine`: absent: those that servers have. */
export function settingsOf(engine: EngineName, rdsEngine?: RdsEngine): readonly WakingSetting[] {
  const isCluster = rdsEngine !== undefined && rdsEngines[rdsEngine].deployment === "cluster";
  return wakingSettings.filter((setting) => setting.engine === engine && (!setting.clusters || isCluster));
}

/** The value where nothing sets one. */
export function ownValue({ otherwise, mariadb = otherwise }: WakingSetting, rdsEngine?: RdsEngine): string {
  return rdsEngine === "mariadb" ? mariadb : otherwise;
}

/** The names of an engine's settings, as its servers have them. */
export function wakingNames(engine: EngineName): readonly string[] {
  return settingsOf(engine).map(({ name }) => name);
}

/** A setting with a value that is not quiet. */
export interface Waking {
  readonly setting: WakingSetting;
  readonly value: string;
}

/** The settings that are not quiet; `valueOf` gives undefined where nothing sets one. `rdsEngine`: of a group; absent: of a server. */
export function wakingOf(
  engine: EngineName,
  valueOf: (name: string) => string | undefined,
  rdsEngine?: RdsEngine,
): readonly Waking[] {
  return settingsOf(engine, rdsEngine)
    .map((setting) => ({ setting, value: valueOf(setting.name) ?? ownValue(setting, rdsEngine) }))
    .filter(({ setting, value }) => !isQuiet(setting, value));
}

/** Whether nothing happens with this value. */
export function isQuiet({ quiet }: WakingSetting, value: string): boolean {
  return "without" in quiet ? !listOf(value).includes(quiet.without) : quiet.includes(value.trim().toLowerCase());
}

/** The value of an isolation group in place of this one. */
export function isolatedValue({ quiet, isolated }: WakingSetting, value: string): string {
  if (!("without" in quiet)) return isolated ?? "";
  // RDS's own list, for a parameter of RDS cannot be set to nothing.
  return listOf(value).filter((name) => name !== quiet.without).join(",") || "pg_stat_statements";
}

/** Such as `event_scheduler is "ON", so that events that are due run before the first login`. */
export function wakingText({ setting, value }: Waking): string {
  return `${setting.name} ${setting.hidden ? "is set" : `is "${value}"`}, so that ${setting.effect}`;
}

function listOf(value: string): readonly string[] {
  return value.split(",").map((name) => name.trim().replaceAll(/^["']|["']$/g, "")).filter((name) => name !== "");
}
