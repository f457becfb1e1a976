/** What the server and RDS themselves keep in the schemas `mysql` and `sys`, and their accounts. @module */

import type { Sql } from "../../engine/sql.ts";
import { rdsAccounts, rdsTables } from "../sql/rds_names.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { type Product, spelledBy } from "../sql/product.ts";

/** Of both products, and RDS's. */
const common = [
  "columns_priv",
  "db",
  "func",
  "general_log(_backup)?",
  "help_(category|keyword|relation|topic)",
  "innodb_(index|table)_stats(_backup.*)?",
  "plugin",
  "procs_priv",
  "proxies_priv",
  "servers",
  "slow_log(_backup)?",
  "tables_priv",
  "time_zone(_leap_second|_name|_transition|_transition_type)?",
  "user",
  ...rdsTables,
];

/**
 * A pattern of their names, case for case. MySQL: from the manual's list of system tables, versions 8.0 to 9.x; upgrades leave
 * `innodb_…` and `ndb_…` ones. MariaDB: "The mysql Database Tables", 10.6 to 11.8.
 */
export const serverTables: Readonly<Record<Product, string>> = {
  mysql: namesOf([
    ...common,
    "component",
    "default_roles",
    "engine_cost",
    "global_grants",
    "gtid_executed",
    "innodb_(ddl_log|dynamic_metadata)",
    "ndb_.*",
    "password_history",
    "replication_(asynchronous_connection_failover|asynchronous_connection_failover_managed|group_configuration_version|group_member_actions)",
    "role_edges",
    "server_cost",
    "slave_(master_info|relay_log_info|worker_info)",
  ]),
  mariadb: namesOf([
    ...common,
    "(column|index|table)_stats",
    "event",
    "global_priv",
    "gtid_slave_pos",
    "password_reuse_check_history",
    "proc",
    "roles_mapping",
    "transaction_registry",
  ]),
};

function namesOf(patterns: readonly string[]): string {
  return `^(${patterns.join("|")})$`;
}

const inSysOfBoth =
  ("create_synonym_db diagnostics execute_prepared_stmt extract_schema_from_file_name extract_table_from_file_name format_bytes " +
    "format_path format_statement format_time host_summary(_by_file_io(_type)?|_by_stages|_by_statement_(latency|type))? " +
    "innodb_buffer_stats_by_(schema|table) innodb_lock_waits io_by_thread_by_latency io_global_by_(file|wait)_by_(bytes|latency) " +
    "latest_file_io list_(add|drop) memory_by_(host|thread|user)_by_current_bytes memory_global_(by_current_bytes|total) metrics " +
    "processlist ps_check_lost_instrumentation ps_digest_(95th_percentile_by_avg_us|avg_latency_distribution) " +
    "ps_is_(account_enabled|consumer_enabled|instrument_default_(enabled|timed)|thread_instrumented) " +
    "ps_schema_table_statistics_io ps_setup_(dis|en)able_(background_threads|consumer|instrument|thread) " +
    "ps_setup_(reload_saved|reset_to_default|save) ps_setup_show_(dis|en)abled(_consumers|_instruments)? " +
    "ps_statement_avg_latency_histogram ps_thread_(account|id|stack|trx_info) ps_trace_(statement_digest|thread) " +
    "ps_truncate_all_tables quote_identifier revoke_schema_privileges_from_all_accounts_except schema_auto_increment_columns " +
    "schema_flattened_keys schema_index_statistics schema_object_overview schema_redundant_indexes schema_table_lock_waits " +
    "schema_table_statistics(_with_buffer)? schema_tables_with_full_table_scans schema_unused_indexes session(_ssl_status)? " +
    "statement_analysis statement_performance_analyzer statements_with_(errors_or_warnings|full_table_scans) " +
    "statements_with_(runtimes_in_95th_percentile|sorting|temp_tables) sys_config sys_config_(insert|update)_set_user " +
    "sys_get_config table_exists user_summary(_by_file_io(_type)?|_by_stages|_by_statement_(latency|type))? version " +
    "version_(major|minor|patch) wait_classes_global_by_(avg_)?latency waits_(by_(host|user)|global)_by_latency")
    .split(" ");

/**
 * Names of the views, routines, triggers and the one table that the server brings in `sys`, MySQL 8.0 to 9.x (Reference Manual,
 * "MySQL sys Schema Object Index") and MariaDB 10.6 to 11.8. Each view has a twin with raw numbers.
 */
export const sysObjects: Readonly<Record<Product, string>> = {
  mysql: `^(x[$])?(${inSysOfBoth.join("|")})$`,
  mariadb: `^(x[$])?(${
    [...inSysOfBoth, "optimizer_switch_(choice|off|on)", "privileges_by_table_by_level"].join("|")
  })$`,
};

/** Values that the server's own comments in `sys` show as examples. */
export const sysExamples: readonly string[] = ["342342342342345", "891ec6860f98ba46d89dd20b0c03652c"];

/** Tables whose columns have no answer of their own: RDS's, and leftovers of upgrades, which only RDS may write. */
export const closedTables: string = `^(${
  [
    ...rdsTables,
    "innodb_(index|table)_stats_backup.*",
    "ndb_(?!binlog_index).*",
    "(general|slow)_log_backup",
  ].join("|")
})$`;

/** Accounts that the server or RDS makes for itself, by name and host. */
export const ownAccounts: Readonly<Record<Product, readonly (readonly [name: string, host: string])[]>> = {
  mysql: [
    ["mysql.infoschema", "localhost"],
    ["mysql.session", "localhost"],
    ["mysql.sys", "localhost"],
    ...rdsAccounts.mysql,
  ],
  mariadb: [["mariadb.sys", "localhost"], ...rdsAccounts.mariadb],
};

/** Whether an account, by its columns user and host, is one of these. */
export const isOwnAccount: Sql = sql`(user, host) IN (${
  spelledBy({ mysql: accountsOf("mysql"), mariadb: accountsOf("mariadb") })
})`;

function accountsOf(product: Product): string {
  return ownAccounts[product].map(([name, host]) => `(${textLiteral(name).text}, ${textLiteral(host).text})`).join(
    ", ",
  );
}
