/** Removes what one database's scrub left outside its tables, and checks the definitions of replaced tables. @module */

import type { OnProgress, Residue, Session, TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { dropHistograms } from "./histograms.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";
import { checkDefinitions } from "./definition_check.ts";

/**
 * Checks definitions, drops histograms, and analyses changed tables.
 *
 * @throws {ScrubError} `definition` where a replaced table is not defined as the original.
 */
export async function purge(
  session: Session,
  schema: Schema,
  plans: readonly TablePlan[],
  onProgress: OnProgress = () => {},
): Promise<readonly Residue[]> {
  const changed = plans.filter(({ steps }) => steps.length > 0);
  await checkDefinitions(session, changed);
  const residue = await dropHistograms(session, schema, changed);
  for (const [at, { table }] of changed.entries()) {
    onProgress(`statistics of ${table.id}`, at / changed.length);
    await session.run({
      label: `analyze ${table.id}`,
      sql: sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${tableName(schema.database, table)}`,
    });
  }
  return residue;
}
