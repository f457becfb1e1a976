/** Removes what all databases of a server share: the write-ahead log. The last SQL of a run. @module */

import type { OnProgress, Residue, Session, Storage, TablePlan } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";
import { resetStatementsOfServer } from "./statements.ts";
import { overwriteWal } from "./wal.ts";

/**
 * Resets kept statements, overwrites the WAL where that is in files, and names what a master user cannot reach.
 *
 * @throws {ScrubError} `residue` where the server keeps old segments.
 */
export async function purgeServer(
  session: Session,
  _plans: readonly TablePlan[],
  _open: () => Promise<Session>,
  onProgress: OnProgress = () => {},
  storage: Storage = "files",
): Promise<readonly Residue[]> {
  const statements = await resetStatementsOfServer(session);
  return [
    ...statements,
    ...storage === "files" ? await purgeFiles(session, onProgress) : [],
    {
      step: "shared catalogues",
      result:
        "freed rows, such as those with former password hashes in pg_authid, logins in pg_subscription and comments in " +
        "pg_shdescription, and the planner's samples of these catalogues are out of the master user's reach",
    },
    ...storage === "files" ? await reportOrphanedDatabases(session) : [],
    { step: "server log", result: "not checked: it is not part of the databases" },
  ];
}

/** Overwrites the WAL, and counts the temporary files. */
async function purgeFiles(session: Session, onProgress: OnProgress): Promise<readonly Residue[]> {
  const written = await overwriteWal(session, (share) => onProgress("write-ahead log", share));
  const [temporary] = await session.query(sql`SELECT count(*) AS files FROM pg_ls_tmpdir()`);
  const files = Number(temporary?.["files"]);
  return [
    { step: "write-ahead log", result: `overwritten with ${Math.round(written / 1024 / 1024)} MB` },
    {
      step: "temporary files",
      result: files === 0 ? "none" : `${files} files; the server removes them when it starts`,
    },
  ];
}

/**
 * Counts folders that belong to no database, as a crash during CREATE DATABASE leaves a copy of one. No SQL reads or removes them, and no
 * database's size counts them.
 */
async function reportOrphanedDatabases(session: Session): Promise<readonly Residue[]> {
  const [row] = await session.query(sql`SELECT count(*) AS folders
    FROM pg_tablespace t CROSS JOIN pg_tablespace_databases(t.oid) AS folder (oid)
    WHERE t.spcname <> 'pg_global' AND folder.oid NOT IN (SELECT oid FROM pg_database)`);
  const folders = Number(row?.["folders"]);
  if (folders === 0) return [];
  return [{
    step: "orphaned databases",
    result: `${folders} ${
      folders === 1 ? "folder belongs" : "folders belong"
    } to no database; a crash of production left them, and no SQL can reach their files`,
  }];
}
