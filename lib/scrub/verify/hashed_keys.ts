/** Keyed hashes of rows' primary keys: they tell rows in another instance, where the keys themselves would have to be sent. @module */

import type { Engine, Scratch } from "../../engine/engine.ts";
import { findColumn, type Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { fillSet, onceEach, sizeOf } from "../leak_search/leak_sets.ts";
import type { Pooled } from "../parallel/session_pool.ts";
import { keyIn } from "../plan/selections.ts";

/** As many values as a number of a pseudonym has at most; a hash is two of them. */
const values = 1_000_000_000_000_000;
/** The one-based digits of a pseudonym at which the two numbers begin, none of which they share. */
const [first, second] = [1, 33];

/**
 * Fills a set with the hashes of those rows' keys that scratch has: of the rows as the table has them, since a server may take other
 * texts for equal.
 *
 * @returns how many they are.
 */
export async function fillHashedKeys(database: Pooled, set: Name, table: Table, keys: Scratch): Promise<number> {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  const hash = hashOf(engine, table);
  const rows = sql`SELECT ${hash.first} AS fingerprint, ${hash.second} AS flags FROM ${
    engine.tableName(schema.database, table)
  } WHERE ${keyIn(engine, table.primaryKey, keys)}`;
  await fillSet(database, set, onceEach(engine, rows));
  return await sizeOf(database, set);
}

/** Whether a set has the hash of the row's key. */
export function hashedKeyIn(engine: Engine, table: Table, set: Name): Sql {
  const { sql } = engine.expressions;
  const hash = hashOf(engine, table);
  return sql`(${hash.first}, ${hash.second}) IN (SELECT fingerprint, flags FROM ${set})`;
}

function hashOf(engine: Engine, table: Table): { readonly first: Sql; readonly second: Sql } {
  const { sql, asText, pseudonym, joined, number } = engine.expressions;
  const parts = table.primaryKey.map((name) => {
    const column = findColumn(table, name);
    if (!column) throw new TypeError(`Cannot hash keys of ${table.id}: it has no column ${name}`);
    return asText(sql`${new Name(name)}`, column);
  });
  // Of several columns by hashes of each: no two keys are the same text.
  const [only] = parts;
  const whole = pseudonym(only && parts.length === 1 ? only : joined(parts.map((part) => pseudonym(part))));
  return { first: number(whole, first, values), second: number(whole, second, values) };
}
