/** The contract that both engines implement: everything that the phases of a run ask of a database server. @module */

import type { Counter } from "./counters.ts";
import type { Expressions } from "./expressions.ts";
import type { Inventory, SchemaObject, ServerInventory } from "./inventory.ts";
import type { Column, Schema, Table } from "./schema.ts";
import type { Shuffle } from "./shuffled_rows.ts";
import type { Name, Sql } from "./sql.ts";
import type { EngineName } from "../core/engine_name.ts";
import type { LoginObstacle } from "../core/login_obstacle.ts";

/** Where and as whom to log in. */
export interface Target {
  /** The name that the server's certificate carries; never an address (drivers check no address). */
  readonly host: string;
  readonly port: number;
  /** Absent: the engine's own maintenance database. */
  readonly database?: string;
  readonly user: string;
  readonly password: string;
  /** CA certificates in PEM. */
  readonly ca: string;
  /**
   * `verified`: as for a workspace; `unverified`: encrypted, any certificate; `preferred`: encrypted if the server can; `off`:
   * plain. Absent: `verified`.
   */
  readonly tls?: "verified" | "unverified" | "preferred" | "off";
}

/** What of a server a run may change: all of it where it is a workspace, else one database alone. */
export type Reach = "server" | "database";

/**
 * What a server keeps its data in: `files` of its own, or a `service` as that of Aurora, to which a server sends only its log, and whose
 * pages, logs and earlier versions no SQL reaches. There a run overwrites nothing, and proves by SQL what can be read.
 */
export type Storage = "files" | "service";

/** The run's pseudonym key: 32 bytes. Reaches a server only masked, see `maskKey`, as a setting of the session. */
export type PseudonymKey = Uint8Array;

/**
 * What a query's result may hold. Never values of rows: nothing that scrubs or verifies reads any. Texts of catalogues may be
 * personal: they do not leave the engine.
 */
export type Cell = string | number | boolean | null;

/** A keyed hash of 64 bits, with its sign, and what its set says of it: a number of at most 52 bits. */
export type Fingerprint = readonly [fingerprint: bigint, flags: number];

/** One statement of a plan. */
export interface Step {
  /** For people, without values: `update emails`. */
  readonly label: string;
  readonly sql: Sql;
  /**
   * What must be true afterwards: `rewritten`: the table has a new file (a refused VACUUM FULL is only a warning,
   * PostgreSQL chapter "VACUUM"); `rows`: exactly so many rows were changed.
   */
  readonly expect?: { readonly rewritten: Table } | { readonly rows: number };
  /**
   * What the statement's row count means in the report; absent: nothing. `every row`: the statement returns no count, and changes
   * every row that is left.
   */
  readonly counts?: "changed" | "deleted" | "every row";
  /** With `every row`: how many rows it does not change. */
  readonly excepted?: number;
  /** What the statement does instead, with a warning of the server, where its way is not possible after all; for people. */
  readonly otherwise?: string;
  /**
   * The same for those of the table's rows that meet a condition, so that several sessions may share the work; absent: it is one
   * statement. Never where something is expected of the whole.
   */
  over?(condition: Sql): Sql;
}

/** A database of the instance as discovery sees it. */
export interface DatabaseInfo {
  readonly name: string;
  /** Whether it admits connections. What one holds that does not cannot be read. */
  readonly connectable: boolean;
  /** Holds no object of a user's own. False where it admits no connections. */
  readonly empty: boolean;
  /**
   * The server comes with it and it is never dropped (PostgreSQL's `postgres`, `template1`). Let through only while it is empty.
   */
  readonly maintenance: boolean;
  /**
   * Some objects of one that is not empty, for people. Of one that admits no connections: what keeps it from being dropped, such
   * as a subscription.
   */
  readonly userObjects: readonly string[];
  /** What can carry values in one that counts as empty, such as comments. */
  readonly objects: readonly SchemaObject[];
  /** Those of {@linkcode objects} that {@linkcode Engine.clear} empties. */
  readonly clearable: readonly SchemaObject[];
}

/** How one table is changed. */
export type Shape = "update" | "rewrite" | "copy-swap" | "delete" | "none";

/** Keys of some rows of one table, kept in scratch: a table that holds the primary key's columns under their own names. */
export interface Scratch {
  readonly table: Name;
  readonly of: Table;
  /** How many rows it holds, if known: the planner chooses by it. */
  readonly rows?: number;
}

/** The rows that something is for; all without either. Never both. */
export interface ChosenRows {
  /** Only these rows. */
  readonly onlyKeys?: Scratch;
  /** All rows but these. */
  readonly exceptKeys?: Scratch;
}

/** The change of one column. */
export interface ColumnChange extends ChosenRows {
  readonly column: Column;
  /** The new value: an expression over the old row of this table only, with unqualified columns. */
  readonly newValue: Sql;
  /** The new values are the old ones of other rows: a unique key holds for all rows together, not after each. */
  readonly shuffled?: true;
}

/** What happens to one table: rows to delete, columns to change. Independent of every other table's change. */
export interface TableChange {
  readonly table: Table;
  /** Every row is deleted: there are neither deleted keys nor columns. */
  readonly truncated?: true;
  readonly deletedKeys?: Scratch;
  readonly columns: readonly ColumnChange[];
  /**
   * Where nothing changes: whether rows that production deleted or changed may have held personal data. A file keeps such rows in
   * its free space until it is rewritten, and after a restore no server knows whether there are any: its counts of dead rows
   * begin at 0.
   */
  readonly mayHoldOldRows?: boolean;
}

/** The steps that make one change on one engine. */
export interface TablePlan {
  readonly table: Table;
  readonly shape: Shape;
  /** Why this shape, for people. */
  readonly why: string;
  /**
   * Tables ({@linkcode Table.id}) that a step may lock: the table and its foreign-key neighbours. Plans that share one never run
   * at once.
   */
  readonly locks: readonly string[];
  /** Additional storage that the steps need, in bytes. */
  readonly peakBytes: number;
  readonly steps: readonly Step[];
  /**
   * Steps to run after the steps of every plan of the database: then no older statement runs that could still see old rows, and a
   * rewrite leaves them out.
   */
  readonly afterwards?: readonly Step[];
}

/**
 * A reserved connection to one database with the key set, safe search_path or sql_mode, UTC, lock time limit, triggers and
 * foreign-key actions of the application off. Losing the connection, and with it the key, fails the next call: nothing reconnects.
 * Aborting the signal it was opened with cancels the running statement on the server.
 */
export interface Session extends AsyncDisposable {
  readonly database: string;
  /**
   * Rows of a statement that should be short (one minute). Errors carry the server's code and names, never values.
   */
  query(sql: Sql): Promise<readonly Readonly<Record<string, Cell>>[]>;
  /** Rows of a statement that may run for hours, such as a verification scan. */
  scan(sql: Sql): Promise<readonly Readonly<Record<string, Cell>>[]>;
  /**
   * Runs a step, however long it takes; checks the connection and the step's expectation. `rows`: how many it changed; `warned`: the server
   * did what {@linkcode Step.otherwise} says.
   */
  run(step: Step): Promise<{ readonly rows: number; readonly warned?: true }>;
}

/** Which storage of a table: its rows with values that lie outside of them, or its indexes besides what holds the rows. */
export type StoragePart = "rows" | "indexes";

/** A piece of a table's storage. */
export interface StoragePiece {
  readonly table: Table;
  /** How much it is, about. */
  readonly bytes: number;
  /** Reads all of it, for {@linkcode Session.scan} on the same database. */
  readonly sql: Sql;
}

/** Pieces of storage. Disposing removes what their statements needed. */
export interface StoragePieces extends AsyncDisposable {
  readonly pieces: readonly StoragePiece[];
}

/** How far a running statement is, by the server. */
export interface ServerProgress {
  /** Name of the table, if known. */
  readonly what?: string;
  /** 0 to 1. */
  readonly share?: number;
  /** Rows changed so far. */
  readonly rows?: number;
}

/** PostgreSQL or MySQL. */
export interface Engine {
  readonly name: EngineName;
  readonly expressions: Expressions;
  /**
   * Logs in and out again, which proves that the password is in force.
   *
   * @throws {DatabaseError} that {@linkcode loginObstacle} classifies.
   */
  login(target: Target, signal: AbortSignal): Promise<void>;
  /** Why a login failed; undefined where waiting cannot help. */
  loginObstacle(error: unknown): LoginObstacle | undefined;
  /**
   * A session on the target's database. `key`: undefined where functions of the application's run, such as those that a materialised
   * view calls: they read whatever the session holds.
   */
  open(target: Target, key: PseudonymKey | undefined, signal: AbortSignal): Promise<Session>;
  /**
   * A session of any user that may log in, in which the server refuses every change; `run` is not for it. `key`: to show what
   * pseudonyms look like.
   *
   * @throws {DatabaseError} as {@linkcode login}.
   */
  openReadOnly(target: Target, signal: AbortSignal, key?: PseudonymKey): Promise<Session>;
  /**
   * Every database but those of the server and RDS that no user can write to, sorted by name. Reads only.
   * `session`: on the maintenance database.
   */
  listDatabases(session: Session, target: Target, signal: AbortSignal): Promise<readonly DatabaseInfo[]>;
  /**
   * Empties tables of the server's tools in an otherwise empty database, such as a scheduler's jobs. Before verification.
   *
   * @returns sentences for the report.
   */
  clear(session: Session): Promise<readonly string[]>;
  /** Drops a database, even a template. `session`: on the maintenance database. */
  dropDatabase(session: Session, database: string): Promise<void>;
  /**
   * Gives the master user what it needs on this database (PostgreSQL: membership in the owning roles). Before everything else
   * but {@linkcode disableSideEffects}, {@linkcode login} and {@linkcode open}.
   *
   * @param reach With `database`, what the user lacks stays lacking: see {@linkcode LiveServer.missingRights}.
   * @returns what undoes it, to be run last and in reverse on a session of the same database.
   */
  prepare(session: Session, reach?: Reach): Promise<readonly Step[]>;
  /**
   * The live schema, without scratch. `part`: `columns` leaves out what only plans need of a table.
   *
   * @throws {ScrubError} `rules` where two tables have the same id; `scratch` where a schema of scratch's name is not ours.
   */
  schema(session: Session, part?: "columns"): Promise<Schema>;
  /**
   * Checks that the database takes changes, that conditions on keys find every row, and that plans reach all that rows hold, for
   * servers where it may not be so. Before the first condition.
   *
   * @throws {ScrubError} `table`, naming the database or the tables.
   */
  checkRows?(session: Session, schema: Schema): Promise<void>;
  /**
   * What the database holds besides rows of its tables, and the checks on those. Reads only. What `schema` tells, which was read by
   * {@linkcode schema} just before, it need not ask for again.
   */
  inventory(session: Session, schema?: Schema): Promise<Inventory>;
  /**
   * What the server holds outside of its databases, such as comments on roles, and whether its catalogues are known. Reads only.
   * `session`: on the maintenance database.
   */
  serverInventory(session: Session): Promise<ServerInventory>;
  /**
   * The queries for what {@linkcode inventory} looks into: `kind`, `name` and `body` of every object, where the body has the name, too,
   * and of every name, whose `name` is empty. Of the server's own as far as it can be read from this database. Several for servers
   * that give a statement one processor.
   */
  catalogueTexts(session: Session): Promise<readonly Sql[]>;
  /** Pure: the steps that drop or empty those of the objects that must not be in a snapshot. */
  dropObjects(objects: readonly SchemaObject[]): readonly Step[];
  /** Pure: the steps that refill objects that {@linkcode dropObjects} empties. */
  refillObjects(objects: readonly SchemaObject[]): readonly Step[];
  /**
   * Creates an empty schema or database for scratch, and drops an earlier one.
   *
   * @throws {ScrubError} `scratch` where one of its name is not ours.
   */
  openScratch(session: Session): Promise<void>;
  /**
   * Drops scratch, all of it.
   *
   * @throws {ScrubError} `scratch` where one of its name is not ours.
   */
  closeScratch(session: Session): Promise<void>;
  /**
   * Leaves a mark in scratch's place that tells people that the database is not scrubbed to the end, and outlasts the run;
   * {@linkcode openScratch} and {@linkcode closeScratch} take it for ours whatever the key. `alone`: the rest of scratch is dropped.
   *
   * @throws {ScrubError} `scratch` as closeScratch().
   */
  markUnfinished(session: Session, alone?: "alone"): Promise<void>;
  /** The scratch that a name stands for. */
  scratch(database: string, name: string, of: Table): Scratch;
  /** The step that creates and fills scratch with the rows of a query over the primary key's columns. Duplicate keys collapse. */
  fillScratch(scratch: Scratch, rows: Sql): readonly Step[];
  /** Adds rows to filled scratch; a key that it has already is not added again. `run` returns how many were new. */
  addToScratch(scratch: Scratch, rows: Sql): Step;
  /** The steps that create scratch with the key of each row that has a value, and the value that it gets. */
  fillShuffled(scratch: Scratch, shuffle: Shuffle): readonly Step[];
  /** The value that filled scratch of {@linkcode fillShuffled} has for the row, over unqualified columns; NULL for none. */
  shuffledOf(scratch: Scratch): Sql;
  /** The set of fingerprints in scratch that a name stands for. */
  fingerprintSet(database: string, name: string): Name;
  /** Creates a set with the rows of a query over `fingerprint`, each once, and the number `flags`, of at most 52 bits. */
  fillFingerprintSet(set: Name, rows: Sql): readonly Step[];
  /** The step that adds fingerprints, some at least, which a filled set does not have, each once. */
  addFingerprints(set: Name, fingerprints: readonly Fingerprint[]): Step;
  /** Whether a filled set has the fingerprint of any token of the text; false for NULL. */
  holdsAnyOf(set: Name, text: Sql): Sql;
  /** The counters that number columns of the schema's tables, and where they stand. Reads only. */
  counters(session: Session, schema: Schema): Promise<readonly Counter[]>;
  /** Pure: the steps that set a counter back to the last number that a row has or, without rows, to its start. */
  restartCounter(counter: Counter, schema: Schema): readonly Step[];
  /** The name by which a statement reaches a table. */
  tableName(database: string, table: Table): Name;
  /** Pure: a table's own rows for FROM, without those of tables that inherit from it: rules name these by themselves. */
  ownRows(database: string, table: Table): Sql;
  /**
   * Pure: a table's own rows for FROM, of which a condition chooses. The server looks none up in an index then: one that lost rows, as
   * an upgrade of the operating system's collations comes to on PostgreSQL, would hide them from a rule.
   */
  rowsToChoose(database: string, table: Table, alias: Name): Sql;
  /** Pure: a table's own rows for FROM, without an alias, each of which is read of the table: an index alone may have lost some. */
  rowsToSearch(database: string, table: Table): Sql;
  /**
   * Pure: needs no server.
   *
   * @throws {ScrubError} `table` or `plan` where the change is impossible.
   */
  plan(change: TableChange, schema: Schema): TablePlan;
  /**
   * Has the server check a statement of an operator's against the schema, without running it.
   *
   * @throws {DatabaseError} `statement` where it is none of one statement, or names what is not there.
   */
  explain(session: Session, statement: Sql): Promise<void>;
  /**
   * Runs a step of an operator's, in which names without a schema are those of the default one. `session`: of its own, and thrown
   * away after a failure.
   *
   * @returns how many rows changed, and the tables of which rows were updated or deleted.
   */
  runRecorded(
    session: Session,
    step: Step,
    schema: Schema,
  ): Promise<{ readonly rows: number; readonly written: readonly Table[] }>;
  /**
   * Conditions on a table's rows, at most so many, of which each row meets exactly one: for servers that give a statement one
   * processor. One condition, which all rows meet, where the table can't be divided; absent: the server divides work by itself.
   */
  divide?(session: Session, database: string, table: Table, most: number): Promise<readonly Sql[]>;
  /**
   * One part of the storage of all these tables in pieces, biggest table first, which several sessions may read. Scratch has to be open.
   *
   * @throws {DatabaseError} where the server lacks what reads them, or the user may not have it.
   */
  storagePieces(session: Session, tables: readonly Table[], part: StoragePart): Promise<StoragePieces>;
  /** How many bytes of its data's files the server has read since it started. Reads only. */
  bytesRead(session: Session): Promise<number>;
  /** How far long statements on the session's database (MySQL: server) are, as far as the server shows it. */
  progress?(session: Session): Promise<readonly ServerProgress[]>;
  /**
   * Checks that tables which plans replaced are defined as the originals, as {@linkcode purge} does: for where nothing is purged.
   *
   * @throws {ScrubError} `definition`
   */
  checkDefinitions?(session: Session, plans: readonly TablePlan[]): Promise<void>;
  /**
   * Removes what one database's scrub left outside its tables, such as statistics. After verification, before
   * {@linkcode purgeServer}. `session`: on that database; `onProgress` hears of each table. With `reach` `database` nothing of
   * other databases is removed.
   *
   * @throws {ScrubError} `definition` or `residue` where a table or old values are not as they must be.
   */
  purge(
    session: Session,
    schema: Schema,
    plans: readonly TablePlan[],
    onProgress?: OnProgress,
    reach?: Reach,
  ): Promise<readonly Residue[]>;
  /**
   * Removes what all databases share: WAL or redo, log tables. The last SQL of a run. `session`: on the maintenance database;
   * `plans`: of every database; `open` opens one more session there, which is closed when the purge is done. In the storage of a
   * `service` nothing is overwritten; default `files`.
   *
   * @throws {ScrubError} `residue` or `purge` where old values cannot be overwritten.
   */
  purgeServer(
    session: Session,
    plans: readonly TablePlan[],
    open: () => Promise<Session>,
    onProgress?: OnProgress,
    storage?: Storage,
  ): Promise<readonly Residue[]>;
  /**
   * Keeps the workspace from acting as production: scheduled jobs, replication, links to other servers. The first SQL of a run,
   * on the maintenance database and then on every other one. Sentences for the report.
   *
   * @param reach With `database`, only those of the session's database.
   * @throws {ScrubError} `side-effects` for what the master user cannot switch off.
   */
  disableSideEffects(session: Session, reach?: Reach): Promise<readonly string[]>;
  /**
   * Values of settings of the server as they are for the session, by name; those that the server does not know are left out.
   * Reads only.
   */
  readSettings(session: Session, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** How many bytes the files of the server's databases take, about. Reads only. `session`: on the maintenance database. */
  dataBytes(session: Session): Promise<number>;
  /** How much of its volume the server's log for recovery takes. Reads only. */
  logBytes(session: Session): Promise<LogBytes>;
  /**
   * Checks that {@linkcode lockAccounts} will succeed, after {@linkcode prepare} and before the first change of data. Changes
   * nothing. `session`: on the maintenance database.
   *
   * @throws {ScrubError} `accounts`, naming the accounts and what to do about them in production.
   */
  checkAccounts(session: Session): Promise<void>;
  /**
   * Takes the passwords of every account but the server's own, RDS's and the master's, and ends their sessions. Ownership,
   * memberships and grants do not change.
   * `session`: on the maintenance database. Sentences for the report.
   *
   * @throws {ScrubError} `accounts` where the master user may not; `sessions` where one does not end.
   */
  lockAccounts(session: Session): Promise<readonly string[]>;
  /** A server that is no workspace, of which one database is scrubbed. */
  readonly live: LiveServer;
}

/** What a scrub has to know of a server that is not a workspace. All of it only reads; `session`: on the database. */
export interface LiveServer {
  /** Why the server may be one of production, as ends of sentences, such as `it is a replica`. */
  productionSigns(session: Session): Promise<readonly ProductionSign[]>;
  /** Sessions on the database that are not a run's, and could read or write during a scrub, such as `1 other session`; undefined: none. */
  otherSessions(session: Session): Promise<string | undefined>;
  /** What the session's user may not do, and a scrub must, as ends of sentences that begin with the user. */
  missingRights(session: Session): Promise<readonly string[]>;
  /**
   * What a person has to run on the database first, since a scrub of it was killed at a moment when a table was only in scratch;
   * statements.
   */
  interrupted(session: Session): Promise<readonly string[]>;
  /** Where old values remain that a scrub of one database does not touch. `plans`: of the database. */
  residueOutside(session: Session, plans: readonly TablePlan[]): Promise<readonly Residue[]>;
}

/** Why a server may be one of production. */
export interface ProductionSign {
  readonly why: string;
  /** It is a managed server of a cloud, which the operator may allow by its host; nothing else is allowed. */
  readonly managed: boolean;
}

/** How much a log takes, in bytes. */
export interface LogBytes {
  readonly now: number;
  /** What its settings let it grow to. */
  readonly most: number;
}

/** Hears what is worked on, and which share of the work is done, from 0 to 1. */
export type OnProgress = (what: string, share: number) => void;

/** Something that the purge removed, or that it knows to remain. For the report: names and counts, never values. */
export interface Residue {
  /** Its name in the report, such as `redo log`. */
  readonly step: string;
  /** What was done or remains, such as `overwritten with 38 MB`. */
  readonly result: string;
}
