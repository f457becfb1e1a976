/** Columns of system catalogues that may hold text of users, and what a run does about it. @module */

import type { SchemaObjectKind } from "../core/object_kinds.ts";

/**
 * `checked`: the inventory reads it; `removed`: a step of the run drops or empties it; `refused`: an object with such a text stops the
 * run; `cannot hold any`: only the server writes it, or it takes fixed words; `out of reach`: the master user can neither read nor
 * change it, which the report says. The first and the third mean what they do in lib/scrub/coverage/object_policy.ts.
 */
export type CatalogueAnswer = "checked" | "removed" | "refused" | "cannot hold any" | "out of reach";

/** Columns with one answer. */
export type CatalogueColumns =
  & {
    /** Names of columns, with spaces between them, by catalogue. */
    readonly columns: Readonly<Record<string, string>>;
    /** Only in these versions of the server, both included: of PostgreSQL the major one, of MySQL `804` for 8.4. */
    readonly versions?: readonly [from: number, to: number];
  }
  & ({
    readonly answer: "checked";
    /** The kinds of objects that have it in their texts; `name` where it is among the names. */
    readonly as: readonly SchemaObjectKind[];
  } | {
    readonly answer: Exclude<CatalogueAnswer, "checked">;
    /** By what, or why. */
    readonly how: string;
  });

/** Every column that a table has an answer for, as `catalogue.column`. */
export function accountedColumns(table: readonly CatalogueColumns[]): ReadonlySet<string> {
  return new Set(table.flatMap(columnNames));
}

/** The columns of one part, as `catalogue.column`. */
export function columnNames({ columns }: CatalogueColumns): readonly string[] {
  return Object.entries(columns).flatMap(([catalogue, names]) =>
    names.split(" ").map((name) => `${catalogue}.${name}`)
  );
}
