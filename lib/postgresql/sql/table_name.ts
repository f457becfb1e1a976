/** How statements reach tables and their rows. @module */

import type { Scratch } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql } from "./literals.ts";

/** The alias of a statement's row, which no table of a user has as its name. */
export const row: Name = new Name("datascrubber_row");
const key = new Name("datascrubber_key");

/** The name by which a statement reaches a table. */
export function tableName(_database: string, table: Table): Name {
  return new Name(table.schema, table.name);
}

/** See {@linkcode Engine.ownRows}. */
export function ownRows(database: string, table: Table): Sql {
  const name = tableName(database, table);
  return table.kind === "table" ? sql`ONLY ${name}` : sql`${name}`;
}

/** See {@linkcode Engine.rowsToChoose}. A condition is not moved into a subquery that has OFFSET. */
export function rowsToChoose(database: string, table: Table, alias: Name): Sql {
  return sql`(SELECT * FROM ${ownRows(database, table)} OFFSET 0) AS ${alias}`;
}

/** The table by ONLY, since tables that inherit have changes of their own; a partitioned one with its partitions. */
export function tableOnly(table: Table): Sql {
  const name = tableName("", table);
  return table.kind === "partitioned" ? sql`${name}` : sql`ONLY ${name}`;
}

/** The table, and all partitions of a partitioned one. */
export function treeOf(table: Table, schema: Schema): readonly Table[] {
  return table.kind === "partitioned"
    ? [table, ...schema.tables.filter(({ postgresql }) => postgresql?.root === table.id)]
    : [table];
}

/** Those that have files of their own. */
export function filesOf(tree: readonly Table[]): readonly Table[] {
  return tree.filter(({ kind, postgresql }) =>
    kind !== "partitioned" && kind !== "foreign" && kind !== "materialised view" && postgresql?.hasNoStorage !== true
  );
}

/** Whether the row's key is in scratch. Alone in a WHERE the server joins; elsewhere it hashes, or looks the key up. */
export function keyIn({ table, of }: Scratch): Sql {
  const equal = of.primaryKey.map((name) => sql`${key}.${new Name(name)} = ${row}.${new Name(name)}`);
  return sql`EXISTS (SELECT FROM ${table} AS ${key} WHERE ${joinSql(equal, " AND ")})`;
}

/** The schema that scratch lives in. */
export const scratchSchema = "datascrubber";
