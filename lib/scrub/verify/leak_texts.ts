/** Which texts of a table the leak search reads: what goes, what stays, and where it looks afterwards. @module */

import type { Engine } from "../../engine/engine.ts";
import { type Column, findColumn, type Table } from "../../engine/schema.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { keyIn } from "../plan/key_in.ts";
import type { ProvableChange } from "../plan/table_change.ts";

/** A table as the leak search sees it. */
export interface SearchedTable {
  readonly table: Table;
  /** What becomes of it; absent: nothing. */
  readonly fate?: ProvableChange;
  /** One in so many rows is read; 1: all are. */
  readonly oneIn: number;
}

/** A column and the text to look into. */
export interface SearchedColumn {
  readonly column: string;
  readonly text: Sql;
}

/** The values of one row that the scrub takes away: identifiers each, all others as one text. */
export function lostTexts(
  engine: Engine,
  { table, fate, oneIn }: SearchedTable,
): readonly { readonly text: Sql; readonly identifier: boolean }[] {
  const sampled = isSampled(engine, table, oneIn);
  const identifiers: Sql[] = [];
  const texts: Sql[] = [];
  for (const { text, short, only } of fate?.lost ?? []) {
    const chosen = only ? [keyIn(engine, table.primaryKey, only)] : [];
    if (short) identifiers.push(when(engine, chosen, text));
    else texts.push(when(engine, sampled ? [sampled, ...chosen] : chosen, text));
  }
  const gone = fate?.fate.deletedKeys;
  if (gone) {
    const chosen = keyIn(engine, table.primaryKey, gone);
    for (const { text } of stored(engine, table)) {
      texts.push(when(engine, sampled ? [sampled, chosen] : [chosen], text));
    }
  }
  return [
    ...identifiers.map((text) => ({ text, identifier: true })),
    ...(texts.length > 0 ? [{ text: engine.expressions.joined(texts), identifier: false }] : []),
  ];
}

/** The values of one row that stay as they are, as one text. `rest`: only rows that a sample left out. */
export function stayingText(engine: Engine, searched: SearchedTable, rest = false): Sql | undefined {
  const texts = stayingColumns(engine, searched, rest).map(({ text }) => text);
  return texts.length > 0 ? engine.expressions.joined(texts) : undefined;
}

/**
 * The values of one row that stay as they are, by column. Computed columns and search indexes follow the columns they are
 * made from, so they are no reason to let a value pass.
 */
export function stayingColumns(
  engine: Engine,
  { table, fate, oneIn }: SearchedTable,
  rest = false,
): readonly SearchedColumn[] {
  const { sql } = engine.expressions;
  const sampled = isSampled(engine, table, oneIn);
  const read = sampled ? [rest ? sql`NOT ${sampled}` : sampled] : [];
  const remains = fate?.fate.deletedKeys ? [sql`NOT ${keyIn(engine, table.primaryKey, fate.fate.deletedKeys)}`] : [];
  return stored(engine, table).flatMap(({ column, text }) => {
    const changes = fate?.fate.columns.filter((one) => one.column.name === column) ?? [];
    if (changes.some(({ onlyKeys: only }) => only === undefined)) return [];
    const outside = changes.flatMap(({ onlyKeys: only }) =>
      only ? [sql`NOT ${keyIn(engine, table.primaryKey, only)}`] : []
    );
    return [{ column, text: when(engine, [...read, ...remains, ...outside], text) }];
  });
}

/**
 * Where to look afterwards: every column that can hold a token but those whose evidence leaves no room for one, because it
 * says of every row what the whole value looks like. A pseudonym that the scrub has put into a text is looked past: the same
 * row's evidence proves it to be one, and it is a token in most texts that hold it, which would be taken apart in vain.
 */
export function searchedColumns(engine: Engine, { table, fate, oneIn }: SearchedTable): readonly SearchedColumn[] {
  const e = engine.expressions;
  const sampled = isSampled(engine, table, oneIn);
  return table.columns.flatMap((column) => {
    const text = e.searchable(e.sql`${new Name(column.name)}`, column);
    if (text === undefined || fate?.proven.includes(column.name)) return [];
    const put = findColumn(table, fate?.puts[column.name] ?? "");
    const rest = put ? e.without(text, e.asText(e.sql`${new Name(put.name)}`, put)) : text;
    return [{ column: column.name, text: when(engine, sampled ? [sampled] : [], rest) }];
  });
}

/** That a row is among those that are read; undefined where all are. */
export function isSampled({ expressions: e }: Engine, table: Table, oneIn: number): Sql | undefined {
  if (oneIn === 1) return undefined;
  const key = table.primaryKey.flatMap((name) => {
    const column = findColumn(table, name);
    return column ? [e.asText(e.sql`${new Name(name)}`, column)] : [];
  });
  return e.oneIn(oneIn, e.joined(key));
}

function stored(engine: Engine, table: Table): readonly SearchedColumn[] {
  if (table.kind === "materialised view") return [];
  return table.columns.flatMap((column) => {
    const text = engine.expressions.searchable(engine.expressions.sql`${new Name(column.name)}`, column);
    return text === undefined || column.generated || isIndex(column) ? [] : [{ column: column.name, text }];
  });
}

function isIndex({ type }: Column): boolean {
  return type === "tsvector" || type === "pg_catalog.tsvector";
}

function when({ expressions: e }: Engine, conditions: readonly Sql[], text: Sql): Sql {
  if (conditions.length === 0) return text;
  const all = conditions.reduce((all, one) => e.sql`${all} AND ${one}`);
  return e.sql`CASE WHEN ${all} THEN ${text} END`;
}
