/**
 * Replaces one text by another. The texts, and with them the hash of a pseudonym, are named in tables of one row each: an
 * expression would repeat them a dozen times, which, measured, took four times as long as the rest of a copy.
 *
 * @module
 */

import type { Expressions, Substitution } from "../../engine/expressions.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { bytes, sql, utf8 } from "../sql/literals.ts";
import { named, type NamedText } from "../sql/named.ts";
import { mysqlOnly } from "../sql/product.ts";

// No column of a row has these names.
const old = trusted("datascrubber_old");
const needle = trusted("datascrubber_needle");
const replacement = trusted("datascrubber_replacement");
const encoded = trusted("datascrubber_encoded");
const encodedReplacement = trusted("datascrubber_encoded_replacement");
const half = trusted("datascrubber_half");
const result = trusted("datascrubber_result");
const folded = trusted("datascrubber_folded");

/** NULL where the text or the needle is. The row's columns are not qualified in the arguments. */
export function substituted(e: Expressions, text: Sql, wanted: Substitution): Sql {
  const cleaned = spellingsReplaced(e, text, wanted.needle, wanted.replacement);
  const compared = inTurn([...cleaned, [[bytes(e.fold(result)), folded]]]);
  const left = [needle, encoded].map((spelling) => sql`LOCATE(${bytes(e.fold(spelling))}, ${folded}) > 0`);
  const short = sql`CHAR_LENGTH(${utf8(needle)}) < ${wanted.shortest}`;
  const filled = bytes(e.filled(wanted.filler, e.length(utf8(old))));
  return utf8(sql`(SELECT CASE WHEN ${needle} = '' THEN ${old}
      WHEN ${joinSql([short, ...left, tooLong(wanted)], " OR ")} THEN ${filled} ELSE ${result} END
    FROM ${compared})`);
}

/** The text with a space for every occurrence of the needle, plain or percent-encoded; the text itself where there is no needle. */
export function without(e: Expressions, text: Sql, unwanted: Sql): Sql {
  const cleaned = inTurn(spellingsReplaced(e, text, unwanted, sql`' '`, sql`' '`));
  return utf8(sql`(SELECT COALESCE(${result}, ${old}) FROM ${cleaned})`);
}

/** What is named one after the other: the old text, the needle in both spellings, and the text with both replaced. */
function spellingsReplaced(
  e: Expressions,
  text: Sql,
  what: Sql,
  by: Sql,
  byEncoded?: Sql,
): readonly (readonly NamedText[])[] {
  return [
    [[bytes(text), old], [bytes(what), needle], [sql`COALESCE(${bytes(by)}, '')`, replacement]],
    [
      [bytes(e.percentEncoded(needle)), encoded],
      [bytes(byEncoded ?? e.percentEncoded(replacement)), encodedReplacement],
    ],
    [[replaced(old, needle, replacement), half]],
    [[replaced(half, encoded, encodedReplacement), result]],
  ];
}

/** Tables of one row, of which each sees those before. */
function inTurn(tables: readonly (readonly NamedText[])[]): Sql {
  return joinSql(
    tables.map((columns, at) => named(columns, trusted(`datascrubber_texts_${at}`))),
    ` CROSS JOIN ${mysqlOnly("LATERAL").text} `,
  );
}

/** REPLACE copies byte by byte even where it finds nothing; most texts hold a needle once at most, and INSERT copies at once. */
function replaced(text: Sql, from: Sql, to: Sql): Sql {
  const first = sql`LOCATE(${from}, ${text})`;
  return sql`CASE WHEN ${first} = 0 THEN ${text} WHEN LOCATE(${from}, ${text}, ${first} + 1) = 0
    THEN INSERT(${text}, ${first}, CHAR_LENGTH(${from}), ${to}) ELSE REPLACE(${text}, ${from}, ${to}) END`;
}

function tooLong({ limit }: Substitution): Sql {
  if (limit === undefined) return sql`FALSE`;
  const size = sql`CHAR_LENGTH(${utf8(result)})`;
  return sql`(${size} > ${limit} AND ${size} > CHAR_LENGTH(${utf8(old)}))`;
}
