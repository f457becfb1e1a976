/** Extends deletions along the references, before the first change: after this, tables are independent of each other. @module */

import type { Scratch } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundReference } from "../rules/bind_references.ts";
import { selected } from "../rules/fragment.ts";
import { type KeyPlace, KeySets, sameKey } from "./key_sets.ts";
import { child, keyedTable, leadsNowhere, leadsTo, parent, references, tableOf } from "./references.ts";
import { filled, keyColumns } from "./selections.ts";

/** Deletions with all their consequences. */
export interface Closure {
  /** By {@linkcode Table.id}. */
  readonly deletedKeys: ReadonlyMap<string, Scratch>;
  /** Columns that become NULL, because the rows that they reference are deleted. */
  readonly nulled: readonly { readonly key: BoundReference; readonly table: Table; readonly rows: Scratch }[];
}

/** A database and its references. */
export interface Referenced extends KeyPlace {
  readonly references: readonly BoundReference[];
}

const deleted = new Name("gone");

/** Rows that are to be deleted, with all that has to be deleted with them. */
export class Deletions {
  readonly keys: KeySets;
  readonly #database: Referenced;
  /** By their place in the order in which parents come first, as far as there are no cycles. */
  readonly #order: ReadonlyMap<Table, number>;
  readonly #waiting: Set<Table>;
  readonly #truncated: ReadonlySet<Table>;

  /** `truncated`: tables whose rows are all deleted, without a set of keys. */
  constructor(database: Referenced, truncated: ReadonlySet<Table>) {
    this.#database = database;
    this.#truncated = truncated;
    this.#waiting = new Set(truncated);
    this.keys = new KeySets(database, "gone");
    this.#order = parentsFirst(database);
  }

  /** Adds the rows of a query over the primary key's columns. */
  async add(table: Table, rows: Sql): Promise<void> {
    if (this.#truncated.has(table)) return;
    if (await this.keys.add(table, rows) > 0) this.#waiting.add(table);
  }

  /** Adds rows whose reference leads nowhere already. */
  async addDangling(): Promise<void> {
    const { engine, schema } = this.#database;
    for (const reference of this.#database.references.filter(({ mayDangle }) => mayDangle)) {
      const table = keyedTable(schema, reference.child);
      if (reference.whenDeleted !== "delete" || table.primaryKey.length === 0) continue;
      await this.add(table, rowsOf(this.#database, reference, leadsNowhere(engine, schema, reference)));
    }
  }

  /** Adds all that references what was added, until nothing more does. */
  async close(): Promise<void> {
    const { schema } = this.#database;
    for (let table = this.#next(); table; table = this.#next()) {
      for (const reference of this.#database.references) {
        if (reference.whenDeleted !== "delete" || keyedTable(schema, reference.parent) !== table) continue;
        const childTable = keyedTable(schema, reference.child);
        if (childTable.primaryKey.length === 0) continue; // refused by finish() if a row of it is concerned
        await this.add(childTable, rowsOf(this.#database, reference, this.#loses(reference)));
      }
    }
  }

  /**
   * The deletions, and the references that become NULL.
   *
   * @param always Tables that have a set even if it is empty: a rule says which of their rows go.
   * @throws {ScrubError} `reference` where a row that stays references one that goes, with the key and the number of rows.
   */
  async finish(always: ReadonlySet<Table>): Promise<Closure> {
    const { engine, session, schema } = this.#database;
    const { sql } = engine.expressions;
    const nulled = new Map<string, { key: BoundReference; table: Table; queries: Sql[] }>();
    for (const reference of this.#database.references) {
      const { mayDangle, whenDeleted, columns } = reference;
      const lost = [
        ...(this.#isEmpty(keyedTable(schema, reference.parent)) ? [] : [this.#loses(reference)]),
        ...(mayDangle ? [leadsNowhere(engine, schema, reference)] : []),
      ];
      const table = keyedTable(schema, reference.child);
      if (lost.length === 0 || this.#truncated.has(table)) continue;
      const stays = this.#isEmpty(table) ? sql`` : sql` AND NOT ${this.keys.has(table, child)}`;
      const rows = lost.map((condition) => sql`${condition}${stays}`);
      if (whenDeleted === "set null" && table.primaryKey.length > 0) {
        // One polymorphic reference is several here, and one change of its columns.
        const id = JSON.stringify([table.id, reference.type ? columns : reference.name]);
        const one = nulled.get(id) ?? { key: reference, table, queries: [] };
        nulled.set(id, {
          ...one,
          queries: [...one.queries, ...rows.map((one) => rowsOf(this.#database, reference, one))],
        });
        continue;
      }
      for (const one of rows) await refuseDangling(this.#database, reference, one);
    }
    const found: { key: BoundReference; table: Table; rows: Scratch }[] = [];
    for (const { key, table, queries: [first, ...others] } of nulled.values()) {
      if (!first) continue;
      const scratch = engine.scratch(schema.database, `nulled ${key.child} ${key.name}`, table);
      let rows = await filled(engine, session, scratch, first);
      for (const more of others) {
        rows = { ...rows, rows: (rows.rows ?? 0) + (await session.run(engine.addToScratch(scratch, more))).rows };
      }
      found.push({ key, table, rows });
    }
    const deletedKeys = this.keys.tables.flatMap((table): [string, Scratch][] => {
      const keys = this.keys.of(table);
      return keys && (keys.rows > 0 || always.has(table)) ? [[table.id, keys]] : [];
    });
    return { deletedKeys: new Map(deletedKeys), nulled: found };
  }

  #next(): Table | undefined {
    const [first] = [...this.#waiting].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0));
    if (first) this.#waiting.delete(first);
    return first;
  }

  #isEmpty(table: Table): boolean {
    return !this.#truncated.has(table) && (this.keys.of(table)?.rows ?? 0) === 0;
  }

  /** Whether the child's row references a deleted row. */
  #loses(reference: BoundReference): Sql {
    const { engine, schema } = this.#database;
    const { sql } = engine.expressions;
    const table = keyedTable(schema, reference.parent);
    if (this.#truncated.has(table)) return references(engine, reference);
    const keys = this.keys.of(table);
    if (!keys) return sql`FALSE`;
    const link = leadsTo(engine, schema, reference);
    const isKey = table.primaryKey.length === reference.parentColumns.length &&
      table.primaryKey.every((name) => reference.parentColumns.includes(name));
    const from = isKey
      ? sql`${keys.table} AS ${parent}`
      : sql`${
        engine.ownRows(schema.database, tableOf(schema, reference.parent))
      } AS ${parent} JOIN ${keys.table} AS ${deleted} ON ${sameKey(engine, table, deleted, parent)}`;
    return sql`${references(engine, reference)} AND EXISTS (SELECT 1 FROM ${from} WHERE ${link})`;
  }
}

/**
 * Closes deletions over the references: rows that reference deleted ones are deleted too or set to NULL, or none may remain.
 *
 * @param truncated Tables whose rows are all deleted.
 * @throws {ScrubError} `reference` where one does, with the key and the number of rows.
 */
export async function closeOverForeignKeys(
  database: Referenced,
  deletions: ReadonlyMap<Table, Scratch>,
  truncated: ReadonlySet<Table>,
): Promise<Closure> {
  const closing = new Deletions(database, truncated);
  for (const [table, selection] of deletions) await closing.add(table, allKeysOf(database, selection));
  await closing.addDangling();
  await closing.close();
  return await closing.finish(new Set(deletions.keys()));
}

/** A query for all keys of scratch. */
export function allKeysOf({ engine }: KeyPlace, { table, of }: Scratch): Sql {
  return engine.expressions.sql`SELECT ${keyColumns(engine, of, selected)} FROM ${table} AS ${selected}`;
}

/** Keys of a reference's child rows that meet a condition on the alias `child`. */
function rowsOf({ engine, schema }: KeyPlace, reference: BoundReference, condition: Sql): Sql {
  const { sql } = engine.expressions;
  const own = engine.ownRows(schema.database, tableOf(schema, reference.child));
  const keys = keyColumns(engine, keyedTable(schema, reference.child), child);
  return sql`SELECT ${keys} FROM ${own} AS ${child} WHERE ${condition}`;
}

/** Tables by their place where every table comes behind those that its rows go with, as far as there are no cycles. */
function parentsFirst({ schema, references }: Referenced): ReadonlyMap<Table, number> {
  const order: Table[] = [];
  const seen = new Set<Table>();
  const visit = (table: Table): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const reference of references) {
      const isParent = reference.whenDeleted === "delete" && keyedTable(schema, reference.parent) === table;
      if (isParent) visit(keyedTable(schema, reference.child));
    }
    order.push(table);
  };
  for (const table of schema.tables) visit(table);
  return new Map(order.reverse().map((table, at) => [table, at]));
}

async function refuseDangling(
  { engine, session, schema }: Referenced,
  reference: BoundReference,
  condition: Sql,
): Promise<void> {
  const { sql } = engine.expressions;
  const table = tableOf(schema, reference.child);
  const [row] = await session.scan(
    sql`SELECT count(*) AS dangling FROM ${engine.ownRows(schema.database, table)} AS ${child} WHERE ${condition}`,
  );
  const dangling = Number(row?.["dangling"]);
  if (dangling === 0) return;
  const action = reference.whenDeleted === "refuse" || reference.onDelete !== "no action"
    ? ` (${reference.onDelete})`
    : "";
  const noKey = keyedTable(schema, reference.child).primaryKey.length === 0
    ? `, and ${reference.child} has no primary key`
    : "";
  throw new ScrubError(
    "reference",
    `Cannot delete rows of ${reference.parent} in database "${schema.database}": ${dangling} rows of ${reference.child} ` +
      `still reference them by the ${reference.words}${action}${noKey}`,
    `Add a rule that deletes those rows of ${reference.child}.`,
  );
}
