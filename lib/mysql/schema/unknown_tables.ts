/** Tables that are neither tables nor views of a kind that is known: no query for tables would see their rows. @module */

import type { Session } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { mariadbOnly } from "../sql/product.ts";

/** What tables can be by INFORMATION_SCHEMA. MariaDB lists a session's own temporary tables, and sequences, which have one row of numbers. */
const known =
  sql`('BASE TABLE', 'VIEW', 'SYSTEM VIEW', 'SEQUENCE', 'TEMPORARY', 'LOCAL TEMPORARY', 'TEMPORARY SEQUENCE')`;

/**
 * MariaDB's storage engines that keep rows in files of their database, and nowhere else: Spider and CONNECT are ways to other places,
 * MyRocks keeps former rows in files that no purge reaches.
 */
const engines = "'InnoDB', 'MyISAM', 'Aria', 'ARCHIVE', 'CSV', 'MEMORY', 'MRG_MyISAM', 'BLACKHOLE'";

/**
 * Refuses the session's database where it has others, such as MariaDB's system-versioned tables: their former rows are data, too.
 *
 * @throws {ScrubError} `table`, naming them.
 */
export async function refuseUnknownTables(session: Session): Promise<void> {
  const rows = await session.query(sql`SELECT table_name AS name, table_type AS type, engine AS engine
    FROM information_schema.tables
    WHERE table_schema = ${textLiteral(session.database)} AND (table_type NOT IN ${known} ${
    mariadbOnly(`OR table_type NOT LIKE '%VIEW' AND COALESCE(engine, '') NOT IN (${engines})`)
  }) ORDER BY table_name`);
  if (rows.length === 0) return;
  const names = rows.map(({ name, type, engine }) =>
    `"${name}" (${type === "BASE TABLE" ? engine ?? "unreadable" : String(type).toLowerCase()})`
  ).join(", ");
  throw new ScrubError(
    "table",
    `Cannot scrub database "${session.database}": nothing here reaches each copy of each row of ${names}`,
    "A system-versioned table keeps former rows, and so do some storage engines. Drop the history in production " +
      "(ALTER TABLE … DROP SYSTEM VERSIONING) or change the engine to InnoDB, then take the snapshot again.",
    {
      inPlace:
        "Drop the history (ALTER TABLE … DROP SYSTEM VERSIONING), or change the engine to InnoDB, then run again.",
    },
  );
}
