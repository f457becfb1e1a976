/** Searches every database for removed values after the scrub: leak_search.ts says what is found and what is not. @module */

import type { Engine } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import type { Log } from "../../core/log.ts";
import { countWhere } from "../parallel/count_where.ts";
import { inBatches } from "../parallel/in_batches.ts";
import { type ColumnRows, echoSentences, type KeptText } from "./echoes.ts";
import { fewerThanOneIn } from "./leak_sample.ts";
import type { LeakSearch, SearchedDatabase } from "./leak_search.ts";
import { isTiny } from "./leak_sets.ts";
import {
  isSampled,
  removedTextsAreSampled,
  searchedColumns,
  type SearchedTable,
  searchedText,
  textToSearch,
} from "./leak_texts.ts";

/** The result of the search in one database. */
export interface LeakFindings {
  /** Fingerprints that were searched for. */
  readonly fingerprints: number;
  readonly alsoStay: number;
  /** The kept text, read in full before the first change. */
  readonly kept: KeptText;
  /** Tables that were searched afterwards. */
  readonly tables: number;
  /** Tables of which a sample was read afterwards, except for {@linkcode inFull}. */
  readonly sampled: readonly SampledTable[];
  /** Changed columns, by `table.column`, that no evidence describes: always read in full afterwards. */
  readonly inFull: readonly string[];
  /** Tables whose long removed texts were read from a sample only. */
  readonly goneSampled: readonly string[];
}

/** A table of which a sample was read, without a finding. */
export interface SampledTable {
  readonly table: string;
  /** Rows read. */
  readonly rows: number;
  /** Fewer than one row in so many holds a leak, with 99 % confidence. */
  readonly fewerThanOneIn: number;
}

/** The database's tables that have to be searched. */
export function tablesToSearch({ engine, leaks }: SearchedDatabase): readonly SearchedTable[] {
  if (!leaks || leaks.fingerprints === 0) return [];
  return leaks.tables.filter((searched) => searchedColumns(engine, searched).length > 0);
}

/** A searched table: how many rows of its sample were read, and whether any leaks. */
export interface TableSearch {
  readonly searched: SearchedTable;
  readonly read: number;
  readonly leaks: boolean;
}

/** What to count in a scan of a table: rows read, and rows that leak. */
export function leakCounts(engine: Engine, { sought }: LeakSearch, searched: SearchedTable): readonly Sql[] {
  const read = isSampled(engine, searched) ?? engine.expressions.sql`TRUE`;
  const { text, rows } = textToSearch(engine, searched);
  const leaks = engine.holdsAnyOf(sought, text);
  // The search of an empty text, too, costs more than reading a row.
  return [read, rows ? engine.expressions.choose(rows, leaks, engine.expressions.sql`FALSE`) : leaks];
}

/** Searches the tables that no scan has searched yet. */
export async function searchRest(
  database: SearchedDatabase,
  looked: readonly TableSearch[],
  log: Log,
): Promise<{ readonly suspects: readonly SearchedTable[]; readonly sampled: readonly SampledTable[] }> {
  const all = [...looked];
  const { leaks } = database;
  const rest = tablesToSearch(database).filter((searched) => !looked.some((one) => one.searched === searched));
  const parts = inBatches(rest, isTiny);
  for (const [at, tables] of parts.entries()) {
    const [first] = tables;
    log.progress({ what: `leaks in ${first?.table.id ?? ""}`, share: at / parts.length });
    if (!leaks || !first) continue;
    all.push(
      ...isTiny(first) ? await searchTables(database, leaks, tables) : [await searchTable(database, leaks, first)],
    );
  }
  return {
    suspects: all.flatMap(({ searched, leaks }) => leaks ? [searched] : []),
    sampled: all.flatMap(({ searched, read }) =>
      isSampledAfterwards(database.engine, searched)
        ? [{ table: searched.table.id, rows: read, fewerThanOneIn: fewerThanOneIn(read) }]
        : []
    ),
  };
}

/** The result of a search. */
export function findingsOf(
  { engine, leaks }: SearchedDatabase,
  sampled: readonly SampledTable[],
): LeakFindings | undefined {
  if (!leaks) return undefined;
  const { fingerprints, alsoStay, kept, tables } = leaks;
  const searched = fingerprints === 0 ? [] : tables.filter((one) => searchedColumns(engine, one).length > 0);
  return {
    fingerprints,
    alsoStay,
    kept,
    tables: searched.length,
    sampled,
    inFull: searched.flatMap((one) =>
      searchedColumns(engine, one).filter(({ everyRow }) => everyRow).map(({ column }) => `${one.table.id}.${column}`)
    ),
    goneSampled: tables.filter((one) => removedTextsAreSampled(engine, one)).map(({ table }) => table.id),
  };
}

function isSampledAfterwards(engine: Engine, searched: SearchedTable): boolean {
  return searched.oneIn > 1 && searchedColumns(engine, searched).some(({ everyRow }) => !everyRow);
}

async function searchTable(
  database: SearchedDatabase,
  leaks: LeakSearch,
  searched: SearchedTable,
): Promise<TableSearch> {
  const [, read = 0, leaking = NaN] = await countWhere(
    database,
    searched.table,
    leakCounts(database.engine, leaks, searched),
  );
  return { searched, read, leaks: leaking !== 0 };
}

/** Several tables in one statement, in full. */
async function searchTables(
  { engine, session, schema }: SearchedDatabase,
  { sought }: LeakSearch,
  tables: readonly SearchedTable[],
): Promise<readonly TableSearch[]> {
  const { sql, fingerprintsInTables } = engine.expressions;
  const found = new Name("datascrubber_hit");
  const texts = fingerprintsInTables(tables.map((searched, at) => ({
    table: engine.rowsToSearch(schema.database, searched.table),
    texts: [{ text: searchedText(engine, searched), flags: 2 ** at }],
  })));
  const [row] = await session.scan(
    sql`SELECT coalesce(bit_or(${found}.flags), 0) AS flags FROM (${texts}) AS ${found}
      WHERE (${found}.fingerprint IN (SELECT fingerprint FROM ${sought})) IS TRUE`,
  );
  const bits = BigInt(String(row?.["flags"]));
  return tables.map((searched, at) => ({ searched, read: 0, leaks: (bits & 1n << BigInt(at)) !== 0n }));
}

/** The leaks of suspect tables, as sentences. Rows outside the sample are counted too. */
export async function confirmLeaks(
  suspects: ReadonlyMap<SearchedDatabase, readonly SearchedTable[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [database, tables] of suspects) {
    for (const searched of tables) found.push(...echoSentences({ database }, await locate(database, searched)));
  }
  return found;
}

/** The columns of a table that leak. */
async function locate(database: SearchedDatabase, searched: SearchedTable): Promise<readonly ColumnRows[]> {
  const { engine, leaks } = database;
  const columns = searchedColumns(engine, searched);
  if (!leaks || columns.length === 0) return [];
  const conditions = columns.map(({ text }) => engine.holdsAnyOf(leaks.sought, engine.expressions.joined([text])));
  const [, ...counts] = await countWhere(database, searched.table, conditions);
  return columns.flatMap(({ column }, at) => {
    const rows = counts[at] ?? 0;
    return rows === 0 ? [] : [{ column: `${searched.table.id}.${column}`, rows }];
  });
}
