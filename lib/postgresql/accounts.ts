/** Production's logins travel in a snapshot with their passwords: these go, and nothing else of the roles. @module */

import type { Session } from "../engine/engine.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../report/error.ts";
import { stateOf } from "./fault.ts";
import { sql } from "./literal.ts";

/** RDS's own roles (user guide, "Understanding PostgreSQL roles and permissions"); none may be altered. */
const managed =
  sql`'rdsadmin', 'rdsrepladmin', 'rdstopmgr', 'rdswriteforwarduser', 'rds_superuser', 'rds_password', 'rds_replication',
  'rds_iam', 'rds_ad', 'rds_extension', 'rds_reserved'`;

/**
 * Takes the password of every role but the server's own, RDS's and the master's. The login stays: it is how the application
 * starts once a copy's owner has given it another password.
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
  return [
    `${locked} roles have no password any more`,
    ...(byToken.length === 0 ? [] : [`${byToken.join(", ")} can still log in with an IAM token: member of rds_iam`]),
  ];
}
