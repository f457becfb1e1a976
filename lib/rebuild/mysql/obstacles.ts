/** What a copy of a MySQL server cannot have, as far as it can be told before the scrub. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Session } from "../../engine/engine.ts";
import { sql } from "../../mysql/sql/literals.ts";
import { listOf } from "./database_objects.ts";

/**
 * Nothing but a system user may create an object of a system user's, such as of `rdsadmin@localhost`: the loading program would fail at it.
 *
 * @throws {ScrubError} `rebuild`, naming objects.
 */
export async function refuseSystemDefiners(session: Session, databases: readonly string[]): Promise<void> {
  const list = listOf(databases);
  const found = await session.query(sql`SELECT CONCAT(kind, ' ', place, '.', name) AS object FROM (
      SELECT 'view' AS kind, table_schema AS place, table_name AS name, definer FROM information_schema.views
      UNION ALL SELECT 'trigger', trigger_schema, trigger_name, definer FROM information_schema.triggers
      UNION ALL SELECT LOWER(routine_type), routine_schema, routine_name, definer FROM information_schema.routines
      UNION ALL SELECT 'event', event_schema, event_name, definer FROM information_schema.events) AS one
    WHERE place IN (${list}) AND definer <> CURRENT_USER()
      AND definer IN (SELECT CONCAT(user, '@', host) FROM mysql.global_grants WHERE priv = 'SYSTEM_USER') ORDER BY 1`);
  if (found.length === 0) return;
  throw new ScrubError(
    "rebuild",
    `Cannot rebuild the instance: the master user may not create ${
      found.map(({ object }) => String(object)).join(", ")
    } again, whose definer is a system user`,
    "Nothing was changed. Give it another definer in production, or leave --rebuild out.",
  );
}
