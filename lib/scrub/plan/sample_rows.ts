/** Some rows of each table as they are and as a scrub would make them, for a person's eyes alone. Reads only. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { TableSample } from "../../core/table_sample.ts";
import type { BoundColumn, BoundDefinition, BoundTable } from "../rules/bind.ts";
import { rowOf } from "./row.ts";
import { selectionKeys } from "./selections.ts";

/** What every query needs. */
interface Sampling {
  readonly engine: Engine;
  /** Read-only, with a key: not that of any run, so that a run's pseudonyms are others. */
  readonly session: Session;
  readonly schema: Schema;
  readonly bound: BoundDefinition;
  readonly asOf: Date;
}

/** Characters of a value at most. */
const longest = 200;

/** At most so many rows of each table that rules change or delete from. */
export async function sampleTables(sampling: Sampling, rows: number): Promise<readonly TableSample[]> {
  const samples: TableSample[] = [];
  for (const rule of sampling.bound.tables) {
    if (rule.columns.length > 0 || rule.truncate || rule.deleteRows !== undefined) {
      samples.push(await sampleTable(sampling, rule, rows));
    }
  }
  return samples;
}

/** Columns that can't be read alone are named: some strategies need what only a run creates. */
async function sampleTable(sampling: Sampling, rule: BoundTable, rows: number): Promise<TableSample> {
  const all = await read(sampling, rule, rule.columns, rows);
  if (all) return { table: rule.table.id, columns: rule.columns.map(nameOf), rows: all, unseen: [] };
  const seen: BoundColumn[] = [];
  for (const column of rule.columns) {
    if (await read(sampling, rule, [column], 1)) seen.push(column);
  }
  return {
    table: rule.table.id,
    columns: seen.map(nameOf),
    rows: await read(sampling, rule, seen, rows) ?? [],
    unseen: rule.columns.filter((column) => !seen.includes(column)).map(nameOf),
  };
}

function nameOf({ column }: BoundColumn): string {
  return column.name;
}

/** Undefined where the server refuses. */
async function read(
  sampling: Sampling,
  rule: BoundTable,
  columns: readonly BoundColumn[],
  most: number,
): Promise<TableSample["rows"] | undefined> {
  const { engine, session, schema } = sampling;
  const { sql } = engine.expressions;
  const gone = sql`CASE WHEN ${goes(sampling, rule)} THEN 1 ELSE 0 END AS gone`;
  try {
    const cells = columns.flatMap((column, at) => {
      const [before, after] = valuesOf(sampling, rule, column);
      return [sql`${before} AS ${new Name(`before_${at}`)}`, sql`${after} AS ${new Name(`after_${at}`)}`];
    });
    const rows = await session.query(
      sql`SELECT ${joinSql([...cells, gone], ", ")} FROM ${
        engine.tableName(schema.database, rule.table)
      } LIMIT ${most}`,
    );
    return rows.map((row) => ({
      gone: Number(row["gone"]) === 1,
      cells: columns.map((_, at) => ({ before: cut(row[`before_${at}`]), after: cut(row[`after_${at}`]) })),
    }));
  } catch (error) {
    if (error instanceof ScrubError) return undefined;
    throw error;
  }
}

function valuesOf(
  sampling: Sampling,
  { table, columns }: BoundTable,
  { column, strategy, parameter, only, except, follows }: BoundColumn,
): readonly [before: Sql, after: Sql] {
  if (follows !== undefined && except !== undefined) {
    throw new ScrubError(
      "rules",
      `Cannot show ${table.id}.${column.name}: only a run knows which rows keep their value`,
      `Look at ${follows}, which it repeats.`,
    );
  }
  const { engine } = sampling;
  const e = engine.expressions;
  const old = rowOf(engine, table, columns, column.name);
  const made = strategy.newValue(e, old, parameter);
  const chosen = [
    ...(only === undefined ? [] : [isIn(sampling, table, only)]),
    ...(except === undefined ? [] : [e.sql`NOT ${isIn(sampling, table, except)}`]),
  ];
  const after = chosen.length === 0
    ? made
    : e.sql`CASE WHEN ${joinSql(chosen, " AND ")} THEN ${made} ELSE ${old.value} END`;
  return [e.asText(old.value, column), e.asText(after, column)];
}

function goes(sampling: Sampling, { table, truncate, deleteRows }: BoundTable): Sql {
  const { sql } = sampling.engine.expressions;
  if (truncate) return sql`1 = 1`;
  return deleteRows === undefined ? sql`1 = 0` : isIn(sampling, table, deleteRows);
}

/** Whether a row is one of a selection's. */
function isIn({ engine, schema, bound, asOf }: Sampling, table: BoundTable["table"], selection: string): Sql {
  const { sql } = engine.expressions;
  const key = joinSql(table.primaryKey.map((name) => sql`${new Name(name)}`), ", ");
  return sql`((${key}) IN (${selectionKeys(engine, schema, bound.selections, selection, asOf)}))`;
}

function cut(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const letters = [...String(value)];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : letters.join("");
}
