/** The queries behind the inventory. Names in their results are the catalogues' own. @module */

import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** What a user made: not the server's own (below FirstNormalObjectId), not an extension's, not temporary, not our scratch. */
function made(catalogue: string, oid: string, space?: string): Sql {
  const own = sql`${trusted(oid)} >= 16384 AND NOT EXISTS (SELECT FROM pg_depend own
    WHERE own.classid = '${trusted(catalogue)}'::regclass AND own.objid = ${trusted(oid)} AND own.objsubid = 0
      AND own.deptype = 'e')`;
  if (space === undefined) return own;
  return sql`${own} AND ${trusted(space)} IN (SELECT home.oid FROM pg_namespace home
    WHERE home.nspname !~ '^pg_' AND home.nspname NOT IN ('information_schema', 'datascrubber'))`;
}

const relation = made("pg_class", "c.oid", "c.relnamespace");
const named = sql`c.oid::regclass::text`;

/** Kind, name and text of every object, by the order of the kinds in dependencies. A text that is NULL is none. */
const parts: readonly Sql[] = [
  // The text of a materialised view stays when its rows go.
  sql`SELECT 'view', ${named}, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind IN ('v', 'm') AND ${relation}`,
  // In the order of their making, since one may read another.
  sql`SELECT 'materialised view', ${named}, NULL FROM pg_class c WHERE c.relkind = 'm' AND c.relispopulated AND ${relation}`,
  sql`SELECT 'rule', r.rulename || ' on ' || c.oid::regclass, pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND ${relation}`,
  sql`SELECT 'policy', p.polname || ' on ' || c.oid::regclass,
    concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${relation}`,
  sql`SELECT 'function', p.oid::regprocedure::text,
    CASE WHEN p.prokind = 'a' THEN coalesce((SELECT a.agginitval FROM pg_aggregate a WHERE a.aggfnoid = p.oid), '')
      ELSE pg_get_functiondef(p.oid) END
    FROM pg_proc p WHERE ${made("pg_proc", "p.oid", "p.pronamespace")}`,
  sql`SELECT 'trigger', t.tgname || ' on ' || c.oid::regclass, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ${relation}`,
  sql`SELECT 'event trigger', e.evtname, array_to_string(e.evttags, ' ')
    FROM pg_event_trigger e WHERE ${made("pg_event_trigger", "e.oid")}`,
  sql`SELECT CASE WHEN a.attgenerated = '' THEN 'default' ELSE 'generated column' END,
    c.oid::regclass || '.' || quote_ident(a.attname), pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE ${relation}`,
  sql`SELECT 'check constraint', k.conname || ' on ' || c.oid::regclass, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype IN ('c', 'x') AND ${relation}`,
  sql`SELECT 'domain', format_type(t.oid, NULL), concat_ws(' ', t.typdefault,
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k WHERE k.contypid = t.oid))
    FROM pg_type t WHERE t.typtype = 'd' AND ${made("pg_type", "t.oid", "t.typnamespace")}`,
  sql`SELECT 'index expression', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND ${relation}`,
  sql`SELECT 'partition bound', ${named}, pg_get_expr(c.relpartbound, c.oid)
    FROM pg_class c WHERE c.relispartition AND c.relpartbound IS NOT NULL AND ${relation}`,
  sql`SELECT 'enum labels', format_type(t.oid, NULL),
    (SELECT string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
    FROM pg_type t WHERE t.typtype = 'e' AND ${made("pg_type", "t.oid", "t.typnamespace")}`,
  // 2200 is the schema public, whose comment people change.
  sql`SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description FROM pg_description d
    WHERE (d.objoid >= 16384 OR d.objoid = 2200) AND NOT EXISTS (SELECT FROM pg_depend own
      WHERE own.classid = d.classoid AND own.objid = d.objoid AND own.deptype = 'e')
    AND NOT (d.classoid = 'pg_extension'::regclass)`,
  sql`SELECT 'comment', 'database', d.description FROM pg_shdescription d
    WHERE d.classoid = 'pg_database'::regclass AND d.objoid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  sql`SELECT 'security label', objname, label FROM pg_seclabels`,
  // Quotes around the value make it look like one.
  sql`SELECT 'setting', coalesce('role ' || quote_ident(r.rolname), 'database') || ': ' || split_part(one, '=', 1),
    split_part(one, '=', 1) || '=''' || substr(one, strpos(one, '=') + 1) || ''''
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS one
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND coalesce(r.rolname, '') NOT IN ('rdsadmin', 'postgres')`,
  sql`SELECT 'foreign server', s.srvname, NULL FROM pg_foreign_server s`,
  sql`SELECT 'user mapping', m.usename || ' on ' || m.srvname, NULL FROM pg_user_mappings m`,
  sql`SELECT 'foreign table', ${named}, NULL FROM pg_class c WHERE c.relkind = 'f'`,
  sql`SELECT 'subscription', s.subname, NULL FROM pg_subscription s
    WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  // Row filters came with version 15.
  sql`SELECT 'publication', p.pubname, coalesce((SELECT string_agg(to_jsonb(t) ->> 'rowfilter', ' ')
    FROM pg_publication_tables t WHERE t.pubname = p.pubname), '') FROM pg_publication p`,
  sql`SELECT 'large objects', 'of the database', NULL WHERE EXISTS (SELECT FROM pg_largeobject_metadata)`,
  // Coordinate systems are published reference data.
  sql`SELECT 'table of an extension', ${named}, NULL FROM pg_class c
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
    JOIN pg_extension x ON x.oid = d.refobjid
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND c.relname <> 'spatial_ref_sys'
      AND pg_relation_size(c.oid) > 0`,
];

/** Every object: kind, name, text, and a place to sort by. */
export const objectsQuery: Sql = joinSql(
  parts.map((part, place) => sql`SELECT ${place} AS place, p.* FROM (${part}) AS p (kind, name, body)`),
  " UNION ALL ",
);

/** Checks of tables; domains have theirs in the type. */
export const checksQuery: Sql = sql`
  SELECT CASE WHEN n.nspname = 'public' AND strpos(c.relname, '.') = 0 THEN c.relname
      ELSE n.nspname || '.' || c.relname END AS table_id,
    k.conname AS name, pg_get_expr(k.conbin, k.conrelid) AS holds
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype = 'c' AND ${relation}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C"`;
