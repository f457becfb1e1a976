/**
 * Indexes that are built after the copy. A pseudonym's place in an index is anywhere, so that each row of the copy changes a page of
 * each index; built afterwards, an index is sorted and written once.
 *
 * @module
 */

import { isForEveryRow } from "../../engine/chosen_rows.ts";
import type { TableChange } from "../../engine/engine.ts";
import { findColumn } from "../../engine/schema.ts";
import { joinSql, type Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** Rows from which on another statement is worth its time. */
const fewest = 10_000;
/**
 * Bytes of a row, for each index over a changed column, up to which building afterwards is quicker: it reads the copy once more. Measured:
 * a third of the processors' time less with three indexes on rows of 350 bytes in all, none less with one on rows of 2,200.
 */
const widest = 400;

/** A definition without its secondary indexes, and what adds them. */
export interface SplitDefinition {
  readonly definition: string;
  add(copy: Name): Sql;
}

/** A secondary index as a line of SHOW CREATE TABLE, if it is of plain columns or their beginnings: its quoted name, and its columns. */
export const plainIndex = /^ {2}(?:UNIQUE )?KEY `((?:[^`]|``)+)` \(((?:`(?:[^`]|``)+`(?:\(\d+\))?(?: DESC)?,?)+)\)/;
const secondary = /^ {2}(?:UNIQUE |FULLTEXT |SPATIAL )?KEY /;

/**
 * Splits the definition of a table's copy; undefined where it is to be created as a whole: where that is no slower, and where a part of
 * it that stays needs an index, or an index would come to another place among the others.
 */
export function splitIndexes({ table, columns }: TableChange, definition: string): SplitDefinition | undefined {
  const [key = ""] = table.primaryKey;
  const lines = definition.split("\n");
  const end = lines.findIndex((line) => line.startsWith(")"));
  const indexes = lines.slice(0, end).filter((line) => secondary.test(line)).map((line) => line.replace(/,$/, ""));
  const changed = columns.filter(isForEveryRow).map(({ column }) => column.name);
  const over = indexes.map((line) => columnsOf(line));
  const random = over.filter((names) => names.some((name) => changed.includes(name))).length;
  const isWorthIt = table.rows >= fewest && table.bytes / table.rows <= widest * random;
  const isPlain = over.flat().length > 0 && over.every((names) => names.length > 0) &&
    over.flat().every((name) => findColumn(table, name)?.generated === false);
  const [tail = "", ...partitions] = lines.slice(end);
  const generatedKey = table.columns.find(({ generatedBy }) => generatedBy === "auto_increment");
  const needsIndex = lines.some((line) => /^ {2}CONSTRAINT .* FOREIGN KEY /.test(line)) || key === "" ||
    (generatedKey !== undefined && generatedKey.name !== key);
  if (!isWorthIt || !isPlain || needsIndex || partitions.length > 0 || !tail.startsWith(") ENGINE=InnoDB")) {
    return undefined;
  }
  const rest = lines.slice(1, end).filter((line) => !secondary.test(line)).map((line) => line.replace(/,$/, ""));
  return {
    definition: [lines[0], rest.join(",\n"), tail].join("\n"),
    add: (copy) => sql`ALTER TABLE ${copy} ${joinSql(indexes.map((line) => trusted(`ADD ${line.trim()}`)), ", ")}`,
  };
}

/** The columns of an index; none, if it is not plain. */
function columnsOf(line: string): readonly string[] {
  const [, , parts = ""] = plainIndex.exec(line) ?? [];
  return [...parts.matchAll(/`((?:[^`]|``)+)`/g)].map(([, name = ""]) => name.replaceAll("``", "`"));
}
