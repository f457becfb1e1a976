/**
 * Documents of JSON without what was cut out of them: an UPDATE by JSON_SET, JSON_REPLACE or JSON_REMOVE changes a document in its
 * place and leaves the old bytes there (Reference Manual, "Partial Updates of JSON Values"). No statement shows them. A copy of the
 * value takes them along, a rebuild of the table too, and no UPDATE to an equal document changes anything.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import type { Column, Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql } from "../sql/literals.ts";
import { spelledBy } from "../sql/product.ts";
import { tableName } from "../sql/table_name.ts";

/** The column's value; a document is written anew where it has old bytes: an element of an array is a document of its own. */
export function withoutOldBytes(column: Column): Sql {
  const value = new Name(column.name);
  if (!isStoredDocument(column)) return sql`${value}`;
  return sql`IF(${hasOldBytes(column)}, JSON_EXTRACT(JSON_ARRAY(${value}), '$[0]'), ${value})`;
}

/** Whether documents of the table can have old bytes. */
export function storesDocuments({ columns }: Table): boolean {
  return columns.some(isStoredDocument);
}

/**
 * Refuses old bytes in documents of tables that no copy can replace.
 *
 * @throws {ScrubError} `table`, naming the tables.
 */
export async function refuseOldBytes(session: Session, { database, tables }: Schema): Promise<void> {
  const found: string[] = [];
  for (const table of tables) {
    const { obstacles = [] } = table.mysql ?? {};
    if (table.kind !== "table" || obstacles.length === 0 || !storesDocuments(table)) continue;
    const conditions = table.columns.filter(isStoredDocument).map(hasOldBytes);
    const [row] = await session.scan(
      sql`SELECT COUNT(*) AS counted FROM ${tableName(database, table)} WHERE ${joinSql(conditions, " OR ")}`,
    );
    if (Number(row?.["counted"]) !== 0) found.push(`"${table.id}": ${obstacles.join(", and ")}`);
  }
  if (found.length === 0) return;
  throw new ScrubError(
    "table",
    `Cannot scrub database "${database}": documents of JSON keep bytes that an UPDATE cut out of them, and no copy can replace ` +
      found.join("; "),
    "Nothing was changed. Write these documents anew in production by REPLACE (JSON_STORAGE_FREE shows which), then take the snapshot again.",
    { inPlace: "Write these documents anew by REPLACE (JSON_STORAGE_FREE shows which), then run again." },
  );
}

function isStoredDocument({ kind, generated }: Column): boolean {
  return kind === "json" && !generated;
}

/** MariaDB's documents are texts, which an UPDATE replaces as a whole: they have no old bytes. */
const oldBytes = spelledBy({ mysql: "JSON_STORAGE_FREE", mariadb: "0 * LENGTH" });

function hasOldBytes({ name }: Column): Sql {
  return sql`${oldBytes}(${new Name(name)}) > 0`;
}
