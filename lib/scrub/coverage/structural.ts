/**
 * Which columns are structural: keys, timestamps, booleans and counters, as far as the catalogue proves it. What it cannot prove,
 * their values must: lib/scrub/plan/structural_values.ts.
 *
 * @module
 */

import { type Column, findColumn, findTable, type Schema, type Table } from "../../engine/schema.ts";
import { isSpecialCategory, personalSubject } from "../discovery/personal_names.ts";

/**
 * Integers of at most four bytes: too small for a phone number with its prefix, or a card number. A schema may be called like one,
 * with types of any width in it.
 */
const small = /^(smallint|integer|tinyint|mediumint|int)\b(?!\.)/;

/** Unsigned integers of four bytes, which an IPv4 address fits exactly. */
const addressWide = /^int\b.*\bunsigned\b/;

/** A structural column. */
export interface Structure {
  readonly kind: "key" | "foreign key" | "boolean" | "timestamp" | "counter";
  /** Why it needs no rule and no review, for people. */
  readonly reason: string;
}

/**
 * What a column that needs no rule and no review is; undefined where it needs one. Structural are, by type and constraint:
 * - members of a foreign key, of integers or UUIDs: they repeat the parent's column, which is classified by itself, and
 *   every foreign key is proven at the end;
 * - members of the primary key, of integers or UUIDs, that the server itself generates (identity, a sequence, AUTO_INCREMENT, a
 *   generator of UUIDs);
 * - booleans, and timestamps;
 * - counters: integers of at most four bytes that are NOT NULL, have a default, and are no key.
 *
 * Not structural, so that a person has to review them: dates (a date of birth is one), text, keys that the application makes,
 * unproven foreign keys, integers that may be NULL, `*_id` without a constraint, enums, and columns whose names look personal.
 * Text with a UUID as its default may hold anything else too.
 */
export function structureOf(schema: Schema, table: Table, column: Column): Structure | undefined {
  if (isKeyLike(column)) {
    if (isMadeByServer({ table, column })) {
      // What has such a name was no key of the server's when it got its values.
      return isCalledPersonal(column) ? undefined : { kind: "key", reason: "a primary key that the server makes" };
    }
    const key = provenKeys(schema, table, column).find(({ parent }) => isGrounded(schema, parent, [{ table, column }]));
    if (key && !isSpecialCategory(column.name)) {
      return { kind: "foreign key", reason: `a foreign key to ${key.parent.table.id}` };
    }
    if (isInKey(schema, table, column)) return undefined;
  }
  if (isCalledPersonal(column)) return undefined;
  if (column.kind === "boolean") return { kind: "boolean", reason: "true or false" };
  if (column.kind === "timestamp") return { kind: "timestamp", reason: "a timestamp" };
  return isCounter(column) ? { kind: "counter", reason: "a counter" } : undefined;
}

/** By its name, or by that of its type, where a user made that: a domain may be called `date_of_birth`. */
function isCalledPersonal({ name, type }: Column): boolean {
  const [, domain] = /^(?:"(?:[^"]|"")+"|[^".(' ]+)\.("(?:[^"]|"")+"|\w+)/.exec(type) ?? [];
  return personalSubject(name) !== undefined || domain !== undefined && personalSubject(domain) !== undefined;
}

function isCounter({ kind, type, nullable, hasDefault }: Column): boolean {
  return kind === "integer" && !nullable && hasDefault && small.test(type) && !addressWide.test(type);
}

function isKeyLike({ kind }: Column): boolean {
  return kind === "integer" || kind === "uuid";
}

/** A member of the primary key or a foreign key, or unique by itself: an identifier, not a counter. */
function isInKey({ foreignKeys }: Schema, { id, primaryKey, uniqueKeys }: Table, { name }: Column): boolean {
  return primaryKey.includes(name) || uniqueKeys.some(({ columns }) => columns.length === 1 && columns[0] === name) ||
    foreignKeys.some(({ child, columns }) => child === id && columns.includes(name));
}

/** A column and its table. */
interface Place {
  readonly table: Table;
  readonly column: Column;
}

/**
 * The columns that this one provably repeats. A NULL in another member of a key would switch the check off, and a key that the
 * server has not checked says nothing.
 */
function provenKeys(schema: Schema, table: Table, column: Column): readonly { readonly parent: Place }[] {
  return schema.foreignKeys.flatMap((key) => {
    const at = key.columns.indexOf(column.name);
    if (key.child !== table.id || at < 0 || key.notValid) return [];
    if (key.columns.some((name) => name !== column.name && mayBeNull(findColumn(table, name)))) return [];
    const parent = findTable(schema, key.parent);
    const repeated = parent && findColumn(parent, key.parentColumns[at] ?? "");
    return parent && repeated ? [{ parent: { table: parent, column: repeated } }] : [];
  });
}

function mayBeNull(column: Column | undefined): boolean {
  return column?.nullable !== false || column.mayHoldNull === true;
}

/** Whether the keys lead to a column that is classified by itself: keys in a circle repeat nothing but each other. */
function isGrounded(schema: Schema, place: Place, seen: readonly Place[]): boolean {
  const { table, column } = place;
  if (seen.some((other) => other.table === table && other.column === column)) return false;
  if (isMadeByServer(place)) return true;
  const keys = provenKeys(schema, table, column);
  return keys.length === 0 || keys.some(({ parent }) => isGrounded(schema, parent, [...seen, place]));
}

function isMadeByServer({ table, column }: Place): boolean {
  // MySQL takes a function of UUIDs for the default of a number, too, and no row ever gets that.
  return table.primaryKey.includes(column.name) && column.generatedBy !== undefined &&
    (column.generatedBy === "uuid") === (column.kind === "uuid");
}
