/**
 * Other spellings of tokens: HTML's references, quoted-printable, full width, what shows nothing, escapes of letters. Long
 * expressions, evaluated for the few texts that look so.
 *
 * @module
 */

import type { Sql } from "../../engine/sql.ts";
import {
  decimalReference,
  encodedBytes,
  encodedInvisible,
  escapes,
  fullWidth,
  fullWidthRange,
  hexadecimalReferences,
  invisible,
  invisibleCharacters,
  letters,
  marker,
  namedReferences,
  numberedReferences,
  quotedLetter,
  quotedSigns,
  softBreak,
  unicodeEscape,
} from "../../engine/token_shapes.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** Whether a text, reduced to what may be tokens, may spell one in a way that {@linkcode respelled} undoes. */
export function isDisguised(reduced: Sql): Sql {
  return sql`REGEXP_LIKE(${reduced}, ${textLiteral(`[${fullWidthRange}${invisibleCharacters}]|${marker}`)}, 'c')`;
}

/** The text with spaces for what is disguised, and as it reads. A space follows each {@linkcode softBreak}. */
export function respelled(value: Sql): Sql {
  const joined = replacedAll(value, `${softBreak} `, "");
  const visible = replacedAll(replacedEach(joined, namedReferences), invisible, "");
  const shortest = replacedAll(visible, decimalReference, "&#$1;");
  const escaped = hexadecimalReferences.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, `${digits}$1`),
    replacedEach(shortest, numberedReferences),
  );
  const quoted = replacedAll(replacedEach(escaped, quotedSigns), quotedLetter, "%$1%$2");
  const narrow = replacedEach(quoted, fullWidth.map(([code, plain]) => [String.fromCharCode(code), plain] as const));
  return sql`CONCAT(${replacedAll(value, `${marker}|[${fullWidthRange}${invisibleCharacters}&;#=]`, " ")}, ' ', ${
    replacedAll(narrow, String.raw`[^A-Za-z0-9@._%+~\\${letters}-]+`, " ")
  })`;
}

/** A folded text with escapes and percent-encoding of letters undone; between other characters are spaces. */
export function unescapedLetters(value: Sql): Sql {
  const started = escapes.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, `${digits}$1`),
    replacedEach(replacedAll(value, encodedInvisible, ""), encodedBytes),
  );
  const harmless = replacedAll(started, String.raw`[\\"\u0000-\u001f]`, " ");
  const read = sql`CONVERT(JSON_UNQUOTE(CONCAT('"', ${
    replacedAll(harmless, unicodeEscape, String.raw`\\u$1`)
  }, '"')) USING utf8mb4)`;
  return replacedAll(sql`LOWER(${read})`, `[^a-z0-9@._%+~${letters}-]`, " ");
}

function replacedEach(value: Sql, pairs: readonly (readonly [from: string, to: string])[]): Sql {
  return pairs.reduce((sofar, [from, to]) => sql`REPLACE(${sofar}, ${textLiteral(from)}, ${textLiteral(to)})`, value);
}

function replacedAll(value: Sql, pattern: string, replacement: string): Sql {
  return sql`REGEXP_REPLACE(${value}, ${textLiteral(pattern)}, ${textLiteral(replacement)}, 1, 0, 'c')`;
}
