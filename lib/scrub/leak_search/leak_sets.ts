/** Sets of fingerprints in scratch: filled from tables by as many sessions as a database has, and carried between databases. @module */

import { inGroups } from "../../core/in_groups.ts";
import type { Cell, Engine, Fingerprint, Session } from "../../engine/engine.ts";
import { type FlaggedText, foundFingerprint, foundFlags } from "../../engine/expressions.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { isDivided } from "../parallel/chunk_queue.ts";
import { inBatches } from "../parallel/in_batches.ts";
import { inChunks, onSessions, type Pooled } from "../parallel/session_pool.ts";
import type { SearchedTable } from "./leak_texts.ts";

/** Fingerprints that the client copies at a time. */
const page = 20_000;

/** Tables bigger than this have a statement and a set of their own; smaller ones share them. */
const big = 16 * 2 ** 20;

/** Whether a table is worth a statement of its own. */
export function isBig({ table }: SearchedTable): boolean {
  return table.bytes > big;
}

/** Tables of no more bytes are searched together. */
const tiny = 2 ** 19;

/** Whether a table is best searched together with others. */
export function isTiny({ table, oneIn }: SearchedTable): boolean {
  return table.bytes <= tiny && oneIn === 1;
}

/** Big tables by themselves, small ones together, in their order. */
export function batches(tables: readonly SearchedTable[]): readonly (readonly SearchedTable[])[] {
  return inBatches(tables, (one) => !isBig(one));
}

/** The query that gives `fingerprint` and `flags` of each token in the texts of a table's rows, for what meets a condition. */
export function tokensInRows(
  { engine, schema }: Pooled,
  { table }: SearchedTable,
  texts: readonly FlaggedText[],
  condition: Sql,
): Sql {
  const { sql, fingerprints } = engine.expressions;
  return sql`SELECT ${foundFingerprint} AS fingerprint, ${foundFlags} AS flags
    FROM ${engine.rowsToSearch(schema.database, table)}
    CROSS JOIN ${fingerprints(texts)} WHERE ${condition}`;
}

/** The query that gives a table's rows of `fingerprint` and `flags`, for those of its rows that meet a condition. */
export interface TableQuery {
  readonly searched: SearchedTable;
  rows(condition: Sql): Sql;
}

/** What is read into sets: of several tables by one statement, or of one table. */
export interface SetQueries {
  /** Of the sets. */
  readonly name: string;
  readonly queries: readonly TableQuery[];
}

/**
 * Fills the sets of each: of a table that can be divided by all sessions, one table after the other, then of all others side by side.
 *
 * @param onNext Hears of each before its sets are filled.
 */
export async function fillEachSets<T extends SetQueries>(
  database: Pooled,
  all: readonly T[],
  onNext: (one: T) => void,
): Promise<ReadonlyMap<T, readonly Name[]>> {
  const { engine, schema, pool } = database;
  const filled = new Map<T, readonly Name[]>();
  const whole = all.filter(({ queries: [first, ...rest] }) =>
    rest.length > 0 || !first || !isDivided(first.searched.table, pool?.size ?? 1)
  );
  for (const one of all) {
    if (whole.includes(one)) continue;
    onNext(one);
    filled.set(one, await fillSets(database, one.name, one.queries));
  }
  await onSessions(database, whole, async (session, one) => {
    onNext(one);
    filled.set(one, await fillSets({ engine, session, schema }, one.name, one.queries));
  });
  return filled;
}

/** Fills one set from several tables, or one set for each chunk of a single table. */
async function fillSets(
  database: Pooled,
  name: string,
  queries: readonly TableQuery[],
): Promise<readonly Name[]> {
  const { engine, schema, pool } = database;
  const { sql } = engine.expressions;
  const [first] = queries;
  if (!first) return [];
  let filled = 0;
  async function fillOne(session: Session, rows: Sql): Promise<Name> {
    const set = engine.fingerprintSet(schema.database, `${name} ${filled++}`);
    await fillSet({ engine, session }, set, onceEach(engine, rows));
    return set;
  }
  if (queries.length > 1) {
    return [await fillOne(database.session, joinSql(queries.map(({ rows }) => rows(sql`TRUE`)), " UNION ALL "))];
  }
  // No more chunks than sessions: each has a set of its own, and sets have to be merged.
  return await inChunks(
    database,
    first.searched.table,
    (session, condition) => fillOne(session, first.rows(condition)),
    pool?.size,
  );
}

/** Creates a set with the rows of a query. */
export async function fillSet(
  { engine, session }: Pick<Pooled, "engine" | "session">,
  set: Name,
  rows: Sql,
): Promise<void> {
  for (const step of engine.fillFingerprintSet(set, rows)) await session.run(step);
}

/** Reads a set, page by page. */
export async function* readSet(
  { engine: { expressions: { sql } }, session }: Pick<Pooled, "engine" | "session">,
  set: Name,
): AsyncGenerator<readonly Fingerprint[]> {
  for (let after = sql``;;) {
    const rows = await session.scan(
      sql`SELECT fingerprint, flags FROM ${set}${after} ORDER BY fingerprint LIMIT ${page}`,
    );
    const fingerprints = rows.map(fingerprintOf);
    const last = fingerprints.at(-1);
    if (!last) return;
    yield fingerprints;
    after = sql` WHERE fingerprint > ${literalOf(last)}`;
  }
}

/** The fingerprint in a row of `fingerprint` and `flags`. */
export function fingerprintOf({ fingerprint, flags }: Readonly<Record<string, Cell>>): Fingerprint {
  return [BigInt(String(fingerprint)), Number(flags)];
}

function literalOf([fingerprint]: Fingerprint): Sql {
  return trusted(String(fingerprint));
}

/** Which of the fingerprints a set has, with what it says of them. */
export async function foundIn(
  { engine: { expressions: { sql } }, session }: Pick<Pooled, "engine" | "session">,
  set: Name,
  fingerprints: readonly Fingerprint[],
): Promise<readonly Fingerprint[]> {
  const found: Fingerprint[] = [];
  for (const some of inGroups(fingerprints, page)) {
    const list = joinSql(some.map(literalOf), ", ");
    const rows = await session.scan(sql`SELECT fingerprint, flags FROM ${set} WHERE fingerprint IN (${list})`);
    found.push(...rows.map(fingerprintOf));
  }
  return found;
}

/** Creates a set with these fingerprints, each of which is there once. */
export async function writeSet(
  to: Pick<Pooled, "engine" | "session">,
  set: Name,
  pages: AsyncIterable<readonly Fingerprint[]> | Iterable<readonly Fingerprint[]>,
): Promise<void> {
  await fillSet(to, set, union(to.engine, []));
  for await (const fingerprints of pages) await to.session.run(to.engine.addFingerprints(set, fingerprints));
}

/** Each fingerprint once, with all its bits. */
export function onceEach({ expressions: { sql } }: Engine, rows: Sql): Sql {
  const each = new Name("datascrubber_each");
  return sql`SELECT ${each}.fingerprint, bit_or(${each}.flags) AS flags FROM (${rows}) AS ${each} GROUP BY ${each}.fingerprint`;
}

/** The queries one after the other; without any, no row. */
export function union({ expressions: { sql } }: Engine, queries: readonly Sql[]): Sql {
  // A sum of whole numbers this great is of eight bytes on both engines.
  const whole = sql`4294967296 + 4294967296`;
  const none = sql`SELECT ${whole} AS fingerprint, ${whole} AS flags FROM (SELECT 1 AS one) AS nothing WHERE one = 0`;
  return queries.length > 0 ? joinSql(queries, " UNION ALL ") : none;
}

/** The rows of sets, one after the other. */
export function rowsOf(engine: Engine, sets: readonly Name[]): Sql {
  return union(engine, sets.map((set) => engine.expressions.sql`SELECT fingerprint, flags FROM ${set}`));
}

/** How many fingerprints a set has. */
export async function sizeOf({ engine, session }: Pick<Pooled, "engine" | "session">, set: Name): Promise<number> {
  const [row] = await session.scan(engine.expressions.sql`SELECT count(*) AS n FROM ${set}`);
  return Number(row?.["n"]);
}
