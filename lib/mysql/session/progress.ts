/** How far long statements are, by MySQL's own views. @module */

import type { ServerProgress, Session } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";

/** Rows that other transactions of the server have changed so far: what a copy has written. The largest one alone. */
export async function progress(session: Session): Promise<readonly ServerProgress[]> {
  const rows = await session.query(sql`
    SELECT CAST(trx_rows_modified AS CHAR) AS changed FROM information_schema.innodb_trx
    WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_rows_modified > 0
    ORDER BY trx_rows_modified DESC LIMIT 1`);
  return rows.map(({ changed }) => ({ rows: Number(changed) }));
}
