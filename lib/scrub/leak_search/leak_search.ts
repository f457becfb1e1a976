/**
 * The leak search: gathers fingerprints of all removed values before the first change, shares them between databases, and searches
 * for them twice: before the change in everything that is kept (echoes.ts), and afterwards in everything else (leaks.ts).
 *
 * It finds tokens (token_shapes.ts): mail addresses of any alphabet, UUIDs, and strings of 16 or more letters, digits, `-` and `_`
 * that have both a letter and a digit; in any column of text, JSON, arrays or bytes, in any case, percent-encoded, escaped as in JSON
 * or JavaScript, with references of HTML's, in quoted-printable, in full width, or with characters inside that show nothing. It does not
 * find anything else: names, postal addresses, phone numbers, dates, amounts, short tokens and words, UUIDs as 16 bytes, and
 * whatever is compressed, encrypted or encoded in another way. For these the rules alone count: every column that a rule changes is
 * verified by its evidence, and every other one was classified by a person or by its structure.
 *
 * How much is read:
 * - of removed values, every UUID, every text of a column of at most 255 characters, and all that the strategies `email` and
 *   `opaque` replace; of longer texts in tables over 128 MiB a sample of rows, unless the mode is `full`;
 * - of kept values, before the change, all in every mode but `off`;
 * - afterwards, every row of changed columns that no evidence describes (replaced parts of texts, paths of JSON); of all others a
 *   sample in tables over 128 MiB, unless the mode is `full`. Each run has another sample.
 *
 * @module
 */

import type { Schema, Table } from "../../engine/schema.ts";
import type { FlaggedText } from "../../engine/expressions.ts";
import type { Name, Sql } from "../../engine/sql.ts";
import type { Log } from "../../core/log.ts";
import type { Pooled } from "../parallel/session_pool.ts";
import type { PlannedDatabase } from "../plan/plan_database.ts";
import { type ColumnRows, findEchoes, type KeptText, type Place } from "./echoes.ts";
import { type LeakMode, shareOf } from "./leak_sample.ts";
import {
  batches,
  fillEachSets,
  fillSet,
  onceEach,
  readSet,
  rowsOf,
  sizeOf,
  type TableQuery,
  writeSet,
} from "./leak_sets.ts";
import { removedTexts, type SearchedTable, type ValueClass } from "./leak_texts.ts";

/** A database that is searched, whether it is scrubbed or kept. */
export interface SearchedDatabase extends Pooled {
  /** Absent: the search is off. */
  readonly leaks?: LeakSearch;
}

/** A planned database that is searched. */
export interface SearchedPlan extends PlannedDatabase, SearchedDatabase {}

/** What is searched for in one database, and where. */
export interface LeakSearch {
  readonly tables: readonly SearchedTable[];
  /** The set of the fingerprints of every database. */
  readonly sought: Name;
  /** How many they are. */
  readonly fingerprints: number;
  /** This database's own fingerprints that are not searched for: public columns or remaining keys hold them too. */
  readonly alsoStay: number;
  /** The kept text, which was read before the first change. */
  readonly kept: KeptText;
}

/** A database that is kept, and the removed values of others that it holds. */
export interface KeptDatabase extends SearchedDatabase {
  readonly echoes?: readonly ColumnRows[];
}

/** How to search. */
export interface LeakOptions {
  /** Absent: small tables in full, and a sample of bigger ones where that is enough. */
  readonly mode?: LeakMode;
  /** Chooses the rows of samples; the run's id, so that every run reads others. */
  readonly salt: string;
}

/**
 * Gathers the fingerprints of all removed values, searches for them in all kept text, and gives every database those of all, except
 * what public columns hold. Scratch of every database is open; nothing has changed yet. What is found in `kept` databases is only
 * returned.
 *
 * @throws {ScrubError} `echo` where a kept column of a scrubbed database that is not public holds any: with counts, never a value.
 */
export async function prepareLeakSearch<K extends KeptDatabase>(
  planned: readonly PlannedDatabase[],
  kept: readonly K[],
  { mode, salt }: LeakOptions,
  log: Log,
): Promise<{ readonly planned: readonly SearchedPlan[]; readonly kept: readonly K[] }> {
  if (mode === "off") return { planned, kept };
  const options = { salt, ...(mode && { mode }) };
  const origins: Origin[] = [];
  for (const database of planned) {
    const tables = searchedTables(database.schema, options, database);
    origins.push({ database, tables, own: await gatherFingerprints(database, tables, log) });
  }
  const scrubbed: (Origin & Place)[] = [];
  for (const origin of origins) scrubbed.push({ ...origin, sought: await soughtIn(origin.database, origins) });
  const looked: (Place & { readonly database: K })[] = [];
  for (const database of kept) {
    const tables = searchedTables(database.schema, options);
    looked.push({ database, tables, sought: await soughtIn(database, origins) });
  }
  const { alsoStay, read, inKept } = await findEchoes(scrubbed, looked, log);
  async function searchOf({ database, tables, sought }: Place): Promise<LeakSearch> {
    return {
      tables,
      sought,
      fingerprints: await sizeOf(database, sought),
      alsoStay: alsoStay.get(database) ?? 0,
      kept: read.get(database) ?? { tables: 0, columns: 0, exempt: [] },
    };
  }
  const searches: SearchedPlan[] = [];
  for (const place of scrubbed) searches.push({ ...place.database, leaks: await searchOf(place) });
  const others: K[] = [];
  for (const place of looked) {
    others.push({ ...place.database, leaks: await searchOf(place), echoes: inKept.get(place.database) ?? [] });
  }
  return { planned: searches, kept: others };
}

/** A scrubbed database, and the set of its own removed values. */
interface Origin {
  readonly database: PlannedDatabase;
  readonly tables: readonly SearchedTable[];
  readonly own: Name;
}

function searchedTables(
  schema: Schema,
  { mode, salt }: LeakOptions,
  scrub: Pick<PlannedDatabase, "changes" | "columns"> = { changes: [], columns: [] },
): readonly SearchedTable[] {
  const readable: readonly Table["kind"][] = ["table", "partitioned", "materialised view"];
  const classes = classifyColumns(schema, scrub.columns);
  return schema.tables.filter(({ kind }) => readable.includes(kind)).map((table): SearchedTable => {
    const change = scrub.changes.find((one) => one.change.table === table);
    const own = classes.get(table.id) ?? new Map<string, ValueClass>();
    return { table, oneIn: shareOf(table, mode), salt, valueClasses: own, ...(change && { change }) };
  });
}

/** By table and column: public by rule or review, keys by structure. */
function classifyColumns(
  { tables }: Schema,
  accounted: PlannedDatabase["columns"],
): ReadonlyMap<string, ReadonlyMap<string, ValueClass>> {
  const uuids = new Set(
    tables.flatMap(({ id, columns }) =>
      columns.flatMap(({ name, kind }) => kind === "uuid" ? [JSON.stringify([id, name])] : [])
    ),
  );
  const classes = new Map<string, Map<string, ValueClass>>();
  for (const { table, column, by, public: why } of accounted) {
    const isKey = by === "structural" && uuids.has(JSON.stringify([table, column]));
    if (why === undefined && !isKey) continue;
    const own = classes.get(table) ?? new Map<string, ValueClass>();
    classes.set(table, own.set(column, why === undefined ? "key" : "public"));
  }
  return classes;
}

/** The set of the fingerprints of all values that one database loses. */
async function gatherFingerprints(
  database: PlannedDatabase,
  tables: readonly SearchedTable[],
  log: Log,
): Promise<Name> {
  const { engine } = database;
  const removing = tables.filter((one) => removedTexts(engine, one).length > 0);
  const all = batches(removing).map((batch, at) => ({
    at,
    name: `fingerprints ${at}`,
    queries: batch.map((searched): TableQuery => {
      const texts: readonly FlaggedText[] = removedTexts(engine, searched);
      return {
        searched,
        rows: (where: Sql) =>
          engine.expressions.fingerprintsInRows({
            table: engine.rowsToSearch(database.schema.database, searched.table),
            texts,
            where,
          }),
      };
    }),
  }));
  const filled = await fillEachSets(database, all, ({ at, queries: [first] }) => {
    log.progress({ what: `fingerprints of ${first?.searched.table.id ?? ""}`, share: at === 0 ? 0 : at / (at + 1) });
  });
  return await oneSet(database, "own", all.flatMap((one) => filled.get(one) ?? []));
}

/** The set to search for in a database: of every database. Only keyed 64-bit hashes pass through the client. */
async function soughtIn(database: SearchedDatabase, origins: readonly Origin[]): Promise<Name> {
  const { engine, schema } = database;
  const sets: Name[] = [];
  for (const [at, { database: origin, own }] of origins.entries()) {
    if (origin.schema === schema) {
      sets.push(own);
      continue;
    }
    const set = engine.fingerprintSet(schema.database, `copied ${at}`);
    await writeSet(database, set, readSet(origin, own));
    sets.push(set);
  }
  return await oneSet(database, "sought", sets);
}

/** All the sets' fingerprints in one set. A single set is that already and is not copied. */
async function oneSet(database: SearchedDatabase, name: string, sets: readonly Name[]): Promise<Name> {
  const { engine, schema } = database;
  const [only] = sets;
  if (only && sets.length === 1) return only;
  const set = engine.fingerprintSet(schema.database, name);
  await fillSet(database, set, onceEach(engine, rowsOf(engine, sets)));
  return set;
}
