/** What only PostgreSQL's planner must know of a table, as plain values. @module */

/** What a new type in place would take from a column, or what stands in its way. */
export interface PostgresqlColumn {
  readonly name: string;
  /** Why the column can't be given a type in place, for people; absent: it can. */
  readonly obstacle?: string;
  /** The collation's quoted name, where it is not the type's own. */
  readonly collation?: string;
  /** The storage, where it is not the type's own; of a partition always. */
  readonly storage?: "PLAIN" | "MAIN" | "EXTERNAL" | "EXTENDED";
  /** The compression method, where one is set. */
  readonly compression?: "pglz" | "lz4";
}

/** A trigger or rule that fires although the session's replication role is `replica`. */
export interface AlwaysFiringObject {
  readonly kind: "TRIGGER" | "RULE";
  readonly name: string;
  readonly fires: "ALWAYS" | "REPLICA";
}

/** How finely ANALYZE looks at an index's expression: lost when the index is built anew. */
export interface IndexTarget {
  readonly schema: string;
  readonly index: string;
  /** The index's column, from 1. */
  readonly column: number;
  readonly target: number;
}

/** A statistics object: built anew by whoever changes its columns' types, who owns it then, and without its target. */
export interface StatisticsObject {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** How finely ANALYZE looks; absent: as by default. */
  readonly target?: number;
}

/** Facts that decide how a table of PostgreSQL's is changed. */
export interface PostgresqlDetails {
  /** Why none of its columns can be given a type in place, for people; absent: they can. */
  readonly obstacle?: string;
  /** {@linkcode Table.id} of the topmost partitioned table whose partition it is. */
  readonly root?: string;
  /** The table has partitions or children of its own kind and holds no rows itself. */
  readonly hollow: boolean;
  /** Columns that are special in some way. */
  readonly columns: readonly PostgresqlColumn[];
  readonly loud: readonly AlwaysFiringObject[];
  readonly indexTargets: readonly IndexTarget[];
  readonly statistics: readonly StatisticsObject[];
  /** Columns were dropped, whose values stand in rows until these are written anew. */
  readonly droppedValues: boolean;
  /** It has indexes over expressions, whose functions may have read what was scrubbed: they are built anew with the table. */
  readonly computedIndexes: boolean;
}
