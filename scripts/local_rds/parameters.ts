/** DB parameter groups of the local RDS: which parameters a family has, and which of them a group's servers start with. @module */
import type { ParameterGroup } from "./records.ts";
import type { EngineName } from "./server.ts";

/** A parameter of a family. */
export interface FamilyParameter {
  readonly name: string;
  readonly apply: "static" | "dynamic";
  /** RDS's own value where it is not the engine's. */
  readonly system?: string;
  readonly fixed?: true;
}

const isStatic = (name: string): FamilyParameter => ({ name, apply: "static" });
const isDynamic = (name: string): FamilyParameter => ({ name, apply: "dynamic" });

/** Some of the parameters that RDS has for each engine, in alphabetical order as RDS lists them. */
const families: Readonly<Record<EngineName, readonly FamilyParameter[]>> = {
  postgres: [
    ...["archive_timeout", "authentication_timeout", "auto_explain.log_min_duration", "autovacuum"].map(isDynamic),
    ...["autovacuum_max_workers"].map(isStatic),
    ...["checkpoint_timeout", "cron.database_name", "cron.log_run", "deadlock_timeout", "debug_print_parse"].map(
      isDynamic,
    ),
    ...["debug_print_plan", "debug_print_rewritten", "default_statistics_target", "log_connections"].map(isDynamic),
    ...["log_lock_waits", "log_min_duration_sample", "log_min_duration_statement", "log_min_error_statement"].map(
      isDynamic,
    ),
    ...["log_statement", "log_statement_sample_rate", "log_temp_files", "log_transaction_sample_rate"].map(isDynamic),
    ...["maintenance_work_mem"].map(isDynamic),
    ...["max_connections", "max_locks_per_transaction", "max_logical_replication_workers"].map(isStatic),
    ...["max_wal_size"].map(isDynamic),
    ...["max_worker_processes"].map(isStatic),
    ...["pgaudit.log", "pgaudit.log_parameter", "random_page_cost", "rds.force_ssl", "rds.log_retention_period"].map(
      isDynamic,
    ),
    ...["rds.logical_replication"].map(isStatic),
    { name: "shared_preload_libraries", apply: "static", system: "pg_stat_statements" },
    { name: "ssl_ca_file", apply: "static", system: "/rdsdbdata/rds-metadata/ca-cert.pem", fixed: true },
    ...["statement_timeout", "work_mem"].map(isDynamic),
  ],
  mysql: [
    ...["autocommit", "binlog_cache_size", "binlog_format", "event_scheduler"].map(isDynamic),
    { name: "general_log", apply: "dynamic" },
    ...["init_connect", "innodb_change_buffering", "innodb_flush_log_at_trx_commit"].map(isDynamic),
    ...["innodb_max_undo_log_size", "innodb_redo_log_capacity", "innodb_undo_log_truncate"].map(isDynamic),
    ...["log_bin_trust_function_creators"].map(isDynamic),
    { name: "log_output", apply: "dynamic", system: "TABLE" },
    ...["long_query_time"].map(isDynamic),
    ...["lower_case_table_names"].map(isStatic),
    ...["max_allowed_packet", "max_connections", "require_secure_transport"].map(isDynamic),
    ...["skip_replica_start"].map(isStatic),
    ...["slow_query_log", "sql_mode", "sync_binlog", "time_zone"].map(isDynamic),
    { name: "version_compile_os", apply: "static", system: "Linux", fixed: true },
  ],
  mariadb: [
    ...["aria_checkpoint_interval", "aria_log_file_size", "autocommit", "binlog_cache_size"].map(isDynamic),
    ...["binlog_format", "event_scheduler"].map(isDynamic),
    ...["general_log", "init_connect"].map(isDynamic),
    ...["innodb_flush_log_at_trx_commit"].map(isDynamic),
    ...["innodb_log_file_size"].map(isStatic),
    ...["innodb_max_undo_log_size", "innodb_undo_log_truncate", "log_bin_trust_function_creators"].map(isDynamic),
    { name: "log_output", apply: "dynamic", system: "TABLE" },
    ...["long_query_time"].map(isDynamic),
    ...["lower_case_table_names"].map(isStatic),
    ...["max_allowed_packet", "max_connections", "require_secure_transport", "slow_query_log", "sql_mode"].map(
      isDynamic,
    ),
    ...["sync_binlog", "time_zone"].map(isDynamic),
    { name: "version_compile_os", apply: "static", system: "Linux", fixed: true },
  ],
};

/** What Aurora has no parameters for: its storage writes the pages, and keeps the log. */
const ofStorage =
  /^(checkpoint_timeout|max_wal_size|innodb_(change_buffering|max_undo_log_size|redo_log_capacity|undo_log_truncate)|sync_binlog)$/;

/** The parameters of a family: of DB parameter groups, or of cluster parameter groups. */
export function familyParameters(family: string): readonly FamilyParameter[] {
  const all = families[engineOf(family)];
  return family.startsWith("aurora-") ? all.filter(({ name }) => !ofStorage.test(name)) : all;
}

/** The engine of a family, such as `postgres18` or `aurora-mysql8.0`. */
export function engineOf(family: string): EngineName {
  if (family.startsWith("mariadb")) return "mariadb";
  return /^(aurora-)?postgres/.test(family) ? "postgres" : "mysql";
}

/** RDS's names of Aurora's engines; MariaDB has none. */
export const auroraEngines: Readonly<Partial<Record<EngineName, string>>> = {
  postgres: "aurora-postgresql",
  mysql: "aurora-mysql",
};

/** The family of a cluster's version. */
export function clusterFamilyOf(engine: EngineName, version: string): string {
  return familyOf(engine, version).replace(engine, auroraEngines[engine] ?? engine);
}

/** The family of an engine's version: PostgreSQL's major version is one number, the others' two. */
export function familyOf(engine: EngineName, version: string): string {
  return `${engine}${version.split(".").slice(0, engine === "postgres" ? 1 : 2).join(".")}`;
}

/** What a group sets where a test says nothing else: production's that starts no work by itself. */
export const quietParameters: Readonly<Record<EngineName, Readonly<Record<string, string>>>> = {
  postgres: { max_logical_replication_workers: "0" },
  mysql: { event_scheduler: "OFF" },
  mariadb: { event_scheduler: "OFF" },
};

/** Libraries that every PostgreSQL here can load. pg_cron and pgaudit are none: a server starts without them. */
const libraries: readonly string[] = ["auto_explain"];

/** The settings that a server starts with. */
export function serverSettings({ values }: ParameterGroup): Readonly<Record<string, string>> {
  const settings = Object.fromEntries(values);
  // Aurora's value that switches the binary log off, which is off here anyway.
  if (settings["binlog_format"] === "OFF") delete settings["binlog_format"];
  const { shared_preload_libraries: wanted } = settings;
  if (wanted === undefined) return settings;
  const found = wanted.split(",").map((name) => name.trim()).filter((name) => libraries.includes(name));
  return { ...settings, shared_preload_libraries: found.join(",") };
}
