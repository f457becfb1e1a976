/** Keys of some rows of many tables, gathered step by step in scratch. @module */

import type { Engine, Scratch, Session } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";

/** Where keys are gathered. */
export interface KeyPlace {
  readonly engine: Engine;
  readonly session: Session;
  readonly schema: Schema;
}

const listed = new Name("listed");

/** For each table a set of primary keys. */
export class KeySets {
  readonly #place: KeyPlace;
  readonly #purpose: string;
  readonly #sets = new Map<Table, Scratch & { readonly rows: number }>();

  /** @param purpose Distinguishes the sets from others of the same tables: `gone`. */
  constructor(place: KeyPlace, purpose: string) {
    this.#place = place;
    this.#purpose = purpose;
  }

  /** Tables of which there is a set. */
  get tables(): readonly Table[] {
    return [...this.#sets.keys()];
  }

  /** The set of a table, with the number of its keys; undefined where nothing was added. */
  of(table: Table): Scratch & { readonly rows: number } | undefined {
    return this.#sets.get(table);
  }

  /** Adds the rows of a query over the primary key's columns; each key is there once. Returns how many were new. */
  async add(table: Table, rows: Sql): Promise<number> {
    const { engine, session, schema } = this.#place;
    const known = this.#sets.get(table);
    const scratch = known ?? engine.scratch(schema.database, `${this.#purpose} ${table.id}`, table);
    const steps = known ? [engine.addToScratch(scratch, rows)] : engine.fillScratch(scratch, rows);
    let added = 0;
    for (const step of steps) added += (await session.run(step)).rows;
    this.#sets.set(table, { ...scratch, rows: (known?.rows ?? 0) + added });
    return added;
  }

  /** Whether the key of the row with this alias is in the set. */
  has(table: Table, row: Name): Sql {
    const { sql } = this.#place.engine.expressions;
    const set = this.#sets.get(table);
    if (!set) return sql`FALSE`;
    return sql`EXISTS (SELECT 1 FROM ${set.table} AS ${listed} WHERE ${
      sameKey(this.#place.engine, table, listed, row)
    })`;
  }
}

/** Whether two aliases stand for the same row. */
export function sameKey({ expressions: { sql } }: Engine, table: Table, a: Name, b: Name): Sql {
  return joinSql(table.primaryKey.map((name) => sql`${a}.${new Name(name)} = ${b}.${new Name(name)}`), " AND ");
}
