/** Removes what a scrub left outside its tables in one database: statistics and other catalogues hold samples of values. @module */

import type { Cell, OnProgress, Reach, Residue, Session, Step, TablePlan } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import { Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { forgetKey } from "../session/session.ts";
import { sampleEmptyParents } from "./empty_parents.ts";
import { rebuildOwnIndexes } from "./own_indexes.ts";
import { analyseOwned, forgetStatistics, leftByAnalyse } from "./forget_statistics.ts";
import { renewCatalogueStatistics } from "./catalogue_statistics.ts";
import { awaitNoTemporarySamples, clearPartialIndexes, clearStatistics } from "./stale_statistics.ts";
import { resetStatements } from "./statements.ts";
import { tableName, treeOf } from "../sql/table_name.ts";
import { restoredStatistics } from "../plan/rewrite.ts";

/**
 * Has the session forget its key, which ANALYZE would show to functions of the application's in indexes. Makes such indexes anew, and
 * replaces the statistics of every table, of changed ones without exception, and rewrites the catalogues that held the old ones or
 * other text.
 *
 * @throws {ScrubError} `residue` where old statistics can't be replaced.
 */
export async function purge(
  session: Session,
  schema: Schema,
  plans: readonly TablePlan[],
  onProgress: OnProgress = () => {},
  reach: Reach = "server",
): Promise<readonly Residue[]> {
  await forgetKey(session);
  await rebuildOwnIndexes(session);
  const changed = tablesOf(plans, schema);
  // Statistics of unchanged tables may hold values deleted long ago, or imported ones.
  const others = schema.tables.filter((table) => isAnalysed(table) && !changed.includes(table));
  const analysed = [...changed, ...others];
  const files = analysed.flatMap((table) => treeOf(table, schema));
  const lifted = files.filter(isPassedOver);
  for (const step of lifted.flatMap(looking)) await session.run(step);
  const passedOver = (await session.query(passedOverColumns)).filter(({ nspname, relname }) =>
    files.some(({ schema, name }) => schema === nspname && name === relname)
  );
  for (const column of passedOver) await session.run(withTarget(column, -1));
  await clearPartialIndexes(session, schema);
  for (const [at, table] of analysed.entries()) {
    onProgress(`statistics of ${table.id}`, at / (analysed.length + 1));
    await session.run(analysis(schema, table));
  }
  await sampleEmptyParents(session, schema.version);
  for (const column of passedOver) await session.run(withTarget(column, 0));
  for (const step of restoredStatistics(lifted)) await session.run(step);
  const unclear = await clearStatistics(session, schema, changed, others);
  await forgetStatistics(session, leftByAnalyse, schema.version);
  await analyseOwned(session);
  await awaitNoTemporarySamples(session);
  onProgress("catalogues", analysed.length / (analysed.length + 1));
  await rewriteCatalogues(session);
  return [
    {
      step: `planner statistics of database "${schema.database}"`,
      result: `made anew for ${
        changed.length + others.length
      } tables, ${changed.length} of them changed, and the catalogues rewritten`,
    },
    ...(unclear.length === 0 ? [] : [{
      step: `planner statistics of keys in database "${schema.database}"`,
      result: `the server, before version 18, keeps samples of rows that are gone, of numbers or moments: ${
        unclear.join(", ")
      }`,
    }]),
    ...await resetStatements(session, reach),
    ...await reportOrphanedFiles(session),
  ];
}

/**
 * Writes the catalogues anew that may keep former texts or names in dead rows, and the samples of them. The session's user has the rights
 * of the database's owner.
 *
 * @throws {ScrubError} as {@linkcode renewCatalogueStatistics} does.
 */
export async function rewriteCatalogues(session: Session): Promise<void> {
  await renewCatalogueStatistics(session);
  for (const catalogue of await cataloguesWithText(session)) await session.run(rewriteCatalogue(catalogue));
}

/** Tables whose rows changed, and materialised views, which were filled from them. Partitions come with what they are part of. */
function tablesOf(plans: readonly TablePlan[], schema: Schema): readonly Table[] {
  const planned = new Set(plans.map(({ table }) => table.id));
  return schema.tables.filter(({ id, kind }) =>
    kind === "materialised view" || isAnalysed({ kind }) && planned.has(id)
  );
}

function isAnalysed({ kind }: Pick<Table, "kind">): boolean {
  return kind === "table" || kind === "partitioned";
}

/** ANALYZE leaves statistics of an index's expression or of an object as they are whose target is 0. */
function isPassedOver({ postgresql }: Table): boolean {
  return [...postgresql?.indexTargets ?? [], ...postgresql?.statistics ?? []].some(({ target }) => target === 0);
}

/** Lets ANALYZE look at them this once. */
function looking({ postgresql }: Table): readonly Step[] {
  const label = "have passed-over statistics analysed";
  return [
    ...(postgresql?.indexTargets ?? []).filter(({ target }) => target === 0).map(({ schema, index, column }) => ({
      label,
      sql: sql`ALTER INDEX ${new Name(schema, index)} ALTER COLUMN ${column} SET STATISTICS -1`,
    })),
    ...(postgresql?.statistics ?? []).filter(({ target }) => target === 0).map(({ schema, name }) => ({
      label,
      sql: sql`ALTER STATISTICS ${new Name(schema, name)} SET STATISTICS -1`,
    })),
  ];
}

/**
 * Columns that ANALYZE passes over: it leaves their old samples, and those of every statistics object over one, of which it warns.
 */
const passedOverColumns = sql`
  SELECT n.nspname, c.relname, a.attname FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attstattarget = 0 AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated AND n.nspname !~ '^pg_'
    AND (EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid AND a.attnum = ANY (s.stxkeys))
      OR EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname))
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`;

function withTarget({ nspname, relname, attname }: Readonly<Record<string, Cell>>, target: number): Step {
  const table = new Name(String(nspname), String(relname));
  return {
    label: `set the statistics target of a column of ${nspname}.${relname}`,
    sql: sql`ALTER TABLE ONLY ${table} ALTER COLUMN ${new Name(String(attname))} SET STATISTICS ${target}`,
  };
}

function analysis(schema: Schema, table: Table): Step {
  return { label: `analyse ${table.id}`, sql: sql`ANALYZE ${tableName(schema.database, table)}` };
}

function rewriteCatalogue(catalogue: string): Step {
  return {
    label: `rewrite ${catalogue}`,
    sql: sql`VACUUM (FULL, VERBOSE) ${new Name("pg_catalog", catalogue)}`,
  };
}

/**
 * Catalogues of the database that are not empty, indexes included, and have a name, a number of eight bytes such as a sequence's bound, or a column of variable length other than lists of numbers or
 * privileges: their dead rows keep names, comments, defaults, functions, labels and samples that were changed or dropped. The
 * database's owner may rewrite them. VACUUM cuts the file of a catalogue without rows to nothing, and leaves its indexes theirs, of which the
 * first page holds no names. pg_largeobject is rewritten only where no object is left.
 */
async function cataloguesWithText(session: Session): Promise<readonly string[]> {
  const found = await session.query(sql`
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared AND c.oid < 16384
      AND (pg_relation_size(c.oid) > 0 OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid IN (c.oid, c.reltoastrelid)
        AND pg_relation_size(i.indexrelid) > current_setting('block_size')::int8))
      AND EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.atttypid IN ('name'::regtype, 'int8'::regtype) OR a.attlen = -1 AND a.atttypid <> ALL (
          '{oidvector,oid[],int2vector,int2[],char[],real[],aclitem[]}'::regtype[]::oid[])))
      AND (c.relname <> 'pg_largeobject' OR NOT EXISTS (SELECT FROM pg_largeobject_metadata))
    ORDER BY c.relname COLLATE "C"`);
  return found.map(({ relname }) => String(relname));
}

/** Bytes that the server's own files may take, such as its cache of the catalogues: less is not reported. */
const ordinary = 256 * 1024;

/**
 * Tells the size of files that belong to no relation, which a server that crashes leaves of tables that were not committed. No SQL
 * reads, overwrites or removes them; a database's size counts them.
 */
export async function reportOrphanedFiles(session: Session): Promise<readonly Residue[]> {
  const [row] = await session.scan(sql`
    SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) - sum(pg_catalog.pg_relation_size(c.oid, fork)) AS bytes
    FROM pg_catalog.pg_class c, unnest(ARRAY['main', 'fsm', 'vm', 'init']) AS fork
    WHERE c.relkind IN ('r', 'i', 'S', 't', 'm') AND NOT c.relisshared`);
  const bytes = Number(row?.["bytes"]);
  if (bytes < ordinary) return [];
  return [{
    step: `orphaned files of database "${session.database}"`,
    result: `up to ${
      Math.ceil(bytes / 1024)
    } KiB belong to no table; a crash of production left them, and no SQL can reach them`,
  }];
}
