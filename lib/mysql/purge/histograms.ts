/** Histograms hold values of columns, and the dictionary's pages keep them after they were dropped. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { dropHistogramsStep } from "../plan/drop_objects.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { inPurgeDatabase, type PurgeRun } from "./purge_step.ts";

/** Buckets of a histogram at most (MySQL Reference Manual, "ANALYZE TABLE Statement"). */
const buckets = 1024;

/**
 * Columns of the filler, each with a histogram as big as there can be. Measured: four overwrite what four have left where nothing
 * else has grown the dictionary, and not always; sixteen did, 1.4 MB.
 */
const fillers = 16;

/**
 * Drops the histograms that are left: those of tables that a step of the plan has not reached, and those that another session made
 * meanwhile. They are not created again: which columns have one is production's choice, and they hold values. The dictionary's file
 * keeps them until {@linkcode overwriteHistograms}.
 */
export async function dropHistograms(
  session: Session,
  schema: Schema,
  plans: readonly TablePlan[],
): Promise<readonly Residue[]> {
  if (await productOf(session) === "mariadb") return await deleteStatistics(session, schema);
  const left = Map.groupBy(
    await session.query(
      sql`SELECT table_name AS table_name, column_name AS name FROM information_schema.column_statistics
      WHERE schema_name = ${textLiteral(schema.database)} ORDER BY table_name, column_name`,
    ),
    ({ table_name }) => String(table_name),
  );
  const dropped = new Set(
    withHistograms(plans).flatMap(({ table }) => table.mysql?.histograms.map((name) => `${table.id}.${name}`) ?? []),
  );
  for (const table of schema.tables) {
    const names = left.get(table.name)?.map(({ name }) => String(name)) ?? [];
    if (names.length === 0) continue;
    await session.run(dropHistogramsStep(table, schema, names));
    for (const name of names) dropped.add(`${table.id}.${name}`);
  }
  return dropped.size === 0 ? [] : [{ step: "histograms", result: `dropped: ${[...dropped].join(", ")}` }];
}

/** MariaDB keeps the least and the greatest value of a column, and a histogram, in rows of a table: see {@linkcode rewriteSystemTables}. */
async function deleteStatistics(session: Session, { database }: Schema): Promise<readonly Residue[]> {
  const found = await session.query(sql`SELECT CONCAT(table_name, '.', column_name) AS name FROM mysql.column_stats
    WHERE db_name = ${textLiteral(database)} ORDER BY 1`);
  if (found.length === 0) return [];
  await session.run({
    label: "delete statistics of columns",
    sql: sql`DELETE FROM mysql.column_stats WHERE db_name = ${textLiteral(database)}`,
  });
  return [{ step: "statistics of columns", result: `deleted: ${found.map(({ name }) => name).join(", ")}` }];
}

/** Overwrites the freed pages of histograms in the dictionary's file. The server frees them when undo is purged. */
export async function overwriteHistograms({ session, plans }: PurgeRun): Promise<readonly Residue[]> {
  const count = withHistograms(plans).reduce((sum, { table }) => sum + (table.mysql?.histograms.length ?? 0), 0);
  if (count === 0) return [];
  for (let done = 0; done < count; done += fillers) {
    await inPurgeDatabase(session, (place) => overwrite(session, place("histogram")));
  }
  return [{ step: "histograms", result: `overwritten, ${count} columns'` }];
}

function withHistograms(plans: readonly TablePlan[]): readonly TablePlan[] {
  return plans.filter(({ steps, table }) => steps.length > 0 && table.mysql?.histograms.length);
}

async function overwrite(session: Session, filler: Name): Promise<void> {
  const names = Array.from({ length: fillers }, (_, at) => new Name(`filler_${at}`));
  const list = joinSql(names.map((name) => sql`${name}`), ", ");
  const run = (text: typeof list) => session.run({ label: "overwrite histograms", sql: text });
  await run(sql`CREATE TABLE ${filler} (${joinSql(names.map((name) => sql`${name} char(42)`), ", ")}) ENGINE=InnoDB`);
  // More different values than buckets, each as long as a histogram keeps.
  const value = sql`CONCAT(a.d, b.d, c.d, d.d, REPEAT('x', 38))`;
  await run(sql`INSERT INTO ${filler} (${list}) WITH digits (d) AS (
      VALUES ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8), ROW(9))
    SELECT ${joinSql(names.map(() => value), ", ")}
    FROM digits AS a, digits AS b, digits AS c, digits AS d WHERE a.d < 2`);
  await run(sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${filler} UPDATE HISTOGRAM ON ${list} WITH ${buckets} BUCKETS`);
}
