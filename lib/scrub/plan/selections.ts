/** Evaluates selections into scratch tables, once, before the first change. @module */

import type { ChosenRows, Engine, Scratch, Session } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { BoundColumn, BoundSelection } from "../rules/bind.ts";
import { renderFragment, selected, selectionScratch } from "../rules/fragment.ts";

/** The primary key's columns after an alias, as a list. */
export function keyColumns(engine: Engine, table: Table, alias: Name): Sql {
  return joinSql(table.primaryKey.map((name) => engine.expressions.sql`${alias}.${new Name(name)}`), ", ");
}

/** Fills a scratch table for every selection, in the definition's order. */
export async function evaluateSelections(
  engine: Engine,
  session: Session,
  schema: Schema,
  selections: readonly BoundSelection[],
  asOf: Date,
): Promise<ReadonlyMap<string, Scratch>> {
  const { sql } = engine.expressions;
  const scratches = new Map<string, Scratch>();
  for (const { name, table, where } of selections) {
    const scratch = selectionScratch({ engine, schema }, name, table);
    const condition = renderFragment(where, {
      engine,
      schema,
      table,
      asOf,
      selectionTable: (earlier) => scratches.get(earlier)?.of,
    });
    const rows = sql`SELECT ${keyColumns(engine, table, selected)} FROM ${
      engine.rowsToChoose(schema.database, table, selected)
    } WHERE ${condition}`;
    scratches.set(name, await filled(engine, session, scratch, rows));
  }
  return scratches;
}

/**
 * The keys of a selection's rows as a query that needs no scratch: earlier selections that it uses are evaluated with it.
 *
 * @throws {TypeError} for a name that is not among the selections.
 */
export function selectionKeys(
  engine: Engine,
  schema: Schema,
  selections: readonly BoundSelection[],
  name: string,
  asOf: Date,
): Sql {
  const { sql } = engine.expressions;
  function rowsOf({ table, where }: BoundSelection): Sql {
    const condition = renderFragment(where, {
      engine,
      schema,
      table,
      asOf,
      selectionTable: (earlier) => selections.find(({ name }) => name === earlier)?.table,
      selectionKeys: (earlier) => sql`(${keysOf(found(earlier))})`,
    });
    return sql`FROM ${engine.rowsToChoose(schema.database, table, selected)} WHERE ${condition}`;
  }
  function keysOf(selection: BoundSelection): Sql {
    return sql`SELECT ${keyColumns(engine, selection.table, selected)} ${rowsOf(selection)}`;
  }
  function found(name: string): BoundSelection {
    const selection = selections.find((one) => one.name === name);
    if (!selection) throw new TypeError(`Cannot read the selection ${name}: it is not bound`);
    return selection;
  }
  return keysOf(found(name));
}

/**
 * How many rows a selection has. Reads only.
 *
 * @throws {TypeError} for a name that is not among the selections.
 * @throws {DatabaseError} where the server refuses the question.
 */
export async function countSelection(
  engine: Engine,
  session: Session,
  schema: Schema,
  selections: readonly BoundSelection[],
  name: string,
  asOf: Date,
): Promise<number> {
  const { sql } = engine.expressions;
  const keys = selectionKeys(engine, schema, selections, name, asOf);
  const [row] = await session.scan(sql`SELECT count(*) AS n FROM (${keys}) AS ${new Name("datascrubber_selected")}`);
  const rows = Number(row?.["n"]);
  if (!Number.isSafeInteger(rows)) throw new TypeError(`Cannot count the selection ${name}: the scan gave no number`);
  return rows;
}

/** Fills a scratch table and counts its rows. */
export async function filled(engine: Engine, session: Session, scratch: Scratch, rows: Sql): Promise<Scratch> {
  let count = 0;
  for (const step of engine.fillScratch(scratch, rows)) count += (await session.run(step)).rows;
  return { ...scratch, rows: count };
}

/** That a row's key is in a scratch table. Uncorrelated, so that the server can hash the scratch table once. */
export function keyIn(engine: Engine, key: readonly string[], scratch: Scratch): Sql {
  const { sql } = engine.expressions;
  const columns = joinSql(key.map((name) => sql`${new Name(name)}`), ", ");
  return sql`(${columns}) IN (SELECT ${columns} FROM ${scratch.table})`;
}

/** The rows that a rule is for. */
export function chosenOf(
  { only, except }: Pick<BoundColumn, "only" | "except">,
  selections: ReadonlyMap<string, Scratch>,
): ChosenRows {
  const [onlyKeys, exceptKeys] = [selections.get(only ?? ""), selections.get(except ?? "")];
  return { ...(onlyKeys && { onlyKeys }), ...(exceptKeys && { exceptKeys }) };
}

/** That a row is one of the chosen ones; undefined where all are. */
export function isChosen(
  engine: Engine,
  key: readonly string[],
  { onlyKeys, exceptKeys }: ChosenRows,
): Sql | undefined {
  if (onlyKeys) return keyIn(engine, key, onlyKeys);
  return exceptKeys && engine.expressions.sql`NOT ${keyIn(engine, key, exceptKeys)}`;
}
