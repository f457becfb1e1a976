/** The queries that read a live schema from PostgreSQL's catalogues. Names in their results are the catalogues' own. @module */

import type { Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
/** Relations with rows in every schema of users, without those that belong to extensions, and views that are not filled. */
export const relations: Sql = sql`
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.reltuples, c.relhastriggers
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'm') AND c.relispopulated
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'datascrubber')
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')`;

/** A domain's base type, through domains over domains. */
const domains = sql`
  domain (oid, base, typmod, checked, required, defaulted) AS (
    SELECT t.oid, t.typbasetype, t.typtypmod,
      EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), t.typnotnull,
      t.typdefault IS NOT NULL
    FROM pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype, CASE WHEN d.typmod = -1 THEN t.typtypmod ELSE d.typmod END,
      d.checked OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
      d.required OR t.typnotnull, d.defaulted OR t.typdefault IS NOT NULL
    FROM domain d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd'
  )`;

/** One row a relation. A partitioned one has the rows and bytes of its partitions. */
export const tablesQuery: Sql = sql`
  WITH relation AS (${relations})
  SELECT r.oid::text AS oid, r.nspname, r.relname, r.relkind::text AS relkind, r.relispartition,
    CASE WHEN r.relkind = 'p' THEN (SELECT sum(greatest(leaf.reltuples, 0))
        FROM pg_partition_tree(r.oid) t JOIN pg_class leaf ON leaf.oid = t.relid AND t.isleaf)
      ELSE greatest(r.reltuples, 0) END::bigint AS row_count,
    CASE r.relkind
      WHEN 'p' THEN (SELECT sum(pg_total_relation_size(t.relid)) FROM pg_partition_tree(r.oid) t WHERE t.isleaf)
      WHEN 'f' THEN 0
      ELSE pg_total_relation_size(r.oid) END::bigint AS bytes,
    r.relhastriggers AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = r.oid AND NOT g.tgisinternal) AS has_triggers
  FROM relation r
  ORDER BY r.nspname COLLATE "C", r.relname COLLATE "C"`;

/** The default calls a function of an extension that makes UUIDs, and not a user's function of the same name. */
const callsUuidExtension = sql`EXISTS (SELECT FROM pg_depend calls
  JOIN pg_depend owned ON owned.classid = calls.refclassid AND owned.objid = calls.refobjid AND owned.deptype = 'e'
  JOIN pg_extension x ON x.oid = owned.refobjid
  WHERE calls.classid = 'pg_attrdef'::regclass AND calls.objid = e.oid AND calls.refclassid = 'pg_proc'::regclass
    AND x.extname IN ('uuid-ossp', 'pgcrypto'))`;

/**
 * The expression calls what a user can have written here, and not in C: it may say that it is immutable and read other tables all the
 * same. A partition may have an expression of its own; and JSON_OBJECT() and the like call casts to JSON, on which the expression does
 * not depend then. That it belongs to an extension says nothing, since the owner of an extension may add a function to it.
 */
const callsOwnFunction = sql`(EXISTS (SELECT FROM pg_depend calls
  LEFT JOIN pg_operator o ON calls.refclassid = 'pg_operator'::regclass AND o.oid = calls.refobjid
  JOIN pg_proc f ON f.oid = CASE WHEN calls.refclassid = 'pg_proc'::regclass THEN calls.refobjid ELSE o.oprcode END
  JOIN pg_language l ON l.oid = f.prolang
  WHERE calls.classid = 'pg_attrdef'::regclass AND calls.objid = e.oid AND f.oid >= 16384
    AND l.lanname NOT IN ('c', 'internal'))
  OR strpos(e.adbin::text, '{JSONCONSTRUCTOREXPR') > 0 AND EXISTS (SELECT FROM pg_cast k JOIN pg_proc f ON f.oid = k.castfunc
    JOIN pg_language l ON l.oid = f.prolang
    WHERE k.casttarget IN ('json'::regtype, 'jsonb'::regtype) AND f.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')))`;

/**
 * The types of users inside of the types of columns, in domains, arrays, ranges and composite types too: composite ones with their
 * attributes, domains with what they are over, ranges with what they range over.
 */
const composites = sql`
  inside (type, oid) AS (
    SELECT DISTINCT a.atttypid, a.atttypid FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
    UNION SELECT inside.type, part.oid FROM inside JOIN pg_type t ON t.oid = inside.oid CROSS JOIN LATERAL (
      SELECT t.typbasetype UNION ALL SELECT t.typelem WHERE t.typcategory = 'A'
      UNION ALL SELECT g.rngsubtype FROM pg_range g WHERE t.oid IN (g.rngtypid, (to_jsonb(g) ->> 'rngmultitypid')::oid)
      UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
        AND NOT a.attisdropped
    ) AS part (oid) WHERE part.oid >= 16384
  ),
  composite (type, attributes) AS (
    SELECT inside.type, string_agg(format('%s(%s)', format_type(t.oid, NULL), CASE t.typtype
        WHEN 'c' THEN (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, NULL)), ', ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
        WHEN 'd' THEN format_type(t.typbasetype, NULL)
        ELSE (SELECT format_type(g.rngsubtype, NULL) FROM pg_range g WHERE t.oid IN (g.rngtypid, (to_jsonb(g) ->> 'rngmultitypid')::oid)) END
      ), ', ' ORDER BY format_type(t.oid, NULL) COLLATE "C")
    FROM inside JOIN pg_type t ON t.oid = inside.oid AND t.typtype IN ('c', 'd', 'r', 'm') GROUP BY inside.type
  )`;

/** One row a column, in the tables' own order. */
export const columnsQuery: Sql = sql`
  WITH RECURSIVE relation AS (${relations}), ${domains}, ${composites},
  base AS (SELECT d.* FROM domain d JOIN pg_type t ON t.oid = d.base AND t.typtype <> 'd')
  SELECT r.oid::text AS oid, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
    t.typname, t.typtype::text AS typtype, t.typcategory::text AS typcategory, n.nspname = 'pg_catalog' AS built_in,
    CASE WHEN base.oid IS NULL THEN a.atttypmod ELSE base.typmod END AS typmod,
    element.typname AS element_name, element.typtype::text AS element_typtype,
    element.typcategory::text AS element_category, element_space.nspname = 'pg_catalog' AS element_built_in,
    composite.attributes,
    coalesce(base.checked, false) AS checked,
    NOT a.attnotnull AND NOT coalesce(base.required, false) AS nullable,
    NOT a.attnotnull AND coalesce(base.required, false) OR EXISTS (SELECT FROM pg_constraint k
      WHERE k.conrelid = r.oid AND k.contype = 'n' AND NOT k.convalidated AND k.conkey = ARRAY[a.attnum]) AS may_hold_null,
    a.attidentity <> '' OR coalesce(base.defaulted, false)
      OR coalesce(pg_get_expr(e.adbin, e.adrelid) !~ '^NULL(::|$)', false) AS has_default,
    CASE
      WHEN a.attidentity <> '' THEN 'identity'
      WHEN pg_get_expr(e.adbin, e.adrelid) ~ '^nextval\\([(]?''[^'']+''(::text[)])?::regclass\\)$' THEN 'sequence'
      WHEN pg_get_expr(e.adbin, e.adrelid) ~ '^(gen_random_uuid|uuidv4|uuidv7)\\(\\)$' THEN 'uuid'
      WHEN pg_get_expr(e.adbin, e.adrelid) ~ '^[^()'']*\\m(gen_random_uuid|uuid_generate_v1|uuid_generate_v1mc|uuid_generate_v4)\\(\\)$'
        AND ${callsUuidExtension} THEN 'uuid'
    END AS generated_by,
    a.attgenerated <> '' OR a.attidentity = 'a' AS is_generated,
    a.attgenerated <> '' AND (${callsOwnFunction} OR r.relkind = 'p' AND EXISTS (
      SELECT FROM pg_partition_tree(r.oid) part JOIN pg_attribute own ON own.attrelid = part.relid AND own.attname = a.attname
      JOIN pg_attrdef e ON e.adrelid = own.attrelid AND e.adnum = own.attnum WHERE ${callsOwnFunction})) AS calls_function
  FROM relation r
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN base ON base.oid = a.atttypid
  LEFT JOIN composite ON composite.type = a.atttypid
  JOIN pg_type t ON t.oid = coalesce(base.base, a.atttypid)
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_type element ON element.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_namespace element_space ON element_space.oid = element.typnamespace
  LEFT JOIN pg_attrdef e ON e.adrelid = r.oid AND e.adnum = a.attnum
  ORDER BY r.oid, a.attnum`;

/**
 * One row for each column of each unique index, by the index's parts; INCLUDEd columns are no parts. The primary key of a partitioned table
 * is not valid while a partition has none: then rows may have the same key.
 */
export const uniqueKeysQuery: Sql = sql`
  WITH relation AS (${relations}), unique_index AS (
    SELECT i.*, index_class.relname AS index_name,
      pg_get_expr(i.indexprs, i.indrelid) AS expressions,
      (SELECT array_agg(m[1]::int) FROM regexp_matches(i.indexprs::text, ':varattno (-?[0-9]+)', 'g') m) AS used
    FROM pg_index i JOIN pg_class index_class ON index_class.oid = i.indexrelid
    WHERE i.indisunique AND i.indislive
  )
  SELECT r.oid::text AS oid, i.indexrelid::text AS index_oid, i.index_name, i.indisprimary AND i.indisvalid AS is_primary, a.attname,
    coalesce(i.expressions ~* '\\m(lower|upper|initcap|casefold|citext)\\M', false)
      OR EXISTS (SELECT FROM unnest(i.indcollation) used JOIN pg_collation l ON l.oid = used
        WHERE NOT l.collisdeterministic)
      OR EXISTS (SELECT FROM unnest(i.indclass) used JOIN pg_opclass o ON o.oid = used WHERE o.opcname ~ '^citext') AS folds
  FROM relation r
  JOIN unique_index i ON i.indrelid = r.oid
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN LATERAL (SELECT min(p.place) AS place FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS p(attnum, place)
    WHERE p.attnum = a.attnum AND p.place <= i.indnkeyatts) part ON true
  WHERE part.place IS NOT NULL OR a.attnum = ANY (i.used) OR 0 = ANY (i.used)
  ORDER BY r.oid, NOT i.indisprimary, i.index_name COLLATE "C", part.place NULLS LAST, a.attnum`;

/** One row for each column of each foreign key; copies that partitions inherit are left out. */
export const foreignKeysQuery: Sql = sql`
  WITH relation AS (${relations})
  SELECT k.oid::text AS key_oid, k.conname, r.oid::text AS child, k.confrelid::text AS parent,
    k.confdeltype::text AS on_delete, NOT k.convalidated AS not_valid,
    coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS period, a.attname, b.attname AS parent_attname,
    jsonb_typeof(to_jsonb(k) -> 'confdelsetcols') IS DISTINCT FROM 'array'
      OR to_jsonb(k) -> 'confdelsetcols' @> to_jsonb(part.child_att) AS is_nulled
  FROM pg_constraint k
  JOIN relation r ON r.oid = k.conrelid
  CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS part(child_att, parent_att, place)
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.child_att
  JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = part.parent_att
  WHERE k.contype = 'f' AND k.conparentid = 0
  ORDER BY r.nspname COLLATE "C", r.relname COLLATE "C", k.conname COLLATE "C", part.place`;
