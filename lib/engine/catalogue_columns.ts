/** Columns of system catalogues that may hold text of users, and what a run does about it. @module */

/**
 * `searched`: by the inventory; `removed`: by a step of the run; `refused`: an object with such a text stops the run; `cannot
 * hold any`: only the server writes it, or it takes fixed words; `out of reach`: the master user can neither read nor change it,
 * which the report says.
 */
export type CatalogueAnswer = "searched" | "removed" | "refused" | "cannot hold any" | "out of reach";

/** Columns with one answer. */
export interface CatalogueColumns {
  readonly answer: CatalogueAnswer;
  /** By what, or why. */
  readonly how: string;
  /** Names of columns, with spaces between them, by catalogue. */
  readonly columns: Readonly<Record<string, string>>;
  /** Only in these versions of the server, both included: of PostgreSQL the major one, of MySQL `804` for 8.4. */
  readonly versions?: readonly [from: number, to: number];
}

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
