/** From the change of a table to the steps that make it. @module */

import { isForEveryRow } from "../../engine/chosen_rows.ts";
import type { TableChange, TablePlan } from "../../engine/engine.ts";
import type { MysqlDetails } from "../../engine/mysql_details.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { copySwap } from "./copy_swap.ts";
import { storesDocuments } from "./documents.ts";
import { dropHistogramsStep } from "./drop_objects.ts";
import { inPlace, rebuild } from "./in_place.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";

/**
 * A copy with new values replaces the table wherever it can. Where nothing changes, a table is rebuilt if its file may hold values
 * that are in no row: of dropped columns, deleted rows, or former ones.
 *
 * @throws {ScrubError} `table` for tables whose rows are elsewhere, and where no way to change them is safe.
 */
export function plan(change: TableChange, schema: Schema): TablePlan {
  const { table, deletedKeys, columns } = change;
  const common = { table, locks: [table.id, ...neighbours(table, schema)] };
  if (change.truncated) return { ...common, ...planTruncated(change, schema) };
  if (deletedKeys === undefined && columns.length === 0) return { ...common, ...planUntouched(change, schema) };
  refuseOtherRows(table);
  const obstacles = table.mysql?.obstacles ?? ["nothing is known of its definition"];
  if (table.mysql === undefined || obstacles.length > 0) {
    return {
      ...common,
      shape: columns.length > 0 ? "update" : "delete",
      why: `${whatOf(change)} in place, then rebuilds the table, because no copy can replace it: ${
        obstacles.join(", and ")
      }`,
      peakBytes: table.bytes,
      steps: inPlace(change, schema),
    };
  }
  return {
    ...common,
    shape: "copy-swap",
    why: whatOf(change) + sharedSpace(table.mysql),
    ...copySwap(change, table.mysql, schema),
  };
}

function whatOf({ deletedKeys, columns }: TableChange): string {
  if (columns.length === 0) return "deletes rows";
  const which = columns.every(({ onlyKeys }) => onlyKeys !== undefined)
    ? "some rows"
    : columns.some(isForEveryRow)
    ? "every row"
    : "all rows but some";
  return `${deletedKeys === undefined ? "" : "deletes rows, "}changes ${which}`;
}

function sharedSpace({ sharedSpace }: MysqlDetails): string {
  return sharedSpace === undefined ? "" : `; old pages remain as free pages in ${sharedSpace}`;
}

/** Sessions have foreign key checks off, without which the server refuses to truncate a table that another one references. */
function planTruncated(
  { table }: TableChange,
  { database }: Schema,
): Pick<TablePlan, "shape" | "why" | "peakBytes" | "steps"> {
  refuseOtherRows(table);
  const name = tableName(database, table);
  return {
    shape: "delete",
    why: `truncates the table${table.mysql ? sharedSpace(table.mysql) : ""}`,
    peakBytes: 0,
    steps: [
      {
        label: `count rows of ${table.id}`,
        sql: sql`SELECT COUNT(*) AS counted_rows FROM ${name}`,
        counts: "deleted",
      },
      { label: `truncate ${table.id}`, sql: sql`TRUNCATE TABLE ${name}` },
    ],
  };
}

function planUntouched(
  change: TableChange,
  schema: Schema,
): Pick<TablePlan, "shape" | "why" | "peakBytes" | "steps"> {
  const { table } = change;
  const why = reasonToRebuild(change);
  const histograms = table.mysql?.histograms ?? [];
  if (why === undefined && histograms.length > 0) {
    const why = "its histograms may hold values of deleted rows, or imported ones";
    return { shape: "none", why, peakBytes: 0, steps: [dropHistogramsStep(table, schema, histograms)] };
  }
  if (why === undefined) return { shape: "none", why: "nothing changes", peakBytes: 0, steps: [] };
  // A rebuild keeps old bytes of documents.
  if (table.mysql?.obstacles.length === 0 && storesDocuments(table)) {
    return { shape: "copy-swap", why, ...copySwap(change, table.mysql, schema) };
  }
  return { shape: "rewrite", why, peakBytes: table.bytes, steps: [rebuild(table, schema)] };
}

function reasonToRebuild({ table: { kind, mysql }, mayHoldOldRows = false }: TableChange): string | undefined {
  if (kind !== "table" || mysql === undefined || withoutFile.has(mysql.storageEngine.toUpperCase())) return undefined;
  if (mysql.hasRowVersions) {
    return "no changes, but rows may still hold values of columns that were dropped instantly";
  }
  if (!mayHoldOldRows) return undefined;
  return `no changes, but deleted rows and former values may remain in the file${sharedSpace(mysql)}`;
}

/** Engines whose tables keep nothing on disk, or nothing of their own. */
const withoutFile: ReadonlySet<string> = new Set(["BLACKHOLE", "FEDERATED", "MEMORY", "MRG_MYISAM", "NDBCLUSTER"]);

/** Engines whose tables hold no rows of their own, and why that is so. */
const elsewhere: Readonly<Record<string, string>> = {
  FEDERATED: "its rows are on another server",
  MRG_MYISAM: "its rows are those of the tables that it merges",
  NDBCLUSTER: "its rows are in a cluster",
};

function refuseOtherRows({ id, kind, mysql }: Table): void {
  const why = elsewhere[mysql?.storageEngine.toUpperCase() ?? ""] ??
    (kind === "table" ? undefined : "its rows are on another server");
  if (why === undefined) return;
  throw new ScrubError(
    "table",
    `Cannot change rows of "${id}": ${why}`,
    "Write rules for the tables that hold the rows, and drop this one or keep it on purpose.",
  );
}

function neighbours(table: Table, { foreignKeys }: Schema): readonly string[] {
  const found = foreignKeys.flatMap(({ child, parent }) =>
    child === table.id ? [parent] : parent === table.id ? [child] : []
  );
  return [...new Set(found)].filter((id) => id !== table.id);
}
