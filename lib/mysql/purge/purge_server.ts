/** Removes what all databases of a server share. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { closedTables } from "../schema/catalogue_columns.ts";
import { overwriteHistograms } from "./histograms.ts";
import { purgeLogTables } from "./log_tables.ts";
import { purgeRedo } from "./redo.ts";
import { purgeSystemSpace } from "./system_space.ts";
import { purgeUndo } from "./undo.ts";

/** One thing to purge. */
export type PurgeStep = (session: Session, plans: readonly TablePlan[]) => Promise<readonly Residue[]>;

/** In this order: what comes first writes redo, which goes last. */
export const purgeSteps: readonly PurgeStep[] = [
  purgeLogTables,
  reportBinaryLogs,
  reportClosedTables,
  purgeSystemSpace,
  purgeUndo,
  overwriteHistograms,
  purgeRedo,
];

/** Carries all of them out. `plans`: of every database. */
export async function purgeServer(
  session: Session,
  plans: readonly TablePlan[],
  steps: readonly PurgeStep[] = purgeSteps,
): Promise<readonly Residue[]> {
  const residue: Residue[] = [];
  for (const step of steps) residue.push(...await step(session, plans));
  return residue;
}

/** There are none on an instance without backups; the master user could not remove any. */
async function reportBinaryLogs(session: Session): Promise<readonly Residue[]> {
  const [setting] = await session.query(sql`SELECT @@log_bin AS on_or_off`);
  if (setting?.on_or_off !== 1) return [{ step: "binary logs", result: "none" }];
  const files = await session.query(sql`SHOW BINARY LOGS`);
  const bytes = files.reduce((sum, { File_size }) => sum + Number(File_size), 0);
  return [{ step: "binary logs", result: `${files.length} files of ${bytes} bytes stay, which only RDS can remove` }];
}

/** RDS's own tables in the schema `mysql`, and what upgrades left there: only RDS may write them. */
async function reportClosedTables(session: Session): Promise<readonly Residue[]> {
  const tables = await session.query(sql`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'mysql' AND REGEXP_LIKE(table_name, ${textLiteral(closedTables)}, 'i')
      AND NOT REGEXP_LIKE(table_name, '^(slow|general)_log', 'i') ORDER BY table_name`);
  const names = tables.map(({ name }) => String(name));
  return [
    ...(names.length === 0 ? [] : [{
      step: "RDS's own tables",
      result: `not looked at, and out of the master user's reach: ${names.join(", ")}`,
    }]),
    {
      step: "data dictionary and system tables",
      result: "freed rows, such as those with former comments, defaults and logins, are out of the master user's reach",
    },
  ];
}
