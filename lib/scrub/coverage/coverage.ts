/** Is everything in a database accounted for? Pure: the live schema, inventory, rules and reviews are values. @module */

import type { SchemaObject, Inventory } from "../../engine/inventory.ts";
import type { Column, Schema, Table } from "../../engine/schema.ts";
import { policyFor } from "./object_policy.ts";
import type { Definition } from "../rules/definition.ts";
import { reviewedColumns, shapeOf } from "./reviewed.ts";
import { structureOf } from "./structural.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** How a column is accounted for. `computed`: the server computes it from columns that are. */
export type Accounting = "ruled" | "structural" | "computed" | "reviewed";

/** A column that is accounted for. */
export interface AccountedColumn {
  /** {@linkcode Table.id}. */
  readonly table: string;
  readonly column: string;
  readonly by: Accounting;
  /** The strategy, or why the column may stay. */
  readonly reason: string;
  /** Why everybody can read anyway what stays of it: all of it, or what a rule for some rows leaves alone. Absent: not everybody can. */
  readonly public?: string;
}

/** A column that nothing accounts for. */
export interface ColumnDrift {
  readonly table: Table;
  readonly column: Column;
  /** The type that it had when somebody looked at it. */
  readonly reviewedAs?: string;
}

/** An object besides rows that may not stay. */
export interface ObjectDrift {
  readonly object: SchemaObject;
  readonly why: string;
}

/** What a database's columns and other objects come to. */
export interface Coverage {
  readonly columns: readonly AccountedColumn[];
  readonly columnDrift: readonly ColumnDrift[];
  readonly objectDrift: readonly ObjectDrift[];
  /** What does not leave with the snapshot, or is emptied and made again. */
  readonly removed: readonly SchemaObject[];
}

/**
 * Accounts for every column of every table, and for every other object. Partitions are covered by their partitioned table, whose
 * columns they have; the rows of foreign tables and materialised views by the answer for such objects (answers.ts).
 */
export function coverage(
  schema: Schema,
  inventory: Pick<Inventory, "objects">,
  definition: Definition,
  reviewed: readonly Reviewed[],
): Coverage {
  const columns: AccountedColumn[] = [];
  const columnDrift: ColumnDrift[] = [];
  const index = indexOf(reviewed);
  for (const table of schema.tables.filter(({ kind }) => kind === "table" || kind === "partitioned")) {
    for (const column of table.columns) {
      const found = account(schema, table, column, definition, index);
      if (found.by === "nothing") columnDrift.push({ table, column, ...found.was });
      else columns.push({ table: table.id, column: column.name, ...found });
    }
  }
  const answered = inventory.objects.map((object) => ({ object, answer: policyFor(object) }));
  return {
    columns,
    columnDrift,
    objectDrift: answered
      .filter(({ object, answer: [answer] }) => answer === "refused" && !isReviewed(object, reviewed))
      .map(({ object, answer: [, why] }) => ({ object, why })),
    removed: answered.filter(({ answer: [answer] }) => answer === "dropped" || answer === "emptied")
      .map(({ object }) => object),
  };
}

interface ReviewIndex {
  readonly tables: ReadonlyMap<string, Reviewed>;
  readonly columns: ReadonlyMap<string, readonly { readonly type: string; readonly entry: Reviewed }[]>;
}

function indexOf(reviewed: readonly Reviewed[]): ReviewIndex {
  const tables = reviewed.flatMap((entry) =>
    "table" in entry && !("column" in entry) ? [[entry.table, entry] as const] : []
  );
  const columns = Map.groupBy(reviewedColumns(reviewed), ({ table, column }) => keyOf(table, column));
  return { tables: new Map(tables), columns };
}

type Account =
  | Omit<AccountedColumn, "table" | "column">
  | { readonly by: "nothing"; readonly was?: { readonly reviewedAs: string } };

function account(
  schema: Schema,
  table: Table,
  column: Column,
  { tables }: Definition,
  reviews: ReviewIndex,
): Account {
  const rule = Object.hasOwn(tables, table.id) ? tables[table.id] : undefined;
  if (rule && "keep" in rule) return { by: "ruled", ...stays(rule.keep, rule.public) };
  const columnRule = rule && Object.hasOwn(rule.columns, column.name) ? rule.columns[column.name] : undefined;
  if (columnRule) {
    const { strategy, with: reason, restPublic } = columnRule;
    if (strategy === "keep") return { by: "ruled", ...stays(String(reason), columnRule.public) };
    return { by: "ruled", reason: strategy, ...(restPublic !== undefined && { public: restPublic }) };
  }
  const found = reviews.columns.get(keyOf(table.id, column.name)) ?? [];
  const all = found.filter(({ type }) => type === shapeOf(column));
  // The operator's review may say of a column that the scrubber's own one lets stay that it is public.
  const fitting = all.find(({ entry }) => entry.public) ?? all[0];
  if (fitting) return { by: "reviewed", ...stays(fitting.entry.reason, fitting.entry.public) };
  // A retyped column is drift even where its new type is structure: the reason was for the old one.
  const [other] = found;
  if (other) return { by: "nothing", was: { reviewedAs: other.type } };
  const whole = reviews.tables.get(table.id);
  if (whole) return { by: "reviewed", ...stays(whole.reason, whole.public) };
  const structure = structureOf(schema, table, column);
  if (structure !== undefined) return { by: "structural", reason: structure };
  if (isComputed(column)) return { by: "computed", reason: "the server computes it from the row's other columns" };
  return { by: "nothing" };
}

/** An identity column is not: what it was before somebody made it one is still there. A function of a user's may read anything. */
function isComputed({ generated, generatedBy, callsFunction }: Column): boolean {
  return generated && generatedBy === undefined && callsFunction !== true;
}

function stays(reason: string, isPublic: boolean | undefined): Pick<AccountedColumn, "reason" | "public"> {
  return { reason, ...(isPublic && { public: reason }) };
}

function keyOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

/** Whether somebody has said that the object may stay. */
export function isReviewed({ kind, name }: Pick<SchemaObject, "kind" | "name">, reviewed: readonly Reviewed[]): boolean {
  return reviewed.some((entry) => "object" in entry && entry.object === kind && entry.name === name);
}
