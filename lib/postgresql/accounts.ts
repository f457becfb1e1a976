/** Takes the passwords of production's roles, which a snapshot holds; nothing else of the roles changes. @module */

import type { Session } from "../engine/engine.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { pollUntil } from "../core/pause.ts";
import { rdsIam, rdsRoles } from "./sql/rds_names.ts";
import { isDenied } from "./session/errors.ts";
import { sql } from "./sql/literals.ts";

interface Role {
  readonly name: string;
  readonly canLogIn: boolean;
  /** Logs in with an IAM token. */
  readonly byToken: boolean;
}

/**
 * Checks that the master user may take the passwords, before anything is changed: takes each in a transaction and rolls it back,
 * since RDS has rules that no catalogue shows.
 *
 * @throws {ScrubError} `accounts`, naming the roles that keep their password.
 */
export async function checkAccounts(session: Session): Promise<void> {
  await session.query(sql`BEGIN`);
  try {
    await takePasswords(session, await readRoles(session));
  } finally {
    await session.query(sql`ROLLBACK`);
  }
}

/**
 * Takes the password of every role but the server's own, RDS's and the master's, and ends their sessions. LOGIN is kept: the
 * application can log in once the copy's owner sets a new password.
 *
 * @returns sentences for the report.
 * @throws {ScrubError} `accounts` where the master user may not alter a role; `sessions` where one does not end.
 */
export async function lockAccounts(session: Session): Promise<readonly string[]> {
  const roles = await readRoles(session);
  await session.query(sql`BEGIN`);
  let kept: readonly Role[];
  try {
    kept = await takePasswords(session, roles);
  } catch (error) {
    await session.query(sql`ROLLBACK`);
    throw error;
  }
  await session.query(sql`COMMIT`);
  await endSessions(session);
  const taken = roles.filter((role) => !kept.includes(role));
  const byToken = taken.filter(({ byToken }) => byToken);
  return [
    `removed the password of ${taken.length} ${taken.length === 1 ? "role" : "roles"}`,
    ...(byToken.length === 0 ? [] : [`${quoted(byToken)} can still log in with an IAM token: member of rds_iam`]),
    ...kept.map(({ name }) => `"${name}" may not log in, and may keep a password: the master user may not alter it`),
  ];
}

async function readRoles(session: Session): Promise<readonly Role[]> {
  const rows = await session.query(sql`
    SELECT r.rolname, r.rolcanlogin, EXISTS (SELECT FROM pg_auth_members a JOIN pg_roles iam ON iam.oid = a.roleid
      WHERE a.member = r.oid AND iam.rolname = ${rdsIam}) AS by_token
    FROM pg_roles r
    WHERE r.rolname <> session_user AND r.oid >= 16384 AND r.rolname NOT IN (${rdsRoles})
    ORDER BY r.rolname COLLATE "C"`);
  return rows.map(({ rolname, rolcanlogin, by_token }): Role => ({
    name: String(rolname),
    canLogIn: rolcanlogin === true,
    byToken: by_token === true,
  }));
}

/** In a transaction. Returns the roles that may keep a password, none of which can log in. */
async function takePasswords(session: Session, roles: readonly Role[]): Promise<readonly Role[]> {
  const kept: Role[] = [];
  for (const role of roles) {
    await session.query(sql`SAVEPOINT one_role`);
    try {
      await session.query(sql`ALTER ROLE ${new Name(role.name)} PASSWORD NULL`);
      await session.query(sql`RELEASE SAVEPOINT one_role`);
    } catch (error) {
      if (!isDenied(error)) throw error;
      await session.query(sql`ROLLBACK TO SAVEPOINT one_role`);
      kept.push(role);
    }
  }
  const refused = kept.filter(({ canLogIn }) => canLogIn);
  if (refused.length === 0) return kept;
  throw new ScrubError(
    "accounts",
    `Cannot take the passwords of ${quoted(refused)}: the master user may not alter these roles (42501)`,
    "On the source, GRANT each of them to the master user WITH ADMIN OPTION (a role that is SUPERUSER or REPLICATION must lose that " +
      "first), or let them keep their passwords by --keep-accounts.",
  );
}

function quoted(roles: readonly Role[]): string {
  return roles.map(({ name }) => `"${name}"`).join(", ");
}

/** A session that is open needs no password any more, and could write after verification. */
async function endSessions(session: Session): Promise<void> {
  const ended = await pollUntil(async () => {
    const found = await session.query(sql`SELECT a.pid, pg_terminate_backend(a.pid) AS asked
      FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
      WHERE a.backend_type = 'client backend' AND r.rolname <> session_user AND NOT r.rolsuper
        AND r.rolname NOT IN (${rdsRoles})`);
    return found.length === 0;
  });
  if (ended) return;
  throw new ScrubError(
    "sessions",
    "Cannot end the sessions of other users on the workspace: new ones begin, or they do not stop",
    "Find out who is connected to the workspace, and keep them from it, then run again.",
  );
}
