/** A live schema as plain values: what planning, coverage and verification read instead of asking the server again. @module */

import type { MysqlDetails } from "./mysql_details.ts";
import type { PostgresqlDetails } from "./postgresql_details.ts";
import type { EngineName } from "../core/engine_name.ts";

/** What a column holds, as far as strategies must know. `other` is any type that no strategy understands. */
export type ColumnKind =
  | "text"
  | "json"
  | "uuid"
  | "integer"
  | "decimal"
  | "boolean"
  | "date"
  | "timestamp"
  | "binary"
  | "array"
  | "enum"
  | "other";

/** How the server generates a column's default, one value a row. */
export type ValueGenerator = "identity" | "sequence" | "auto_increment" | "uuid";

/** One column of a table. */
export interface Column {
  readonly name: string;
  /** The type as the server's catalogue spells it, length included, such as `character varying(255)`. */
  readonly type: string;
  readonly kind: ColumnKind;
  /** Kind of an array's elements. */
  readonly element?: ColumnKind;
  /**
   * Users' types inside of its type with what they are made of, such as `public.place(town text, country text)`, `public.code(text)` of a
   * domain, or of a range: that changes while the type keeps its name. Absent where the kind tells.
   */
  readonly attributes?: string;
  /** Greatest length: characters of text (MySQL's TEXT types: bytes), bytes of binary. Absent: unlimited. */
  readonly length?: number;
  readonly nullable: boolean;
  /**
   * It takes no NULL by now, but rows may hold some: only its domain forbids them, which a subquery without a row passes by, or its
   * constraint is NOT VALID (PostgreSQL 18): the server has not checked older rows.
   */
  readonly mayHoldNull?: true;
  /** Has a default other than NULL (identity, serial and AUTO_INCREMENT count). */
  readonly hasDefault: boolean;
  /** Absent: a constant or another expression, or no default. */
  readonly generatedBy?: ValueGenerator;
  /** The server computes it; it can't be assigned. */
  readonly generated: boolean;
  /** What computes it calls a function or operator that is neither the server's nor an extension's. */
  readonly callsFunction?: true;
}

/** A primary key, unique constraint or unique index. */
export interface UniqueKey {
  readonly name: string;
  readonly primary: boolean;
  /** Every column that the key's parts use, expressions included. */
  readonly columns: readonly string[];
  /** The key takes values that differ only in case as equal: a folding expression or a case-insensitive collation. */
  readonly folds: boolean;
}

/** What a foreign key does to the child row when its parent row is deleted. */
export type OnDelete = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** A foreign key; tables by {@linkcode Table.id}. */
export interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly onDelete: OnDelete;
  /** The columns that `set null` sets (PostgreSQL 15 and later); absent: all of them. */
  readonly nulled?: readonly string[];
  /** The server has not checked the rows that are there (NOT VALID, NOT ENFORCED). */
  readonly notValid?: true;
  /** The last column is a range, which those of all referenced rows cover together (PERIOD; PostgreSQL 18 and later). */
  readonly period?: true;
}

/** What kind of relation it is. Only `table` and `partitioned` hold rows that statements of ours change. */
export type TableKind = "table" | "partitioned" | "partition" | "foreign" | "materialised view";

/** A relation that holds rows. */
export interface Table {
  /** Unique in its database: the name, and before it the schema and a dot where that is not the default one. */
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  /** In the server's order. */
  readonly columns: readonly Column[];
  /** Empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly UniqueKey[];
  /** The catalogue's estimate; never negative. */
  readonly rows: number;
  /** Bytes on disk with indexes and out-of-line values, by the catalogue. */
  readonly bytes: number;
  /** The table has triggers of the application's own. */
  readonly hasTriggers: boolean;
  /** On MySQL: what its planner must know besides. */
  readonly mysql?: MysqlDetails;
  /** On PostgreSQL: what its planner must know besides. */
  readonly postgresql?: PostgresqlDetails;
}

/** One database's relations and the foreign keys between them. */
export interface Schema {
  readonly engine: EngineName;
  readonly database: string;
  /** `160004`, `80036`: the server's version as its own number. */
  readonly version: number;
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** The table with this id, or undefined. */
export function findTable(schema: Schema, id: string): Table | undefined {
  return schema.tables.find((table) => table.id === id);
}

/** The column with this name, or undefined. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** PostgreSQL's citext, whose own operators are in a schema of the application's: sessions would compare it by case. */
export function isCaseless({ type }: Column): boolean {
  return /^(.*\.)?"?citext"?$/.test(type);
}
