/** Values of any type as texts in which tokens can be found. @module */

import type { Column } from "../../engine/schema.ts";
import { joinSql, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** The value as text in which tokens can be found; undefined for types that hold none. */
export function searchable(value: Sql, column: Column): Sql | undefined {
  switch (column.kind) {
    case "text":
    case "json":
    case "uuid":
      return sql`((${value})::pg_catalog.text)`;
    case "array":
      if (column.element === "other") return withBytes(value);
      return column.element === "binary" ? withoutEscapes(shown(value)) : shown(value);
    case "other":
      return withBytes(value);
    case "binary":
      return withoutEscapes(sql`pg_catalog.encode(${value}, 'escape')`);
    default:
      return undefined;
  }
}

/** The value as the server prints it. Of a composite value with one NULL, IS NOT NULL is false. */
function shown(value: Sql): Sql {
  return sql`(CASE WHEN ${value} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', ${value}) END)`;
}

/** Twice, where attributes of a composite type may be bytes: digits behind a backslash are an escape in these alone. */
function withBytes(value: Sql): Sql {
  const text = shown(value);
  return sql`(${text} OPERATOR(pg_catalog.||) CASE WHEN pg_catalog.strpos(${text}, ${textLiteral("\\")}) > 0
    THEN ' ' OPERATOR(pg_catalog.||) ${withoutEscapes(text)} ELSE '' END)`;
}

/** Spaces for bytes beyond ASCII. In an array each backslash is doubled. */
function withoutEscapes(bytes: Sql): Sql {
  return sql`pg_catalog.regexp_replace(${bytes} COLLATE "C", ${textLiteral(String.raw`\\+[0-7]{3}`)}, ' ', 'g')`;
}

/** Arguments of a function at most are 100 (FUNC_MAX_ARGS), and one is what stands between. */
const mostJoined = 99;

/** The texts one after the other, with a space between; NULLs are left out. */
export function joined(texts: readonly Sql[]): Sql {
  if (texts.length === 0) return textLiteral("");
  const parts: Sql[] = [];
  for (let from = 0; from < texts.length; from += mostJoined) {
    parts.push(sql`pg_catalog.concat_ws(' ', ${joinSql(texts.slice(from, from + mostJoined), ", ")})`);
  }
  return parts.length === 1 ? joinSql(parts, "") : joined(parts);
}

/** Whether a text is among about one in `share`. */
export function oneIn(share: number, value: Sql): Sql {
  const hash = sql`pg_catalog.abs(pg_catalog.hashtext(${value} COLLATE "C")::pg_catalog.int8)`;
  return sql`(${hash} % ${share} = 0)`;
}
