/** What a column of a PostgreSQL type holds. @module */

import type { ColumnKind } from "../../engine/schema.ts";

/** The kind of a catalogue's type; a domain has that of its base type. */
export interface CatalogueType {
  /** typname. */
  readonly name: string;
  /** typtype: `e` is an enum. */
  readonly typtype: string;
  /** typcategory: `A` is an array. */
  readonly category: string;
  /** Whether it is in pg_catalog. */
  readonly builtIn: boolean;
}

const builtIn: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
  ["text", "text"],
  ["varchar", "text"],
  ["bpchar", "text"],
  ["json", "json"],
  ["jsonb", "json"],
  ["uuid", "uuid"],
  ["int2", "integer"],
  ["int4", "integer"],
  ["int8", "integer"],
  ["numeric", "decimal"],
  ["float4", "decimal"],
  ["float8", "decimal"],
  ["bool", "boolean"],
  ["date", "date"],
  ["timestamp", "timestamp"],
  ["timestamptz", "timestamp"],
  ["bytea", "binary"],
]);

/** The kind of a type; `other` where no strategy understands it. */
export function kindOf({ name, typtype, category, builtIn: own }: CatalogueType): ColumnKind {
  if (typtype === "e") return "enum";
  if (category === "A") return "array";
  if (own) return builtIn.get(name) ?? "other";
  // The extension's: a row type, which anybody can call so, may have a cast to text of its own.
  return name === "citext" && typtype === "b" ? "text" : "other";
}

/** The greatest length in characters by a type's modifier; undefined where there is none. */
export function lengthOf(name: string, typmod: number): number | undefined {
  return (name === "varchar" || name === "bpchar") && typmod >= 4 ? typmod - 4 : undefined;
}
