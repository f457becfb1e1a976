/** Aria, in which MariaDB keeps its system tables: their files keep deleted rows, and its log keeps rows of accounts and routines. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { closedTables } from "../schema/server_tables.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";
import { hasMatchInAnyCase } from "../sql/regexp.ts";
import { inPurgeDatabase, type Place, type PurgeRun, readGlobalVariables } from "./purge_step.ts";

const MEBIBYTE = 1_048_576;

/** Statistics of tables that are gone: names, and values of columns. */
async function deleteOrphans(session: Session, statistics: Name): Promise<void> {
  await session.run({
    label: "delete statistics of tables that are gone",
    // With an alias, and so USING, a session in information_schema would need the privilege to delete there.
    sql: sql`DELETE FROM ${statistics} WHERE NOT EXISTS (SELECT 1 FROM information_schema.tables AS t
      WHERE t.table_schema = ${statistics}.db_name AND t.table_name = ${statistics}.table_name)`,
  });
}

/**
 * Writes the files of all system tables anew, but those of log tables, which have a step of their own, and RDS's own, which RDS may
 * have in use. Names those that the master user may not.
 */
export async function rewriteSystemTables({ session }: Pick<PurgeRun, "session">): Promise<readonly Residue[]> {
  const step = "system tables";
  const tables = await session.query(sql`SELECT table_schema AS place, table_name AS name FROM information_schema.tables
    WHERE table_schema IN ('mysql', 'sys') AND table_type = 'BASE TABLE' AND engine <> 'CSV'
      AND NOT (table_schema = 'mysql' AND ${
    hasMatchInAnyCase(sql`table_name`, closedTables)
  }) ORDER BY table_schema, table_name`);
  const left: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!isDenied(error)) throw error;
      left.push(what);
    }
  };
  for (const name of ["column_stats", "index_stats", "table_stats"]) {
    await attempt(`rows of mysql.${name}`, () => deleteOrphans(session, new Name("mysql", name)));
  }
  for (const { place, name } of tables) {
    const table = new Name(String(place), String(name));
    await attempt(`${place}.${name}`, () =>
      session.run({
        label: `rebuild ${place}.${name}`,
        sql: sql`ALTER TABLE ${table} FORCE, ALGORITHM=COPY`,
      }));
  }
  return [{
    step,
    result: left.length === 0
      ? `rewritten, ${tables.length} of them`
      : `not rewritten, the master user may not: former rows may remain in the files of ${left.join(", ")}`,
  }];
}

/** A row of the filler, which the log holds as a whole, and the rows that one statement writes. */
const filler = { bytes: 60_000, rows: 400 };

/** Measured: a file is left behind when as much was written as it holds; the rest is for what each record has besides the row. */
const share = 1.2;

/**
 * Checkpoints until the server deletes files of the log: one that finds pages of the filler still to be written, one by which they
 * are, and one more.
 */
const checkpoints = 3;

/** The server skips a checkpoint where less was logged since the last one. */
const defaultActivity = MEBIBYTE;

/**
 * Writes so much that the log goes on in another file, and has the server delete those before, as a checkpoint does when nothing in
 * them is needed for recovery. A start of the server does, too.
 */
export async function purgeAriaLog({ session }: Pick<PurgeRun, "session">): Promise<readonly Residue[]> {
  const step = "Aria's log";
  const settings = await readGlobalVariables(
    session,
    "aria_log_file_size",
    "aria_checkpoint_interval",
    "aria_checkpoint_log_activity",
    "aria_log_purge_type",
  );
  const size = Number(settings.aria_log_file_size);
  const interval = Number(settings.aria_checkpoint_interval);
  const activity = Number(settings.aria_checkpoint_log_activity ?? defaultActivity);
  if (!(size > 0)) throw new TypeError("Cannot read the size of Aria's log: the server does not tell it");
  const written = await inPurgeDatabase(session, async (place) => {
    const bytes = await fill(session, place, "aria", share * size);
    if (interval > 0 && settings.aria_log_purge_type === "immediate") {
      for (let count = 0; count < checkpoints; count++) {
        await fill(session, place, `checkpoint_${count}`, share * activity);
        await session.run({ label: "wait for a checkpoint of Aria", sql: sql`DO SLEEP(${interval + 1})` });
      }
    }
    return bytes;
  });
  const result = `overwritten with ${Math.ceil(written / MEBIBYTE)} MiB`;
  return interval > 0 && settings.aria_log_purge_type === "immediate" ? [{ step, result }] : [{
    step,
    result:
      `${result}; the server's settings keep the former files, with rows of accounts, routines and grants, until its next start`,
  }];
}

/** Bytes that were logged, at least. A table that is dropped has no pages that recovery would need. */
async function fill(session: Session, place: Place, name: string, wanted: number): Promise<number> {
  const table = place(name);
  const run = (text: Sql) => session.run({ label: "overwrite Aria's log", sql: text });
  await run(sql`CREATE TABLE ${table} (id int PRIMARY KEY, filler longblob) ENGINE=Aria TRANSACTIONAL=1`);
  // What is inserted into an empty table is not logged.
  await run(sql`INSERT INTO ${table} VALUES (0, '')`);
  const rows = Math.min(filler.rows, Math.ceil(wanted / filler.bytes));
  await run(sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows}) SELECT n, REPEAT('-', ${filler.bytes}) FROM numbers`);
  let written = rows * filler.bytes;
  for (let round = 0; written < wanted; round++, written += rows * filler.bytes) {
    await run(sql`UPDATE ${table} SET filler = REPEAT(CHAR(${97 + round % 26}), ${filler.bytes}) WHERE id > 0`);
  }
  await run(sql`DROP TABLE ${table}`);
  return written;
}
