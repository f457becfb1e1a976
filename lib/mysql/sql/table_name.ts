/** How statements reach tables and their rows. @module */

import { chosenBy } from "../../engine/chosen_rows.ts";
import type { ColumnChange, Scratch } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql } from "./literals.ts";

/** The table, qualified by its database: the session's default database must not matter. */
export function tableName(database: string, table: Table): Name {
  return new Name(database, table.name);
}

/** Whether the key of the target's row is in scratch. */
export function keyIn(scratch: Scratch, target: Name): Sql {
  return sql`EXISTS (SELECT 1 FROM ${scratch.table} AS chosen WHERE ${sameKey(scratch, new Name("chosen"), target)})`;
}

/**
 * Whether the key of the target's row is not in scratch, as a scalar subquery: one lookup a row. The server would turn
 * NOT EXISTS into a join, and some joins put rows with their values into temporary files.
 */
export function keyNotIn(scratch: Scratch, target: Name): Sql {
  return sql`(SELECT 1 FROM ${scratch.table} AS chosen WHERE ${sameKey(scratch, new Name("chosen"), target)}) IS NULL`;
}

function sameKey(scratch: Scratch, chosen: Name, target: Name): Sql {
  const [place, row] = [sql`${chosen}`, sql`${target}`];
  return joinSql(
    scratch.of.primaryKey.map((key) => sql`${place}.${new Name(key)} = ${row}.${new Name(key)}`),
    " AND ",
  );
}

/** The different scratches that columns are bound to, in the columns' order. */
export function scratchesOf(columns: readonly ColumnChange[]): readonly Scratch[] {
  const found = new Map<string, Scratch>();
  for (const change of columns) {
    const keys = chosenBy(change);
    if (keys !== undefined) found.set(sql`${keys.table}`.text, keys);
  }
  return [...found.values()];
}

/** See {@linkcode Engine.ownRows}. */
export function ownRows(database: string, table: Table): Sql {
  return sql`${tableName(database, table)}`;
}

/** See {@linkcode Engine.rowsToChoose}. */
export function rowsToChoose(database: string, table: Table, alias: Name): Sql {
  return sql`${tableName(database, table)} AS ${alias}${byItsRows(table)}`;
}

/** See {@linkcode Engine.rowsToSearch}. */
export function rowsToSearch(database: string, table: Table): Sql {
  return sql`${tableName(database, table)}${byItsRows(table)}`;
}

/**
 * InnoDB's tables are their primary keys, by which ranges of keys are found. In other engines' tables every index is a file of its own,
 * which may be older than the rows; in one without a key every index is a copy.
 */
function byItsRows({ primaryKey, mysql }: Table): Sql {
  return primaryKey.length > 0 && mysql?.storageEngine === "InnoDB" ? sql` FORCE INDEX (PRIMARY)` : sql` USE INDEX ()`;
}
