/** All that the catalogues say of a table by names, without numbers that differ for a table made anew. @module */

import { joinSql, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/**
 * Columns of catalogues that differ although the definition is the same: identifiers of objects, numbers of columns, counters, and trees
 * of expressions, which the definition spells out. Every other column counts, so that one of a later version does, too.
 */
const incidental = {
  pg_class:
    "oid reltype relfilenode relpages reltuples relallvisible relallfrozen reltoastrelid relfrozenxid relminmxid relnatts relhasindex relhasrules relhastriggers relhassubclass relacl",
  pg_attribute: "attrelid attnum attcacheoff attmissingval atthasmissing",
  pg_constraint: "oid conrelid confrelid conindid conkey confkey conbin confdelsetcols",
  pg_sequence: "seqrelid",
  pg_index: "indexrelid indrelid indkey indexprs indpred indcheckxmin",
} as const;

function rowOf(catalogue: keyof typeof incidental, alias: Sql): Sql {
  const names = joinSql(incidental[catalogue].split(" ").map(textLiteral), ", ");
  return sql`pg_catalog.to_jsonb(${alias}) - ARRAY[${names}]`;
}

/** The objects that depend on the table, but for its TOAST table and the triggers of its foreign keys, whose names are numbers. */
function dependents(oid: Sql): Sql {
  return sql`(SELECT jsonb_agg(DISTINCT jsonb_build_array(pg_describe_object(d.classid, d.objid, d.objsubid), a.attname, d.deptype))
    FROM pg_depend d LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attnum > 0
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ${oid}
      AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger g WHERE g.oid = d.objid AND g.tgisinternal))
      AND d.objid <> (SELECT reltoastrelid FROM pg_class WHERE oid = ${oid}))`;
}

/**
 * A query's one value, as jsonb: the table with its columns, constraints, indexes, sequences and comments, and the foreign keys that
 * reference it. Whether a foreign key is valid is left out.
 */
export function definitionOf(oid: Sql): Sql {
  return sql`SELECT jsonb_build_object(
    'table', (SELECT ${rowOf("pg_class", sql`c`)} || jsonb_build_object(
        'acl', (SELECT jsonb_agg(one::text ORDER BY one::text COLLATE "C") FROM unnest(c.relacl) AS one),
        'comment', obj_description(c.oid, 'pg_class'),
        'toast', (SELECT to_jsonb(t.reloptions) FROM pg_class t WHERE t.oid = c.reltoastrelid))
      FROM pg_class c WHERE c.oid = ${oid}),
    'columns', (SELECT jsonb_agg(${rowOf("pg_attribute", sql`a`)} || jsonb_build_object(
        'default', pg_get_expr(e.adbin, e.adrelid), 'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum)
      FROM pg_attribute a LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
      WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped),
    'constraints', (SELECT jsonb_agg(${
    rowOf("pg_constraint", sql`k`)
  } - CASE k.contype WHEN 'f' THEN 'convalidated' ELSE '' END
        || jsonb_build_object('of', k.conrelid::regclass::text, 'index', k.conindid::regclass::text,
          'definition', replace(pg_get_constraintdef(k.oid), CASE k.contype WHEN 'f' THEN ' NOT VALID' ELSE '' END, ''),
          'comment', obj_description(k.oid, 'pg_constraint'))
        ORDER BY k.conrelid::regclass::text COLLATE "C", k.conname COLLATE "C")
      FROM pg_constraint k WHERE k.conrelid = ${oid} OR k.contype = 'f' AND k.confrelid = ${oid}),
    'indexes', (SELECT jsonb_agg(${rowOf("pg_index", sql`i`)} || ${rowOf("pg_class", sql`x`)} || jsonb_build_object(
        'definition', pg_get_indexdef(i.indexrelid), 'comment', obj_description(x.oid, 'pg_class'),
        'columns', (SELECT jsonb_agg(${
    rowOf("pg_attribute", sql`a`)
  } ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = x.oid))
        ORDER BY x.relname COLLATE "C")
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = ${oid}),
    'sequences', (SELECT jsonb_agg(${rowOf("pg_sequence", sql`q`)} || ${
    rowOf("pg_class", sql`s`)
  } || jsonb_build_object(
        'last', pg_sequence_last_value(s.oid), 'acl', s.relacl::text, 'comment', obj_description(s.oid, 'pg_class'))
        ORDER BY s.relname COLLATE "C")
      FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = s.oid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ${oid}),
    'dependents', ${dependents(oid)})`;
}
