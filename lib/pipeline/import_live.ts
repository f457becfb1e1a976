/** Imports the security labels of PostgreSQL Anonymizer in a database by URL. @module */

import { ScrubError } from "../core/errors.ts";
import type { ImportedRules } from "../core/imported_rules.ts";
import type { LiveRequest } from "../core/live_database.ts";
import type { Engine, Session } from "../engine/engine.ts";
import { type AnonLabel, importLabels } from "../scrub/import/anon_labels.ts";
import { loadEngine } from "./engines.ts";
import { testSuffix } from "./live_database.ts";
import { logInLive } from "./live_login.ts";

/**
 * Imports labels. Reads only, and of the catalogue alone.
 *
 * @throws {ScrubError} `usage` where there are no labels, or can't be any; what the session throws.
 */
export async function importLive({ target, ca }: LiveRequest, signal: AbortSignal): Promise<ImportedRules> {
  if (target.engine !== "postgresql") {
    throw new ScrubError(
      "usage",
      `Cannot import from "${target.database}": MySQL has no security labels`,
      "Name a file, or a database of PostgreSQL.",
    );
  }
  const engine = await loadEngine(target.engine);
  await using session = await logInLive(engine, { target, ca }, signal);
  const labels = await readLabels(engine, session);
  if (labels.length === 0) {
    throw new ScrubError(
      "usage",
      `Cannot import from "${target.database}": no table or column in it has a label of PostgreSQL Anonymizer`,
      "Name the database that has them, or draft rules with datascrubber init.",
    );
  }
  const database = target.database.replace(testSuffix, "");
  return importLabels(labels, database.replace(/[_-](?:production|staging|integration|development)$/, ""));
}

/** Labels, and those in comments, which stand for them where the extension can't be loaded, as in clouds. */
async function readLabels(engine: Engine, session: Session): Promise<readonly AnonLabel[]> {
  const { sql } = engine.expressions;
  const rows = await session.query(sql`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, l.label
    FROM (
      SELECT objoid, objsubid, objtype, label FROM pg_catalog.pg_seclabels
      WHERE provider = 'anon' AND (objtype IN ('column', 'table', 'foreign table')
        OR objtype = 'database' AND objoid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
      UNION ALL
      SELECT objoid, objsubid, 'column', substring(description FROM 'MASKED WITH .*$') FROM pg_catalog.pg_description
      WHERE classoid = 'pg_catalog.pg_class'::regclass AND objsubid > 0 AND description ~ 'MASKED WITH (FUNCTION|VALUE) '
    ) AS l
    LEFT JOIN pg_catalog.pg_class AS c ON l.objtype <> 'database' AND c.oid = l.objoid
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute AS a ON l.objsubid > 0 AND a.attrelid = c.oid AND a.attnum = l.objsubid
    WHERE n.nspname IS NULL OR n.nspname NOT IN ('anon', 'pg_catalog', 'information_schema')
    ORDER BY n.nspname, c.relname, a.attnum NULLS FIRST`);
  return rows.map(({ schema, table, column, label }) => ({
    label: String(label),
    ...(typeof schema === "string" && { schema }),
    ...(typeof table === "string" && { table }),
    ...(typeof column === "string" && { column }),
  }));
}
