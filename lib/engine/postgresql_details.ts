/** What only PostgreSQL's planner must know of a table, as plain values. @module */

/** What ALTER COLUMN TYPE would take from a column, or what forbids it. */
export interface PostgresqlColumn {
  readonly name: string;
  /** Why ALTER COLUMN TYPE is impossible, for people; absent: it is possible. */
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

/** The statistics target of an index's expression: lost when the index is rebuilt. */
export interface IndexTarget {
  readonly schema: string;
  readonly index: string;
  /** The index's column, from 1. */
  readonly column: number;
  readonly target: number;
}

/** A statistics object: ALTER COLUMN TYPE rebuilds it, owned by the current user and without its target. */
export interface StatisticsObject {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** Its statistics target; absent: the default. */
  readonly target?: number;
}

/** Facts that decide how a table of PostgreSQL is changed. */
export interface PostgresqlDetails {
  /** Why ALTER COLUMN TYPE is impossible for any of its columns, for people; absent: it is possible. */
  readonly obstacle?: string;
  /** Why a copy cannot replace the table, for people; absent: it can. */
  readonly copyObstacle?: string;
  /** The table's storage parameters, such as `fillfactor=70`. */
  readonly parameters: readonly string[];
  /** {@linkcode Table.id} of the topmost partitioned table whose partition it is. */
  readonly root?: string;
  /** A partitioned table: its partitions hold the rows. */
  readonly hasNoStorage: boolean;
  /** Columns that are special in some way. */
  readonly columns: readonly PostgresqlColumn[];
  readonly alwaysFiring: readonly AlwaysFiringObject[];
  readonly indexTargets: readonly IndexTarget[];
  readonly statistics: readonly StatisticsObject[];
  /** Columns were dropped; rows keep their values until they are rewritten. */
  readonly droppedValues: boolean;
  /** The catalogue has the value of a column for all rows that are older than it, until the table is rewritten. */
  readonly valuesForOldRows: boolean;
  /** It has indexes over expressions, whose functions may have read what was scrubbed: they are built anew with the table. */
  readonly computedIndexes: boolean;
}
