/**
 * Sets counters back that stand at a number that no row has: it may be a person's, of a row that is gone or that never was. Gaps are
 * common, as after rows that were deleted, so such a counter stops no run.
 *
 * @module
 */

import { type Counter, isLong } from "../../engine/counters.ts";
import { Name, trusted } from "../../engine/sql.ts";
import type { Pooled } from "../parallel/session_pool.ts";

/** A database whose counters are looked at. */
type Counted = Pick<Pooled, "engine" | "session" | "schema">;

/** Sets back those that stand at a long number; shorter ones stay as they are. Gives their names. */
export async function restartCounters(database: Counted): Promise<readonly string[]> {
  const { engine, session, schema } = database;
  const stray = await strayCounters(database);
  for (const counter of stray) {
    for (const step of engine.restartCounter(counter, schema)) await session.run(step);
  }
  return stray.map(({ name }) => name);
}

/** The counters that stand at a long number that no row has. Reads only. */
export async function strayCounters(database: Counted): Promise<readonly Counter[]> {
  const { engine, session, schema } = database;
  const stray: Counter[] = [];
  for (const counter of await engine.counters(session, schema)) {
    if (isLong(counter.last) && counter.last !== counter.initial && !await isInRows(database, counter)) {
      stray.push(counter);
    }
  }
  return stray;
}

/** Rows with greater numbers may be there all the same: a statement gave them those. */
async function isInRows({ engine, session, schema }: Counted, { columns, last }: Counter): Promise<boolean> {
  const { sql } = engine.expressions;
  for (const { table, column } of columns) {
    const [row] = await session.scan(
      sql`SELECT count(*) AS n FROM ${engine.tableName(schema.database, table)} WHERE ${new Name(column.name)} = ${
        trusted(`${last}`)
      }`,
    );
    if (Number(row?.["n"]) > 0) return true;
  }
  return false;
}
