/** The planner's samples of the catalogues themselves: former names, comments, functions, labels and options, for everybody to read. @module */

import type { Session } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** Columns of the database's own catalogues with samples that the session's user sees. */
const sampled = sql`
  SELECT s.tablename, s.attname FROM pg_stats s
  JOIN pg_class c ON c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = s.tablename
  WHERE s.schemaname = 'pg_catalog' AND c.relkind = 'r' AND NOT c.relisshared
    AND (s.most_common_vals IS NOT NULL OR s.histogram_bounds IS NOT NULL OR s.most_common_elems IS NOT NULL)
  ORDER BY s.tablename COLLATE "C", s.attname COLLATE "C"`;

/** Where only superusers see samples: of logins to other servers, and of large objects. */
const unseen = ["pg_largeobject", "pg_user_mapping"];

/**
 * Makes the samples of the catalogues anew. The session's user has the rights of the database's owner.
 *
 * @throws {ScrubError} `residue` where a catalogue is empty by now, and the server (before version 18) can't forget its samples.
 */
export async function renewCatalogueStatistics(session: Session): Promise<void> {
  const before = await session.query(sampled);
  for (const catalogue of new Set([...before.map(({ tablename }) => String(tablename)), ...unseen])) {
    await session.run({ label: `analyse ${catalogue}`, sql: sql`ANALYZE ${new Name("pg_catalog", catalogue)}` });
  }
  // ANALYZE leaves the samples of a table without rows as they are.
  const left: string[] = [];
  for (const { tablename, attname } of await session.query(sampled)) {
    const catalogue = new Name("pg_catalog", String(tablename));
    const [found] = await session.query(sql`SELECT EXISTS (SELECT FROM ${catalogue}) AS rows,
      current_setting('server_version_num')::int >= 180000 AS clears`);
    if (found?.["rows"] === true) continue;
    if (found?.["clears"] !== true) {
      left.push(`${tablename}.${attname}`);
      continue;
    }
    await session.query(
      sql`SELECT pg_clear_attribute_stats('pg_catalog', ${textLiteral(String(tablename))}, ${
        textLiteral(String(attname))
      }, false) IS NULL AS done`,
    );
  }
  if (left.length === 0) return;
  throw new ScrubError(
    "residue",
    `Cannot clear the planner's statistics in database "${session.database}": those of ${
      left.join(", ")
    } still hold what the ` +
      "catalogue held before it became empty",
    "In production, as the database's owner: create an object of that kind with a harmless name, ANALYZE the catalogue, and keep the " +
      "object until the next snapshot.",
    {
      inPlace:
        "As the database's owner: create an object of that kind with a harmless name, ANALYZE the catalogue, then run again.",
    },
  );
}
