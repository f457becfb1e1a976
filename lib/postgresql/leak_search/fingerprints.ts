/**
 * Self-delimiting tokens in texts of any kind, as keyed fingerprints. A function of scratch's, because the server calls functions
 * in parallel, but no subquery that a row's value goes into; and because most texts hold no token or one, for which starting a
 * query takes ten times as long as finding it.
 *
 * @module
 */

import { type FlaggedText, foundFingerprint, foundFlags, type TextRows } from "../../engine/expressions.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import {
  address,
  beyondAscii,
  encoded,
  encodedDelimiter,
  encodedSeparator,
  fullWidthWord,
  harmlessReference,
  hiddenSigns,
  letters as wideLetters,
  markerStart,
  quotedDelimiter,
  softBreak,
  uuid,
  wideAddress,
} from "../../engine/token_shapes.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";
import {
  createSpellings,
  foldedLetters,
  hasEncodedLetters,
  isDisguised,
  respelled,
  unescapedLetters,
} from "./spellings.ts";

/** What tokens are made of, signs of an address or of an encoding left out. */
const letters = "A-Za-z0-9._+~-";
/** Signs of an address, and of percent-encoding and JSON's escapes. */
const signs = String.raw`@%\\`;
/**
 * Stretches of text that may hold a token: what has a sign, and what is long. Simple, because the server makes it anew each time.
 */
const stretches = (() => {
  const inner = `${beyondAscii}&;#=${letters}`;
  return `[${inner}]*(?:[${signs}${hiddenSigns}${fullWidthWord}]|${markerStart})[${signs}${inner}]+|[A-Za-z0-9_-]{16,}`;
})();
/** Characters of the shortest string that counts as a token though it means nothing. */
const fewest = 16;
const lengthOfUuid = 36;
/** What ends a string of letters, digits, `-` and `_` in a stretch. */
const ends = ".@+~%\\&;#=";
/** Bytes up to which words with nothing else between them are taken for identifiers: each is a stretch. */
const identifiers = 300;
/** Bytes up to which cutting a text at each stretch is quicker than a query for all of them. */
const short = 2_000;

const name = new Name(scratchSchema, "fingerprints");
/** The type of a fingerprint in arrays. */
export const fingerprintRow: Name = new Name(scratchSchema, "fingerprint");

/** See {@linkcode Expressions.fingerprints}. For identifiers that are one token for certain it calls no function of ours. */
export function fingerprints(texts: readonly FlaggedText[], pseudonym: (text: Sql) => Sql): Sql {
  const arrays = texts.map(({ text, flags, identifier }) => {
    // The server would compute anything but a column as often as it stands there, and work alone for a query that names it first.
    if (!identifier || /\b(?:CASE|SELECT)\b/.test(text.text)) return fingerprintsOf(text, flags);
    const folded = sql`pg_catalog.lower(${text} COLLATE "C")`;
    return sql`(CASE WHEN pg_catalog.octet_length(${text}) <= ${identifiers} AND ${isToken(folded.text)}
      THEN ARRAY[${row(folded, sql`${flags}`, pseudonym)}] ELSE ${fingerprintsOf(text, flags)} END)`;
  });
  return sql`LATERAL pg_catalog.unnest(${joinSql(arrays, " OPERATOR(pg_catalog.||) ")})
    AS datascrubber_found (datascrubber_fingerprint, datascrubber_flags)`;
}

/** A token's fingerprint with its flags. */
function row(token: Sql, flags: Sql, pseudonym: (text: Sql) => Sql): Sql {
  const bits = sql`('x' || pg_catalog.substr(${pseudonym(token)}, 1, 16))::pg_catalog.bit(64)`;
  return sql`ROW(${bits}::pg_catalog.int8, ${flags})::${fingerprintRow}`;
}

/** See {@linkcode Expressions.fingerprintsInRows}. */
export function fingerprintsInRows({ table, texts, where }: TextRows, pseudonym: (text: Sql) => Sql): Sql {
  return sql`SELECT ${foundFingerprint} AS fingerprint, ${foundFlags} AS flags
    FROM ${table} CROSS JOIN ${fingerprints(texts, pseudonym)}${where ? sql` WHERE ${where}` : sql``}`;
}

/** See {@linkcode Expressions.fingerprintsInTables}. */
export function fingerprintsInTables(tables: readonly TextRows[], pseudonym: (text: Sql) => Sql): Sql {
  return joinSql(tables.map((rows) => fingerprintsInRows(rows, pseudonym)), " UNION ALL ");
}

/** An array of them. */
export function fingerprintsOf(text: Sql, flags: number): Sql {
  return sql`${name}(${text}, ${flags})`;
}

/** Creates the type of a row, and the function. */
export function createFingerprints(pseudonym: (text: Sql) => Sql): readonly Sql[] {
  const all = (of: string, pattern: string) =>
    sql`ARRAY(SELECT (pg_catalog.regexp_matches(${trusted(of)}, ${textLiteral(pattern)}, 'g'))[1])`;
  const found = (token: string) => row(trusted(token), sql`$2`, pseudonym);
  const body = sql`
DECLARE
  rest pg_catalog.text COLLATE "C" := $1;
  run pg_catalog.text COLLATE "C";
  part pg_catalog.text COLLATE "C";
  token pg_catalog.text COLLATE "C";
  runs pg_catalog.text[] COLLATE "C" := '{}';
  tokens pg_catalog.text[] COLLATE "C" := '{}';
  result ${fingerprintRow}[] := '{}';
BEGIN
  IF pg_catalog.octet_length(rest) <= ${identifiers} THEN
    token := pg_catalog.lower(rest);
    IF ${isToken("token")} THEN
      RETURN ARRAY[${found("token")}];
    END IF;
  END IF;
  IF rest LIKE '%&#%' THEN
    rest := ${replaced(sql`rest`, harmlessReference, " ")};
  END IF;
  IF rest LIKE ${textLiteral("%=\n%")} OR rest LIKE ${textLiteral("%=\r\n%")} THEN
    rest := pg_catalog.concat(rest, ' ', ${replaced(sql`rest`, softBreak, "")});
  END IF;
  IF pg_catalog.octet_length(rest) <= ${identifiers} AND rest ~ ${textLiteral(`^[ ${signs}${letters}]+$`)} THEN
    runs := pg_catalog.string_to_array(rest, ' ');
  ELSIF pg_catalog.octet_length(rest) > ${short} THEN
    runs := ${all("rest", stretches)};
  ELSE
    LOOP
      run := pg_catalog.substring(rest, ${textLiteral(stretches)});
      EXIT WHEN run IS NULL;
      runs := runs || run;
      rest := pg_catalog.substr(rest, pg_catalog.strpos(rest, run) + pg_catalog.char_length(run));
    END LOOP;
  END IF;
  FOREACH run IN ARRAY runs LOOP
    IF pg_catalog.strpos(run, '=') > 0 AND (pg_catalog.strpos(run, '@') > 0 OR pg_catalog.strpos(run, '40') > 0
        OR pg_catalog.strpos(run, '=3') > 0) AND run ~ ${textLiteral(quotedDelimiter)} THEN
      run := pg_catalog.concat(run, ' ', ${replaced(sql`run`, quotedDelimiter, " ")});
    END IF;
    IF ${isDisguised(sql`run`)} THEN
      run := ${respelled(sql`run`)};
    END IF;
    run := pg_catalog.lower(run);
    IF pg_catalog.strpos(run, '%') > 0 OR pg_catalog.strpos(run, ${textLiteral("\\")}) > 0 THEN
      IF (pg_catalog.strpos(run, '@') > 0 OR pg_catalog.strpos(run, '40') > 0 OR run ~ ${
    textLiteral(`[a-z0-9_-]{${fewest}}`)
  })
        AND run ~ ${textLiteral(encodedSeparator)} THEN
        run := pg_catalog.concat(run, ' ', ${replaced(sql`run`, encodedSeparator, " ")});
      END IF;
      IF ${hasEncodedLetters(sql`run`)} THEN
        run := pg_catalog.concat(${unescapedLetters(sql`run`)}, ' ', run);
      END IF;
      run := ${decoded(sql`run`)};
    END IF;
    IF pg_catalog.octet_length(run) > pg_catalog.char_length(run)
        OR pg_catalog.getdatabaseencoding() <> 'UTF8' AND run ~ ${textLiteral(String.raw`[^\x01-\x7f]`)} THEN
      IF pg_catalog.strpos(run, '@') > 0 THEN
        part := ${foldedLetters(sql`run`)};
        tokens := tokens || ${all("part", wideAddress)};
      END IF;
      run := ${replaced(sql`run`, `[${wideLetters}]+`, " ")};
    END IF;
    CASE pg_catalog.octet_length(run) - pg_catalog.octet_length(pg_catalog.replace(run, '@', ''))
      WHEN 0 THEN NULL;
      WHEN 1 THEN tokens := tokens || pg_catalog.substring(run, ${textLiteral(address)});
      ELSE tokens := tokens || ${all("run", address)};
    END CASE;
    CONTINUE WHEN pg_catalog.octet_length(run) < ${fewest};
    FOREACH part IN ARRAY pg_catalog.string_to_array(pg_catalog.translate(run, ${textLiteral(ends)}, ${
    textLiteral(" ".repeat(ends.length))
  }), ' ') LOOP
      CONTINUE WHEN pg_catalog.octet_length(part) < ${fewest};
      IF pg_catalog.octet_length(part) > ${lengthOfUuid} THEN
        tokens := tokens || ${all("part", uuid)};
      END IF;
      part := pg_catalog.btrim(part, '_-');
      IF pg_catalog.octet_length(part) >= ${fewest} AND part ~ '[0-9]' AND (part ~ '[a-z]' OR part ~ ${
    textLiteral(`^${uuid}$`)
  }) THEN
        tokens := tokens || part;
      END IF;
    END LOOP;
  END LOOP;
  FOREACH token IN ARRAY tokens LOOP
    CONTINUE WHEN token IS NULL;
    result := result || ${found("token")};
  END LOOP;
  RETURN result;
END`;
  return [
    ...createSpellings(),
    sql`CREATE TYPE ${fingerprintRow} AS (fingerprint pg_catalog.int8, flags pg_catalog.int8)`,
    sql`CREATE FUNCTION ${name} (${
      trusted("pg_catalog.text, pg_catalog.int8")
    }) RETURNS ${fingerprintRow}[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS ${stringConstant(body.text)}`,
  ];
}

/**
 * That a folded text is one token, and no part of it another: what most identifiers are. Without counted repetitions, which take
 * twice as long.
 */
function isToken(folded: string): Sql {
  const side = (number: number) => `pg_catalog.split_part(${folded}, '@', ${number})`;
  // No part of an address is a token of its own.
  const holdsNone = (part: string) =>
    `(pg_catalog.octet_length(${part}) < ${fewest} OR pg_catalog.octet_length(${part}) <= ${lengthOfUuid} AND ${part} !~ '[0-9]')`;
  const length = `pg_catalog.octet_length(${folded}) BETWEEN ${fewest} AND ${lengthOfUuid}`;
  const string = `${folded} ~ '^[a-z0-9][a-z0-9_-]*[a-z0-9]$' AND ${folded} ~ '[0-9]' AND ${folded} ~ '[a-z]'`;
  return sql`(CASE WHEN ${trusted(folded)} ~ ${textLiteral(`^${address}$`)} THEN ${
    trusted(`${holdsNone(side(1))} AND ${holdsNone(side(2))} ELSE ${length} AND ${string} END)`)
  }`;
}

/** A backslash may begin an escape of JSON's or be one in itself, as in a path: both readings count. */
function decoded(value: Sql): Sql {
  const codes = replaced(value, String.raw`\\+(?:u00|x)`, "%");
  const unescaped = sql`(CASE WHEN pg_catalog.strpos(${value}, ${textLiteral("\\")}) > 0 THEN ${
    replaced(codes, String.raw`\\+[abefnrtv0]`, " ")
  } OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) ${value} ELSE ${value} END)`;
  const characters = encoded.reduce(
    (sofar, [code, character]) => sql`pg_catalog.replace(${sofar}, ${textLiteral(code)}, ${textLiteral(character)})`,
    unescaped,
  );
  return replaced(characters, encodedDelimiter, " ");
}

function replaced(value: Sql, pattern: string, replacement: string): Sql {
  return sql`pg_catalog.regexp_replace(${value} COLLATE "C", ${textLiteral(pattern)}, ${
    textLiteral(replacement)
  }, 'g')`;
}
