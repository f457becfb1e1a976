/**
 * The queries that tell how a table can be changed: what depends on its columns, and what a new type would take from them.
 *
 * @module
 */

import type { Sql } from "../../engine/sql.ts";
import { relations } from "./schema_queries.ts";
import { sql } from "../sql/literals.ts";

/** What depends on a column, for people; NULL for what ALTER COLUMN TYPE adapts by itself. */
const dependent = sql`CASE d.classid
  WHEN 'pg_rewrite'::regclass THEN 'a view or rule uses it'
  WHEN 'pg_trigger'::regclass THEN 'a trigger names it'
  WHEN 'pg_policy'::regclass THEN 'a policy uses it'
  WHEN 'pg_proc'::regclass THEN 'the body of a function uses it'
  WHEN 'pg_publication_rel'::regclass THEN 'a publication filters by it'
  WHEN 'pg_statistic_ext'::regclass THEN NULL
  WHEN 'pg_attrdef'::regclass THEN CASE WHEN EXISTS (SELECT FROM pg_attrdef e
      WHERE e.oid = d.objid AND (e.adrelid <> d.refobjid OR e.adnum <> d.refobjsubid))
    THEN 'a generated column is computed from it' END
  WHEN 'pg_constraint'::regclass THEN CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype = 'f')
    THEN 'it is part of a foreign key' END
  WHEN 'pg_class'::regclass THEN CASE
    WHEN d.objid = d.refobjid AND d.objsubid = 0 THEN 'it is part of the partition key'
    WHEN d.objid = d.refobjid THEN 'a generated column is computed from it'
    WHEN EXISTS (SELECT FROM pg_class k WHERE k.oid = d.objid AND k.relkind IN ('i', 'I', 'S')) THEN NULL
    ELSE 'another table depends on it' END
  ELSE 'something depends on it' END`;

/** One row for each column that is special. */
export const columnDetailsQuery: Sql = sql`
  WITH relation AS (${relations}), part AS (
    SELECT r.oid, a.attnum, a.attname,
      CASE WHEN a.attcollation <> t.typcollation AND l.oid IS NOT NULL
        THEN quote_ident(home.nspname) || '.' || quote_ident(l.collname) END AS "collation",
      CASE WHEN a.attstorage <> t.typstorage OR r.relispartition THEN a.attstorage::text END AS storage,
      nullif(to_jsonb(a) ->> 'attcompression', '') AS compression,
      CASE
        WHEN a.attinhcount > 0 AND NOT r.relispartition THEN 'it is inherited'
        WHEN EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = r.oid
          AND (a.attnum = ANY (p.partattrs) OR p.partexprs::text ~ (':varattno ' || a.attnum || '\\M')))
          THEN 'it is part of the partition key'
        ELSE (
        SELECT min(${dependent}) FROM pg_depend d
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid = a.attnum) END AS obstacle
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_namespace home ON home.oid = l.collnamespace
  )
  SELECT oid::text AS oid, attname, part."collation", storage, compression, obstacle FROM part
  WHERE part."collation" IS NOT NULL OR storage IS NOT NULL OR compression IS NOT NULL OR obstacle IS NOT NULL
  ORDER BY oid, attnum`;

/**
 * One row a relation. In a partition whose columns have other numbers than those of its partitioned table, as after a column of one of them
 * was dropped, the server decides `x IS NULL` in USING by whatever column of the partition has x's number above (seen in version 18).
 */
export const tableDetailsQuery: Sql = sql`
  WITH RECURSIVE relation AS (${relations}), tree (oid, top) AS (
    SELECT c.oid, c.oid FROM pg_class c WHERE c.relkind = 'p' AND NOT c.relispartition
    UNION ALL SELECT i.inhrelid, tree.top FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
  )
  SELECT r.oid::text AS oid, nullif(tree.top, r.oid)::text AS top, r.relkind = 'p' AS has_no_storage,
    CASE
      WHEN c.reloftype <> 0 THEN 'it is a typed table'
      WHEN r.relispartition AND EXISTS (SELECT FROM pg_attribute a JOIN pg_attribute above ON above.attname = a.attname
          WHERE a.attrelid = r.oid AND above.attrelid = tree.top AND a.attnum > 0 AND above.attnum <> a.attnum)
        THEN 'its columns are numbered otherwise than those of the partitioned table'
      WHEN r.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = r.oid)
        THEN 'other tables inherit from it'
      WHEN EXISTS (SELECT FROM pg_type t
          JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
          LEFT JOIN pg_class k ON k.oid = d.objid AND d.classid = 'pg_class'::regclass
          WHERE t.oid = c.reltype AND (k.relkind IN ('r', 'p', 'm', 'f', 'c') AND d.objsubid > 0
            OR d.classid = 'pg_type'::regclass AND d.objid <> t.typarray))
        THEN 'a column of another table has its row type'
    END AS obstacle,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attisdropped) AS dropped_values,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = r.oid AND a.atthasmissing) AS values_for_old_rows,
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = r.oid AND i.indexprs IS NOT NULL) AS computed_indexes
  FROM relation r JOIN pg_class c ON c.oid = r.oid LEFT JOIN tree ON tree.oid = r.oid`;

/** One row for each trigger and rule that fires in replica mode. */
export const alwaysFiringQuery: Sql = sql`
  WITH relation AS (${relations})
  SELECT r.oid::text AS oid, always.kind, always.name, always.fires
  FROM relation r JOIN (
    SELECT tgrelid, 'TRIGGER', tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT ev_class, 'RULE', rulename, ev_enabled FROM pg_rewrite WHERE rulename <> '_RETURN'
  ) AS always (of, kind, name, fires) ON always.of = r.oid
  WHERE always.fires IN ('A', 'R')
  ORDER BY r.oid, always.kind, always.name COLLATE "C"`;

/** One row for each column of an index with its own statistics target. */
export const indexTargetsQuery: Sql = sql`
  WITH relation AS (${relations})
  SELECT r.oid::text AS oid, n.nspname, c.relname, a.attnum, a.attstattarget AS target
  FROM relation r
  JOIN pg_index i ON i.indrelid = r.oid
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attstattarget >= 0
  ORDER BY r.oid, n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`;

/** One row for each statistics object. */
export const statisticsQuery: Sql = sql`
  WITH relation AS (${relations})
  SELECT r.oid::text AS oid, n.nspname, s.stxname, o.rolname AS owner, s.stxstattarget AS target
  FROM relation r
  JOIN pg_statistic_ext s ON s.stxrelid = r.oid
  JOIN pg_namespace n ON n.oid = s.stxnamespace
  JOIN pg_roles o ON o.oid = s.stxowner
  ORDER BY r.oid, n.nspname COLLATE "C", s.stxname COLLATE "C"`;
