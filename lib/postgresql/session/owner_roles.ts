/** Gives the master user, which is no superuser, the rights of the roles that own things. @module */

import type { Reach, Session, Step } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { rdsAdmin } from "../sql/rds_names.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** A change of memberships, and what undoes it. */
export interface MembershipChange {
  /** For people: `master joined "app"`. */
  readonly what: string;
  readonly undo: Sql;
}

/** Owners of anything in the session's database, and of the database. A superuser's things stay out of the master's reach. */
const ownersHere = sql`
  SELECT refobjid AS owner FROM pg_shdepend
  WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o'
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION SELECT datdba FROM pg_database WHERE datname = current_database()`;

/** The roles that own databases, templates too, which the master user could not connect to or drop otherwise. */
const databaseOwners = sql`SELECT datdba AS owner FROM pg_database WHERE datname <> ${rdsAdmin}`;

/**
 * Makes the master user a member of every role that owns a database or something in this one, and lifts what would keep an owner
 * from rows of its own tables.
 *
 * @returns the steps that undo it.
 */
export async function prepare(session: Session, reach: Reach = "server"): Promise<readonly Step[]> {
  const changes = reach === "server" ? await joinOwners(session) : []; // memberships belong to the whole server
  const memberships = changes.map(({ what, undo }): Step => ({ label: `take back that ${what}`, sql: undo }));
  return [...memberships, ...await liftForcedPolicies(session), ...await grantOwnColumns(session)];
}

/** Makes the master user a member of every role that owns a database or something in this one. */
export async function joinOwners(session: Session): Promise<readonly MembershipChange[]> {
  return await joinRoles(session, sql`${ownersHere} UNION ${databaseOwners}`);
}

/** Row-level security that is forced upon the owner would hide rows from a rule: the server refuses statements then. */
async function liftForcedPolicies(session: Session): Promise<readonly Step[]> {
  const tables = await session.query(sql`
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relforcerowsecurity AND pg_has_role(c.relowner, 'USAGE')
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`);
  const steps: Step[] = [];
  for (const { nspname, relname } of tables) {
    const table = new Name(String(nspname), String(relname));
    await session.query(sql`ALTER TABLE ONLY ${table} NO FORCE ROW LEVEL SECURITY`);
    steps.push({
      label: `force row-level security on ${nspname}.${relname} again`,
      sql: sql`ALTER TABLE ONLY ${table} FORCE ROW LEVEL SECURITY`,
    });
  }
  return steps;
}

/**
 * An owner may have revoked from itself what it may read. The server's views of statistics leave such columns out, and whatever is over
 * one of them, so that their samples of former rows would stay unseen.
 */
async function grantOwnColumns(session: Session): Promise<readonly Step[]> {
  const hidden = await session.query(sql`
    SELECT n.nspname, c.relname, a.attname, r.rolname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relacl IS NOT NULL AND n.nspname !~ '^pg_' AND pg_has_role(c.relowner, 'USAGE')
      AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`);
  const steps: Step[] = [];
  for (const { nspname, relname, attname, rolname } of hidden) {
    const table = new Name(String(nspname), String(relname));
    const column = sql`SELECT (${new Name(String(attname))}) ON ${table}`;
    const owner = new Name(String(rolname));
    await session.query(sql`GRANT ${column} TO ${owner}`);
    steps.push({
      label: `revoke the right to read ${nspname}.${relname} from its owner again`,
      sql: sql`REVOKE ${column} FROM ${owner}`,
    });
  }
  return steps;
}

/** Undoes changes of memberships, the last one first. */
export async function restoreMemberships(session: Session, changes: readonly MembershipChange[]): Promise<void> {
  for (const { undo } of changes.toReversed()) await session.query(undo);
}

/** Makes the master user a member of the roles that a query gives as `owner`; a superuser's are left out. */
export async function joinRoles(session: Session, owners: Sql): Promise<readonly MembershipChange[]> {
  const roles = await session.query(sql`
    SELECT r.rolname, current_user::text AS master, current_setting('server_version_num')::int >= 160000 AS has_options
    FROM pg_roles r
    WHERE r.oid IN (${owners}) AND NOT r.rolsuper AND r.rolname !~ '^pg_' AND NOT pg_has_role(r.oid, 'USAGE')
    ORDER BY r.rolname COLLATE "C"`);
  const changes: MembershipChange[] = [];
  for (const { rolname, master, has_options } of roles) {
    const role = new Name(String(rolname));
    const me = new Name(String(master));
    changes.push(...await leaveCycle(session, String(rolname), me));
    // From 16 on a membership gives rights only WITH INHERIT, and the grant that RDS made may say FALSE.
    const options = has_options === true ? sql` WITH INHERIT TRUE, SET TRUE` : sql``;
    await session.query(sql`GRANT ${role} TO ${me}${options}`);
    changes.push({ what: `the master user joined "${rolname}"`, undo: sql`REVOKE ${role} FROM ${me}` });
  }
  return changes;
}

/** A role that is itself a member of the master user can't be joined: its way to the master user is cut first. */
async function leaveCycle(session: Session, role: string, me: Name): Promise<MembershipChange[]> {
  const members = await session.query(sql`
    SELECT m.rolname, bool_or(a.admin_option) AS admin
    FROM pg_auth_members a
    JOIN pg_roles m ON m.oid = a.member
    WHERE a.roleid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
      AND pg_has_role((SELECT oid FROM pg_roles WHERE rolname = ${textLiteral(role)}), a.member, 'MEMBER')
    GROUP BY m.rolname`);
  const changes: MembershipChange[] = [];
  for (const { rolname, admin } of members) {
    const member = new Name(String(rolname));
    await session.query(sql`REVOKE ${me} FROM ${member}`);
    const option = admin === true ? sql` WITH ADMIN OPTION` : sql``;
    changes.push({ what: `"${rolname}" left the master user`, undo: sql`GRANT ${me} TO ${member}${option}` });
  }
  return changes;
}
