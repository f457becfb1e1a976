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
    case "array": {
      const shown = sql`(CASE WHEN ${value} IS NOT NULL THEN pg_catalog.format('%s', ${value}) END)`;
      return column.element === "binary" ? withoutEscapes(shown) : shown;
    }
    case "other":
      return sql`(CASE WHEN ${value} IS NOT NULL THEN pg_catalog.format('%s', ${value}) END)`;
    case "binary":
      return withoutEscapes(sql`pg_catalog.encode(${value}, 'escape')`);
    default:
      return undefined;
  }
}

/** Spaces for bytes beyond ASCII. In an array each backslash is doubled. */
function withoutEscapes(bytes: Sql): Sql {
  return sql`pg_catalog.regexp_replace(${bytes} COLLATE "C", ${textLiteral(String.raw`\\+[0-7]{3}`)}, ' ', 'g')`;
}

/** The texts one after the other, with a space between; NULLs are left out. */
export function joined(texts: readonly Sql[]): Sql {
  return texts.length === 0 ? textLiteral("") : sql`pg_catalog.concat_ws(' ', ${joinSql(texts, ", ")})`;
}

/** Whether a text is among about one in `share`. */
export function oneIn(share: number, value: Sql): Sql {
  const hash = sql`pg_catalog.abs(pg_catalog.hashtext(${value} COLLATE "C")::pg_catalog.int8)`;
  return sql`(${hash} % ${share} = 0)`;
}
