/** Transactions that were prepared for two-phase commit: they outlast a restore. @module */

import type { Session } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { serverCodeOf } from "../../engine/database_error.ts";
import { isDenied } from "../session/errors.ts";
import { sql } from "../sql/literals.ts";

/**
 * Refuses them: until somebody ends them, the server keeps old values of the rows that they changed, and locks.
 *
 * @returns a sentence for the report where the master user may not ask.
 * @throws {ScrubError} `refused` where there are some.
 */
export async function refusePreparedTransactions(session: Session): Promise<readonly string[]> {
  let prepared;
  try {
    prepared = await session.query(sql`XA RECOVER`);
  } catch (error) {
    // What the server says to who lacks XA_RECOVER_ADMIN.
    if (!isDenied(error) && serverCodeOf(error) !== "ER_XAER_RMERR") throw error;
    return ["whether there are prepared XA transactions, the master user may not ask"];
  }
  if (prepared.length === 0) return [];
  throw new ScrubError(
    "residue",
    `Cannot purge old values: ${prepared.length} prepared XA transactions keep some`,
    "Commit or roll them back in production (XA RECOVER names them), then take the snapshot again.",
  );
}
