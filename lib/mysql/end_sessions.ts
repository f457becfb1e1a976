/** Ends the sessions of other users. @module */

import type { Session } from "../engine/engine.ts";
import { serverCodeOf } from "../engine/database_error.ts";
import { ScrubError } from "../core/errors.ts";
import { pollUntil } from "../core/pause.ts";
import { ownAccounts } from "./schema/server_tables.ts";
import { sql } from "./sql/literals.ts";
import { type Product, productOf } from "./sql/product.ts";

/**
 * A session that is open needs no password any more, and could write after verification.
 *
 * @throws {ScrubError} `sessions` where one does not end.
 */
export async function endSessions(session: Session): Promise<void> {
  const product = await productOf(session);
  const [self] = await session.query(sql`SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS name,
    EXISTS (SELECT 1 FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_kill') AS by_rds`);
  const ended = await pollUntil(async () => {
    // Shown also where the server keeps no performance_schema.
    const found = (await session.query(sql`SHOW PROCESSLIST`))
      .filter(({ User, Host }) => User !== self?.name && !isOwnSession(product, String(User), String(Host)));
    for (const { Id } of found) {
      const id = sql`${Number(Id)}`;
      await session.query(self?.by_rds === 1 ? sql`CALL mysql.rds_kill(${id})` : sql`KILL CONNECTION ${id}`)
        .catch((error) => {
          // It has ended by itself.
          if (serverCodeOf(error) !== "ER_NO_SUCH_THREAD") throw error;
        });
    }
    return found.length === 0;
  });
  if (ended) return;
  throw new ScrubError(
    "sessions",
    "Cannot end the sessions of other users on the workspace: new ones begin, or they do not stop",
    "Find out who is connected to the workspace, and keep them from it, then run again.",
  );
}

/** The server's own threads, and sessions of its and RDS's accounts; those at `localhost` come from there. */
function isOwnSession(product: Product, user: string, from: string): boolean {
  if (user === "system user" || user === "event_scheduler") return true;
  return ownAccounts[product].some(([name, host]) =>
    name === user && (host === "%" || /^(?:localhost(?::\d+)?)?$/.test(from))
  );
}
