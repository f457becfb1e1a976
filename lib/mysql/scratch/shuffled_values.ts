/** Values of a column for other rows, in scratch. @module */

import type { Scratch, Step } from "../../engine/engine.ts";
import { type Shuffle, shuffledKey, shuffledKeys, shuffledRows, shuffledValue } from "../../engine/shuffled_rows.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { scratchComment } from "./scratch.ts";

/** Creates scratch that holds the new value of each row which gets one, with the types and collations of the table. */
export function fillShuffled({ table: scratch }: Scratch, shuffle: Shuffle): readonly Step[] {
  const { table, column } = shuffle;
  const from = sql`${new Name(table.schema, table.name)}`;
  const keys = joinSql(shuffledKeys(table).map((key) => sql`${key}`), ", ");
  const picked = table.primaryKey.map((name, at) => sql`${new Name(name)} AS ${shuffledKey(at)}`);
  return [
    {
      label: `create scratch of values of ${table.id}`,
      sql: sql`CREATE TABLE ${scratch} (PRIMARY KEY (${keys})) ENGINE=InnoDB COMMENT=${trusted(`'${scratchComment}'`)}
        SELECT ${joinSql(picked, ", ")}, ${new Name(column.name)} AS ${shuffledValue} FROM ${from} LIMIT 0`,
    },
    {
      label: `shuffle values of ${table.id}`,
      // Without buffered joins, which may put values into temporary files.
      sql: sql`INSERT INTO ${scratch} (${keys}, ${shuffledValue}) ${
        shuffledRows(sql, shuffle, from, sql`/*+ NO_BNL() */`)
      }`,
    },
  ];
}

/** What fillShuffled() has for the row; NULL where it has nothing. */
export function shuffledOf({ table, of }: Scratch): Sql {
  const one = new Name("datascrubber_shuffled");
  const same = of.primaryKey.map((name, at) => sql`${one}.${shuffledKey(at)} = ${new Name(name)}`);
  return sql`(SELECT ${one}.${shuffledValue} FROM ${table} AS ${one} WHERE ${joinSql(same, " AND ")})`;
}
