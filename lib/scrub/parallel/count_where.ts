/** Counts a table's rows by conditions, all in one scan. @module */

import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { inChunks, type Pooled } from "./session_pool.ts";

/**
 * How many rows there are, and how many meet each of the conditions; NULL meets none.
 *
 * @throws {TypeError} where the server returns no number: unknown must not pass for none.
 */
export async function countWhere(
  database: Pooled,
  table: Table,
  conditions: readonly Sql[],
): Promise<readonly [all: number, ...met: number[]]> {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  const sums = conditions.map((condition, at) =>
    sql`coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0) AS ${new Name(`c${at}`)}`
  );
  const counts = joinSql([sql`count(*) AS counted`, ...sums], ", ");
  const rows = await inChunks(database, table, async (session, chunk) => {
    const [row] = await session.scan(
      sql`SELECT ${counts} FROM ${engine.tableName(schema.database, table)} WHERE ${chunk}`,
    );
    return ["counted", ...conditions.map((_, at) => `c${at}`)].map((name) => Number(row?.[name]));
  });
  const [all = NaN, ...met] = [0, ...conditions].map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? NaN), 0));
  if (![all, ...met].every(Number.isSafeInteger)) {
    throw new TypeError(`Cannot count rows of ${table.id}: the scan gave no numbers`);
  }
  return [all, ...met];
}
