/** What only MySQL's planner must know of a table, as plain values. @module */

/** A trigger as the server tells it. */
export interface MysqlTrigger {
  readonly name: string;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** The statement that creates it, by SHOW CREATE TRIGGER. */
  readonly statement: string;
  /** What the session that created it had set; a trigger keeps these. */
  readonly sqlMode: string;
  readonly characterSetClient: string;
  readonly collationConnection: string;
}

/** Facts that decide how a table of MySQL's is changed. */
export interface MysqlDetails {
  /** The storage engine, such as `InnoDB`. */
  readonly storageEngine: string;
  /** The statement that creates it, by SHOW CREATE TABLE; empty for a FEDERATED table, whose statement holds a password. */
  readonly definition: string;
  /** In the order in which they fire, so that creating them in this order keeps it. */
  readonly triggers: readonly MysqlTrigger[];
  /** Why no copy could take the table's place, for people; empty: one can. */
  readonly obstacles: readonly string[];
  /** The server writes it anew under no circumstances: sql_require_primary_key is on, and it has none. */
  readonly mayNotBeRebuilt?: true;
  /** It shares a file with other tables, so that dropping it takes no page away: ibdata1, or a general tablespace. */
  readonly sharedSpace?: string;
  /** Columns were added or dropped instantly: rows may hold values of dropped ones (information_schema.innodb_tables). */
  readonly hasRowVersions: boolean;
  /** Columns with a histogram, which holds values. */
  readonly histograms: readonly string[];
}
