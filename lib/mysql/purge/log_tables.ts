/** The slow and general query logs, which are tables on RDS and hold statements with their values, and the error log. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import { Name, trusted } from "../../engine/sql.ts";
import { serverCodeOf } from "../../engine/database_error.ts";
import { sql } from "../sql/literals.ts";
import { globalStatus } from "../sql/variables.ts";
import type { PurgeRun } from "./purge_step.ts";

/**
 * Empties the log tables and the backups that RDS keeps of them. Its procedures move the log to the backup: called twice, both
 * are empty. The master user may write to neither table itself.
 */
export async function purgeLogTables({ session }: PurgeRun): Promise<readonly Residue[]> {
  const procedures = await session.query(sql`SELECT routine_name AS name FROM information_schema.routines
    WHERE routine_schema = 'mysql' AND routine_name IN ('rds_rotate_slow_log', 'rds_rotate_general_log')
    ORDER BY routine_name`);
  for (const { name } of procedures) {
    for (let time = 0; time < 2; time++) await rotate(session, String(name));
  }
  const tables = await session.query(sql`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'mysql' AND table_name IN ('slow_log', 'general_log', 'slow_log_backup', 'general_log_backup')
    ORDER BY table_name`);
  const counts: string[] = [];
  for (const { name } of tables) {
    const [row] = await session.scan(sql`SELECT COUNT(*) AS counted FROM ${new Name("mysql", String(name))}`);
    if (Number(row?.counted) > 0) counts.push(`${row?.counted} rows in ${name}`);
  }
  const [settings] = await session.query(
    trusted("SELECT @@slow_query_log AS slow, @@general_log AS general, @@log_output AS output"),
  );
  const files = String(settings?.output).includes("FILE") && (settings?.slow === 1 || settings?.general === 1);
  return [
    {
      step: "log tables",
      result: (procedures.length > 0 ? "rotated twice" : "no procedure to rotate them") +
        (counts.length > 0 ? `; left: ${counts.join(", ")}` : "; nothing left"),
    },
    ...(files ? [{ step: "log files", result: "statements are logged to files that only RDS can reach" }] : []),
    ...await reportErrorLog(session),
  ];
}

/** A log that production wrote to when the snapshot was taken is marked as crashed. */
async function rotate(session: Session, procedure: string): Promise<void> {
  const step = { label: `rotate the log by ${procedure}`, sql: sql`CALL ${new Name("mysql", procedure)}()` };
  try {
    await session.run(step);
  } catch (error) {
    if (serverCodeOf(error) !== "ER_CRASHED_ON_USAGE") throw error;
    const log = procedure.replace(/^rds_rotate_/, "");
    const table = new Name("mysql", log);
    await session.run({ label: `repair mysql.${log}`, sql: sql`REPAIR NO_WRITE_TO_BINLOG TABLE ${table}` });
    await session.run(step);
  }
}

/** Seconds between the server's first message and the moment from which it counts as up: more than any. */
const starting = 60;

/** At its start the server reads its error log's file, with production's messages, into a table; no SQL empties either. */
async function reportErrorLog(session: Session): Promise<readonly Residue[]> {
  // From 8.0.22 on.
  const [table] = await session.query(sql`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'performance_schema' AND table_name = 'error_log'`);
  if (table === undefined) return [];
  const [row] = await session.query(sql`SELECT COUNT(*) AS counted FROM performance_schema.error_log
    WHERE logged < NOW(6) - INTERVAL (SELECT variable_value + ${starting} FROM ${globalStatus}
      WHERE variable_name = 'Uptime') SECOND`);
  if (Number(row?.counted) === 0) return [];
  return [{
    step: "error log",
    result:
      `${row?.counted} messages of before the server's start, which may name accounts and the addresses that they came from, ` +
      "can be read in performance_schema.error_log; only RDS can remove them",
  }];
}
