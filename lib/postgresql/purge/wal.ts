/** Overwrites the write-ahead log: its segments keep their bytes, even those that are set aside for later use. @module */

import type { Session } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { pause } from "../../core/pause.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";

/** The position of the log, in numbers of segments. */
interface Place {
  readonly segmentBytes: number;
  /** The segment that is written to. */
  readonly current: number;
  /** Lowest and highest segment that has a file; the highest may be recycled for later use. */
  readonly oldest: number;
  readonly newest: number;
  /** How many segments the server may keep or set aside by its settings. */
  readonly kept: number;
}

/** Milliseconds to wait for a checkpoint that the server makes by itself. */
const checkpointInterval = 500;

/**
 * Writes until no file of the log holds older bytes.
 *
 * A checkpoint recycles segments that are no longer needed: it renames them ahead of the current one, with their old bytes. So
 * first the log is moved past its current segment, which the next checkpoint then recycles with all before it. Then all segments
 * up to the last name are overwritten once.
 *
 * `onProgress` hears which share of the segments that have a file now is overwritten.
 *
 * @returns how many bytes were written.
 * @throws {ScrubError} `residue` where a slot, an archiver or a standby keeps old segments.
 */
export async function overwriteWal(session: Session, onProgress: (share: number) => void): Promise<number> {
  const start = await look(session);
  const most = 3 * (start.newest - start.oldest + 1) + 2 * start.kept + 64;
  let written = 0;
  let place = start;
  /** Writes messages until the log has passed a segment. */
  async function pass(segment: number): Promise<void> {
    while (place.current <= segment) {
      written += await emit(session, place, segment);
      place = await look(session);
      onProgress(Math.min(1, (place.current - start.current) / (start.newest - start.current + 2)));
    }
  }
  await pass(start.current);
  for (;;) {
    const atOnce = await checkpoint(session);
    place = await look(session);
    if (place.oldest > start.current) break;
    if (written > most * start.segmentBytes) throw stuck();
    await pass(atOnce ? place.newest : Math.max(place.newest, place.current + place.kept));
    if (!atOnce) await pause(checkpointInterval);
  }
  await pass(place.newest);
  await checkpoint(session);
  return written;
}

function stuck(): ScrubError {
  return new ScrubError(
    "residue",
    "Cannot overwrite the write-ahead log: the server keeps old segments of it",
    "Drop the replication slots that the source has, and look whether it archives its log.",
  );
}

async function look(session: Session): Promise<Place> {
  const [row] = await session.query(sql`
    WITH setting AS (
      SELECT pg_size_bytes(current_setting('wal_segment_size')) AS segment,
        pg_size_bytes(current_setting('wal_keep_size')) + pg_size_bytes(current_setting('max_wal_size')) AS kept
    ), file AS (
      SELECT ('x' || substr(name, 9, 8))::bit(32)::bigint * (4294967296 / segment)
        + ('x' || substr(name, 17, 8))::bit(32)::bigint AS number
      FROM pg_ls_waldir(), setting WHERE name ~ '^[0-9A-F]{24}$'
    )
    SELECT segment, kept / segment AS kept, (SELECT min(number) FROM file) AS oldest, (SELECT max(number) FROM file) AS newest,
      floor((pg_current_wal_insert_lsn() - '0/0'::pg_lsn) / segment)::bigint AS current
    FROM setting`);
  if (!row) throw new TypeError("Cannot look at the write-ahead log: the server gave no row");
  return {
    segmentBytes: Number(row["segment"]),
    current: Number(row["current"]),
    oldest: Number(row["oldest"]),
    newest: Number(row["newest"]),
    kept: Number(row["kept"]),
  };
}

/** Writes logical messages, at most 256 MB of them: every role may, and no slot reads them. */
async function emit(session: Session, { current, segmentBytes }: Place, until: number): Promise<number> {
  const mebibyte = 1024 * 1024;
  const messages = Math.min(256, Math.ceil(((until - current + 1) * segmentBytes) / mebibyte));
  await session.scan(sql`
    SELECT count(pg_catalog.pg_logical_emit_message(false, 'datascrubber', pg_catalog.repeat('x', ${mebibyte}))) AS messages
    FROM pg_catalog.generate_series(1, ${messages})`);
  return messages * mebibyte;
}

/** Before version 15 the master user may not CHECKPOINT: then the server makes one when enough was written. */
async function checkpoint(session: Session): Promise<boolean> {
  try {
    await session.run({ label: "make a checkpoint", sql: sql`CHECKPOINT` });
    return true;
  } catch (error) {
    if (!isDenied(error)) throw error;
    return false;
  }
}
