/**
 * Other spellings of tokens: HTML's references, quoted-printable, full width, what shows nothing, escapes of letters. Long
 * expressions, evaluated for the few texts that look so.
 *
 * @module
 */

import { type Sql, trusted } from "../../engine/sql.ts";
import {
  decimalReference,
  encodedBytes,
  encodedInvisible,
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
  quotedOther,
  quotedSigns,
  referenceMarker,
  softBreak,
  telltaleMarkers,
  unicodeEscape,
} from "../../engine/token_shapes.ts";
import { lower, sql, textLiteral } from "../sql/literals.ts";
import { named } from "../sql/named.ts";
import { hasMatch, replacedAll } from "../sql/regexp.ts";

/** Whether a text, reduced to what may be tokens, may spell one in a way that {@linkcode respelled} undoes. */
export function isDisguised(reduced: Sql): Sql {
  const hidden = `[${fullWidthRange}${invisibleCharacters}]`;
  return sql`(${found(reduced, `${hidden}|${telltaleMarkers.any}`)} AND (${
    found(reduced, `${hidden}|${telltaleMarkers.plain}`)
  } OR ${found(reduced, String.raw`[%\\]`)}))`;
}

/**
 * The text with spaces for what is disguised, and as it reads. A space follows each {@linkcode softBreak}. Named in tables of one
 * row each, so that only what there is in a text is looked for.
 */
export function respelled(value: Sql): Sql {
  const [visible, escaped, quoted] = [
    trusted("datascrubber_visible"),
    trusted("datascrubber_escaped"),
    trusted("datascrubber_quoted"),
  ];
  // A line that ends so may be no line of quoted-printable: what follows counts by itself, too.
  const joined = sql`IF(${found(value, softBreak)}, CONCAT(${replacedAll(value, `${softBreak} `, "")}, ' ', ${
    replacedAll(value, softBreak, " ")
  }), ${value})`;
  const each = (expression: Sql, as: Sql, from?: Sql) =>
    named([[expression, as]], trusted("datascrubber_spelled"), from);
  const first = each(replacedAll(replacedEach(joined, namedReferences), invisible, ""), visible);
  const numbered = hexadecimalReferences.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, `${digits}$1`),
    replacedEach(replacedAll(visible, decimalReference, "&#$1;"), numberedReferences),
  );
  const second = each(sql`IF(${found(visible, "&#")}, ${numbered}, ${visible})`, escaped, first);
  const lettersRead = replacedAll(replacedEach(escaped, quotedSigns), quotedLetter, "%$1%$2");
  const signs = replacedAll(lettersRead, quotedOther, " ");
  const third = each(sql`IF(${found(escaped, "=")}, ${signs}, ${escaped})`, quoted, second);
  const plain = replacedEach(quoted, fullWidth.map(([code, plain]) => [String.fromCharCode(code), plain] as const));
  const narrow = sql`IF(${found(quoted, `[${fullWidthRange}]`)}, ${plain}, ${quoted})`;
  return sql`CONCAT(${
    replacedAll(value, `${referenceMarker}|${softBreak}|[${fullWidthRange}${invisibleCharacters}&;#=]`, " ")
  }, ' ', (SELECT ${replacedAll(narrow, String.raw`[^A-Za-z0-9@._%+~\\${letters}-]+`, " ")} FROM ${third}))`;
}

/** A folded text with escapes and percent-encoding of letters undone; between other characters are spaces. */
export function unescapedLetters(value: Sql): Sql {
  const started = escapes.reduce(
    (sofar, [pattern, digits]) => replacedAll(sofar, pattern, `${digits}$1`),
    replacedEach(replacedAll(value, encodedInvisible, ""), encodedBytes),
  );
  const harmless = replacedAll(started, String.raw`${encodedOther}|[\\"\u0000-\u001f]`, " ");
  const read = sql`CONVERT(JSON_UNQUOTE(CONCAT('"', ${
    replacedAll(harmless, unicodeEscape, String.raw`\\u$1`)
  }, '"')) USING utf8mb4)`;
  return replacedAll(lower(read), `[^a-z0-9@._%+~${letters}-]`, " ");
}

function found(value: Sql, pattern: string): Sql {
  return hasMatch(value, pattern);
}

function replacedEach(value: Sql, pairs: readonly (readonly [from: string, to: string])[]): Sql {
  return pairs.reduce((sofar, [from, to]) => sql`REPLACE(${sofar}, ${textLiteral(from)}, ${textLiteral(to)})`, value);
}
