/** Indexes that are built after a table's rows are there: sorted and written once, instead of a page changed for each row and index. @module */

import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { plainIndex } from "../../mysql/plan/late_indexes.ts";
import { sql } from "../../mysql/sql/literals.ts";

/**
 * Tables, as JSON of database and name, whose secondary indexes foreign keys refer to: another stream could not create these without them.
 * `session`: on the workspace.
 */
export async function readReferenced(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query(sql`SELECT DISTINCT unique_constraint_schema AS place, referenced_table_name AS name
    FROM information_schema.referential_constraints WHERE COALESCE(unique_constraint_name, '') <> 'PRIMARY'`);
  return new Set(rows.map(({ place, name }) => JSON.stringify([place, name])));
}

/**
 * Drops the secondary indexes of an empty table to which no foreign key refers.
 *
 * @returns the statement that adds them again; undefined where they stay.
 */
export async function dropIndexes(session: Session, database: string, table: string): Promise<LateIndexes | undefined> {
  const name = new Name(database, table);
  const [row] = await session.query(sql`SHOW CREATE TABLE ${name}`);
  const indexes = lateIndexes(String(row?.["Create Table"] ?? ""));
  if (indexes.length === 0) return undefined;
  const drops = indexes.map((line) =>
    sql`DROP INDEX ${new Name(plainIndex.exec(line)?.[1]?.replaceAll("``", "`") ?? "")}`
  );
  await session.query(sql`ALTER TABLE ${name} ${joinSql(drops, ", ")}`);
  const adds = indexes.map((line) => trusted(`ADD ${line.trim()}`));
  return { count: indexes.length, statement: sql`ALTER TABLE ${name} ${joinSql(adds, ", ")}` };
}

/** Indexes that were dropped. */
export interface LateIndexes {
  readonly count: number;
  /** Adds them again. */
  readonly statement: Sql;
}

/**
 * Lines of a definition; none where a foreign key or a counter of its own needs an index, or its rows would move without one.
 */
export function lateIndexes(definition: string): readonly string[] {
  const lines = definition.split("\n").map((line) => line.replace(/,$/, ""));
  const [, counter] = /^ {2}(`(?:[^`]|``)+`) [^\n]*\bAUTO_INCREMENT\b/m.exec(definition) ?? [];
  const primary = lines.find((line) => line.startsWith("  PRIMARY KEY ("));
  if (primary === undefined || counter !== undefined && !primary.startsWith(`  PRIMARY KEY (${counter}`)) return [];
  if (!/^\) ENGINE=InnoDB/m.test(definition) || lines.some((line) => / FOREIGN KEY \(/.test(line))) return [];
  return lines.filter((line) => plainIndex.test(line));
}
