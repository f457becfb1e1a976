/** Indexes that are built after a table's rows are there: sorted and written once, instead of a page changed for each row and index. @module */

import { serverCodeOf } from "../../engine/database_error.ts";
import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../../mysql/sql/literals.ts";

/** An index as a line of SHOW CREATE TABLE, of plain columns or their beginnings. */
const plain = /^ {2}(?:UNIQUE )?KEY `((?:[^`]|``)+)` \((?:`(?:[^`]|``)+`(?:\(\d+\))?(?: DESC)?,?)+\)/;

/**
 * Drops the secondary indexes of an empty table, where nothing else needs them.
 *
 * @returns the statement that adds them again; undefined where they stay.
 */
export async function dropIndexes(session: Session, database: string, table: string): Promise<LateIndexes | undefined> {
  const name = new Name(database, table);
  const [row] = await session.query(sql`SHOW CREATE TABLE ${name}`);
  const indexes = lateIndexes(String(row?.["Create Table"] ?? ""));
  if (indexes.length === 0) return undefined;
  const drops = indexes.map((line) => sql`DROP INDEX ${new Name(plain.exec(line)?.[1]?.replaceAll("``", "`") ?? "")}`);
  try {
    await session.query(sql`ALTER TABLE ${name} ${joinSql(drops, ", ")}`);
  } catch (error) {
    // Another table's foreign key refers to one.
    if (serverCodeOf(error) === "ER_DROP_INDEX_FK") return undefined;
    throw error;
  }
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
  return lines.filter((line) => plain.test(line));
}
