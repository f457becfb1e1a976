/** The planner's samples of the catalogues themselves: former names, comments, functions, labels and options, for everybody to read. @module */

import type { Session } from "../../engine/engine.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { forgetStatistics, ofCatalogues } from "./forget_statistics.ts";
import { holdsSamples } from "../schema/samples.ts";

/** Columns of the database's own catalogues with samples that the session's user sees. */
const sampled = sql`
  SELECT s.tablename, s.attname FROM pg_stats s
  JOIN pg_class c ON c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = s.tablename
  WHERE s.schemaname = 'pg_catalog' AND c.relkind = 'r' AND NOT c.relisshared
    AND ${holdsSamples}
  ORDER BY s.tablename COLLATE "C", s.attname COLLATE "C"`;

/** Where only superusers see samples: of logins to other servers, and of large objects. */
const unseen = ["pg_largeobject", "pg_user_mapping"];

/**
 * Makes the samples of the catalogues anew. The session's user has the rights of the database's owner.
 *
 * @throws {ScrubError} `residue` where a catalogue is empty by now, and the server (before version 18) can't forget its samples.
 */
export async function renewCatalogueStatistics(session: Session): Promise<void> {
  const before = (await session.query(sampled)).map(({ tablename }) => String(tablename));
  await forgetStatistics(session, ofCatalogues);
  const catalogues = [...new Set([...before, ...unseen])].map((name) => sql`${new Name("pg_catalog", name)}`);
  await session.run({ label: "analyse the catalogues", sql: sql`ANALYZE ${joinSql(catalogues, ", ")}` });
  const left = await clearSamplesOfEmpty(session);
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

/**
 * ANALYZE leaves the samples of a table without rows as they are.
 *
 * @returns the columns of which the server (before version 18) can't clear them.
 */
async function clearSamplesOfEmpty(session: Session): Promise<readonly string[]> {
  const samples = (await session.query(sampled)).map(({ tablename, attname }) => ({
    catalogue: String(tablename),
    column: String(attname),
  }));
  if (samples.length === 0) return [];
  const questions = [...new Set(samples.map(({ catalogue }) => catalogue))].map((name) =>
    sql`SELECT ${textLiteral(name)} AS name WHERE NOT EXISTS (SELECT FROM ${new Name("pg_catalog", name)})`
  );
  const empty = new Set((await session.query(joinSql(questions, " UNION ALL "))).map(({ name }) => String(name)));
  const stale = samples.filter(({ catalogue }) => empty.has(catalogue));
  if (stale.length === 0) return [];
  const [server] = await session.query(sql`SELECT current_setting('server_version_num')::int >= 180000 AS clears`);
  if (server?.["clears"] !== true) return stale.map(({ catalogue, column }) => `${catalogue}.${column}`);
  const columns = stale.map(({ catalogue, column }) => sql`(${textLiteral(catalogue)}, ${textLiteral(column)})`);
  await session.query(
    sql`SELECT pg_clear_attribute_stats('pg_catalog', name, attname, false) IS NULL AS done
      FROM (VALUES ${joinSql(columns, ", ")}) AS stale (name, attname)`,
  );
  return [];
}
