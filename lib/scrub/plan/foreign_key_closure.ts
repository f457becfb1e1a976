/** Extends deletions along the foreign keys, before the first change: after this, tables are independent of each other. @module */

import type { Engine, Scratch, Session } from "../../engine/engine.ts";
import { findTable, type ForeignKey, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { selected } from "../rules/fragment.ts";
import { filled, keyColumns } from "./selections.ts";

/** Deletions with all their consequences. */
export interface Closure {
  /** By {@linkcode Table.id}. */
  readonly deletedKeys: ReadonlyMap<string, Scratch>;
  /** Foreign-key columns that become NULL, because the rows that they reference are deleted. */
  readonly nulled: readonly { readonly key: ForeignKey; readonly table: Table; readonly rows: Scratch }[];
}

const child = new Name("child");
const parent = new Name("parent");
const deleted = new Name("gone");

/**
 * Closes deletions over the foreign keys, by their ON DELETE action: CASCADE deletes the child's rows too, SET NULL sets their
 * columns to NULL, and under any other action no remaining row may reference a deleted one.
 *
 * @throws {ScrubError} `reference` where one does, with the key and the number of rows.
 */
export async function closeOverForeignKeys(
  engine: Engine,
  session: Session,
  schema: Schema,
  deletions: ReadonlyMap<Table, Scratch>,
): Promise<Closure> {
  const { sql } = engine.expressions;
  const deletedKeys = new Map<string, Scratch>();
  const waiting: Table[] = [];
  for (const [table, selection] of deletions) {
    const scratch = engine.scratch(schema.database, `gone ${table.id}`, table);
    const rows = sql`SELECT ${keyColumns(engine, table, selected)} FROM ${selection.table} AS ${selected}`;
    for (const step of engine.fillScratch(scratch, rows)) await session.run(step);
    deletedKeys.set(table.id, scratch);
    waiting.push(table);
  }
  for (let table = waiting.shift(); table; table = waiting.shift()) {
    const from = deletedKeys.get(table.id);
    if (!from) continue;
    for (
      const key of schema.foreignKeys.filter(({ parent, onDelete }) => parent === table.id && onDelete === "cascade")
    ) {
      const childTable = tableOf(schema, key.child);
      if (childTable.primaryKey.length === 0) continue; // refused below if a row of it is concerned
      const rows = referencing(engine, schema, key, childTable, from);
      const scratch = deletedKeys.get(childTable.id);
      if (scratch) {
        const added = await session.run(engine.addToScratch(scratch, rows));
        if (added.rows > 0) waiting.push(childTable);
        continue;
      }
      const fresh = engine.scratch(schema.database, `gone ${childTable.id}`, childTable);
      for (const step of engine.fillScratch(fresh, rows)) await session.run(step);
      deletedKeys.set(childTable.id, fresh);
      waiting.push(childTable);
    }
  }
  const nulled: { key: ForeignKey; table: Table; rows: Scratch }[] = [];
  for (const key of schema.foreignKeys) {
    const from = deletedKeys.get(key.parent);
    if (!from) continue;
    const childTable = tableOf(schema, key.child);
    if (key.onDelete === "set null" && childTable.primaryKey.length > 0) {
      const scratch = engine.scratch(schema.database, `nulled ${key.child} ${key.name}`, childTable);
      const rows = referencing(engine, schema, key, childTable, from);
      nulled.push({ key, table: childTable, rows: await filled(engine, session, scratch, rows) });
      continue;
    }
    await refuseDangling(engine, session, schema, key, childTable, from, deletedKeys.get(key.child));
  }
  return { deletedKeys, nulled };
}

function tableOf(schema: Schema, id: string): Table {
  const table = findTable(schema, id);
  if (!table) throw new TypeError(`Cannot follow a foreign key: its table ${id} is not in the schema`);
  return table;
}

/** Keys of the child's rows that reference deleted rows. */
function referencing(engine: Engine, schema: Schema, key: ForeignKey, table: Table, from: Scratch): Sql {
  const { sql } = engine.expressions;
  return sql`SELECT ${keyColumns(engine, table, child)} ${fromWhereReferencing(engine, schema, key, from)}`;
}

function fromWhereReferencing(engine: Engine, schema: Schema, key: ForeignKey, from: Scratch): Sql {
  const { sql } = engine.expressions;
  const parentTable = tableOf(schema, key.parent);
  const link = joinSql(
    key.columns.map((name, at) => sql`${child}.${new Name(name)} = ${parent}.${new Name(key.parentColumns[at] ?? "")}`),
    " AND ",
  );
  return sql`FROM ${
    engine.tableName(schema.database, tableOf(schema, key.child))
  } AS ${child} WHERE EXISTS (SELECT 1 FROM ${
    engine.tableName(schema.database, parentTable)
  } AS ${parent} JOIN ${from.table} AS ${deleted} ON ${sameKey(engine, parentTable, deleted, parent)} WHERE ${link})`;
}

/** Whether two aliases stand for the same row. */
function sameKey(engine: Engine, table: Table, a: Name, b: Name): Sql {
  const { sql } = engine.expressions;
  return joinSql(table.primaryKey.map((name) => sql`${a}.${new Name(name)} = ${b}.${new Name(name)}`), " AND ");
}

async function refuseDangling(
  engine: Engine,
  session: Session,
  schema: Schema,
  key: ForeignKey,
  table: Table,
  from: Scratch,
  deletedChildKeys: Scratch | undefined,
): Promise<void> {
  const { sql } = engine.expressions;
  const notDeleted = deletedChildKeys
    ? sql` AND NOT EXISTS (SELECT 1 FROM ${deletedChildKeys.table} AS ${new Name("too")} WHERE ${
      sameKey(engine, table, new Name("too"), child)
    })`
    : sql``;
  const [row] = await session.scan(
    sql`SELECT count(*) AS dangling ${fromWhereReferencing(engine, schema, key, from)}${notDeleted}`,
  );
  const dangling = Number(row?.["dangling"]);
  if (dangling === 0) return;
  throw new ScrubError(
    "reference",
    `Cannot delete rows of ${key.parent} in database "${schema.database}": ${dangling} rows of ${key.child} still ` +
      `reference them by the foreign key "${key.name}" (${key.onDelete})`,
    `Add a rule that deletes those rows of ${key.child}.`,
  );
}
