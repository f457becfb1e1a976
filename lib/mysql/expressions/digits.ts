/**
 * Digits of a text, one by one. The texts are named in a derived table of one row: an expression would repeat them, and with them the
 * hash of a pseudonym, once for every digit.
 *
 * @module
 */

import { type CheckDigits, mostDigits } from "../../engine/expressions.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { sql, textLiteral, utf8 } from "../sql/literals.ts";
import { named } from "../sql/named.ts";

// No column of a row has these names.
const text = trusted("datascrubber_text");
const digits = trusted("datascrubber_digits");

/** NULL where an argument is. The row's columns are not qualified in the arguments. */
export function digitsReplaced(of: Sql, by: Sql): Sql {
  // Every digit is a zero, which then separates the pieces: many times as fast as regular expressions.
  const zeros = Array.from("123456789").reduce(
    (sofar, digit) => sql`REPLACE(${sofar}, ${textLiteral(digit)}, ${textLiteral("0")})`,
    utf8(of),
  );
  const upTo = (count: number) => sql`SUBSTRING_INDEX(${text}, ${textLiteral("0")}, ${count})`;
  const places = Array.from({ length: mostDigits }, (_, at) => {
    const behind = sql`SUBSTRING_INDEX(${upTo(at + 2)}, ${textLiteral("0")}, -1)`;
    return sql`IF(LENGTH(${upTo(at + 1)}) < LENGTH(${text}), CONCAT(SUBSTRING(${digits}, ${
      at + 1
    }, 1), ${behind}), '')`;
  });
  return utf8(
    sql`(SELECT CONCAT(${joinSql([upTo(1), ...places], ", ")}) FROM ${
      named([[zeros, text], [utf8(by), digits]], trusted("datascrubber_texts"))
    } WHERE ${digits} IS NOT NULL)`,
  );
}

/** NULL where the digits are. */
export function checked(of: Sql, { summands, endings, kept }: CheckDigits): Sql {
  const sum = summands.map((ofDigit, at) =>
    sql`ELT(SUBSTRING(${digits}, ${at + 1}, 1) + 1, ${joinSql(ofDigit.map((summand) => sql`${summand}`), ", ")})`
  );
  const ending = sql`ELT(1 + (${joinSql(sum, " + ")}) MOD ${endings.length}, ${
    joinSql(endings.map(textLiteral), ", ")
  })`;
  return utf8(
    sql`(SELECT CONCAT(LEFT(${digits}, ${kept}), ${ending}) FROM ${
      named([[utf8(of), digits]], trusted("datascrubber_texts"))
    })`,
  );
}
