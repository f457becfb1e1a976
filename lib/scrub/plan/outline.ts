/** The plan of a database as people read it. Pure. @module */

import type { ColumnOutline, DatabaseOutline, TableOutline } from "../../core/outline.ts";
import type { Table } from "../../engine/schema.ts";
import type { Assignment } from "../coverage/assignment.ts";
import type { BoundTable } from "../rules/bind.ts";
import type { CoveredDatabase } from "../coverage/cover_database.ts";
import type { PlannedDatabase } from "./plan_database.ts";
import type { Scrubber } from "../rules/definition.ts";

/**
 * The outline of a database whose columns are all classified.
 *
 * @param planned Known where selections were evaluated: rows deleted by foreign keys, and how tables change.
 * @param selected How many rows the selections of `keepRows` have, by {@linkcode Table.id}, where only that is known.
 */
export function outline(
  { schema, coverage, bound, report }: Pick<CoveredDatabase, "schema" | "coverage" | "bound" | "report">,
  scrubber: Pick<Scrubber, "name" | "file">,
  planned?: Pick<PlannedDatabase, "changes" | "plans">,
  selected: ReadonlyMap<string, number> = new Map(),
): DatabaseOutline {
  const reasons = Map.groupBy(coverage.columns, ({ table }) => table);
  const tables = schema.tables.filter(({ kind }) => kind === "table" || kind === "partitioned");
  return {
    engine: schema.engine,
    database: schema.database,
    fate: "scrubbed",
    scrubber: scrubber.name,
    ...(scrubber.file && { rules: scrubber.file }),
    tables: tables.map((table) => {
      const rule = bound?.tables.find((rule) => rule.table === table);
      const known = new Map(reasons.get(table.id)?.map(({ column, by, reason }) => [column, `${by}, ${reason}`]));
      return outlineTable(table, rule, known, planned, selected.get(table.id));
    }),
    ...(bound && bound.after.length > 0 && { after: bound.after.map(({ name }) => name) }),
    removed: report.removed,
  };
}

/** The outline of a database that is not scrubbed. */
export function outlineOther(
  engine: DatabaseOutline["engine"],
  { database, disposition, reason }: Exclude<Assignment, { readonly disposition: "scrubbed" }>,
): DatabaseOutline {
  return { engine, database, fate: disposition, reason, tables: [], removed: [] };
}

function outlineTable(
  table: Table,
  rule: BoundTable | undefined,
  reasons: ReadonlyMap<string, string>,
  planned: Pick<PlannedDatabase, "changes" | "plans"> | undefined,
  selectedRows: number | undefined,
): TableOutline {
  const provable = planned?.changes.find(({ change }) => change.table === table);
  const plan = planned?.plans.find((plan) => plan.table === table);
  const deleted = rule && deletedBy(rule) ||
    (provable?.change.deletedKeys ? "those that reference deleted rows" : undefined);
  const sizes = provable?.sizes;
  return {
    table: table.id,
    rows: table.rows,
    ...(deleted !== undefined && { deleted }),
    ...(sizes && { deletedRows: sizes.deleted, keptRows: sizes.kept }),
    ...(selectedRows !== undefined && { selectedRows }),
    ...(plan && { shape: plan.shape, why: plan.why, bytes: table.bytes, peakBytes: plan.peakBytes }),
    columns: table.columns.map(({ name: column }): ColumnOutline => {
      const bound = rule?.columns.find((one) => one.column.name === column);
      if (bound) {
        const parameter = bound.parameter === undefined || bound.parameter === null
          ? undefined
          : JSON.stringify(bound.parameter);
        return {
          column,
          strategy: bound.name,
          ...(parameter !== undefined && { parameter }),
          ...(bound.only !== undefined && { only: bound.only }),
          // Of a column that follows another one, "except" names no selection.
          ...(bound.except !== undefined && bound.follows === undefined && { except: bound.except }),
          ...(bound.follows !== undefined && { follows: bound.follows }),
        };
      }
      const strategy = provable?.strategies[column];
      if (strategy !== undefined) return { column, strategy };
      return { column, reason: reasons.get(column) ?? "unclassified" };
    }),
  };
}

/** Which rows a rule deletes; undefined where none. */
function deletedBy({ truncate, deleteRows, keepRows, keepReferenced }: BoundTable): string | undefined {
  if (truncate) return "all of them";
  if (keepRows !== undefined) return `all but ${keepRows} and what remaining rows need`;
  if (!keepReferenced) return deleteRows;
  return `${deleteRows === undefined ? "" : `${deleteRows}, and `}those that no remaining row references`;
}
