/**
 * The change buffer: a tree in the system tablespace that holds entries of secondary indexes until the pages that they belong to
 * are read. It keeps emptied pages, with their contents.
 *
 * @module
 */

import type { Residue, Session } from "../../engine/engine.ts";
import type { Name, Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { inPurgeDatabase, type PurgeRun, readGlobalVariables } from "./purge_step.ts";

const MEBIBYTE = 1_048_576;

/**
 * The greatest buffer pool that is worth filling to have the change buffer overwritten, in bytes: measured, 4 s and as much
 * storage in the temporary tablespace. It concerns a handful of pages, which no SQL can read.
 */
const affordable = 512 * MEBIBYTE;

/** Rows whose index entries refill the change buffer: some five of them to a page, in pages of their own. */
const filler = { rows: 600, kept: 100, bytes: 3_000 };

/** How much of the buffer pool one statement fills, in bytes. */
const chunk = 8 * MEBIBYTE;

/** Its size, in pages. */
interface ChangeBuffer {
  /** Of the tree: 1 when it is empty. */
  readonly size: number;
  /** Emptied ones that it keeps. */
  readonly free: number;
  /** All that are its own. */
  readonly segment: number;
}

/** Undefined where the server has none. */
async function readChangeBuffer(session: Session): Promise<ChangeBuffer | undefined> {
  const [row] = await session.query(sql`SHOW ENGINE INNODB STATUS`);
  const found = /^Ibuf: size (\d+), free list len (\d+), seg size (\d+)/m.exec(String(row?.Status));
  if (found === null) return undefined;
  return { size: Number(found[1]), free: Number(found[2]), segment: Number(found[3]) };
}

/** How often to look at the change buffer, a tenth of a second apart: in a row without progress, and in all. */
const looks = { idle: 100, most: 3_000 };

/**
 * Waits until the change buffer is empty: an idle server merges what it holds, and throws away what it holds for tables that
 * were dropped. Gives up without progress, and after five minutes: the report tells how many pages remain. Gives the most pages
 * that it had meanwhile.
 */
export async function untilMerged(session: Session): Promise<number> {
  let pages = 0;
  for (let size = Infinity, idle = 0, count = 0; idle < looks.idle && count < looks.most; count++) {
    const found = await readChangeBuffer(session);
    if (found === undefined) return pages;
    pages = Math.max(pages, found.size + found.free);
    if (found.size <= 1) return pages;
    idle = found.size < size ? 0 : idle + 1;
    size = found.size;
    await session.query(sql`DO SLEEP(0.1)`);
  }
  return pages;
}

/**
 * Has the change buffer free pages that it does not need. It frees a few whenever a segment is created in the system tablespace.
 */
export async function giveUpPages(session: Session, createSegments: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0, free = Infinity;; turn++) {
    const found = await readChangeBuffer(session);
    if (found === undefined || found.free === 0 || found.free >= free) return;
    free = found.free;
    await createSegments(turn);
  }
}

/** Has the server reuse the pages that the change buffer did not free, if its settings allow it; otherwise reports them. */
export async function purgeChangeBuffer({ session, changeBufferPages }: PurgeRun): Promise<readonly Residue[]> {
  const before = await readChangeBuffer(session);
  if (before === undefined) return [];
  const settings = await readGlobalVariables(session, "innodb_change_buffering", "innodb_buffer_pool_size");
  const pool = Number(settings.innodb_buffer_pool_size);
  if (/^(all|deletes|changes)$/.test(settings.innodb_change_buffering ?? "") && pool <= affordable) {
    await refill(session, pool);
    const after = await readChangeBuffer(session);
    if (after !== undefined && after.segment > before.segment) {
      return [{ step: "change buffer", result: "overwritten" }];
    }
  }
  // It may still free pages after the system tablespace was filled, which nothing overwrites then: all that it had may be left.
  const pages = Math.max(changeBufferPages, before.size + before.free);
  return [{
    step: "change buffer",
    result:
      `up to ${pages} pages (${
        pages * 16
      } KiB) of ibdata1 may keep entries of indexes, which no SQL reads. The server uses them ` +
      `again where the workspace's parameter group has innodb_change_buffering = all and innodb_buffer_pool_size = ${affordable} at most`,
  }];
}

/**
 * Makes index entries for pages that are not in the buffer pool, more than fit in the change buffer's own pages. A temporary
 * table evicts those pages: it needs neither redo nor the doublewrite buffer.
 */
async function refill(session: Session, pool: number): Promise<void> {
  await inPurgeDatabase(session, async (place) => {
    const [table, pressure] = [place("change_buffer"), place("buffer_pool")];
    await createIndexed(session, table);
    const run = (text: Sql) => session.run({ label: "fill the buffer pool", sql: text });
    await run(
      sql`CREATE TEMPORARY TABLE ${pressure} (id int AUTO_INCREMENT PRIMARY KEY, filler longblob) ENGINE=InnoDB`,
    );
    for (let bytes = 0; bytes < 1.2 * pool; bytes += chunk) {
      await run(sql`INSERT INTO ${pressure} (filler) VALUES (REPEAT('x', ${chunk}))`);
    }
    await session.run({
      label: "overwrite the change buffer",
      sql: sql`DELETE FROM ${table} WHERE id > ${filler.kept}`,
    });
    await run(sql`DROP TEMPORARY TABLE ${pressure}`);
  });
}

async function createIndexed(session: Session, table: Name): Promise<void> {
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, filler varchar(${filler.bytes}) CHARACTER SET latin1, KEY by_filler (filler))
      ENGINE=InnoDB ROW_FORMAT=DYNAMIC STATS_AUTO_RECALC=0`,
  );
  await session.run({
    label: "make filler for the change buffer",
    sql: sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${filler.rows})
      SELECT n, RPAD(SHA2(n, 256), ${filler.bytes}, '-') FROM numbers`,
  });
}
