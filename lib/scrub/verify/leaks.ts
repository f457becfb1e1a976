/** Looks for what the scrub took away, in every value that is left. @module */

import type { Engine } from "../../engine/engine.ts";
import type { Name, Sql } from "../../engine/sql.ts";
import type { Log } from "../../core/log.ts";
import { countWhere } from "./count_where.ts";
import type { PlannedDatabase } from "../execute/database.ts";
import { fewerThanOneIn } from "./leak_sample.ts";
import { completeLeakSearch, type LeakSearch, type SearchedDatabase } from "./leak_search.ts";
import { isSampled, type SearchedColumn, searchedColumns, type SearchedTable, stayingColumns } from "./leak_texts.ts";

/** What a search in one database came to. */
export interface LeakFindings {
  /** Fingerprints that were looked for. */
  readonly fingerprints: number;
  readonly alsoStay: number;
  /** Tables that were looked into. */
  readonly tables: number;
  /** Tables of which a sample was read. */
  readonly sampled: readonly SampledTable[];
}

/** A table of which a sample was read, without a finding. */
export interface SampledTable {
  readonly table: string;
  /** Rows read. */
  readonly rows: number;
  /** With 99 % confidence fewer than one row in so many holds a leak. */
  readonly fewerThanOneIn: number;
}

/** Tables of the database that the search has to look into and that no fate's scan covers. */
export function tablesToSearch({ engine, leaks }: SearchedDatabase): readonly SearchedTable[] {
  if (!leaks || leaks.fingerprints === 0) return [];
  return leaks.tables.filter((searched) => searchedColumns(engine, searched).length > 0);
}

/** A table that was looked into, and in how many rows. */
export interface LookedInto {
  readonly searched: SearchedTable;
  readonly read: number;
  readonly leaking: number;
}

/** What the search sums up over a table's rows, in a scan of its own or another one's: rows read, and rows that leak. */
export function leakCounts(engine: Engine, leaks: LeakSearch, { table, oneIn, fate }: SearchedTable): readonly Sql[] {
  const { sql, joined } = engine.expressions;
  const columns = searchedColumns(engine, { table, oneIn, ...(fate && { fate }) });
  const read = isSampled(engine, table, oneIn) ?? sql`TRUE`;
  return [read, engine.holdsAnyOf(leaks.sought, joined(columns.map(({ text }) => text)))];
}

/** Looks into the tables that no scan has looked into yet. */
export async function searchRest(
  database: SearchedDatabase,
  looked: readonly LookedInto[],
  log: Log,
): Promise<{ readonly suspects: readonly SearchedTable[]; readonly sampled: readonly SampledTable[] }> {
  const all = [...looked];
  const { leaks } = database;
  const rest = tablesToSearch(database).filter((searched) => !looked.some((one) => one.searched === searched));
  for (const [at, searched] of rest.entries()) {
    log.progress({ what: `leaks in ${searched.table.id}`, share: at / rest.length });
    if (leaks) all.push(await searchTable(database, leaks, searched));
  }
  return {
    suspects: all.flatMap(({ searched, leaking }) => leaking > 0 ? [searched] : []),
    sampled: all.flatMap(({ searched, read }) =>
      searched.oneIn > 1 ? [{ table: searched.table.id, rows: read, fewerThanOneIn: fewerThanOneIn(read) }] : []
    ),
  };
}

async function searchTable(
  database: SearchedDatabase,
  leaks: LeakSearch,
  searched: SearchedTable,
): Promise<LookedInto> {
  const [, read = 0, leaking = 0] = await countWhere(
    database,
    searched.table,
    leakCounts(database.engine, leaks, searched),
  );
  return { searched, read, leaking };
}

/**
 * The leaks of suspect tables, as sentences. Where samples were read, rows that were left out may hold the same value and stay:
 * they are read now, which a run without suspects is spared. A value that stays and was read before is a leak in any case:
 * it was not there then.
 */
export async function confirmLeaks(
  suspects: ReadonlyMap<SearchedDatabase, readonly SearchedTable[]>,
  scrubbed: readonly PlannedDatabase[],
  kept: readonly SearchedDatabase[],
): Promise<{ readonly fatal: readonly string[]; readonly warnings: readonly string[] }> {
  if ([...suspects.values()].every((tables) => tables.length === 0)) return { fatal: [], warnings: [] };
  const sampled = scrubbed.some(({ leaks }) => leaks?.tables.some(({ oneIn }) => oneIn > 1));
  const certain: Leak[] = [];
  for (const database of sampled ? scrubbed : []) {
    const { engine, leaks } = database;
    for (const searched of leaks?.own ? suspects.get(database) ?? [] : []) {
      if (leaks?.own) certain.push(...await locate(database, leaks.own, searched, stayingColumns(engine, searched)));
    }
  }
  const complete = sampled ? await completeLeakSearch(scrubbed, kept) : { planned: scrubbed, kept };
  async function leaksOf(before: readonly SearchedDatabase[], now: readonly SearchedDatabase[]): Promise<Leak[]> {
    const found: Leak[] = [];
    for (const [at, database] of before.entries()) {
      const sought = now[at]?.leaks?.sought;
      for (const searched of sought ? suspects.get(database) ?? [] : []) {
        const columns = searchedColumns(database.engine, searched);
        if (sought) found.push(...await locate(database, sought, searched, columns));
      }
    }
    return found;
  }
  return {
    fatal: sentences([...certain, ...await leaksOf(scrubbed, complete.planned)]),
    warnings: sentences(await leaksOf(kept, complete.kept)),
  };
}

/** One column that holds what should be gone, and in how many rows. */
interface Leak {
  readonly column: string;
  readonly rows: number;
}

/** One sentence a column, with its greatest count. */
function sentences(leaks: readonly Leak[]): readonly string[] {
  const most = new Map<string, number>();
  for (const { column, rows } of leaks) most.set(column, Math.max(rows, most.get(column) ?? 0));
  return [...most].map(([column, rows]) => `${column} holds values that rules take away elsewhere: ${rows} rows`);
}

/** The columns of a table that leak, by their full name. */
async function locate(
  database: SearchedDatabase,
  sought: Name,
  searched: SearchedTable,
  columns: readonly SearchedColumn[],
): Promise<readonly Leak[]> {
  if (columns.length === 0) return [];
  const { engine, schema } = database;
  const conditions = columns.map(({ text }) => engine.holdsAnyOf(sought, engine.expressions.joined([text])));
  const [, ...counts] = await countWhere(database, searched.table, conditions);
  return columns.flatMap(({ column }, at) => {
    const rows = counts[at] ?? 0;
    return rows === 0 ? [] : [{ column: `${schema.database}: ${searched.table.id}.${column}`, rows }];
  });
}
