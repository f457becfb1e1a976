/** Places in a JSON document, for expressions that change or check the values there. @module */

import type { Sql } from "./sql.ts";

/** The kind of value at each place: a leaf; keys of an object; or every element of an array, of which a value that is no array is one. */
export type JsonPlaces<Leaf> =
  | { readonly leaf: Leaf }
  | { readonly every: JsonPlaces<Leaf> }
  | { readonly keys: ReadonlyMap<string, JsonPlaces<Leaf>> };

/** What is made of a value that was found at a leaf's place. */
export type OfLeaf<Leaf, Made> = (found: Sql, leaf: Leaf) => Made;

/**
 * Expressions over documents in the engine's own JSON (PostgreSQL: jsonb). What is given to the functions is a value of it that is
 * there and is not null; what they return is the same for an equal value.
 */
export interface JsonExpressions {
  /** A text as a document; NULL where it is none, or is NULL. May call a function in scratch. */
  parsed(text: Sql): Sql;
  /**
   * The document with other values at the places, and for whatever stands where an object should be on the way to one (`other`); places
   * that are missing or null stay so.
   */
  mapped<Leaf>(document: Sql, places: JsonPlaces<Leaf>, change: OfLeaf<Leaf, Sql>, other: (found: Sql) => Sql): Sql;
  /** Whether the conditions hold at all places, and for the values on the way to one, that are there and not null. */
  holds<Leaf>(document: Sql, places: JsonPlaces<Leaf>, condition: OfLeaf<Leaf, Sql>, other: (found: Sql) => Sql): Sql;
  /** The texts of all these that are there and not null, as one text; no text for a leaf is left out. */
  texts<Leaf>(
    document: Sql,
    places: JsonPlaces<Leaf>,
    text: OfLeaf<Leaf, Sql | undefined>,
    other: (found: Sql) => Sql,
  ): Sql;
  /** The text of a string, number or boolean; NULL for what {@linkcode isContainer} finds. */
  scalar(found: Sql): Sql;
  /** Whether the value is an object or array, or bytes, which MySQL's documents may have. */
  isContainer(found: Sql): Sql;
  /** The text as a string; null for NULL. */
  string(text: Sql): Sql;
  /** The number; null for NULL. */
  number(number: Sql): Sql;
  /** The value itself; null for NULL. */
  orNull(value: Sql): Sql;
}

/** A path of keys to something other than keys. */
export interface JsonPath<Leaf> {
  readonly path: readonly string[];
  readonly places: JsonPlaces<Leaf>;
}

/** The paths below keys, each as far as keys lead; none for other places. */
export function keyPaths<Leaf>(places: JsonPlaces<Leaf>): readonly JsonPath<Leaf>[] {
  if (!("keys" in places)) return [{ path: [], places }];
  return [...places.keys].flatMap(([key, below]) =>
    keyPaths(below).map(({ path, places }) => ({ path: [key, ...path], places }))
  );
}

/** The paths on the way to those of {@linkcode keyPaths}, shorter ones first, each once: at each should be an object. */
export function pathsOnTheWay<Leaf>(places: JsonPlaces<Leaf>): readonly (readonly string[])[] {
  if (!("keys" in places)) return [];
  return [...places.keys].flatMap(([key, below]) =>
    "keys" in below ? [[key], ...pathsOnTheWay(below).map((path) => [key, ...path])] : []
  );
}
