/** Texts of an alphabet, by a function in scratch: an expression would repeat the hash for each character. @module */

import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

const name = new Name(scratchSchema, "spelled");

/** The call; NULL where the digits are. */
export function spelled(hexadecimal: Sql, digits: number, alphabet: string): Sql {
  return sql`${name}(pg_catalog.left(${hexadecimal}, ${digits}), ${textLiteral(alphabet)})`;
}

/** Creates the function. */
export const createSpelled: Sql = (() => {
  const body = sql`
DECLARE
  result pg_catalog.text := '';
BEGIN
  FOR at IN 1 .. pg_catalog.char_length($1) BY 4 LOOP
    result := result || pg_catalog.substr($2, 1 + ('x' || pg_catalog.substr($1, at, 4))::pg_catalog.bit(16)::pg_catalog.int4
      % pg_catalog.char_length($2), 1);
  END LOOP;
  RETURN result;
END`;
  return sql`CREATE FUNCTION ${name} (${
    trusted("pg_catalog.text, pg_catalog.text")
  }) RETURNS pg_catalog.text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS ${stringConstant(body.text)}`;
})();
