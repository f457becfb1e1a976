/**
 * pg_cron's jobs and their history, in tables of the extension in the database where it is installed: `postgres`, unless its
 * parameter says otherwise. No other extension's rows are touched.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { holdsSamples } from "./samples.ts";

/** Tables of pg_cron that exist and belong to a role that the master user is a member of (on RDS rds_superuser). */
const tables = sql`
  SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
  WHERE n.nspname = 'cron' AND c.relname IN ('job', 'job_run_details') AND c.relkind = 'r'
    AND pg_has_role(c.relowner, 'USAGE')`;

/**
 * Their columns in the planner's statistics; not `username`, which holds role names, and whose type a policy does not let change.
 */
const sampled = sql`
  SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type
  FROM (${tables}) AS t JOIN pg_attribute a ON a.attrelid = t.oid
  JOIN pg_stats s ON s.schemaname = 'cron' AND s.tablename = t.relname AND s.attname = a.attname
  WHERE a.attname <> 'username'
    AND ${holdsSamples}
  ORDER BY 1, 2`;

/** Names of the tables that {@linkcode clearPgCron} empties, as the inventory names them. */
export async function clearableTables(session: Session): Promise<readonly string[]> {
  return (await session.query(tables)).map(({ relname }) => `cron.${relname}`);
}

/**
 * Empties pg_cron's tables, and removes their values from the planner's statistics, which outlast the rows.
 *
 * @returns a sentence for the report, if it removed anything.
 */
export async function clearPgCron(session: Session): Promise<readonly string[]> {
  // Indexes of a table that is empty by now may still be filled.
  const filled = await session.query(sql`
    SELECT relname FROM (${tables}) AS t WHERE pg_relation_size(oid) > 0 OR EXISTS (SELECT FROM pg_index i
      WHERE i.indrelid = t.oid AND pg_relation_size(i.indexrelid) > current_setting('block_size')::bigint)
    ORDER BY relname`);
  if (filled.length > 0) {
    const names = filled.map(({ relname }) => sql`${new Name("cron", String(relname))}`);
    await session.query(sql`TRUNCATE ${joinSql(names, ", ")}`);
  }
  const samples = await session.query(sampled);
  for (const { relname, attname, type } of samples) {
    await session.query(retyped(new Name("cron", String(relname)), new Name(String(attname)), trusted(String(type))));
  }
  if (filled.length + samples.length === 0) return [];
  await session.run({
    label: "rewrite pg_statistic",
    sql: sql`VACUUM (FULL, VERBOSE) ${new Name("pg_catalog", "pg_statistic")}`,
  });
  return [`database "${session.database}": jobs of pg_cron and their history removed`];
}

/** ALTER COLUMN TYPE deletes a column's statistics, even if the type is the same. */
function retyped(table: Name, column: Name, type: Sql): Sql {
  return sql`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type}`;
}
