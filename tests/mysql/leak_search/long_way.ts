/** The search for tokens without any short way: what fingerprints() must give whatever it leaves out to be quick. @module */

import { joinSql, type Sql, trusted } from "../../../lib/engine/sql.ts";
import {
  address,
  beyondAscii,
  decimalReference,
  encoded,
  encodedDelimiter,
  encodedLetters,
  encodedSeparator,
  fullWidth,
  fullWidthRange,
  hexadecimalReferences,
  invisible,
  invisibleCharacters,
  letters,
  marker,
  namedReferences,
  numberedReferences,
  opaque,
  quotedDelimiter,
  quotedLetter,
  quotedSigns,
  referenceMarker,
  softBreak,
  uuid,
  wideAddress,
} from "../../../lib/engine/token_shapes.ts";
import { unescapedLetters } from "../../../lib/mysql/leak_search/spellings.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { sql, textLiteral } from "../../../lib/mysql/sql/literals.ts";

const chunk = 20_000;
const overlap = 1_000;
const isWide = (of: string) => trusted(`LENGTH(${of}) > CHAR_LENGTH(${of})`);
const run = trusted("datascrubber_run");
const piece = trusted("datascrubber_piece");

/** A subquery with one row, `fingerprint`, for each token of the text. */
export function longWay(text: Sql): Sql {
  const delimiters = String.raw`[^${beyondAscii}&;#=A-Za-z0-9@._%+~\\-]++`;
  const nothing = `(${softBreak})|${delimiters}(?:[${beyondAscii}A-Za-z0-9._+~-]{1,15}+${delimiters}){0,100}+`;
  const reduced = replaced(
    sql`SUBSTRING(datascrubber_text, (datascrubber_chunk - 1) * ${chunk} + 1, ${chunk + overlap})`,
    nothing,
    "$1 ",
  );
  const part = trusted("datascrubber_part");
  const plain = sql`IF(${isWide("datascrubber_run")}, ${replaced(run, `[${letters}]+`, " ")}, ${run})`;
  const parts = [".", "@", "+", "~"].reduce((sofar, one) => sql`REPLACE(${sofar}, ${textLiteral(one)}, ' ')`, plain);
  const wide = sql`IF(${isWide("datascrubber_run")}, CONCAT(${run}, ' ', ${plain}), ${run})`;
  const both = sql`IF(LOCATE('@', ${run}) > 0, CONCAT(${wide}, ' ', ${parts}), ${parts})`;
  const tokens = [
    sql`SELECT CASE WHEN LOCATE('@', ${piece}) > 0
          THEN IF(${isWide("datascrubber_piece")}, ${matched(wideAddress)}, ${matched(address)})
        WHEN CHAR_LENGTH(${piece}) >= 16 AND ${found(piece, "[0-9]")} AND ${found(piece, "[a-z]")} THEN ${
      matched(opaque)
    }
      END AS datascrubber_token FROM ${pieces(both)}`,
    sql`SELECT ${matched(uuid)} FROM ${pieces(parts)} WHERE CHAR_LENGTH(${piece}) > 36
      OR (CHAR_LENGTH(${piece}) = 36 AND NOT ${found(piece, "[a-z]")})`,
  ];
  const readings = sql`IF(${found(part, `[${fullWidthRange}${invisibleCharacters}]|${marker}`)}, ${respelled(part)}, ${
    replaced(part, "[&;#=]+", " ")
  })`;
  const hash = mysql.expressions.pseudonym(sql`datascrubber_token`);
  return sql`(SELECT CAST(CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED) AS SIGNED) AS fingerprint
    FROM (SELECT ${text} AS datascrubber_text LIMIT 1) AS datascrubber_texts
    CROSS JOIN JSON_TABLE(CONCAT('[0', REPEAT(',0', CHAR_LENGTH(datascrubber_text) DIV ${chunk}), ']'), '$[*]'
      COLUMNS (datascrubber_chunk FOR ORDINALITY)) AS datascrubber_chunks
    CROSS JOIN LATERAL (SELECT ${decoded(sql`datascrubber_separated`)} AS ${run}
      FROM (SELECT ${alsoSeparated("datascrubber_lower", encodedSeparator)} AS datascrubber_separated
        FROM (SELECT LOWER(${readings}) AS datascrubber_lower
          FROM (SELECT ${alsoSeparated("datascrubber_reduced", quotedDelimiter)} AS ${part}
            FROM (SELECT ${reduced} AS datascrubber_reduced LIMIT 1) AS datascrubber_reductions LIMIT 1) AS datascrubber_parts LIMIT 1)
          AS datascrubber_lowered LIMIT 1) AS datascrubber_separations LIMIT 1) AS datascrubber_runs
    CROSS JOIN LATERAL (${
    joinSql(tokens, " UNION ALL ")
  }) AS datascrubber_tokens WHERE datascrubber_token IS NOT NULL)`;
}

function alsoSeparated(name: string, pattern: string): Sql {
  return sql`CONCAT(${trusted(name)}, ' ', ${replaced(trusted(name), pattern, " ")})`;
}

function respelled(value: Sql): Sql {
  const joined = sql`CONCAT(${replaced(value, `${softBreak} `, "")}, ' ', ${replaced(value, softBreak, " ")})`;
  const visible = replaced(each(joined, namedReferences), invisible, "");
  const escaped = hexadecimalReferences.reduce(
    (sofar, [pattern, digits]) => replaced(sofar, pattern, `${digits}$1`),
    each(replaced(visible, decimalReference, "&#$1;"), numberedReferences),
  );
  const quoted = replaced(each(escaped, quotedSigns), quotedLetter, "%$1%$2");
  const narrow = each(quoted, fullWidth.map(([code, plain]) => [String.fromCharCode(code), plain] as const));
  return sql`CONCAT(${
    replaced(value, `${referenceMarker}|${softBreak}|[${fullWidthRange}${invisibleCharacters}&;#=]`, " ")
  }, ' ', ${replaced(narrow, String.raw`[^A-Za-z0-9@._%+~\\${letters}-]+`, " ")})`;
}

function decoded(value: Sql): Sql {
  const backslash = textLiteral("\\");
  const codes = replaced(value, String.raw`\\+(?:u00|x)`, "%");
  const unescaped = sql`IF(LOCATE(${backslash}, ${value}) > 0, CONCAT(${
    replaced(codes, String.raw`\\+[abefnrtv0]`, " ")
  }, ' ', ${value}), ${value})`;
  const plain = replaced(each(unescaped, encoded), encodedDelimiter, " ");
  const words = sql`REPLACE(REPLACE(${plain}, ${backslash}, ' '), '%', ' ')`;
  return sql`IF(${found(value, encodedLetters)}, CONCAT(${unescapedLetters(value)}, ' ', ${words}), ${words})`;
}

function pieces(value: Sql): Sql {
  return sql`JSON_TABLE(CONCAT('["', REPLACE(${value}, ' ', '","'), '"]'), '$[*]'
    COLUMNS (${piece} LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS datascrubber_pieces`;
}

function matched(pattern: string): Sql {
  return sql`REGEXP_SUBSTR(${piece}, ${textLiteral(pattern)}, 1, 1, 'c')`;
}

function found(value: Sql, pattern: string): Sql {
  return sql`REGEXP_LIKE(${value}, ${textLiteral(pattern)}, 'c')`;
}

function each(value: Sql, pairs: readonly (readonly [from: string, to: string])[]): Sql {
  return pairs.reduce((sofar, [from, to]) => sql`REPLACE(${sofar}, ${textLiteral(from)}, ${textLiteral(to)})`, value);
}

function replaced(value: Sql, pattern: string, replacement: string): Sql {
  return sql`REGEXP_REPLACE(${value}, ${textLiteral(pattern)}, ${textLiteral(replacement)}, 1, 0, 'c')`;
}
