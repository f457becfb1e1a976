/** That a row is among those of scratch. @module */

import type { Engine, Scratch } from "../../engine/engine.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";

/** That a row's key is in scratch. Without correlation, so that the server can hash scratch once. */
export function keyIn(engine: Engine, key: readonly string[], scratch: Scratch): Sql {
  const { sql } = engine.expressions;
  const columns = joinSql(key.map((name) => sql`${new Name(name)}`), ", ");
  return sql`(${columns}) IN (SELECT ${columns} FROM ${scratch.table})`;
}
