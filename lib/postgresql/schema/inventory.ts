/** What a PostgreSQL database holds besides rows of its tables. Texts are searched on the server and stay there. @module */

import type { Session } from "../../engine/engine.ts";
import { type Check, type Inventory, type SchemaObject, sensitivePattern } from "../../engine/inventory.ts";
import { trusted } from "../../engine/sql.ts";
import { checksQuery, objectsQuery } from "./inventory_queries.ts";
import { sql, text } from "../sql/literals.ts";
import { schemaObjectKinds } from "../../core/object_kinds.ts";

/** Reads the inventory in two queries. */
export async function readInventory(session: Session): Promise<Inventory> {
  const found = await session.query(sql`
    SELECT kind, name, CASE WHEN body IS NULL THEN 'none' WHEN body ~* ${text(sensitivePattern)} THEN 'sensitive'
      ELSE 'plain' END AS body
    FROM (${objectsQuery}) AS object ORDER BY place, name COLLATE "C"`);
  const checks = await session.query(checksQuery);
  return {
    objects: found.map(({ kind, name, body }): SchemaObject => ({
      kind: kindOf(String(kind)),
      name: String(name),
      text: body === "none" || body === "sensitive" ? body : "plain",
    })),
    checks: checks.map(({ table_id, name, holds }): Check => ({
      table: String(table_id),
      name: String(name),
      holds: trusted(String(holds)),
    })),
  };
}

function kindOf(word: string): SchemaObject["kind"] {
  const kind = schemaObjectKinds.find((kind) => kind === word);
  if (!kind) throw new TypeError(`Cannot read the catalogue: no kind "${word}"`);
  return kind;
}
