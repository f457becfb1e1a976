/** The expressions of strategies in MySQL's dialect, 8.0 to 9.x. @module */

import type { Expressions, Json } from "../../engine/expressions.ts";
import type { Column } from "../../engine/schema.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { document, normalDocument } from "../sql/documents.ts";
import { bytes, castType, lower, sql, textLiteral, timestampLiteral, utf8 } from "../sql/literals.ts";
import { named } from "../sql/named.ts";
import { spelledBy } from "../sql/product.ts";
import { hasMatch, replacedAll } from "../sql/regexp.ts";
import { checked, digitsReplaced } from "./digits.ts";
import { json } from "./json.ts";
import { percentEncoded } from "./percent_encoded.ts";
import { substituted, without } from "./substitution.ts";
import { fingerprints, fingerprintsInRows, fingerprintsInTables } from "../leak_search/fingerprints.ts";
import { joined, oneIn, searchable } from "../leak_search/searchable.ts";

/**
 * What MySQL can say about one row. Texts of any character set and collation go in; utf8mb4 with its default collation comes
 * out, so that two results never clash. Comparisons are made on bytes, because most collations take `a` and `A`, and some
 * `a` and `a `, as equal.
 */
export const expressions: Expressions = {
  sql,
  text: textLiteral,
  timestamp: timestampLiteral,

  json(value, column) {
    const literal = textLiteral(JSON.stringify(value));
    return column.kind === "json" ? document(literal) : literal;
  },

  nothing: () => sql`NULL`,

  asText(value, column) {
    if (column.kind === "text" || column.kind === "enum") return utf8(value);
    if (column.kind === "binary") return utf8(sql`LOWER(HEX(${value}))`);
    return utf8(sql`CAST(${value} AS CHAR)`);
  },

  fromText(text, column) {
    if (column.kind === "binary") {
      // Of a fixed length: the server fills what is shorter.
      const [, length] = /^binary\((\d+)\)/.exec(column.type) ?? [];
      return length === undefined ? sql`UNHEX(${text})` : sql`CAST(UNHEX(${text}) AS BINARY(${Number(length)}))`;
    }
    if (column.kind === "json") return document(text);
    const type = castType(column.type);
    return type === undefined ? text : sql`CAST(${text} AS ${type})`;
  },

  // The key is read before the text, so that a session without it fails for rows whose text is NULL as well: EXP(1000) is
  // out of range in every sql_mode, where most errors would be a warning and NULL.
  pseudonym: (text) =>
    sql`SHA2(CONCAT(IF(LENGTH(@datascrubber_key) <=> 32, @datascrubber_key, EXP(IF(LENGTH(@datascrubber_key) <=> 32, 0, 1000))), ${
      bytes(text)
    }), 256)`,

  // MariaDB's type takes no UUID of a version from 8 on whose variant begins with 80.
  uuidVariant: spelledBy({ mysql: textLiteral("8").text, mariadb: textLiteral("9").text }),

  number: (hash, from, below) => sql`(CAST(CONV(SUBSTRING(${hash}, ${from}, 15), 16, 10) AS UNSIGNED) MOD ${below})`,
  padded: (number, digits) => sql`LPAD(${utf8(sql`CAST(${number} AS CHAR)`)}, ${digits}, ${textLiteral("0")})`,
  digitsReplaced,
  checked,
  oneOf: (words, place) => sql`ELT(${place} + 1, ${joinSql(words.map(textLiteral), ", ")})`,
  fold: (text) => lower(sql`CONVERT(${text} USING utf8mb4)`),
  spelled,
  shifted,
  rounded: (number, digits) => sql`ROUND(${number}, ${digits})`,
  part: (text, from, length) => sql`SUBSTRING(${utf8(text)}, ${from}, ${length})`,
  overlaid: (text, from, length, by) => sql`INSERT(${utf8(text)}, ${from}, ${length}, ${utf8(by)})`,
  concat: (...texts) => texts.length === 0 ? textLiteral("") : sql`CONCAT(${joinSql(texts.map(utf8), ", ")})`,
  length: (text) => sql`CHAR_LENGTH(${text})`,
  same: (a, b) => sql`(${bytes(a)} = ${bytes(b)})`,
  percentEncoded,
  substituted: (text, substitution) => substituted(expressions, text, substitution),
  without: (text, needle) => without(expressions, text, needle),
  isHexadecimal: (text, digits) => expressions.matches(text, `[0-9a-f]{${digits}}`),

  // \A and \z: a $ of ICU's would also match before a final line feed. `n`: a dot is any character, as in PostgreSQL.
  matches: (text, pattern) => hasMatch(utf8(text), `\\A(?:${pattern})\\z`, "any"),

  replaced: (text, pattern, by) => utf8(replacedAll(utf8(text), pattern, by, "any")),
  filled,

  emptied(value, column) {
    if (column.kind === "json") return emptyJson(value);
    return sql`IF(${value} IS NULL, NULL, ${column.kind === "binary" ? sql`X''` : textLiteral("")})`;
  },

  documents: json,
  documentType: "json",
  asDocument: (value) => value,
  fromDocument: (document, column) => column.kind === "text" ? utf8(sql`CAST(${document} AS CHAR)`) : document,

  equal(a, b, column) {
    const equal = column.kind === "text" || column.kind === "enum"
      ? sql`${bytes(a)} = ${bytes(b)}`
      : column.kind === "json"
      ? sql`${normalDocument(a)} = ${normalDocument(b)}`
      : sql`${a} = ${b}`;
    return sql`COALESCE(${equal}, FALSE)`;
  },

  choose: (condition, yes, no) => sql`CASE WHEN ${condition} THEN ${yes} ELSE ${no} END`,

  lookUp: (text, cases, otherwise) =>
    sql`(CASE ${bytes(text)} ${
      joinSql(cases.map(([key, found]) => sql`WHEN ${textLiteral(key)} THEN ${found}`), " ")
    } ELSE ${otherwise} END)`,
  searchable,
  joined,
  fingerprints: (texts) => fingerprints(texts, expressions.pseudonym),
  fingerprintsInRows: (rows) => fingerprintsInRows(rows, expressions.pseudonym),
  fingerprintsInTables: (tables) => fingerprintsInTables(tables, expressions.pseudonym),
  oneIn,
};

/** Named in a table, or the server would compute the hash for each character. */
function spelled(hexadecimal: Sql, digits: number, alphabet: string): Sql {
  const hash = trusted("datascrubber_hash");
  const characters = Array.from(
    { length: digits / 4 },
    (_, at) =>
      sql`SUBSTRING(${textLiteral(alphabet)}, 1 + CAST(CONV(SUBSTRING(${hash}, ${
        4 * at + 1
      }, 4), 16, 10) AS UNSIGNED) MOD ${alphabet.length}, 1)`,
  );
  return utf8(
    sql`(SELECT CONCAT(${joinSql(characters, ", ")}) FROM ${
      named([[hexadecimal, hash]], trusted("datascrubber_hashed"))
    })`,
  );
}

/** The first day of which dates move, and the day behind the last; of the type timestamp, which holds fewer, and of the others. */
const movable = { timestamp: ["1970-01-02", "2038-01-18"], others: ["1000-01-01", "9999-01-01"] } as const;

function shifted(value: Sql, { type }: Column, days: Sql, most: number): Sql {
  const day = (text: string, later = 0) => {
    const date = new Date(`${text}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + later);
    return trusted(`DATE'${date.toISOString().slice(0, 10)}'`);
  };
  const [first, end] = type.startsWith("timestamp") ? movable.timestamp : movable.others;
  const moved = sql`CASE WHEN ${value} < ${day(first, most)} THEN ABS(${days}) WHEN ${value} >= ${
    day(end, -most)
  } THEN -ABS(${days}) ELSE ${days} END`;
  // A day or month that there is not, such as 1984-05-00, is counted from the first of the month or year. LAST_DAY of it is an error.
  const month = sql`MAKEDATE(YEAR(${value}), 1) + INTERVAL GREATEST(MONTH(${value}), 1) - 1 MONTH`;
  const there = sql`MONTH(${value}) > 0 AND DAYOFMONTH(${value}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY(${month}))`;
  const from = sql`CASE WHEN ${there} THEN ${value} ELSE ${month} END`;
  return sql`CASE WHEN ${value} >= ${day(first)} AND ${value} < ${
    day(end)
  } THEN DATE_ADD(${from}, INTERVAL ${moved} DAY) ELSE ${value} END`;
}

/**
 * Whole fillers, then a part of one, so that no intermediate value is longer than the result; a result that
 * max_allowed_packet forbids would be NULL and is cut instead.
 */
function filled(filler: string, length: Sql): Sql {
  if (filler === "") throw new TypeError("Cannot fill text: the filler is empty");
  const size = [...filler].length;
  const widest = Math.max(...[...filler].map((letter) => new TextEncoder().encode(letter).length));
  const text = textLiteral(filler);
  const target = sql`LEAST(${length}, (@@max_allowed_packet - 1024) DIV ${widest})`;
  return sql`CONCAT(REPEAT(${text}, ${target} DIV ${size}), LEFT(${text}, ${target} MOD ${size}))`;
}

/** Types that JSON itself does not have (dates, binary) become an empty string. */
function emptyJson(value: Sql): Sql {
  const literal = (json: Json) => document(textLiteral(JSON.stringify(json)));
  return sql`CASE WHEN ${value} IS NULL THEN NULL ELSE CASE JSON_TYPE(${value}) WHEN 'OBJECT' THEN ${
    literal({})
  } WHEN 'ARRAY' THEN ${literal([])} WHEN 'BOOLEAN' THEN ${literal(false)} WHEN 'NULL' THEN ${
    literal(null)
  } WHEN 'INTEGER' THEN ${literal(0)} WHEN 'UNSIGNED INTEGER' THEN ${literal(0)} WHEN 'DOUBLE' THEN ${
    literal(0)
  } WHEN 'DECIMAL' THEN ${literal(0)} ELSE ${literal("")} END END`;
}
