/** Divides a table by its primary key: MySQL runs a statement on one processor, however many there are. @module */

import type { Session } from "../../engine/engine.ts";
import { findColumn, type Table } from "../../engine/schema.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";

/**
 * Ranges of the primary key's first column where that is a whole number: as wide as each other, so that those in which rows are
 * missing are done sooner. The first and the last have no end, so that no row can be in none. Only InnoDB's rows are found by their key.
 */
export async function divide(session: Session, database: string, table: Table, most: number): Promise<readonly Sql[]> {
  const [first = ""] = table.primaryKey;
  const whole = [sql`TRUE`];
  if (most < 2 || table.mysql?.storageEngine !== "InnoDB" || findColumn(table, first)?.kind !== "integer") return whole;
  const key = new Name(first);
  // Both ends stand in the index: no row is read for them.
  const [row] = await session.query(
    sql`SELECT CAST(MIN(${key}) AS CHAR) AS least, CAST(MAX(${key}) AS CHAR) AS greatest FROM ${
      tableName(database, table)
    }`,
  );
  if (typeof row?.least !== "string" || typeof row.greatest !== "string") return whole;
  const bounds = boundsBetween(BigInt(row.least), BigInt(row.greatest), BigInt(most)).map((bound) =>
    trusted(`${bound}`)
  );
  return [undefined, ...bounds].map((from, at) => {
    const to = bounds[at];
    if (from === undefined) return to === undefined ? sql`TRUE` : sql`${key} < ${to}`;
    return to === undefined ? sql`${key} >= ${from}` : sql`${key} >= ${from} AND ${key} < ${to}`;
  });
}

/** The bounds between so many ranges, at most. */
function boundsBetween(least: bigint, greatest: bigint, most: bigint): readonly bigint[] {
  const width = (greatest - least) / most + 1n;
  const bounds: bigint[] = [];
  for (let bound = least + width; bound <= greatest; bound += width) bounds.push(bound);
  return bounds;
}
