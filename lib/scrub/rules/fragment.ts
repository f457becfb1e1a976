/** Fragments of scrubber authors as SQL of the live database. @module */

import type { Engine, Scratch } from "../../engine/engine.ts";
import { findColumn, findTable, isCaseless, type Schema, type Table } from "../../engine/schema.ts";
import type { EngineName } from "../../core/engine_name.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import type { Fragment } from "./definition.ts";

/** What a fragment is rendered with. */
export interface FragmentContext {
  readonly engine: Engine;
  readonly schema: Schema;
  /** The selection's own table, which has the alias {@linkcode selected} in the statement. */
  readonly table: Table;
  readonly asOf: Date;
  /** The table of an earlier selection of the definition. */
  selectionTable(name: string): Table | undefined;
  /** The keys of an earlier selection as a subquery in brackets; absent: scratch has them. */
  selectionKeys?(name: string): Sql;
}

/** The alias of the selection's own table. */
export const selected: Name = new Name("selected");

/** What differs between two evaluations, or between two servers, cannot be verified afterwards. */
const volatile = new RegExp(
  "\\b(?:now|random\\w*|rand|age|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|sysdate|curdate|curtime" +
    "|unix_timestamp|uuid(?:_short|_generate_v\\w+|v\\d)?|gen_random_\\w+|nextval|setval|currval|lastval|sleep|pg_sleep\\w*" +
    "|last_insert_id|connection_id|found_rows|row_count|pg_backend_pid|txid_current\\w*|pg_current_\\w+|user|set_config)\\s*\\(" +
    "|\\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime|current_user|session_user|utc_timestamp" +
    "|utc_date|utc_time)\\b",
  "i",
);

/** What PostgreSQL reads as a time that is not always the same. */
const varyingTime = /^\s*(?:now|today|tomorrow|yesterday)\s*$/i;

/** Comments, texts, and names in quotes, as a session of ours reads them. */
const pieces: Readonly<Record<EngineName, RegExp>> = {
  postgresql: /\/\*[^]*?\*\/|--.*|[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/g,
  mysql: /\/\*[^]*?\*\/|--.*|#.*|'(?:[^'\\]|''|\\[^])*'|"(?:[^"\\]|""|\\[^])*"|`(?:[^`]|``)*`/g,
};

/**
 * Functions of MySQL's that pass rows over without an error: NULL without time zone tables, or for what has more than 512 characters; a
 * result that is cut; an answer from a full-text index, which leaves words out.
 */
const incomplete = /\b(?:convert_tz|json_value|group_concat|match)\s*\(/i;

/** The text without comments and texts; and a text in it that is a time of its own, if there is one. */
function codeOf(text: string, engine: EngineName): { readonly code: string; readonly time: string | undefined } {
  let time: string | undefined;
  // A function's name may be separated from its bracket by a comment; texts and names are no code.
  const code = text.replaceAll(pieces[engine], (piece) => {
    if (/^(?:\/\*|--|#)/.test(piece)) return " ";
    const inside = piece.slice(piece.search(/['"`]/) + 1, -1);
    if (piece.endsWith("'") && varyingTime.test(inside)) time ??= piece;
    return piece.endsWith('"') && engine === "postgresql" || piece.endsWith("`") ? piece : " '' ";
  });
  return { code, time };
}

/** What the server does not answer the same way each time, or not for every row, as the end of a sentence; undefined where it does. */
function unsure(text: string, engine: EngineName): string | undefined {
  const { code, time } = codeOf(text, engine);
  // MySQL's variables. PostgreSQL has operators with this sign.
  const varying = nameIn(volatile, code) ?? time ?? (engine === "mysql" ? /@/ : /@\w/).exec(code)?.[0];
  if (varying !== undefined) return `"${varying}" gives another value each time; use asOf`;
  const silent = engine === "mysql" ? nameIn(incomplete, code) : undefined;
  return silent && `"${silent}" leaves values out without an error, and rows with them`;
}

function nameIn(functions: RegExp, code: string): string | undefined {
  return functions.exec(code)?.[0].replace(/\s*\($/, "");
}

/** Columns of citext that a condition reads, but for their text and whether they are NULL: their own operators are out of its reach. */
function comparedByCase(
  fragment: Fragment,
  { schema, table }: Pick<FragmentContext, "schema" | "table">,
): readonly string[] {
  const others = fragment.flatMap((part) => typeof part !== "string" && "table" in part ? part.table : []);
  const tables = [table, ...others.flatMap((id) => findTable(schema, id) ?? [])];
  const names = new Set(tables.flatMap(({ columns }) => columns.filter(isCaseless).map(({ name }) => name)));
  if (names.size === 0) return [];
  const code = fragment.map((part) =>
    typeof part === "string" ? part : "column" in part ? new Name(part.column).quote('"') : " name "
  ).join("").replaceAll(pieces.postgresql, (piece) => piece.startsWith('"') ? piece : " ");
  const read = [...code.matchAll(/"((?:[^"]|"")*)"|[\p{L}_][\p{L}\p{N}_$]*/gu)].flatMap((found) => {
    const [word, quoted] = found;
    const name = quoted?.replaceAll('""', '"') ?? word.toLowerCase();
    const behind = code.slice(found.index + word.length);
    return names.has(name) && !harmless.test(behind) ? [name] : [];
  });
  return [...new Set(read)];
}

/** What may stand behind a column of citext: a cast to text, or whether it is NULL. */
const harmless = /^(?:\s*::\s*(?:pg_catalog\.)?text\b|\s+IS\s+(?:NOT\s+)?NULL\b)/i;

/** What is wrong with a fragment in this schema, as ends of sentences. */
export function fragmentProblems(fragment: Fragment, context: Omit<FragmentContext, "engine" | "asOf">): string[] {
  const text = fragment.map((part) => typeof part === "string" ? part : " name ").join("");
  const found = unsure(text, context.schema.engine);
  const problems = found === undefined ? [] : [found];
  problems.push(
    ...comparedByCase(fragment, context).map((name) =>
      `"${name}" is citext, which a condition would compare by case: write lower({column:${name}}::text)`
    ),
  );
  return problems.concat(fragment.flatMap((part): string[] => {
    if (typeof part === "string" || "asOf" in part) return [];
    if ("table" in part) return findTable(context.schema, part.table) ? [] : [`there is no table "${part.table}"`];
    if ("column" in part) return findColumn(context.table, part.column) ? [] : [`there is no column "${part.column}"`];
    const of = context.selectionTable(part.selection);
    if (!of) return [`no selection "${part.selection}" is defined before it`];
    return of.primaryKey.length === 1 ? [] : [`the selection "${part.selection}" has no key of one column`];
  }));
}

/**
 * The fragment as SQL; {@linkcode fragmentProblems} has found nothing.
 *
 * @throws {TypeError} for a table or a selection that is not there.
 */
export function renderFragment(fragment: Fragment, context: FragmentContext): Sql {
  const { engine, schema } = context;
  const { sql } = engine.expressions;
  const pieces = fragment.map((part): Sql => {
    if (typeof part === "string") return trusted(part);
    if ("asOf" in part) return engine.expressions.timestamp(context.asOf);
    if ("column" in part) return sql`${selected}.${new Name(part.column)}`;
    if ("table" in part) {
      const table = findTable(schema, part.table);
      if (!table) throw new TypeError(`Cannot render a fragment: no table "${part.table}"`);
      return sql`${engine.tableName(schema.database, table)}`;
    }
    const of = context.selectionTable(part.selection);
    const key = of?.primaryKey[0];
    if (!of || key === undefined) throw new TypeError(`Cannot render a fragment: no selection "${part.selection}"`);
    if (context.selectionKeys) return context.selectionKeys(part.selection);
    return sql`(SELECT ${new Name(key)} FROM ${selectionScratch(context, part.selection, of).table})`;
  });
  return joinSql(pieces, "");
}

/** The scratch of a selection's keys. Whatever a person calls it, nothing else in scratch is called so. */
export function selectionScratch(
  { engine, schema }: Pick<FragmentContext, "engine" | "schema">,
  name: string,
  of: Table,
): Scratch {
  return engine.scratch(schema.database, `selected ${name}`, of);
}
