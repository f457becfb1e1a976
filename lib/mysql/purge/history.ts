/** Undo that transactions have left, and how to get the server past it: small transactions of ours, and patience. @module */

import type { Session } from "../../engine/engine.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import type { Place } from "./purge_database.ts";

/** Rows of the filler, the bytes of undo that changing one writes, and how many rows one statement changes. */
export const filler = { rows: 2_000, bytes: 7_000, at: 60 };

/** How many texts make up a row's bytes. */
const columns = 7;

/**
 * More than there are rollback segments (128 a tablespace): each keeps undo pages at hand for its next users, one for updates and
 * one for inserts, and gives them up when a user needs a second page, which three rows or six keys do.
 */
const smallTransactions = 600;

/** Transactions to have the server purge: so many at a time and so often, then one now and then. */
const nudging = { most: 32, often: 16 };

/** Undo of an insert is the row's primary key: production's may be names, and words of full-text indexes. */
const key = { bytes: 3_000, rows: 6 };

/**
 * Makes the server free what transactions before have left in undo and in deleted rows, and gives the table of filler that it made
 * on the way.
 */
export async function passHistory(session: Session, place: Place): Promise<Name> {
  const [table, keys] = [place("undo"), place("insert_undo")];
  await createFiller(session, table);
  for (let n = 0; n < smallTransactions; n++) await changeRows(session, table, n, 3);
  await createKeys(session, keys);
  for (let n = 0; n < smallTransactions; n++) await insertKeys(session, keys, n);
  await untilHistoryIsOurs(session, table);
  return table;
}

const texts = Array.from({ length: columns }, (_, at) => new Name(`filler_${at}`));

/** One statement over some rows of the filler, from a row on that may be beyond the last one. */
export async function changeRows(session: Session, table: Name, from: number, count: number): Promise<void> {
  const first = from % filler.rows;
  const set = joinSql(
    texts.map((name) => sql`${name} = REPEAT(CHAR(97 + round MOD 26), ${filler.bytes / columns})`),
    ", ",
  );
  await session.query(
    sql`UPDATE ${table} SET ${set}, round = round + 1 WHERE id >= ${first} AND id < ${first + count}`,
  );
}

async function createFiller(session: Session, table: Name): Promise<void> {
  const definitions = joinSql(texts.map((name) => sql`${name} varchar(1000) CHARACTER SET latin1`), ", ");
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${definitions}, round int NOT NULL DEFAULT 0) ENGINE=InnoDB`,
  );
  const values = joinSql(texts.map(() => sql`REPEAT('-', ${filler.bytes / columns})`), ", ");
  await session.run({
    label: "make filler for undo",
    sql: sql`INSERT INTO ${table} WITH digits (d) AS (
        VALUES ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8), ROW(9))
      SELECT a.d * 1000 + b.d * 100 + c.d * 10 + d.d AS id, ${values}, 0
      FROM digits AS a, digits AS b, digits AS c, digits AS d WHERE a.d < ${filler.rows / 1000}`,
  });
}

async function createKeys(session: Session, keys: Name): Promise<void> {
  await session.query(
    sql`CREATE TABLE ${keys} (filler varchar(3072) CHARACTER SET latin1 PRIMARY KEY) ENGINE=InnoDB ROW_FORMAT=DYNAMIC`,
  );
}

async function insertKeys(session: Session, keys: Name, from: number): Promise<void> {
  const rows = Array.from({ length: key.rows }, (_, at) => sql`(RPAD(${from * key.rows + at}, ${key.bytes}, '-'))`);
  await session.query(sql`INSERT INTO ${keys} VALUES ${joinSql(rows, ", ")}`);
}

/**
 * Waits until what the server still has to purge is no more than our own small transactions, an hour at most. It purges the oldest
 * first, and only when transactions come; and it takes what it has purged off its list only every
 * innodb_purge_rseg_truncate_frequency times (128) that it has purged, so that without more transactions this might take minutes.
 */
async function untilHistoryIsOurs(session: Session, table: Name): Promise<void> {
  for (let ours = smallTransactions, tries = 0; tries < 36_000; tries++) {
    const [row] = await session.query(
      sql`SELECT count AS length FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'`,
    );
    if (Number(row?.length) < ours) return;
    const nudges = tries < nudging.often ? nudging.most : 1;
    for (let n = 0; n < nudges; n++) await changeRows(session, table, ours++, 1);
    if (tries >= nudging.often) await session.query(sql`DO SLEEP(0.1)`);
  }
}
