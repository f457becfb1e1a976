/** Undo of earlier transactions, and how to have the server purge it: by small transactions, until its history is short. @module */

import { inParallel } from "../../core/in_parallel.ts";
import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql } from "../sql/literals.ts";
import type { Place, PurgeRun } from "./purge_step.ts";

/** Rows of the filler, and the bytes of undo that changing one writes: two fill a page of 16 KiB. */
const filler = { rows: 600, bytes: 7_000 };

/** Text columns of a row. */
const columns = 7;

/** Undo of an insert holds the primary key: in production that may be a name, or a word of a full-text index. */
const key = { bytes: 3_000, rows: 6 };

/**
 * A rollback segment keeps undo pages of transactions that needed no more than one, for its next transactions: one for updates and
 * one for inserts, or two where transactions had it at the same time. Each of ours takes one of both and gives it up, because it
 * needs a second page.
 */
const kept = 2;

/** Transactions that need not be purged. */
const margin = 128;

/** Rows that a transaction changes: more than a page, and no more than the 32 pages that a segment takes one by one. */
const changes = { few: 3, many: 56 };

/** Sessions that share the transactions: the server writes the redo of several commits at once. */
const sessions = 8;

/**
 * Seconds between looks at what is still to be purged. Each look wakes the server, which shortens its list at every 128th time: short
 * history is gone by then, and only long history takes more looks than `soon`.
 */
const pause = { first: 0.001, soon: 128, later: 0.005 };

/** Makes transactions, as long as the database of {@linkcode Place} exists. */
export interface Transactions extends AsyncDisposable {
  /** So many transactions, each of which writes more undo than fits a page. */
  small(count: number): Promise<void>;
  /** So many, each of which writes `bytesOfLarge` of undo or more. */
  large(count: number): Promise<void>;
}

/** Bytes of undo that a large transaction writes at least. */
export const bytesOfLarge: number = changes.many * filler.bytes;

/** The best number for one call of {@linkcode Transactions.large}. */
export const largeAtOnce = sessions;

/** Prepares tables, a procedure and sessions of their own for transactions. */
export async function prepareTransactions(
  { session, open }: Pick<PurgeRun, "session" | "open">,
  place: Place,
): Promise<Transactions> {
  const [table, keys, procedure] = [place("undo"), place("insert_undo"), place("transactions")];
  await createFiller(session, table);
  await createKeys(session, keys);
  await createProcedure(session, procedure, table, keys);
  await using undo = new AsyncDisposableStack();
  const pool = await inParallel(
    Array.from({ length: sessions }, () => open),
    sessions,
    async (open) => undo.use(await open()),
  );
  const owned = undo.move();
  let made = 0; // no key is inserted twice
  async function make(count: number, rows: number): Promise<void> {
    const from = made;
    made += count;
    const share = Math.ceil(count / pool.length);
    await Promise.all(pool.map(async (member, at) => {
      const [first, last] = [at * share, Math.min((at + 1) * share, count)];
      if (first >= last) return;
      await member.run({
        label: "overwrite undo",
        sql: sql`CALL ${procedure}(${from + first}, ${from + last}, ${at * (filler.rows / sessions)}, ${rows})`,
      });
    }));
  }
  return {
    small: (count) => make(count, changes.few),
    large: (count) => make(count, changes.many),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const texts = Array.from({ length: columns }, (_, at) => new Name(`filler_${at}`));

/** Without automatic statistics: their transactions are small, and would keep pages. */
const quiet = trusted("ENGINE=InnoDB STATS_AUTO_RECALC=0");

async function createFiller(session: Session, table: Name): Promise<void> {
  const definitions = joinSql(texts.map((name) => sql`${name} varchar(1000) CHARACTER SET latin1`), ", ");
  await session.query(
    sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${definitions}, round int NOT NULL DEFAULT 0) ${quiet}`,
  );
  const values = joinSql(texts.map(() => sql`REPEAT('-', ${filler.bytes / columns})`), ", ");
  await session.run({
    label: "make filler for undo",
    sql: sql`INSERT INTO ${table} WITH RECURSIVE numbers (n) AS (
        SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${filler.rows - 1})
      SELECT n AS id, ${values}, 0 FROM numbers`,
  });
}

async function createKeys(session: Session, keys: Name): Promise<void> {
  await session.query(
    sql`CREATE TABLE ${keys} (filler varchar(3072) CHARACTER SET latin1 PRIMARY KEY) ROW_FORMAT=DYNAMIC ${quiet}`,
  );
}

/** Each session has rows of its own, from `base` on, so that none waits for another one. */
async function createProcedure(session: Session, procedure: Name, table: Name, keys: Name): Promise<void> {
  const rows = filler.rows / sessions;
  const set = texts.map((name) => sql`${name} = REPEAT(CHAR(97 + round MOD 26), ${filler.bytes / columns})`);
  const inserted = Array.from(
    { length: key.rows },
    (_, at) => sql`(RPAD(turn * ${key.rows} + ${at}, ${key.bytes}, '-'))`,
  );
  await session.query(sql`CREATE PROCEDURE ${procedure} (turn int, beyond int, base int, amount int)
    BEGIN
      DECLARE low int;
      WHILE turn < beyond DO
        SET low = base + (turn * amount) MOD (${rows} - amount + 1);
        START TRANSACTION;
        UPDATE ${table} SET ${joinSql(set, ", ")}, round = round + 1 WHERE id >= low AND id < low + amount;
        INSERT INTO ${keys} VALUES ${joinSql(inserted, ", ")};
        COMMIT;
        SET turn = turn + 1;
      END WHILE;
    END`);
}

/**
 * Makes the server purge undo and deleted rows of earlier transactions: takes every page that one of so many rollback segments
 * keeps, then waits until the transactions that took them are purged.
 *
 * @throws {ScrubError} `purge` where they are not purged, because another session still reads old rows.
 */
export async function passHistory(session: Session, transactions: Transactions, segments: number): Promise<void> {
  await transactions.small(kept * segments + margin);
  await untilHistoryIsShort(session, transactions);
}

/**
 * Waits until only the last of our small transactions are still to be purged, an hour at most. The server purges the oldest
 * first, and only when new transactions come; and it shortens its history list only every innodb_purge_rseg_truncate_frequency
 * (128) purges, so that without more transactions this might take minutes.
 */
async function untilHistoryIsShort(session: Session, transactions: Transactions): Promise<void> {
  for (let tries = 0; tries < 360_000; tries++) {
    const [row] = await session.query(
      sql`SELECT count AS length FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'`,
    );
    if (Number(row?.length) < margin) return;
    await transactions.small(1);
    await session.query(sql`DO SLEEP(${trusted(String(tries < pause.soon ? pause.first : pause.later))})`);
  }
  throw new ScrubError(
    "purge",
    "Cannot overwrite the undo tablespaces: the server does not purge the undo of earlier transactions",
    "Find out who else is connected to the server and reads in a transaction, then run again.",
  );
}
