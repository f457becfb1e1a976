/** What a PostgreSQL database defines, and how many rows it holds: what a copy of it is compared by. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { inGroups } from "../../core/in_groups.ts";
import { sql, textLiteral } from "../../postgresql/sql/literals.ts";
import { type Definitions, readDefinitions } from "../definitions.ts";

/** A row of a catalogue that stands for something that a user made, and no extension. */
function isOwn(catalogue: string, row: string): Sql {
  const oid = trusted(`${row}.oid`);
  return sql`${oid} >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.classid = ${
    textLiteral(`pg_catalog.${catalogue}`)
  }::regclass AND e.objid = ${oid} AND e.objsubid = 0 AND e.deptype = 'e')`;
}

const space = sql`n.nspname !~ '^pg_(toast|temp)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;

/** The owner and who may do what, whether the catalogue spells the default out or not. */
function rightsOf(acl: string, kind: string, owner: string): Sql {
  const [list, role] = [trusted(acl), trusted(owner)];
  return sql`concat_ws(' ', pg_get_userbyid(${role}), (SELECT string_agg(format('%s:%s:%s', pg_get_userbyid(p.grantee), p.privilege_type,
    p.is_grantable), ',' ORDER BY p.grantee = 0, pg_get_userbyid(p.grantee), p.privilege_type)
    FROM aclexplode(coalesce(${list}, acldefault(${trusted(kind)}, ${role}))) p))`;
}

const name = sql`format('%I.%I', n.nspname, c.relname)`;
const relationKind = sql`CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END`.text;

/** The relations of users; the parts of an object are those of one of these. */
const relations = sql`(SELECT c.* FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND ${
  isOwn("pg_class", "c")
}) c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND ${space}`;

/** `object` and `definition` of everything. Large parts are hashed, but not expressions, see {@linkcode normalise}. */
const everything: readonly Sql[] = [
  sql`SELECT 'extension ' || e.extname, concat_ws(' ', e.extversion, n.nspname) FROM pg_extension e
    JOIN pg_namespace n ON n.oid = e.extnamespace`,
  sql`SELECT 'schema ' || n.nspname, ${rightsOf("n.nspacl", "'n'", "n.nspowner")} FROM pg_namespace n
    WHERE ${space} AND (n.nspname = 'public' OR ${isOwn("pg_namespace", "n")})`,
  sql`SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' WHEN 'S' THEN 'sequence'
      WHEN 'c' THEN 'type' ELSE 'table' END, ${name}), concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
      c.relispopulated, (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o), c.relreplident,
      (SELECT amname FROM pg_am WHERE oid = c.relam),
      ${rightsOf("c.relacl", relationKind, "c.relowner")}, pg_get_expr(c.relpartbound, c.oid),
      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
      (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid))
    FROM ${relations}`,
  sql`SELECT format('column %s.%I', ${name}, a.attname), concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
      a.attgenerated, a.attstorage, to_jsonb(a) ->> 'attcompression', nullif(to_jsonb(a) ->> 'attstattarget', '-1'), a.attoptions,
      CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END, a.attislocal,
      (SELECT string_agg(format('%s:%s', pg_get_userbyid(p.grantee), p.privilege_type), ',' ORDER BY pg_get_userbyid(p.grantee), p.privilege_type)
        FROM aclexplode(a.attacl) p), pg_get_expr(d.adbin, d.adrelid))
    FROM ${relations} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind <> 'S'`,
  sql`SELECT 'columns of ' || ${name}, string_agg(a.attname, ',' ORDER BY a.attnum)
    FROM ${relations} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind <> 'S' GROUP BY 1`,
  sql`SELECT format('index %I of %s', x.relname, ${name}), concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered,
      i.indisreplident, (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(x.reloptions) o))
    FROM ${relations} JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid`,
  sql`SELECT format('constraint %I of %s', k.conname, ${name}), concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated, k.coninhcount > 0)
    FROM ${relations} JOIN pg_constraint k ON k.conrelid = c.oid`,
  sql`SELECT format('trigger %I of %s', t.tgname, ${name}), concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM ${relations} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal`,
  sql`SELECT format('rule %I of %s', r.rulename, ${name}), concat_ws(' ', pg_get_ruledef(r.oid), r.ev_enabled)
    FROM ${relations} JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'`,
  sql`SELECT format('policy %I of %s', p.polname, ${name}), concat_ws(' ', p.polcmd, p.polpermissive,
      (SELECT string_agg(pg_get_userbyid(o), ',' ORDER BY pg_get_userbyid(o)) FROM unnest(p.polroles) o),
      pg_get_expr(p.polqual, p.polrelid), '/', pg_get_expr(p.polwithcheck, p.polrelid))
    FROM ${relations} JOIN pg_policy p ON p.polrelid = c.oid`,
  sql`SELECT 'settings of sequence ' || ${name}, concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin,
      s.seqcache, s.seqcycle) FROM ${relations} JOIN pg_sequence s ON s.seqrelid = c.oid`,
  sql`SELECT format('routine %I.%I(%s)', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)), concat_ws(' ',
      CASE WHEN f.prokind <> 'a' THEN md5(pg_get_functiondef(f.oid)) END, ${rightsOf("f.proacl", "'f'", "f.proowner")})
    FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace AND ${space} WHERE ${isOwn("pg_proc", "f")}`,
  sql`SELECT format('type %I.%I', n.nspname, t.typname), concat_ws(' ', t.typtype, ${
    rightsOf("t.typacl", "'T'", "t.typowner")
  },
      CASE WHEN t.typtype = 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) END,
      (SELECT string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid),
      (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND ${space}
    WHERE ${isOwn("pg_type", "t")} AND t.typrelid = 0 AND t.typcategory <> 'A'`,
  sql`SELECT format('constraint %I of domain %s', k.conname, k.contypid::regtype), concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
    FROM pg_constraint k WHERE k.contypid <> 0 AND k.oid >= 16384`,
  sql`SELECT format('statistics object %I.%I', n.nspname, s.stxname), concat_ws(' ', pg_get_statisticsobjdef(s.oid), pg_get_userbyid(s.stxowner))
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${isOwn("pg_statistic_ext", "s")}`,
  sql`SELECT format('default privileges of %s%s on %s', pg_get_userbyid(d.defaclrole), ' in ' || n.nspname, d.defaclobjtype),
      (SELECT string_agg(format('%s:%s:%s', pg_get_userbyid(p.grantee), p.privilege_type, p.is_grantable), ','
        ORDER BY p.grantee = 0, pg_get_userbyid(p.grantee), p.privilege_type) FROM aclexplode(d.defaclacl) p)
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace`,
  sql`SELECT 'comment on ' || pg_describe_object(d.classoid, d.objoid, d.objsubid), md5(d.description) FROM pg_description d
    WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass) AND NOT EXISTS (SELECT FROM pg_depend e
      WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.objsubid = 0 AND e.deptype = 'e')`,
  // A million of them is not rare.
  sql`SELECT 'large objects of ' || pg_get_userbyid(l.lomowner), concat_ws(' ', count(*), sum(l.oid::int8), sum(hashtextextended(l.rights, 0)))
    FROM (SELECT oid, lomowner, ${rightsOf("lomacl", "'L'", "lomowner")} AS rights FROM pg_largeobject_metadata) l
    GROUP BY l.lomowner`,
  ...[
    "pg_am",
    "pg_cast",
    "pg_collation",
    "pg_conversion",
    "pg_event_trigger",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_language",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_transform",
    "pg_ts_config",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
  ].map((catalogue) =>
    sql`SELECT pg_describe_object('${trusted(catalogue)}'::regclass, c.oid, 0), '' FROM ${trusted(catalogue)} c WHERE ${
      isOwn(catalogue, "c")
    }`
  ),
];

/** By what people call each object: its definition. `session`: on the database, on either server. */
export async function readDatabaseDefinitions(session: Session): Promise<Definitions> {
  const all = joinSql(everything.map((one) => sql`SELECT * FROM (${one}) one (object, definition)`), " UNION ALL ");
  return await readDefinitions(session, all, normalise);
}

/**
 * A definition without what the server spells in another way once it has read its own spelling: parentheses and casts, as in
 * `(ARRAY['a'::varchar])::text[]` and `ARRAY[('a'::varchar)::text]`.
 */
export function normalise(definition: Cell): string {
  return String(definition ?? "")
    .replaceAll(
      /::(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))?(?: varying| precision)?(?:\([\d,]+\))?(?: with(?:out)? time zone)?(?:\[\])*/g,
      "",
    )
    .replaceAll(/[()\s]/g, "");
}

/** What holds rows of its own, and where sequences stand. */
const countable = sql`SELECT c.relkind, n.nspname, c.relname FROM ${relations}
  WHERE c.relkind IN ('r', 'S') OR c.relkind = 'm' AND c.relispopulated ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** Tables of extensions: pg_dump copies only those rows that an extension says are its users'. The jobs of pg_cron are told otherwise. */
const ofExtensions = sql`SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND n.nspname <> 'cron' AND has_table_privilege(c.oid, 'SELECT')
    AND EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** The number of rows of each table and materialised view, and where each sequence stands. */
export interface Contents {
  readonly rows: ReadonlyMap<string, number>;
  /** Of tables of extensions. */
  readonly extensionRows: ReadonlyMap<string, number>;
  readonly sequences: Definitions;
}

type Row = Readonly<Record<string, Cell>>;

/** Counts. `session`: on the database, on either server. */
export async function readContents(session: Session): Promise<Contents> {
  const found = await session.query(countable);
  const isSequence = ({ relkind }: Row) => relkind === "S";
  const standing = await readParts(session, found.filter(isSequence), sql`concat_ws(' ', last_value, is_called)`);
  return {
    rows: await countRows(session, found.filter((row) => !isSequence(row))),
    extensionRows: await countRows(session, await session.query(ofExtensions)),
    sequences: new Map(standing.map(({ name, value }) => [`sequence ${name}`, String(value)])),
  };
}

async function countRows(session: Session, tables: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const counts = await readParts(session, tables, sql`count(*)`);
  return new Map(counts.map(({ name, value }) => [String(name), Number(value)]));
}

/** Of one statement: the server keeps a lock for each. */
const relationsAtATime = 50;

/** `name` and `value` of each relation. */
async function readParts(session: Session, relations: readonly Row[], what: Sql): Promise<readonly Row[]> {
  const values: Row[] = [];
  for (const group of inGroups(relations, relationsAtATime)) {
    const parts = group.map(({ nspname, relname }) => {
      const relation = new Name(String(nspname), String(relname));
      return sql`SELECT ${textLiteral(`${nspname}.${relname}`)} AS name, ${what} AS value FROM ONLY ${relation}`;
    });
    values.push(...await session.scan(joinSql(parts, " UNION ALL ")));
  }
  return values;
}
