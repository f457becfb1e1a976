/** What MySQL's databases define, and how many rows they hold: what a copy is compared by. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../../mysql/sql/literals.ts";
import type { Definitions } from "../definitions.ts";

/** A table, view, routine, trigger or event. */
export interface FoundObject {
  readonly kind: "TABLE" | "VIEW" | "PROCEDURE" | "FUNCTION" | "TRIGGER" | "EVENT";
  readonly database: string;
  readonly name: string;
  /** Of a table, with its indexes, about. */
  readonly bytes: number;
  /** A view that names what does not exist, or is out of its definer's reach; an event that may be gone once its time is over. */
  readonly isDoubtful: boolean;
}

/** Names as a list for IN. */
export function listOf(names: readonly string[]): Sql {
  return names.length === 0 ? sql`NULL` : joinSql(names.map(textLiteral), ", ");
}

/** Everything in the databases. */
export async function readObjects(session: Session, databases: readonly string[]): Promise<readonly FoundObject[]> {
  const list = listOf(databases);
  const rows = await session.query(sql`SELECT kind, place, name, bytes, doubtful FROM (
    SELECT 'TABLE' AS kind, table_schema AS place, table_name AS name, COALESCE(data_length + index_length, 0) AS bytes, 0 AS doubtful
      FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN (${list})
    UNION ALL SELECT 'VIEW', table_schema, table_name, 0, table_comment <> 'VIEW'
      FROM information_schema.tables WHERE table_type = 'VIEW' AND table_schema IN (${list})
    UNION ALL SELECT routine_type, routine_schema, routine_name, 0, 0
      FROM information_schema.routines WHERE routine_type IN ('PROCEDURE', 'FUNCTION') AND routine_schema IN (${list})
    UNION ALL SELECT 'TRIGGER', trigger_schema, trigger_name, 0, 0 FROM information_schema.triggers WHERE trigger_schema IN (${list})
    UNION ALL SELECT 'EVENT', event_schema, event_name, 0, event_type = 'ONE TIME' AND on_completion = 'NOT PRESERVE'
      FROM information_schema.events WHERE event_schema IN (${list})) AS one ORDER BY kind, place, name`);
  return rows.map(({ kind, place, name, bytes, doubtful }): FoundObject => ({
    kind: String(kind) as FoundObject["kind"],
    database: String(place),
    name: String(name),
    bytes: Number(bytes),
    isDoubtful: doubtful === 1,
  }));
}

/** As people call it. */
export function called({ kind, database, name }: FoundObject): string {
  return `${kind.toLowerCase()} ${database}.${name}`;
}

/** By what people call each object: the statement that would create it, with the settings that belong to it. */
export async function readObjectDefinitions(
  session: Session,
  databases: readonly string[],
  objects: readonly FoundObject[],
): Promise<Definitions> {
  const definitions = new Map<string, string>();
  for (const database of databases) {
    const rows = await session.query(sql`SHOW CREATE DATABASE ${new Name(database)}`);
    definitions.set(`database ${database}`, textOf(rows));
  }
  const kinds: Readonly<Record<FoundObject["kind"], Sql>> = {
    TABLE: sql`TABLE`,
    VIEW: sql`VIEW`,
    PROCEDURE: sql`PROCEDURE`,
    FUNCTION: sql`FUNCTION`,
    TRIGGER: sql`TRIGGER`,
    EVENT: sql`EVENT`,
  };
  for (const object of objects) {
    const rows = await session.query(sql`SHOW CREATE ${kinds[object.kind]} ${new Name(object.database, object.name)}`);
    definitions.set(called(object), textOf(rows));
  }
  return definitions;
}

/** Without the time when it was made; keys and constraints in any order; the character set only where no collation tells it. */
function textOf(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const parts = rows.flatMap((row) => Object.entries(row)).filter(([name]) => name !== "Created");
  return parts.map(([name, value]) => name === "Create Table" ? inOrder(String(value)) : String(value)).join("\n");
}

function inOrder(statement: string): string {
  const lines = statement.split("\n").map((line) =>
    line.replace(/,$/, "").replace(/ CHARACTER SET \w+(?= COLLATE )/, "")
  );
  const isKey = (line: string) => /^ {2}[A-Z]/.test(line);
  return [...lines.filter((line) => !isKey(line)), ...lines.filter(isKey).toSorted()].join("\n");
}

/** The number of rows of each table. */
export async function countRows(
  session: Session,
  tables: readonly FoundObject[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { database, name } of tables) {
    const [row] = await session.scan(sql`SELECT COUNT(*) AS counted FROM ${new Name(database, name)}`);
    counts.set(`${database}.${name}`, Number(row?.counted));
  }
  return counts;
}
