/** Expressions over places in JSON documents. @module */

import { type JsonExpressions, type JsonPlaces, keyPaths } from "../../engine/json_places.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { joined } from "../leak_search/searchable.ts";
import { sql, textLiteral, utf8 } from "../sql/literals.ts";

/** As the type json. */
export const json: JsonExpressions = {
  parsed: (text) => sql`(CASE WHEN JSON_VALID(${utf8(text)}) THEN CAST(${utf8(text)} AS JSON) END)`,
  mapped: (document, places, change) => mapped(document, places, change, 0),
  holds: (document, places, condition) => holds(document, places, condition, 0),
  texts: (document, places, text) => joined(texts(document, places, text, 0)),
  scalar: (found) => sql`(CASE WHEN NOT ${isContainer(found)} THEN ${utf8(sql`JSON_UNQUOTE(${found})`)} END)`,
  isContainer,
  string: (text) => orNull(sql`CAST(JSON_QUOTE(${utf8(text)}) AS JSON)`),
  number: (number) => orNull(sql`CAST(CAST(${number} AS CHAR) AS JSON)`),
  orNull,
};

const nothing = sql`CAST('null' AS JSON)`;

function orNull(value: Sql): Sql {
  return sql`COALESCE(${value}, ${nothing})`;
}

function isNull(value: Sql): Sql {
  return sql`JSON_TYPE(${value}) = 'NULL'`;
}

function isContainer(found: Sql): Sql {
  return sql`(JSON_TYPE(${found}) IN ('OBJECT', 'ARRAY'))`;
}

/** `$."key"."other"`: a quoted key is a JSON string to MySQL, so no letter of it is a wildcard. */
function jsonPath(path: readonly string[]): Sql {
  return textLiteral(["$", ...path.map((key) => JSON.stringify(key))].join("."));
}

function at(document: Sql, path: readonly string[]): Sql {
  return path.length === 0 ? document : sql`JSON_EXTRACT(${document}, ${jsonPath(path)})`;
}

/** The elements of a value at some depth, and an element: the server reads an array in its order. */
function elements(value: Sql, depth: number): { readonly from: Sql; readonly item: Sql } {
  const alias = new Name(`datascrubber_items_${depth}`);
  const array = sql`CASE WHEN JSON_TYPE(${value}) = 'ARRAY' THEN ${value} ELSE JSON_ARRAY(${value}) END`;
  return {
    from: sql`JSON_TABLE(${array}, '$[*]' COLUMNS (item JSON PATH '$')) AS ${alias}`,
    item: sql`${alias}.item`,
  };
}

type Change<Leaf> = (found: Sql, leaf: Leaf) => Sql;

function mapped<Leaf>(value: Sql, places: JsonPlaces<Leaf>, change: Change<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${isNull(value)} THEN ${value} ELSE ${change(value, places.leaf)} END)`;
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    const all = sql`(SELECT COALESCE(JSON_ARRAYAGG(${
      mapped(item, places.every, change, depth + 1)
    }), JSON_ARRAY()) FROM ${from})`;
    return sql`(CASE WHEN JSON_TYPE(${value}) = 'ARRAY' THEN ${all} ELSE JSON_EXTRACT(${all}, '$[0]') END)`;
  }
  const changed = keyPaths(places).map(({ path, places }) =>
    sql`${jsonPath(path)}, ${mapped(at(value, path), places, change, depth)}`
  );
  return sql`JSON_REPLACE(${value}, ${joinSql(changed, ", ")})`;
}

function holds<Leaf>(value: Sql, places: JsonPlaces<Leaf>, condition: Change<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${value} IS NULL OR ${isNull(value)} THEN TRUE ELSE COALESCE(${
      condition(value, places.leaf)
    }, FALSE) END)`;
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    return sql`(${value} IS NULL OR NOT EXISTS (SELECT 1 FROM ${from} WHERE NOT ${
      holds(item, places.every, condition, depth + 1)
    }))`;
  }
  const all = keyPaths(places).map(({ path, places }) => holds(at(value, path), places, condition, depth));
  return sql`(${joinSql(all, " AND ")})`;
}

function texts<Leaf>(
  value: Sql,
  places: JsonPlaces<Leaf>,
  text: (found: Sql, leaf: Leaf) => Sql | undefined,
  depth: number,
): readonly Sql[] {
  if ("leaf" in places) {
    const found = text(value, places.leaf);
    return found ? [sql`(CASE WHEN NOT ${isNull(value)} THEN ${found} END)`] : [];
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    const each = texts(item, places.every, text, depth + 1);
    // As a document: GROUP_CONCAT would cut it off. Escapes of JSON's make no difference to the search.
    return each.length === 0 ? [] : [utf8(sql`(SELECT CAST(JSON_ARRAYAGG(${joined(each)}) AS CHAR) FROM ${from})`)];
  }
  return keyPaths(places).flatMap(({ path, places }) => texts(at(value, path), places, text, depth));
}
