/**
 * Replaces one text by another. By a function in scratch, because an expression would repeat the texts, and with them the hash of a
 * pseudonym, a dozen times: measured, that took longer than the rest of a rewrite.
 *
 * @module
 */

import type { Substitution } from "../../engine/expressions.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant, textLiteral as literal } from "../sql/literals.ts";
import { percentEncoded } from "./percent_encoded.ts";
import { scratchSchema } from "../sql/table_name.ts";

const name = new Name(scratchSchema, "substituted");

/** The call; NULL where the text or the needle is. */
export function substituted(text: Sql, { needle, replacement, filler, shortest, limit }: Substitution): Sql {
  const longest = limit === undefined ? sql`NULL` : sql`${limit}`;
  const texts = [text, needle, replacement].map((one) => sql`((${one}) COLLATE "C"), `);
  const [first = sql``, second = sql``, third = sql``] = texts;
  return sql`${name}(${first}${second}${third}${literal(filler)}, ${shortest}, ${longest}::pg_catalog.int4)`;
}

/** The text with a space for every occurrence of the needle, plain or percent-encoded; the text itself where there is no needle. */
export function without(text: Sql, needle: Sql): Sql {
  const replaced = (inner: Sql, from: Sql) =>
    sql`pg_catalog.replace((${inner} COLLATE "C"), (${from} COLLATE "C"), ' ')`;
  return sql`coalesce(${replaced(replaced(text, needle), percentEncoded(needle))}, ${text})`;
}

/**
 * Creates the function. Most texts are done when nothing that could belong to the needle is left in them: folding costs as much
 * as six replacements, and so does counting characters, where counting bytes costs nothing.
 */
export const createSubstituted: Sql = (() => {
  const without = (text: string, sign: string) => `pg_catalog.replace(${text}, '${sign}', '')`;
  const holds = (text: string, sign: string) =>
    trusted(`pg_catalog.octet_length(${without(text, sign)}) <> pg_catalog.octet_length(${text})`);
  const body = sql`
DECLARE
  old CONSTANT pg_catalog.text COLLATE "C" := $1;
  needle CONSTANT pg_catalog.text COLLATE "C" := $2;
  replacement CONSTANT pg_catalog.text COLLATE "C" := coalesce($3, '');
  result pg_catalog.text COLLATE "C";
  rest pg_catalog.text COLLATE "C";
  encoded pg_catalog.text COLLATE "C";
BEGIN
  IF needle = '' THEN
    RETURN old;
  END IF;
  IF pg_catalog.char_length(needle) >= $5 THEN
    result := pg_catalog.replace(old, needle, replacement);
    rest := pg_catalog.replace(old, needle, '');
    IF ${holds("rest", "%")} THEN
      encoded := ${percentEncoded(trusted("needle"))};
      result := pg_catalog.replace(result, encoded, ${percentEncoded(trusted("replacement"))});
      rest := pg_catalog.replace(rest, encoded, '');
    END IF;
    IF NOT (${holds("needle", "@")}) OR ${holds("rest", "@")} OR ${holds("rest", "%")} THEN
      rest := pg_catalog.lower(result);
      encoded := ${percentEncoded(trusted("needle"))};
      IF pg_catalog.strpos(rest, pg_catalog.lower(needle)) > 0 OR pg_catalog.strpos(rest, pg_catalog.lower(encoded)) > 0 THEN
        result := NULL;
      END IF;
    END IF;
    IF result IS NOT NULL AND ($6 IS NULL OR pg_catalog.octet_length(result) <= $6 OR pg_catalog.char_length(result) <= $6
      OR pg_catalog.char_length(result) <= pg_catalog.char_length(old)) THEN
      RETURN result;
    END IF;
  END IF;
  RETURN pg_catalog.rpad('', pg_catalog.char_length(old), $4);
END`;
  return sql`CREATE FUNCTION ${name} (${
    trusted("pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.int4")
  }) RETURNS pg_catalog.text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS ${stringConstant(body.text)}`;
})();
