/**
 * Every column of PostgreSQL's system catalogues, versions 13 to 18, that may hold text of users: texts, names, expressions,
 * options, values of columns, and everything of a type that is not known to be too small or too strict for it. Views of pg_catalog
 * and information_schema show these tables; pg_stat_* shows memory. A server's column that is missing here stops the run.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import { accountedColumns, type CatalogueColumns } from "../../engine/catalogue_columns.ts";
import { sql } from "../sql/literals.ts";

/** The table. */
export const catalogueColumns: readonly CatalogueColumns[] = [
  {
    answer: "checked",
    as: ["name"],
    columns: {
      pg_class: "relname",
      pg_attribute: "attname",
      pg_type: "typname",
      pg_proc: "proname proargnames",
      pg_constraint: "conname",
      pg_trigger: "tgname",
      pg_rewrite: "rulename",
      pg_policy: "polname",
      pg_namespace: "nspname",
      pg_operator: "oprname",
      pg_opfamily: "opfname",
      pg_opclass: "opcname",
      pg_am: "amname",
      pg_language: "lanname",
      pg_statistic_ext: "stxname",
      pg_event_trigger: "evtname",
      pg_conversion: "conname",
      pg_ts_config: "cfgname",
      pg_ts_dict: "dictname",
      pg_ts_parser: "prsname",
      pg_ts_template: "tmplname",
      pg_extension: "extname extversion extcondition",
      pg_foreign_data_wrapper: "fdwname",
      pg_foreign_server: "srvname srvtype srvversion",
      pg_collation: "collname",
      pg_publication: "pubname",
    },
  },
  {
    answer: "checked",
    as: ["name"],
    columns: {
      pg_database: "datname",
      pg_authid: "rolname",
      pg_tablespace: "spcname",
      pg_replication_origin: "roname",
      pg_subscription: "subname subslotname subpublications",
    },
  },
  {
    answer: "checked",
    as: ["name"],
    columns: { pg_parameter_acl: "parname" },
    versions: [15, 18],
  },
  { answer: "checked", as: ["function"], columns: { pg_proc: "proargdefaults prosrc probin proconfig" } },
  { answer: "checked", as: ["function", "name"], columns: { pg_proc: "prosqlbody" }, versions: [14, 18] },
  { answer: "checked", as: ["function"], columns: { pg_aggregate: "agginitval aggminitval" } },
  {
    answer: "checked",
    as: ["domain"],
    columns: { pg_type: "typdefault typdefaultbin" },
  },
  {
    answer: "checked",
    as: ["option"],
    columns: {
      pg_class: "reloptions",
      pg_attribute: "attoptions attfdwoptions",
      pg_foreign_data_wrapper: "fdwoptions",
    },
  },
  { answer: "checked", as: ["option"], columns: { pg_tablespace: "spcoptions" } },
  { answer: "checked", as: ["value for old rows"], columns: { pg_attribute: "attmissingval" } },
  { answer: "checked", as: ["partition bound"], columns: { pg_class: "relpartbound" } },
  { answer: "checked", as: ["partition key"], columns: { pg_partitioned_table: "partexprs" } },
  { answer: "checked", as: ["default", "generated column"], columns: { pg_attrdef: "adbin" } },
  { answer: "checked", as: ["check constraint", "domain"], columns: { pg_constraint: "conbin" } },
  { answer: "checked", as: ["index expression"], columns: { pg_index: "indexprs indpred" } },
  { answer: "checked", as: ["rule", "name"], columns: { pg_rewrite: "ev_qual" } },
  { answer: "checked", as: ["view", "rule", "name"], columns: { pg_rewrite: "ev_action" } },
  { answer: "checked", as: ["trigger"], columns: { pg_trigger: "tgargs tgqual tgoldtable tgnewtable" } },
  { answer: "checked", as: ["event trigger"], columns: { pg_event_trigger: "evttags" } },
  { answer: "checked", as: ["policy", "name"], columns: { pg_policy: "polqual polwithcheck" } },
  { answer: "checked", as: ["enum labels"], columns: { pg_enum: "enumlabel" } },
  {
    answer: "checked",
    as: ["statistics object"],
    columns: { pg_statistic_ext: "stxexprs" },
    versions: [14, 18],
  },
  { answer: "checked", as: ["publication"], columns: { pg_publication_rel: "prqual" }, versions: [15, 18] },
  { answer: "checked", as: ["text search dictionary"], columns: { pg_ts_dict: "dictinitoption" } },
  { answer: "checked", as: ["collation"], columns: { pg_collation: "collcollate collctype collversion" } },
  { answer: "checked", as: ["collation"], columns: { pg_collation: "colliculocale" }, versions: [15, 16] },
  { answer: "checked", as: ["collation"], columns: { pg_collation: "collicurules" }, versions: [16, 18] },
  { answer: "checked", as: ["collation"], columns: { pg_collation: "colllocale" }, versions: [17, 18] },
  { answer: "checked", as: ["collation"], columns: { pg_database: "datcollate datctype" } },
  {
    answer: "checked",
    as: ["collation"],
    columns: { pg_database: "datcollversion" },
    versions: [15, 18],
  },
  {
    answer: "checked",
    as: ["collation"],
    columns: { pg_database: "daticulocale" },
    versions: [15, 16],
  },
  {
    answer: "checked",
    as: ["collation"],
    columns: { pg_database: "daticurules" },
    versions: [16, 18],
  },
  {
    answer: "checked",
    as: ["collation"],
    columns: { pg_database: "datlocale" },
    versions: [17, 18],
  },
  { answer: "checked", as: ["comment"], columns: { pg_description: "description" } },
  {
    answer: "checked",
    as: ["comment"],
    columns: { pg_shdescription: "description" },
  },
  {
    answer: "checked",
    as: ["security label"],
    columns: { pg_seclabel: "provider label", pg_shseclabel: "provider label" },
  },
  { answer: "checked", as: ["setting"], columns: { pg_db_role_setting: "setconfig" } },
  {
    answer: "removed",
    how: "the foreign server is dropped with all that belongs to it",
    columns: {
      pg_foreign_server: "srvoptions",
      pg_foreign_table: "ftoptions",
      pg_user_mapping: "umoptions",
    },
  },
  {
    answer: "removed",
    how: "the subscription is dropped",
    columns: { pg_subscription: "subconninfo subsynccommit" },
  },
  {
    answer: "removed",
    how: "the subscription is dropped",
    columns: { pg_subscription: "suborigin" },
    versions: [16, 18],
  },
  {
    answer: "removed",
    how: "by purge, which makes those of every table anew",
    columns: {
      pg_statistic: "stavalues1 stavalues2 stavalues3 stavalues4 stavalues5",
      pg_statistic_ext_data: "stxdndistinct stxddependencies stxdmcv",
    },
  },
  {
    answer: "removed",
    how: "by purge, which makes those of every table anew",
    columns: { pg_statistic_ext_data: "stxdexpr" },
    versions: [14, 18],
  },
  { answer: "removed", how: "by lockAccounts", columns: { pg_authid: "rolpassword" } },
  { answer: "refused", how: "large objects", columns: { pg_largeobject: "data" } },
  {
    answer: "cannot hold any",
    how: "names of roles, which are searched, and letters for rights",
    columns: {
      pg_class: "relacl",
      pg_attribute: "attacl",
      pg_type: "typacl",
      pg_proc: "proacl",
      pg_namespace: "nspacl",
      pg_language: "lanacl",
      pg_largeobject_metadata: "lomacl",
      pg_database: "datacl",
      pg_tablespace: "spcacl",
      pg_foreign_data_wrapper: "fdwacl",
      pg_foreign_server: "srvacl",
      pg_default_acl: "defaclacl",
      pg_init_privs: "initprivs",
    },
  },
  {
    answer: "cannot hold any",
    how: "names of roles, which are searched, and letters for rights",
    columns: { pg_parameter_acl: "paracl" },
    versions: [15, 18],
  },
  { answer: "cannot hold any", how: "fixed words", columns: { pg_event_trigger: "evtevent" } },
];

/** Columns of the server's catalogues whose type could hold text, as `catalogue.column`. */
export async function textColumns(session: Session): Promise<readonly string[]> {
  const rows = await session.query(sql`
    SELECT c.relname || '.' || a.attname AS name
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'p') AND c.oid < 16384
      AND a.attnum > 0 AND NOT a.attisdropped AND format_type(a.atttypid, NULL) NOT IN (
        'oid', 'oid[]', 'oidvector', 'regproc', 'boolean', '"char"', '"char"[]', 'smallint', 'smallint[]', 'int2vector',
        'integer', 'bigint', 'real', 'real[]', 'double precision', 'xid', 'pg_lsn', 'timestamp with time zone')
    ORDER BY c.relname COLLATE "C", a.attnum`);
  return rows.map(({ name }) => String(name));
}

/** Columns of the server that the table does not know. */
export async function unknownColumns(session: Session): Promise<readonly string[]> {
  const known = accountedColumns(catalogueColumns);
  return (await textColumns(session)).filter((name) => !known.has(name)).map((name) => `pg_catalog.${name}`);
}
