/** PostgreSQL's tag and its literals. @module */

import { type Sql, sqlTag, trusted } from "../../engine/sql.ts";

/** The tag of this dialect. */
export const sql = sqlTag('"');

/**
 * A text literal, valid for any standard_conforming_strings. The text comes from a rule or a catalogue, never from a row.
 *
 * @throws {TypeError} for a text with a NUL, which PostgreSQL cannot hold.
 */
export function textLiteral(value: string): Sql {
  return sql`${stringConstant(value)}::pg_catalog.text`;
}

/**
 * The same without a type, where the grammar takes a string constant and no expression.
 *
 * @throws {TypeError} for a text with a NUL.
 */
export function stringConstant(value: string): Sql {
  if (value.includes("\0")) throw new TypeError("Cannot write a text with a NUL as a literal");
  const quoted = value.replaceAll("'", "''");
  return trusted(quoted.includes("\\") ? ` E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`);
}
