/** Undo tablespaces: old values of every row that was updated or deleted in place, by us or by production. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { bytesOfLarge, largeAtOnce, passHistory, prepareTransactions, type Transactions } from "./history.ts";
import { sql } from "../sql/literals.ts";
import { spelledBy } from "../sql/product.ts";
import { inPurgeDatabase, type PurgeRun, readGlobalVariables } from "./purge_step.ts";

const MEBIBYTE = 1_048_576;

/** Of a tablespace (MySQL Reference Manual, "innodb_rollback_segments"): a file has as many, whatever the setting is now. */
const mostRollbackSegments = 128;

/** An undo tablespace's file. */
interface UndoFile {
  /** Changes when the server truncates the tablespace, which creates a new file. */
  readonly space: number;
  readonly bytes: number;
}

/** By the tablespace's name. */
type UndoFiles = ReadonlyMap<string, UndoFile>;

/**
 * Overwrites the undo files. First undo of earlier transactions is purged. Then purging is held back, and transactions take all
 * free pages, as many bytes as the files have by then: that a file grows does not say that no page of it is free. The server makes
 * it longer where whole extents are few, and the transactions before may have done so while earlier ones were still to be purged.
 *
 * @throws {ScrubError} `purge` where another session keeps the server from purging.
 */
export async function purgeUndo(run: PurgeRun): Promise<readonly Residue[]> {
  const { session } = run;
  const { innodb_rollback_segments: each } = await readGlobalVariables(session, "innodb_rollback_segments");
  const inUse = Number(each ?? mostRollbackSegments);
  const before = await inPurgeDatabase(session, async (place) => {
    await using transactions = await prepareTransactions(run, place);
    await passHistory(session, transactions, inUse * (await readUndoFiles(session)).size);
    await using snapshot = await run.open();
    await snapshot.query(sql`SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ`);
    await snapshot.query(sql`START TRANSACTION WITH CONSISTENT SNAPSHOT`);
    const files = await readUndoFiles(session);
    await takeFreePages(session, transactions, files);
    await snapshot.query(sql`COMMIT`);
    return files;
  });
  const size = Math.ceil(sizeOf(before) / MEBIBYTE);
  const unused = inUse < mostRollbackSegments
    ? `; rollback segments beyond innodb_rollback_segments = ${inUse} were not overwritten`
    : "";
  return [{ step: "undo", result: `overwritten, ${before.size} files of ${size} MiB${unused}` }];
}

function sizeOf(files: UndoFiles): number {
  return [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Transactions use the tablespaces in turn, so none gets much more than its share. */
async function takeFreePages(session: Session, transactions: Transactions, before: UndoFiles): Promise<void> {
  const size = before.size * Math.max(...[...before.values()].map(({ bytes }) => bytes));
  const most = 4 * size + 256 * MEBIBYTE;
  const least = largeAtOnce * Math.ceil(size / (largeAtOnce * bytesOfLarge));
  // In one go: the sessions need not wait for each other, nor for a look at the files.
  await transactions.large(least);
  for (let written = least * bytesOfLarge; written < most; written += largeAtOnce * bytesOfLarge) {
    if (hasGrown(before, await readUndoFiles(session))) {
      await transactions.large(Math.ceil(extentsLeft(before) * MEBIBYTE / bytesOfLarge));
      return;
    }
    await transactions.large(largeAtOnce);
  }
  throw new ScrubError(
    "purge",
    "Cannot overwrite the undo tablespaces: not all of them have grown",
    "Find out who else is connected to the server, then run again.",
  );
}

function hasGrown(before: UndoFiles, now: UndoFiles): boolean {
  return [...before].every(([name, { space, bytes }]) => {
    const file = now.get(name);
    return file !== undefined && (file.space !== space || file.bytes > bytes);
  });
}

/** Of all files together: the server makes one longer while it has one extent in two hundred and two more; they are used next. */
function extentsLeft(before: UndoFiles): number {
  return [...before.values()].reduce((sum, { bytes }) => sum + 4 + Math.ceil(bytes / MEBIBYTE / 100), 0);
}

/** MariaDB may keep undo in the system tablespace. */
async function readUndoFiles(session: Session): Promise<UndoFiles> {
  const rows = await session.query(
    sql`SELECT name AS name, space AS space, file_size AS bytes FROM information_schema.${
      spelledBy({
        mysql: "innodb_tablespaces WHERE space_type = 'Undo' AND state <> 'empty'",
        mariadb: `innodb_sys_tablespaces WHERE name LIKE 'innodb\\_undo%'
          OR name = 'innodb_system' AND @@innodb_undo_tablespaces = 0`,
      })
    }`,
  );
  return new Map(rows.map(({ name, space, bytes }) => [String(name), { space: Number(space), bytes: Number(bytes) }]));
}
