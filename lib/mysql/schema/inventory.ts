/** What a MySQL database holds besides rows of its tables. Texts are searched on the server and stay there. @module */

import type { Session } from "../../engine/engine.ts";
import { type Check, type Inventory, type SchemaObject, sensitivePattern } from "../../engine/inventory.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { serverTables } from "./server_tables.ts";
import { schemaObjectKinds } from "../../core/object_kinds.ts";

/** Reads the inventory in two queries. */
export async function readInventory(session: Session): Promise<Inventory> {
  const here = textLiteral(session.database);
  const found = await session.query(sql`
    SELECT kind, name, CASE WHEN body IS NULL THEN 'unreadable'
      WHEN REGEXP_LIKE(CONVERT(body USING utf8mb4), ${
    textLiteral(sensitivePattern)
  }, 'i') THEN 'sensitive' ELSE 'plain' END AS body
    FROM (${objects(here)}) AS object ORDER BY kind, name`);
  const checks = await session.query(checksQuery(here));
  return {
    objects: found.map(({ kind, name, body }): SchemaObject => ({
      kind: kindOf(String(kind)),
      name: String(name),
      text: body === "unreadable" || body === "sensitive" ? body : "plain",
    })),
    checks: checks.map(({ table_name, name, holds }): Check => ({
      table: String(table_name),
      name: String(name),
      // The server prints a check's text as if between quotes once more.
      holds: trusted(String(holds).replaceAll(/\\(.)/gs, "$1")),
    })),
  };
}

/** Kind, name and text of every object; a text that is NULL may not be read. */
function objects(here: Sql): Sql {
  const parts: readonly Sql[] = [
    // An empty definition is one that the user may not see.
    sql`SELECT 'view' AS kind, table_name AS name, NULLIF(view_definition, '') AS body
      FROM information_schema.views WHERE table_schema = ${here}`,
    sql`SELECT 'function', routine_name, routine_definition
      FROM information_schema.routines WHERE routine_schema = ${here}`,
    sql`SELECT 'trigger', CONCAT(trigger_name, ' on ', event_object_table), action_statement
      FROM information_schema.triggers WHERE trigger_schema = ${here}`,
    sql`SELECT 'event', event_name, event_definition FROM information_schema.events WHERE event_schema = ${here}`,
    sql`SELECT 'generated column', CONCAT(table_name, '.', column_name), generation_expression
      FROM information_schema.columns WHERE table_schema = ${here} AND generation_expression <> ''`,
    sql`SELECT 'default', CONCAT(table_name, '.', column_name), column_default
      FROM information_schema.columns WHERE table_schema = ${here} AND column_default IS NOT NULL`,
    sql`SELECT 'enum labels', CONCAT(table_name, '.', column_name), column_type
      FROM information_schema.columns WHERE table_schema = ${here} AND data_type IN ('enum', 'set')`,
    sql`SELECT 'check constraint', CONCAT(t.constraint_name, ' on ', t.table_name), c.check_clause
      FROM information_schema.table_constraints t JOIN information_schema.check_constraints c
        ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
      WHERE t.table_schema = ${here} AND t.constraint_type = 'CHECK'`,
    sql`SELECT 'index expression', CONCAT(index_name, ' on ', table_name), expression
      FROM information_schema.statistics WHERE table_schema = ${here} AND expression IS NOT NULL`,
    sql`SELECT 'partition bound', CONCAT(partition_name, ' of ', table_name),
        CONCAT_WS(' ', partition_description, partition_comment)
      FROM information_schema.partitions WHERE table_schema = ${here} AND partition_name IS NOT NULL`,
    sql`SELECT 'comment', CONCAT('table ', table_name), table_comment FROM information_schema.tables
      WHERE table_schema = ${here} AND table_type = 'BASE TABLE' AND table_comment <> ''`,
    sql`SELECT 'comment', CONCAT('column ', table_name, '.', column_name), column_comment
      FROM information_schema.columns WHERE table_schema = ${here} AND column_comment <> ''`,
    sql`SELECT DISTINCT 'comment', CONCAT('index ', index_name, ' on ', table_name), index_comment
      FROM information_schema.statistics WHERE table_schema = ${here} AND index_comment <> ''`,
    sql`SELECT 'comment', CONCAT('function ', routine_name), routine_comment
      FROM information_schema.routines WHERE routine_schema = ${here} AND routine_comment <> ''`,
    sql`SELECT 'comment', CONCAT('event ', event_name), event_comment
      FROM information_schema.events WHERE event_schema = ${here} AND event_comment <> ''`,
    sql`SELECT 'foreign table', table_name, '' FROM information_schema.tables
      WHERE table_schema = ${here} AND engine = 'FEDERATED'`,
    sql`SELECT 'table of another storage engine', CONCAT(table_name, ' (', engine, ')'), ''
      FROM information_schema.tables
      WHERE table_schema = ${here} AND table_type = 'BASE TABLE' AND engine NOT IN ('InnoDB', 'FEDERATED')`,
    sql`SELECT 'leftover in mysql', table_name, '' FROM information_schema.tables
      WHERE table_schema = 'mysql' AND NOT REGEXP_LIKE(table_name, ${textLiteral(serverTables)}, 'i')`,
  ];
  return joinSql(parts, " UNION ALL ");
}

function checksQuery(here: Sql): Sql {
  return sql`SELECT t.table_name AS table_name, t.constraint_name AS name, c.check_clause AS holds
    FROM information_schema.table_constraints t JOIN information_schema.check_constraints c
      ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
    WHERE t.table_schema = ${here} AND t.constraint_type = 'CHECK' ORDER BY t.table_name, t.constraint_name`;
}

function kindOf(word: string): SchemaObject["kind"] {
  const kind = schemaObjectKinds.find((kind) => kind === word);
  if (!kind) throw new TypeError(`Cannot read the catalogue: no kind "${word}"`);
  return kind;
}
