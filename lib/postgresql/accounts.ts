/** Production's logins travel in a snapshot with their passwords: these go, and nothing else of the roles. @module */

import type { Session } from "../engine/engine.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { stateOf } from "./session/errors.ts";
import { sql } from "./sql/literals.ts";

/** RDS's own roles (user guide, "Understanding PostgreSQL roles and permissions"); none may be altered. */
const managed =
  sql`'rdsadmin', 'rdsrepladmin', 'rdstopmgr', 'rdswriteforwarduser', 'rds_superuser', 'rds_password', 'rds_replication',
  'rds_iam', 'rds_ad', 'rds_extension', 'rds_reserved'`;

/** Milliseconds between looks at sessions that are to end, and how many looks. */
const patience = { pause: 200, looks: 150 };

/**
 * Takes the password of every role but the server's own, RDS's and the master's, and ends their sessions. The login stays: it
 * is how the application starts once a copy's owner has given it another password.
 *
 * @returns sentences for the report.
 * @throws {ScrubError} `refused` where a role keeps its password, because the master user may not alter it.
 */
export async function lockAccounts(session: Session): Promise<readonly string[]> {
  const roles = await session.query(sql`
    SELECT r.rolname, r.rolcanlogin, EXISTS (SELECT FROM pg_auth_members a JOIN pg_roles iam ON iam.oid = a.roleid
      WHERE a.member = r.oid AND iam.rolname = 'rds_iam') AS by_token
    FROM pg_roles r
    WHERE r.rolname <> session_user AND r.rolname !~ '^pg_' AND r.oid >= 16384 AND r.rolname NOT IN (${managed})
    ORDER BY r.rolname COLLATE "C"`);
  const refused: string[] = [];
  let locked = 0;
  const byToken: string[] = [];
  for (const { rolname, rolcanlogin, by_token } of roles) {
    const name = `"${rolname}"`;
    try {
      await session.query(sql`ALTER ROLE ${new Name(String(rolname))} PASSWORD NULL`);
      locked++;
      if (by_token === true) byToken.push(name);
    } catch (error) {
      if (stateOf(error) !== "42501") throw error;
      // A role without a login keeps nobody out.
      if (rolcanlogin === true) refused.push(name);
    }
  }
  if (refused.length > 0) {
    throw new ScrubError(
      "refused",
      `Cannot take the passwords of ${refused.join(", ")}: the master user may not alter these roles (42501)`,
      "Grant the master user ADMIN OPTION on them on the source, or let them keep their passwords by --keep-accounts.",
    );
  }
  await endSessions(session);
  return [
    `${locked} roles have no password any more`,
    ...(byToken.length === 0 ? [] : [`${byToken.join(", ")} can still log in with an IAM token: member of rds_iam`]),
  ];
}

/** Who is logged in needs no password any more, and could write behind the verification. */
async function endSessions(session: Session): Promise<void> {
  for (let look = 0; look < patience.looks; look++) {
    const found = await session.query(sql`SELECT a.pid, pg_terminate_backend(a.pid) AS asked
      FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
      WHERE a.backend_type = 'client backend' AND r.rolname <> session_user AND NOT r.rolsuper
        AND r.rolname NOT IN (${managed})`);
    if (found.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, patience.pause));
  }
  throw new ScrubError(
    "failed",
    "Cannot keep other users out of the workspace: their sessions go on",
    "Find out who is connected to the workspace, and keep them from it, then run again.",
  );
}
