/** What the server shows of its sessions: tables that others lock, and how far long statements are. @module */

import type { Cell, ServerProgress, Session } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

type Rows = readonly Readonly<Record<string, Cell>>[];

/** Whoever holds a row's lock holds its table's metadata lock. The master's sessions are ours, and never lock each other out. */
const lockedTables = sql`
  SELECT DISTINCT l.object_schema AS place, l.object_name AS name
  FROM performance_schema.metadata_locks l
  JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.object_type = 'TABLE' AND l.lock_status = 'GRANTED' AND l.object_schema <> 'performance_schema'
    AND COALESCE(t.processlist_user, '') <> SUBSTRING_INDEX(CURRENT_USER(), '@', 1)
  ORDER BY place, name`;

/**
 * The locked tables that a statement names; all locked ones if it names none of them, as a foreign key's other end may be meant.
 * None where the server keeps no performance_schema.
 */
export async function lockHolders(ask: (statement: Sql) => Promise<Rows>, statement: Sql): Promise<readonly string[]> {
  const tables = (await ask(lockedTables)).map((row) => ({ place: String(row.place), name: String(row.name) }));
  const named = tables.filter(({ name }) => statement.text.includes(new Name(name).quote("`")));
  return (named.length > 0 ? named : tables).map(({ place, name }) => `${place}.${name}`);
}

/** Rows that other transactions of the server have changed so far: what a copy has written. The largest one alone. */
export async function progress(session: Session): Promise<readonly ServerProgress[]> {
  const rows = await session.query(sql`
    SELECT CAST(trx_rows_modified AS CHAR) AS changed FROM information_schema.innodb_trx
    WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_rows_modified > 0
    ORDER BY trx_rows_modified DESC LIMIT 1`);
  return rows.map(({ changed }) => ({ rows: Number(changed) }));
}
