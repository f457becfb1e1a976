/** Rows that go or change where they are: old ones stay in the file until it is rewritten. @module */

import type { ColumnChange, Scratch, Step } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { isIn, only, row, tableName } from "../sql/table_name.ts";

/** Deletes the rows of scratch. No cascade fires: the session's replication role sees to it. */
export function deletion(table: Table, gone: Scratch): Step {
  return {
    label: `delete rows of ${table.id}`,
    sql: sql`DELETE FROM ${only(table)} AS ${row} WHERE ${isIn(gone)}`,
    counts: "deleted",
  };
}

/** One statement for all columns, each computed from the old row. */
export function update(table: Table, columns: readonly ColumnChange[]): Step {
  const selections = [
    ...new Map(columns.flatMap(({ onlyKeys: only }) => only ? [[only.table.quote('"'), only] as const] : [])).values(),
  ];
  const everyRow = columns.some(({ onlyKeys: only }) => only === undefined);
  // A selection that all columns share stands in WHERE alone.
  const shared = !everyRow && selections.length === 1;
  const assignments = columns.map((change) =>
    shared ? assignment(change.column.name, change.newValue) : conditional(change)
  );
  const where = everyRow ? sql`` : sql` WHERE ${joinSql(selections.map(isIn), " OR ")}`;
  return {
    label: `update ${table.id}`,
    sql: sql`UPDATE ${only(table)} AS ${row} SET ${joinSql(assignments, ", ")}${where}`,
    counts: "changed",
  };
}

function conditional({ column, newValue: next, onlyKeys: only }: ColumnChange): Sql {
  if (!only) return assignment(column.name, next);
  return assignment(column.name, sql`CASE WHEN ${isIn(only)} THEN ${next} ELSE ${new Name(column.name)} END`);
}

function assignment(column: string, value: Sql): Sql {
  return sql`${new Name(column)} = ${value}`;
}

/** The steps with triggers and rules switched off around them that fire in replica mode too. */
export function withTriggersOff(tree: readonly Table[], steps: readonly Step[]): readonly Step[] {
  const loud = tree.flatMap((table) => (table.postgresql?.loud ?? []).map((object) => ({ table, ...object })));
  if (steps.length === 0 || loud.length === 0) return steps;
  return [
    ...loud.map(({ table, kind, name }): Step => ({
      label: `silence ${kind.toLowerCase()} ${name} of ${table.id}`,
      sql: sql`ALTER TABLE ONLY ${tableName("", table)} ${
        kind === "RULE" ? sql`DISABLE RULE` : sql`DISABLE TRIGGER`
      } ${new Name(name)}`,
    })),
    ...steps,
    ...loud.map(({ table, kind, name, fires }): Step => ({
      label: `wake ${kind.toLowerCase()} ${name} of ${table.id}`,
      sql: sql`ALTER TABLE ONLY ${tableName("", table)} ENABLE ${fires === "ALWAYS" ? sql`ALWAYS` : sql`REPLICA`} ${
        kind === "RULE" ? sql`RULE` : sql`TRIGGER`
      } ${new Name(name)}`,
    })),
  ];
}
