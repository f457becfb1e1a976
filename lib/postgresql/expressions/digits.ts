/**
 * Digits of a text, one by one. By functions in scratch, because an expression would repeat the text, and with it the hash of a
 * pseudonym, once for every digit.
 *
 * @module
 */

import { type CheckDigits, mostDigits } from "../../engine/expressions.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

const replacedName = new Name(scratchSchema, "digits_replaced");
const checkedName = new Name(scratchSchema, "checked");

/** The call; NULL where an argument is. */
export function digitsReplaced(text: Sql, digits: Sql): Sql {
  return sql`${replacedName}(${bytewise(text)}, ${bytewise(digits)})`;
}

/** The call; NULL where the digits are. */
export function checked(digits: Sql, { summands, endings, kept }: CheckDigits): Sql {
  const numbers = joinSql(summands.flat().map((summand) => sql`${summand}`), ", ");
  const texts = joinSql(endings.map(textLiteral), ", ");
  return sql`${checkedName}(${bytewise(digits)}, ARRAY[${numbers}]::pg_catalog.int4[], ARRAY[${texts}], ${kept})`;
}

function bytewise(text: Sql): Sql {
  return sql`((${text}) COLLATE "C")`;
}

const places = Array.from({ length: mostDigits }, (_, at) => at + 1);

/** Creates the functions: one expression each, because a loop's statements take several times as long. */
export const createDigits: readonly Sql[] = [
  create(
    replacedName,
    "pg_catalog.text, pg_catalog.text",
    `
DECLARE
  rest CONSTANT pg_catalog.text[] := pg_catalog.regexp_split_to_array($1, '[0-9]');
BEGIN
  RETURN rest[1]${places.map((at) => ` || coalesce(pg_catalog.substr($2, ${at}, 1) || rest[${at + 1}], '')`).join("")};
END`,
  ),
  create(
    checkedName,
    "pg_catalog.text, pg_catalog.int4[], pg_catalog.text[], pg_catalog.int4",
    `
DECLARE
  sum CONSTANT pg_catalog.int4 := ${
      places.map((at) =>
        `coalesce($2[nullif(pg_catalog.ascii(pg_catalog.substr($1, ${at}, 1)), 0) + ${(at - 1) * 10 - 47}], 0)`
      ).join(" + ")
    };
BEGIN
  RETURN pg_catalog.left($1, $4) || $3[sum % pg_catalog.cardinality($3) + 1];
END`,
  ),
];

function create(name: Name, parameters: string, body: string): Sql {
  return sql`CREATE FUNCTION ${name} (${trusted(parameters)}) RETURNS pg_catalog.text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS ${stringConstant(body)}`;
}
