/** What is left in a database that is as good as empty: a scheduler's rows, and former texts in dead rows of catalogues. @module */

import type { Session } from "../../engine/engine.ts";
import { clearPgCron } from "../schema/pg_cron.ts";
import { sql } from "../sql/literals.ts";
import { forgetStatistics, leftByAnalyse } from "./forget_statistics.ts";
import { rebuildOwnIndexes } from "./own_indexes.ts";
import { awaitNoTemporarySamples } from "./stale_statistics.ts";
import { reportOrphanedFiles, rewriteCatalogues } from "./purge.ts";

/**
 * Empties pg_cron's tables, waits until the server has dropped tables of production's sessions, and writes the catalogues anew where the master user has the rights of the database's owner.
 *
 * @returns sentences for the report.
 */
export async function clearEmpty(session: Session): Promise<readonly string[]> {
  const cleared = await clearPgCron(session);
  await awaitNoTemporarySamples(session);
  const [row] = await session.query(sql`
    SELECT pg_has_role(datdba, 'USAGE') AS owns FROM pg_database WHERE datname = current_database()`);
  if (row?.["owns"] !== true) {
    const left =
      "its catalogues may keep names and texts of what was dropped: only the database's owner may rewrite them";
    return [...cleared, `database "${session.database}": ${left}`];
  }
  await rebuildOwnIndexes(session);
  await forgetStatistics(session, leftByAnalyse);
  await rewriteCatalogues(session);
  const orphaned = await reportOrphanedFiles(session);
  return [...cleared, ...orphaned.map(({ step, result }) => `${step}: ${result}`)];
}
