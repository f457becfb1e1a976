/**
 * The expressions in PostgreSQL's dialect. Every function is named with its schema; operators and types resolve in pg_catalog
 * alone, because the session's search_path holds nothing else. Text is compared byte for byte by COLLATE "C".
 * @module
 */

import type { Expressions, Json } from "../../engine/expressions.ts";
import type { Column } from "../../engine/schema.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { fingerprints, fingerprintsInRows, fingerprintsInTables } from "../leak_search/fingerprints.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { checked, digitsReplaced } from "./digits.ts";
import { json } from "./json.ts";
import { percentEncoded } from "./percent_encoded.ts";
import { substituted, without } from "./substitution.ts";
import { spelled } from "./spelled.ts";
import { joined, oneIn, searchable } from "../leak_search/searchable.ts";

/** The dialect of PostgreSQL 13 and later. */
export const expressions: Expressions = {
  sql,
  text: (value) => sql`(${textLiteral(value)})`,
  timestamp: (value) => sql`(${stringConstant(value.toISOString())}::pg_catalog.timestamptz)`,
  json: (value, column) => sql`(${textLiteral(JSON.stringify(value))}::${typeOf(column)})`,
  nothing: (column) => sql`(NULL::${typeOf(column)})`,
  asText,
  fromText,
  pseudonym,
  uuidVariant: textLiteral("8"),
  number: (hash, from, below) =>
    sql`pg_catalog.mod((('x' OPERATOR(pg_catalog.||) pg_catalog.substr(${hash}, ${from}, 15))::pg_catalog.bit(60))::pg_catalog.int8, ${below}::pg_catalog.int8)`,
  padded: (number, digits) => sql`pg_catalog.lpad((${number})::pg_catalog.text, ${digits}, '0')`,
  digitsReplaced,
  checked,
  oneOf: (words, place) =>
    sql`((${
      stringConstant(`{${words.map((word) => `"${word}"`).join(",")}}`)
    }::pg_catalog.text[])[(${place})::pg_catalog.int4 OPERATOR(pg_catalog.+) 1])`,
  fold: (value) => sql`pg_catalog.lower(${bytewise(value)})`,
  spelled,
  shifted,
  rounded: (number, digits) => sql`pg_catalog.round((${number})::pg_catalog.numeric, ${digits})`,
  part: (value, from, length) => sql`pg_catalog.substr(${value}, ${from}, ${length})`,
  overlaid: (value, from, length, by) => sql`pg_catalog.overlay(${value}, ${by}, ${from}, ${length})`,
  concat: (...texts) =>
    texts.length === 0 ? sql`(${textLiteral("")})` : sql`(${joinSql(texts, " OPERATOR(pg_catalog.||) ")})`,
  length: (value) => sql`pg_catalog.char_length(${value})`,
  same,
  percentEncoded,
  substituted,
  without,
  // Without a count of repetitions, for each of which the server would build a state with every value.
  isHexadecimal: (value, digits) =>
    sql`(pg_catalog.octet_length(${value}) OPERATOR(pg_catalog.=) ${digits} AND ${
      bytewise(value)
    } OPERATOR(pg_catalog.~) ${textLiteral("\\A[0-9a-f]*\\Z")})`,
  matches: (value, pattern) => sql`(${bytewise(value)} OPERATOR(pg_catalog.~) ${textLiteral(`\\A(?:${pattern})\\Z`)})`,
  replaced: (value, pattern, by) =>
    sql`pg_catalog.regexp_replace(${bytewise(value)}, ${textLiteral(pattern)}, ${textLiteral(by)}, 'g')`,
  filled: (filler, length) =>
    sql`pg_catalog.rpad(''::pg_catalog.text, (${length})::pg_catalog.int4, ${textLiteral(filler)})`,
  emptied,
  documents: json,
  documentType: "pg_catalog.jsonb",
  asDocument: (value) => sql`((${value})::pg_catalog.jsonb)`,
  fromDocument: (document, column) =>
    column.kind === "text" ? sql`((${document})::pg_catalog.text)` : sql`((${document})::${typeOf(column)})`,
  equal,
  choose: (condition, yes, no) => sql`(CASE WHEN ${condition} THEN ${yes} ELSE ${no} END)`,
  lookUp: (value, cases, otherwise) =>
    sql`(CASE ${bytewise(value)} ${
      joinSql(cases.map(([key, found]) => sql`WHEN ${textLiteral(key)} THEN ${found}`), " ")
    } ELSE ${otherwise} END)`,
  searchable,
  joined,
  fingerprints: (texts) => fingerprints(texts, pseudonym),
  fingerprintsInRows: (rows) => fingerprintsInRows(rows, pseudonym),
  fingerprintsInTables: (tables) => fingerprintsInTables(tables, pseudonym),
  oneIn,
};

/** The type as the catalogue spells it: quoted and with its schema where that is needed. */
function typeOf(column: Column): Sql {
  return trusted(column.type);
}

function bytewise(value: Sql): Sql {
  return sql`(${value} COLLATE "C")`;
}

function same(a: Sql, b: Sql): Sql {
  return sql`(${bytewise(a)} OPERATOR(pg_catalog.=) ${bytewise(b)})`;
}

/** By the type's own output function: a cast to text may have been redefined for a type of the application's. */
function output(value: Sql): Sql {
  return sql`(CASE WHEN ${value} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', ${value}) END)`;
}

function asText(value: Sql, column: Column): Sql {
  switch (column.kind) {
    case "array":
    case "enum":
    case "other":
      return output(value);
    case "binary":
      return sql`pg_catalog.encode(${value}, 'hex')`;
    default:
      return sql`((${value})::pg_catalog.text)`;
  }
}

/** Text is not cast: the assignment then refuses a text that is too long, where a cast would truncate it. */
function fromText(value: Sql, column: Column): Sql {
  switch (column.kind) {
    case "text":
      return value;
    case "binary":
      return sql`pg_catalog.convert_to(${value}, 'UTF8')`;
    default:
      return sql`((${value})::${typeOf(column)})`;
  }
}

/** The first day of the years of which dates move, and the day behind them. */
const movable = ["1000-01-01", "9999-01-01"] as const;

function shifted(value: Sql, column: Column, days: Sql, most: number): Sql {
  const type = typeOf(column);
  const day = (text: string, later = 0) => {
    const date = new Date(`${text}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + later);
    return sql`(${stringConstant(date.toISOString().slice(0, 10))}::${type})`;
  };
  const [first, end] = movable;
  const size = sql`pg_catalog.abs(${days})`;
  const moved = sql`(CASE WHEN ${value} < ${day(first, most)} THEN ${size} WHEN ${value} >= ${
    day(end, -most)
  } THEN -${size} ELSE ${days} END)::pg_catalog.int4`;
  const later = column.kind === "date"
    ? sql`${value} + ${moved}`
    : sql`${value} + pg_catalog.make_interval(days => ${moved})`;
  return sql`(CASE WHEN ${value} >= ${day(first)} AND ${value} < ${
    day(end)
  } THEN (${later})::${type} ELSE ${value} END)`;
}

/** Unless the key has exactly 32 bytes, set_byte raises an error, since index 32 of an empty value is out of range. */
function pseudonym(value: Sql): Sql {
  const setting = sql`pg_catalog.current_setting('datascrubber.key')`;
  // Through the setting, or the planner would raise the error already.
  const failure = sql`pg_catalog.set_byte(pg_catalog.convert_to(pg_catalog.left(${setting}, 0), 'UTF8'), 32, 0)`;
  const key =
    sql`CASE pg_catalog.octet_length(${setting}) WHEN 64 THEN pg_catalog.decode(${setting}, 'hex') ELSE ${failure} END`;
  const bytes = sql`(${key}) OPERATOR(pg_catalog.||) pg_catalog.convert_to(${value}, 'UTF8')`;
  return sql`pg_catalog.encode(pg_catalog.sha256(${bytes}), 'hex')`;
}

function emptied(value: Sql, column: Column): Sql {
  if (column.kind === "json") {
    const empty: readonly (readonly [string, Json])[] = [
      ["object", {}],
      ["array", []],
      ["string", ""],
      ["number", 0],
      ["boolean", false],
      ["null", null],
    ];
    const cases = empty.map(([type, json]) => sql`WHEN ${textLiteral(type)} THEN ${expressions.json(json, column)}`);
    // A document of type json may hold what jsonb cannot.
    const type = column.type === "json"
      ? sql`pg_catalog.json_typeof(${value})`
      : sql`pg_catalog.jsonb_typeof((${value})::pg_catalog.jsonb)`;
    return sql`(CASE ${type} ${joinSql(cases, " ")} END)`;
  }
  const empty = column.kind === "array" ? sql`'{}'::${typeOf(column)}` : fromText(sql`(${textLiteral("")})`, column);
  return sql`(CASE WHEN ${value} IS NOT NULL THEN ${empty} END)`;
}

function equal(a: Sql, b: Sql, column: Column): Sql {
  return sql`coalesce(${comparison(a, b, column)}, FALSE)`;
}

function comparison(a: Sql, b: Sql, column: Column): Sql {
  switch (column.kind) {
    case "text":
      return same(sql`((${a})::pg_catalog.text)`, sql`((${b})::pg_catalog.text)`);
    case "json":
      return sql`((${a})::pg_catalog.jsonb OPERATOR(pg_catalog.=) (${b})::pg_catalog.jsonb)`;
    case "array":
    case "enum":
    case "other":
      // Not every type has an equality operator, and the application may have made its own.
      return same(output(a), output(b));
    default:
      return sql`(${a} OPERATOR(pg_catalog.=) ${b})`;
  }
}
