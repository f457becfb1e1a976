/** Gives the values of shuffled columns to other rows, in scratch, before the first change. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Engine, Scratch, Session } from "../../engine/engine.ts";
import { findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { shuffledValue } from "../../engine/shuffled_rows.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { BoundColumn, BoundTable } from "../rules/bind.ts";
import { chosenOf, isChosen, keyIn } from "./selections.ts";

/** The scratch that holds a rule's new values. */
export type Shuffles = ReadonlyMap<BoundColumn, Scratch>;

/** Fewer different values show, or nearly show, which row had which. */
const fewest = 3;

/**
 * Fills scratch for every rule that shuffles. Rows that are deleted give no value and get none.
 *
 * @param deletedKeys By table's id.
 * @throws {ScrubError} `table` where the values are too few.
 */
export async function evaluateShuffles(
  engine: Engine,
  session: Session,
  schema: Schema,
  tables: readonly BoundTable[],
  selections: ReadonlyMap<string, Scratch>,
  deletedKeys: ReadonlyMap<string, Scratch>,
): Promise<Shuffles> {
  const { sql } = engine.expressions;
  const shuffles = new Map<BoundColumn, Scratch>();
  for (const { table, columns } of tables) {
    const deleted = deletedKeys.get(table.id);
    for (const rule of columns.filter(({ strategy }) => strategy.shuffles)) {
      const { column } = rule;
      const chosen = isChosen(engine, table.primaryKey, chosenOf(rule, selections));
      const among = [
        ...(chosen ? [chosen] : []),
        ...(deleted ? [sql`NOT ${keyIn(engine, table.primaryKey, deleted)}`] : []),
      ];
      const scratch = engine.scratch(schema.database, `shuffled ${table.id} ${column.name}`, table);
      const steps = engine.fillShuffled(scratch, {
        table,
        column,
        among: among.length > 0 ? joinSql(among, " AND ") : sql`1 = 1`,
        order: orderOf(engine, table, column.name),
      });
      for (const step of steps) await session.run(step);
      await refuseFewValues(engine, session, rule, scratch);
      shuffles.set(rule, scratch);
    }
  }
  return shuffles;
}

/** Of the table and column, too: equal keys elsewhere have another order. */
function orderOf({ expressions: e }: Engine, table: Table, column: string): Sql {
  const keys = table.primaryKey.flatMap((name) => {
    const key = findColumn(table, name);
    return key ? [e.text(" "), e.asText(e.sql`${new Name(name)}`, key)] : [];
  });
  return e.pseudonym(e.concat(e.text(`shuffle ${table.id} ${column}`), ...keys));
}

async function refuseFewValues(
  { expressions: e }: Engine,
  session: Session,
  { column }: BoundColumn,
  { table, of }: Scratch,
): Promise<void> {
  const values = e.sql`SELECT DISTINCT ${
    e.pseudonym(e.asText(e.sql`${shuffledValue}`, column))
  } AS one FROM ${table} LIMIT ${fewest}`;
  const [row] = await session.scan(e.sql`SELECT count(*) AS n FROM (${values}) AS ${new Name("datascrubber_few")}`);
  const found = Number(row?.["n"]);
  if (found === 0 || found >= fewest) return;
  throw new ScrubError(
    "table",
    `Cannot shuffle ${of.id}.${column.name}: it has ${found} different values in the rows to shuffle, and ${fewest} are needed`,
    "Use another strategy, such as choice.",
  );
}
