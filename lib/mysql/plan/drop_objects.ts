/** Drops what must not be in a snapshot of a MySQL database. @module */

import type { Step } from "../../engine/engine.ts";
import type { SchemaObject } from "../../engine/inventory.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";

/** Drops objects. Dropping a foreign table does not touch the other server's rows. */
export function dropObjects(objects: readonly SchemaObject[]): readonly Step[] {
  return objects.filter(({ kind }) => kind === "foreign table").map(({ name, object = name }): Step => ({
    label: `drop foreign table ${name}`,
    sql: sql`DROP TABLE ${new Name(object)}`,
  }));
}

/** None: MySQL has no materialised views. */
export function refillObjects(): readonly Step[] {
  return [];
}

/** The step that drops histograms of a table, which hold values of these columns. */
export function dropHistogramsStep(
  table: Table,
  { database }: Pick<Schema, "database">,
  columns: readonly string[],
): Step {
  return {
    label: `drop histograms of ${table.id}`,
    sql: sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${tableName(database, table)} DROP HISTOGRAM ON ${
      joinSql(columns.map((name) => sql`${new Name(name)}`), ", ")
    }`,
  };
}
