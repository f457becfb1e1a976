/** The queries behind the inventory. Names in their results are the catalogues' own. @module */

import { joinSql, ofVersion, type Sql, trusted, type VersionedSql } from "../../engine/sql.ts";
import { rdsAdmin } from "../sql/rds_names.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { holdsSamples } from "./samples.ts";

/** Not the server's own (below FirstNormalObjectId). */
function normal(oid: string): Sql {
  return sql`${trusted(oid)} >= 16384`;
}

/** Of no extension's script. Only where the rows of an extension's objects have an answer of their own: its texts are read too. */
function made(catalogue: string, oid: string): Sql {
  return sql`${normal(oid)} AND NOT EXISTS (SELECT FROM pg_depend own
    WHERE own.classid = '${trusted(catalogue)}'::regclass AND own.objid = ${trusted(oid)} AND own.objsubid = 0
      AND own.deptype = 'e')`;
}

/**
 * Users' objects in any schema: not TOAST tables, not our scratch. Temporary ones too: a crash leaves them, and the restored workspace
 * has no session of their own.
 */
function inSchema(oid: string, space: string): Sql {
  return sql`${normal(oid)} AND ${trusted(space)} = ANY (ARRAY(SELECT home.oid FROM pg_namespace home
    WHERE home.nspname !~ '^pg_toast' AND home.nspname <> 'datascrubber'))`;
}

/** A function that is not in C: a user can write it without being a superuser, and also give it to an extension of their own. */
function writtenHere(oid: string): Sql {
  return sql`EXISTS (SELECT FROM pg_proc own JOIN pg_language l ON l.oid = own.prolang
    WHERE own.oid = ${trusted(oid)} AND ${normal("own.oid")} AND l.lanname NOT IN ('c', 'internal'))`;
}

/** The server's schemas, in which only a superuser can create objects. */
const systemSchema = sql`'pg_catalog'::regnamespace, 'information_schema'::regnamespace`;

const relation = inSchema("c.oid", "c.relnamespace");
/**
 * That the file of its long values or of an index is longer than a new one: VACUUM shortens a table's own file alone when its rows are
 * gone. An index over digests holds no values.
 */
const hasOtherPages = sql`(c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > 0
  OR EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE i.indrelid = c.oid AND m.amname <> 'hash' AND pg_relation_size(x.oid) >
      CASE m.amname WHEN 'spgist' THEN 3 WHEN 'gin' THEN 2 WHEN 'brin' THEN 2 ELSE 1 END * current_setting('block_size')::bigint))`;
const named = sql`c.oid::regclass::text`;
const here = sql`(SELECT oid FROM pg_database WHERE datname = current_database())`;

/** What hardly any text of the server's own has, in thousands of comments and functions: a superuser can have changed one. */
const unlikeServer = sql`'@|[0-9]([^0-9]{0,3}[0-9]){5}'`;

/**
 * Names that a parsed query keeps of the tables and columns that it reads, and of its own columns: those of the day when it was made,
 * whatever they are called by now. No definition shows them, but the catalogue does. NULL stands there as `<>`.
 */
function formerNames(catalogue: string, query: string): Sql {
  return sql`SELECT DISTINCT '${trusted(catalogue)} ' || o.oid,
      replace(regexp_replace(coalesce(one[1], one[2], one[3]), '\\\\(.)', '\\1', 'g'), '" "', ', ')
    FROM ${trusted(catalogue)} o CROSS JOIN regexp_matches(o.${trusted(query)}::text,
      ':colnames \\(((?:[^()\\\\]|\\\\.)*)|:aliasname ((?:[^ \\\\]|\\\\.)+)|:resname ((?:[^ \\\\]|\\\\.)+)', 'g') AS one
    WHERE ${normal("o.oid")}`;
}

/** What shows samples, statements, the log or pages of files, where a query reads it. */
const inner =
  "\\m(pg_stat(s|istic)?(_|\\M)|pg_mcv_list_items|pg_get_wal_|pg_logical_slot_|pg_read_|pg_ls_|get_raw_page)";
const readsInner = (text: string) => sql`${trusted(text)} ~* '${trusted(inner)}'`;

/** The first version that has it, a catalogue, its column for the object, and one with parsed expressions. */
const constants: readonly (readonly [from: number, catalogue: string, oid: string, column: string])[] = [
  [13, "pg_rewrite", "oid", "ev_action"],
  [13, "pg_rewrite", "oid", "ev_qual"],
  [13, "pg_attrdef", "oid", "adbin"],
  [13, "pg_constraint", "oid", "conbin"],
  [13, "pg_proc", "oid", "proargdefaults"],
  [14, "pg_proc", "oid", "prosqlbody"],
  [13, "pg_policy", "oid", "polqual"],
  [13, "pg_policy", "oid", "polwithcheck"],
  [13, "pg_trigger", "oid", "tgqual"],
  [13, "pg_type", "oid", "typdefaultbin"],
  [13, "pg_index", "indexrelid", "indexprs"],
  [13, "pg_index", "indexrelid", "indpred"],
  [13, "pg_partitioned_table", "partrelid", "partexprs"],
  [13, "pg_class", "oid", "relpartbound"],
  [14, "pg_statistic_ext", "oid", "stxexprs"],
  [15, "pg_publication_rel", "oid", "prqual"],
];

/**
 * Columns, and objects with a constant, of a type that has lost an attribute since, as far as it can be inside another type. Rows keep its
 * values: neither a rewrite of the table nor ALTER TYPE makes those of the type anew. So do the bytes of constants, for everybody who
 * reads the catalogue, and no definition shows them.
 */
function droppedAttributes(version: number): Sql {
  const trees = constants.filter(([from]) => from <= version).map(([, catalogue, oid, column]) => {
    const of = catalogue === "pg_index" || catalogue === "pg_partitioned_table" ? "pg_class" : catalogue;
    return sql`SELECT '${trusted(of)}'::regclass, o.${trusted(oid)}, o.${trusted(column)}::text FROM ${
      trusted(catalogue)
    } o WHERE o.${trusted(column)} IS NOT NULL AND ${normal(`o.${oid}`)}`;
  });
  return sql`WITH RECURSIVE shortened (oid) AS (
      SELECT t.oid FROM pg_type t JOIN pg_attribute d ON d.attrelid = t.typrelid WHERE d.attnum > 0 AND d.attisdropped
      UNION SELECT holder.oid FROM shortened CROSS JOIN LATERAL (
        SELECT t.oid FROM pg_type t WHERE t.typbasetype = shortened.oid OR t.typelem = shortened.oid AND t.typcategory = 'A'
        UNION ALL SELECT unnest(ARRAY[g.rngtypid, (to_jsonb(g) ->> 'rngmultitypid')::oid]) FROM pg_range g WHERE g.rngsubtype = shortened.oid
        UNION ALL SELECT t.oid FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid
          WHERE a.atttypid = shortened.oid AND a.attnum > 0 AND NOT a.attisdropped
      ) AS holder (oid)
    )
    SELECT 'dropped attribute', ${named} || '.' || quote_ident(a.attname), NULL::text
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${relation}
      AND a.atttypid IN (SELECT oid FROM shortened)
    UNION ALL SELECT DISTINCT 'dropped attribute', 'constant in ' || pg_describe_object(tree.class, tree.oid, 0), NULL::text
    FROM (${joinSql(trees, " UNION ALL ")}) AS tree (class, oid, body)
    CROSS JOIN LATERAL regexp_matches(tree.body, ':consttype ([0-9]+) [^}]*:constisnull false', 'g') AS constant (parts)
    WHERE EXISTS (SELECT FROM shortened) AND constant.parts[1]::oid IN (SELECT oid FROM shortened)`;
}

/**
 * Statistics of these tables and indexes that hold values of rows, and the column. The view is read once: the planner, which knows but the
 * server's own tables in a young catalogue, would read it for each of the users'.
 */
function samplesOf(relations: Sql): Sql {
  return sql`WITH shown AS MATERIALIZED (SELECT s.schemaname, s.tablename, s.attname FROM pg_stats s
      WHERE s.tablename = ANY (ARRAY(SELECT one.relname FROM pg_class one WHERE ${normal("one.oid")} AND ${relations}))
        AND ${holdsSamples})
    SELECT c.oid, s.attname FROM shown s JOIN pg_namespace home ON home.nspname = s.schemaname
      JOIN pg_class c ON c.relnamespace = home.oid AND c.relname = s.tablename WHERE ${normal("c.oid")}`;
}

/** ANALYZE makes samples of an index's expressions alone; what its other columns were given, by a function of version 18, outlasts it. */
const copiesInIndexes = sql`SELECT DISTINCT 'copy of statistics', i.indexrelid::regclass::text, NULL
    FROM (${samplesOf(sql`one.relkind IN ('i', 'I')`)}) AS sampled (relation, attname)
    JOIN pg_index i ON i.indexrelid = sampled.relation JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = sampled.relation AND a.attname = sampled.attname
    WHERE i.indkey[a.attnum - 1] <> 0 AND ${relation}`;

/**
 * Tables of extensions that hold values. One that an extension's script made has no dependency on its partitions. PostGIS's coordinate
 * systems are read row by row (spatial_reference_systems.ts); a table of that name may be anybody's.
 *
 * The planner keeps values of a table when its rows are gone, too: no rule makes those anew that are an extension's. The view hides those
 * of a table that its owner may not read, until the owner grants that. Those of pg_cron's `username` are names of roles, and cannot be
 * removed (pg_cron.ts).
 */
function tablesOfExtensions(version: number): Sql {
  const ofSeveral = (view: string, samples: Sql) =>
    sql`SELECT c.oid, NULL FROM ${trusted(view)} e JOIN pg_namespace home ON home.nspname = e.schemaname
        JOIN pg_class c ON c.relnamespace = home.oid AND c.relname = e.tablename WHERE ${samples}`;
  const ofExpressions = ofSeveral(
    "pg_stats_ext_exprs",
    sql`e.most_common_vals IS NOT NULL OR e.histogram_bounds IS NOT NULL OR e.most_common_elems IS NOT NULL`,
  );
  return sql`WITH RECURSIVE owned (oid, extension) AS (
      SELECT d.objid, x.extname FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.objsubid = 0 AND d.deptype = 'e'
      UNION SELECT i.inhrelid, owned.extension FROM owned
        JOIN pg_inherits i ON i.inhparent = owned.oid JOIN pg_class part ON part.oid = i.inhrelid AND part.relispartition
    ), own_sampled (relation, attname) AS MATERIALIZED (${
    samplesOf(sql`(one.relkind IN ('i', 'I') OR one.oid IN (SELECT oid FROM owned))`)
  }), sampled (relation, attname) AS (
      SELECT relation, attname FROM own_sampled
      UNION ALL SELECT i.indrelid, NULL FROM own_sampled JOIN pg_index i ON i.indexrelid = own_sampled.relation
      UNION ALL ${ofSeveral("pg_stats_ext", sql`e.most_common_vals IS NOT NULL`)}
      ${version < 14 ? sql`` : sql`UNION ALL ${ofExpressions}`}
    )
    SELECT 'table of an extension', ${named}, NULL FROM pg_class c JOIN owned ON owned.oid = c.oid
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
      AND NOT (c.relname = 'spatial_ref_sys' AND owned.extension = 'postgis')
      AND (pg_relation_size(c.oid) > 0 OR ${hasOtherPages}
        OR pg_has_role(c.relowner, 'USAGE') AND NOT has_table_privilege(c.oid, 'SELECT')
        OR EXISTS (SELECT FROM sampled WHERE sampled.relation = c.oid
          AND NOT (owned.extension = 'pg_cron' AND coalesce(sampled.attname, '') = 'username')))`;
}

/**
 * Materialised views that read statistics through views, operators and aggregates of anybody's. On the server's own functions nothing
 * depends, so a view's text is what shows them. A function's body, whose own calls no catalogue shows, may read statistics where any
 * function or view of the database does.
 */
const copiesInViews = sql`WITH RECURSIVE source (of, class, oid) AS (
    SELECT c.oid, 'pg_class'::regclass::oid, c.oid FROM pg_class c WHERE c.relkind = 'm' AND ${relation}
    UNION SELECT source.of, d.refclassid, d.refobjid FROM source
      LEFT JOIN pg_rewrite r ON source.class = 'pg_class'::regclass AND r.ev_class = source.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        OR d.classid = source.class AND d.objid = source.oid AND source.class <> 'pg_class'::regclass
      WHERE d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass)
  )
  SELECT DISTINCT 'copy of statistics', source.of::regclass::text, NULL FROM source
  WHERE EXISTS (SELECT FROM pg_class k WHERE source.class = 'pg_class'::regclass AND k.oid = source.oid
      AND (k.relkind = 'v' AND k.relname ~ '^pg_stat'
        OR k.relkind IN ('v', 'm') AND k.oid >= 16384 AND ${readsInner("pg_get_viewdef(k.oid)")}))
    OR source.class = 'pg_proc'::regclass AND ${writtenHere("source.oid")} AND (
      EXISTS (SELECT FROM pg_proc f WHERE ${writtenHere("f.oid")}
        AND ${readsInner("CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) END")})
      OR EXISTS (SELECT FROM pg_depend d JOIN pg_class k ON k.oid = d.refobjid
        WHERE d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass) AND d.objid >= 16384
          AND d.refclassid = 'pg_class'::regclass AND k.relname ~ '^pg_stat'))`;

/** What the queries depend on. */
export interface DatabaseFacts {
  /** The server's major version. */
  readonly version: number;
  /** Whether an extension has a table, a view or an index in the database. */
  readonly extensions: boolean;
  /** Whether a relation or a composite type of the database has lost a column or attribute. */
  readonly droppedAttributes: boolean;
  /** Whether the database has any. */
  readonly materialisedViews: boolean;
}

/** A query, or queries that depend on the server or the database. */
type InventoryQuery = VersionedSql | ((facts: DatabaseFacts) => readonly Sql[]);

/** Kind, name and text of every object, by the order of the kinds in dependencies. A text that is NULL is none. */
const databaseObjects: readonly InventoryQuery[] = [
  // A materialised view's text is kept when its rows are removed.
  sql`SELECT 'view', ${named}, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind IN ('v', 'm') AND ${relation}`,
  // In the order of creation, since one may read another.
  sql`SELECT 'materialised view', ${named}, NULL FROM pg_class c WHERE c.relkind = 'm' AND c.relispopulated AND ${relation}
    AND ${made("pg_class", "c.oid")} AND c.relnamespace NOT IN (${systemSchema})`,
  sql`SELECT 'rule', r.rulename || ' on ' || c.oid::regclass, pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND ${relation}`,
  sql`SELECT 'policy', p.polname || ' on ' || c.oid::regclass,
    concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${relation}`,
  sql`SELECT 'function', p.oid::regprocedure::text,
    CASE WHEN p.prokind = 'a' THEN concat_ws(' ',
        (SELECT concat_ws(' ', a.agginitval, a.aggminitval) FROM pg_aggregate a WHERE a.aggfnoid = p.oid),
        array_to_string(p.proargnames, ' '))
      ELSE pg_get_functiondef(p.oid) END
    FROM pg_proc p WHERE ${inSchema("p.oid", "p.pronamespace")}`,
  sql`SELECT 'function', p.oid::regprocedure::text, array_to_string(p.proconfig, ' ')
    FROM pg_proc p WHERE p.oid < 16384 AND p.proconfig IS NOT NULL`,
  sql`SELECT 'function', p.oid::regprocedure::text, p.prosrc
    FROM pg_proc p WHERE p.oid < 16384 AND p.prosrc ~ ${unlikeServer}`,
  sql`SELECT 'trigger', t.tgname || ' on ' || c.oid::regclass, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ${relation}`,
  // Aurora User Guide, "Protecting sensitive data with dynamic data masking".
  sql`SELECT 'column mask', x.extname, NULL FROM pg_extension x WHERE x.extname = 'pg_columnmask'`,
  sql`SELECT 'event trigger', e.evtname, array_to_string(e.evttags, ' ')
    FROM pg_event_trigger e WHERE ${normal("e.oid")}`,
  sql`SELECT CASE WHEN a.attgenerated = '' THEN 'default' ELSE 'generated column' END,
    c.oid::regclass || '.' || quote_ident(a.attname), pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE ${relation}`,
  sql`SELECT 'check constraint', k.conname || ' on ' || c.oid::regclass, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype IN ('c', 'x') AND ${
    normal("k.oid")
  } AND ${relation}`,
  sql`SELECT 'domain', format_type(t.oid, NULL), concat_ws(' ', t.typdefault,
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k WHERE k.contypid = t.oid))
    FROM pg_type t WHERE (t.typtype = 'd' OR t.typdefault IS NOT NULL) AND ${inSchema("t.oid", "t.typnamespace")}`,
  sql`SELECT 'index expression', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND ${relation}`,
  // Statistics on expressions came with version 14.
  sql`SELECT 'statistics object', s.oid::text || ' on ' || c.oid::regclass, pg_get_statisticsobjdef(s.oid)
    FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid WHERE ${relation}`,
  sql`SELECT 'partition key', ${named}, pg_get_partkeydef(c.oid)
    FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE ${relation}`,
  sql`SELECT 'partition bound', ${named}, pg_get_expr(c.relpartbound, c.oid)
    FROM pg_class c WHERE c.relispartition AND c.relpartbound IS NOT NULL AND ${relation}`,
  sql`SELECT 'enum labels', format_type(t.oid, NULL),
    (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
    FROM pg_type t WHERE t.typtype = 'e' AND ${inSchema("t.oid", "t.typnamespace")}`,
  // 2200 is the schema public, whose comment people change. An extension's owner may change those of the extension and its objects. Of the
  // server's own thousands those are read that have what no such comment has.
  sql`SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description FROM pg_description d
    WHERE d.objoid >= 16384 OR d.objoid = 2200 OR d.classoid = 'pg_extension'::regclass OR d.description ~ ${unlikeServer}`,
  sql`SELECT 'comment', 'database', d.description FROM pg_shdescription d
    WHERE d.classoid = 'pg_database'::regclass AND d.objoid = ${here}`,
  // The view pg_seclabels leaves kinds of objects out.
  sql`SELECT 'security label', coalesce(pg_describe_object(l.classoid, l.objoid, l.objsubid), 'of an object'),
      concat_ws(' ', l.provider, l.label)
    FROM pg_seclabel l`,
  sql`SELECT 'security label', 'database', concat_ws(' ', provider, label) FROM pg_shseclabel
    WHERE classoid = 'pg_database'::regclass AND objoid = ${here}`,
  settings(sql`s.setdatabase = ${here}`),
  sql`SELECT 'option', ${named}, array_to_string(c.reloptions, ' ') FROM pg_class c WHERE c.reloptions IS NOT NULL AND ${relation}`,
  sql`SELECT 'option', c.oid::regclass || '.' || quote_ident(a.attname),
      concat_ws(' ', array_to_string(a.attoptions, ' '), array_to_string(a.attfdwoptions, ' '))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE (a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL) AND ${relation}`,
  sql`SELECT 'option', ${named} || ' (TOAST)', array_to_string(t.reloptions, ' ')
    FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE t.reloptions IS NOT NULL AND ${relation}`,
  sql`SELECT 'option', f.fdwname, array_to_string(f.fdwoptions, ' ')
    FROM pg_foreign_data_wrapper f WHERE f.fdwoptions IS NOT NULL`,
  (facts) => facts.droppedAttributes ? [droppedAttributes(facts.version)] : [],
  // The value of rows older than ALTER TABLE ADD COLUMN … DEFAULT, until the table is rewritten.
  sql`SELECT 'value for old rows', c.oid::regclass || '.' || quote_ident(a.attname), a.attmissingval::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.atthasmissing AND ${relation}`,
  sql`SELECT 'text search dictionary', t.oid::regdictionary::text, t.dictinitoption
    FROM pg_ts_dict t WHERE t.dictinitoption IS NOT NULL AND ${inSchema("t.oid", "t.dictnamespace")}`,
  sql`SELECT 'collation', l.oid::regcollation::text, to_jsonb(l)::text
    FROM pg_collation l WHERE ${inSchema("l.oid", "l.collnamespace")}`,
  sql`SELECT 'foreign server', s.srvname, NULL FROM pg_foreign_server s`,
  sql`SELECT 'user mapping', m.usename || ' on ' || m.srvname, NULL FROM pg_user_mappings m`,
  sql`SELECT 'foreign table', ${named}, NULL FROM pg_class c WHERE c.relkind = 'f'`,
  sql`SELECT 'subscription', s.subname, NULL FROM pg_subscription s
    WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  sql`SELECT 'publication', p.pubname, '' FROM pg_publication p`,
  [
    15,
    sql`SELECT 'publication', p.pubname || ' of ' || r.prrelid::regclass, pg_get_expr(r.prqual, r.prrelid)
    FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prqual IS NOT NULL`,
  ],
  sql`SELECT 'large objects', 'of the database', NULL WHERE EXISTS (SELECT FROM pg_largeobject_metadata)`,
  // The planner takes as long over the views of statistics as over half of the rest.
  ({ version, extensions }) => extensions ? [tablesOfExtensions(version)] : [],
  copiesInIndexes,
  [
    14,
    sql`SELECT 'detached partition', ${named}, NULL FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE i.inhdetachpending AND ${relation}`,
  ],
  ({ materialisedViews }) => materialisedViews ? [copiesInViews] : [],
  sql`SELECT 'dead index', i.indexrelid::regclass::text, NULL FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE NOT i.indislive AND ${relation}`,
  // Superusers change the rows of the standard's tables. No other role may read those of sql_parts.
  ...["sql_features", "sql_implementation_info", "sql_sizing"].map((table) =>
    sql`SELECT 'row of a system table', ${textLiteral(table)}, to_jsonb(one)::text
    FROM information_schema.${trusted(table)} one WHERE to_jsonb(one)::text ~ ${unlikeServer}`
  ),
  sql`SELECT 'object in a system schema', ${named}, NULL FROM pg_class c
    WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relnamespace IN (${systemSchema}) AND ${made("pg_class", "c.oid")}`,
];

/** Databases that initdb or RDS created, which no scrubber knows: every role may have settings of its own for one. */
const ofServer = sql`datname IN (current_database(), 'template0', 'template1', ${rdsAdmin})`;

/** Objects outside of databases, and of the databases that initdb or RDS created. */
const serverObjects: readonly InventoryQuery[] = [
  sql`SELECT 'comment', pg_describe_object(d.classoid, d.objoid, 0), d.description FROM pg_shdescription d
    WHERE NOT (d.classoid = 'pg_database'::regclass AND d.objoid NOT IN (SELECT oid FROM pg_database WHERE ${ofServer}))`,
  sql`SELECT 'security label', coalesce(pg_describe_object(l.classoid, l.objoid, 0), 'of an object'),
      concat_ws(' ', l.provider, l.label)
    FROM pg_shseclabel l
    WHERE NOT (l.classoid = 'pg_database'::regclass AND l.objoid NOT IN (SELECT oid FROM pg_database WHERE ${ofServer}))`,
  settings(sql`s.setdatabase = 0 OR s.setdatabase IN (SELECT oid FROM pg_database WHERE ${ofServer})`),
  sql`SELECT 'collation', 'of database ' || d.oid, concat_ws(' ', d.datcollate, d.datctype, to_jsonb(d) ->> 'daticulocale',
      to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticurules', 'version ' || (to_jsonb(d) ->> 'datcollversion')) FROM pg_database d`,
  sql`SELECT 'option', 'connection limit of role ' || quote_ident(r.rolname), 'connection_limit=' || r.rolconnlimit FROM pg_roles r
    WHERE r.rolconnlimit > 0`,
  sql`SELECT 'option', 'connection limit of database ' || quote_ident(d.datname), 'connection_limit=' || d.datconnlimit FROM pg_database d
    WHERE d.datconnlimit > 0`,
  sql`SELECT 'option', 'last day of role ' || quote_ident(r.rolname), format('valid_until=%L', r.rolvaliduntil::text) FROM pg_roles r
    WHERE r.rolvaliduntil IS NOT NULL`,
  sql`SELECT 'option', 'tablespace ' || t.oid, array_to_string(t.spcoptions, ' ') FROM pg_tablespace t WHERE t.spcoptions IS NOT NULL`,
];

/** Settings of databases and roles. Quotes around the value make it look like one. */
function settings(where: Sql): Sql {
  return sql`SELECT 'setting', coalesce('role ' || quote_ident(r.rolname), 'database') || ': ' || split_part(one, '=', 1),
    split_part(one, '=', 1) || '=''' || substr(one, strpos(one, '=') + 1) || ''''
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS one
    WHERE (${where}) AND coalesce(r.rolname, '') <> ${rdsAdmin}`;
}

/** Names in a database: the catalogue and OID of the object, and the name. */
const databaseNames: readonly InventoryQuery[] = [
  ...([
    ["pg_proc", "proname"],
    ["pg_constraint", "conname"],
    ["pg_rewrite", "rulename"],
    ["pg_policy", "polname"],
    ["pg_operator", "oprname"],
    ["pg_opfamily", "opfname"],
    ["pg_opclass", "opcname"],
    ["pg_am", "amname"],
    ["pg_language", "lanname"],
    ["pg_statistic_ext", "stxname"],
    ["pg_event_trigger", "evtname"],
    ["pg_conversion", "conname"],
    ["pg_ts_config", "cfgname"],
    ["pg_ts_dict", "dictname"],
    ["pg_ts_parser", "prsname"],
    ["pg_ts_template", "tmplname"],
    ["pg_extension", "extname"],
    ["pg_extension", "extversion"],
    ["pg_foreign_data_wrapper", "fdwname"],
    ["pg_foreign_server", "srvname"],
    ["pg_foreign_server", "srvtype"],
    ["pg_foreign_server", "srvversion"],
    ["pg_collation", "collname"],
    ["pg_publication", "pubname"],
  ] as const).map(([catalogue, column]) => nameOf(catalogue, column)),
  sql`SELECT 'pg_class ' || c.oid, c.relname FROM pg_class c WHERE ${relation}`,
  // Types of rows and arrays are named after another object.
  sql`SELECT 'pg_type ' || t.oid, t.typname FROM pg_type t
    WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND ${normal("t.oid")}`,
  sql`SELECT 'pg_attribute ' || c.oid || '.' || a.attnum, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND ${relation}`,
  sql`SELECT 'pg_proc ' || p.oid, one FROM pg_proc p CROSS JOIN unnest(p.proargnames) AS one WHERE ${normal("p.oid")}`,
  sql`SELECT 'pg_trigger ' || t.oid, t.tgname FROM pg_trigger t WHERE NOT t.tgisinternal AND ${normal("t.oid")}`,
  sql`SELECT 'pg_namespace ' || n.oid, n.nspname FROM pg_namespace n WHERE n.oid >= 16384 OR n.oid = 2200`,
  formerNames("pg_rewrite", "ev_action"),
  formerNames("pg_rewrite", "ev_qual"),
  formerNames("pg_policy", "polqual"),
  formerNames("pg_policy", "polwithcheck"),
  [14, formerNames("pg_proc", "prosqlbody")],
  // A script of a user's is an extension too, as with pg_tle.
  sql`SELECT 'pg_extension ' || x.oid, one FROM pg_extension x CROSS JOIN unnest(x.extcondition) AS one`,
];

/** Names outside of databases. Arrays of text are searched as a whole. */
const serverNames: readonly InventoryQuery[] = [
  sql`SELECT 'pg_authid ' || r.oid, r.rolname FROM pg_roles r`,
  sql`SELECT 'pg_database ' || d.oid, d.datname FROM pg_database d`,
  nameOf("pg_tablespace", "spcname"),
  sql`SELECT 'location of pg_tablespace ' || t.oid, pg_tablespace_location(t.oid) FROM pg_tablespace t WHERE ${
    normal("t.oid")
  }`,
  sql`SELECT 'pg_replication_origin ' || o.roident, o.roname FROM pg_replication_origin o`,
  sql`SELECT 'pg_subscription ' || s.oid, concat_ws(' ', s.subname, s.subslotname, array_to_string(s.subpublications, ' '))
    FROM pg_subscription s`,
  [15, sql`SELECT 'pg_parameter_acl ' || p.oid, p.parname FROM pg_parameter_acl p`],
];

function nameOf(catalogue: string, column: string): Sql {
  return sql`SELECT '${trusted(catalogue)} ' || o.oid, o.${trusted(column)} FROM ${trusted(catalogue)} o WHERE ${
    normal("o.oid")
  }
    AND o.${trusted(column)} IS NOT NULL`;
}

/** Every object: kind, name, text, and a place to sort by. Among columns of type `name`, a longer text would be cut off at 63 bytes. */
function union(queries: readonly InventoryQuery[], facts: DatabaseFacts, columns: readonly string[]): Sql {
  const there = queries.flatMap((query) =>
    typeof query === "function" ? query(facts) : ofVersion(query, facts.version)
  );
  return joinSql(
    there.map((query, place) =>
      sql`SELECT ${place} AS place, ${trusted(columns.map((column) => `p.${column}::text`).join(", "))}
        FROM (${query}) AS p (${trusted(columns.join(", "))})`
    ),
    " UNION ALL ",
  );
}

const objectColumns = ["kind", "name", "body"];
const nameColumns = ["what", "name"];

/** What a database holds: {@linkcode objectColumns} of objects, {@linkcode nameColumns} of names. */
export function databaseQueries(facts: DatabaseFacts): { readonly objects: Sql; readonly names: Sql } {
  return { objects: union(databaseObjects, facts, objectColumns), names: union(databaseNames, facts, nameColumns) };
}

/** The same for objects outside of databases. */
export function serverQueries(facts: DatabaseFacts): { readonly objects: Sql; readonly names: Sql } {
  return { objects: union(serverObjects, facts, objectColumns), names: union(serverNames, facts, nameColumns) };
}

/** CHECK constraints of tables; those of domains belong to the type. */
export const checksQuery: Sql = sql`
  SELECT CASE WHEN n.nspname = 'public' AND strpos(c.relname, '.') = 0 THEN c.relname
      ELSE n.nspname || '.' || c.relname END AS table_id,
    k.conname AS name, pg_get_expr(k.conbin, k.conrelid) AS holds
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype = 'c' AND ${relation}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C"`;
