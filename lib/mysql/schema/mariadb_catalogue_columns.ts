/**
 * As catalogue_columns.ts, for MariaDB 10.6 to 11.8, whose schema `mysql` holds the dictionary as well: INFORMATION_SCHEMA reads its
 * tables `proc` and `event`, and the files of tables.
 *
 * @module
 */

import type { CatalogueColumns } from "../../engine/catalogue_columns.ts";

/** Versions with what came between 10.11 and 11.8. */
const since11 = [1100, 9_999] as const;

/** The schema `mysql`. */
export const mariadbSystemTables: readonly CatalogueColumns[] = [
  {
    answer: "checked",
    as: ["name"],
    columns: {
      column_stats: "db_name table_name column_name",
      columns_priv: "host db user table_name column_name",
      db: "host db user",
      event: "db name definer time_zone",
      func: "name dl",
      global_priv: "host user",
      index_stats: "db_name table_name index_name",
      innodb_index_stats: "database_name table_name index_name stat_name stat_description",
      innodb_table_stats: "database_name table_name",
      plugin: "name dl",
      proc: "db name specific_name definer",
      procs_priv: "host db user routine_name grantor",
      proxies_priv: "host user proxied_host proxied_user grantor",
      roles_mapping: "host user role",
      table_stats: "db_name table_name",
      tables_priv: "host db user table_name grantor",
      time_zone_name: "name",
      time_zone_transition_type: "abbreviation",
      user: "host user plugin ssl_cipher x509_issuer x509_subject default_role",
    },
  },
  { answer: "checked", as: ["function"], columns: { proc: "body body_utf8" } },
  // What else there is between parameters, such as a default, SHOW CREATE prints.
  { answer: "checked", as: ["name", "enum labels"], columns: { proc: "param_list returns" } },
  { answer: "checked", as: ["event"], columns: { event: "body body_utf8" } },
  { answer: "checked", as: ["comment"], columns: { event: "comment" } },
  // Of those in the schema `mysql` with the routine.
  { answer: "checked", as: ["comment", "function"], columns: { proc: "comment" } },
  {
    answer: "removed",
    how: "by lockAccounts, down to keys that the inventory reads as options",
    columns: { global_priv: "priv", user: "password authentication_string" },
  },
  {
    answer: "removed",
    how: "by lockAccounts, as all hashes of former passwords",
    columns: { password_reuse_check_history: "hash" },
  },
  {
    answer: "removed",
    how: "by disableSideEffects, which drops the server",
    columns: { servers: "server_name host db username password socket wrapper owner" },
  },
  {
    answer: "removed",
    how: "by disableSideEffects, which drops the server",
    columns: { servers: "options" },
    versions: since11,
  },
  {
    answer: "removed",
    how: "by dropHistograms, those of every table",
    columns: { column_stats: "min_value max_value histogram" },
  },
  {
    answer: "removed",
    how: "by purgeLogTables",
    columns: { general_log: "user_host command_type argument", slow_log: "user_host db sql_text" },
  },
  {
    answer: "cannot hold any",
    how: "reference data that the server brings; the schema is closed to everybody but RDS",
    columns: {
      help_category: "name url",
      help_keyword: "name",
      help_topic: "name description example url",
    },
  },
  {
    answer: "cannot hold any",
    how: "fixed words: rights, character sets, collations, yes and no",
    columns: {
      event: "character_set_client collation_connection db_collation",
      proc: "character_set_client collation_connection db_collation",
      user:
        "select_priv insert_priv update_priv delete_priv create_priv drop_priv reload_priv shutdown_priv process_priv " +
        "file_priv grant_priv references_priv index_priv alter_priv show_db_priv super_priv create_tmp_table_priv " +
        "lock_tables_priv execute_priv repl_slave_priv repl_client_priv create_view_priv show_view_priv create_routine_priv " +
        "alter_routine_priv create_user_priv event_priv trigger_priv create_tablespace_priv delete_history_priv " +
        "ssl_type password_expired is_role",
    },
  },
];

/** INFORMATION_SCHEMA, without those of {@linkcode mariadbMemoryTables}. */
export const mariadbDictionary: readonly CatalogueColumns[] = [
  {
    answer: "checked",
    as: ["name"],
    columns: {
      applicable_roles: "grantee role_name",
      check_constraints: "constraint_schema table_name constraint_name",
      column_privileges: "grantee table_schema table_name column_name",
      columns: "table_schema table_name column_name",
      enabled_roles: "role_name",
      events: "event_schema event_name definer interval_value time_zone",
      geometry_columns: "f_table_schema f_table_name g_table_schema g_table_name g_geometry_column",
      key_column_usage:
        "constraint_schema constraint_name table_schema table_name column_name referenced_table_schema " +
        "referenced_table_name referenced_column_name",
      parameters: "specific_schema specific_name parameter_name",
      partitions: "table_schema table_name partition_name subpartition_name",
      referential_constraints:
        "constraint_schema constraint_name unique_constraint_schema unique_constraint_name table_name " +
        "referenced_table_name",
      routines: "specific_name routine_schema routine_name definer",
      schema_privileges: "grantee table_schema",
      schemata: "schema_name",
      statistics: "table_schema table_name index_schema index_name column_name",
      table_constraints: "constraint_schema constraint_name table_schema table_name",
      table_privileges: "grantee table_schema table_name",
      tables: "table_schema table_name",
      triggers: "trigger_schema trigger_name event_object_schema event_object_table definer",
      user_privileges: "grantee",
      views: "table_schema table_name definer",
    },
  },
  {
    answer: "checked",
    as: ["name"],
    columns: {
      key_period_usage: "constraint_schema constraint_name table_schema table_name period_name",
      periods: "table_schema table_name period start_column_name end_column_name",
      sequences: "sequence_schema sequence_name",
    },
    versions: since11,
  },
  { answer: "checked", as: ["view"], columns: { views: "view_definition" } },
  { answer: "checked", as: ["function"], columns: { routines: "routine_definition" } },
  { answer: "checked", as: ["trigger"], columns: { triggers: "action_statement" } },
  { answer: "checked", as: ["event"], columns: { events: "event_definition" } },
  { answer: "checked", as: ["generated column"], columns: { columns: "generation_expression" } },
  { answer: "checked", as: ["default"], columns: { columns: "column_default" } },
  {
    answer: "checked",
    as: ["enum labels"],
    columns: { columns: "column_type", parameters: "dtd_identifier", routines: "dtd_identifier" },
  },
  { answer: "checked", as: ["check constraint"], columns: { check_constraints: "check_clause" } },
  { answer: "checked", as: ["partition bound"], columns: { partitions: "partition_description" } },
  {
    answer: "checked",
    as: ["partition key"],
    columns: { partitions: "partition_expression subpartition_expression" },
  },
  {
    answer: "checked",
    as: ["comment"],
    columns: {
      columns: "column_comment",
      events: "event_comment",
      partitions: "partition_comment",
      schemata: "schema_comment",
      statistics: "index_comment",
      tables: "table_comment",
    },
  },
  { answer: "checked", as: ["comment", "function"], columns: { routines: "routine_comment" } },
  { answer: "checked", as: ["option"], columns: { partitions: "nodegroup", tables: "create_options" } },
  {
    answer: "cannot hold any",
    how: "always def, empty or NULL",
    columns: {
      check_constraints: "constraint_catalog",
      column_privileges: "table_catalog",
      columns: "table_catalog",
      events: "event_catalog",
      files: "file_name tablespace_name table_catalog table_schema table_name logfile_group_name",
      geometry_columns: "f_table_catalog f_geometry_column g_table_catalog",
      key_column_usage: "constraint_catalog table_catalog",
      parameters: "specific_catalog",
      partitions: "table_catalog tablespace_name",
      referential_constraints: "constraint_catalog unique_constraint_catalog",
      routines: "routine_catalog external_name external_language sql_path",
      schema_privileges: "table_catalog",
      schemata: "catalog_name sql_path",
      statistics: "table_catalog packed",
      table_constraints: "constraint_catalog",
      table_privileges: "table_catalog",
      tables: "table_catalog",
      tablespaces: "tablespace_name engine tablespace_type logfile_group_name tablespace_comment",
      triggers:
        "trigger_catalog event_object_catalog action_condition action_reference_old_table action_reference_new_table",
      user_privileges: "table_catalog",
      views: "table_catalog",
    },
  },
  {
    answer: "cannot hold any",
    how: "fixed words: types, character sets, collations, engines, rights, kinds, yes and no",
    columns: {
      applicable_roles: "is_grantable is_default",
      character_sets: "character_set_name default_collate_name description",
      check_constraints: "level",
      collation_character_set_applicability: "collation_name character_set_name full_collation_name is_default",
      collations: "collation_name character_set_name is_default is_compiled",
      column_privileges: "privilege_type is_grantable",
      columns: "is_nullable data_type character_set_name collation_name column_key extra privileges is_generated",
      events: "event_body event_type interval_field sql_mode status on_completion character_set_client " +
        "collation_connection database_collation",
      files: "file_type engine fulltext_keys row_format status extra",
      keywords: "word",
      parameters: "parameter_mode data_type character_set_name collation_name routine_type",
      partitions: "partition_method subpartition_method",
      referential_constraints: "match_option update_rule delete_rule",
      routines:
        "routine_type data_type character_set_name collation_name routine_body parameter_style is_deterministic " +
        "sql_data_access security_type sql_mode character_set_client collation_connection database_collation",
      schema_privileges: "privilege_type is_grantable",
      schemata: "default_character_set_name default_collation_name",
      spatial_ref_sys: "auth_name srtext",
      sql_functions: "function",
      statistics: "collation nullable index_type comment ignored",
      table_constraints: "constraint_type",
      table_privileges: "privilege_type is_grantable",
      tables: "table_type engine row_format table_collation temporary",
      triggers:
        "event_manipulation action_orientation action_timing action_reference_old_row action_reference_new_row sql_mode " +
        "character_set_client collation_connection database_collation",
      user_privileges: "privilege_type is_grantable",
      views: "check_option is_updatable security_type character_set_client collation_connection algorithm",
    },
  },
  {
    answer: "cannot hold any",
    how: "always def, or fixed words",
    columns: {
      collations: "comment",
      columns: "is_system_time_period_start is_system_time_period_end",
      key_period_usage: "constraint_catalog table_catalog",
      periods: "table_catalog",
      sequences: "sequence_catalog data_type cycle_option",
    },
    versions: since11,
  },
];

/** Views of memory, of settings of the server's run, or of InnoDB's copy of the dictionary: the server's, its plugins' and RDS's. */
export const mariadbMemoryTables =
  "^(innodb_.*|rds_.*|aurora_.*|tp_.*|thread_pool_.*|query_(cache|response).*|client_statistics|index_statistics|table_statistics|" +
  "user_statistics|all_plugins|plugins|engines|key_caches|(global|session)_(status|variables)|system_variables|locales|metadata_lock_info|" +
  "optimizer_costs|optimizer_trace|processlist|profiling|slave_status|user_variables|users|wsrep_.*|disks|feedback|" +
  "s?qlerror_log|connection_control_.*)$";
