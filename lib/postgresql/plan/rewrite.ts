/**
 * One pass over a table, which leaves no old row: ALTER COLUMN TYPE … USING gives every changed column a new value, or a copy with the new
 * values replaces the table.
 *
 * @module
 */

import { chosenBy, exceptedRows, isForEveryRow } from "../../engine/chosen_rows.ts";
import type { ColumnChange, Scratch, Step } from "../../engine/engine.ts";
import { findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant } from "../sql/literals.ts";
import { tableName, tableOnly } from "../sql/table_name.ts";
import { canBeCopied, copySwap, lockedByCopy } from "./copy_swap.ts";

/** The steps of a rewrite, and what is to be done when every other table is changed. */
export interface Rewrite {
  readonly shape: "rewrite" | "copy-swap";
  readonly steps: readonly Step[];
  readonly afterwards?: readonly Step[];
  /** Tables ({@linkcode Table.id}) that the steps lock. */
  readonly locks: readonly string[];
}

/** Afterwards the files hold new rows alone; the table and what depends on it are the same. */
export function rewrite(
  table: Table,
  tree: readonly Table[],
  columns: readonly ColumnChange[],
  schema: Schema,
): Rewrite {
  const selections = new Map(columns.flatMap((change) => {
    const keys = chosenBy(change);
    return keys ? [[keys.table.quote('"'), keys] as const] : [];
  }));
  const everyRow = columns.some(isForEveryRow);
  const excepted = everyRow ? 0 : exceptedRows(columns);
  const actions = columns.flatMap((change) => [newType(change, table), ...restated(change, table)]);
  const lookUps = [...selections.values()].map(createKeyLookUp);
  const alter: Step = {
    label: `rewrite ${table.id}`,
    sql: sql`ALTER TABLE ${tableOnly(table)} ${joinSql(actions, ", ")}`,
    ...(table.kind === "table" && { expect: { rewritten: table } }),
    ...(columns.some(({ onlyKeys }) => !onlyKeys) && { counts: "every row" as const }),
    ...(excepted > 0 && { excepted }),
  };
  if (canBeCopied(table, columns, schema)) {
    const { step, afterwards } = copySwap(table, columns, schema, valueOf, alter);
    return {
      shape: "copy-swap",
      steps: [...lookUps, step, ...restoredStatistics(tree)],
      afterwards,
      locks: lockedByCopy(table, schema),
    };
  }
  return {
    shape: "rewrite",
    steps: [...lookUps, alter, ...ofPartitions(table, tree, columns), ...restoredStatistics(tree)],
    locks: tree.map(({ id }) => id),
  };
}

/** What a row gets for the column: the new value, or the old one where the row is not chosen. */
function valueOf(change: ColumnChange): Sql {
  const { column, newValue, onlyKeys } = change;
  const keys = chosenBy(change);
  const chosen = keys && (onlyKeys ? call(keys) : sql`NOT ${call(keys)}`);
  return chosen ? sql`CASE WHEN ${chosen} THEN ${newValue} ELSE ${new Name(column.name)} END` : newValue;
}

function newType(change: ColumnChange, table: Table): Sql {
  const { name, type } = change.column;
  const collation = details(table, name)?.collation;
  return sql`ALTER COLUMN ${new Name(name)} TYPE ${trusted(type)}${
    collation === undefined ? sql`` : sql` COLLATE ${trusted(collation)}`
  } USING (${valueOf(change)})`;
}

/** ALTER COLUMN TYPE resets a column's storage and compression, even if the type is the same. */
function restated({ column }: ColumnChange, table: Table): readonly Sql[] {
  const { storage, compression } = details(table, column.name) ?? {};
  return [
    ...(storage === undefined ? [] : [sql`ALTER COLUMN ${new Name(column.name)} SET STORAGE ${trusted(storage)}`]),
    ...(compression === undefined
      ? []
      : [sql`ALTER COLUMN ${new Name(column.name)} SET COMPRESSION ${trusted(compression)}`]),
  ];
}

/** Partitions get the storage of their partitioned table: those that differ get their own back. */
function ofPartitions(table: Table, tree: readonly Table[], columns: readonly ColumnChange[]): readonly Step[] {
  return tree.filter((one) => one !== table).flatMap((partition): Step[] => {
    const actions = columns.flatMap((change) => {
      const own = details(partition, change.column.name);
      const above = details(table, change.column.name);
      if (own?.storage === above?.storage && own?.compression === above?.compression) return [];
      if (own?.compression !== undefined || above?.compression === undefined) return restated(change, partition);
      return [
        ...restated(change, partition),
        sql`ALTER COLUMN ${new Name(change.column.name)} SET COMPRESSION DEFAULT`,
      ];
    });
    if (actions.length === 0) return [];
    return [{
      label: `restore storage of ${partition.id}`,
      sql: sql`ALTER TABLE ONLY ${tableName("", partition)} ${joinSql(actions, ", ")}`,
    }];
  });
}

/** Restores targets and owners of expression indexes and statistics objects that were rebuilt. */
export function restoredStatistics(tree: readonly Table[]): readonly Step[] {
  return tree.flatMap(({ postgresql }): Step[] => [
    ...(postgresql?.indexTargets ?? []).map(({ schema, index, column, target }) => ({
      label: `restore statistics target of ${schema}.${index}`,
      sql: sql`ALTER INDEX ${new Name(schema, index)} ALTER COLUMN ${column} SET STATISTICS ${target}`,
    })),
    ...(postgresql?.statistics ?? []).flatMap(({ schema, name, owner, target }) => [
      ...(target === undefined ? [] : [{
        label: `restore statistics target of ${schema}.${name}`,
        sql: sql`ALTER STATISTICS ${new Name(schema, name)} SET STATISTICS ${target}`,
      }]),
      {
        label: `restore owner of ${schema}.${name}`,
        sql: sql`ALTER STATISTICS ${new Name(schema, name)} OWNER TO ${new Name(owner)}`,
      },
    ]),
  ]);
}

function details(table: Table, column: string) {
  return table.postgresql?.columns.find(({ name }) => name === column);
}

/**
 * USING takes no subquery, but a function, which has its scratch's name and is dropped with it. About 6 microseconds a call,
 * measured, against 20 for a row of an UPDATE.
 */
function createKeyLookUp({ table, of }: Scratch): Step {
  const types = of.primaryKey.map((name) => {
    const column = findColumn(of, name);
    if (!column) throw new TypeError(`Cannot look rows of ${of.id} up: its key's column "${name}" is not there`);
    return trusted(column.type);
  });
  const equal = of.primaryKey.map((name, at) => sql`k.${new Name(name)} = ${trusted(`$${at + 1}`)}`);
  const body = sql`BEGIN RETURN EXISTS (SELECT FROM ${table} AS k WHERE ${joinSql(equal, " AND ")}); END`;
  return {
    label: `create a function that looks up rows of ${of.id}`,
    sql: sql`CREATE OR REPLACE FUNCTION ${table} (${
      joinSql(types, ", ")
    }) RETURNS pg_catalog.bool LANGUAGE plpgsql STABLE PARALLEL SAFE
      AS ${stringConstant(body.text)}`,
  };
}

function call({ table, of }: Scratch): Sql {
  return sql`${table}(${joinSql(of.primaryKey.map((name) => sql`${new Name(name)}`), ", ")})`;
}
