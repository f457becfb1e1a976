/** What the server shows of its sessions: tables that others lock, and how far long statements are. @module */

import type { Cell, ServerProgress, Session } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

type Rows = readonly Readonly<Record<string, Cell>>[];

/** Prepared transactions hold locks without a process. Sessions of ours never lock each other out. */
const lockedTables = sql`
  SELECT DISTINCT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_class c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'pg_catalog'
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = l.pid AND a.application_name = 'datascrubber')
  ORDER BY schema, name`;

/** The locked tables that a statement names; all locked ones if it names none of them, as a foreign key's other end may be meant. */
export async function lockHolders(ask: (statement: Sql) => Promise<Rows>, statement: Sql): Promise<readonly string[]> {
  const tables = (await ask(lockedTables)).map((row) => ({ schema: String(row["schema"]), name: String(row["name"]) }));
  const named = tables.filter(({ schema, name }) => statement.text.includes(new Name(schema, name).quote('"')));
  return (named.length > 0 ? named : tables).map(({ schema, name }) => `${schema}.${name}`);
}

/**
 * Rewrites of whole files (VACUUM FULL) and builds of indexes in the session's database; PostgreSQL reports nothing else that
 * takes long. A rewrite's scan counts as four fifths of it: its indexes come afterwards. A copy that is to replace a table has no name
 * here before it does.
 */
export async function progress(session: Session): Promise<readonly ServerProgress[]> {
  const rows = await session.query(sql`
    SELECT c.relname::text AS what,
      (CASE WHEN p.heap_blks_total > 0 THEN 0.8 * p.heap_blks_scanned / p.heap_blks_total ELSE 0 END)::float8 AS share
    FROM pg_catalog.pg_stat_progress_cluster p JOIN pg_catalog.pg_class c ON c.oid = p.relid
    WHERE p.datname = pg_catalog.current_database()
    UNION ALL
    SELECT c.relname::text,
      (CASE WHEN p.blocks_total > 0 THEN 1.0 * p.blocks_done / p.blocks_total ELSE 0 END)::float8
    FROM pg_catalog.pg_stat_progress_create_index p LEFT JOIN pg_catalog.pg_class c ON c.oid = p.relid
    WHERE p.datname = pg_catalog.current_database()`);
  return rows.map(({ what, share }) => ({ ...(what !== null && { what: String(what) }), share: Number(share) }));
}
