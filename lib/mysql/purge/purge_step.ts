/** What every step of the server's purge works with: counters, settings, and a database for its filler. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

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
  const rows = await session.query(sql`SELECT variable_name AS name, variable_value AS value
    FROM performance_schema.global_status
    WHERE variable_name IN ('Innodb_os_log_written', 'Innodb_dblwr_pages_written', 'Innodb_dblwr_writes')`);
  const values = new Map(rows.map(({ name, value }) => [String(name), Number(value)]));
  return {
    redo: values.get("Innodb_os_log_written") ?? 0,
    doublewrite: {
      pages: values.get("Innodb_dblwr_pages_written") ?? 0,
      batches: values.get("Innodb_dblwr_writes") ?? 0,
    },
  };
}

/** Those of the global variables that this version of the server has. */
export async function globalVariables(
  session: Session,
  ...names: readonly GlobalVariable[]
): Promise<Partial<Readonly<Record<GlobalVariable, string>>>> {
  const rows = await session.query(sql`SELECT variable_name AS name, variable_value AS value
    FROM performance_schema.global_variables WHERE variable_name LIKE 'innodb%'`);
  const wanted = new Set<string>(names);
  return Object.fromEntries(
    rows.filter(({ name }) => wanted.has(String(name))).map(({ name, value }) => [String(name), String(value)]),
  );
}

/** Variables that steps of the purge read. */
export type GlobalVariable =
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
