/** What a scrubber declares: plain data, which never has a connection. @module */

import type { Json } from "../../engine/expressions.ts";
import type { EngineName } from "../../core/engine_name.ts";
import type { RuleFileIdentity } from "../../core/rule_file.ts";

export type { EngineName, Json };

/** One piece of a fragment: SQL text by the scrubber's author, or a name or value that is rendered safely. */
export type FragmentPart =
  | string
  | { readonly table: string }
  | { readonly column: string }
  | { readonly selection: string }
  | { readonly asOf: true };

/** SQL over the live database, in the dialect of the definition's engine. Volatile functions are refused. */
export type Fragment = readonly FragmentPart[];

/** Builds a fragment: ``sql`${column("created_at")} < ${asOf} - interval '1 day'` ``. */
export function sql(literals: TemplateStringsArray, ...parts: readonly (FragmentPart | Fragment)[]): Fragment {
  return literals.flatMap((literal, at): FragmentPart[] => {
    const part = parts[at];
    if (part === undefined) return [literal];
    return isFragment(part) ? [literal, ...part] : [literal, part];
  });
}

function isFragment(part: FragmentPart | Fragment): part is Fragment {
  return Array.isArray(part);
}

/** A table, schema-qualified and quoted. */
export function table(name: string): FragmentPart {
  return { table: name };
}

/** A column of the selection's own table, quoted and qualified by it. */
export function column(name: string): FragmentPart {
  return { column: name };
}

/** The keys of an earlier selection as a subquery in brackets: `edition_id IN ${selection("restricted")}`. Its table has a one-column key. */
export function selection(name: string): FragmentPart {
  return { selection: name };
}

/** The time of the snapshot's data, one value a source; never the clock. */
export const asOf: FragmentPart = { asOf: true };

/** Rows of one table, whose primary keys are read once, before the first change, in the order of the definition. */
export interface Selection {
  readonly of: string;
  readonly where: Fragment;
  /** The table may be missing; then the selection is empty, and so are rules that use it. */
  readonly optional?: true;
}

/**
 * All values that the rules know of a column by which selections choose rows, such as the class that owns a row; also those whose
 * rows are kept. Another value in the data, compared byte for byte, stops the run: the rules do not say what its rows hold.
 */
export interface KnownValues {
  readonly table: string;
  readonly column: string;
  /** NULL is allowed only where it is listed. */
  readonly values: readonly (string | null)[];
  /** The table or column may be missing. */
  readonly optional?: true;
}

/** What happens to a column. Made by the functions of strategies.ts. */
export interface ColumnRule {
  readonly strategy: string;
  readonly with?: Json;
  /** Name of a selection of this table: only its rows change. */
  readonly only?: string;
  /** Name of a selection of this table: all rows but its own change. */
  readonly except?: string;
  /** For `keep`: what the column holds is public; its reason says where. */
  readonly public?: true;
  /** For `keep`: the type that the reason is about, as reviews name it: `integer`, `text`, … A column of another type is drift. */
  readonly type?: string;
  /** For a rule for some rows: why what the other rows hold is public. */
  readonly restPublic?: string;
  /** The column may be missing. */
  readonly optional?: true;
  /** The column whose rule this is, since it repeats it by a reference. Set by natural_keys.ts alone. */
  readonly follows?: string;
}

/** Least and greatest number of rows, both included. */
export interface RowRange {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** How many rows a rule is expected to change. Anything else fails verification. */
export interface Expect {
  readonly changed?: RowRange;
  readonly gone?: RowRange;
  readonly left?: RowRange;
  /** At most this share (0 to 1) of the table's rows is deleted. */
  readonly goneShare?: number;
}

/**
 * A reference from rows of the rule's table to rows of another one that the server does not enforce; or, of a foreign key that it
 * does enforce, what happens to rows whose referenced row is deleted.
 *
 * A reference is no reference where one of its columns is NULL. One that leads to no row counts as one to a deleted row.
 * Afterwards none leads to no row: verification proves it as it does of foreign keys.
 */
export interface Reference {
  /** Columns of the rule's table. */
  readonly columns: readonly string[];
  /** The referenced table; of a polymorphic reference each by the text in the column `type`, null where that text means no table. */
  readonly to: string | Readonly<Record<string, string | null>>;
  /** Unique columns of the referenced table; absent: its primary key. */
  readonly toColumns?: readonly string[];
  /** Of a polymorphic reference: the column that says which table is referenced. Another text than those in `to` stops the run. */
  readonly type?: string;
  /**
   * What happens to a row whose referenced row is deleted; absent: what the foreign key says, and `delete` where there is none. NULL
   * is set in those of the columns that may be NULL.
   */
  readonly whenDeleted?: "delete" | "set null";
  /** The columns or the referenced table may be missing. */
  readonly optional?: true;
}

/**
 * What happens to one table.
 *
 * `keepRows` and `keepReferenced` make the database a subset. Then these rows stay:
 *
 * 1. Of a table with `keepRows`: the selected rows, and those that rows which are certain to stay need. A row needs what it
 *    references, unless the reference becomes NULL when it leads nowhere (ON DELETE SET NULL, or `whenDeleted: "set null"`).
 * 2. Of a table with `keepReferenced`: the rows that remaining rows of other tables reference, directly or through rows of tables with
 *    `keepReferenced`. Rows that only reference each other, or themselves, go.
 * 3. Of every other table: the rows whose references all lead to remaining rows, whatever the foreign key's ON DELETE action is. A
 *    table that leads to no table with `keepRows` stays whole.
 *
 * So a selected row always stays, with its ancestors; a row that references one of them stays only if nothing else that it needs is
 * gone. Rows that `deleteRows` of another table deletes are no longer there when the subset is chosen, and take along what needs them:
 * a run is refused where that is a selected row or one that a selected row needs.
 */
export type TableRule =
  | {
    readonly keep: string;
    /** What the table holds is public; the reason says where. */
    readonly public?: true;
    readonly optional?: true;
  }
  | {
    /** Every row is deleted, and with them those that reference them by CASCADE. Made by `truncate()`. */
    readonly truncate: true;
    readonly optional?: true;
  }
  | {
    readonly optional?: true;
    /** Name of a selection of this table: its rows are deleted, and with them those that reference them by CASCADE. */
    readonly deleteRows?: string;
    /** Name of a selection of this table: its rows stay with what they need, all others are deleted, and what needs those. */
    readonly keepRows?: string;
    /** Only rows that a remaining row of another table references stay. */
    readonly keepReferenced?: true;
    /** References that the server does not enforce, and exceptions from what foreign keys say. */
    readonly references?: readonly Reference[];
    readonly columns: Readonly<Record<string, ColumnRule>>;
    readonly expect?: Expect;
  };

/** The rules for one application's database. */
export interface Definition {
  readonly selections: Readonly<Record<string, Selection>>;
  readonly tables: Readonly<Record<string, TableRule>>;
  readonly knownValues?: readonly KnownValues[];
  /**
   * SQL statements, such as for test logins and feature flags, one each: they run in the scrubbed database before verification, which
   * holds their result against the rules as well. Triggers and the actions of foreign keys are off.
   */
  readonly after?: readonly string[];
}

/** What a definition may ask of the live schema, so that it fits several versions of an application. */
export interface SchemaFacts {
  /** Whether the table, or its column, is there. */
  has(table: string, column?: string): boolean;
}

/** One entry of the registry: an application's name, and its rules for the schema it has now. */
export interface Scrubber {
  /** As the application calls itself; `-` and `_` are the same, and an environment's suffix is stripped from databases. */
  readonly name: string;
  readonly engine: EngineName;
  /** One sentence for `datascrubber scrubbers`. */
  readonly summary: string;
  /** The content of the scrubber's `reviewed.json`: columns that a person has reviewed. Checked where it is read. */
  readonly reviewed: unknown;
  /** The rule file that it comes from. */
  readonly file?: RuleFileIdentity;
  define(schema: SchemaFacts): Definition;
}

/**
 * The rule for the rows of one selection only. `restPublic`: why what the other rows hold is public; without it they may hold no
 * address and no token that a rule removes elsewhere.
 */
export function onlyIn(
  selectionName: string,
  rule: ColumnRule,
  { restPublic }: { readonly restPublic?: string } = {},
): ColumnRule {
  return { ...rule, only: selectionName, ...(restPublic !== undefined && { restPublic }) };
}

/**
 * The rule for all rows but those of one selection, such as accounts of staff. `restPublic`: why what those hold is public; without
 * it they may hold no address and no token that a rule removes elsewhere.
 */
export function exceptIn(
  selectionName: string,
  rule: ColumnRule,
  { restPublic }: { readonly restPublic?: string } = {},
): ColumnRule {
  return { ...rule, except: selectionName, ...(restPublic !== undefined && { restPublic }) };
}

/** {@linkcode onlyIn} for several columns. */
export function allOnlyIn(
  selectionName: string,
  rules: Readonly<Record<string, ColumnRule>>,
  rest: { readonly restPublic?: string } = {},
): Readonly<Record<string, ColumnRule>> {
  return Object.fromEntries(Object.entries(rules).map(([column, rule]) => [column, onlyIn(selectionName, rule, rest)]));
}

/** The rule for a column that not every version of the application has. */
export function ifThere(rule: ColumnRule): ColumnRule {
  return { ...rule, optional: true };
}
