/** Checks that replaced tables have the definitions of the originals. @module */

import type { Session, TablePlan } from "../../engine/engine.ts";
import type { MysqlDetails } from "../../engine/mysql_details.ts";
import { ScrubError } from "../../core/errors.ts";
import { readDetails } from "../schema/table_details.ts";

/**
 * Compares definitions and triggers with those before the scrub.
 *
 * @throws {ScrubError} `definition`, naming the tables that differ.
 */
export async function checkDefinitions(session: Session, plans: readonly TablePlan[]): Promise<void> {
  const replaced = plans.flatMap(({ shape, table }) =>
    shape === "copy-swap" && table.mysql ? [{ name: table.name, before: table.mysql }] : []
  );
  if (replaced.length === 0) return;
  const now = await readDetails(session, new Set(replaced.map(({ name }) => name)));
  const different = replaced.filter(({ name, before }) => fingerprint(now.get(name)) !== fingerprint(before));
  if (different.length === 0) return;
  throw new ScrubError(
    "definition",
    `Cannot keep the copies of ${
      different.map(({ name }) => `"${name}"`).join(", ")
    }: their definitions differ from the originals`,
    "Report this with the tables' SHOW CREATE TABLE and SHOW CREATE TRIGGER.",
  );
}

/** Ignores a semicolon after a trigger's text, which the server keeps where more statements followed. */
function fingerprint(details: MysqlDetails | undefined): string {
  const triggers = details?.triggers.map((trigger) => ({
    ...trigger,
    statement: trigger.statement.replace(/[;\s]+$/, ""),
  }));
  // A copy's definition names a column's character set although the collation implies it, and its counter may have been set back.
  const definition = details?.definition.replaceAll(/ CHARACTER SET \w+(?= COLLATE)/g, "")
    .replace(/^(\) (?:.*? )??ENGINE=\w+) AUTO_INCREMENT=\d+/m, "$1");
  return JSON.stringify([definition, triggers]);
}
