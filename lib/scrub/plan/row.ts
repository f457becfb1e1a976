/** A row of a table with rules, as strategies see it. @module */

import type { Engine } from "../../engine/engine.ts";
import { findColumn, type Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundColumn } from "../rules/bind.ts";
import type { Row } from "../rules/strategy/strategy.ts";

/**
 * A row with unqualified column names.
 *
 * @throws {TypeError} for a column that the table lacks.
 * @throws {ScrubError} `rules` where new values of two columns are parts of each other.
 */
export function rowOf(
  engine: Engine,
  table: Table,
  rules: readonly BoundColumn[],
  columnName: string,
  readBy: readonly string[] = [],
): Row {
  const e = engine.expressions;
  const column = findColumn(table, columnName);
  if (!column) throw new TypeError(`Cannot plan ${table.id}: no column ${columnName}`);
  if (readBy.includes(columnName)) {
    throw new ScrubError(
      "rules",
      `Cannot plan ${table.id}: the new values of ${[...readBy, columnName].join(" and ")} are parts of each other`,
      "Leave one of these columns out of the other's freeText or replacing.",
    );
  }
  function of(name: string): Sql {
    if (!findColumn(table, name)) throw new TypeError(`Cannot plan ${table.id}: no column ${name}`);
    return e.sql`${new Name(name)}`;
  }
  const key = rules.find(({ column }) => column.name === columnName)?.key;
  return {
    table: key?.table ?? table,
    column: key?.column ?? column,
    value: of(columnName),
    of,
    changes: (name) => rules.some((rule) => rule.column.name === name),
    newValueOf(name) {
      const rule = rules.find((rule) => rule.column.name === name);
      return rule
        ? rule.strategy.newValue(e, rowOf(engine, table, rules, name, [...readBy, columnName]), rule.parameter)
        : of(name);
    },
  };
}
