/** Removes what all databases of a server share: the write-ahead log. The last SQL of a run. @module */

import type { OnProgress, Residue, Session, TablePlan } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";
import { resetStatementsOfServer } from "./statements.ts";
import { overwriteWal } from "./wal.ts";

/**
 * Resets kept statements, overwrites the WAL, and names what a master user cannot reach.
 *
 * @throws {ScrubError} `residue` where the server keeps old segments.
 */
export async function purgeServer(
  session: Session,
  _plans: readonly TablePlan[],
  _open: () => Promise<Session>,
  onProgress: OnProgress = () => {},
): Promise<readonly Residue[]> {
  const statements = await resetStatementsOfServer(session);
  const written = await overwriteWal(session, (share) => onProgress("write-ahead log", share));
  const [temporary] = await session.query(sql`SELECT count(*) AS files FROM pg_ls_tmpdir()`);
  const files = Number(temporary?.["files"]);
  return [
    ...statements,
    { step: "write-ahead log", result: `overwritten with ${Math.round(written / 1024 / 1024)} MB` },
    {
      step: "temporary files",
      result: files === 0 ? "none" : `${files} files; the server removes them when it starts`,
    },
    {
      step: "shared catalogues",
      result:
        "freed rows, such as those with former password hashes in pg_authid, logins in pg_subscription and comments in " +
        "pg_shdescription, and the planner's samples of these catalogues are out of the master user's reach",
    },
    { step: "server log", result: "not checked: it is not part of the databases" },
  ];
}
