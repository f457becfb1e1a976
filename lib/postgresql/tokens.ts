/** Self-delimiting tokens in texts of any kind, as keyed fingerprints. @module */

import type { Column } from "../engine/schema.ts";
import { joinSql, Name, type Sql } from "../engine/sql.ts";
import { address, encoded, encodedDelimiter, opaque, uuid } from "../engine/token_shapes.ts";
import { sql, text } from "./literal.ts";

/** What a token's spellings are made of, percent signs and backslashes of encoded ones included. */
const letters = String.raw`A-Za-z0-9._%+~\\-`;
/** Stretches of text that may hold a token: everything else is left to a scan that is as fast as regular expressions get. */
const stretch = String.raw`[${letters}]*(?:@|%40|%2540|\\u0040)[@${letters}]+|[@${letters}]{16,}`;

const run = new Name("datascrubber_run");
const token = new Name("datascrubber_token");
const found = new Name("datascrubber_found");

/** The value as text in which tokens can be found; undefined for types that hold none. */
export function searchable(value: Sql, column: Column): Sql | undefined {
  switch (column.kind) {
    case "text":
    case "json":
    case "uuid":
      return sql`((${value})::pg_catalog.text)`;
    case "array":
    case "other":
      return sql`(CASE WHEN ${value} IS NOT NULL THEN pg_catalog.format('%s', ${value}) END)`;
    case "binary": {
      const escaped = sql`pg_catalog.encode(${value}, 'escape')`;
      return sql`pg_catalog.regexp_replace(${escaped} COLLATE "C", ${text(String.raw`\\[0-7]{3}`)}, ' ', 'g')`;
    }
    default:
      return undefined;
  }
}

/** The texts one after the other, with a space between; NULLs are left out. */
export function joined(texts: readonly Sql[]): Sql {
  return texts.length === 0 ? text("") : sql`pg_catalog.concat_ws(' ', ${joinSql(texts, ", ")})`;
}

/** Whether a text is among about one in `share`. */
export function oneIn(share: number, value: Sql): Sql {
  const hash = sql`pg_catalog.abs(pg_catalog.hashtext(${value} COLLATE "C")::pg_catalog.int8)`;
  return sql`(${hash} % ${share} = 0)`;
}

/** A subquery with one row, `fingerprint`, for each token of the text. */
export function fingerprints(value: Sql, pseudonym: (text: Sql) => Sql): Sql {
  const digits = sql`pg_catalog.substr(${pseudonym(sql`${token}`)}, 1, 16)`;
  const stretches = matches(sql`${value}`, stretch);
  const plain = decoded(sql`pg_catalog.lower(${found}[1] COLLATE "C")`);
  const tokens = [
    sql`SELECT ${found}[1] AS ${token} FROM ${matches(sql`CASE WHEN ${holds("@")} THEN ${run} END`, address)}`,
    sql`SELECT ${found}[1] FROM ${matches(sql`${run}`, uuid)}`,
    sql`SELECT ${found}[1] FROM ${matches(sql`${run}`, opaque)} WHERE ${found}[1] ~ '[0-9]' AND ${found}[1] ~ '[a-z]'`,
  ];
  return sql`(SELECT ('x' OPERATOR(pg_catalog.||) ${digits})::pg_catalog.bit(64)::pg_catalog.int8 AS fingerprint
    FROM (SELECT ${plain} AS ${run} FROM ${stretches}) AS datascrubber_runs
    CROSS JOIN LATERAL (${joinSql(tokens, " UNION ALL ")}) AS datascrubber_tokens)`;
}

function matches(value: Sql, pattern: string): Sql {
  return sql`pg_catalog.regexp_matches((${value}) COLLATE "C", ${
    text(pattern)
  }, 'g') AS datascrubber_matches(${found})`;
}

function holds(needle: string): Sql {
  return sql`pg_catalog.strpos(${run}, ${text(needle)}) > 0`;
}

/** A backslash may begin an escape of JSON's or be one in itself, as in a path: both readings count. */
function decoded(value: Sql): Sql {
  const codes = replaced(value, String.raw`\\+u00`, "%");
  const unescaped = sql`(CASE WHEN pg_catalog.strpos(${value}, ${text("\\")}) > 0 THEN ${
    replaced(codes, String.raw`\\+[nrtbf]`, " ")
  } OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) ${value} ELSE ${value} END)`;
  const characters = encoded.reduce(
    (sofar, [code, character]) => sql`pg_catalog.replace(${sofar}, ${text(code)}, ${text(character)})`,
    unescaped,
  );
  return sql`(CASE WHEN pg_catalog.strpos(${value}, ${text("%")}) > 0 OR pg_catalog.strpos(${value}, ${
    text("\\")
  }) > 0 THEN ${replaced(characters, encodedDelimiter, " ")} ELSE ${value} END)`;
}

function replaced(value: Sql, pattern: string, replacement: string): Sql {
  return sql`pg_catalog.regexp_replace(${value} COLLATE "C", ${text(pattern)}, ${text(replacement)}, 'g')`;
}
