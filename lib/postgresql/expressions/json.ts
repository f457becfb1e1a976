/** Expressions over places in JSON documents, as jsonb. @module */

import {
  type JsonExpressions,
  type JsonPlaces,
  keyPaths,
  type OfLeaf,
  pathsOnTheWay,
} from "../../engine/json_places.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

const parser = new Name(scratchSchema, "parsed_json");

/** A cast would raise an error for text that is no document, and only PostgreSQL 16 can ask before. */
export const createParser: Sql = (() => {
  const body =
    sql`BEGIN RETURN $1::pg_catalog.jsonb; EXCEPTION WHEN data_exception OR program_limit_exceeded THEN RETURN NULL; END`;
  return sql`CREATE FUNCTION ${parser} (${trusted("pg_catalog.text")}) RETURNS pg_catalog.jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT AS ${stringConstant(body.text)}`;
})();

/** As jsonb. */
export const json: JsonExpressions = {
  parsed: (text) => sql`${parser}(${text})`,
  mapped: (document, places, change, other) => mapped(document, places, { change, other }, 0),
  holds: (document, places, change, other) => holds(document, places, { change, other }, 0),
  texts: (document, places, change, other) =>
    sql`pg_catalog.concat_ws(' ', ${
      joinSql([textLiteral(""), ...texts(document, places, { change, other }, 0)], ", ")
    })`,
  scalar: (found) =>
    sql`(CASE WHEN NOT ${
      isContainer(found)
    } THEN pg_catalog.jsonb_build_array(${found}) OPERATOR(pg_catalog.->>) 0 END)`,
  isContainer,
  string: (text) => orNull(sql`pg_catalog.to_jsonb((${text})::pg_catalog.text)`),
  number: (number) => orNull(sql`pg_catalog.to_jsonb(${number})`),
  orNull,
};

const nothing = sql`'null'::pg_catalog.jsonb`;

function orNull(value: Sql): Sql {
  return sql`coalesce(${value}, ${nothing})`;
}

function typeOf(value: Sql): Sql {
  return sql`pg_catalog.jsonb_typeof(${value})`;
}

function isContainer(found: Sql): Sql {
  return sql`(${typeOf(found)} IN ('object', 'array'))`;
}

function keysOf(path: readonly string[]): Sql {
  return sql`ARRAY[${joinSql(path.map(textLiteral), ", ")}]::pg_catalog.text[]`;
}

function at(document: Sql, path: readonly string[]): Sql {
  return path.length === 0 ? document : sql`pg_catalog.jsonb_extract_path(${document}, VARIADIC ${keysOf(path)})`;
}

/** The elements of a value at some depth, and an element. */
function elements(value: Sql, depth: number): { readonly from: Sql; readonly item: Sql; readonly place: Sql } {
  const alias = new Name(`datascrubber_item_${depth}`);
  const array = sql`CASE WHEN ${typeOf(value)} = 'array' THEN ${value} ELSE pg_catalog.jsonb_build_array(${value}) END`;
  return {
    from: sql`pg_catalog.jsonb_array_elements(${array}) WITH ORDINALITY AS ${alias} (item, place)`,
    item: sql`${alias}.item`,
    place: sql`${alias}.place`,
  };
}

/** The new values at places, and those where an object should be. */
interface Made<Leaf, One = Sql> {
  readonly change: OfLeaf<Leaf, One>;
  readonly other: (found: Sql) => Sql;
}

/** Neither an object nor null. */
function isOther(found: Sql): Sql {
  return sql`${typeOf(found)} NOT IN ('object', 'null')`;
}

/**
 * Each new value is computed from the old document, so that the document that is being made stands in the expression once; where a
 * path leads nowhere, an empty one changes nothing.
 */
function mapped<Leaf>(value: Sql, places: JsonPlaces<Leaf>, made: Made<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${typeOf(value)} = 'null' THEN ${value} ELSE ${made.change(value, places.leaf)} END)`;
  }
  if ("every" in places) {
    const { from, item, place } = elements(value, depth);
    const all = sql`coalesce(pg_catalog.jsonb_agg(${
      mapped(item, places.every, made, depth + 1)
    } ORDER BY ${place}), '[]'::pg_catalog.jsonb)`;
    return sql`(SELECT CASE WHEN ${
      typeOf(value)
    } = 'array' THEN ${all} ELSE ${all} OPERATOR(pg_catalog.->) 0 END FROM ${from})`;
  }
  const set = (sofar: Sql, path: readonly string[], condition: Sql, value: Sql) => {
    const target = sql`CASE WHEN ${condition} THEN ${keysOf(path)} ELSE '{}'::pg_catalog.text[] END`;
    return sql`pg_catalog.jsonb_set(${sofar}, ${target}, ${orNull(value)}, false)`;
  };
  const objects = pathsOnTheWay(places).reduce((sofar, path) => {
    const found = at(value, path);
    return set(sofar, path, isOther(found), made.other(found));
  }, value);
  const changed = keyPaths(places).reduce((sofar, { path, places }) => {
    const found = at(value, path);
    return set(sofar, path, sql`${found} IS NOT NULL`, mapped(found, places, made, depth));
  }, objects);
  return sql`(CASE ${typeOf(value)} WHEN 'object' THEN ${changed} WHEN 'null' THEN ${value} ELSE ${
    made.other(value)
  } END)`;
}

function holds<Leaf>(value: Sql, places: JsonPlaces<Leaf>, made: Made<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${value} IS NULL OR ${typeOf(value)} = 'null' THEN TRUE ELSE coalesce(${
      made.change(value, places.leaf)
    }, FALSE) END)`;
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    return sql`(${value} IS NULL OR NOT EXISTS (SELECT FROM ${from} WHERE NOT ${
      holds(item, places.every, made, depth + 1)
    }))`;
  }
  const isFine = (found: Sql) => sql`(CASE WHEN ${isOther(found)} THEN ${made.other(found)} ELSE TRUE END)`;
  const all = [
    ...pathsOnTheWay(places).map((path) => isFine(at(value, path))),
    ...keyPaths(places).map(({ path, places }) => holds(at(value, path), places, made, depth)),
  ];
  return sql`(CASE WHEN ${typeOf(value)} = 'object' THEN ${joinSql(all, " AND ")} ELSE ${isFine(value)} END)`;
}

function texts<Leaf>(
  value: Sql,
  places: JsonPlaces<Leaf>,
  made: Made<Leaf, Sql | undefined>,
  depth: number,
): readonly Sql[] {
  if ("leaf" in places) {
    const found = made.change(value, places.leaf);
    return found ? [sql`(CASE WHEN ${typeOf(value)} <> 'null' THEN ${found} END)`] : [];
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    const each = texts(item, places.every, made, depth + 1);
    if (each.length === 0) return [];
    const joined = sql`pg_catalog.concat_ws(' ', ${joinSql(each, ", ")})`;
    return [sql`(SELECT pg_catalog.string_agg(${joined}, ' ') FROM ${from})`];
  }
  const object = sql`(CASE WHEN ${typeOf(value)} = 'object' THEN ${value} END)`;
  const others = [value, ...pathsOnTheWay(places).map((path) => at(object, path))];
  return [
    ...others.map((found) => sql`(CASE WHEN ${isOther(found)} THEN ${made.other(found)} END)`),
    ...keyPaths(places).flatMap(({ path, places }) => texts(at(object, path), places, made, depth)),
  ];
}
