/**
 * Refuses values that no structure has, in columns that need no rule because the catalogue shows them as structure: it proves the type,
 * not what an application writes there. One scan a table; keys are looked up in their index.
 *
 * What this cannot tell from structure: numbers of up to seven digits in counters, of up to nine in keys (where PostgreSQL's sequence
 * has not passed them: of up to seven), a few moments among many others, and anything in a UUID.
 *
 * @module
 */

import { type Counter, firstLongNumber } from "../../engine/counters.ts";
import type { Cell } from "../../engine/engine.ts";
import type { Expressions } from "../../engine/expressions.ts";
import { type Column, findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { AccountedColumn } from "../coverage/coverage.ts";
import { type Structure, structureOf } from "../coverage/structural.ts";
import { entryFor } from "../coverage/suggestion.ts";
import { countEach } from "../parallel/count_where.ts";
import type { Pooled } from "../parallel/session_pool.ts";

/** The first number as long as a telephone or NHS number. A table's keys seldom get there, and then there are many of them. */
const firstVeryLong = 1_000_000_000;

/** Fewer keys that are so long may be anything. */
const fewKeys = 100;

/** The keys between the first and the last that are there, one in so many at least. Numbers with a check digit are fewer. */
const sparse = 10;

/** A structural column. */
interface Place {
  readonly table: Table;
  readonly column: Column;
  readonly structure: Structure;
}

/** What stops the run about a column, for people: counts, never a value. */
interface Finding extends Place {
  readonly why: string;
}

/** A database and how its columns are classified. */
export interface ClassifiedDatabase {
  readonly database: Pooled;
  readonly columns: readonly AccountedColumn[];
}

/**
 * Looks at the values of the structural columns of all databases, where conditions on keys find every row. Reads only.
 *
 * @throws {ScrubError} `coverage`, with every such column and its number of rows.
 */
export async function refuseSurprisingValues(databases: readonly ClassifiedDatabase[]): Promise<void> {
  const findings: string[] = [];
  const found = new Set<string>();
  for (const { database, columns } of databases) {
    const { schema } = database;
    for (const { table, column, structure, why } of await surprisesIn(database, columns)) {
      found.add(JSON.stringify(schema.database));
      findings.push(
        `${schema.database}: ${table.id}.${column.name} ${column.type} (${structure.reason}): ${why}\n` +
          `  entry for reviewed.json, if it may stay: ${JSON.stringify(entryFor(table, column))}`,
      );
    }
  }
  if (findings.length === 0) return;
  throw new ScrubError(
    "coverage",
    [
      `Cannot scrub ${found.size === 1 ? "database" : "databases"} ${
        [...found].join(", ")
      }: values in ${findings.length} ` +
      `structural ${findings.length === 1 ? "column" : "columns"} that no structure has`,
      ...findings,
    ].join("\n"),
    "Nothing was changed. Find out what such rows hold. Add a rule for the column to its scrubber; or, if all of it may stay, add " +
      "the entry to the reviewed.json beside the scrubber (or, under the scrubber's name, to a file for --reviewed).",
  );
}

async function surprisesIn(database: Pooled, columns: readonly AccountedColumn[]): Promise<readonly Finding[]> {
  const { engine, session, schema } = database;
  const places = structuralPlaces(schema, columns);
  const counters = await engine.counters(session, schema);
  const findings: Finding[] = [];
  const questions = [...Map.groupBy(places, ({ table }) => table)].map(([table, its]) => ({
    table,
    questions: its.flatMap((place) => questionsAbout(place, engine.expressions, schema)),
  })).filter(({ questions }) => questions.length > 0);
  const counts = await countEach(
    database,
    questions.map(({ table, questions }) => ({ table, conditions: questions.flatMap(({ counts }) => counts) })),
  );
  for (const [at, { questions: its }] of questions.entries()) {
    const [, ...found] = counts[at] ?? [];
    findings.push(...its.flatMap((question): readonly Finding[] => {
      const why = question.surprise(...found.splice(0, question.counts.length));
      return why === undefined ? [] : [{ ...question, why }];
    }));
  }
  const keys = places.filter(({ structure, column }) => structure.kind === "key" && column.kind === "integer");
  for (const place of await longKeys(database, keys)) {
    const why = await surpriseOfKey(database, place, counters);
    if (why !== undefined) findings.push({ ...place, why });
  }
  return findings;
}

function structuralPlaces(schema: Schema, columns: readonly AccountedColumn[]): readonly Place[] {
  const tables = new Map(schema.tables.map((table) => [table.id, table]));
  return columns.filter(({ by }) => by === "structural").flatMap(({ table: id, column: name }) => {
    const table = tables.get(id);
    const column = table && findColumn(table, name);
    const structure = column && structureOf(schema, table, column);
    return structure ? [{ table, column, structure }] : [];
  });
}

/** What is counted of a column, and what the counts tell. */
interface Question extends Place {
  readonly counts: readonly Sql[];
  surprise(...counts: readonly number[]): string | undefined;
}

/** Foreign keys repeat keys that are looked at themselves, and are all proven at the end. */
function questionsAbout(place: Place, expressions: Expressions, { engine }: Schema): readonly Question[] {
  const { column, structure: { kind } } = place;
  const { sql } = expressions;
  const name = new Name(column.name);
  switch (kind) {
    case "boolean":
      // PostgreSQL's boolean is nothing else.
      return engine !== "mysql" ? [] : [{
        ...place,
        counts: [sql`${name} NOT IN (0, 1)`],
        surprise: (rows = 0) => rows === 0 ? undefined : `${rowsHold(rows)} another number than 0 and 1`,
      }];
    case "counter":
      return [{
        ...place,
        counts: [sql`${name} NOT BETWEEN -${firstLongNumber - 1} AND ${firstLongNumber - 1}`],
        surprise: (rows = 0) => rows === 0 ? undefined : `${rowsHold(rows)} a number of eight or more digits`,
      }];
    case "timestamp":
      return [{
        ...place,
        counts: momentCounts(name, expressions),
        surprise: (moments = 0, days = 0) =>
          2 * days > moments
            ? `${days} of ${moments} moments are whole hours or quarters before 2005, like dates of birth`
            : undefined,
      }];
    default:
      return [];
  }
}

function rowsHold(rows: number): string {
  return rows === 1 ? "1 row holds" : `${rows} rows hold`;
}

/**
 * Counts of moments, and of those among them that look like dates of birth: on the hour or a part of it by which zones are apart, since
 * a zone moves midnight, and before 2005. The 1st of January stands for no moment where it is so old; a zero date is older.
 */
function momentCounts(name: Name, { sql, timestamp }: Expressions): readonly Sql[] {
  const modern = sql`${name} >= ${timestamp(new Date("2005-01-01T00:00:00Z"))}`;
  const old = sql`${name} >= ${timestamp(new Date("1850-01-01T00:00:00Z"))}`;
  const newYear = sql`EXTRACT(MONTH FROM ${name}) = 1 AND EXTRACT(DAY FROM ${name}) = 1`;
  const onTheHour = sql`EXTRACT(MINUTE FROM ${name}) IN (0, 15, 20, 30, 40, 45) AND EXTRACT(SECOND FROM ${name}) = 0`;
  return [
    sql`CASE WHEN ${modern} THEN TRUE WHEN ${old} THEN NOT (${newYear}) ELSE FALSE END`,
    sql`CASE WHEN ${modern} THEN FALSE WHEN ${old} THEN ${onTheHour} AND NOT (${newYear}) ELSE FALSE END`,
  ];
}

/** Keys that are looked up by one statement: the least and the greatest stand at the ends of their index. */
const keysTogether = 50;

/** The keys with a number of eight or more digits. */
async function longKeys({ engine, session, schema }: Pooled, keys: readonly Place[]): Promise<readonly Place[]> {
  const { sql } = engine.expressions;
  const long: Place[] = [];
  for (let from = 0; from < keys.length; from += keysTogether) {
    const part = keys.slice(from, from + keysTogether);
    const queries = part.map(({ table, column }, at) => {
      const name = new Name(column.name);
      return sql`SELECT ${at} AS place, min(${name}) AS a, max(${name}) AS b FROM ${
        engine.tableName(schema.database, table)
      }`;
    });
    const rows = await session.scan(joinSql(queries, " UNION ALL "));
    long.push(...part.filter((_, at) => {
      const row = rows.find(({ place }) => Number(place) === at);
      const [least, most] = [numberOf(row?.["a"]), numberOf(row?.["b"])];
      return !(least > -firstLongNumber && most < firstLongNumber);
    }));
  }
  return long;
}

/** NULL, of no rows, is 0; NaN is no number, and so a key to look at. */
function numberOf(value: Cell | undefined): number {
  return value === null ? 0 : Number(value);
}

/** Why a key's numbers cannot all be the server's; undefined where they can. */
async function surpriseOfKey(
  { engine, session, schema }: Pooled,
  { table, column }: Place,
  counters: readonly Counter[],
): Promise<string | undefined> {
  const { sql } = engine.expressions;
  const name = new Name(column.name);
  const from = sql`FROM ${engine.tableName(schema.database, table)}`;
  const ask = async (query: Sql): Promise<readonly [number, number]> => {
    const [row] = await session.scan(query);
    const numbers = [Number(row?.["a"]), Number(row?.["b"] ?? 0)] as const; // NULL, of no rows, is 0
    if (!numbers.every(Number.isFinite)) {
      throw new TypeError(`Cannot read the keys of ${table.id}: the scan gave no numbers`);
    }
    return numbers;
  };
  const its = counters.filter(({ columns }) => columns.some((one) => one.table === table && one.column === column));
  const descending = its.some(({ step }) => step < 0n);
  const above = (bound: number): Sql => sql`${name} >= ${bound}`;
  const below = (bound: number): Sql => sql`${name} <= -${bound}`;
  const [given, opposite] = descending ? [below, above] : [above, below];
  const count = async (condition: Sql) => (await ask(sql`SELECT count(*) AS a ${from} WHERE ${condition}`))[0];

  const wrong = await count(opposite(firstLongNumber));
  if (wrong > 0) return `${rowsHold(wrong)} a number of eight or more digits on the other side of 0 than its counter`;
  if (its.length > 0) {
    const passed = its.map(({ last }) =>
      descending ? sql`${name} < ${trusted(`${last}`)}` : sql`${name} > ${trusted(`${last}`)}`
    );
    const beyond = await count(sql`${given(firstLongNumber)} AND ${joinSql(passed, " AND ")}`);
    if (beyond > 0) return `${rowsHold(beyond)} a number of eight or more digits that its counter has not reached`;
  }
  const long = given(firstVeryLong);
  const rows = await count(long);
  if (rows === 0) return undefined;
  const [first, last] = await ask(sql`SELECT min(${name}) AS a, max(${name}) AS b ${from} WHERE ${long}`);
  const step = Math.max(1, ...its.map(({ step }) => Math.abs(Number(step))));
  return rows < fewKeys || rows * sparse < (last - first) / step + 1
    ? `${rowsHold(rows)} a number of ten or more digits, too far apart or too few to be given one after the other`
    : undefined;
}
