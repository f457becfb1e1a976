/**
 * Sets counters back that stand at a number that no row has: it may be a person's, of a row that is gone or that never was. Gaps are
 * common, as after rows that were deleted, so such a counter stops no run.
 *
 * @module
 */

import { type Counter, isLong } from "../../engine/counters.ts";
import { Name } from "../../engine/sql.ts";
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

/** The counters that stand at a long number past the last one that a row has. Reads only. */
export async function strayCounters(database: Counted): Promise<readonly Counter[]> {
  const { engine, session, schema } = database;
  const stray: Counter[] = [];
  for (const counter of await engine.counters(session, schema)) {
    if (isLong(counter.last) && await isPastRows(database, counter)) stray.push(counter);
  }
  return stray;
}

async function isPastRows({ engine, session, schema }: Counted, counter: Counter): Promise<boolean> {
  const { sql, asText } = engine.expressions;
  const { columns, initial, last, step } = counter;
  const isPast = (one: bigint, other: bigint) => step < 0n ? one < other : one > other;
  for (const { table, column } of columns) {
    const name = new Name(column.name);
    const furthest = step < 0n ? sql`min(${name})` : sql`max(${name})`;
    const [row] = await session.scan(
      sql`SELECT ${asText(furthest, column)} AS furthest FROM ${engine.tableName(schema.database, table)}`,
    );
    const value = row?.["furthest"];
    if (typeof value === "string" && !isPast(last, BigInt(value))) return false;
  }
  return isPast(last, initial);
}
