/** Removes what all databases of a server share. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";
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
