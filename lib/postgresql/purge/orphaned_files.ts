/** Files that belong to no relation: a server that crashes leaves those of tables that were not committed. @module */

import type { Residue, Session } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";

/** What the server's own files come to, such as its cache of the catalogues: less is no news. In bytes. */
const ordinary = 256 * 1024;

/** Tells how much there is of them. No SQL reads, overwrites or removes them; a database's size counts them. */
export async function reportOrphanedFiles(session: Session): Promise<readonly Residue[]> {
  const [row] = await session.scan(sql`
    SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) - sum(pg_catalog.pg_relation_size(c.oid, fork)) AS bytes
    FROM pg_catalog.pg_class c, unnest(ARRAY['main', 'fsm', 'vm', 'init']) AS fork
    WHERE c.relkind IN ('r', 'i', 'S', 't', 'm') AND NOT c.relisshared`);
  const bytes = Number(row?.["bytes"]);
  if (bytes < ordinary) return [];
  return [{
    step: `orphaned files of database "${session.database}"`,
    result: `up to ${
      Math.ceil(bytes / 1024)
    } KiB belong to no table; a crash of production left them, and no SQL reaches them`,
  }];
}
