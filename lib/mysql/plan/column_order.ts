/**
 * The order of an UPDATE's assignments. MySQL carries them out from left to right, and one that reads a column assigned
 * before it sees the new value (MySQL Reference Manual, "UPDATE Statement"); every value here is over the old row.
 *
 * @module
 */

import type { Sql } from "../../engine/sql.ts";

/** A column's new value. */
export interface Assignment {
  readonly column: string;
  readonly value: Sql;
}

/** An order in which every column is assigned after the others that read it; undefined where two read each other. */
export function orderAssignments(assignments: readonly Assignment[]): readonly Assignment[] | undefined {
  const next = assignments.find((candidate) =>
    assignments.every((other) => other === candidate || !mentions(other.value, candidate.column))
  );
  if (next === undefined) return assignments.length === 0 ? [] : undefined;
  const rest = orderAssignments(assignments.filter((other) => other !== next));
  return rest && [next, ...rest];
}

/** Whether the text has the column's name as a word, quoted or not: finding too much costs time, too little is wrong. */
function mentions(value: Sql, column: string): boolean {
  const name = column.replaceAll("`", "``").replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`, "iu").test(value.text);
}
