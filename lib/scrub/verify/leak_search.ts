/** What the leak search looks for: fingerprints, gathered before the first change and shared between databases. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { HeldText } from "../../engine/expressions.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { Log } from "../../core/log.ts";
import { inChunks, type Pooled } from "../execute/session_pool.ts";
import type { PlannedDatabase } from "../execute/database.ts";
import type { ProvableChange } from "../plan/table_change.ts";
import { type LeakMode, shareOf } from "./leak_sample.ts";
import { lostTexts, type SearchedTable, stayingText } from "./leak_texts.ts";

/** A database in which the search looks, whether it is scrubbed or not. */
export interface SearchedDatabase extends Pooled {
  /** Absent: nobody looks. */
  readonly leaks?: LeakSearch;
}

/** What is looked for in one database, and where. */
export interface LeakSearch {
  readonly tables: readonly SearchedTable[];
  /** Fingerprints of this database's own values; absent in one that is not scrubbed. */
  readonly own?: Name;
  /** What is looked for: those of every database. */
  readonly sought: Name;
  /** How many there are in it. */
  readonly fingerprints: number;
  /** Fingerprints of own values that are not looked for, because values that stay hold them as well. */
  readonly alsoStay: number;
}

/** Tables bigger than this have a statement and a set of their own; smaller ones share them. */
const big = 16 * 2 ** 20;
/** Small tables in one statement. */
const together = 20;
/** Fingerprints that cross the client at a time. */
const page = 20_000;

/** Values that go hold it. */
const goes = 1;
/** Values that stay hold it. */
const stays = 2;

const found = new Name("datascrubber_found");

/**
 * Gathers the fingerprints of all that the scrub takes away, less those that stand in values that stay, and gives every
 * database those of all. Scratch of every database is open; nothing has changed yet. `kept`: looked into, never changed.
 */
export async function prepareLeakSearch<K extends SearchedDatabase>(
  planned: readonly PlannedDatabase[],
  kept: readonly K[],
  mode: LeakMode | undefined,
  log: Log,
): Promise<{ readonly planned: readonly PlannedDatabase[]; readonly kept: readonly K[] }> {
  if (mode === "off") return { planned, kept };
  const gathered: PlannedDatabase[] = [];
  for (const database of planned) gathered.push({ ...database, leaks: await gather(database, mode, log) });
  const looked = kept.map((database) => ({ ...database, leaks: nothingYet(database, mode) }));
  return await share(gathered, looked, 1);
}

/**
 * Takes out of the sets what stands in rows that a sample has left out. Values that stay are the same before and after, so this
 * can wait until there is a finding, which may be none then.
 */
export async function completeLeakSearch<K extends SearchedDatabase>(
  scrubbed: readonly PlannedDatabase[],
  kept: readonly K[],
): Promise<ReturnType<typeof share<PlannedDatabase, K>>> {
  const completed: PlannedDatabase[] = [];
  for (const database of scrubbed) {
    const { leaks } = database;
    const sampled = leaks?.tables.filter(({ oneIn }) => oneIn > 1) ?? [];
    if (!leaks?.own || sampled.length === 0) {
      completed.push(database);
      continue;
    }
    const removed = await subtract(database, leaks.own, sampled, { rest: true });
    completed.push({ ...database, leaks: { ...leaks, alsoStay: leaks.alsoStay + removed } });
  }
  return await share(completed, kept, 2);
}

/** Where the search looks in a database, before there is anything to look for. */
function nothingYet({ engine, schema }: SearchedDatabase, mode: LeakMode | undefined): LeakSearch {
  const sought = engine.fingerprintSet(schema.database, "sought");
  return { tables: searchedTables(schema, [], mode), sought, fingerprints: 0, alsoStay: 0 };
}

function searchedTables(
  schema: Schema,
  fates: readonly ProvableChange[],
  mode: LeakMode | undefined,
): readonly SearchedTable[] {
  const readable: readonly Table["kind"][] = ["table", "partitioned", "materialised view"];
  return schema.tables.filter(({ kind }) => readable.includes(kind)).map((table): SearchedTable => {
    const fate = fates.find((one) => one.fate.table === table);
    return { table, oneIn: shareOf(table, mode), ...(fate && { fate }) };
  });
}

async function gather(
  database: PlannedDatabase,
  mode: LeakMode | undefined,
  log: Log,
): Promise<LeakSearch> {
  const { engine, schema, fates } = database;
  const tables = searchedTables(schema, fates, mode);
  const changing = tables.filter((one) => lostTexts(engine, one).length > 0);
  const sets: Name[] = [];
  for (const [at, batch] of batches(changing).entries()) {
    tell(log, batch, at);
    sets.push(
      ...await fillSets(
        database,
        `fingerprints ${at}`,
        batch,
        (one, condition) => tokensOf(engine, schema, one, condition),
      ),
    );
  }
  const { own, alsoStay } = await ownOf(database, sets);
  const others = tables.filter((one) => !changing.includes(one) && stayingText(engine, one) !== undefined);
  const removed = await subtract(database, own, others, { rest: false, log });
  return { tables, own, sought: own, fingerprints: 0, alsoStay: alsoStay + removed };
}

/** The set of what only goes, and how many fingerprints more go and stay. A set that is that already is not copied. */
async function ownOf(
  database: PlannedDatabase,
  sets: readonly Name[],
): Promise<{ readonly own: Name; readonly alsoStay: number }> {
  const { engine, session, schema } = database;
  const { sql } = engine.expressions;
  const [only] = sets;
  if (
    only && sets.length === 1 &&
    await count(session, sql`SELECT count(*) AS n FROM ${only} WHERE held <> ${goes}`) === 0
  ) {
    return { own: only, alsoStay: 0 };
  }
  const own = engine.fingerprintSet(schema.database, "own");
  const all = onceEach(engine, union(engine, sets.map((set) => sql`SELECT fingerprint, held FROM ${set}`)));
  await fill(database, own, sql`SELECT fingerprint, held FROM (${all}) AS ${found} WHERE held = ${goes}`);
  const both = sql`SELECT count(*) AS n FROM (${all}) AS ${found} WHERE held = ${goes + stays}`;
  return { own, alsoStay: await count(session, both) };
}

/** Fingerprints of one table, of what goes and of what stays, in one reading. */
function tokensOf(engine: Engine, schema: Schema, searched: SearchedTable, condition: Sql): Sql {
  const { sql, fingerprints } = engine.expressions;
  const staying = stayingText(engine, searched);
  const texts: HeldText[] = [
    ...lostTexts(engine, searched).map((lost) => ({ ...lost, held: goes })),
    ...(staying ? [{ text: staying, held: stays }] : []),
  ];
  return sql`SELECT ${found}.fingerprint, ${found}.held FROM ${engine.tableName(schema.database, searched.table)}
    CROSS JOIN LATERAL ${fingerprints(texts)} AS ${found} WHERE ${condition}`;
}

/** Fills a set with what a query gives of each table, or several sets with what it gives of a big table's pieces. */
async function fillSets(
  database: SearchedDatabase,
  name: string,
  tables: readonly SearchedTable[],
  query: (one: SearchedTable, condition: Sql) => Sql,
): Promise<readonly Name[]> {
  const { engine, schema, pool } = database;
  const [first] = tables;
  if (!first) return [];
  let filled = 0;
  async function fillOne(session: Session, rows: Sql): Promise<Name> {
    const set = engine.fingerprintSet(schema.database, `${name} ${filled++}`);
    await fill({ engine, session }, set, onceEach(engine, rows));
    return set;
  }
  if (tables.length > 1) {
    const { sql } = engine.expressions;
    return [await fillOne(database.session, joinSql(tables.map((one) => query(one, sql`TRUE`)), " UNION ALL "))];
  }
  // No more pieces than sessions: each has a set of its own, and sets have to be put together.
  return await inChunks(
    database,
    first.table,
    (session, condition) => fillOne(session, query(first, condition)),
    pool?.size,
  );
}

/** Takes out of a set what stands in values that stay; how many that were. */
async function subtract(
  database: SearchedDatabase,
  own: Name,
  tables: readonly SearchedTable[],
  { rest, log }: { readonly rest: boolean; readonly log?: Log },
): Promise<number> {
  const { engine, session, schema } = database;
  const { sql, fingerprints } = engine.expressions;
  let removed = 0;
  for (const [at, batch] of batches(tables).entries()) {
    if (log) tell(log, batch, at);
    const readable = batch.filter((one) => stayingText(engine, one, rest) !== undefined);
    const sets = await fillSets(database, `${rest ? "rest" : "stays"} ${at}`, readable, (one, condition) => {
      const text = stayingText(engine, one, rest) ?? sql`''`;
      // IS TRUE keeps the server from joining: it looks each fingerprint up.
      return sql`SELECT ${found}.fingerprint, ${found}.held FROM ${engine.tableName(schema.database, one.table)}
        CROSS JOIN LATERAL ${fingerprints([{ text, held: stays }])} AS ${found}
        WHERE (${found}.fingerprint IN (SELECT fingerprint FROM ${own})) IS TRUE AND ${condition}`;
    });
    for (const set of sets) {
      const step = {
        label: "leave out fingerprints of values that stay",
        sql: sql`DELETE FROM ${own} WHERE fingerprint IN (SELECT fingerprint FROM ${set})`,
      };
      removed += (await session.run(step)).rows;
    }
  }
  return removed;
}

/** Gives every database the fingerprints of all. Only keyed 64-bit hashes cross the client. */
async function share<P extends SearchedDatabase, K extends SearchedDatabase>(
  scrubbed: readonly P[],
  kept: readonly K[],
  round: number,
): Promise<{ readonly planned: readonly P[]; readonly kept: readonly K[] }> {
  const origins = scrubbed.filter(({ leaks }) => leaks?.own !== undefined);
  async function sharedWith<D extends SearchedDatabase>(database: D): Promise<D> {
    const { engine, session, schema, leaks } = database;
    if (!leaks) return database;
    const { sql } = engine.expressions;
    const sets = leaks.own ? [leaks.own] : [];
    for (const [at, origin] of origins.entries()) {
      if (origin.schema === schema || !origin.leaks?.own) continue;
      const set = engine.fingerprintSet(schema.database, `copied ${at} ${round}`);
      await copy(origin, origin.leaks.own, database, set);
      sets.push(set);
    }
    let [sought] = sets;
    if (!sought || sets.length > 1) {
      sought = engine.fingerprintSet(schema.database, `sought ${round}`);
      const all = union(engine, sets.map((set) => sql`SELECT fingerprint, held FROM ${set}`));
      await fill(database, sought, onceEach(engine, all));
    }
    const fingerprints = await count(session, sql`SELECT count(*) AS n FROM ${sought}`);
    return { ...database, leaks: { ...leaks, sought, fingerprints } };
  }
  const planned: P[] = [];
  for (const database of scrubbed) planned.push(await sharedWith(database));
  const looked: K[] = [];
  for (const database of kept) looked.push(await sharedWith(database));
  return { planned, kept: looked };
}

/** Page by page, in two halves that a number holds exactly. */
async function copy(from: SearchedDatabase, own: Name, to: SearchedDatabase, set: Name): Promise<void> {
  const { sql } = to.engine.expressions;
  await fill(to, set, union(to.engine, []));
  const half = 2 ** 32;
  for (let last = sql``;;) {
    const rows = await from.session.scan(
      sql`SELECT (fingerprint - fingerprint % ${half}) / ${half} AS high, fingerprint % ${half} AS low FROM ${own}${last}
      ORDER BY fingerprint LIMIT ${page}`,
    );
    const values = rows.map(({ high, low }) => sql`${Number(high)} * ${half} + ${Number(low)}`);
    const end = values.at(-1);
    if (end === undefined) return;
    const tuples = joinSql(values.map((value) => sql`(${value}, ${goes})`), ", ");
    await to.session.run({
      label: "copy fingerprints",
      sql: sql`INSERT INTO ${set} (fingerprint, held) VALUES ${tuples}`,
    });
    last = sql` WHERE fingerprint > ${end}`;
  }
}

/** Each fingerprint once, with all that was said of it. */
function onceEach(engine: Engine, rows: Sql): Sql {
  const { sql } = engine.expressions;
  const each = new Name("datascrubber_each");
  return sql`SELECT ${each}.fingerprint, bit_or(${each}.held) AS held FROM (${rows}) AS ${each} GROUP BY ${each}.fingerprint`;
}

/** The queries one after the other; without any, no row. */
function union({ expressions: { sql } }: Engine, queries: readonly Sql[]): Sql {
  // A sum of whole numbers this great is of eight bytes on both engines.
  const none =
    sql`SELECT 4294967296 + 4294967296 AS fingerprint, 0 AS held FROM (SELECT 1 AS one) AS nothing WHERE one = 0`;
  return queries.length > 0 ? joinSql(queries, " UNION ALL ") : none;
}

async function fill(
  { engine, session }: Pick<SearchedDatabase, "engine" | "session">,
  set: Name,
  rows: Sql,
): Promise<void> {
  for (const step of engine.fillFingerprintSet(set, rows)) await session.run(step);
}

async function count(session: Session, query: Sql): Promise<number> {
  const [row] = await session.scan(query);
  return Number(row?.["n"]);
}

/** Big tables alone, small ones together, in their order. */
function batches(tables: readonly SearchedTable[]): readonly (readonly SearchedTable[])[] {
  const small = tables.filter(({ table }) => table.bytes <= big);
  const groups = Array.from(
    { length: Math.ceil(small.length / together) },
    (_, at) => small.slice(at * together, (at + 1) * together),
  );
  return [...tables.filter(({ table }) => table.bytes > big).map((one) => [one]), ...groups];
}

function tell(log: Log, [first]: readonly SearchedTable[], at: number): void {
  if (first) log.progress({ what: `fingerprints of ${first.table.id}`, share: at === 0 ? 0 : at / (at + 1) });
}
