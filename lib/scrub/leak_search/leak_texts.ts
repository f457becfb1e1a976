/** Which texts of a table the leak search reads: removed ones, kept ones, and those that it searches afterwards. @module */

import { isForEveryRow } from "../../engine/chosen_rows.ts";
import type { Engine } from "../../engine/engine.ts";
import { findColumn, type Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { isChosen, keyIn } from "../plan/selections.ts";
import { isShort, type ProvableChange } from "../plan/table_change.ts";

/**
 * The class of kept values. `public`: other columns may hold them too. `key`: UUIDs that the server generated for rows, or that
 * repeat such a key; see {@linkcode removedTexts}. `other`: they may hold nothing that is removed elsewhere.
 */
export type ValueClass = "public" | "key" | "other";

/** What a set says of a fingerprint, as a sum of bits. */
export const removalFlags = {
  /** A rule removes it somewhere. */
  goes: 1,
  /** There it is a person's address or token: not even a key that the server generated may hold it. */
  identity: 2,
  /** It goes with rows that are deleted for a subset's size, from a column that no rule changes: remaining rows may hold it. */
  withRow: 4,
} as const;

/** A table as the leak search sees it. */
export interface SearchedTable {
  readonly table: Table;
  /** Absent: it does not change. */
  readonly change?: ProvableChange;
  /** One in so many rows is read where a sample is enough; 1: all are. */
  readonly oneIn: number;
  /** Chooses the sample's rows, differently in each run. No secret. */
  readonly salt: string;
  /** By column; absent: `other`. */
  readonly valueClasses: ReadonlyMap<string, ValueClass>;
}

/** A column and its text to search. */
export interface SearchedColumn {
  readonly column: string;
  readonly text: Sql;
}

/** A column, and the text that is kept of it. */
export interface KeptColumn extends SearchedColumn {
  readonly valueClass: ValueClass;
}

/** A column to search afterwards; in every row where no evidence describes it. */
export interface ColumnToSearch extends SearchedColumn {
  readonly everyRow: boolean;
}

/** A text that one row loses. */
export interface RemovedText {
  readonly text: Sql;
  /** The text is a single token as a rule. */
  readonly identifier: boolean;
  /** What the sets of fingerprints say of its tokens. */
  readonly flags: number;
}

/**
 * The values that one row loses: each identifier by itself, the others as one text, long ones of a big table from a sample of rows.
 * Keys that the server generated for deleted rows are not among them: without the row they identify nothing, and remaining rows may
 * still name them.
 */
export function removedTexts(engine: Engine, searched: SearchedTable): readonly RemovedText[] {
  const { table, change, valueClasses } = searched;
  const { joined } = engine.expressions;
  const removed = (change?.removedValues ?? []).map(({ text, onlyKeys, exceptKeys, identity, ...kind }) => {
    const chosen = isChosen(engine, table.primaryKey, {
      ...(onlyKeys && { onlyKeys }),
      ...(exceptKeys && { exceptKeys }),
    });
    const bits = identity ? removalFlags.goes + removalFlags.identity : removalFlags.goes;
    return { ...kind, flags: bits, text: when(engine, chosen ? [chosen] : [], text) };
  });
  const chosen = deletedRows(engine, searched);
  for (const { column, text } of chosen ? allTexts(engine, table) : []) {
    const found = findColumn(table, column);
    if (!chosen || !found || valueClasses.get(column) === "key") continue;
    const isRuled = change?.change.columns.some((one) => one.column === found && !one.shuffled);
    const bits = change?.deletedForSize && !isRuled ? removalFlags.withRow : removalFlags.goes;
    removed.push({ text: when(engine, chosen, text), identifier: false, short: isShort(found), flags: bits });
  }
  const sampled = isSampled(engine, searched);
  return [
    ...removed.filter(({ identifier }) => identifier),
    ...[...Map.groupBy(removed.filter(({ identifier }) => !identifier), ({ flags }) => flags)].map(
      ([flags, all]) => {
        const short = all.filter((one) => one.short).map(({ text }) => text);
        const long = all.filter((one) => !one.short).map(({ text }) => text);
        // The sample's condition once for all of them: it costs a hash.
        const rest = long.length > 0 ? [when(engine, sampled ? [sampled] : [], joined(long))] : [];
        return { text: joined([...short, ...rest]), identifier: false, flags };
      },
    ),
  ];
}

/** The conditions on rows that are deleted; none: every row is. Undefined where no row is. */
function deletedRows(engine: Engine, { table, change }: SearchedTable): readonly Sql[] | undefined {
  const { truncated, deletedKeys } = change?.change ?? {};
  if (truncated) return [];
  return deletedKeys && [keyIn(engine, table.primaryKey, deletedKeys)];
}

/** Whether long removed texts of this table are read from a sample of rows only. */
export function removedTextsAreSampled(engine: Engine, { table, change, oneIn, valueClasses }: SearchedTable): boolean {
  if (oneIn === 1 || !change) return false;
  const going = change.change.deletedKeys || change.change.truncated
    ? allTexts(engine, table).map(({ column }) => findColumn(table, column))
    : [];
  return change.removedValues.some(({ short }) => !short) ||
    going.some((column) => column && !isShort(column) && valueClasses.get(column.name) !== "key");
}

/** The text that one row keeps, by column. Computed columns are left out: they follow their columns. */
export function keptColumns(engine: Engine, { table, change, valueClasses }: SearchedTable): readonly KeptColumn[] {
  const { sql } = engine.expressions;
  if (change?.change.truncated) return [];
  const remains = change?.change.deletedKeys
    ? [sql`NOT ${keyIn(engine, table.primaryKey, change.change.deletedKeys)}`]
    : [];
  return stored(engine, table).flatMap(({ column, text }) => {
    const found = change?.change.columns.filter((one) => one.column.name === column) ?? [];
    // All values of a shuffled column stay, whatever is declared of the rest.
    const changes = found.filter(({ shuffled }) => !shuffled);
    if (changes.some(isForEveryRow)) return [];
    const outside = changes.flatMap((one) => {
      const chosen = isChosen(engine, table.primaryKey, one);
      return chosen ? [sql`NOT (${chosen})`] : [];
    });
    const valueClass = changes.length < found.length ? "other" : valueClasses.get(column) ?? "other";
    return [{ column, valueClass, text: when(engine, [...remains, ...outside], text) }];
  });
}

/**
 * The columns to search afterwards: all that can hold a token, except those whose evidence describes the whole value of every row.
 * A pseudonym that the scrub has put into a text is skipped: the row's evidence proves that it is one, and as a token it would make
 * the search take most such texts apart in vain.
 */
export function searchedColumns(
  engine: Engine,
  { table, change }: Pick<SearchedTable, "table" | "change">,
): readonly ColumnToSearch[] {
  const e = engine.expressions;
  return table.columns.flatMap((column) => {
    const text = e.searchable(e.sql`${new Name(column.name)}`, column);
    if (text === undefined || change?.proven.includes(column.name)) return [];
    const embedded = findColumn(table, change?.embeddedColumns[column.name] ?? "");
    const rest = embedded ? e.without(text, e.asText(e.sql`${new Name(embedded.name)}`, embedded)) : text;
    return [{ column: column.name, text: rest, everyRow: change?.unproven.includes(column.name) ?? false }];
  });
}

/** What of one row is searched afterwards. */
export interface TextToSearch {
  readonly text: Sql;
  /** The rows that are searched; absent: all. */
  readonly rows?: Sql;
}

/** The text of one row to search afterwards: what no evidence describes, and the rest where the row is in the sample. */
export function textToSearch(engine: Engine, searched: SearchedTable): TextToSearch {
  const { joined } = engine.expressions;
  const columns = searchedColumns(engine, searched);
  const sampled = isSampled(engine, searched);
  const everyRow = columns.filter((one) => one.everyRow);
  if (!sampled || everyRow.length === columns.length) return { text: joined(columns.map(({ text }) => text)) };
  const rest = joined(columns.filter((one) => !one.everyRow).map(({ text }) => text));
  if (everyRow.length === 0) return { text: rest, rows: sampled };
  return { text: joined([...everyRow.map(({ text }) => text), when(engine, [sampled], rest)]) };
}

/** As {@linkcode textToSearch}, empty in rows that are not searched. */
export function searchedText(engine: Engine, searched: SearchedTable): Sql {
  const { text, rows } = textToSearch(engine, searched);
  return rows ? engine.expressions.joined([when(engine, [rows], text)]) : text;
}

/** Whether a row is in the sample; undefined where all rows are read. */
export function isSampled(
  { expressions: e }: Engine,
  { table, oneIn, salt }: Pick<SearchedTable, "table" | "oneIn" | "salt">,
): Sql | undefined {
  if (oneIn === 1) return undefined;
  const key = table.primaryKey.flatMap((name) => {
    const column = findColumn(table, name);
    return column ? [e.asText(e.sql`${new Name(name)}`, column)] : [];
  });
  return e.oneIn(oneIn, e.joined([e.text(salt), ...key]));
}

function stored(engine: Engine, table: Table): readonly SearchedColumn[] {
  return allTexts(engine, table).filter(({ column }) => !findColumn(table, column)?.generated);
}

/** Those of computed columns too: one may put an address together of two columns, which a deleted row loses like the others. */
function allTexts(engine: Engine, table: Table): readonly SearchedColumn[] {
  if (table.kind === "materialised view") return [];
  return table.columns.flatMap((column) => {
    const text = engine.expressions.searchable(engine.expressions.sql`${new Name(column.name)}`, column);
    return text === undefined ? [] : [{ column: column.name, text }];
  });
}

function when({ expressions: e }: Engine, conditions: readonly Sql[], text: Sql): Sql {
  if (conditions.length === 0) return text;
  const all = conditions.reduce((all, one) => e.sql`${all} AND ${one}`);
  return e.sql`CASE WHEN ${all} THEN ${text} END`;
}
