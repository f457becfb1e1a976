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

/** Creates the functions. */
export const createDigits: readonly Sql[] = [
  sql`CREATE FUNCTION ${replacedName} (${trusted("pg_catalog.text, pg_catalog.text")}) RETURNS pg_catalog.text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS ${
    stringConstant(`
DECLARE
  result pg_catalog.text COLLATE "C" := '';
  letter pg_catalog.text COLLATE "C";
  used pg_catalog.int4 := 0;
BEGIN
  FOREACH letter IN ARRAY pg_catalog.string_to_array($1, NULL) LOOP
    IF letter >= '0' AND letter <= '9' THEN
      used := used + 1;
      EXIT WHEN used > ${mostDigits};
      letter := pg_catalog.substr($2, used, 1);
    END IF;
    result := result || letter;
  END LOOP;
  RETURN result;
END`)
  }`,
  sql`CREATE FUNCTION ${checkedName} (${
    trusted("pg_catalog.text, pg_catalog.int4[], pg_catalog.text[], pg_catalog.int4")
  }) RETURNS pg_catalog.text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS ${
    stringConstant(`
DECLARE
  sum pg_catalog.int4 := 0;
BEGIN
  FOR place IN 1 .. pg_catalog.char_length($1) LOOP
    sum := sum + $2[(place - 1) * 10 + pg_catalog.substr($1, place, 1)::pg_catalog.int4 + 1];
  END LOOP;
  RETURN pg_catalog.left($1, $4) || $3[sum % pg_catalog.cardinality($3) + 1];
END`)
  }`,
];
