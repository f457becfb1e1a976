/** Turns rules, live schema and closure into one change a table. @module */

import { isForEveryRow } from "../../engine/chosen_rows.ts";
import type { ChosenRows, ColumnChange, Engine, Scratch, TableChange } from "../../engine/engine.ts";
import { type Column, findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundColumn, BoundDefinition, BoundTable } from "../rules/bind.ts";
import type { Rekeyed } from "./rekey.ts";
import type { Closure } from "./foreign_key_closure.ts";
import { rowOf } from "./row.ts";
import type { Shuffles } from "./shuffles.ts";

/** A condition on one column that is verified afterwards. */
export interface Evidence extends ChosenRows {
  readonly column: string;
  /** Strategy's name. */
  readonly strategy: string;
  /** True for every scrubbed row. */
  readonly holds: Sql;
  /** The rows, where no keys tell them: a condition. */
  readonly where?: Sql;
}

/** A value that a rule removes, for the leak search. */
export interface RemovedValue extends ChosenRows {
  /** As text, which is searched for tokens. */
  readonly text: Sql;
  /** The leak search can read all of them, however many rows there are. */
  readonly short: boolean;
  /** The text is a single token as a rule. */
  readonly identifier: boolean;
  /** A person's address or token: not even a key that the server generated may hold it. */
  readonly identity: boolean;
}

/** A change, and its evidence. */
export interface ProvableChange {
  readonly change: TableChange;
  readonly evidence: readonly Evidence[];
  readonly removedValues: readonly RemovedValue[];
  /** Columns whose evidence describes the whole value of every row. */
  readonly proven: readonly string[];
  /** Changed columns whose new values no evidence describes as a whole: they may contain old text. */
  readonly unproven: readonly string[];
  /** By column: another column of the row, proven and keyed, whose new value the scrub has put into this one's text. */
  readonly embeddedColumns: Readonly<Record<string, string>>;
  /** Column to strategy, for plan and report. */
  readonly strategies: Readonly<Record<string, string>>;
  readonly expect?: BoundTable["expect"];
  /** The deleted rows by the keys that they would have afterwards, where keys change; see `rekey`. */
  readonly deletedByNewKeys?: Scratch;
  /** Rows are deleted for a subset's size alone: what no rule removes from remaining rows may stay in them. */
  readonly deletedForSize?: true;
  /** Where rows are deleted: exactly so many, and so many are left. */
  readonly sizes?: { readonly deleted: number; readonly kept: number };
}

/** One change for every table that changes, biggest first. */
export function tableChanges(
  engine: Engine,
  schema: Schema,
  bound: BoundDefinition,
  selections: ReadonlyMap<string, Scratch>,
  closure: Closure,
  shuffles: Shuffles,
  rekeyed: Rekeyed,
): readonly ProvableChange[] {
  const tables = new Set<Table>(bound.tables.map(({ table }) => table));
  for (const scratch of closure.deletedKeys.values()) tables.add(scratch.of);
  for (const { table } of closure.nulled) tables.add(table);
  return [...tables]
    .map((table) =>
      changeOf(
        engine,
        schema,
        table,
        bound.tables.find((rule) => rule.table === table),
        selections,
        closure,
        shuffles,
        rekeyed,
      )
    )
    .filter(({ change }) => change.truncated || change.deletedKeys || change.columns.length > 0)
    .sort((a, b) => b.change.table.bytes - a.change.table.bytes);
}

function changeOf(
  engine: Engine,
  schema: Schema,
  table: Table,
  rule: BoundTable | undefined,
  selections: ReadonlyMap<string, Scratch>,
  closure: Closure,
  shuffles: Shuffles,
  rekeyed: Rekeyed,
): ProvableChange {
  const e = engine.expressions;
  const rules = rule?.columns ?? [];
  const columns: ColumnChange[] = [];
  const evidence: Evidence[] = [];
  const removedValues: RemovedValue[] = [];
  const proven: string[] = [];
  const unproven: string[] = [];
  const embeddedColumns: Record<string, string> = {};
  const strategies: Record<string, string> = {};
  function keysOf(name: string): Scratch {
    const scratch = selections.get(name);
    if (!scratch) throw new TypeError(`Cannot plan ${table.id}: selection ${name} was not evaluated`);
    return scratch;
  }
  for (const bound of rules) {
    const { column, name, strategy, parameter, only, except } = bound;
    const chosen: ChosenRows = {
      ...(only !== undefined && { onlyKeys: keysOf(only) }),
      ...(except !== undefined && { exceptKeys: keysOf(except) }),
    };
    const row = rowOf(engine, table, rules, column.name);
    const values = shuffles.get(bound);
    columns.push({
      column,
      ...(values
        ? { newValue: engine.shuffledOf(values), shuffled: true }
        : { newValue: strategy.newValue(e, row, parameter) }),
      ...chosen,
    });
    strategies[column.name] = name;
    const holds = strategy.evidence(e, row, parameter);
    if (holds !== "by construction") {
      evidence.push({ column: column.name, strategy: name, holds, ...byNewKeys(chosen, rekeyed) });
    }
    const text = strategy.removed ? strategy.removed(e, row, parameter) : e.searchable(row.value, column);
    if (text) {
      const identifier = strategy.short ?? false;
      const kind = { identifier, short: identifier || isShort(column), identity: strategy.keyed ?? false };
      removedValues.push({ text, ...kind, ...chosen });
    }
    if (holds === "by construction" || strategy.keepsParts) unproven.push(column.name);
    else if (isForEveryRow(chosen)) proven.push(column.name);
    const embedded = strategy.embeddedColumn?.(parameter);
    if (embedded !== undefined && isKeyed(rules, embedded)) embeddedColumns[column.name] = embedded;
  }
  for (const { key, rows } of closure.nulled.filter((one) => one.table === table)) {
    for (const name of key.nulled ?? key.columns) {
      const column = findColumn(table, name);
      if (!column || !column.nullable || strategies[name] !== undefined) {
        throw new ScrubError(
          "table",
          `Cannot set ${table.id}.${name} to NULL in database "${schema.database}" as the ${key.words} asks: ` +
            (column?.nullable ? "a rule changes it too" : "it is NOT NULL"),
          `Add a rule that deletes the rows of ${table.id}.`,
        );
      }
      columns.push({ column, newValue: e.nothing(column), onlyKeys: rows });
      strategies[name] = `set null by ${key.name}`;
      evidence.push({
        column: name,
        strategy: "setNull",
        holds: e.sql`${new Name(name)} IS NULL`,
        ...byNewKeys({ onlyKeys: rows }, rekeyed),
      });
    }
  }
  const deletedKeys = closure.deletedKeys.get(table.id);
  const deletedByNewKeys = deletedKeys && rekeyed.get(deletedKeys);
  return {
    change: { table, columns, ...(deletedKeys && { deletedKeys }), ...(rule?.truncate && { truncated: true }) },
    evidence,
    removedValues,
    proven,
    unproven,
    embeddedColumns,
    strategies,
    ...(rule?.expect && { expect: rule.expect }),
    ...(deletedByNewKeys && { deletedByNewKeys }),
  };
}

/** The same rows once the table has changed. */
function byNewKeys({ onlyKeys, exceptKeys }: ChosenRows, rekeyed: Rekeyed): ChosenRows {
  return {
    ...(onlyKeys && { onlyKeys: rekeyed.get(onlyKeys) ?? onlyKeys }),
    ...(exceptKeys && { exceptKeys: rekeyed.get(exceptKeys) ?? exceptKeys }),
  };
}

/** Characters up to which extracting tokens from a value costs little more than reading it. */
const mostCharacters = 255;

/** Whether extracting tokens from all values of the column is cheap. */
export function isShort({ kind, length }: Column): boolean {
  return kind === "uuid" || (kind === "text" && length !== undefined && length <= mostCharacters);
}

/** Whether every row's new value of the column is a keyed pseudonym. */
function isKeyed(rules: readonly BoundColumn[], columnName: string): boolean {
  return rules.some(({ column, strategy, only, except }) =>
    column.name === columnName && strategy.keyed && only === undefined && except === undefined
  );
}
