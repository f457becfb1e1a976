/**
 * Statistics that ANALYZE never makes anew. Since version 18 functions write what they are given into those of any table or index: of
 * indexes of plain columns, of a partitioned table without its partitions, of catalogues and extensions; and besides samples into widths
 * and numbers of pages. The view that shows samples hides those that the reader may not see, so nothing is looked at before it is cleared.
 *
 * @module
 */

import { inGroups } from "../../core/in_groups.ts";
import type { Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** Each relation takes a lock until the end of a statement. */
const atATime = 200;

const isOwned = (table: string): Sql =>
  sql`EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = ${trusted(table)}.oid
    AND d.objsubid = 0 AND d.deptype = 'e')`;

/** The table, or that of the index, has no rows that ANALYZE has seen, or is none of those that purge() has it look at. */
const isUnseen = sql`(home.reltuples <= 0 OR n.nspname = 'information_schema' OR ${isOwned("home")})`;

/** It has no pages, so that ANALYZE counts none: of a partitioned table it tells the rows, where there are partitions. */
const isUnmeasured =
  sql`(c.relkind = 'I' OR c.relkind = 'p' AND NOT EXISTS (SELECT FROM pg_inherits child WHERE child.inhparent = c.oid)
    OR i.indexrelid IS NOT NULL AND NOT i.indisready)`;

/** Which statistics of a column `a` of the relation `c` in the schema `n` to forget, with the rows of tables that inherit or without. */
export interface Forgotten {
  readonly relations: Sql;
  readonly columns: Sql;
}

/** All those of a database's tables that ANALYZE does not make, once it has looked at the tables of the schema. */
export const leftByAnalyse: Forgotten = {
  relations: sql`n.nspname !~ '^pg_'`,
  columns: sql`(${isUnseen}
    OR i.indexrelid IS NOT NULL AND (inherited OR c.relkind = 'I' OR i.indkey[a.attnum - 1] <> 0)
    OR i.indexrelid IS NULL AND (a.attstattarget = 0 OR (c.relkind = 'p' AND NOT inherited)
      OR inherited AND NOT EXISTS (SELECT FROM pg_inherits child WHERE child.inhparent = c.oid)))`,
};

/** All those of indexes over expressions of some rows, which ANALYZE leaves as they are where it meets no such row. */
export const ofPartialIndexes: Forgotten = {
  relations: sql`n.nspname !~ '^pg_' AND i.indexprs IS NOT NULL AND i.indpred IS NOT NULL`,
  columns: sql`TRUE`,
};

/** All those of the server's own catalogues. */
export const ofCatalogues: Forgotten = { relations: sql`n.nspname = 'pg_catalog'`, columns: sql`TRUE` };

/**
 * Forgets statistics. Does nothing before version 18 (`version`, as `server_version_num`), where only the server itself writes them. The
 * session's user has the rights of the database's owner.
 */
export async function forgetStatistics(
  session: Session,
  { relations, columns }: Forgotten,
  version?: number,
): Promise<void> {
  if ((version ?? await versionOf(session)) < 180000) return;
  const from = sql`pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class home ON home.oid = coalesce(i.indrelid, c.oid)`;
  const found = (await session.query(sql`SELECT c.oid::int8 AS oid FROM ${from}
    WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND NOT c.relisshared AND ${relations} ORDER BY c.oid`))
    .map(({ oid }) => Number(oid));
  for (const group of inGroups(found, atATime)) {
    const oids = joinSql(group.map((oid) => sql`${oid}`), ", ");
    await session.query(sql`
      SELECT count(pg_clear_attribute_stats(n.nspname, c.relname, a.attname, inherited) IS NULL) AS done
      FROM ${from} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      CROSS JOIN (VALUES (false), (true)) AS of_children (inherited)
      WHERE c.oid IN (${oids}) AND ${columns}`);
    await session.query(sql`
      SELECT count(pg_clear_relation_stats(n.nspname, c.relname) IS NULL) AS done
      FROM ${from}
      WHERE c.oid IN (${oids}) AND n.nspname <> 'pg_catalog' AND (${isUnseen} OR ${isUnmeasured})
        AND (c.relpages <> 0 OR c.reltuples NOT IN (-1, 0) OR c.relallvisible <> 0 OR c.relallfrozen <> 0)`);
  }
}

async function versionOf(session: Session): Promise<number> {
  const [row] = await session.query(sql`SELECT current_setting('server_version_num')::int AS version`);
  return Number(row?.["version"]);
}

/** Has the server look at tables of extensions that have rows, which are none of the schema's. */
export async function analyseOwned(session: Session): Promise<void> {
  const found = await session.query(sql`
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND ${isOwned("c")} AND pg_relation_size(c.oid) > 0
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`);
  for (const { nspname, relname } of found) {
    const table = new Name(String(nspname), String(relname));
    await session.run({ label: `analyse ${nspname}.${relname}`, sql: sql`ANALYZE ${table}` });
  }
}
