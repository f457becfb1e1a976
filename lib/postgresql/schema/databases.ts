/** The databases of a server, and their end. @module */

import { inParallel } from "../../core/in_parallel.ts";
import type { DatabaseInfo, Session, Target } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { readInventory } from "./inventory.ts";
import { rdsAdmin } from "../sql/rds_names.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { clearableTables } from "./pg_cron.ts";
import { openReadOnly } from "../session/session.ts";

/** The database that initdb creates for maintenance. */
export const maintenanceDatabase = "postgres";

/** Created by initdb: never dropped, and let through while empty. */
const maintenanceDatabases: ReadonlySet<string> = new Set([maintenanceDatabase, "template1"]);

/** What is known of a database that admits no connections. */
const notConnectable = { connectable: false, empty: false, objects: [], clearable: [] } as const;

/** Databases that are looked into at a time, each by a session of its own. */
const atATime = 4;

/** How many objects of a database are named in messages. */
const mostNamed = 5;

/**
 * Objects of a user's own: not from initdb (below FirstNormalObjectId), not of an extension, not temporary. Indexes, row types
 * and arrays belong to another object, which tells whose they are; casts, access methods and the like hold no data of users.
 */
const userObjectsQuery = sql`
  SELECT pg_describe_object(object.classid, object.oid, 0) AS name FROM (
    SELECT 'pg_class'::regclass AS classid, oid, relnamespace AS space FROM pg_class WHERE relkind NOT IN ('i', 'I')
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typrelid = 0 AND typcategory <> 'A'
    UNION ALL SELECT 'pg_collation'::regclass, oid, collnamespace FROM pg_collation
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprnamespace FROM pg_operator
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictnamespace FROM pg_ts_dict
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxnamespace FROM pg_statistic_ext
    UNION ALL SELECT 'pg_namespace'::regclass, oid, oid FROM pg_namespace
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0 FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0 FROM pg_foreign_server
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 0 FROM pg_event_trigger
  ) AS object
  LEFT JOIN pg_namespace n ON n.oid = object.space
  WHERE object.oid >= 16384 AND coalesce(n.nspname, '') !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = object.classid AND d.objid = object.oid AND d.objsubid = 0 AND d.deptype = 'e')
  UNION ALL SELECT 'large objects' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
  LIMIT ${mostNamed}`;

/**
 * Every database by name, templates and those that admit no connections among them. Left out are `rdsadmin` and the `template0` of
 * initdb, while only a superuser can have put something into them. The master user must be a member of the roles
 * that own the others.
 */
export async function listDatabases(
  session: Session,
  target: Target,
  signal: AbortSignal,
): Promise<readonly DatabaseInfo[]> {
  // A limit of -2 marks a database whose DROP was interrupted; 0 admits only superusers.
  const rows = await session.query(sql`
    SELECT d.datname, d.datallowconn AND d.datconnlimit NOT IN (-2, 0) AS connectable
    FROM pg_database d JOIN pg_roles owner ON owner.oid = d.datdba
    WHERE NOT (owner.rolsuper
      AND (d.datname = ${rdsAdmin} OR d.datname = 'template0' AND d.oid < 16384 AND NOT d.datallowconn))
    ORDER BY d.datname COLLATE "C"`);
  return await inParallel(rows, atATime, async ({ datname, connectable }): Promise<DatabaseInfo> => {
    const name = String(datname);
    const known = { name, maintenance: maintenanceDatabases.has(name) };
    return connectable === true
      ? { ...known, connectable: true, ...await lookInto({ ...target, database: name }, signal) }
      : { ...known, ...notConnectable, userObjects: await listSeenFromOutside(session, name) };
  });
}

/** What keeps a database from being dropped, or leads to another server, as far as another database shows it. */
async function listSeenFromOutside(session: Session, database: string): Promise<readonly string[]> {
  const found = await session.query(sql`
    SELECT format('subscription %s', subname) AS name FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = ${textLiteral(database)})
    UNION ALL SELECT 'a prepared transaction' FROM pg_prepared_xacts WHERE database = ${textLiteral(database)}
    ORDER BY name`);
  return found.map(({ name }) => String(name));
}

async function lookInto(
  target: Target,
  signal: AbortSignal,
): Promise<Pick<DatabaseInfo, "empty" | "userObjects" | "objects" | "clearable">> {
  await using session = await openReadOnly({ ...target, tls: "verified" }, signal);
  const found = (await session.query(userObjectsQuery)).map(({ name }) => String(name));
  if (found.length > 0) return { empty: false, userObjects: found, objects: [], clearable: [] };
  const { objects } = await readInventory(session);
  const cleared = new Set(await clearableTables(session));
  const clearable = objects.filter(({ kind, name }) => kind === "table of an extension" && cleared.has(name));
  return { empty: true, userObjects: found, objects, clearable };
}

/** Drops a database and ends its connections. The server drops no database that is marked as a template. */
export async function dropDatabase(session: Session, database: string): Promise<void> {
  const [found] = await session.query(
    sql`SELECT datistemplate FROM pg_database WHERE datname = ${textLiteral(database)}`,
  );
  if (found?.["datistemplate"] === true) {
    await session.query(sql`ALTER DATABASE ${new Name(database)} IS_TEMPLATE false`);
  }
  await session.query(sql`DROP DATABASE ${new Name(database)} WITH (FORCE)`);
}
