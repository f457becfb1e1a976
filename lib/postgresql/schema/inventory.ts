/**
 * What a PostgreSQL server and its databases hold besides rows of tables. Texts and names do not leave this file, only what was
 * found in them.
 *
 * @module
 */

import { type FoundName, type FoundObject, kindOf, schemaObjectsOf } from "../../engine/schema_objects.ts";
import type { Session } from "../../engine/engine.ts";
import type { Check, Inventory, SchemaObject, ServerInventory } from "../../engine/inventory.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { unknownColumns } from "./catalogue_columns.ts";
import { sql } from "../sql/literals.ts";
import { suspectSequences } from "./sequences.ts";
import { spatialReferenceSystems, suspectReferenceSystems } from "./spatial_reference_systems.ts";
import { checksQuery, type DatabaseFacts, databaseQueries, serverQueries } from "./inventory_queries.ts";

/** Reads the inventory of a database. */
export async function readInventory(session: Session): Promise<Inventory> {
  const suspects = [...await suspectSequences(session), ...await suspectReferenceSystems(session)];
  const objects = await read(session, databaseQueries(await readFacts(session)), suspects);
  const checks = await session.query(checksQuery);
  return {
    objects,
    checks: checks.map(({ table_id, name, holds }): Check => ({
      table: String(table_id),
      name: String(name),
      holds: trusted(String(holds)),
    })),
  };
}

/** Reads the inventory of the server. `session`: on the maintenance database. */
export async function readServerInventory(session: Session): Promise<ServerInventory> {
  const unknown = await unknownColumns(session);
  // The queries are only safe on known catalogues.
  if (unknown.length > 0) return { objects: [], unknownColumns: unknown };
  return { objects: await read(session, serverQueries(await readFacts(session))), unknownColumns: [] };
}

/** See {@linkcode Engine.catalogueTexts}. What belongs to the server stands in catalogues that every database shows. */
export async function catalogueTexts(session: Session): Promise<readonly Sql[]> {
  const facts = await readFacts(session);
  const parts = [databaseQueries(facts), serverQueries(facts)].flatMap(({ objects, names }) => [
    sql`SELECT kind::text AS kind, name::text AS name, concat_ws(' ', name, body) AS body FROM (${objects}) AS object`,
    sql`SELECT 'name of: ' || split_part(what, ' ', 1), '', name::text FROM (${names}) AS named`,
  ]);
  const systems = await spatialReferenceSystems(session);
  // OFFSET keeps the planner from planning what is asked of the texts once for each of some hundred parts.
  return [
    sql`SELECT kind, name, body FROM (${
      joinSql([...parts, ...(systems ? [systems] : [])], " UNION ALL ")
    }) AS texts OFFSET 0`,
  ];
}

async function readFacts(session: Session): Promise<DatabaseFacts> {
  const [row] = await session.query(sql`SELECT current_setting('server_version_num')::integer / 10000 AS version,
    EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass
      AND d.deptype = 'e') AS extensions,
    EXISTS (SELECT FROM pg_attribute d WHERE d.attisdropped AND d.attnum > 0) AS dropped_attributes,
    EXISTS (SELECT FROM pg_class c WHERE c.relkind = 'm') AS materialised_views`);
  return {
    version: Number(row?.["version"]),
    extensions: row?.["extensions"] === true,
    droppedAttributes: row?.["dropped_attributes"] === true,
    materialisedViews: row?.["materialised_views"] === true,
  };
}

async function read(
  session: Session,
  { objects, names }: { readonly objects: Sql; readonly names: Sql },
  more: readonly FoundObject[] = [],
): Promise<readonly SchemaObject[]> {
  const found = await session.query(
    // A view may read one that was there before it, whatever they are called.
    sql`SELECT kind, name, body FROM (${objects}) AS object
      ORDER BY place, CASE kind WHEN 'materialised view' THEN name::regclass::oid END, name COLLATE "C"`,
  );
  const named = await session.query(sql`SELECT what, name FROM (${names}) AS named ORDER BY place, what COLLATE "C"`);
  return await schemaObjectsOf(
    [
      ...found.map(({ kind, name, body }): FoundObject => ({
        kind: kindOf(kind),
        name: String(name),
        text: body === null ? "none" : { body: String(body) },
      })),
      ...more,
    ],
    named.map(({ what, name }): FoundName => ({ what: String(what), name: String(name) })),
  );
}
