/** How a statement reaches a table. @module */

import type { Table } from "../../engine/schema.ts";
import { Name } from "../../engine/sql.ts";

/** The table, qualified by its database: the session's default database must not matter. */
export function tableName(database: string, table: Table): Name {
  return new Name(database, table.name);
}
