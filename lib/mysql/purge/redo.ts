/** The redo log and the doublewrite buffer: files that are written in turn, so that writing enough overwrites them. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import type { Name } from "../../engine/sql.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";
import { inPurgeDatabase } from "./purge_database.ts";

const MEBIBYTE = 1_048_576;

/** Measured: less than the capacity leaves some, 1.2 times the capacity leaves none. */
const share = 1.2;

/** One value's size and how many there are: big ones go to pages of their own, of which undo keeps nothing. */
const filler = { bytes: MEBIBYTE, rows: 32 };

/**
 * The doublewrite buffer has places for batches and for single pages. Batches (of 128 pages from 8.4 on, fewer before) take turns
 * in two places or more, and one that is not full leaves the rest of its place as it was. Only an idle server flushes hundreds of
 * pages in one go, and only while there is little redo to hurry for: small changes in many pages. Single pages, which the server
 * also writes so when it builds an index, take turns in 512 places.
 */
const bursts = { single: 2, batches: 1, rows: 1_400, bytes: 7_900 };

/** Writes so much that every redo file, and with the flushed pages the doublewrite buffer, holds nothing but filler. */
export async function purgeRedo(session: Session): Promise<readonly Residue[]> {
  const size = await capacity(session);
  const doubled = await writesTwice(session);
  const start = await written(session);
  const { single, bytes } = await inPurgeDatabase(session, async (place) => {
    const table = place("redo");
    await createFiller(session, table);
    let done = 0;
    for (let round = 0; done < share * size; round++) {
      await session.run({
        label: "overwrite the redo log",
        sql: sql`UPDATE ${table} SET filler = REPEAT(CHAR(${97 + round % 26}), ${filler.bytes})`,
      });
      done = await written(session) - start;
    }
    // Its pages are not worth waiting for: the doublewrite buffer gets others.
    await session.query(sql`DROP TABLE ${table}`);
    const single = doubled && await overwriteDoublewrite(session, place("doublewrite"));
    return { single, bytes: await written(session) - start };
  });
  const result = `overwritten with ${Math.ceil(bytes / MEBIBYTE)} MiB`;
  if (!doubled) {
    return [
      { step: "redo log", result },
      { step: "doublewrite buffer", result: "not in use; what it held when it last was stays" },
    ];
  }
  return [
    { step: "redo log and doublewrite buffer", result },
    // The server writes those only when its buffer pool has no free page, which nobody can bring about from a session.
    {
      step: "doublewrite buffer",
      result: `pages of batches for which the buffer pool had no room${single ? "" : ", and single pages,"} may stay`,
    },
  ];
}

/**
 * Whether pages that are flushed go to the doublewrite buffer first, whole: not where storage never tears them (RDS Optimized
 * Writes), or where only their numbers are kept (`DETECT_ONLY`).
 */
async function writesTwice(session: Session): Promise<boolean> {
  const [setting] = await session.query(sql`SELECT @@innodb_doublewrite AS on_or_off`);
  return !["0", "OFF", "DETECT_ONLY"].includes(String(setting?.on_or_off));
}

/**
 * Dirties some 700 pages with hardly any redo, and waits until they are flushed: a table that goes takes its dirty pages along.
 *
 * @returns whether single pages could be flushed.
 */
async function overwriteDoublewrite(session: Session, table: Name): Promise<boolean> {
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, round int, filler varchar(${bursts.bytes}) CHARACTER SET latin1) ENGINE=InnoDB`,
  );
  await session.run({
    label: "make filler for the doublewrite buffer",
    sql:
      sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000),
      twice (n) AS (SELECT n FROM numbers UNION ALL SELECT n + 1000 FROM numbers)
      SELECT n, 0, REPEAT('-', ${bursts.bytes}) FROM twice WHERE n <= ${bursts.rows} ORDER BY n`,
  });
  const change = { label: "overwrite the doublewrite buffer", sql: sql`UPDATE ${table} SET round = round + 1` };
  let single = true;
  for (let burst = 0; burst < bursts.single && single; burst++) {
    // At once, before the server flushes some of them in batches.
    await session.run(change);
    single = await flushSinglePages(session, table);
  }
  for (let burst = 0; burst < bursts.batches; burst++) {
    await session.run(change);
    await untilFlushed(session);
  }
  return single;
}

/** A table that is to be exported is flushed page by page (chapter "FLUSH Statement"). Not every master user may do that. */
async function flushSinglePages(session: Session, table: Name): Promise<boolean> {
  try {
    await session.run({ label: "flush single pages", sql: sql`FLUSH TABLES ${table} FOR EXPORT` });
  } catch (error) {
    if (!isDenied(error)) throw error;
    return false;
  }
  await session.query(sql`UNLOCK TABLES`);
  return true;
}

async function createFiller(session: Session, table: Name): Promise<void> {
  await session.query(sql`CREATE TABLE ${table} (id int PRIMARY KEY, filler longblob) ENGINE=InnoDB`);
  await session.query(sql`INSERT INTO ${table} (id) WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${filler.rows}) SELECT n FROM numbers`);
}

/** In bytes. innodb_redo_log_capacity came with 8.0.30 and rules over the older two unless it is 0. */
async function capacity(session: Session): Promise<number> {
  const rows = await session.query(sql`SELECT variable_name AS name, variable_value AS value
    FROM performance_schema.global_variables
    WHERE variable_name IN ('innodb_redo_log_capacity', 'innodb_log_file_size', 'innodb_log_files_in_group')`);
  const values = new Map(rows.map(({ name, value }) => [String(name), Number(value)]));
  const older = (values.get("innodb_log_file_size") ?? 0) * (values.get("innodb_log_files_in_group") ?? 2);
  const found = Math.max(values.get("innodb_redo_log_capacity") ?? 0, older);
  if (found <= 0) throw new TypeError("Cannot overwrite the redo log: the server does not tell its capacity");
  return found;
}

/** Waits until few pages are dirty, a minute at most: an idle server flushes by itself. */
async function untilFlushed(session: Session): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const [row] = await session.query(sql`SELECT variable_value AS pages FROM performance_schema.global_status
      WHERE variable_name = 'Innodb_buffer_pool_pages_dirty'`);
    if (Number(row?.pages) < 32) return;
    await session.query(sql`DO SLEEP(0.1)`);
  }
}

/** Bytes written to the redo log since the server started. */
async function written(session: Session): Promise<number> {
  const [row] = await session.query(sql`SELECT variable_value AS value FROM performance_schema.global_status
    WHERE variable_name = 'Innodb_os_log_written'`);
  return Number(row?.value);
}
