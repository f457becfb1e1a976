/** What every step of the server's purge works with: counters, settings, and a database for its filler. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { globalStatus, globalVariables } from "../sql/variables.ts";

/** Counters of the server since its start. */
export interface Written {
  /** Bytes of redo. */
  readonly redo: number;
  /** Pages that went through the doublewrite buffer in batches, and batches. */
  readonly doublewrite: { readonly pages: number; readonly batches: number };
}

/** One run of the purge. */
export interface PurgeRun {
  readonly session: Session;
  /** Of every database. */
  readonly plans: readonly TablePlan[];
  /** The counters at the start of the purge: nothing written later holds an old value. */
  readonly before: Written;
  /** The most pages that the change buffer had before the purge. */
  readonly changeBufferPages: number;
  /** Opens one more session; who opened it closes it. */
  open(): Promise<Session>;
}

/** A step of the server's purge. */
export type PurgeStep = (run: PurgeRun) => Promise<readonly Residue[]>;

/** What the server has written so far. */
export async function readWritten(session: Session): Promise<Written> {
  const counters = await readCounters(
    session,
    "innodb_os_log_written",
    "innodb_dblwr_pages_written",
    "innodb_dblwr_writes",
  );
  return {
    redo: counters.innodb_os_log_written ?? 0,
    doublewrite: {
      pages: counters.innodb_dblwr_pages_written ?? 0,
      batches: counters.innodb_dblwr_writes ?? 0,
    },
  };
}

/** Those of the server's counters that it has. */
export async function readCounters(
  session: Session,
  ...names: readonly Counter[]
): Promise<Partial<Readonly<Record<Counter, number>>>> {
  const found = await readShown(session, globalStatus, names);
  return Object.fromEntries(found.map(([name, value]) => [name, Number(value)] as const));
}

/** Names are in the server's own letter case. */
async function readShown(
  session: Session,
  view: Sql,
  names: readonly string[],
): Promise<readonly (readonly [name: string, value: string])[]> {
  const rows = await session.query(sql`SELECT LOWER(variable_name) AS name, variable_value AS value
    FROM ${view} WHERE variable_name IN (${joinSql(names.map(textLiteral), ", ")})`);
  return rows.map(({ name, value }) => [String(name), String(value)] as const);
}

/** Those of the global variables that this version of the server has. */
export async function readGlobalVariables(
  session: Session,
  ...names: readonly GlobalVariable[]
): Promise<Partial<Readonly<Record<GlobalVariable, string>>>> {
  return Object.fromEntries(await readShown(session, globalVariables, names));
}

/** Counters that steps of the purge read. */
export type Counter =
  | "innodb_buffer_pool_pages_dirty"
  | "innodb_buffer_pool_pages_free"
  | "innodb_buffer_pool_pages_total"
  | "innodb_dblwr_pages_written"
  | "innodb_dblwr_writes"
  | "innodb_os_log_written";

/** Variables that steps of the purge read. */
export type GlobalVariable =
  | "aria_checkpoint_interval"
  | "aria_checkpoint_log_activity"
  | "aria_log_file_size"
  | "aria_log_purge_type"
  | "innodb_buffer_pool_size"
  | "innodb_change_buffering"
  | "innodb_doublewrite"
  | "innodb_doublewrite_files"
  | "innodb_doublewrite_pages"
  | "innodb_log_file_size"
  | "innodb_log_files_in_group"
  | "innodb_redo_log_capacity"
  | "innodb_rollback_segments";

/** A production database of this name fails the run. */
const purgeDatabase = "datascrubberpurge";

/** Names a table or procedure in the purge's database. */
export type Place = (name: string) => Name;

/** Does work that needs tables of its own in a database that is dropped afterwards. */
export async function inPurgeDatabase<T>(
  session: Session,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const database = new Name(purgeDatabase);
  await session.query(sql`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  const result = await work((name) => new Name(purgeDatabase, name));
  // Not after a failure: the workspace is deleted then.
  await session.run({ label: "drop the filler of the purge", sql: sql`DROP DATABASE ${database}` });
  return result;
}
