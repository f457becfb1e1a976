/** The databases of a server, and their end. @module */

import type { DatabaseInfo, Session, Target } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { Connection, limits } from "../session/connection.ts";
import { sql } from "../sql/literals.ts";

/** The one that initdb makes for maintenance. */
export const maintenanceDatabase = "postgres";

/**
 * An object of a user's own: not from initdb (below FirstNormalObjectId), not of an extension, not temporary. Indexes, row types
 * and arrays come with something else, which says whose they are.
 */
const anyObject = sql`
  SELECT EXISTS (
    SELECT FROM (
      SELECT 'pg_class'::regclass AS classid, oid, relnamespace AS space FROM pg_class WHERE relkind NOT IN ('i', 'I')
      UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
      UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typrelid = 0 AND typcategory <> 'A'
      UNION ALL SELECT 'pg_namespace'::regclass, oid, oid FROM pg_namespace
      UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0 FROM pg_foreign_server
      UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 0 FROM pg_event_trigger
    ) AS object
    LEFT JOIN pg_namespace n ON n.oid = object.space
    WHERE object.oid >= 16384 AND coalesce(n.nspname, '') !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = object.classid AND d.objid = object.oid AND d.objsubid = 0 AND d.deptype = 'e')
  ) OR EXISTS (SELECT FROM pg_largeobject_metadata) AS found`;

/** Every database but templates and rdsadmin, by name. The master user must have joined their owners to look into each. */
export async function listDatabases(
  session: Session,
  target: Target,
  signal: AbortSignal,
): Promise<readonly DatabaseInfo[]> {
  const rows = await session.query(sql`
    SELECT datname FROM pg_database
    WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin'
    ORDER BY datname COLLATE "C"`);
  const found: DatabaseInfo[] = [];
  for (const { datname } of rows) {
    const name = String(datname);
    found.push({
      name,
      empty: await isEmpty({ ...target, database: name }, signal),
      maintenance: name === maintenanceDatabase,
    });
  }
  return found;
}

async function isEmpty(target: Target, signal: AbortSignal): Promise<boolean> {
  await using connection = await Connection.open(target, limits, signal);
  const what = `look into database "${connection.database}"`;
  const [row] = (await connection.send(anyObject.text, { what, deadline: limits.short })).rows;
  return row?.["found"] === false;
}

/** Drops a database, whoever is connected to it. */
export async function dropDatabase(session: Session, database: string): Promise<void> {
  await session.query(sql`DROP DATABASE ${new Name(database)} WITH (FORCE)`);
}
