/** Scratch by the keys that rows have once the primary key of their table has changed. @module */

import type { Engine, Scratch } from "../../engine/engine.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { BoundTable } from "../rules/bind.ts";
import type { Closure, Referenced } from "./foreign_key_closure.ts";
import { rowOf } from "./row.ts";
import { chosenOf, filled, isChosen } from "./selections.ts";

/** For scratch by old keys the same rows by new ones; scratch of tables whose keys stay is not in it. */
export type Rekeyed = ReadonlyMap<Scratch, Scratch>;

/**
 * Fills scratch with the keys that chosen and deleted rows have after the change, by which verification finds them: a deleted row
 * that is still there has a new key as well.
 */
export async function rekey(
  database: Referenced,
  tables: readonly BoundTable[],
  selections: ReadonlyMap<string, Scratch>,
  closure: Closure,
): Promise<Rekeyed> {
  const { engine, session, schema } = database;
  const { sql } = engine.expressions;
  const rekeyed = new Map<Scratch, Scratch>();
  for (const rule of tables) {
    const { table, columns } = rule;
    if (!columns.some(({ column }) => table.primaryKey.includes(column.name))) continue;
    const scratches = [
      ...columns.flatMap(({ only, except }) => selections.get(only ?? except ?? "") ?? []),
      ...(closure.deletedKeys.get(table.id) ? [closure.deletedKeys.get(table.id)] : []),
      ...closure.nulled.filter((one) => one.table === table).map(({ rows }) => rows),
    ];
    for (const scratch of new Set(scratches)) {
      if (!scratch) continue;
      const now = engine.scratch(schema.database, `new keys ${rekeyed.size} ${table.id}`, table);
      const keys = joinSql(
        table.primaryKey.map((name) => sql`${newKey(engine, rule, name, selections)} AS ${new Name(name)}`),
        ", ",
      );
      rekeyed.set(scratch, await filled(engine, session, now, sql`SELECT ${keys} FROM ${scratch.table}`));
    }
  }
  return rekeyed;
}

/** The new value of a column of the primary key, over the columns of scratch: what changes keys reads no other column. */
function newKey(
  engine: Engine,
  { table, columns }: BoundTable,
  name: string,
  selections: ReadonlyMap<string, Scratch>,
): Sql {
  const e = engine.expressions;
  const old = e.sql`${new Name(name)}`;
  const rule = columns.find(({ column }) => column.name === name);
  if (!rule) return old;
  const made = rule.strategy.newValue(e, rowOf(engine, table, columns, name), rule.parameter);
  const chosen = isChosen(engine, table.primaryKey, chosenOf(rule, selections));
  return chosen ? e.choose(chosen, made, old) : made;
}
