/** What only MySQL's planner must know of a table, as plain values. @module */

/** A trigger, as the server shows it. */
export interface MysqlTrigger {
  readonly name: string;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** The statement that creates it, by SHOW CREATE TRIGGER. */
  readonly statement: string;
  /** Settings of the session that created it, which a trigger keeps. */
  readonly sqlMode: string;
  readonly characterSetClient: string;
  readonly collationConnection: string;
}

/** Facts that decide how a table of MySQL is changed. */
export interface MysqlDetails {
  /** The storage engine, such as `InnoDB`. */
  readonly storageEngine: string;
  /** The statement that creates it, by SHOW CREATE TABLE; empty for a FEDERATED table, whose statement holds a password. */
  readonly definition: string;
  /** In the order in which they fire, so that creating them in this order keeps it. */
  readonly triggers: readonly MysqlTrigger[];
  /** Why a copy cannot replace the table, for people; empty: it can. */
  readonly obstacles: readonly string[];
  /** The server refuses to rebuild it: sql_require_primary_key is on, and it has none. */
  readonly mayNotBeRebuilt?: true;
  /**
   * The file that it shares with other tables, so that dropping it frees pages and removes none: ibdata1, or a general
   * tablespace.
   */
  readonly sharedSpace?: string;
  /**
   * Columns were added or dropped instantly: rows may hold values of dropped ones (information_schema.innodb_tables). MariaDB does not
   * tell: each table of InnoDB may.
   */
  readonly hasRowVersions: boolean;
  /** Columns with a histogram, which holds values; none in MariaDB, whose own are rows of a table that a purge empties. */
  readonly histograms: readonly string[];
}
