/** The redo log and the doublewrite buffer: files that are written in turn, so that writing enough overwrites them. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import type { Name } from "../../engine/sql.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";
import { redoCapacity } from "./redo_capacity.ts";
import {
  inPurgeDatabase,
  type PurgeRun,
  readCounters,
  readGlobalVariables,
  readWritten,
  type Written,
} from "./purge_step.ts";

const MEBIBYTE = 1_048_576;

/** Measured: less than the capacity leaves some, 1.2 times the capacity leaves none. */
const share = 1.2;

/** Size and number of the values: big ones are in pages of their own, of which undo keeps nothing. */
const filler = { bytes: MEBIBYTE, rows: 8 };

/**
 * The doublewrite buffer has places for batches and for single pages. Batches (of innodb_doublewrite_pages) take turns in two
 * places or more of each file, and one that is not full leaves the rest of its place as it was: so many times as many pages as all
 * files have, in batches that are half full on average, have left nothing. Where it was less so far, an idle server is to flush
 * hundreds of pages a file in one go: small changes in many pages.
 */
const batches = { times: 20, rows: 700, bytes: 7_900, bursts: 2 };

/**
 * Single pages, which the server also writes so when it builds an index, take turns in 512 places. Few at a time: of many, the
 * server flushes most in batches before.
 */
const single = { pages: 64, sets: 12 };

/**
 * Writes so much that every redo file, and by flushed pages the doublewrite buffer, only holds what was written since the purge
 * began, which has no old value.
 */
export async function purgeRedo(
  { session, before, open }: Pick<PurgeRun, "session" | "before" | "open">,
): Promise<readonly Residue[]> {
  const size = await redoCapacity(session);
  const buffer = await doublewriteBuffer(session);
  const left = await inPurgeDatabase(session, async (place) => {
    await overwriteRedo(session, place("redo"), before.redo + share * size);
    if (buffer === undefined) return;
    const flushed = await withPurgeHeld(
      open,
      place("held"),
      () => overwriteSinglePages(session, place("single_pages")),
    );
    if (!await haveTurned(session, before, buffer)) await overwriteBatches(session, place("doublewrite"), buffer.files);
    return flushed ? [] : [", and single pages,"];
  });
  const result = `overwritten with ${Math.ceil(((await readWritten(session)).redo - before.redo) / MEBIBYTE)} MiB`;
  if (buffer === undefined || left === undefined) {
    return [
      { step: "redo log", result },
      { step: "doublewrite buffer", result: "not in use; pages from when it last was remain" },
    ];
  }
  return [
    { step: "redo log and doublewrite buffer", result },
    // The server writes those only when its buffer pool has no free page, which no session can bring about.
    {
      step: "doublewrite buffer",
      result: `pages of batches for which the buffer pool had no room${left.join("")} may remain, up to ${
        buffer.files * buffer.pages * 16
      } KiB`,
    },
  ];
}

async function overwriteRedo(session: Session, table: Name, wanted: number): Promise<void> {
  if ((await readWritten(session)).redo >= wanted) return;
  await createFiller(session, table);
  for (let round = 0; (await readWritten(session)).redo < wanted; round++) {
    await session.run({
      label: "overwrite the redo log",
      sql: sql`UPDATE ${table} SET filler = REPEAT(CHAR(${97 + round % 26}), ${filler.bytes})`,
    });
  }
}

/**
 * Files of the doublewrite buffer, and pages of a batch: undefined where pages do not go there first, whole. They don't where
 * storage never tears them (RDS Optimized Writes), or where only their numbers are kept (`DETECT_ONLY`). Before 8.0.20 it was
 * in the system tablespace: two batches of 64.
 */
async function doublewriteBuffer(
  session: Session,
): Promise<{ readonly files: number; readonly pages: number } | undefined> {
  const settings = await readGlobalVariables(
    session,
    "innodb_doublewrite",
    "innodb_doublewrite_files",
    "innodb_doublewrite_pages",
  );
  if (["0", "OFF", "DETECT_ONLY"].includes(String(settings.innodb_doublewrite))) return undefined;
  return {
    files: Number(settings.innodb_doublewrite_files ?? 2),
    pages: Number(settings.innodb_doublewrite_pages ?? 64),
  };
}

interface DoublewriteBuffer {
  readonly files: number;
  /** Of a batch. */
  readonly pages: number;
}

/**
 * Whether batches have overwritten their places already. Not known where the buffer pool has few free pages: then the server
 * flushes to have more, and writes that to files of their own, which its counts do not tell apart.
 */
async function haveTurned(session: Session, before: Written, buffer: DoublewriteBuffer): Promise<boolean> {
  const now = await readWritten(session);
  const [pages, count] = [
    now.doublewrite.pages - before.doublewrite.pages,
    now.doublewrite.batches - before.doublewrite.batches,
  ];
  if (pages < batches.times * buffer.files * buffer.pages || pages < count * buffer.pages / 2) return false;
  const pool = await readCounters(session, "innodb_buffer_pool_pages_free", "innodb_buffer_pool_pages_total");
  return (pool.innodb_buffer_pool_pages_free ?? 0) > (pool.innodb_buffer_pool_pages_total ?? 0) / 4;
}

/** Dirties some 350 pages a file with hardly any redo, and waits until they are flushed. */
async function overwriteBatches(session: Session, table: Name, files: number): Promise<void> {
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, round int, filler varchar(${batches.bytes}) CHARACTER SET latin1) ENGINE=InnoDB`,
  );
  await session.run({
    label: "make filler for the doublewrite buffer",
    sql: sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (
        SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${batches.rows - 1})
      SELECT file.n * ${batches.rows} + numbers.n, 0, REPEAT('-', ${batches.bytes}) FROM numbers, numbers AS file
      WHERE file.n < ${files} ORDER BY 1`,
  });
  for (let burst = 0; burst < batches.bursts; burst++) {
    await session.run({ label: "overwrite the doublewrite buffer", sql: sql`UPDATE ${table} SET round = round + 1` });
    await untilFlushed(session);
  }
}

/** A table that is to be exported is flushed page by page (chapter "FLUSH Statement"). Not every master user may use it. */
async function overwriteSinglePages(session: Session, table: Name): Promise<boolean> {
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, round int, filler varchar(${batches.bytes}) CHARACTER SET latin1) ENGINE=InnoDB`,
  );
  await session.query(sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${2 * single.pages})
    SELECT n, 0, REPEAT('-', ${batches.bytes}) FROM numbers`);
  for (let set = 0; set < single.sets; set++) {
    // At once, before the server flushes some of them in batches.
    await session.run({ label: "overwrite single pages", sql: sql`UPDATE ${table} SET round = round + 1` });
    if (!await flush(session, table)) return false;
  }
  return true;
}

/**
 * Works while another table is exported: the server purges no undo meanwhile. Otherwise it would go on after each table and be waited
 * for at the next one, 10 to 20 ms a time.
 */
async function withPurgeHeld<T>(open: PurgeRun["open"], table: Name, work: () => Promise<T>): Promise<T> {
  await using holder = await open();
  await holder.query(sql`CREATE TABLE ${table} (id int PRIMARY KEY) ENGINE=InnoDB`);
  const held = await exported(holder, table);
  const result = await work();
  if (held) await holder.query(sql`UNLOCK TABLES`);
  return result;
}

async function flush(session: Session, table: Name): Promise<boolean> {
  if (!await exported(session, table)) return false;
  await session.query(sql`UNLOCK TABLES`);
  return true;
}

/** Whether the user may: the session can read this table alone then, until UNLOCK TABLES. */
async function exported(session: Session, table: Name): Promise<boolean> {
  try {
    await session.query(sql`FLUSH TABLES ${table} FOR EXPORT`);
  } catch (error) {
    if (!isDenied(error)) throw error;
    return false;
  }
  return true;
}

async function createFiller(session: Session, table: Name): Promise<void> {
  await session.query(sql`CREATE TABLE ${table} (id int PRIMARY KEY, filler longblob) ENGINE=InnoDB`);
  await session.query(sql`INSERT INTO ${table} (id) WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${filler.rows}) SELECT n FROM numbers`);
}

/** Waits until few pages are dirty, a minute at most: an idle server flushes by itself. */
async function untilFlushed(session: Session): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { innodb_buffer_pool_pages_dirty: pages } = await readCounters(session, "innodb_buffer_pool_pages_dirty");
    if (pages !== undefined && pages < 32) return;
    await session.query(sql`DO SLEEP(0.1)`);
  }
}
