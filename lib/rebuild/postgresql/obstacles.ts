/** What of a PostgreSQL database a copy cannot have, or needs help for. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../../postgresql/sql/literals.ts";

/** Sentences for the report: what pg_dump is told to leave out. */
export async function listUncarried(session: Session): Promise<readonly string[]> {
  const [row] = await session.query(sql`SELECT
    (SELECT count(*) FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())) AS subscriptions,
    (SELECT count(*) FROM pg_publication) AS publications, (SELECT count(*) FROM pg_seclabel) AS "security labels"`);
  const found = Object.entries(row ?? {}).filter(([, count]) => Number(count) > 0);
  const jobs = await session.query(sql`SELECT 1 AS found WHERE to_regclass('cron.job') IS NOT NULL`);
  return [
    ...found.map(([what, count]) =>
      `database "${session.database}": ${count} ${Number(count) === 1 ? what.slice(0, -1) : what}`
    ),
    ...jobs.map(() => `database "${session.database}": the jobs of pg_cron`),
  ];
}

/**
 * Drops those of users: only RDS lets a master user create some, and pg_dump cannot leave them out.
 *
 * @throws {ScrubError} `rebuild` for those that the master user may not drop.
 */
export async function dropEventTriggers(session: Session): Promise<readonly string[]> {
  const found = await session.query(
    sql`SELECT t.evtname, pg_has_role(t.evtowner, 'USAGE') AS is_own FROM pg_event_trigger t
    WHERE NOT EXISTS (SELECT FROM pg_depend e
      WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')
    ORDER BY t.evtname COLLATE "C"`,
  );
  const closed = found.filter(({ is_own }) => is_own !== true).map(({ evtname }) => `"${evtname}"`);
  if (closed.length > 0) {
    throw new ScrubError(
      "rebuild",
      `Cannot copy database "${session.database}": the master user may not drop the event trigger ${closed.join(", ")}`,
      "Drop it in production, or give it an owner that the master user may join, then run again.",
    );
  }
  for (const { evtname } of found) await session.query(sql`DROP EVENT TRIGGER ${new Name(String(evtname))}`);
  return found.map(({ evtname }) => `database "${session.database}": the event trigger "${evtname}"`);
}

/** Catalogues with privileges: their names, lists of privileges and owners. */
const granted: readonly (readonly [catalogue: string, acl: string, owner: string])[] = [
  ["pg_class", "relacl", "relowner"],
  ["pg_proc", "proacl", "proowner"],
  ["pg_namespace", "nspacl", "nspowner"],
  ["pg_type", "typacl", "typowner"],
  ["pg_largeobject_metadata", "lomacl", "lomowner"],
];

/**
 * A role that was given a privilege WITH GRANT OPTION may have given it further. pg_dump repeats that as this role, which only a superuser
 * can, and after all rows were copied.
 *
 * @throws {ScrubError} `rebuild`, naming objects.
 */
export async function refuseForeignGrants(session: Session): Promise<void> {
  const parts = [
    ...granted.map(([catalogue, acl, owner]): Sql =>
      sql`SELECT pg_describe_object(${textLiteral(catalogueClass(catalogue))}::regclass, c.oid, 0) AS name
        FROM ${new Name("pg_catalog", catalogue)} c CROSS JOIN LATERAL aclexplode(c.${new Name(acl)}) p
        WHERE c.oid >= 16384 AND p.grantor <> c.${new Name(owner)}`
    ),
    sql`SELECT pg_describe_object('pg_class'::regclass, c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      CROSS JOIN LATERAL aclexplode(a.attacl) p WHERE c.oid >= 16384 AND p.grantor <> c.relowner`,
  ];
  const found = await session.query(sql`SELECT DISTINCT name FROM (${joinSql(parts, " UNION ALL ")}) one
    WHERE name NOT LIKE 'type %[]' ORDER BY name LIMIT 5`);
  if (found.length === 0) return;
  throw new ScrubError(
    "rebuild",
    `Cannot copy database "${session.database}": roles that own neither gave privileges on ${
      found.map(({ name }) => String(name)).join(", ")
    }, which only a superuser could repeat`,
    "In production have the owner grant these privileges instead, then run again.",
  );
}

function catalogueClass(catalogue: string): string {
  return catalogue === "pg_largeobject_metadata" ? "pg_catalog.pg_largeobject" : `pg_catalog.${catalogue}`;
}

/**
 * pg_dump names no versions of extensions. Creates those that are older than the new server's default in their schema, where that stands
 * already.
 *
 * @returns the names of those that will have another version.
 */
export async function carryExtensions(source: Session, target: Session): Promise<readonly string[]> {
  const found = await source.query(sql`SELECT e.extname, e.extversion, n.nspname FROM pg_extension e
    JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.oid >= 16384 ORDER BY e.oid`);
  const others: string[] = [];
  for (const { extname, extversion, nspname } of found) {
    const [name, version, schema] = [String(extname), String(extversion), String(nspname)];
    const [there] = await target.query(sql`SELECT a.default_version = ${textLiteral(version)} AS is_default,
      EXISTS (SELECT FROM pg_namespace WHERE nspname = ${
      textLiteral(schema)
    }) AND EXISTS (SELECT FROM pg_available_extension_versions v
        WHERE v.name = a.name AND v.version = ${textLiteral(version)}) AS has
      FROM pg_available_extensions a WHERE a.name = ${textLiteral(name)}`);
    // Where it is not available at all, pg_restore fails.
    if (there === undefined || there["is_default"] === true) continue;
    if (there["has"] !== true) {
      others.push(name);
      continue;
    }
    await target.run({
      label: `create the extension ${name}`,
      sql: sql`CREATE EXTENSION ${new Name(name)} SCHEMA ${new Name(schema)} VERSION ${new Name(version)}`,
    });
  }
  return others;
}
