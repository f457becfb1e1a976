/** Statements that pg_stat_statements keeps, with values where the server did not take them for parameters. @module */

import type { Reach, Residue, Session } from "../../engine/engine.ts";
import { serverCodeOf } from "../../engine/database_error.ts";
import { Name } from "../../engine/sql.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";

/**
 * Resets the statements of all databases, or of the session's alone, by the extension of the session's; without it, does nothing.
 */
export async function resetStatements(session: Session, reach: Reach = "server"): Promise<readonly Residue[]> {
  const [extension] = await session.query(sql`
    SELECT n.nspname FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
    WHERE x.extname = 'pg_stat_statements'`);
  if (!extension) return [];
  const step = `pg_stat_statements in database "${session.database}"`;
  const reset = new Name(String(extension["nspname"]), "pg_stat_statements_reset");
  try {
    const own = sql`0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0`;
    await session.query(sql`SELECT ${reset}(${reach === "server" ? sql`` : own}) IS NULL AS done`);
  } catch (error) {
    // Without its library the extension keeps nothing; without the privilege the texts remain.
    if (serverCodeOf(error) === "55000") {
      return [{ step, result: "keeps no statements: its library is not loaded" }];
    }
    if (!isDenied(error)) throw error;
    return [{ step, result: "not reset: the master user may not call pg_stat_statements_reset()" }];
  }
  return [{ step, result: "emptied" }];
}

/**
 * Resets the statements of a server whose library is loaded, as by default on RDS, although no database has the extension: whoever
 * receives the snapshot can create it, and read them. `session`: on the maintenance database, where it is created for this.
 */
export async function resetStatementsOfServer(session: Session): Promise<readonly Residue[]> {
  const found = await resetStatements(session);
  if (found.length > 0) return found;
  try {
    await session.query(sql`CREATE EXTENSION pg_stat_statements SCHEMA public`);
  } catch (error) {
    const result =
      "not reset in this database: the extension cannot be created; where no other database has it and the library " +
      "is loaded, statements of production remain";
    // Not in the server's folder of extensions: the library is not there either.
    if (["0A000", "58P01", "22023"].includes(serverCodeOf(error) ?? "")) return [];
    if (!isDenied(error)) throw error;
    return [{ step: `pg_stat_statements in database "${session.database}"`, result }];
  }
  const reset = await resetStatements(session);
  await session.query(sql`DROP EXTENSION pg_stat_statements`);
  return reset;
}
