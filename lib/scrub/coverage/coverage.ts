/** Classifies everything in a database: its columns by rule, structure or review, its objects by policy. Pure. @module */

import type { Inventory, SchemaObject } from "../../engine/inventory.ts";
import type { Column, Schema, Table } from "../../engine/schema.ts";
import { policyFor } from "./object_policy.ts";
import type { Definition } from "../rules/definition.ts";
import { reviewedColumns, shapeOf } from "./reviewed.ts";
import { structureOf } from "./structural.ts";
import type { ReviewedObjectReport } from "../../core/report.ts";
import type { Reviewed, Signature } from "../../core/reviewed.ts";

/** How a column is classified. `computed`: the server computes it from columns that are classified. */
export type Accounting = "ruled" | "structural" | "computed" | "reviewed";

/** A classified column. */
export interface AccountedColumn {
  /** {@linkcode Table.id}. */
  readonly table: string;
  readonly column: string;
  readonly by: Accounting;
  /** The strategy, or why the column is kept. */
  readonly reason: string;
  /** Which rows a rule or a review leaves their values. Absent: none, or the column is structural or computed. */
  readonly stays?: "all rows" | "some rows";
  /** Why what is kept of it, all of it or the rows outside a selection, is public anyway. Absent: it is not public. */
  readonly public?: string;
  /** Who reviewed it. */
  readonly decidedBy?: string;
  /** What the reviewer looked at. */
  readonly source?: string;
}

/** An unclassified column. */
export interface ColumnDrift {
  readonly table: Table;
  readonly column: Column;
  /** The type that it was reviewed with. */
  readonly reviewedAs?: string;
}

/** A refused object. */
export interface ObjectDrift {
  readonly object: SchemaObject;
  readonly why: string;
}

/** A database's columns and other objects, classified. */
export interface Coverage {
  readonly columns: readonly AccountedColumn[];
  readonly columnDrift: readonly ColumnDrift[];
  readonly objectDrift: readonly ObjectDrift[];
  /** Objects that are removed before the snapshot, or emptied and filled again. */
  readonly removed: readonly SchemaObject[];
  readonly reviewedObjects: readonly ReviewedObjectReport[];
}

/**
 * Classifies every column of every table, and every other object. Partitions are covered by their partitioned table, whose
 * columns they have; foreign tables and materialised views by the policy for such objects (object_policy.ts).
 */
export function accountFor(
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
  const policies = inventory.objects.map((object) => ({ object, answer: policyFor(object) }));
  return {
    columns,
    columnDrift,
    objectDrift: refusedObjects(inventory.objects, reviewed),
    reviewedObjects: reviewedObjects(inventory.objects, reviewed),
    removed: policies.filter(({ answer: [policy] }) => policy === "dropped" || policy === "emptied")
      .map(({ object }) => object),
  };
}

/** The objects that the policy refuses and no entry lets through. */
export function refusedObjects(
  objects: readonly SchemaObject[],
  reviewed: readonly Reviewed[],
): readonly ObjectDrift[] {
  return objects.flatMap((object) => {
    const [policy, why] = policyFor(object);
    if (policy !== "refused" || entryOf(object, reviewed)) return [];
    const unfit = entriesFor(object, reviewed).map(({ digest }) =>
      digest === undefined ? "its entry has no digest of the text" : "its text is not the one that was reviewed"
    );
    return [{ object, why: [why, ...new Set(unfit)].join("; ") }];
  });
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
  if (rule && "keep" in rule) return { by: "ruled", ...kept(rule.keep, rule.public) };
  if (rule && "truncate" in rule) return { by: "ruled", reason: "every row is deleted" };
  const columnRule = rule && Object.hasOwn(rule.columns, column.name) ? rule.columns[column.name] : undefined;
  if (columnRule) {
    const { strategy, with: reason, only, except, restPublic, follows } = columnRule;
    if (strategy === "keep") {
      const { type = shapeOf(column) } = columnRule;
      if (type !== shapeOf(column)) return { by: "nothing", was: { reviewedAs: type } };
      return { by: "ruled", ...kept(String(reason), columnRule.public) };
    }
    const forSome = only !== undefined || except !== undefined;
    const rows = only !== undefined
      ? `, only rows of ${only}`
      : except !== undefined
      ? `, all rows but those of ${except}`
      : "";
    const whose = follows === undefined ? "" : `, follows ${follows}`;
    return {
      by: "ruled",
      reason: `${strategy}${rows}${whose}`,
      ...(forSome && { stays: "some rows" }),
      ...(restPublic !== undefined && { public: restPublic }),
    };
  }
  const found = reviews.columns.get(keyOf(table.id, column.name)) ?? [];
  const all = found.filter(({ type }) => type === shapeOf(column));
  // The operator's review may declare a column public that the scrubber's own review only keeps.
  const fitting = all.find(({ entry }) => entry.public) ?? all[0];
  if (fitting) return keptBy(fitting.entry);
  // A column of another type than the reviewed one is drift, even where the new type is structural.
  const [other] = found;
  if (other) return { by: "nothing", was: { reviewedAs: other.type } };
  const whole = reviews.tables.get(table.id);
  if (whole) return keptBy(whole);
  const structure = structureOf(schema, table, column);
  if (structure) return { by: "structural", reason: structure.reason };
  if (isComputed(column)) return { by: "computed", reason: "the server computes it from the row's other columns" };
  return { by: "nothing" };
}

/** An identity column is not: what it held before it became one is still there. A function of a user's may read anything. */
function isComputed({ generated, generatedBy, callsFunction }: Column): boolean {
  return generated && generatedBy === undefined && callsFunction !== true;
}

function keptBy({ reason, public: isPublic, by: decidedBy, source }: Signature): Account {
  return { by: "reviewed", ...kept(reason, isPublic), decidedBy, source };
}

function kept(reason: string, isPublic: boolean | undefined): Pick<AccountedColumn, "reason" | "stays" | "public"> {
  return { reason, stays: "all rows", ...(isPublic && { public: reason }) };
}

function keyOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

/** The objects that the policy refuses and an entry lets through. */
export function reviewedObjects(
  objects: readonly SchemaObject[],
  reviewed: readonly Reviewed[],
): readonly ReviewedObjectReport[] {
  return objects.filter((object) => policyFor(object)[0] === "refused").flatMap((object) => {
    const entry = entryOf(object, reviewed);
    if (!entry) return [];
    const { reason, by: decidedBy, source } = entry;
    return [{ object: `${object.kind} ${object.name}`, reason, decidedBy, source }];
  });
}

function entryOf(object: SchemaObject, reviewed: readonly Reviewed[]): ObjectEntry | undefined {
  return entriesFor(object, reviewed).find((entry) => isOfItsText(entry, object));
}

/** An entry that names an object. */
type ObjectEntry = Extract<Reviewed, { readonly object: unknown }>;

/** The entries that name the object, whatever its text was when they were written. */
export function entriesFor(
  { kind, name }: { readonly kind: string; readonly name: string },
  reviewed: readonly Reviewed[],
): readonly ObjectEntry[] {
  return reviewed.filter((entry) => "object" in entry).filter((entry) => entry.object === kind && entry.name === name);
}

/** Whether the object has the text that was reviewed. Of one without a text its being there is what was reviewed. */
export function isOfItsText(entry: ObjectEntry, { digest }: SchemaObject): boolean {
  return digest === undefined || entry.digest === digest;
}

/** The entry that lets a refused object through once a person has completed it. */
export function entryForObject({ kind, name, digest }: SchemaObject): ObjectEntry {
  return { object: kind, name, ...(digest !== undefined && { digest }), reason: "", by: "", source: "" };
}
