/** Which databases a server holds. @module */

import type { DatabaseInfo, Session } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { copyDatabase, scratchComment, scratchDatabase } from "../scratch/scratch.ts";

/** The server's own. Nobody can keep data in them but in `mysql`, which RDS closes to the master user. */
const own: ReadonlySet<string> = new Set(["information_schema", "mysql", "performance_schema", "sys"]);

/** Names that RDS makes or reserves; left out while they are empty, since a user's data may be called so elsewhere. */
const reserved: ReadonlySet<string> = new Set(["innodb", "tmp"]);

/** Every database but the server's and RDS's own and our scratch, sorted by name. */
export async function databases(session: Session): Promise<readonly DatabaseInfo[]> {
  const rows = await session.query(sql`SELECT s.schema_name AS name,
    (SELECT count(*) FROM information_schema.tables AS t WHERE t.table_schema = s.schema_name)
    + (SELECT count(*) FROM information_schema.routines AS r WHERE r.routine_schema = s.schema_name)
    + (SELECT count(*) FROM information_schema.events AS e WHERE e.event_schema = s.schema_name) AS objects,
    (SELECT count(*) FROM information_schema.tables AS t WHERE t.table_schema = s.schema_name
      AND t.table_comment = ${textLiteral(scratchComment)}) AS scratch_tables
    FROM information_schema.schemata AS s`);
  const found = rows.map((row) => ({
    name: String(row.name),
    objects: Number(row.objects),
    onlyScratch: row.objects === row.scratch_tables,
  }));
  const scratchNames = new Set(found.flatMap(({ name }) => [scratchDatabase(name), copyDatabase(name)]));
  return found
    .filter(({ name }) => !own.has(name))
    .filter(({ name, objects }) => !(reserved.has(name) && objects === 0))
    .filter(({ name, onlyScratch }) => !(scratchNames.has(name) && onlyScratch))
    .map(({ name, objects }) => ({ name, empty: objects === 0, maintenance: false }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Drops a database with all that is in it. */
export async function dropDatabase(session: Session, database: string): Promise<void> {
  await session.run({ label: `drop database ${database}`, sql: sql`DROP DATABASE ${new Name(database)}` });
}
