/** Statements that an operator wrote: explained before the first change, and run with a record of the tables that they write. @module */

import type { Session, Step } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** See {@linkcode Engine.explain}. */
export async function explain(session: Session, statement: Sql): Promise<void> {
  await session.query(sql`EXPLAIN ${statement}`);
}

/** See {@linkcode Engine.runRecorded}. */
export async function runRecorded(
  session: Session,
  step: Step,
  schema: Schema,
): Promise<{ readonly rows: number; readonly written: readonly Table[] }> {
  const before = await readWrites(session);
  const { rows } = await session.run(step);
  const after = await readWrites(session);
  const written = before && after
    ? schema.tables.filter(({ name }) => (after.get(name) ?? 0) > (before.get(name) ?? 0))
    : schema.tables;
  return { rows, written };
}

/** How often each table of the database was updated or deleted from, by all sessions; undefined where the server does not count. */
async function readWrites(session: Session): Promise<ReadonlyMap<string, number> | undefined> {
  const [setting] = await session.query(sql`SELECT COUNT(*) AS counted FROM performance_schema.setup_instruments
    WHERE name = 'wait/io/table/sql/handler' AND enabled = 'YES'`);
  if (Number(setting?.counted) !== 1) return undefined;
  const rows = await session.query(sql`SELECT object_name AS name, count_update + count_delete AS writes
    FROM performance_schema.table_io_waits_summary_by_table
    WHERE object_type = 'TABLE' AND object_schema = ${textLiteral(session.database)}`);
  return new Map(rows.map(({ name, writes }) => [String(name), Number(writes)]));
}
