/** The query that gives the values of a column to other rows. @module */

import type { Column, Table } from "./schema.ts";
import { joinSql, Name, type Sql, type SqlTag } from "./sql.ts";

/** Which values of a column go to other rows, and in which order. */
export interface Shuffle {
  readonly table: Table;
  readonly column: Column;
  /** The rows among which values move, by unqualified columns. */
  readonly among: Sql;
  /** What the rows are ordered by; rows for which it is equal are ordered by their keys. */
  readonly order: Sql;
}

/** The column of scratch that holds a row's new value. */
export const shuffledValue: Name = new Name("datascrubber_value");

/** The column of scratch that holds the row's key's column at this place: a name that means no column of the table. */
export function shuffledKey(at: number): Name {
  return new Name(`datascrubber_key_${at}`);
}

/** The columns of scratch that hold the row's key. */
export function shuffledKeys({ primaryKey }: Table): readonly Name[] {
  return primaryKey.map((_, at) => shuffledKey(at));
}

/**
 * The key of each row that has a value, with the value of the next row; the last row's is the first one's. So each value moves, and is
 * given once. Only keys are sorted: values in a sort could end up in temporary files.
 *
 * @param from The table, as it stands in FROM.
 * @param hint What follows SELECT where rows are joined.
 */
export function shuffledRows(
  sql: SqlTag,
  { table, column, among, order }: Shuffle,
  from: Sql,
  hint: Sql,
): Sql {
  const [ranked, to, giver, source] = ["ranked", "to", "giver", "source"].map((name) =>
    new Name(`datascrubber_${name}`)
  ) as [Name, Name, Name, Name];
  const keys = table.primaryKey.map((name, at) => ({ key: new Name(name), as: shuffledKey(at) }));
  const value = new Name(column.name);
  const byKey = joinSql([sql`${order}`, ...keys.map(({ key }) => sql`${key}`)], ", ");
  // IS NOT NULL is false for a composite value with one NULL.
  const hasValue = sql`NOT (${value} IS NULL)`;
  const same = joinSql(keys.map(({ key, as }) => sql`${source}.${key} = ${giver}.${as}`), " AND ");
  return sql`WITH ${ranked} AS (SELECT ${joinSql(keys.map(({ key, as }) => sql`${key} AS ${as}`), ", ")},
      row_number() OVER (ORDER BY ${byKey}) AS place, count(*) OVER () AS places
      FROM ${from} WHERE ${hasValue} AND ${among})
    SELECT ${hint} ${joinSql(keys.map(({ as }) => sql`${to}.${as}`), ", ")}, ${source}.${value} AS ${shuffledValue}
    FROM ${ranked} AS ${to} JOIN ${ranked} AS ${giver} ON ${giver}.place = ${to}.place % ${to}.places + 1
    JOIN ${from} AS ${source} ON ${same}`;
}
