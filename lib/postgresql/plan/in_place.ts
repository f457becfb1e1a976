/** Deletes and updates rows in place, and rewrites the file, which keeps the old ones until then. @module */

import { isForEveryRow } from "../../engine/chosen_rows.ts";
import type { ColumnChange, Scratch, Step } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { keyIn, row, tableName, tableOnly } from "../sql/table_name.ts";

/** Deletes the rows of scratch. No cascade fires, since session_replication_role is replica. */
export function deletion(table: Table, deletedKeys: Scratch): Step {
  return {
    label: `delete rows of ${table.id}`,
    sql: sql`DELETE FROM ${tableOnly(table)} AS ${row} WHERE ${readAll(keyIn(deletedKeys))}`,
    counts: "deleted",
  };
}

/** Deletes every row. */
export function deletionOfAll(table: Table): Step {
  return { label: `delete rows of ${table.id}`, sql: sql`DELETE FROM ${tableOnly(table)}`, counts: "deleted" };
}

/** Counts the rows that {@linkcode truncation}, which counts none, deletes. */
export function count(table: Table): Step {
  return {
    label: `count rows of ${table.id}`,
    sql: sql`SELECT count(*) AS counted_rows FROM ${tableOnly(table)}`,
    counts: "deleted",
  };
}

/** New, empty files, each by itself: a partition may be on another server. */
export function truncation(table: Table, files: readonly Table[]): Step {
  return {
    label: `truncate ${table.id}`,
    sql: sql`TRUNCATE ${joinSql(files.map((file) => sql`ONLY ${tableName("", file)}`), ", ")}`,
    ...(table.kind === "table" && { expect: { rewritten: table } }),
  };
}

/** One statement for all columns, each computed from the old row. */
export function update(table: Table, columns: readonly ColumnChange[]): Step {
  const conditions = new Map(columns.flatMap((change) => {
    const condition = isChosen(change);
    return condition ? [[condition.text, condition] as const] : [];
  }));
  const everyRow = columns.some(isForEveryRow);
  // A condition that all columns share is needed only in WHERE.
  const shared = !everyRow && conditions.size === 1;
  const assignments = columns.map((change) =>
    shared ? assignment(change.column.name, change.newValue) : conditional(change)
  );
  const where = everyRow ? sql`` : sql` WHERE ${readAll(joinSql([...conditions.values()], " OR "))}`;
  return {
    label: `update ${table.id}`,
    sql: sql`UPDATE ${tableOnly(table)} AS ${row} SET ${joinSql(assignments, ", ")}${where}`,
    counts: "changed",
  };
}

/** Keeps the server from looking the rows up in an index of the table, which may have lost some. */
function readAll(condition: Sql): Sql {
  return sql`(${condition}) IS TRUE`;
}

function conditional(change: ColumnChange): Sql {
  const { column, newValue } = change;
  const condition = isChosen(change);
  if (!condition) return assignment(column.name, newValue);
  return assignment(column.name, sql`CASE WHEN ${condition} THEN ${newValue} ELSE ${new Name(column.name)} END`);
}

/** Whether the row is one that the change is for; undefined where all are. */
function isChosen({ onlyKeys, exceptKeys }: ColumnChange): Sql | undefined {
  if (onlyKeys) return keyIn(onlyKeys);
  return exceptKeys && sql`NOT ${keyIn(exceptKeys)}`;
}

function assignment(column: string, value: Sql): Sql {
  return sql`${new Name(column)} = ${value}`;
}

/**
 * A new file for a table whose old one still holds deleted rows and former values. VERBOSE counts the dead rows that another
 * transaction may still see: those are copied too, and the session refuses that.
 */
export function rewriteFile(table: Table): Step {
  return {
    label: `rewrite ${table.id}`,
    sql: sql`VACUUM (FULL, VERBOSE) ${tableName("", table)}`,
    expect: { rewritten: table },
  };
}

/** The steps, with triggers and rules disabled around them that fire even in replica mode. */
export function withTriggersOff(tree: readonly Table[], steps: readonly Step[]): readonly Step[] {
  const alwaysFiring = tree.flatMap((table) =>
    (table.postgresql?.alwaysFiring ?? []).map((object) => ({ table, ...object }))
  );
  if (steps.length === 0 || alwaysFiring.length === 0) return steps;
  return [
    ...alwaysFiring.map(({ table, kind, name }): Step => ({
      label: `disable ${kind.toLowerCase()} ${name} of ${table.id}`,
      sql: sql`ALTER TABLE ONLY ${tableName("", table)} ${
        kind === "RULE" ? sql`DISABLE RULE` : sql`DISABLE TRIGGER`
      } ${new Name(name)}`,
    })),
    ...steps,
    ...alwaysFiring.map(({ table, kind, name, fires }): Step => ({
      label: `enable ${kind.toLowerCase()} ${name} of ${table.id}`,
      sql: sql`ALTER TABLE ONLY ${tableName("", table)} ENABLE ${fires === "ALWAYS" ? sql`ALWAYS` : sql`REPLICA`} ${
        kind === "RULE" ? sql`RULE` : sql`TRIGGER`
      } ${new Name(name)}`,
    })),
  ];
}
