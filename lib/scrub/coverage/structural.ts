/** Which columns are structure: nothing but keys, moments, truth values and counters, by type and constraint. @module */

import type { Column, Schema, Table } from "../../engine/schema.ts";

/**
 * Words that take a column's structure away, whatever its type: an integer may be a phone number, a timestamp a birthday.
 * The other way round a name proves nothing: `note_id` is not a key because it is called so.
 */
const personal = new RegExp(
  "(^|_)(birth\\w*|born|dob|died|death|dead|deceased|age|phone\\w*|telephone|tel|mobile|fax|nino|ssn|nhs|passport|iban|card" +
    "|account|pin|code|salary|income|wage|postcode|postal|zip|lat|latitude|lng|lon|longitude|ip|number|no|gender|sex|religion" +
    "|ethnic\\w*|disabilit\\w*|pregnan\\w*|health|medical)(_|$)",
  "i",
);

/** Types of whole numbers of at most four bytes: too short for a phone number with its prefix, or a card's. */
const small = /^(smallint|integer|tinyint|mediumint|int)\b/;

/**
 * Why a column needs no rule and no review; undefined where it needs one. Structural are, by type and constraint:
 * - members of a foreign key, of whole numbers or UUIDs: they repeat the parent's column, which is accounted for by itself, and
 *   every foreign key is proven at the end;
 * - members of the primary key, of whole numbers or UUIDs, that the server numbers or makes (a default, identity, AUTO_INCREMENT);
 * - booleans, and timestamps;
 * - counters: whole numbers of at most four bytes that are NOT NULL and have a default.
 *
 * Not structural, so that a person has looked at them: dates (a date of birth is one), text of any name, keys that the application
 * makes itself, whole numbers that may be NULL, `*_id` without a constraint, enums, and what is called like something personal.
 */
export function structureOf(schema: Schema, table: Table, column: Column): string | undefined {
  const keyLike = column.kind === "integer" || column.kind === "uuid";
  if (keyLike) {
    const link = schema.foreignKeys.find(({ child, columns }) => child === table.id && columns.includes(column.name));
    if (link) return `a foreign key to ${link.parent}`;
    if (table.primaryKey.includes(column.name) && column.hasDefault) return "a primary key that the server makes";
  }
  if (personal.test(column.name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2"))) return undefined;
  if (column.kind === "boolean") return "true or false";
  if (column.kind === "timestamp") return "a moment";
  if (column.kind === "integer" && !column.nullable && column.hasDefault && small.test(column.type)) return "a counter";
  return undefined;
}
