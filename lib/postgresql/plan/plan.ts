/** From the change of a table to the steps that make it. @module */

import type { ColumnChange, Step, TableChange, TablePlan } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { count, deletion, deletionOfAll, rewriteFile, truncation, update, withTriggersOff } from "./in_place.ts";
import { rewrite } from "./rewrite.ts";
import { filesOf, treeOf } from "../sql/table_name.ts";

/** Microseconds that a row of an UPDATE takes with its indexes, and a call of a function in a rewrite. Measured. */
const microseconds = { update: 20, call: 6 };

/**
 * One pass that computes every changed column where that is possible; otherwise changes in place and a rewrite afterwards. Where
 * nothing changes, the file is rewritten if it may hold values of dropped columns or old rows.
 *
 * @throws {ScrubError} `table` for a foreign table or materialised view, and for a generated column.
 */
export function plan(change: TableChange, schema: Schema): TablePlan {
  const { table } = change;
  if (change.truncated) return planTruncated(change, schema);
  if (change.deletedKeys === undefined && change.columns.length === 0) return planUntouched(change, schema);
  refuseImmutable(change);
  if (table.kind === "partition") return withoutSteps(table, "its partitioned table reaches its rows");
  const tree = treeOf(table, schema);
  const { inPlace, inPass } = divide(change);
  const obstacle = inPass.length > 0 ? obstacleOf(inPass, tree) : undefined;
  const base = { table, locks: tree.map(({ id }) => id) };
  const deletions = change.deletedKeys ? [deletion(table, change.deletedKeys)] : [];
  if (inPass.length > 0 && obstacle === undefined) {
    const updates = inPlace.length > 0 ? [uncounted(update(table, inPlace))] : [];
    const { steps, ...rewritten } = rewrite(table, tree, inPass, schema);
    return {
      table,
      ...rewritten,
      why: [
        ...(change.deletedKeys ? ["deletes rows"] : []),
        ...(inPlace.length > 0 ? ["updates selected rows"] : []),
        rewritten.shape === "copy-swap"
          ? "replaces the table by a copy with new values"
          : "rewrites the table with new values",
      ].join(", then "),
      peakBytes: table.bytes,
      steps: [...withTriggersOff(tree, [...deletions, ...updates]), ...steps],
    };
  }
  refuseShuffledKeys(change, obstacle);
  const updates = change.columns.length > 0 ? [update(table, change.columns)] : [];
  const files = filesOf(tree);
  return {
    ...base,
    shape: change.columns.length > 0 ? "update" : "delete",
    why: [
      ...(change.deletedKeys ? ["deletes rows"] : []),
      ...(change.columns.length === 0
        ? []
        : [obstacle ? `updates columns in place (${obstacle})` : "updates selected rows"]),
      "rewrites the table's file",
    ].join(", then "),
    // Each old row stays beside its new one until the rewrite, which needs room for the largest file.
    peakBytes: (obstacle ? table.bytes : 0) + largest(files),
    steps: withTriggersOff(tree, [...deletions, ...updates]),
    afterwards: files.map(rewriteFile),
  };
}

/**
 * TRUNCATE, which the server refuses for a table that another one references: its rows are deleted instead. It leaves the values for
 * old rows in the catalogue (ADD COLUMN … DEFAULT): a rewrite of the empty file forgets them.
 */
function planTruncated(change: TableChange, schema: Schema): TablePlan {
  const { table } = change;
  refuseImmutable(change);
  const tree = treeOf(table, schema);
  const files = filesOf(tree);
  // A partitioned table that references itself is another table than its partitions.
  const isReferenced = schema.foreignKeys.some(({ child, parent }) =>
    parent === table.id && (child !== table.id || table.kind === "partitioned")
  );
  return {
    table,
    locks: tree.map(({ id }) => id),
    shape: "delete",
    why: isReferenced ? "deletes every row, then rewrites the table's file" : "truncates the table",
    peakBytes: 0,
    steps: withTriggersOff(
      tree,
      isReferenced ? [deletionOfAll(table)] : [count(table), ...(files.length > 0 ? [truncation(table, files)] : [])],
    ),
    afterwards: files.filter(({ postgresql }) => isReferenced || postgresql?.valuesForOldRows).map(rewriteFile),
  };
}

function withoutSteps(table: Table, why: string): TablePlan {
  return { table, shape: "none", why, locks: [table.id], peakBytes: 0, steps: [] };
}

/** The plan where nothing changes. A partition is planned with its partitioned table. */
function planUntouched({ table, mayHoldOldRows = false }: TableChange, schema: Schema): TablePlan {
  if (table.kind !== "table" && table.kind !== "partitioned") return withoutSteps(table, "nothing changes");
  const tree = treeOf(table, schema);
  const files = filesOf(tree).filter(({ postgresql }) =>
    postgresql && (mayHoldOldRows || postgresql.droppedValues || postgresql.computedIndexes)
  );
  if (files.length === 0) return withoutSteps(table, "nothing changes");
  const lingering = mayHoldOldRows ? "deleted rows and former values" : "values of dropped columns or indexes";
  return {
    ...withoutSteps(table, `no changes, but ${lingering} may remain in the file`),
    shape: "rewrite",
    locks: tree.map(({ id }) => id),
    peakBytes: largest(files),
    afterwards: files.map(rewriteFile),
  };
}

function largest(files: readonly Table[]): number {
  return Math.max(0, ...files.map(({ bytes }) => bytes));
}

function refuseImmutable({ table, columns }: TableChange): void {
  if (table.kind === "foreign" || table.kind === "materialised view") {
    throw new ScrubError(
      "table",
      `Cannot change rows of ${table.id}: it is a ${table.kind}`,
      "Change the table that its rows come from, and drop it or keep it on purpose.",
    );
  }
  const computed = columns.find(({ column }) => column.generated);
  if (!computed) return;
  throw new ScrubError(
    "table",
    `Cannot change column "${computed.column.name}" of ${table.id}: the server computes it`,
    "Write a rule for the columns that it is computed from.",
  );
}

/**
 * Columns that few rows change are updated in place before the pass, which writes the rows again anyway; unless a column of the
 * pass reads one of them, or chooses rows by it: it must see the old row.
 */
function divide(
  { table, columns }: TableChange,
): { readonly inPlace: readonly ColumnChange[]; readonly inPass: readonly ColumnChange[] } {
  // An UPDATE checks unique keys row by row, and moved values would collide meanwhile.
  const isForFew = ({ onlyKeys, shuffled }: ColumnChange) => onlyKeys !== undefined && !shuffled;
  const some = columns.filter(isForFew);
  const all = columns.filter((one) => !isForFew(one));
  if (some.length === 0 || !areFew(table, some)) return { inPlace: [], inPass: columns };
  const read = some.some(({ column }) =>
    table.primaryKey.includes(column.name) || all.some(({ newValue }) => mentions(newValue.text, column.name))
  );
  return read ? { inPlace: [], inPass: columns } : { inPlace: some, inPass: all };
}

/** @throws {ScrubError} `table` where values of a unique column would move by an UPDATE. */
function refuseShuffledKeys({ table, columns }: TableChange, obstacle: string | undefined): void {
  const moved = columns.find(({ column, shuffled }) =>
    shuffled && table.uniqueKeys.some((key) => key.columns.includes(column.name))
  );
  if (!moved) return;
  throw new ScrubError(
    "table",
    `Cannot shuffle ${table.id}.${moved.column.name}: it is unique, and the table cannot be rewritten in one pass (${obstacle})`,
    "Use a strategy that makes unique values, such as opaque.",
  );
}

/** Whether it is cheaper to update these rows than to look every row of the table up. */
function areFew(table: Table, some: readonly ColumnChange[]): boolean {
  const selections = new Map(
    some.flatMap(({ onlyKeys }) => onlyKeys ? [[onlyKeys.table.quote('"'), onlyKeys.rows ?? 0] as const] : []),
  );
  const rows = [...selections.values()].reduce((sum, count) => sum + count, 0);
  return table.rows === 0 || rows * microseconds.update <= table.rows * microseconds.call * some.length;
}

/** Whether the text has the name anywhere: better once too often. */
function mentions(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.replaceAll('"', '""').toLowerCase());
}

function obstacleOf(columns: readonly ColumnChange[], tree: readonly Table[]): string | undefined {
  for (const { id, postgresql } of tree) {
    if (postgresql?.obstacle !== undefined) return `${id}: ${postgresql.obstacle}`;
    for (const { column, newValue } of columns) {
      const isQuery = /\(SELECT\b/.test(newValue.text) ? "its new value is a query's" : undefined;
      const why = postgresql?.columns.find(({ name }) => name === column.name)?.obstacle ?? isQuery;
      if (why !== undefined) return `${id}.${column.name}: ${why}`;
    }
  }
  return undefined;
}

/** The pass counts every row already. */
function uncounted({ label, sql }: Step): Step {
  return { label, sql };
}
