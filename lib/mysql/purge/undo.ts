/** Undo tablespaces: old values of every row that was updated or deleted in place, by us or by production. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import type { Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { changeRows, filler, passHistory } from "./history.ts";
import { sql } from "../sql/literals.ts";
import { inPurgeDatabase, type Place } from "./purge_database.ts";

const MEBIBYTE = 1_048_576;

/** Up to this size of all undo files, overwriting costs seconds, and what production left goes as well. */
const cheap = 256 * MEBIBYTE;

/** A transaction stays in one tablespace, the next one goes to another. */
const mostTransactions = 32;

/**
 * Overwrites the undo files: always where a table was changed in place, else where they are small. A transaction keeps its undo,
 * so when a file grows, no page of it was left to take that is not overwritten.
 */
export async function purgeUndo(session: Session, plans: readonly TablePlan[]): Promise<readonly Residue[]> {
  const before = await undoFiles(session);
  const size = Math.ceil(sizeOf(before) / MEBIBYTE);
  if (!await overwritesUndo(session, plans)) {
    const result = `${size} MiB that production has written stay; this run has written no old value there`;
    return [{ step: "undo", result }];
  }
  await inPurgeDatabase(session, (place) => overwrite(session, place, before));
  return [{ step: "undo", result: `overwritten, ${before.size} files of ${size} MiB` }];
}

/** Whether {@linkcode purgeUndo} overwrites. */
export async function overwritesUndo(session: Session, plans: readonly TablePlan[]): Promise<boolean> {
  const inPlace = plans.some(({ shape }) => shape === "update" || shape === "delete");
  return inPlace || sizeOf(await undoFiles(session)) <= cheap;
}

function sizeOf(files: ReadonlyMap<string, number>): number {
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

async function overwrite(session: Session, place: Place, before: ReadonlyMap<string, number>): Promise<void> {
  const table = await passHistory(session, place);
  for (let n = 0; n < mostTransactions; n++) {
    await session.query(sql`START TRANSACTION`);
    await growOne(session, table);
    await session.query(sql`COMMIT`);
    const now = await undoFiles(session);
    if ([...before].every(([name, bytes]) => (now.get(name) ?? 0) > bytes)) return;
  }
  throw new ScrubError(
    "failed",
    "Cannot overwrite the undo tablespaces: not all of them have grown",
    "Find out who else is connected to the workspace, then run again.",
  );
}

/** Writes undo until some file has grown. */
async function growOne(session: Session, table: Name): Promise<void> {
  const before = await undoFiles(session);
  const most = 4 * (sizeOf(before) + 64 * MEBIBYTE);
  for (let n = 0; n * filler.at * filler.bytes < most; n++) {
    await changeRows(session, table, n * filler.at, filler.at);
    // Asking costs as much as writing.
    if (n % 4 !== 3) continue;
    const now = await undoFiles(session);
    if ([...before].some(([name, bytes]) => (now.get(name) ?? 0) > bytes)) return;
  }
}

/** Bytes of each undo tablespace's file. */
async function undoFiles(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query(
    sql`SELECT name AS name, file_size AS bytes FROM information_schema.innodb_tablespaces
    WHERE space_type = 'Undo'`,
  );
  return new Map(rows.map(({ name, bytes }) => [String(name), Number(bytes)]));
}
