/**
 * Other spellings of tokens: HTML's references, quoted-printable, full width, what shows nothing, escapes of letters. Functions of
 * scratch's, called for the few texts that look so.
 *
 * @module
 */

import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import {
  capitals,
  decimalReference,
  encodedBytes,
  encodedInvisible,
  encodedLettersNeedles,
  encodedOther,
  escapes,
  fullWidth,
  fullWidthRange,
  hexadecimalReferences,
  invisible,
  invisibleCharacters,
  letters,
  namedReferences,
  numberedReferences,
  quotedLetter,
  quotedMarker,
  quotedOther,
  quotedSigns,
  referenceMarker,
  referenceNeedles,
  sameInCapitals,
  unicodeEscape,
} from "../../engine/token_shapes.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

const respelledName = new Name(scratchSchema, "respelled");
const unescapedName = new Name(scratchSchema, "unescaped");
const foldedName = new Name(scratchSchema, "folded_letters");

/** Whether a run of characters may spell a token in a way that {@linkcode respelled} undoes. */
export function isDisguised(run: Sql): Sql {
  // The server makes a regular expression's automaton anew each time: for a marker's, that takes longer than all the rest.
  return sql`(pg_catalog.strpos(${run}, '&') > 0 AND (${hasAny(run, referenceNeedles)})
    OR pg_catalog.strpos(${run}, '=') > 0 AND ${run} ~ ${textLiteral(quotedMarker)}
    OR pg_catalog.octet_length(${run}) > pg_catalog.char_length(${run})
      AND ${run} ~ ${textLiteral(`[${fullWidthRange}${invisibleCharacters}]`)})`;
}

/** Whether a folded run may spell letters in a way that {@linkcode unescapedLetters} undoes. */
export function hasEncodedLetters(run: Sql): Sql {
  return sql`(${hasAny(run, encodedLettersNeedles)})`;
}

function hasAny(run: Sql, needles: readonly string[]): Sql {
  return joinSql(needles.map((needle) => sql`pg_catalog.strpos(${run}, ${textLiteral(needle)}) > 0`), " OR ");
}

/** The run with spaces for what is disguised, and as it reads. */
export function respelled(value: Sql): Sql {
  return sql`${respelledName}(${value})`;
}

/** A folded run of a text with escapes and percent-encoding of letters undone; between other characters are spaces. */
export function unescapedLetters(value: Sql): Sql {
  return sql`${unescapedName}(${value})`;
}

/** With small letters for capital ones, of Latin, Greek and Cyrillic, and one for those that are the same in capitals. */
export function foldedLetters(value: Sql): Sql {
  return sql`${foldedName}(${value})`;
}

/** Creates the functions. */
export function createSpellings(): readonly Sql[] {
  const value = trusted("rest");
  const named = replacedEach(value, namedReferences);
  const shortest = replacedAll(value, decimalReference, String.raw`&#\1;`);
  const escaped = hexadecimalReferences.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, String.raw`${digits}\1`),
    replacedEach(shortest, numberedReferences),
  );
  const lettersRead = replacedAll(replacedEach(value, quotedSigns), quotedLetter, String.raw`%\1%\2`);
  const quoted = replacedAll(lettersRead, quotedOther, " ");
  const codes = (pairs: readonly number[]) => textLiteral(`{${pairs.join(",")}}`);
  const characters = (pairs: readonly number[]) =>
    sql`(SELECT pg_catalog.string_agg(pg_catalog.chr(code), '' ORDER BY place)
      FROM pg_catalog.unnest(${codes(pairs)}::pg_catalog.int4[]) WITH ORDINALITY AS one (code, place))`;
  const wide = fullWidth.map(([code]) => code);
  const plain = fullWidth.map(([, character]) => character.charCodeAt(0));
  // Other encodings have neither these characters nor chr() of their codes.
  const inUnicode = sql`pg_catalog.getdatabaseencoding() = 'UTF8'`;
  const respelling = sql`
DECLARE
  rest pg_catalog.text COLLATE "C" := $1;
BEGIN
  rest := ${replacedAll(named, invisible, "")};
  IF pg_catalog.strpos(rest, '&#') > 0 THEN
    rest := ${escaped};
  END IF;
  rest := ${quoted};
  IF ${inUnicode} AND rest ~ ${textLiteral(`[${fullWidthRange}]`)} THEN
    rest := pg_catalog.translate(rest, ${characters(wide)}, ${characters(plain)});
  END IF;
  RETURN pg_catalog.concat(${
    replacedAll(sql`$1`, `${referenceMarker}|[${fullWidthRange}${invisibleCharacters}]`, " ")
  }, ' ', ${replacedAll(value, String.raw`[^A-Za-z0-9@._%+~\\${letters}-]+`, " ")});
END`;
  const started = escapes.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, String.raw`${digits}\1`),
    replacedEach(replacedAll(value, encodedInvisible, ""), encodedBytes),
  );
  const unescaping = sql`
DECLARE
  rest pg_catalog.text COLLATE "C" := $1;
BEGIN
  rest := pg_catalog.translate(${replacedAll(started, encodedOther, " ")}, ${textLiteral('\\"')}, '  ');
  rest := ${replacedAll(value, unicodeEscape, String.raw`\\u\1`)};
  IF NOT ${inUnicode} THEN
    rest := ${replacedAll(value, String.raw`\\u(?:00[89a-f]|0[1-9a-f])[0-9a-f]+`, " ")};
  END IF;
  rest := pg_catalog.concat('"', ${
    replacedAll(value, String.raw`[\x01-\x1f]`, " ")
  }, '"')::pg_catalog.json OPERATOR(pg_catalog.#>>) '{}';
  RETURN ${replacedAll(sql`pg_catalog.lower(rest)`, `[^a-z0-9@._%+~${letters}-]`, " ")};
END`;
  const same = sameInCapitals.map(([letter, as]) => [letter.charCodeAt(0), as.charCodeAt(0)] as const);
  const folds = [...capitals, ...same];
  const folding = sql`
BEGIN
  IF NOT ${inUnicode} THEN
    RETURN pg_catalog.lower($1 COLLATE "C");
  END IF;
  RETURN pg_catalog.translate(pg_catalog.lower($1 COLLATE "C"), ${characters(folds.map(([capital]) => capital))},
    ${characters(folds.map(([, small]) => small))});
END`;
  return ([[respelledName, respelling], [unescapedName, unescaping], [foldedName, folding]] as const).map(
    ([name, body]) =>
      sql`CREATE FUNCTION ${name} (pg_catalog.text) RETURNS pg_catalog.text LANGUAGE plpgsql STABLE PARALLEL SAFE AS ${
        stringConstant(body.text)
      }`,
  );
}

function replacedEach(value: Sql, pairs: readonly (readonly [from: string, to: string])[]): Sql {
  return pairs.reduce(
    (sofar, [from, to]) => sql`pg_catalog.replace(${sofar}, ${textLiteral(from)}, ${textLiteral(to)})`,
    value,
  );
}

function replacedAll(value: Sql, pattern: string, replacement: string): Sql {
  return sql`pg_catalog.regexp_replace(${value} COLLATE "C", ${textLiteral(pattern)}, ${
    textLiteral(replacement)
  }, 'g')`;
}
