/**
 * Rows in a partition where their key does not belong: EXCHANGE PARTITION … WITHOUT VALIDATION puts them there. No condition on the
 * key finds them, for the server looks into the right partitions only; whoever reads the table does find them.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql } from "../sql/literals.ts";
import { partitionsBegin } from "./table_details.ts";
import { tableName } from "../sql/table_name.ts";

/**
 * Reads every partitioned table of the schema, and nothing of others.
 *
 * @throws {ScrubError} `table`, naming the tables that have such rows.
 */
export async function refuseMisplacedRows(session: Session, { database, tables }: Schema): Promise<void> {
  const found: string[] = [];
  for (const table of tables) {
    if (!partitionsBegin.test(table.mysql?.definition ?? "")) continue;
    // Its messages hold keys.
    const rows = await session.scan(sql`CHECK TABLE ${tableName(database, table)} MEDIUM`);
    if (rows.some(({ Msg_type }) => /^error$/i.test(String(Msg_type)))) found.push(`"${table.id}"`);
  }
  if (found.length === 0) return;
  throw new ScrubError(
    "table",
    `Cannot scrub database "${database}": CHECK TABLE finds rows in the wrong partition, or another fault, in ${
      found.join(", ")
    }`,
    "Nothing was changed. Repair the table in production (ALTER TABLE … REPAIR PARTITION ALL), then take the snapshot again.",
    { inPlace: "Repair the table (ALTER TABLE … REPAIR PARTITION ALL), then run again." },
  );
}
