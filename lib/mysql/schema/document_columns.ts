/** Which columns hold JSON documents in MariaDB, where the type is another name of a text with a condition. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";

/** Tells them by a row of information_schema.columns. */
export interface DocumentColumns {
  has(column: Readonly<Record<string, Cell>>): boolean;
}

/** Those of the session's database: a longtext that the server takes only as a document, and asks nothing else of. None in MySQL. */
export async function readDocumentColumns(session: Session): Promise<DocumentColumns> {
  if (await productOf(session) === "mysql") return { has: () => false };
  // Such a condition has its column's name.
  const rows = await session.query(sql`SELECT table_name AS table_name, constraint_name AS name
    FROM information_schema.check_constraints WHERE constraint_schema = ${textLiteral(session.database)}
      AND level = 'Column' AND check_clause = CONCAT('json_valid(\`', REPLACE(constraint_name, '\`', '\`\`'), '\`)')`);
  const keyOf = (table: Cell | undefined, column: Cell | undefined) => JSON.stringify([table, column]);
  const found = new Set(rows.map(({ table_name, name }) => keyOf(table_name, name)));
  return { has: ({ table_name, name, data_type }) => data_type === "longtext" && found.has(keyOf(table_name, name)) };
}
