/**
 * Replaces a table by a copy with new values. The server writes no old value anywhere: reading writes nothing, and dropping the old
 * table removes its file.
 *
 * @module
 */

import { chosenBy, exceptedRows, isForEveryRow } from "../../engine/chosen_rows.ts";
import type { ColumnChange, Scratch, Step, TableChange, TablePlan } from "../../engine/engine.ts";
import type { MysqlDetails } from "../../engine/mysql_details.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { countSteps } from "./count.ts";
import { withoutOldBytes } from "./documents.ts";
import { sql } from "../sql/literals.ts";
import { splitIndexes } from "./late_indexes.ts";
import { definitionOfCopy } from "../schema/copy_obstacles.ts";
import { copyDatabase } from "../scratch/scratch.ts";
import { keyNotIn, scratchesOf, tableName } from "../sql/table_name.ts";
import { createTriggers } from "../schema/triggers.ts";

/**
 * The copy is made in a database of its own, where the names of its foreign keys and CHECK constraints are free, and renamed into
 * the table's database; its indexes may be built once it has its rows, which also proves that unique ones are unique. First DROP,
 * then RENAME: foreign keys and views of others then find the new table by its name.
 */
export function copySwap(
  change: TableChange,
  details: MysqlDetails,
  { database }: Schema,
): Pick<TablePlan, "steps" | "peakBytes"> {
  const { table } = change;
  const old = tableName(database, table);
  const copies = copyDatabase(database);
  const copy = new Name(copies, table.name);
  const whole = definitionOfCopy(table.name, details.definition, database, copies);
  const split = splitIndexes(change, whole);
  const steps: readonly Step[] = [
    ...countSteps(change),
    { label: `create a copy of ${table.id}`, sql: trusted(split?.definition ?? whole) },
    {
      label: `copy ${table.id}`,
      sql: load(change, old, copy),
      over: (condition) => load(change, old, copy, condition),
      ...countsOf(change),
    },
    ...(split ? [{ label: `build the indexes of ${table.id}`, sql: split.add(copy) }] : []),
    { label: `drop old ${table.id}`, sql: sql`DROP TABLE ${old}` },
    { label: `put the copy of ${table.id} in its place`, sql: sql`RENAME TABLE ${copy} TO ${old}` },
    ...createTriggers(table.id, details.triggers),
  ];
  // Copy and original exist at the same time, and the copy is no bigger; nor are files in which entries of indexes are sorted.
  return { steps, peakBytes: table.bytes * (split ? 2 : 1) };
}

/** What the number of copied rows says of those that change. */
function countsOf({ columns }: TableChange): Pick<Step, "counts" | "excepted"> {
  if (columns.some(isForEveryRow)) return { counts: "changed" };
  const except = columns.some(({ exceptKeys }) => exceptKeys !== undefined);
  return except ? { counts: "every row", excepted: exceptedRows(columns) } : {};
}

/** The alias of each scratch in the query. */
type Places = ReadonlyMap<string, Sql>;

/**
 * One pass in the order of the primary key, which needs no sorting: the primary key is the table. No buffered joins, because
 * those may spill rows with old values into temporary files.
 */
function load(change: TableChange, old: Name, copy: Name, condition?: Sql): Sql {
  const { table, columns, deletedKeys } = change;
  const scratches = scratchesOf(columns);
  const places: Places = new Map(
    scratches.map((scratch, at) => [textOf(scratch), sql`${new Name(`datascrubber_keys_${at}`)}`]),
  );
  const merged = places.size === 0 ? sql`` : sql` MERGE(${joinSql([...places.values()], ", ")})`;
  const written = table.columns.filter(({ generated }) => !generated);
  const values = written.map((column) => {
    const change = columns.find(({ column: { name } }) => name === column.name);
    return change === undefined ? withoutOldBytes(column) : valueOf(change, places);
  });
  const index = table.primaryKey.length === 0 ? sql`` : sql` FORCE INDEX (PRIMARY)`;
  const joins = scratches.map((scratch) => join(scratch, old, places));
  const conditions = [...(deletedKeys ? [keyNotIn(deletedKeys, old)] : []), ...(condition ? [condition] : [])];
  const where = conditions.length === 0 ? sql`` : sql` WHERE ${joinSql(conditions, " AND ")}`;
  return sql`INSERT INTO ${copy} (${
    joinSql(written.map(({ name }) => sql`${new Name(name)}`), ", ")
  }) SELECT /*+ NO_BNL()${merged} */ ${joinSql(values, ", ")} FROM ${old}${index}${joinSql(joins, "")}${where}`;
}

function valueOf(change: ColumnChange, places: Places): Sql {
  const { column, newValue, onlyKeys } = change;
  const keys = chosenBy(change);
  const place = keys === undefined ? undefined : places.get(textOf(keys));
  if (place === undefined) return newValue;
  const old = withoutOldBytes(column);
  const [outside, inside] = onlyKeys ? [old, newValue] : [newValue, old];
  return sql`CASE WHEN ${place}.${keyName(0)} IS NULL THEN ${outside} ELSE ${inside} END`;
}

/** A derived table renames the keys, so that the expressions' unqualified columns mean the old row's; the server merges it. */
function join(scratch: Scratch, old: Name, places: Places): Sql {
  const keys = scratch.of.primaryKey.map((key) => new Name(key));
  const place = places.get(textOf(scratch)) ?? sql``;
  const renamed = joinSql(keys.map((key, at) => sql`${key} AS ${keyName(at)}`), ", ");
  const same = joinSql(keys.map((key, at) => sql`${place}.${keyName(at)} = ${old}.${key}`), " AND ");
  return sql` LEFT JOIN (SELECT ${renamed} FROM ${scratch.table}) AS ${place} ON ${same}`;
}

function keyName(at: number): Name {
  return new Name(`datascrubber_key_${at}`);
}

function textOf({ table }: Scratch): string {
  return sql`${table}`.text;
}
