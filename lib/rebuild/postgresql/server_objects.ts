/** What a PostgreSQL server holds outside of its databases: roles, memberships, settings, and the databases themselves. @module */

import type { Session } from "../../engine/engine.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { isDenied } from "../../postgresql/session/errors.ts";
import { sql, textLiteral } from "../../postgresql/sql/literals.ts";
import { rdsRoles } from "../../postgresql/sql/rds_names.ts";
import { type Definitions, readDefinitions } from "../definitions.ts";

/** A statement that the workspace's server has written. Its text may be anything of a catalogue. */
export interface ServerStatement {
  /** What the new instance does not have if its server refuses the statement. */
  readonly what: string;
  /** The object in {@linkcode readServerDefinitions}. */
  readonly object: string;
  readonly statement: Sql;
}

/** The roles of production's that own anything. `session`: on the workspace. */
export async function readOwners(session: Session): Promise<readonly string[]> {
  const rows = await session.query(sql`SELECT r.rolname FROM pg_roles r WHERE ${isUsers("r")} AND r.oid IN (
    SELECT refobjid FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' UNION SELECT datdba FROM pg_database)`);
  return rows.map(({ rolname }) => String(rolname));
}

/** A row of pg_roles that is production's: not the server's or RDS's, not the master user. */
function isUsers(role: string): Sql {
  const row = trusted(role);
  return sql`${row}.oid >= 16384 AND NOT ${row}.rolsuper AND ${row}.rolname NOT IN (${rdsRoles}) AND ${row}.rolname <> session_user`;
}

const roles =
  sql`SELECT 'role ' || r.rolname AS object, r.rolname AS what, format('CREATE ROLE %I %s %s %s %s CONNECTION LIMIT %s%s',
    r.rolname, CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END, r.rolconnlimit,
    CASE WHEN r.rolvaliduntil IS NULL THEN '' ELSE format(' VALID UNTIL %L', r.rolvaliduntil) END) AS statement
  FROM pg_roles r WHERE ${isUsers("r")} ORDER BY r.oid`;

/** Each needs a right that only some master users have. */
const attributes = sql`SELECT format('attribute %s of role %s', a.name, r.rolname) AS object,
    format('the attribute %s of role "%s"', a.name, r.rolname) AS what, format('ALTER ROLE %I %s', r.rolname, a.name) AS statement
  FROM pg_roles r CROSS JOIN LATERAL (VALUES ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) a (name, has)
  WHERE ${isUsers("r")} AND a.has ORDER BY r.oid, a.name`;

const optionOf = (name: string): Sql => sql`coalesce((to_jsonb(a) ->> ${textLiteral(name)})::bool, true)`;

/** Those that concern a role of production's or give the master user more than it has by having created a role. */
const memberships = sql`SELECT a.*, r.rolname, m.rolname AS membername, m.rolname = session_user AS is_master
  FROM (SELECT a.roleid, a.member, bool_or(a.admin_option) AS admin,
      bool_or(${optionOf("inherit_option")}) AS inherit, bool_or(${optionOf("set_option")}) AS set
    FROM pg_auth_members a GROUP BY a.roleid, a.member) a
  JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
  WHERE (${isUsers("r")} OR ${isUsers("m")}) AND (m.rolname <> session_user OR a.inherit OR a.set)`;

const grants = (ofMaster: Sql): Sql =>
  sql`SELECT format('membership of %s in %s', a.membername, a.rolname) AS object,
    format('the membership of "%s" in "%s"', a.membername, a.rolname) AS what,
    format('GRANT %I TO %I%s', a.rolname, a.membername, CASE
      WHEN current_setting('server_version_num')::int >= 160000 THEN
        format(' WITH %sINHERIT %s, SET %s', CASE WHEN a.is_master THEN '' ELSE format('ADMIN %s, ', a.admin::text) END, a.inherit::text,
          a.set::text)
      WHEN a.admin THEN ' WITH ADMIN OPTION' ELSE '' END) AS statement
  FROM (${memberships}) a WHERE a.is_master = ${ofMaster} ORDER BY a.roleid, a.member`;

/** As one of SQL, a value that is a list of quoted names stays one. */
const settings = (databases: Sql): Sql =>
  sql`SELECT format('%s of %s%s', s.name, coalesce('role ' || r.rolname, 'every role'), coalesce(' in ' || d.datname, '')) AS object,
    format('the setting %s of %s%s', s.name, coalesce('role "' || r.rolname || '"', 'every role'),
      coalesce(' in database "' || d.datname || '"', '')) AS what,
    format('ALTER %s %sSET %s TO %s', CASE WHEN r.oid IS NOT NULL THEN format('ROLE %I', r.rolname)
        WHEN d.oid IS NOT NULL THEN format('DATABASE %I', d.datname) ELSE 'ROLE ALL' END,
      CASE WHEN r.oid IS NOT NULL AND d.oid IS NOT NULL THEN format('IN DATABASE %I ', d.datname) ELSE '' END,
      (SELECT string_agg(quote_ident(part), '.' ORDER BY at) FROM unnest(string_to_array(s.name, '.')) WITH ORDINALITY AS p (part, at)),
      CASE WHEN s.value = '""' THEN '''''' WHEN s.name IN ('search_path', 'temp_tablespaces', 'session_preload_libraries',
        'local_preload_libraries') THEN s.value ELSE quote_literal(s.value) END) AS statement, md5(s.value) AS definition
  FROM pg_db_role_setting c LEFT JOIN pg_roles r ON r.oid = c.setrole LEFT JOIN pg_database d ON d.oid = c.setdatabase
  CROSS JOIN LATERAL (SELECT split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value FROM unnest(c.setconfig) one) s
  WHERE (c.setrole = 0 OR r.rolname = session_user OR ${
    isUsers("r")
  }) AND (c.setdatabase = 0 OR d.datname IN (${databases}))
  ORDER BY c.setdatabase, c.setrole, s.name`;

const comments = (databases: Sql): Sql =>
  sql`SELECT 'comment on role ' || r.rolname AS object, format('the comment on role "%s"', r.rolname) AS what,
    format('COMMENT ON ROLE %I IS %L', r.rolname, c.description) AS statement, md5(c.description) AS definition
  FROM pg_shdescription c JOIN pg_roles r ON r.oid = c.objoid AND c.classoid = 'pg_authid'::regclass WHERE ${
    isUsers("r")
  }
  UNION ALL SELECT 'comment on database ' || d.datname, format('the comment on database "%s"', d.datname),
    format('COMMENT ON DATABASE %I IS %L', d.datname, c.description), md5(c.description)
  FROM pg_shdescription c JOIN pg_database d ON d.oid = c.objoid AND c.classoid = 'pg_database'::regclass
  WHERE d.datname IN (${databases})`;

/** What the versions of the server call what decides a database's collation. */
const locale = sql`CASE to_jsonb(d) ->> 'datlocprovider'
    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale'))
      || coalesce(format(' ICU_RULES %L', to_jsonb(d) ->> 'daticurules'), '')
    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
    WHEN 'c' THEN ' LOCALE_PROVIDER libc' ELSE '' END`;

const newDatabases = (databases: Sql): Sql =>
  sql`SELECT 'database ' || d.datname AS object, d.datname AS what, format(
    'CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L%s', d.datname, o.rolname,
    pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, ${locale}) AS statement
  FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE d.datname IN (${databases}) ORDER BY d.oid`;

const privileges =
  sql`aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) p LEFT JOIN pg_roles g ON g.oid = p.grantee`;

/** Of a database that is filled: these would get in the way before. */
const databaseProperties = (databases: Sql): Sql =>
  sql`SELECT 'database ' || datname AS object, format('the %s of database "%s"', what, datname) AS what, statement FROM (
    SELECT d.datname, 1 AS at, 'owner' AS what, format('ALTER DATABASE %I OWNER TO %I', d.datname, o.rolname) AS statement
      FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba
    UNION ALL SELECT d.datname, 2, 'privileges', format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', d.datname, o.rolname)
      FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE d.datacl IS NOT NULL
    UNION ALL SELECT d.datname, 3, 'privileges', format('GRANT %s ON DATABASE %I TO %s%s', p.privilege_type, d.datname,
        CASE WHEN p.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END,
        CASE WHEN p.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_database d CROSS JOIN LATERAL ${privileges} WHERE d.datacl IS NOT NULL
    UNION ALL SELECT d.datname, 4, 'connection limit', format('ALTER DATABASE %I CONNECTION LIMIT %s', d.datname, d.datconnlimit)
      FROM pg_database d WHERE d.datconnlimit <> -1
    UNION ALL SELECT d.datname, 5, 'mark as a template', format('ALTER DATABASE %I IS_TEMPLATE %s', d.datname, d.datistemplate::text)
      FROM pg_database d
  ) AS one WHERE datname IN (${databases}) ORDER BY datname, at, statement`;

/** Names as a list for IN. */
export function listOf(names: readonly string[]): Sql {
  return names.length === 0 ? sql`NULL` : joinSql(names.map(textLiteral), ", ");
}

/** What a new server needs, in this order. */
export interface Beginning {
  readonly roles: readonly ServerStatement[];
  /** Attributes and memberships. */
  readonly rights: readonly ServerStatement[];
  readonly databases: readonly ServerStatement[];
  /** The master user's memberships: for after the databases are filled. */
  readonly rightsOfMaster: readonly ServerStatement[];
}

/** The statements for what a new server needs before its databases are filled. `session`: on the workspace. */
export async function readBeginning(session: Session, databases: readonly string[]): Promise<Beginning> {
  return {
    roles: await read(session, roles),
    rights: [...await read(session, attributes), ...await read(session, grants(sql`false`))],
    rightsOfMaster: await read(session, grants(sql`true`)),
    databases: await read(session, newDatabases(listOf(databases))),
  };
}

/** The statements for what would get in the way before the databases are filled. */
export async function readEnd(session: Session, databases: readonly string[]): Promise<readonly ServerStatement[]> {
  const list = listOf(databases);
  return [
    ...await read(session, databaseProperties(list)),
    ...await read(session, comments(list)),
    ...await read(session, settings(list)),
  ];
}

async function read(session: Session, query: Sql): Promise<readonly ServerStatement[]> {
  const rows = await session.query(query);
  return rows.map(({ what, object, statement }) => ({
    what: String(what),
    object: String(object),
    statement: trusted(String(statement)),
  }));
}

/** Runs them. Returns those that the server refuses to its master user. */
export async function runOrLeave(
  session: Session,
  statements: readonly ServerStatement[],
): Promise<readonly ServerStatement[]> {
  const refused: ServerStatement[] = [];
  for (const one of statements) {
    try {
      await session.query(one.statement);
    } catch (error) {
      if (!isDenied(error)) throw error;
      refused.push(one);
    }
  }
  return refused;
}

/** All that {@linkcode readBeginning} and {@linkcode readEnd} are about. `session`: on either server. */
export async function readServerDefinitions(session: Session, databases: readonly string[]): Promise<Definitions> {
  const list = listOf(databases);
  return await readDefinitions(
    session,
    sql`SELECT 'role ' || r.rolname AS object, concat_ws(' ', r.rolcanlogin, r.rolinherit, r.rolcreatedb, r.rolcreaterole,
      r.rolconnlimit, r.rolvaliduntil) AS definition FROM pg_roles r WHERE ${isUsers("r")}
    UNION ALL SELECT object, '' FROM (${attributes}) one
    UNION ALL SELECT format('membership of %s in %s', a.membername, a.rolname),
      concat_ws(' ', CASE WHEN a.is_master THEN NULL ELSE a.admin END, a.inherit, a.set) FROM (${memberships}) a
    UNION ALL SELECT object, definition FROM (${settings(list)}) one
    UNION ALL SELECT object, definition FROM (${comments(list)}) one
    UNION ALL SELECT 'database ' || d.datname, concat_ws(' ', o.rolname, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
      ${locale}, d.datconnlimit, d.datallowconn, d.datistemplate, (SELECT string_agg(concat_ws(':', g.rolname, p.privilege_type, p.is_grantable),
        ',' ORDER BY g.rolname, p.privilege_type) FROM ${privileges}))
    FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE d.datname IN (${list})`,
  );
}
