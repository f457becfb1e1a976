/** PostGIS's table of coordinate systems: thousands of its rows are published reference data, but people add rows of their own. @module */

import type { Session } from "../../engine/engine.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** A query for the kind, number and text of every row; undefined where the extension is not there, or the user may not read it. */
export async function spatialReferenceSystems(session: Session): Promise<Sql | undefined> {
  const [table] = await session.query(sql`
    SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
    JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND x.extname = 'postgis'
    WHERE c.relname = 'spatial_ref_sys' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')`);
  if (!table) return undefined;
  return sql`SELECT 'spatial reference system' AS kind, to_jsonb(s) ->> 'srid' AS name, to_jsonb(s)::text AS body
    FROM ${new Name(String(table["nspname"]), "spatial_ref_sys")} AS s`;
}

/** The rows that may hold an address: what PostGIS brings has an `@` before names of files alone. */
export async function suspectReferenceSystems(session: Session): Promise<readonly FoundObject[]> {
  const all = await spatialReferenceSystems(session);
  if (!all) return [];
  const rows = await session.query(
    sql`SELECT name, body FROM (${all}) AS one WHERE body ~ '[[:alnum:]"]@|%40' ORDER BY name`,
  );
  return rows.map(({ name, body }) => ({
    kind: "spatial reference system",
    name: String(name),
    text: { body: String(body) },
  }));
}
