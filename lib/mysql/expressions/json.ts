/** Expressions over places in JSON documents. @module */

import {
  type JsonExpressions,
  type JsonPlaces,
  keyPaths,
  type OfLeaf,
  pathsOnTheWay,
} from "../../engine/json_places.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { bytesInJson, joined } from "../leak_search/searchable.ts";
import { document as asDocument, inDocument } from "../sql/documents.ts";
import { sql, textLiteral, utf8 } from "../sql/literals.ts";
import { mysqlOnly } from "../sql/product.ts";

/** As the type json. */
export const json: JsonExpressions = {
  parsed: (text) => sql`(CASE WHEN JSON_VALID(${utf8(text)}) THEN ${asDocument(utf8(text))} END)`,
  mapped: (document, places, change, other) =>
    sql`(CASE WHEN ${hasUnreadKeys(document)} THEN ${other(document)} ELSE ${
      mapped(document, places, { change, other }, 0)
    } END)`,
  holds: (document, places, change, other) =>
    sql`(CASE WHEN ${hasUnreadKeys(document)} THEN FALSE ELSE ${holds(document, places, { change, other }, 0)} END)`,
  texts: (document, places, change, other) =>
    joined([
      sql`(CASE WHEN ${hasUnreadKeys(document)} THEN ${other(document)} END)`,
      ...texts(document, places, { change, other }, 0),
    ]),
  scalar: (found) => sql`(CASE WHEN NOT ${isContainer(found)} THEN ${utf8(sql`JSON_UNQUOTE(${found})`)} END)`,
  isContainer,
  string: (text) => orNull(asDocument(sql`JSON_QUOTE(${utf8(text)})`)),
  number: (number) => orNull(asDocument(sql`CAST(${number} AS CHAR)`)),
  orNull,
};

const nothing = asDocument(textLiteral("null"));

function orNull(value: Sql): Sql {
  return sql`COALESCE(${value}, ${nothing})`;
}

function isNull(value: Sql): Sql {
  return sql`JSON_TYPE(${value}) = 'NULL'`;
}

function isContainer(found: Sql): Sql {
  return sql`(JSON_TYPE(${found}) IN ('OBJECT', 'ARRAY', ${bytesInJson}))`;
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
  const array = sql`CASE WHEN JSON_TYPE(${value}) = 'ARRAY' THEN ${value} ELSE JSON_ARRAY(${inDocument(value)}) END`;
  return {
    from: sql`JSON_TABLE(${array}, '$[*]' COLUMNS (item JSON PATH '$')) AS ${alias}`,
    item: sql`${alias}.item`,
  };
}

/** The new values at places, and those where an object should be. */
interface Made<Leaf, One = Sql> {
  readonly change: OfLeaf<Leaf, One>;
  readonly other: (found: Sql) => Sql;
}

/** Neither an object nor null. */
function isOther(found: Sql): Sql {
  return sql`JSON_TYPE(${found}) NOT IN ('OBJECT', 'NULL')`;
}

/** Neither an object that has each of the keys once, nor null. MySQL's documents have each key once. */
function isOtherThan<Leaf>(places: JsonPlaces<Leaf>, value: Sql): Sql {
  const all = [...pathsOnTheWay(places), ...keyPaths(places).map(({ path }) => path)];
  // No path of a depth is a part of another one.
  const twice = [...Map.groupBy(all, (path) => path.length).values()].map((paths) => {
    const each = joinSql(paths.map(jsonPath), ", ");
    return sql`JSON_CONTAINS_PATH(JSON_REMOVE(${value}, ${each}), 'one', ${each})`;
  });
  return sql`(${isOther(value)} OR ${mysqlOnly("FALSE AND")} (${joinSql(twice, " OR ")}))`;
}

/**
 * Whether the document has keys that MariaDB's functions do not find because they are written with escapes. MySQL writes documents
 * anew.
 */
function hasUnreadKeys(document: Sql): Sql {
  return sql`(${mysqlOnly("FALSE AND")} LOCATE(${textLiteral("\\")}, ${document}) > 0
    AND ${document} NOT REGEXP ${readableKeys})`;
}

/** A pattern of documents none of whose keys has an escape that need not be: of a letter or slash. */
const readableKeys = textLiteral(
  String.raw`(?s)\A(?:[^"]++|"(?:[^"\\]++|\\.)*+"(?!\s*+:)|"(?:[^"\\]++|\\(?:[^u/]|u00[01]))*+"\s*+:)*+\z`,
);

function mapped<Leaf>(value: Sql, places: JsonPlaces<Leaf>, made: Made<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${isNull(value)} THEN ${value} ELSE ${made.change(value, places.leaf)} END)`;
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    const all = sql`(SELECT COALESCE(JSON_ARRAYAGG(${
      inDocument(mapped(item, places.every, made, depth + 1))
    }), JSON_ARRAY()) FROM ${from})`;
    return sql`(CASE WHEN JSON_TYPE(${value}) = 'ARRAY' THEN ${all} ELSE JSON_EXTRACT(${all}, '$[0]') END)`;
  }
  // One after the other: objects come before their members.
  const changed = [
    ...pathsOnTheWay(places).map((path) => {
      const found = at(value, path);
      const kept = sql`CASE WHEN ${isOther(found)} THEN ${made.other(found)} ELSE ${found} END`;
      return sql`${jsonPath(path)}, ${inDocument(kept)}`;
    }),
    ...keyPaths(places).map(({ path, places }) =>
      sql`${jsonPath(path)}, ${inDocument(mapped(at(value, path), places, made, depth))}`
    ),
  ];
  return sql`(CASE WHEN ${isOtherThan(places, value)} THEN ${made.other(value)} ELSE JSON_REPLACE(${value}, ${
    joinSql(changed, ", ")
  }) END)`;
}

function holds<Leaf>(value: Sql, places: JsonPlaces<Leaf>, made: Made<Leaf>, depth: number): Sql {
  if ("leaf" in places) {
    return sql`(CASE WHEN ${value} IS NULL OR ${isNull(value)} THEN TRUE ELSE COALESCE(${
      made.change(value, places.leaf)
    }, FALSE) END)`;
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    return sql`(${value} IS NULL OR NOT EXISTS (SELECT 1 FROM ${from} WHERE NOT ${
      holds(item, places.every, made, depth + 1)
    }))`;
  }
  const isFine = (found: Sql, isOther: Sql) => sql`(CASE WHEN ${isOther} THEN ${made.other(found)} ELSE TRUE END)`;
  const onTheWay = pathsOnTheWay(places).map((path) => at(value, path));
  const all = [
    isFine(value, isOtherThan(places, value)),
    ...onTheWay.map((found) => isFine(found, isOther(found))),
    ...keyPaths(places).map(({ path, places }) => holds(at(value, path), places, made, depth)),
  ];
  return sql`(${joinSql(all, " AND ")})`;
}

function texts<Leaf>(
  value: Sql,
  places: JsonPlaces<Leaf>,
  made: Made<Leaf, Sql | undefined>,
  depth: number,
): readonly Sql[] {
  if ("leaf" in places) {
    const found = made.change(value, places.leaf);
    return found ? [sql`(CASE WHEN NOT ${isNull(value)} THEN ${found} END)`] : [];
  }
  if ("every" in places) {
    const { from, item } = elements(value, depth);
    const each = texts(item, places.every, made, depth + 1);
    // As a document: GROUP_CONCAT would cut it off. Escapes of JSON's make no difference to the search.
    return each.length === 0 ? [] : [utf8(sql`(SELECT CAST(JSON_ARRAYAGG(${joined(each)}) AS CHAR) FROM ${from})`)];
  }
  const other = (found: Sql, isOther: Sql) => sql`(CASE WHEN ${isOther} THEN ${made.other(found)} END)`;
  return [
    other(value, isOtherThan(places, value)),
    ...pathsOnTheWay(places).map((path) => at(value, path)).map((found) => other(found, isOther(found))),
    ...keyPaths(places).flatMap(({ path, places }) => texts(at(value, path), places, made, depth)),
  ];
}
