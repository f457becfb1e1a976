/** From the fate of a table to the shape that carries it out. @module */

import type { ColumnChange, Step, TableChange, TablePlan } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { rewriteFile } from "./rewrite_file.ts";
import { deletion, update, withTriggersOff } from "./in_place.ts";
import { rewrite } from "./rewrite.ts";
import { filesOf, treeOf } from "../sql/table_name.ts";

/** Microseconds that a row of an UPDATE takes with its indexes, and a call of a function in a rewrite. Measured. */
const microseconds = { update: 20, call: 6 };

/**
 * The plan of one fate: one pass that computes every changed column where it can be had, in place with a rewrite afterwards
 * otherwise. A fate without changes gets a rewrite where values of dropped columns or old rows may linger in the file.
 *
 * @throws {ScrubError} `refused` for a change of a relation that takes none, or of a column that the server computes.
 */
export function plan(fate: TableChange, schema: Schema): TablePlan {
  const { table } = fate;
  if (fate.deletedKeys === undefined && fate.columns.length === 0) return unchanged(fate, schema);
  refuseImmutable(fate);
  if (table.kind === "partition") return nothing(table, "its partitioned table reaches its rows");
  const tree = treeOf(table, schema);
  const { inPlace, inPass } = divide(fate);
  const obstacle = inPass.length > 0 ? obstacleOf(inPass, tree) : undefined;
  const base = { table, locks: tree.map(({ id }) => id) };
  const deletions = fate.deletedKeys ? [deletion(table, fate.deletedKeys)] : [];
  if (inPass.length > 0 && obstacle === undefined) {
    const updates = inPlace.length > 0 ? [uncounted(update(table, inPlace))] : [];
    return {
      ...base,
      shape: "rewrite",
      why: [
        ...(fate.deletedKeys ? ["rows go"] : []),
        ...(inPlace.length > 0 ? ["few rows change in place"] : []),
        "columns change in one pass",
      ].join(", then "),
      peakBytes: table.bytes,
      steps: [...withTriggersOff(tree, [...deletions, ...updates]), ...rewrite(table, tree, inPass)],
    };
  }
  const updates = fate.columns.length > 0 ? [update(table, fate.columns)] : [];
  const files = filesOf(tree);
  return {
    ...base,
    shape: fate.columns.length > 0 ? "update" : "delete",
    why: [
      ...(fate.deletedKeys ? ["rows go"] : []),
      ...(fate.columns.length === 0
        ? []
        : [obstacle ? `columns change in place (${obstacle})` : "few rows change in place"]),
      "the file is rewritten",
    ].join(", then "),
    // Each old row stays beside its new one until the rewrite, which needs room for the largest file.
    peakBytes: (obstacle ? table.bytes : 0) + largest(files),
    steps: withTriggersOff(tree, [...deletions, ...updates]),
    afterwards: files.map(rewriteFile),
  };
}

function nothing(table: Table, why: string): TablePlan {
  return { table, shape: "none", why, locks: [table.id], peakBytes: 0, steps: [] };
}

/** Nothing changes. A partition is looked at with its partitioned table. */
function unchanged({ table, mayHoldOldRows = false }: TableChange, schema: Schema): TablePlan {
  if (table.kind !== "table" && table.kind !== "partitioned") return nothing(table, "nothing changes");
  const tree = treeOf(table, schema);
  const files = filesOf(tree).filter(({ postgresql }) =>
    postgresql && (mayHoldOldRows || postgresql.droppedValues || postgresql.computedIndexes)
  );
  if (files.length === 0) return nothing(table, "nothing changes");
  const lingering = mayHoldOldRows ? "deleted rows and former values" : "values of dropped columns or indexes";
  return {
    ...nothing(table, `nothing changes, but ${lingering} may linger in the file`),
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
      "refused",
      `Cannot change rows of ${table.id}: it is a ${table.kind}`,
      "Change the table that its rows come from, and drop it or keep it on purpose.",
    );
  }
  const computed = columns.find(({ column }) => column.generated);
  if (!computed) return;
  throw new ScrubError(
    "refused",
    `Cannot change column "${computed.column.name}" of ${table.id}: the server computes it`,
    "Write a rule for the columns that it is computed from.",
  );
}

/**
 * Columns that few rows change are updated in place before the pass, which writes the rows again anyway; unless a column of the
 * pass reads one of them: it must see the old row.
 */
function divide(
  { table, columns }: TableChange,
): { readonly inPlace: readonly ColumnChange[]; readonly inPass: readonly ColumnChange[] } {
  const some = columns.filter(({ onlyKeys: only }) => only !== undefined);
  const all = columns.filter(({ onlyKeys: only }) => only === undefined);
  if (some.length === 0 || !areFew(table, some)) return { inPlace: [], inPass: columns };
  const read = some.some(({ column }) => all.some(({ newValue: next }) => mentions(next.text, column.name)));
  return read ? { inPlace: [], inPass: columns } : { inPlace: some, inPass: all };
}

/** Whether it is cheaper to update these rows than to ask for each row of the table whether it is one of them. */
function areFew(table: Table, some: readonly ColumnChange[]): boolean {
  const selections = new Map(
    some.flatMap(({ onlyKeys: only }) => only ? [[only.table.quote('"'), only.rows ?? 0] as const] : []),
  );
  const rows = [...selections.values()].reduce((sum, count) => sum + count, 0);
  return table.rows === 0 || rows * microseconds.update <= table.rows * microseconds.call * some.length;
}

/** Whether the name stands anywhere in the text: better once too often. */
function mentions(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.replaceAll('"', '""').toLowerCase());
}

function obstacleOf(columns: readonly ColumnChange[], tree: readonly Table[]): string | undefined {
  for (const { id, postgresql } of tree) {
    if (postgresql?.obstacle !== undefined) return `${id}: ${postgresql.obstacle}`;
    for (const { column } of columns) {
      const why = postgresql?.columns.find(({ name }) => name === column.name)?.obstacle;
      if (why !== undefined) return `${id}.${column.name}: ${why}`;
    }
  }
  return undefined;
}

/** The pass counts every row already. */
function uncounted({ label, sql }: Step): Step {
  return { label, sql };
}
