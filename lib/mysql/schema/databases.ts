/** Which databases a server holds. @module */

import type { DatabaseInfo, Session } from "../../engine/engine.ts";
import { type FoundObject, schemaObjectsOf } from "../../engine/schema_objects.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { copyDatabase, isOurScratch, scratchComment, scratchDatabase } from "../scratch/scratch.ts";

/** The server's own schemas. Only `mysql` can hold data, and RDS closes it to the master user. */
const own: ReadonlySet<string> = new Set(["information_schema", "mysql", "performance_schema", "sys"]);

/** Names that RDS creates or reserves; left out only while they are empty, since they may be a user's databases elsewhere. */
const reserved: ReadonlySet<string> = new Set(["innodb", "tmp"]);

/**
 * Every database but the server's and RDS's own and our scratch, sorted by name. One that a partial revoke hides from the master
 * user may look empty, or not be listed at all: it counts as one that admits no connections.
 */
export async function listDatabases(session: Session): Promise<readonly DatabaseInfo[]> {
  const closed = await restricted(session);
  const counts = await countObjects(session);
  const found = (await session.query(sql`SELECT schema_name AS name FROM information_schema.schemata`))
    .map(({ name }) => ({ name: String(name), objects: counts.get(String(name)) ?? 0 }));
  const scratchNames = new Set<string>();
  for (const { name } of found) {
    if (!found.some((other) => other.name === scratchDatabase(name)) || !await isOurScratch(session, name)) continue;
    for (const place of [scratchDatabase(name), copyDatabase(name)]) {
      if (await holdsOnlyScratch(session, place, counts.get(place) ?? 0)) scratchNames.add(place);
    }
  }
  const shown = found
    .filter(({ name }) => !own.has(name) && !closed.has(name))
    .filter(({ name, objects }) => !(reserved.has(name) && objects === 0))
    .filter(({ name }) => !scratchNames.has(name))
    .map(({ name, objects }) => ({ name, connectable: true, empty: objects === 0 }));
  const hidden = [...closed].filter((name) => !own.has(name))
    .map((name) => ({ name, connectable: false, empty: false }));
  const comments = await readComments(session);
  const all = [...shown, ...hidden].sort((a, b) => a.name < b.name ? -1 : 1);
  // An empty schema holds nothing, in MySQL not even a comment; and no server has a maintenance database.
  return await Promise.all(all.map(async (database) => {
    const comment = database.empty ? comments.get(database.name) ?? [] : [];
    const objects = await schemaObjectsOf(comment, []);
    return { ...database, maintenance: false, userObjects: [], objects, clearable: [] };
  }));
}

/** Comments of databases, by the database: MariaDB keeps one in a file of it. */
async function readComments(session: Session): Promise<ReadonlyMap<string, readonly FoundObject[]>> {
  if (await productOf(session) === "mysql") return new Map();
  const rows = await session.query(sql`SELECT schema_name AS name, schema_comment AS body
    FROM information_schema.schemata WHERE schema_comment <> ''`);
  return new Map(
    rows.map(({ name, body }) => [
      String(name),
      [{ kind: "comment", name: `database ${name}`, text: { body: String(body) } }],
    ]),
  );
}

/** Databases on which partial revokes take privileges from the master user or one of its roles. */
async function restricted(session: Session): Promise<ReadonlySet<string>> {
  // MariaDB has none.
  if (await productOf(session) === "mariadb") return new Set();
  const rows = await session.query(sql`
    WITH RECURSIVE account (user, host) AS (
      SELECT user, host FROM mysql.user WHERE CONCAT(user, '@', host) = CURRENT_USER()
      UNION SELECT e.from_user, e.from_host FROM account AS a
        JOIN mysql.role_edges AS e ON e.to_user = a.user AND e.to_host = a.host
    )
    SELECT DISTINCT r.name AS name FROM account JOIN mysql.user AS u USING (user, host)
    JOIN JSON_TABLE(u.user_attributes, '$.Restrictions[*]' COLUMNS (name varchar(64) PATH '$.Database')) AS r`);
  return new Set(rows.map(({ name }) => String(name)));
}

/**
 * The number of objects of each database that is not empty. Each catalogue is read once: MariaDB opens every table for each question that it
 * cannot answer by a name. Names that differ only in case are different ones.
 */
async function countObjects(session: Session): Promise<ReadonlyMap<string, number>> {
  const places: readonly (readonly [column: Sql, catalogue: Sql])[] = [
    [sql`table_schema`, sql`information_schema.tables`],
    [sql`routine_schema`, sql`information_schema.routines`],
    [sql`event_schema`, sql`information_schema.events`],
    ...(await knowsLibraries(session) ? [[sql`library_schema`, sql`information_schema.libraries`] as const] : []),
  ];
  const all = places.map(([column, catalogue]) =>
    sql`SELECT CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin AS name FROM ${catalogue}`
  );
  const rows = await session.query(
    sql`SELECT name, COUNT(*) AS objects FROM (${joinSql(all, " UNION ALL ")}) AS found GROUP BY name`,
  );
  return new Map(rows.map(({ name, objects }) => [String(name), Number(objects)]));
}

/** Libraries came with version 9.2. */
async function knowsLibraries(session: Session): Promise<boolean> {
  const known = await session.query(sql`SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'information_schema' AND table_name = 'LIBRARIES'`);
  return known.length > 0;
}

async function holdsOnlyScratch(session: Session, place: string, objects: number): Promise<boolean> {
  const [row] = await session.query(sql`SELECT COUNT(*) AS tables FROM information_schema.tables
    WHERE table_schema = ${textLiteral(place)} AND table_comment = ${textLiteral(scratchComment)}`);
  return Number(row?.tables) === objects;
}

/**
 * Refuses a database that takes no changes (MySQL manual, "ALTER DATABASE Statement").
 *
 * @throws {ScrubError} `table`
 */
export async function refuseReadOnly(session: Session, database: string): Promise<void> {
  if (!await isReadOnly(session, database)) return;
  throw new ScrubError(
    "table",
    `Cannot scrub database "${database}": it is set READ ONLY`,
    "Nothing was changed. ALTER DATABASE … READ ONLY = 0 in production, then take the snapshot again.",
    { inPlace: "ALTER DATABASE … READ ONLY = 0, then run again." },
  );
}

/** Drops a database with all that is in it, even one that takes no changes. */
export async function dropDatabase(session: Session, database: string): Promise<void> {
  if (await isReadOnly(session, database)) {
    await session.run({
      label: `set database ${database} not READ ONLY`,
      sql: sql`ALTER DATABASE ${new Name(database)} READ ONLY = 0`,
    });
  }
  await session.run({ label: `drop database ${database}`, sql: sql`DROP DATABASE ${new Name(database)}` });
}

async function isReadOnly(session: Session, database: string): Promise<boolean> {
  // MariaDB has no such option.
  if (await productOf(session) === "mariadb") return false;
  const [row] = await session.query(sql`SELECT options AS options FROM information_schema.schemata_extensions
    WHERE schema_name = ${textLiteral(database)}`);
  return String(row?.options ?? "").includes("READ ONLY=1");
}
