/** Where the server shows its variables, by variable_name and variable_value. MariaDB writes the names in capitals. @module */

import type { Sql } from "../../engine/sql.ts";
import { spelledBy } from "./product.ts";

function shown(view: string): Sql {
  return spelledBy({ mysql: `performance_schema.${view}`, mariadb: `information_schema.${view}` });
}

/** Of the server. */
export const globalVariables: Sql = shown("global_variables");

/** Of the session. */
export const sessionVariables: Sql = shown("session_variables");

/** Counters of the server since its start. */
export const globalStatus: Sql = shown("global_status");
