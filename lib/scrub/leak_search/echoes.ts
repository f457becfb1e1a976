/**
 * Echoes: values that a rule removes in one place and that are kept in another. Before the first change all kept text is searched
 * for them: every column of text that no rule changes, and the rows outside the selection of a rule for some rows.
 *
 * An echo refuses the run, unless its column is public. What a public column holds may be kept in other columns too. Keys that the
 * server generated for remaining rows are no echo either, though removed text may name them, as the links in a mail do; unless a
 * rule removes the same UUID as a person's token (strategies `email` and `opaque`). Keys of deleted rows are not searched for at
 * all (leak_texts.ts).
 *
 * Rows that a subset deletes go for its size, not for what they hold. What they hold in columns that no rule changes may therefore stay
 * in others: those were reviewed. It is searched for unless kept text has it. Not so in tables of which `deleteRows` or `truncate`
 * can delete rows, also by what references those.
 *
 * @module
 */

import { foundFingerprint } from "../../engine/expressions.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { inGroups } from "../../core/in_groups.ts";
import { rowsText } from "../../core/visible.ts";
import { countWhere } from "../parallel/count_where.ts";
import type { Pooled } from "../parallel/session_pool.ts";
import {
  fillEachSets,
  fillSet,
  isBig,
  isTiny,
  onceEach,
  readSet,
  rowsOf,
  sizeOf,
  type TableQuery,
  tokensInRows,
  writeSet,
} from "./leak_sets.ts";
import { type KeptColumn, keptColumns, removalFlags, searchedColumns, type SearchedTable } from "./leak_texts.ts";

/** A database, and what is searched for in which of its tables. */
export interface Place {
  readonly database: Pooled;
  readonly tables: readonly SearchedTable[];
  /** The fingerprints of the removed values of every database. */
  readonly sought: Name;
}

/** A column, by `table.column`, and how many of its rows hold values that rules remove elsewhere. */
export interface ColumnRows {
  readonly column: string;
  readonly rows: number;
}

/** A column, by `table.column`, and how many distinct tokens are not searched for because it holds them. */
export interface ExemptColumn {
  readonly column: string;
  readonly fingerprints: number;
}

/** The kept text that was read. */
export interface KeptText {
  readonly tables: number;
  readonly columns: number;
  readonly exempt: readonly ExemptColumn[];
}

/** The result of reading kept text, by database. */
export interface Echoes {
  /** How many of a database's own fingerprints are not searched for any more. */
  readonly alsoStay: ReadonlyMap<Pooled, number>;
  readonly read: ReadonlyMap<Pooled, KeptText>;
  /** What kept databases hold. */
  readonly inKept: ReadonlyMap<Pooled, readonly ColumnRows[]>;
}

/** Columns in one statement: each is a bit of a number that both engines and JavaScript represent exactly. */
const mostColumns = 48;
/** Small tables in one statement. */
const mostTables = 20;

const [hit, one] = [new Name("datascrubber_hit"), new Name("datascrubber_sought")];

/**
 * Reads all kept text, and removes from every set what public columns and keys hold.
 *
 * @param kept Databases that are kept: none of their columns is public, and what is found there is only returned.
 * @throws {ScrubError} `echo`, with columns and counts.
 */
export async function findEchoes(
  scrubbed: readonly (Place & { readonly own: Name })[],
  kept: readonly Place[],
  log: Log,
): Promise<Echoes> {
  const reads: Read[] = [];
  for (const place of scrubbed) {
    reads.push(await readKept(place, keptColumns, log));
  }
  const keptReads: Read[] = [];
  for (const place of kept) keptReads.push(await readKept(place, everyColumn, log));
  const someGoWithRows = scrubbed.some(({ tables }) => tables.some(({ change }) => change?.deletedForSize));
  const exempt: { readonly database: Pooled; readonly set: Name }[] = [];
  const read = new Map<Pooled, KeptText>();
  for (const one of [...reads, ...keptReads]) {
    const set = await exemptIn(one, someGoWithRows);
    if (set) exempt.push({ database: one.place.database, set });
    read.set(one.place.database, await textOf(one, set));
  }
  const alsoStay = new Map<Pooled, number>();
  for (const place of scrubbed) alsoStay.set(place.database, await removeExempt(place, place.own, exempt));
  for (const place of kept) await removeExempt(place, undefined, exempt);
  const sentences: string[] = [];
  for (const one of reads) sentences.push(...echoSentences(one.place, await echoesIn(one)));
  if (sentences.length > 0) {
    throw new ScrubError(
      "echo",
      `Cannot scrub: columns that are kept hold values that rules remove elsewhere: ${sentences.join("; ")}`,
      "Nothing was changed. Add a rule for each column. If everybody can read what it holds anyway, say so with the reason: " +
        '"public": true in its reviewed entry, published(reason) instead of keep(reason), restPublic for rows outside a selection.',
    );
  }
  const inKept = new Map<Pooled, readonly ColumnRows[]>();
  for (const one of keptReads) inKept.set(one.place.database, await echoesIn(one));
  return { alsoStay, read, inKept };
}

/** One sentence a column. */
export function echoSentences(
  { database: { schema } }: Pick<Place, "database">,
  echoes: readonly ColumnRows[],
): string[] {
  return echoes.map(({ column, rows }) =>
    `${schema.database}: ${column} holds values that rules remove elsewhere: ${rowsText(rows)}`
  );
}

/** A column in a statement, and its bit. */
interface BatchColumn extends KeptColumn {
  readonly searched: SearchedTable;
  readonly bit: number;
}

/** Columns that were read in one statement, and the sets of fingerprints found. */
interface ReadBatch {
  readonly columns: readonly BatchColumn[];
  /** Fingerprints with the sum of the bits of all columns that hold them. */
  readonly sets: readonly Name[];
}

/** The kept text of one database. */
interface Read {
  readonly place: Place;
  readonly batches: readonly ReadBatch[];
}

/** For kept databases: no rule changes a column. */
function everyColumn(engine: Pooled["engine"], searched: SearchedTable): readonly KeptColumn[] {
  return searchedColumns(engine, searched).map(({ column, text }) => ({ column, text, valueClass: "other" }));
}

async function readKept(
  place: Place,
  columnsOf: (engine: Pooled["engine"], searched: SearchedTable) => readonly KeptColumn[],
  log: Log,
): Promise<Read> {
  const { database, tables, sought } = place;
  const { engine } = database;
  if (await sizeOf(database, sought) === 0) return { place, batches: [] };
  const planned = batched(tables.map((searched) => ({ searched, columns: columnsOf(engine, searched) })));
  const all = planned.map((columns, at) => {
    const tables = [...Map.groupBy(columns, ({ searched }) => searched)];
    const tiny = tables.filter(([searched]) => isTiny(searched));
    const queries = tables.filter((one) => !tiny.includes(one)).map(([searched, own]): TableQuery => ({
      searched,
      rows: (condition) => hitsIn(database, searched, own, sought, condition),
    }));
    const [[first] = []] = tiny;
    if (first) queries.push({ searched: first, rows: () => hitsInTables(database, tiny, sought) });
    return { at, name: `kept ${at}`, columns, queries };
  });
  const filled = await fillEachSets(database, all, ({ at, columns: [first] }) => {
    log.progress({ what: `kept text of ${first?.searched.table.id ?? ""}`, share: at / all.length });
  });
  return { place, batches: all.map((one) => ({ columns: one.columns, sets: filled.get(one) ?? [] })) };
}

/** Big tables by themselves, small ones together, as many columns at a time as there are bits. */
function batched(
  tables: readonly { readonly searched: SearchedTable; readonly columns: readonly KeptColumn[] }[],
): readonly (readonly BatchColumn[])[] {
  const batches: { readonly searched: SearchedTable; readonly column: KeptColumn }[][] = [];
  let small: (typeof batches)[number] = [];
  const flush = () => {
    if (small.length > 0) batches.push(small);
    small = [];
  };
  for (const { searched, columns } of tables) {
    for (const some of inGroups(columns, mostColumns)) {
      const part = some.map((column) => ({ searched, column }));
      if (isBig(searched)) {
        batches.push(part);
        continue;
      }
      const others = new Set(small.map((one) => one.searched)).size;
      if (small.length + part.length > mostColumns || others >= mostTables) flush();
      small.push(...part);
    }
  }
  flush();
  return batches.map((batch) => batch.map(({ searched, column }, at) => ({ ...column, searched, bit: 2 ** at })));
}

/**
 * The fingerprints of a set that a table's columns hold, each with its column's bit. Each row is searched as a whole first: most
 * hold none, and searching column by column takes several times as long.
 */
function hitsIn(
  database: Pooled,
  searched: SearchedTable,
  columns: readonly BatchColumn[],
  sought: Name,
  condition: Sql,
): Sql {
  const { engine } = database;
  const { sql, joined } = engine.expressions;
  const texts = columns.map(({ text, bit }) => ({ text, flags: bit }));
  // IS TRUE keeps the server from joining: it looks each fingerprint up.
  return tokensInRows(
    database,
    searched,
    texts,
    sql`${engine.holdsAnyOf(sought, joined(columns.map(({ text }) => text)))}
      AND (${foundFingerprint} IN (SELECT fingerprint FROM ${sought})) IS TRUE AND ${condition}`,
  );
}

/** The same of several tables at once, none of which is worth a statement. */
function hitsInTables(
  { engine, schema }: Pooled,
  tables: readonly (readonly [SearchedTable, readonly BatchColumn[]])[],
  sought: Name,
): Sql {
  const { sql, fingerprintsInTables } = engine.expressions;
  const found = fingerprintsInTables(tables.map(([{ table }, columns]) => ({
    table: engine.rowsToSearch(schema.database, table),
    texts: columns.map(({ text, bit }) => ({ text, flags: bit })),
  })));
  return sql`SELECT ${hit}.fingerprint, ${hit}.flags FROM (${found}) AS ${hit}
    WHERE (${hit}.fingerprint IN (SELECT fingerprint FROM ${sought})) IS TRUE`;
}

function maskOf(columns: readonly BatchColumn[], ...valueClasses: readonly KeptColumn["valueClass"][]): number {
  return columns.filter(({ valueClass }) => valueClasses.includes(valueClass)).reduce((sum, { bit }) => sum + bit, 0);
}

/**
 * The set of what public columns and keys of this database hold, and of what only goes with rows that are deleted for a subset's
 * size; undefined where there is none of these.
 */
async function exemptIn(
  { place: { database, sought }, batches }: Read,
  someGoWithRows: boolean,
): Promise<Name | undefined> {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  const queries = batches.flatMap(({ columns, sets }) => {
    const [open, keys] = [maskOf(columns, "public"), maskOf(columns, "key")];
    if (open + keys === 0 && !someGoWithRows) return [];
    const withRow = someGoWithRows ? sql` OR (${one}.flags & ${removalFlags.goes}) = 0` : sql``;
    return sets.map((set) =>
      sql`SELECT ${hit}.fingerprint, 1 AS flags FROM ${set} AS ${hit} JOIN ${sought} AS ${one}
        ON ${one}.fingerprint = ${hit}.fingerprint WHERE (${hit}.flags & ${open}) <> 0
          OR ((${hit}.flags & ${keys}) <> 0 AND (${one}.flags & ${removalFlags.identity}) = 0)${withRow}`
    );
  });
  if (queries.length === 0) return undefined;
  const set = engine.fingerprintSet(schema.database, "exempt");
  await fillSet(database, set, onceEach(engine, queries.reduce((all, query) => sql`${all} UNION ALL ${query}`)));
  return set;
}

/** The text that was read, and how many exempt fingerprints each column holds. */
async function textOf({ place: { database }, batches }: Read, exempt: Name | undefined): Promise<KeptText> {
  const { engine, session } = database;
  const { sql } = engine.expressions;
  const counted: ExemptColumn[] = [];
  for (const { columns, sets } of exempt ? batches : []) {
    const open = columns.filter(({ valueClass }) => valueClass !== "other");
    if (open.length === 0 || !exempt) continue;
    const sums = open.map(({ bit }, at) =>
      sql`coalesce(sum(CASE WHEN (${hit}.flags & ${bit}) <> 0 THEN 1 ELSE 0 END), 0) AS ${new Name(`c${at}`)}`
    );
    const [row] = await session.scan(
      sql`SELECT ${sums.reduce((all, sum) => sql`${all}, ${sum}`)} FROM (${
        onceEach(engine, rowsOf(engine, sets))
      }) AS ${hit} JOIN ${exempt} AS ${one} ON ${one}.fingerprint = ${hit}.fingerprint`,
    );
    for (const [at, column] of open.entries()) {
      const fingerprints = Number(row?.[`c${at}`]);
      if (fingerprints !== 0) counted.push({ column: nameOf(column), fingerprints });
    }
  }
  const columns = batches.flatMap((batch) => batch.columns);
  return { tables: new Set(columns.map(({ searched }) => searched)).size, columns: columns.length, exempt: counted };
}

/** Removes the exempt fingerprints of every database from a database's set; returns how many were its own. */
async function removeExempt(
  { database, sought }: Place,
  own: Name | undefined,
  exempt: readonly { readonly database: Pooled; readonly set: Name }[],
): Promise<number> {
  const { engine, session, schema } = database;
  const { sql } = engine.expressions;
  const sets: Name[] = [];
  for (const [at, origin] of exempt.entries()) {
    if (origin.database === database) {
      sets.push(origin.set);
      continue;
    }
    const set = engine.fingerprintSet(schema.database, `exempt ${at}`);
    await writeSet(database, set, readSet(origin.database, origin.set));
    sets.push(set);
  }
  if (sets.length === 0) return 0;
  const all = rowsOf(engine, sets);
  const [row] = own
    ? await session.scan(
      sql`SELECT count(*) AS n FROM ${own} WHERE fingerprint IN (SELECT fingerprint FROM (${all}) AS ${hit})`,
    )
    : [{ n: 0 }];
  for (const set of sets) {
    await session.run({
      label: "leave out fingerprints of public values",
      sql: sql`DELETE FROM ${sought} WHERE fingerprint IN (SELECT fingerprint FROM ${set})`,
    });
  }
  return Number(row?.["n"]);
}

/** The columns that hold what is still searched for, and in how many rows. */
async function echoesIn({ place: { database, sought }, batches }: Read): Promise<readonly ColumnRows[]> {
  const { engine, session } = database;
  const { sql, joined } = engine.expressions;
  const echoing: BatchColumn[] = [];
  for (const { columns, sets } of batches) {
    let bits = 0n;
    for (const set of sets) {
      const [row] = await session.scan(
        sql`SELECT coalesce(bit_or(${hit}.flags), 0) AS flags FROM ${set} AS ${hit} JOIN ${sought} AS ${one}
          ON ${one}.fingerprint = ${hit}.fingerprint`,
      );
      bits |= BigInt(String(row?.["flags"]));
    }
    echoing.push(...columns.filter(({ bit }) => (bits & BigInt(bit)) !== 0n));
  }
  const echoes: ColumnRows[] = [];
  for (const [{ table }, columns] of Map.groupBy(echoing, ({ searched }) => searched)) {
    const conditions = columns.map(({ text }) => engine.holdsAnyOf(sought, joined([text])));
    const [, ...rows] = await countWhere(database, table, conditions);
    echoes.push(...columns.map((column, at) => ({ column: nameOf(column), rows: rows[at] ?? 0 })));
  }
  return echoes;
}

function nameOf({ searched, column }: BatchColumn): string {
  return `${searched.table.id}.${column}`;
}
