/** Values of a column for other rows, in scratch. @module */

import type { Scratch, Step } from "../../engine/engine.ts";
import { findColumn } from "../../engine/schema.ts";
import { type Shuffle, shuffledKey, shuffledKeys, shuffledRows, shuffledValue } from "../../engine/shuffled_rows.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant } from "../sql/literals.ts";
import { tableOnly } from "../sql/table_name.ts";

/** Creates scratch that holds the new value of each row which gets one, and a function of its name that looks it up. */
export function fillShuffled({ table }: Scratch, shuffle: Shuffle): readonly Step[] {
  const { id } = shuffle.table;
  const keys = joinSql(shuffledKeys(shuffle.table).map((key) => sql`${key}`), ", ");
  return [
    {
      label: `shuffle values of ${id}`,
      sql: sql`CREATE UNLOGGED TABLE ${table} AS ${shuffledRows(sql, shuffle, tableOnly(shuffle.table), sql``)}`,
    },
    { label: `index shuffled values of ${id}`, sql: sql`ALTER TABLE ${table} ADD PRIMARY KEY (${keys})` },
    { label: `make a function that looks shuffled values of ${id} up`, sql: createLookUp(table, shuffle) },
  ];
}

/** What fillShuffled() has for the row; NULL where it has nothing. By a function, since a rewrite of the table takes no subquery. */
export function shuffledOf({ table, of }: Scratch): Sql {
  return sql`${table}(${joinSql(of.primaryKey.map((name) => sql`${new Name(name)}`), ", ")})`;
}

function createLookUp(scratch: Name, { table, column }: Shuffle): Sql {
  const types = table.primaryKey.map((name) => {
    const key = findColumn(table, name);
    if (!key) throw new TypeError(`Cannot shuffle values of ${table.id}: its key's column "${name}" is not there`);
    return trusted(key.type);
  });
  const equal = table.primaryKey.map((_, at) => sql`s.${shuffledKey(at)} = ${trusted(`$${at + 1}`)}`);
  const body = sql`BEGIN RETURN (SELECT s.${shuffledValue} FROM ${scratch} AS s WHERE ${joinSql(equal, " AND ")}); END`;
  return sql`CREATE FUNCTION ${scratch} (${joinSql(types, ", ")}) RETURNS ${trusted(column.type)}
    LANGUAGE plpgsql STABLE AS ${stringConstant(body.text)}`;
}
