import type { EngineName } from "./engine_name.ts";

/** One column and what becomes of it. */
export interface ColumnOutline {
  readonly column: string;
  /** The strategy; absent: the column stays. */
  readonly strategy?: string;
  /** Selection, whose rows alone change; absent: all rows. */
  readonly only?: string;
  /** Why the column stays. */
  readonly reason?: string;
}

/** One table and what becomes of it. */
export interface TableOutline {
  readonly table: string;
  /** The catalogue's estimate. */
  readonly rows: number;
  /** Which rows go; absent: none. */
  readonly deleted?: string;
  /** How the table is changed, and why so; absent: it isn't, or nobody has asked the server for it. */
  readonly shape?: string;
  readonly why?: string;
  /** In the server's order. */
  readonly columns: readonly ColumnOutline[];
}

/** One database and what becomes of it. */
export interface DatabaseOutline {
  readonly engine: EngineName;
  readonly database: string;
  readonly fate: "scrubbed" | "kept" | "dropped" | "empty";
  /** The scrubber's name. */
  readonly scrubber?: string;
  /** Why it is let through or dropped. */
  readonly reason?: string;
  /** By name. */
  readonly tables: readonly TableOutline[];
  /** Objects that are dropped, or emptied and made again. */
  readonly removed: readonly string[];
}
