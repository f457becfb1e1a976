/** How far long statements are, by PostgreSQL's own progress views. @module */

import type { ServerProgress, Session } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";

/**
 * Rewrites of whole files (VACUUM FULL) and builds of indexes in the session's database; PostgreSQL tells of nothing else that
 * takes long. A rewrite's scan counts as four fifths of it: its indexes come afterwards.
 */
export async function progress(session: Session): Promise<readonly ServerProgress[]> {
  const rows = await session.query(sql`
    SELECT c.relname::text AS what,
      (CASE WHEN p.heap_blks_total > 0 THEN 0.8 * p.heap_blks_scanned / p.heap_blks_total ELSE 0 END)::float8 AS share
    FROM pg_catalog.pg_stat_progress_cluster p JOIN pg_catalog.pg_class c ON c.oid = p.relid
    WHERE p.datname = pg_catalog.current_database()
    UNION ALL
    SELECT c.relname::text,
      (CASE WHEN p.blocks_total > 0 THEN 1.0 * p.blocks_done / p.blocks_total ELSE 0 END)::float8
    FROM pg_catalog.pg_stat_progress_create_index p JOIN pg_catalog.pg_class c ON c.oid = p.relid
    WHERE p.datname = pg_catalog.current_database()`);
  return rows.map(({ what, share }) => ({ what: String(what), share: Number(share) }));
}
