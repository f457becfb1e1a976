/** How much of the volume the write-ahead log takes. @module */

import type { LogBytes, Session } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";

/** Checkpoints let the log grow to max_wal_size, and wal_keep_size more stay behind it (PostgreSQL, WAL Configuration). */
export async function logBytes(session: Session): Promise<LogBytes> {
  const [row] = await session.query(sql`
    SELECT (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()) AS now,
      pg_size_bytes(current_setting('max_wal_size')) + pg_size_bytes(current_setting('wal_keep_size')) AS most`);
  const now = Number(row?.["now"]);
  return { now, most: Math.max(now, Number(row?.["most"])) };
}
