/** Statements that an operator wrote: explained before the first change, and run with a record of the tables that they write. @module */

import type { Session, Step } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** Names without a schema are those of the default one, as in rules. */
const namesOfRules = sql`SET LOCAL search_path = public`;

/** See {@linkcode Engine.explain}. */
export async function explain(session: Session, statement: Sql): Promise<void> {
  await session.query(sql`BEGIN`);
  try {
    await session.query(namesOfRules);
    await session.query(sql`EXPLAIN (COSTS FALSE) ${statement}`);
  } finally {
    await session.query(sql`ROLLBACK`);
  }
}

/** See {@linkcode Engine.runRecorded}. */
export async function runRecorded(
  session: Session,
  step: Step,
  schema: Schema,
): Promise<{ readonly rows: number; readonly written: readonly Table[] }> {
  await session.query(sql`BEGIN`);
  await session.query(namesOfRules);
  const { rows } = await session.run(step);
  const [setting] = await session.query(sql`SELECT pg_catalog.current_setting('track_counts') AS counted`);
  const found = await session.query(sql`SELECT schemaname, relname FROM pg_catalog.pg_stat_xact_user_tables
    WHERE n_tup_upd + n_tup_del > 0`);
  await session.query(sql`COMMIT`);
  const written = setting?.["counted"] === "on"
    ? schema.tables.filter((table) =>
      found.some(({ schemaname, relname }) => schemaname === table.schema && relname === table.name)
    )
    : schema.tables;
  return { rows, written };
}
