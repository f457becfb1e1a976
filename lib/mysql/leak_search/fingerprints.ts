/** Self-delimiting tokens in texts of any kind, as keyed fingerprints. @module */

import { type FlaggedText, foundFingerprint, foundFlags, type TextRows } from "../../engine/expressions.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
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
  sameInCapitals,
  softBreak,
  telltaleMarkers,
  uuid,
  wideAddress,
} from "../../engine/token_shapes.ts";
import { lower, sql, textLiteral } from "../sql/literals.ts";
import { exactText, named } from "../sql/named.ts";
import { mysqlOnly, type Product, spelledBy } from "../sql/product.ts";
import { firstMatch, hasMatch, replacedAll } from "../sql/regexp.ts";
import { joined, unread } from "./searchable.ts";
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
/** MariaDB takes time for all that is left of a text at each match. */
const chunkOfMariadb = 5_000;
/** More texts than a statement has. */
const manyTexts = trusted("18446744073709551615");
/** Longer than tokens are, so that each is whole in one of two neighbouring chunks, also where every letter is a reference of HTML's. */
const overlap = 1_000;

/**
 * A table with one row, `datascrubber_found.datascrubber_fingerprint` and `.datascrubber_flags`, for each token of the texts. All by one
 * expression: it is long, and the server takes time and memory for each in a statement.
 */
export function fingerprints(texts: readonly FlaggedText[], pseudonym: (text: Sql) => Sql): Sql {
  return found(byFlags(texts.map(({ text, flags }) => ({ text, flags }))), pseudonym);
}

function found(texts: readonly TextOfFlags[], pseudonym: (text: Sql) => Sql): Sql {
  const hash = fingerprint(pseudonym(token)).text;
  const [print, flags] = ["datascrubber_fingerprint", "datascrubber_flags"];
  return sql`${mysqlOnly(`LATERAL (SELECT ${hash}, ${flags} FROM`)} ${tokensOf(textsOfRow(texts))} ${
    spelledBy({
      mysql: `WHERE ${isFound.text}) AS datascrubber_found (${print}, ${flags})`,
      mariadb: `CROSS JOIN JSON_TABLE(CASE WHEN ${isFound.text} THEN JSON_ARRAY(${hash}, ${flags}) END, '$'
        COLUMNS (${print} BIGINT PATH '$[0]', ${flags} BIGINT PATH '$[1]')) AS datascrubber_found`,
    })
  }`;
}

/** A text, and the flags of its tokens. */
type TextOfFlags = readonly [flags: number, text: Sql];

/** Rows of `datascrubber_text` and `datascrubber_flags`: texts of the row outside. */
function textsOfRow(texts: readonly TextOfFlags[]): Sql {
  const ends = texts.map(([flags], at): Readonly<Record<Product, string>> => {
    const isLast = at + 1 === texts.length;
    return {
      mysql: `AS datascrubber_text, ${flags} AS datascrubber_flags ${
        isLast ? `LIMIT ${manyTexts.text})` : "UNION ALL SELECT"
      }`,
      mariadb: `USING utf8mb4), ${flags})${
        isLast
          ? `), ${unread.text}), '$[*]' COLUMNS (
        datascrubber_text ${exactText} PATH '$[0]', datascrubber_flags BIGINT PATH '$[1]'))`
          : ", JSON_ARRAY(CONVERT("
      }`,
    };
  });
  return sql`${spelledBy({ mysql: "(SELECT", mariadb: "JSON_TABLE(COALESCE(JSON_ARRAY(JSON_ARRAY(CONVERT(" })} ${
    joinSql(texts.flatMap(([, text], at) => [text, ...(ends[at] ? [spelledBy(ends[at])] : [])]), " ")
  } AS datascrubber_texts`;
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
  const long = sql`SELECT ${foundFingerprint} AS fingerprint, ${foundFlags} AS flags
    FROM ${table} CROSS JOIN ${found(byFlags(texts), pseudonym)}${whereAll(needed)}`;
  return joinSql([...single, long], " UNION ALL ");
}

/** The same for each row of several tables: all texts by one expression, which the server takes some 7 ms to prepare. */
export function fingerprintsInTables(tables: readonly TextRows[], pseudonym: (text: Sql) => Sql): Sql {
  const rest = tables.flatMap(({ table, texts, where }) =>
    byFlags(texts).map(([flags, text]) =>
      sql`SELECT ${text} AS datascrubber_text, ${flags} AS datascrubber_flags FROM ${table}${
        whereAll(where ? [where] : [])
      }`
    )
  );
  const single = tables.flatMap(({ table, texts, where }) =>
    texts.flatMap((one) => one.identifier ? [ofToken(one, table, where ? [where] : [], pseudonym)] : [])
  );
  const texts = sql`(${joinSql(rest, " UNION ALL ")} LIMIT ${manyTexts}) AS datascrubber_texts`;
  const long = sql`SELECT ${fingerprint(pseudonym(token))} AS fingerprint, datascrubber_flags AS flags FROM ${
    tokensOf(texts)
  } WHERE ${isFound}`;
  return joinSql([...single, long], " UNION ALL ");
}

/** The row of an identifier that is one token; none of another text. */
function ofToken({ text, flags }: FlaggedText, from: Sql, where: readonly Sql[], pseudonym: (text: Sql) => Sql): Sql {
  return sql`SELECT ${fingerprint(pseudonym(sql`LOWER(${text})`))} AS fingerprint, ${flags} AS flags FROM ${from}${
    whereAll([...where, isToken(text)])
  }`;
}

/** What has to go the long way, as one text for each sum of flags. */
function byFlags(texts: readonly FlaggedText[]): readonly TextOfFlags[] {
  return [...Map.groupBy(texts, ({ flags }) => flags)].map(([flags, own]) => {
    const parts = own.map(({ text, identifier }) => identifier ? sql`IF(${isToken(text)}, NULL, ${text})` : text);
    return [flags, joined(parts)];
  });
}

function whereAll(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`` : sql` WHERE ${joinSql(conditions, " AND ")}`;
}

/** In which the long way would find the whole text and nothing else: no part of an address is a token of its own. */
const identifier = (() => {
  const word = "[A-Za-z0-9_-]{1,15}";
  const label = "[A-Za-z0-9-]{0,14}[A-Za-z0-9]";
  const mail = `[A-Za-z0-9][A-Za-z0-9_-]{0,14}(?:[.+~]${word})*@${word.replace("_", "")}(?:[.]${label})+`;
  return `(?:${mail}|(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_-]{14,34}[A-Za-z0-9])`;
})();

function isToken(text: Sql): Sql {
  return hasMatch(text, `\\A${identifier}\\z`);
}

/** The first 64 bits of a pseudonym. */
function fingerprint(hash: Sql): Sql {
  return sql`CAST(CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED) AS SIGNED)`;
}

/** What {@linkcode tokensOf} calls a token. */
const token = trusted("datascrubber_token");
const isFound = sql`LENGTH(${token}) > 0`;

/**
 * Tables with one row, `datascrubber_token`, for each token of the texts, and others in which it is NULL or empty: rows of `datascrubber_text` and
 * `datascrubber_flags`. The text is named first: MySQL's JSON_TABLE takes no argument that has a subquery in it.
 */
function tokensOf(texts: Sql): Sql {
  const size = spelledBy({ mysql: `${chunk}`, mariadb: `${chunkOfMariadb}` });
  const start = sql`(datascrubber_chunk - 1) * ${size} + 1`;
  const part = sql`datascrubber_part`;
  const variants = sql`IF(${isDisguised(part)}, ${respelled(part)}, ${replacedAll(part, "[&;#=]+", " ")})`;
  const reduced = replacedAll(sql`SUBSTRING(datascrubber_text, ${start}, ${size} + ${overlap})`, nothing, "$1 ");
  const isWide = (of: string) => trusted(`LENGTH(${of}) > CHAR_LENGTH(${of})`);
  const plain = sql`IF(${isWide("datascrubber_run")}, ${
    replacedAll(sql`datascrubber_run`, `[${wideLetters}]+`, " ")
  }, datascrubber_run)`;
  const parts = [".", "@", "+", "~"].reduce(
    (sofar, character) => sql`REPLACE(${sofar}, ${textLiteral(character)}, ' ')`,
    plain,
  );
  const folded = sameInCapitals.reduce(
    (sofar, [letter, as]) => sql`REPLACE(${sofar}, ${textLiteral(letter)}, ${textLiteral(as)})`,
    sql`datascrubber_run`,
  );
  const wide = sql`IF(${isWide("datascrubber_run")}, CONCAT(${folded}, ' ', ${plain}), datascrubber_run)`;
  // Most texts hold no string that is long enough; then only what has the sign of an address is taken apart.
  const isLong = hasMatch(sql`datascrubber_run`, "[a-z0-9_-]".repeat(fewest));
  const uuids = sql`CONCAT(${parts}, ' !', REPLACE(${parts}, ' ', ' !'))`;
  const all =
    sql`CASE WHEN ${isLong} THEN IF(LOCATE('@', datascrubber_run) > 0, CONCAT(${wide}, ' ', ${uuids}), ${uuids})
    WHEN LOCATE('@', datascrubber_run) > 0 THEN ${wide} ELSE '' END`;
  const kind = sql`CASE WHEN LOCATE('@', datascrubber_piece) > 0
        THEN IF(${isWide("datascrubber_piece")}, ${matched(wideAddress)}, ${matched(address)})
      WHEN LEFT(datascrubber_piece, 1) = '!' THEN IF(CHAR_LENGTH(datascrubber_piece) > 37
        OR (CHAR_LENGTH(datascrubber_piece) = 37 AND NOT ${like("[a-z]")}), ${matched(uuid)}, NULL)
      WHEN CHAR_LENGTH(datascrubber_piece) >= ${fewest} AND ${like("[0-9]")} AND ${like("[a-z]")} THEN ${
    matched(opaque)
  }
    END`;
  const each = (expression: Sql, as: string, rows: string, from?: Sql) =>
    named([[expression, trusted(as)]], trusted(rows), from);
  const reductions = each(reduced, "datascrubber_reduced", "datascrubber_reductions");
  const inParts = alsoSeparated(sql`datascrubber_reduced`, ["="], quotedDelimiter);
  const allParts = each(inParts, part.text, "datascrubber_parts", reductions);
  const lowered = each(lower(variants), "datascrubber_lower", "datascrubber_lowered", allParts);
  const separated = alsoSeparated(sql`datascrubber_lower`, ["%", "\\"], encodedSeparator);
  const separations = each(separated, "datascrubber_separated", "datascrubber_separations", lowered);
  const runs = each(decoded(sql`datascrubber_separated`), "datascrubber_run", "datascrubber_runs", separations);
  const tokens = spelledBy({
    mysql: `LATERAL (SELECT ${kind.text} AS ${token.text} FROM ${pieces(all).text}) AS datascrubber_tokens`,
    mariadb: `${pieces(all).text} CROSS JOIN JSON_TABLE(JSON_ARRAY(${kind.text}), '$'
      COLUMNS (${token.text} ${exactText} PATH '$[0]')) AS datascrubber_tokens`,
  });
  return sql`${texts}
    CROSS JOIN JSON_TABLE(CASE WHEN ${holdsNone} THEN '[]'
      ELSE CONCAT('[0', REPEAT(',0', CHAR_LENGTH(datascrubber_text) DIV ${size}), ']') END, '$[*]'
      COLUMNS (datascrubber_chunk FOR ORDINALITY)) AS datascrubber_chunks
    CROSS JOIN ${mysqlOnly("LATERAL")} ${runs} CROSS JOIN ${tokens}`;
}

/**
 * That a text has no token for certain: no sign of an address or of an encoding, and no long word. Measured: LOCATE on text and
 * a counted repetition take several times as long.
 */
const holdsNone = (() => {
  const signs = String.raw`[@%\\${hiddenSigns}${fullWidthWord}]|${telltaleMarkers.plain}`;
  const word = "[^A-Za-z0-9_-]" + "[A-Za-z0-9_-]".repeat(fewest);
  return sql`LENGTH(datascrubber_text) <= ${chunk} AND NOT ${hasMatch(sql`datascrubber_text`, signs)}
    AND NOT ${hasMatch(sql`CONCAT(' ', datascrubber_text)`, word)}`;
})();

/** The text, and once more with blanks for what matches, where anything does. `signs`: every match has one of them. */
function alsoSeparated(value: Sql, signs: readonly string[], pattern: string): Sql {
  const has = joinSql(signs.map((sign) => sql`LOCATE(${textLiteral(sign)}, ${value}) > 0`), " OR ");
  return sql`IF((${has}) AND ${hasMatch(value, pattern)}, CONCAT(${value}, ' ', ${
    replacedAll(value, pattern, " ")
  }), ${value})`;
}

/** Nothing but letters, digits and a few marks is left, none of which means anything in JSON. */
function pieces(value: Sql): Sql {
  return sql`JSON_TABLE(CONCAT('["', REPLACE(${value}, ' ', '","'), '"]'), '$[*]'
    COLUMNS (datascrubber_piece LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS datascrubber_pieces`;
}

function matched(pattern: string): Sql {
  return firstMatch(sql`datascrubber_piece`, pattern);
}

function like(pattern: string): Sql {
  return hasMatch(sql`datascrubber_piece`, pattern);
}

/** A backslash may begin an escape of JSON's or be one in itself, as in a path: both readings count. */
function decoded(value: Sql): Sql {
  const backslash = textLiteral("\\");
  const codes = replacedAll(value, String.raw`\\+(?:u00|x)`, "%");
  const unescaped = sql`IF(LOCATE(${backslash}, ${value}) > 0, CONCAT(${
    replacedAll(codes, String.raw`\\+[abefnrtv0]`, " ")
  }, ' ', ${value}), ${value})`;
  const characters = encoded.reduce(
    (sofar, [code, character]) => sql`REPLACE(${sofar}, ${textLiteral(code)}, ${textLiteral(character)})`,
    unescaped,
  );
  const plain = sql`REPLACE(REPLACE(${replacedAll(characters, encodedDelimiter, " ")}, ${backslash}, ' '), '%', ' ')`;
  const letters = sql`IF(${hasMatch(value, encodedLetters)},
    CONCAT(${unescapedLetters(value)}, ' ', ${plain}), ${plain})`;
  return sql`IF(LOCATE(${backslash}, ${value}) > 0 OR LOCATE('%', ${value}) > 0, ${letters}, ${value})`;
}
