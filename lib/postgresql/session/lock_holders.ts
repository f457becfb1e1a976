/** Which tables somebody else holds a lock on: what to say when a statement waited for one in vain. @module */

import type { Cell } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

type Rows = readonly Readonly<Record<string, Cell>>[];

/** Prepared transactions hold locks without a process. Sessions of ours never lock each other out. */
const held = sql`
  SELECT DISTINCT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_class c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'pg_catalog'
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = l.pid AND a.application_name = 'datascrubber')
  ORDER BY schema, name`;

/** The held tables that a statement names; all held ones if it names none of them, as a foreign key's other end may be meant. */
export async function lockHolders(ask: (statement: Sql) => Promise<Rows>, statement: Sql): Promise<readonly string[]> {
  const tables = (await ask(held)).map((row) => ({ schema: String(row["schema"]), name: String(row["name"]) }));
  const named = tables.filter(({ schema, name }) => statement.text.includes(new Name(schema, name).quote('"')));
  return (named.length > 0 ? named : tables).map(({ schema, name }) => `${schema}.${name}`);
}
