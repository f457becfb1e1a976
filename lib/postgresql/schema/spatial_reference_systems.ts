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

/**
 * What none of the rows that PostGIS brings has, as patterns for the server, which spares the client thousands of long texts: an `@` but
 * before names of files, a telephone number, a National Insurance number.
 */
const unlikeShipped = sql`'[[:alnum:]"]@|%40|[+][ (]?[0-9]|\\m0[127][0-9]{1,4}[) -]' ||
  '|\\m[[:alpha:]]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?[A-D]\\M'`;
/** Those of EPSG and ESRI have the number of these; PostGIS leaves numbers above to its users. */
const isOwn = sql`(coalesce(body::jsonb ->> 'auth_name', '') NOT IN ('EPSG', 'ESRI')
  OR body::jsonb ->> 'auth_srid' IS DISTINCT FROM body::jsonb ->> 'srid' OR length(body::jsonb ->> 'srid') > 6)`;

/** The rows to look at: those that users added, and those that may hold something. */
export async function suspectReferenceSystems(session: Session): Promise<readonly FoundObject[]> {
  const all = await spatialReferenceSystems(session);
  if (!all) return [];
  const rows = await session.query(
    sql`SELECT name, body FROM (${all}) AS one WHERE ${isOwn} OR body ~ (${unlikeShipped}) ORDER BY name`,
  );
  return rows.map(({ name, body }) => ({
    kind: "spatial reference system",
    name: String(name),
    text: { body: String(body) },
  }));
}
