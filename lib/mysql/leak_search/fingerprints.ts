/** Self-delimiting tokens in texts of any kind, as keyed fingerprints. @module */

import type { FlaggedText, TextRows } from "../../engine/expressions.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import {
  address,
  beyondAscii,
  encoded,
  encodedDelimiter,
  encodedLetters,
  encodedSeparator,
  fullWidthWord,
  hiddenSigns,
  letters as wideLetters,
  opaque,
  quotedDelimiter,
  softBreak,
  telltaleMarkers,
  uuid,
  wideAddress,
} from "../../engine/token_shapes.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { joined } from "./searchable.ts";
import { isDisguised, respelled, unescapedLetters } from "./spellings.ts";

/** What a token's spellings are made of, percent signs and backslashes of encoded ones included. */
const letters = String.raw`A-Za-z0-9@._%+~\\-`;
/**
 * What can hold no token: delimiters, and short words that have no sign of an address. Possessive: nothing is tried twice. Captures a
 * line's end in quoted-printable, which may stand in one.
 */
const nothing = (() => {
  const delimiters = `[^${beyondAscii}&;#=${letters}]++`;
  return `(${softBreak})|${delimiters}(?:[${beyondAscii}A-Za-z0-9._+~-]{1,15}+${delimiters}){0,100}+`;
})();

/** Characters of the shortest string that counts as a token though it means nothing. */
const fewest = 16;

/** regexp_time_limit counts over a whole text, at its default for about 60,000 characters; no session can set it. */
const chunk = 20_000;
/** More texts than a statement has. */
const manyTexts = trusted("18446744073709551615");
/** Longer than tokens are, so that each is whole in one of two neighbouring chunks, also where every letter is a reference of HTML's. */
const overlap = 1_000;

/**
 * A subquery with one row, `fingerprint` and `flags`, for each token of the texts. Identifiers that are one token for certain are
 * spared the long way, which takes ten times as long.
 */
export function fingerprints(texts: readonly FlaggedText[], pseudonym: (text: Sql) => Sql): Sql {
  const single = texts.flatMap((one) => one.identifier ? [ofToken(one, sql`DUAL`, [], pseudonym)] : []);
  const rest = byFlags(texts).map(([flags, text]) => sql`SELECT ${text} AS datascrubber_text, ${flags} AS flags`);
  // All texts by one expression: it is long, and the server takes time and memory for each in a statement.
  const long = sql`SELECT fingerprint, flags FROM ${
    tokensOf(joinSql(rest, " UNION ALL "), pseudonym)
  } AS datascrubber_hashed`;
  return sql`(${joinSql([...single, long], " UNION ALL ")})`;
}

/**
 * The same for each row of a table. Identifiers that are one token have a query of their own, so that only the other rows go the long
 * way: it takes its time for every row, whatever is left of it.
 */
export function fingerprintsInRows({ table, texts, where }: TextRows, pseudonym: (text: Sql) => Sql): Sql {
  const conditions = where ? [where] : [];
  const identifiers = texts.filter(({ identifier }) => identifier);
  const single = identifiers.map((one) => ofToken(one, table, conditions, pseudonym));
  const others = joinSql(identifiers.map(({ text }) => sql`NOT ${isToken(text)}`), " OR ");
  const needed = identifiers.length < texts.length ? conditions : [...conditions, sql`(${others})`];
  const rest = byFlags(texts).map(([flags, text]) => sql`SELECT ${text} AS datascrubber_text, ${flags} AS flags`);
  const found = new Name("datascrubber_found");
  const long = sql`SELECT ${found}.datascrubber_fingerprint AS fingerprint, ${found}.datascrubber_flags AS flags
    FROM ${table} CROSS JOIN LATERAL ${tokensOf(joinSql(rest, " UNION ALL "), pseudonym)} AS ${found}
      (datascrubber_fingerprint, datascrubber_flags)${whereAll(needed)}`;
  return joinSql([...single, long], " UNION ALL ");
}

/** The same for each row of several tables: all texts by one expression, which the server takes some 7 ms to prepare. */
export function fingerprintsInTables(tables: readonly TextRows[], pseudonym: (text: Sql) => Sql): Sql {
  const rest = tables.flatMap(({ table, texts, where }) =>
    byFlags(texts).map(([flags, text]) =>
      sql`SELECT ${text} AS datascrubber_text, ${flags} AS flags FROM ${table}${whereAll(where ? [where] : [])}`
    )
  );
  const single = tables.flatMap(({ table, texts, where }) =>
    texts.flatMap((one) => one.identifier ? [ofToken(one, table, where ? [where] : [], pseudonym)] : [])
  );
  const long = sql`SELECT fingerprint, flags FROM ${
    tokensOf(joinSql(rest, " UNION ALL "), pseudonym)
  } AS datascrubber_hashed`;
  return joinSql([...single, long], " UNION ALL ");
}

/** The row of an identifier that is one token; none of another text. */
function ofToken({ text, flags }: FlaggedText, from: Sql, where: readonly Sql[], pseudonym: (text: Sql) => Sql): Sql {
  return sql`SELECT ${fingerprint(pseudonym(sql`LOWER(${text})`))} AS fingerprint, ${flags} AS flags FROM ${from}${
    whereAll([...where, isToken(text)])
  }`;
}

/** What has to go the long way, as one text for each sum of flags. */
function byFlags(texts: readonly FlaggedText[]): readonly (readonly [flags: number, text: Sql])[] {
  return [...Map.groupBy(texts, ({ flags }) => flags)].map(([flags, own]) => {
    const parts = own.map(({ text, identifier }) => identifier ? sql`IF(${isToken(text)}, NULL, ${text})` : text);
    return [flags, joined(parts)];
  });
}

function whereAll(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`` : sql` WHERE ${joinSql(conditions, " AND ")}`;
}

/** In which the long way would find the whole text and nothing else: no part of an address is a token of its own. */
const token = (() => {
  const word = "[A-Za-z0-9_-]{1,15}";
  const label = "[A-Za-z0-9-]{0,14}[A-Za-z0-9]";
  const mail = `[A-Za-z0-9][A-Za-z0-9_-]{0,14}(?:[.+~]${word})*@${word.replace("_", "")}(?:[.]${label})+`;
  return `(?:${mail}|(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_-]{14,34}[A-Za-z0-9])`;
})();

function isToken(text: Sql): Sql {
  return sql`REGEXP_LIKE(${text}, ${textLiteral(`\\A${token}\\z`)}, 'c')`;
}

/** The first 64 bits of a pseudonym. */
function fingerprint(hash: Sql): Sql {
  return sql`CAST(CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED) AS SIGNED)`;
}

/**
 * A subquery with one row, `fingerprint` and `flags`, for each token of the texts: rows of `datascrubber_text` and `flags`. The text is
 * named first: JSON_TABLE takes no argument that has a subquery in it. LIMIT keeps the server from putting an expression wherever its
 * name stands, and computing it each time.
 */
function tokensOf(texts: Sql, pseudonym: (text: Sql) => Sql): Sql {
  const start = sql`(datascrubber_chunk - 1) * ${chunk} + 1`;
  const part = sql`datascrubber_part`;
  const variants = sql`IF(${isDisguised(part)}, ${respelled(part)}, ${replaced(part, "[&;#=]+", " ")})`;
  const reduced = replaced(sql`SUBSTRING(datascrubber_text, ${start}, ${chunk + overlap})`, nothing, "$1 ");
  const isWide = (of: string) => trusted(`LENGTH(${of}) > CHAR_LENGTH(${of})`);
  const plain = sql`IF(${isWide("datascrubber_run")}, ${
    replaced(sql`datascrubber_run`, `[${wideLetters}]+`, " ")
  }, datascrubber_run)`;
  const parts = [".", "@", "+", "~"].reduce(
    (sofar, character) => sql`REPLACE(${sofar}, ${textLiteral(character)}, ' ')`,
    plain,
  );
  const wide = sql`IF(${isWide("datascrubber_run")}, CONCAT(datascrubber_run, ' ', ${plain}), datascrubber_run)`;
  // Most texts hold no string that is long enough; then only what has the sign of an address is taken apart.
  const isLong = sql`REGEXP_LIKE(datascrubber_run, ${textLiteral("[a-z0-9_-]".repeat(fewest))}, 'c')`;
  const uuids = sql`CONCAT(${parts}, ' !', REPLACE(${parts}, ' ', ' !'))`;
  const all =
    sql`CASE WHEN ${isLong} THEN IF(LOCATE('@', datascrubber_run) > 0, CONCAT(${wide}, ' ', ${uuids}), ${uuids})
    WHEN LOCATE('@', datascrubber_run) > 0 THEN ${wide} ELSE '' END`;
  const tokens = sql`SELECT CASE WHEN LOCATE('@', datascrubber_piece) > 0
        THEN IF(${isWide("datascrubber_piece")}, ${matched(wideAddress)}, ${matched(address)})
      WHEN LEFT(datascrubber_piece, 1) = '!' THEN IF(CHAR_LENGTH(datascrubber_piece) > 37
        OR (CHAR_LENGTH(datascrubber_piece) = 37 AND NOT ${like("[a-z]")}), ${matched(uuid)}, NULL)
      WHEN CHAR_LENGTH(datascrubber_piece) >= ${fewest} AND ${like("[0-9]")} AND ${like("[a-z]")} THEN ${
    matched(opaque)
  }
    END AS datascrubber_token FROM ${pieces(all)}`;
  return sql`(SELECT ${fingerprint(pseudonym(sql`datascrubber_token`))} AS fingerprint, flags
    FROM (${texts} LIMIT ${manyTexts}) AS datascrubber_texts
    CROSS JOIN JSON_TABLE(CASE WHEN ${holdsNone} THEN '[]'
      ELSE CONCAT('[0', REPEAT(',0', CHAR_LENGTH(datascrubber_text) DIV ${chunk}), ']') END, '$[*]'
      COLUMNS (datascrubber_chunk FOR ORDINALITY)) AS datascrubber_chunks
    CROSS JOIN LATERAL (SELECT ${decoded(sql`datascrubber_separated`)} AS datascrubber_run
      FROM (SELECT ${alsoSeparated(sql`datascrubber_lower`, ["%", "\\"], encodedSeparator)} AS datascrubber_separated
        FROM (SELECT LOWER(${variants}) AS datascrubber_lower
          FROM (SELECT ${alsoSeparated(sql`datascrubber_reduced`, ["="], quotedDelimiter)} AS datascrubber_part
            FROM (SELECT ${reduced} AS datascrubber_reduced LIMIT 1) AS datascrubber_reductions LIMIT 1)
          AS datascrubber_parts LIMIT 1) AS datascrubber_lowered LIMIT 1) AS datascrubber_separations LIMIT 1) AS datascrubber_runs
    CROSS JOIN LATERAL (${tokens}) AS datascrubber_tokens
    WHERE datascrubber_token IS NOT NULL)`;
}

/**
 * That a text has no token for certain: no sign of an address or of an encoding, and no long word. Measured: LOCATE on text and
 * a counted repetition take several times as long.
 */
const holdsNone = (() => {
  const signs = String.raw`[@%\\${hiddenSigns}${fullWidthWord}]|${telltaleMarkers.plain}`;
  const word = "[^A-Za-z0-9_-]" + "[A-Za-z0-9_-]".repeat(fewest);
  return sql`LENGTH(datascrubber_text) <= ${chunk} AND NOT REGEXP_LIKE(datascrubber_text, ${textLiteral(signs)}, 'c')
    AND NOT REGEXP_LIKE(CONCAT(' ', datascrubber_text), ${textLiteral(word)}, 'c')`;
})();

/** The text, and once more with blanks for what matches, where anything does. `signs`: every match has one of them. */
function alsoSeparated(value: Sql, signs: readonly string[], pattern: string): Sql {
  const has = joinSql(signs.map((sign) => sql`LOCATE(${textLiteral(sign)}, ${value}) > 0`), " OR ");
  return sql`IF((${has}) AND REGEXP_LIKE(${value}, ${textLiteral(pattern)}, 'c'), CONCAT(${value}, ' ', ${
    replaced(value, pattern, " ")
  }), ${value})`;
}

/** Nothing but letters, digits and a few marks is left, none of which means anything in JSON. */
function pieces(value: Sql): Sql {
  return sql`JSON_TABLE(CONCAT('["', REPLACE(${value}, ' ', '","'), '"]'), '$[*]'
    COLUMNS (datascrubber_piece LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS datascrubber_pieces`;
}

function matched(pattern: string): Sql {
  return sql`REGEXP_SUBSTR(datascrubber_piece, ${textLiteral(pattern)}, 1, 1, 'c')`;
}

function like(pattern: string): Sql {
  return sql`REGEXP_LIKE(datascrubber_piece, ${textLiteral(pattern)}, 'c')`;
}

/** A backslash may begin an escape of JSON's or be one in itself, as in a path: both readings count. */
function decoded(value: Sql): Sql {
  const backslash = textLiteral("\\");
  const codes = replaced(value, String.raw`\\+(?:u00|x)`, "%");
  const unescaped = sql`IF(LOCATE(${backslash}, ${value}) > 0, CONCAT(${
    replaced(codes, String.raw`\\+[abefnrtv0]`, " ")
  }, ' ', ${value}), ${value})`;
  const characters = encoded.reduce(
    (sofar, [code, character]) => sql`REPLACE(${sofar}, ${textLiteral(code)}, ${textLiteral(character)})`,
    unescaped,
  );
  const plain = sql`REPLACE(REPLACE(${replaced(characters, encodedDelimiter, " ")}, ${backslash}, ' '), '%', ' ')`;
  const letters = sql`IF(REGEXP_LIKE(${value}, ${textLiteral(encodedLetters)}, 'c'),
    CONCAT(${unescapedLetters(value)}, ' ', ${plain}), ${plain})`;
  return sql`IF(LOCATE(${backslash}, ${value}) > 0 OR LOCATE('%', ${value}) > 0, ${letters}, ${value})`;
}

function replaced(value: Sql, pattern: string, replacement: string): Sql {
  return sql`REGEXP_REPLACE(${value}, ${textLiteral(pattern)}, ${textLiteral(replacement)}, 1, 0, 'c')`;
}
