/** Counts tables' rows by conditions, all of a table in one scan. @module */

import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { smallestChunk } from "./chunk_queue.ts";
import { inBatches } from "./in_batches.ts";
import { inChunks, type Pooled } from "./session_pool.ts";

/** How many rows there are, and how many meet each of the conditions. */
export type Counts = readonly [all: number, ...met: number[]];

/** A table, and what is counted of it. */
export interface CountedTable {
  readonly table: Table;
  readonly conditions: readonly Sql[];
}

/**
 * As {@linkcode countWhere}, of several tables: small ones by one statement together.
 *
 * @param onNext Hears of each table, or the first of several, before it is read, and which share of the work is done.
 * @returns the counts in the tables' order.
 */
export async function countEach(
  database: Pooled,
  tables: readonly CountedTable[],
  onNext: (table: Table, share: number) => void = () => {},
): Promise<readonly Counts[]> {
  const counts: Counts[] = [];
  const parts = inBatches(tables, ({ table }) => table.bytes < smallestChunk);
  for (const [at, part] of parts.entries()) {
    const [first] = part;
    if (!first) continue;
    onNext(first.table, at / parts.length);
    const found = part.length === 1
      ? [await countWhere(database, first.table, first.conditions)]
      : await countTogether(database, part);
    for (const [n, one] of part.entries()) counts[tables.indexOf(one)] = found[n] ?? checked(one.table, []);
  }
  return tables.map(({ table }, at) => counts[at] ?? checked(table, []));
}

async function countTogether(
  { engine, session, schema }: Pooled,
  part: readonly CountedTable[],
): Promise<readonly Counts[]> {
  const { sql } = engine.expressions;
  const most = Math.max(...part.map(({ conditions }) => conditions.length));
  const queries = part.map(({ table, conditions }, at) => {
    const sums = Array.from({ length: most }, (_, n) => {
      const condition = conditions[n];
      return sql`${condition ? sumOf(engine, condition) : sql`0`} AS ${new Name(`c${n}`)}`;
    });
    return sql`SELECT ${at} AS place, ${joinSql([sql`count(*) AS counted`, ...sums], ", ")} FROM ${
      engine.rowsToSearch(schema.database, table)
    }`;
  });
  const rows = await session.scan(sql`${joinSql(queries, " UNION ALL ")}`);
  return part.map(({ table, conditions }, at): Counts => {
    const row = rows.find(({ place }) => Number(place) === at);
    return checked(table, ["counted", ...conditions.map((_, n) => `c${n}`)].map((name) => Number(row?.[name])));
  });
}

function sumOf({ expressions: { sql } }: Pooled["engine"], condition: Sql): Sql {
  return sql`coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;
}

/** @throws {TypeError} where the server returned no number: unknown must not pass for none. */
function checked(table: Table, numbers: readonly number[]): Counts {
  const [all = NaN, ...met] = numbers;
  if (![all, ...met].every(Number.isSafeInteger)) {
    throw new TypeError(`Cannot count rows of ${table.id}: the scan gave no numbers`);
  }
  return [all, ...met];
}

/**
 * How many rows there are, and how many meet each of the conditions; NULL meets none.
 *
 * @throws {TypeError} where the server returns no number: unknown must not pass for none.
 */
export async function countWhere(
  database: Pooled,
  table: Table,
  conditions: readonly Sql[],
): Promise<Counts> {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  const sums = conditions.map((condition, at) => sql`${sumOf(engine, condition)} AS ${new Name(`c${at}`)}`);
  const counts = joinSql([sql`count(*) AS counted`, ...sums], ", ");
  const rows = await inChunks(database, table, async (session, chunk) => {
    const [row] = await session.scan(
      sql`SELECT ${counts} FROM ${engine.rowsToSearch(schema.database, table)} WHERE ${chunk}`,
    );
    return ["counted", ...conditions.map((_, at) => `c${at}`)].map((name) => Number(row?.[name]));
  });
  return checked(table, [0, ...conditions].map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? NaN), 0)));
}
