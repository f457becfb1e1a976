/** Asks the live server whether it understands the rules' conditions, before anything changes. @module */

import { serverCodeOf } from "../../engine/database_error.ts";
import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundDefinition } from "../rules/bind.ts";
import { renderFragment, selected } from "../rules/fragment.ts";

/**
 * Has the server explain every selection, which reads no row of a table and changes nothing.
 *
 * @returns what it does not understand, as sentences. What this user may not read is left to those who may.
 * @throws {DatabaseError} where the server fails for another reason.
 */
export async function refusedSelections(
  engine: Engine,
  session: Session,
  schema: Schema,
  { selections }: BoundDefinition,
): Promise<readonly string[]> {
  const { sql } = engine.expressions;
  const problems: string[] = [];
  for (const { name, table, where } of selections) {
    const find = (earlier: string) => selections.find((one) => one.name === earlier)?.table;
    const condition = renderFragment(where, {
      engine,
      schema,
      table,
      asOf: new Date(0),
      selectionTable: find,
      // Of the same type as scratch, which is not there yet.
      selectionKeys(earlier) {
        const of = find(earlier);
        const [key] = of?.primaryKey ?? [];
        if (!of || key === undefined) {
          throw new TypeError(`Cannot explain the selection ${name}: no selection ${earlier}`);
        }
        return sql`(SELECT ${selected}.${new Name(key)} FROM ${
          engine.tableName(schema.database, of)
        } AS ${selected} WHERE 1 = 0)`;
      },
    });
    try {
      await session.query(
        sql`EXPLAIN SELECT 1 FROM ${engine.rowsToChoose(schema.database, table, selected)} WHERE ${condition}`,
      );
    } catch (error) {
      if (!(error instanceof ScrubError) || error.code !== "statement") throw error;
      if (isDenied(serverCodeOf(error) ?? "")) continue;
      problems.push(
        `selection ${name}: the server does not understand its condition: ${error.message.replace(/^.*?: /, "")}`,
      );
    }
  }
  return problems;
}

function isDenied(code: string): boolean {
  return code === "42501" || /^ER_\w*ACCESS_DENIED/.test(code);
}
