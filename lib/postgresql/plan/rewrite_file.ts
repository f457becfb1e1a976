/** A new file for a table whose old one still holds what went or was replaced. @module */

import type { Step } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";

/** VERBOSE tells how many dead rows somebody may still see: those are copied too, and the session refuses that. */
export function rewriteFile(table: Table): Step {
  return {
    label: `rewrite ${table.id}`,
    sql: sql`VACUUM (FULL, VERBOSE) ${tableName("", table)}`,
    expect: { rewritten: table },
  };
}
