/**
 * Statistics that ANALYZE does not replace: of tables without rows, of tables that inherited from one, of materialised views that are not
 * filled, and of indexes over expressions of some rows.
 *
 * @module
 */

import type { Session, Step } from "../../engine/engine.ts";
import { type ColumnKind, findColumn, findTable, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { pollUntil } from "../../core/pause.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { restoredStatistics } from "../plan/rewrite.ts";
import { forgetStatistics, ofPartialIndexes } from "./forget_statistics.ts";
import { tableName, tableOnly, treeOf } from "../sql/table_name.ts";
import { holdsSamples } from "../schema/samples.ts";

/** A column whose old statistics are still there. */
interface Stale {
  readonly table: Table;
  readonly column: string;
}

/**
 * Clears statistics that ANALYZE did not replace, of tables whose rows changed and of others.
 *
 * @returns columns of numbers, moments and the like that keep theirs, because the server (before version 18) offers no way: keys by
 * which a table is partitioned, or that others reference, and in tables that did not change what something else depends on.
 * @throws {ScrubError} `residue` where the server offers no way for any other.
 */
export async function clearStatistics(
  session: Session,
  schema: Schema,
  changed: readonly Table[],
  unchanged: readonly Table[] = [],
): Promise<readonly string[]> {
  const still = unchanged.flatMap((table) => treeOf(table, schema));
  const tables = [...changed.flatMap((table) => treeOf(table, schema)), ...still];
  const stale = await findStale(session, tables);
  for (const { table, column } of stale) {
    for (const step of forgetting(table, column, schema.version < 180000)) await session.run(step);
    if (schema.version >= 180000) await session.query(clearing(table, column));
  }
  const forgotten = tables.filter((table) => stale.some((one) => one.table === table));
  for (const step of restoredStatistics(forgotten)) await session.run(step);
  for (const table of forgotten) {
    await session.run({ label: `analyse ${table.id}`, sql: sql`ANALYZE ${tableName("", table)}` });
  }
  const all = await findStale(session, tables);
  const bare = all.filter(({ table, column }) =>
    still.includes(table) ? isBare(table, column) : isBareKey(table, column, tables)
  );
  const left = all.filter((one) => !bare.includes(one));
  const computed = [
    ...await clearComputed(session, schema, tables),
    ...await clearUnfilled(session, schema.version),
  ];
  if (left.length + computed.length === 0) return bare.map(({ table, column }) => `${table.id}.${column}`);
  const names = [...left.map(({ table, column }) => `${table.id}.${column}`), ...computed].join(", ");
  throw new ScrubError(
    "residue",
    `Cannot clear the planner's statistics in database "${schema.database}": those of ${names} still hold values of deleted ` +
      "rows",
    "Keep a row in each of these tables or views, or drop what depends on the column, then run again.",
  );
}

/** Columns with samples in a table without rows, or of tables that inherited from it and are gone. */
async function findStale(session: Session, tables: readonly Table[]): Promise<readonly Stale[]> {
  if (tables.length === 0) return [];
  const names = joinSql(tables.map(({ schema, name }) => sql`(${textLiteral(schema)}, ${textLiteral(name)})`), ", ");
  const rows = await session.query(sql`
    SELECT s.schemaname, s.tablename, s.attname,
      c.relkind = 'p' OR c.reltuples <= 0 AS maybe_empty,
      bool_or(s.inherited) AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AS orphaned
    FROM pg_stats s
    JOIN (VALUES ${names}) AS changed (schemaname, tablename) USING (schemaname, tablename)
    JOIN pg_namespace n ON n.nspname = s.schemaname
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
    WHERE ${holdsSamples}
    GROUP BY s.schemaname, s.tablename, s.attname, c.oid, c.relkind, c.reltuples
    ORDER BY 1, 2, 3`);
  const empty = new Map<Table, boolean>();
  const stale: Stale[] = [];
  for (const row of rows) {
    const table = tables.find(({ schema, name }) => schema === row["schemaname"] && name === row["tablename"]);
    if (!table) continue;
    if (row["maybe_empty"] === true && !empty.has(table)) empty.set(table, await isEmpty(session, table));
    if (empty.get(table) !== true && row["orphaned"] !== true) continue;
    stale.push({ table, column: String(row["attname"]) });
  }
  return stale;
}

/**
 * Clears the samples of indexes over expressions that hold some rows only: ANALYZE leaves them as they are where it meets no such row.
 * Before ANALYZE, which makes those of the others anew.
 *
 * @throws {ScrubError} `residue` where the server offers no way.
 */
export async function clearPartialIndexes(session: Session, schema: Schema): Promise<void> {
  await forgetStatistics(session, ofPartialIndexes, schema.version);
  const found = await session.query(partialIndexes);
  for (const { nspname, relname, used } of found) {
    const table = schema.tables.find((one) => one.schema === nspname && one.name === relname);
    if (!table) continue;
    const { root } = table.postgresql ?? {};
    const top = root === undefined ? table : findTable(schema, root) ?? table;
    const columns: readonly string[] = JSON.parse(String(used));
    const [steps = []] = columns.map((column) => forgetting(top, column)).filter(({ length }) => length > 0);
    for (const step of [...steps, ...restoredStatistics(treeOf(top, schema))]) await session.run(step);
  }
  const left = (await session.query(partialIndexes)).filter(({ nspname, relname }) =>
    schema.tables.some((one) => one.schema === nspname && one.name === relname)
  );
  if (left.length === 0) return;
  throw new ScrubError(
    "residue",
    `Cannot clear the planner's statistics in database "${schema.database}": those of ${
      left.map(({ index_schema, index_name }) => `${index_schema}.${index_name}`).join(", ")
    } may hold values of rows that are gone`,
    "Drop the index, or what depends on all of its columns, then run again.",
  );
}

/** Milliseconds: the server's worker comes to every database once a minute, unless it is set to come less often. */
const untilWorkerComes = 180_000;

/**
 * Waits until the server has dropped the temporary tables that sessions of production left behind, and with them the samples of their
 * rows: only a superuser may use their schema.
 *
 * @throws {ScrubError} `residue` where they stay.
 */
export async function awaitNoTemporarySamples(session: Session, milliseconds = untilWorkerComes): Promise<void> {
  const gone = await pollUntil(async () =>
    (await session.query(sql`
      SELECT FROM pg_stats s WHERE s.schemaname ~ '^pg_temp_'
        AND ${holdsSamples} LIMIT 1`))
      .length === 0, milliseconds);
  if (gone) return;
  throw new ScrubError(
    "residue",
    `Cannot clear the planner's statistics in database "${session.database}": those of a temporary table are still there, ` +
      "and only the server's autovacuum may drop it",
    "Switch autovacuum on in the parameter group that the workspace gets, or take a snapshot while no session has temporary tables.",
    { inPlace: "Switch autovacuum on, end the sessions that had temporary tables, and run again a minute later." },
  );
}

const partialIndexes = sql`
  SELECT s.schemaname AS index_schema, s.tablename AS index_name, s.attname, home.nspname, c.relname,
    (SELECT coalesce(json_agg(DISTINCT a.attname), '[]')::text FROM pg_depend d
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) AS used
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace home ON home.oid = c.relnamespace
  JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = x.relname
  WHERE i.indexprs IS NOT NULL AND i.indpred IS NOT NULL
    AND ${holdsSamples}
  ORDER BY 1, 2, 3`;

/**
 * Clears samples that ANALYZE never makes: of materialised views that were filled once and are not any more, of their indexes and
 * statistics objects, and, given by functions of version 18, of indexes of partitioned tables. Returns the names of those that keep theirs.
 */
async function clearUnfilled(session: Session, version: number): Promise<readonly string[]> {
  const unfilled = sql`pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class home ON home.oid = i.indrelid`;
  const isUnfilled = sql`n.nspname !~ '^pg_' AND (c.relkind = 'm' AND NOT c.relispopulated OR c.relkind = 'I'
    OR c.relkind = 'i' AND NOT home.relispopulated)`;
  // Without looking, since pg_stats hides those of a view that its owner may not read. How long it is may be such a number, too.
  if (version >= 180000) {
    await session.query(sql`
      SELECT count(pg_clear_attribute_stats(n.nspname, c.relname, a.attname, of_children.inherited) IS NULL) AS done
      FROM ${unfilled} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      CROSS JOIN (VALUES (false), (true)) AS of_children (inherited)
      WHERE ${isUnfilled} AND pg_has_role(c.relowner, 'USAGE')`);
    await session.query(sql`
      SELECT count(pg_clear_relation_stats(n.nspname, c.relname) IS NULL) AS done
      FROM ${unfilled} WHERE ${isUnfilled} AND pg_has_role(c.relowner, 'USAGE') AND (c.relpages > 0 OR c.reltuples > 0)`);
  }
  const left = await session.query(sql`
    SELECT c.oid::regclass::text AS name FROM ${unfilled}
    WHERE ${isUnfilled} AND (EXISTS (SELECT FROM pg_stats s
        WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND ${holdsSamples})
      OR ${trusted(String(version < 180000))} AND c.relkind = 'm' AND NOT has_table_privilege(c.oid, 'SELECT'))
    ORDER BY 1`);
  const objects = await session.query(sql`
    SELECT c.oid::regclass::text AS view, s.stxname FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid
    JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE c.relkind = 'm' AND NOT c.relispopulated
      AND (${hasObjectSamples(version)} OR NOT has_table_privilege(c.oid, 'SELECT'))`);
  return [
    ...left.map(({ name }) => String(name)),
    ...objects.map(({ view, stxname }) => `${view} (statistics object ${stxname})`),
  ];
}

/** Whether the statistics object `s` in the schema `n` holds samples. Expressions have some from version 14 on. */
function hasObjectSamples(version: number): Sql {
  const own = sql`o.statistics_schemaname = n.nspname AND o.statistics_name = s.stxname`;
  return sql`(EXISTS (SELECT FROM pg_stats_ext o WHERE ${own} AND o.most_common_vals IS NOT NULL)
    ${
    version < 140000 ? sql`` : sql`OR EXISTS (SELECT FROM pg_stats_ext_exprs o
      WHERE ${own} AND (o.most_common_vals IS NOT NULL OR o.histogram_bounds IS NOT NULL))`
  })`;
}

/** Clears samples of indexes over expressions of tables without rows, and returns the names of indexes and statistics objects that keep theirs. */
async function clearComputed(session: Session, { version }: Schema, tables: readonly Table[]): Promise<string[]> {
  const kept: string[] = [];
  for (const table of tables) {
    if ((table.postgresql?.computedIndexes !== true && !table.postgresql?.statistics.length)) continue;
    kept.push(...await orphanedObjects(session, version, table));
    if (!await isEmpty(session, table)) continue;
    const name = sql`${textLiteral(tableName("", table).quote('"'))}::pg_catalog.regclass`;
    const indexes = sql`
      SELECT s.schemaname, s.tablename, s.attname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = x.relnamespace
      JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = x.relname
      WHERE i.indrelid = ${name}
        AND ${holdsSamples}`;
    for (const { schemaname, tablename, attname } of version >= 180000 ? await session.query(indexes) : []) {
      const index = { schema: String(schemaname), name: String(tablename) };
      await session.query(clearing({ ...table, ...index }, String(attname)));
    }
    kept.push(...(await session.query(indexes)).map(({ schemaname, tablename }) => `${schemaname}.${tablename}`));
    const objects = await session.query(sql`
      SELECT s.stxname FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = ${name} AND ${hasObjectSamples(version)}`);
    kept.push(...objects.map(({ stxname }) => `${table.id} (statistics object ${stxname})`));
  }
  return kept;
}

/** Statistics objects that still hold samples of tables that inherited from this one, and are gone. */
async function orphanedObjects(session: Session, version: number, { id, schema, name }: Table): Promise<string[]> {
  if (version < 150000) return [];
  const of = sql`o.schemaname = ${textLiteral(schema)} AND o.tablename = ${textLiteral(name)} AND o.inherited`;
  const rows = await session.query(sql`
    SELECT o.statistics_name AS stxname FROM pg_stats_ext o WHERE ${of} AND o.most_common_vals IS NOT NULL AND ${childless}
    UNION SELECT o.statistics_name FROM pg_stats_ext_exprs o WHERE ${of} AND ${childless}
      AND (o.most_common_vals IS NOT NULL OR o.histogram_bounds IS NOT NULL)`);
  return rows.map(({ stxname }) => `${id} (statistics object ${stxname})`);
}

const childless = sql`NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = o.schemaname AND c.relname = o.tablename)`;

const foreignKey = "it is part of a foreign key";

/** What does not identify a person by itself, as a name does. */
const bareKinds: ReadonlySet<ColumnKind> = new Set(["integer", "uuid", "timestamp", "date", "boolean", "enum"]);

function isBare(table: Table, name: string): boolean {
  const column = findColumn(table, name);
  return column !== undefined && bareKinds.has(column.kind);
}

/** Keys of numbers, moments and the like, which may have no other type while something else depends on them. */
function isBareKey(table: Table, name: string, tables: readonly Table[]): boolean {
  if (!isBare(table, name)) return false;
  const related = tables.filter(({ id }) => id === table.id || id === table.postgresql?.root);
  return related.some(({ postgresql }) => {
    const obstacle = postgresql?.columns.find((column) => column.name === name)?.obstacle;
    return obstacle === foreignKey || obstacle === "it is part of the partition key";
  });
}

async function isEmpty(session: Session, table: Table): Promise<boolean> {
  const [row] = await session.query(sql`SELECT EXISTS (SELECT FROM ${tableName("", table)}) AS found`);
  return row?.["found"] === false;
}

/**
 * ALTER COLUMN TYPE deletes a column's statistics, and rebuilds the statistics objects and indexes over it, and foreign keys, which are
 * checked anew: a table without rows has nothing to check.
 */
function forgetting(table: Table, name: string, rebuildsKeys = false): readonly Step[] {
  const column = findColumn(table, name);
  const details = table.postgresql?.columns.find((one) => one.name === name);
  const partitioned = table.kind === "partition" || table.postgresql?.obstacle !== undefined;
  const hindered = details?.obstacle !== undefined && !(rebuildsKeys && details.obstacle === foreignKey);
  if (!column || hindered || partitioned || table.kind === "materialised view") return [];
  const actions: Sql[] = [
    sql`ALTER COLUMN ${new Name(name)} TYPE ${trusted(column.type)}${
      details?.collation === undefined ? sql`` : sql` COLLATE ${trusted(details.collation)}`
    }`,
    ...(details?.storage === undefined
      ? []
      : [sql`ALTER COLUMN ${new Name(name)} SET STORAGE ${trusted(details.storage)}`]),
    ...(details?.compression === undefined
      ? []
      : [sql`ALTER COLUMN ${new Name(name)} SET COMPRESSION ${trusted(details.compression)}`]),
  ];
  return [{
    label: `forget statistics of ${table.id}`,
    sql: sql`ALTER TABLE ${tableOnly(table)} ${joinSql(actions, ", ")}`,
  }];
}

/** From version 18 on a function clears statistics. */
function clearing({ schema, name }: Pick<Table, "schema" | "name">, column: string): Sql {
  const clear = (inherited: Sql) =>
    sql`pg_catalog.pg_clear_attribute_stats(${textLiteral(schema)}, ${textLiteral(name)}, ${
      textLiteral(column)
    }, ${inherited}) IS NULL`;
  return sql`SELECT ${clear(sql`false`)} AS own, ${clear(sql`true`)} AS inherited`;
}
