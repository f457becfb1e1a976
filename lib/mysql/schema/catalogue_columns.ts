/**
 * Every column of the schema `mysql` and of the data dictionary, as INFORMATION_SCHEMA shows it, that may hold text of users: of
 * MySQL 8.0 to 9.x here, of MariaDB in mariadb_catalogue_columns.ts. Columns of the types `enum` and `set` are left out: in these schemas their words are the server's. So are
 * performance_schema, which is memory, sys, whose one table is `sys_config`, and what INFORMATION_SCHEMA shows of memory: it is no
 * part of a snapshot. A server's column that is missing here stops the run.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import { accountedColumns, type CatalogueColumns } from "../../engine/catalogue_columns.ts";
import { joinSql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { type Product, productOf } from "../sql/product.ts";
import { hasMatch, hasMatchInAnyCase } from "../sql/regexp.ts";
import { mariadbDictionary, mariadbMemoryTables, mariadbSystemTables } from "./mariadb_catalogue_columns.ts";
import { closedTables } from "./server_tables.ts";

/** The schema `mysql`, without those of {@linkcode closedTables}. */
const systemTables: readonly CatalogueColumns[] = [
  {
    answer: "checked",
    as: ["name"],
    columns: {
      columns_priv: "host db user table_name column_name",
      db: "host db user",
      default_roles: "host user default_role_host default_role_user",
      global_grants: "user host priv",
      innodb_index_stats: "database_name table_name index_name stat_name stat_description",
      innodb_table_stats: "database_name table_name",
      slave_master_info:
        "master_log_name ssl_ca ssl_capath ssl_cert ssl_cipher ssl_key bind ignored_server_ids ssl_crl ssl_crlpath " +
        "channel_name tls_version public_key_path network_namespace master_compression_algorithm tls_ciphersuites uuid",
      procs_priv: "host db user routine_name grantor",
      proxies_priv: "host user proxied_host proxied_user grantor",
      role_edges: "from_host from_user to_host to_user",
      tables_priv: "host db user table_name grantor",
      user: "host user plugin ssl_cipher x509_issuer x509_subject",
      time_zone_name: "name",
      time_zone_transition_type: "abbreviation",
      component: "component_urn",
      func: "name dl",
      plugin: "name dl",
      engine_cost: "engine_name cost_name comment",
      server_cost: "cost_name comment",
      replication_asynchronous_connection_failover: "channel_name host network_namespace managed_name",
      replication_asynchronous_connection_failover_managed: "channel_name managed_name managed_type configuration",
      replication_group_configuration_version: "name",
      replication_group_member_actions: "name event type error_handling",
      slave_relay_log_info: "relay_log_name master_log_name channel_name privilege_checks_username " +
        "privilege_checks_hostname assign_gtids_to_anonymous_transactions_value",
      slave_worker_info:
        "relay_log_name master_log_name checkpoint_relay_log_name checkpoint_master_log_name channel_name " +
        "checkpoint_group_bitmap",
      gtid_executed: "source_uuid",
    },
  },
  {
    answer: "refused",
    how: "a replication login",
    columns: {
      slave_master_info: "host user_name user_password",
    },
  },
  { answer: "refused", how: "as leftovers in mysql", columns: { ndb_binlog_index: "file next_file" } },
  {
    answer: "removed",
    how: "by lockAccounts",
    columns: { user: "authentication_string user_attributes", password_history: "host user password" },
  },
  {
    answer: "removed",
    how: "by disableSideEffects, which drops the server",
    columns: { servers: "server_name host db username password socket wrapper owner" },
  },
  {
    answer: "removed",
    how: "by purgeLogTables",
    columns: {
      general_log: "user_host command_type argument",
      slow_log: "user_host db sql_text",
    },
  },
  // A part of a GTID since 8.3: an administrator's tag.
  { answer: "checked", as: ["name"], columns: { gtid_executed: "gtid_tag" }, versions: [803, 999] },
  {
    answer: "cannot hold any",
    how: "reference data that the server brings; the schema is closed to everybody but RDS",
    columns: {
      help_category: "name url",
      help_keyword: "name",
      help_topic: "name description example url",
    },
  },
];

/** INFORMATION_SCHEMA, without those of {@linkcode memoryTables}. */
const dictionary: readonly CatalogueColumns[] = [
  {
    answer: "checked",
    as: ["name"],
    columns: {
      check_constraints: "constraint_schema constraint_name",
      columns: "table_schema table_name column_name",
      columns_extensions: "table_schema table_name column_name",
      column_statistics: "schema_name table_name column_name",
      events: "event_schema event_name definer interval_value time_zone",
      key_column_usage:
        "constraint_schema constraint_name table_schema table_name column_name referenced_table_schema " +
        "referenced_table_name referenced_column_name",
      parameters: "specific_schema specific_name parameter_name",
      partitions: "table_schema table_name partition_name subpartition_name",
      referential_constraints:
        "constraint_schema constraint_name unique_constraint_schema unique_constraint_name table_name " +
        "referenced_table_name",
      routines: "specific_name routine_schema routine_name definer external_language",
      statistics: "table_schema table_name index_schema index_name column_name",
      st_geometry_columns: "table_schema table_name column_name",
      tables: "table_schema table_name",
      tables_extensions: "table_schema table_name",
      table_constraints: "constraint_schema constraint_name table_schema table_name",
      table_constraints_extensions: "constraint_schema constraint_name table_name",
      triggers: "trigger_schema trigger_name event_object_schema event_object_table definer",
      views: "table_schema table_name definer",
      view_routine_usage: "table_schema table_name specific_schema specific_name",
      view_table_usage: "view_schema view_name table_schema table_name",
    },
  },
  {
    answer: "checked",
    as: ["name"],
    columns: {
      administrable_role_authorizations: "user host grantee grantee_host role_name role_host",
      applicable_roles: "user host grantee grantee_host role_name role_host",
      column_privileges: "grantee table_schema table_name column_name",
      enabled_roles: "role_name role_host",
      files: "file_name tablespace_name",
      partitions: "tablespace_name",
      role_column_grants: "grantor grantor_host grantee grantee_host table_schema table_name column_name",
      role_routine_grants:
        "grantor grantor_host grantee grantee_host specific_schema specific_name routine_schema routine_name",
      role_table_grants: "grantor grantor_host grantee grantee_host table_schema table_name",
      schemata: "schema_name",
      schemata_extensions: "schema_name",
      schema_privileges: "grantee table_schema",
      tablespaces_extensions: "tablespace_name",
      table_privileges: "grantee table_schema table_name",
      user_attributes: "user host",
      user_privileges: "grantee",
    },
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
  { answer: "checked", as: ["index expression"], columns: { statistics: "expression" } },
  {
    answer: "checked",
    as: ["partition bound"],
    columns: { partitions: "partition_description" },
  },
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
      routines: "routine_comment",
      statistics: "index_comment",
      tables: "table_comment",
    },
  },
  {
    answer: "checked",
    as: ["option"],
    columns: {
      columns_extensions: "engine_attribute secondary_engine_attribute",
      partitions: "nodegroup",
      tables: "create_options",
      tables_extensions: "engine_attribute secondary_engine_attribute",
      table_constraints_extensions: "engine_attribute secondary_engine_attribute",
      tablespaces_extensions: "engine_attribute",
    },
  },
  {
    answer: "checked",
    as: ["spatial reference system"],
    columns: {
      st_spatial_reference_systems: "srs_name organization definition description",
      st_geometry_columns: "srs_name",
    },
  },
  {
    answer: "checked",
    as: ["library", "name"],
    columns: { libraries: "library_schema library_name library_definition library_comment creator" },
    versions: [902, 999],
  },
  {
    answer: "checked",
    as: ["library", "name"],
    columns: { routine_libraries: "routine_schema routine_name library_schema library_name library_version" },
    versions: [902, 999],
  },
  {
    answer: "checked",
    as: ["view", "name"],
    columns: {
      json_duality_views: "table_schema table_name definer root_table_schema root_table_name",
      json_duality_view_columns: "table_schema table_name referenced_table_schema referenced_table_name " +
        "referenced_column_name json_key_name",
      json_duality_view_links: "table_schema table_name parent_table_schema parent_table_name child_table_schema " +
        "child_table_name parent_column_name child_column_name json_key_name",
      json_duality_view_tables: "table_schema table_name referenced_table_schema referenced_table_name where_clause",
    },
    versions: [904, 999],
  },
  { answer: "removed", how: "by lockAccounts", columns: { user_attributes: "attribute" } },
  {
    answer: "removed",
    how: "by a step of its table or by dropHistograms, those of every table",
    columns: { column_statistics: "histogram" },
  },
  {
    answer: "out of reach",
    how:
      "shown to who has RESOURCE_GROUP_ADMIN or RESOURCE_GROUP_USER, and checked as a name then; since 8.0.36 RDS grants them to no " +
      'account (RDS User Guide, "Dynamic privileges for RDS for MySQL"), but a group from before may be there',
    columns: { resource_groups: "resource_group_name" },
  },
  {
    answer: "out of reach",
    how: "no view shows a tablespace's comment; RDS lets no user create a tablespace",
    columns: { tablespaces: "tablespace_name engine tablespace_type logfile_group_name tablespace_comment" },
    versions: [800, 804],
  },
  {
    answer: "cannot hold any",
    how: "always def, empty or NULL",
    columns: {
      check_constraints: "constraint_catalog",
      columns: "table_catalog",
      columns_extensions: "table_catalog",
      column_privileges: "table_catalog",
      events: "event_catalog",
      files:
        "table_catalog table_schema table_name logfile_group_name fulltext_keys deleted_rows update_count creation_time " +
        "last_update_time last_access_time recover_time transaction_counter table_rows avg_row_length data_length " +
        "max_data_length index_length create_time update_time check_time checksum",
      key_column_usage: "constraint_catalog table_catalog",
      parameters: "specific_catalog",
      partitions: "table_catalog",
      referential_constraints: "constraint_catalog unique_constraint_catalog",
      role_column_grants: "table_catalog",
      role_routine_grants: "specific_catalog routine_catalog",
      role_table_grants: "table_catalog",
      routines: "routine_catalog external_name sql_path",
      schemata: "catalog_name sql_path",
      schemata_extensions: "catalog_name",
      schema_privileges: "table_catalog",
      statistics: "table_catalog packed",
      st_geometry_columns: "table_catalog",
      tables: "table_catalog",
      tables_extensions: "table_catalog",
      table_constraints: "constraint_catalog",
      table_constraints_extensions: "constraint_catalog",
      table_privileges: "table_catalog",
      triggers:
        "trigger_catalog event_object_catalog action_condition action_reference_old_table action_reference_new_table",
      user_privileges: "table_catalog",
      views: "table_catalog",
      view_routine_usage: "table_catalog specific_catalog",
      view_table_usage: "view_catalog table_catalog",
    },
  },
  {
    answer: "cannot hold any",
    how: "always def",
    columns: { libraries: "library_catalog", routine_libraries: "routine_catalog library_catalog" },
    versions: [902, 999],
  },
  {
    answer: "cannot hold any",
    how: "always def, or fixed words",
    columns: {
      json_duality_views:
        "table_catalog security_type json_column_name root_table_catalog allow_insert allow_update allow_delete read_only status",
      json_duality_view_columns: "table_catalog referenced_table_catalog",
      json_duality_view_links: "table_catalog parent_table_catalog child_table_catalog join_type",
      json_duality_view_tables: "table_catalog referenced_table_catalog referenced_table_parent_relationship",
    },
    versions: [904, 999],
  },
  { answer: "cannot hold any", how: "fixed words", columns: { libraries: "language" }, versions: [902, 999] },
  { answer: "cannot hold any", how: "fixed words", columns: { partitions: "secondary_load" }, versions: [804, 999] },
  {
    answer: "cannot hold any",
    how: "fixed words: types, character sets, collations, engines, rights, kinds, yes and no",
    columns: {
      administrable_role_authorizations: "is_grantable is_default is_mandatory",
      applicable_roles: "is_grantable is_default is_mandatory",
      character_sets: "character_set_name default_collate_name description",
      collations: "collation_name character_set_name is_default is_compiled",
      collation_character_set_applicability: "collation_name character_set_name",
      columns: "is_nullable data_type character_set_name collation_name extra privileges",
      column_privileges: "privilege_type is_grantable",
      enabled_roles: "is_default is_mandatory",
      events: "event_body event_type status on_completion character_set_client collation_connection database_collation",
      files: "file_type engine row_format status extra",
      keywords: "word",
      parameters: "parameter_mode data_type character_set_name collation_name",
      partitions: "partition_method subpartition_method",
      resource_groups: "vcpu_ids",
      role_column_grants: "is_grantable",
      role_routine_grants: "is_grantable",
      role_table_grants: "is_grantable",
      routines: "data_type character_set_name collation_name routine_body parameter_style is_deterministic " +
        "character_set_client collation_connection database_collation",
      schemata: "default_character_set_name default_collation_name",
      schemata_extensions: "options",
      schema_privileges: "privilege_type is_grantable",
      statistics: "collation nullable index_type comment is_visible",
      st_geometry_columns: "geometry_type_name",
      st_units_of_measure: "unit_name unit_type description",
      tables: "engine table_collation",
      table_constraints: "constraint_type enforced",
      table_privileges: "privilege_type is_grantable",
      triggers: "action_orientation action_reference_old_row action_reference_new_row character_set_client " +
        "collation_connection database_collation",
      user_privileges: "privilege_type is_grantable",
      views: "security_type character_set_client collation_connection",
    },
  },
];

/** Views of memory, or of InnoDB's copy of the dictionary: the server's, its plugins' and RDS's. */
const memoryTables =
  "^(innodb_(?!columns$).*|rds_.*|aurora_.*|ndb.*|tp_.*|mysql_firewall.*|connection_control.*|processlist|optimizer_trace|profiling|plugins|engines)$";

/** The table of each product, with the schema before each name. Versions are its own. */
export const catalogueColumns: Readonly<Record<Product, readonly CatalogueColumns[]>> = {
  mysql: [
    ...within("mysql", systemTables),
    ...within("information_schema", dictionary),
    {
      answer: "checked",
      as: ["value for old rows", "name"],
      columns: { "information_schema.innodb_columns": "name default_value" },
    },
  ],
  mariadb: [
    ...within("mysql", mariadbSystemTables),
    ...within("information_schema", mariadbDictionary),
  ],
};

function within(schema: string, parts: readonly CatalogueColumns[]): readonly CatalogueColumns[] {
  return parts.map((part) => ({
    ...part,
    columns: Object.fromEntries(
      Object.entries(part.columns).map(([table, columns]) => [`${schema}.${table}`, columns]),
    ),
  }));
}

/** Types of numbers and moments, and of words that a definition lists. */
const types = "tinyint smallint mediumint int bigint decimal float double year date time datetime timestamp enum set"
  .split(" ");

/** Columns of the server's catalogues whose type could hold text, as `schema.table.column` in small letters. */
export async function textColumns(session: Session): Promise<readonly string[]> {
  const memory = { mysql: memoryTables, mariadb: mariadbMemoryTables }[await productOf(session)];
  const rows = await session.query(sql`
    SELECT LOWER(CONCAT(table_schema, '.', table_name, '.', column_name)) AS name
    FROM information_schema.columns
    WHERE data_type NOT IN (${joinSql(types.map(textLiteral), ", ")})
      AND (table_schema = 'mysql' AND NOT ${hasMatch(sql`table_name`, closedTables)}
        OR table_schema = 'information_schema' AND NOT ${hasMatchInAnyCase(sql`table_name`, memory)})
    ORDER BY name`);
  return rows.map(({ name }) => String(name));
}

/** Columns of the server that the table does not know. Tables of `mysql` that are not the server's are objects of their own. */
export async function unknownColumns(session: Session, known: (table: string) => boolean): Promise<readonly string[]> {
  const accounted = accountedColumns(catalogueColumns[await productOf(session)]);
  return (await textColumns(session)).filter((name) => !accounted.has(name))
    .filter((name) => !name.startsWith("mysql.") || known(name.split(".")[1] ?? ""));
}
