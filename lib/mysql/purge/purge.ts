/** Removes what one database's scrub left outside its tables, and checks the definitions of replaced tables. @module */

import { inGroups } from "../../core/in_groups.ts";
import type { OnProgress, Residue, Session, TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql } from "../../engine/sql.ts";
import { dropHistograms } from "./histograms.ts";
import { sql } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";
import { checkDefinitions } from "./definition_check.ts";

/** Tables that one statement analyses. */
const together = 20;

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
  const changed = changedBy(plans);
  await checkDefinitions(session, changed);
  const residue = await dropHistograms(session, schema, changed);
  const groups = inGroups(changed.map(({ table }) => table), together);
  for (const [at, tables] of groups.entries()) {
    onProgress(`statistics of ${tables[0]?.id ?? ""}`, at / groups.length);
    const names = tables.map((table) => sql`${tableName(schema.database, table)}`);
    await session.run({
      label: `analyze ${tables.map(({ id }) => id).join(", ")}`,
      sql: sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${joinSql(names, ", ")}`,
    });
  }
  return residue;
}

/** See {@linkcode Engine.checkDefinitions}. */
export async function checkReplaced(session: Session, plans: readonly TablePlan[]): Promise<void> {
  await checkDefinitions(session, changedBy(plans));
}

function changedBy(plans: readonly TablePlan[]): readonly TablePlan[] {
  return plans.filter(({ steps }) => steps.length > 0);
}
