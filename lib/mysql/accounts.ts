/** Production's logins, whose password hashes travel in the snapshot. @module */

import type { Cell, Session } from "../engine/engine.ts";
import { Name, type Sql } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { sql } from "./sql/literals.ts";

type Row = Readonly<Record<string, Cell>>;

/** Accounts of the server's own and of RDS's; the master user may not change them and must not. */
const own = sql`user LIKE 'mysql.%' OR user LIKE 'rds%' OR user LIKE 'aurora\\_%'`;

/** The same of sessions, and the server's own threads. */
const ownSession = /^(?:mysql\.|rds|aurora_|system user$|event_scheduler$)/;

/** Milliseconds between looks at sessions that are to end, and how many looks. */
const patience = { pause: 200, looks: 150 };

/**
 * Gives every other account but the master's a random password that nobody knows, locks it, and ends its sessions. Privileges, roles and what they
 * own stay. Roles, which are locked accounts without a password, are left as they are.
 *
 * @throws {ScrubError} `refused` for an account that the master user may not change.
 */
export async function lockAccounts(session: Session): Promise<readonly string[]> {
  const accounts = await session.query(sql`SELECT user AS name, host AS host, plugin AS plugin FROM mysql.user
    WHERE CONCAT(user, '@', host) <> CURRENT_USER() AND NOT (${own})
      AND NOT (account_locked = 'Y' AND authentication_string = '')
    ORDER BY user, host`);
  const failed: string[] = [];
  for (const account of accounts) {
    if (!await lock(session, account)) failed.push(`"${account.name}@${account.host}"`);
  }
  if (failed.length > 0) {
    throw new ScrubError(
      "refused",
      `Cannot lock ${failed.length === 1 ? "account" : "accounts"} ${failed.join(", ")}: the master user may not`,
      "Take SYSTEM_USER from the account in production, or keep all accounts by --keep-accounts.",
    );
  }
  await endSessions(session);
  if (accounts.length === 0) return ["no account but the master's"];
  const names = accounts.map(({ name, host }) => `${name}@${host}`).join(", ");
  return [`locked, with a random password: ${names}`];
}

/** Plugins whose passwords the server keeps; accounts of others, such as IAM's, have none to lose. */
const withPassword: ReadonlySet<string> = new Set([
  "caching_sha2_password",
  "sha256_password",
  "mysql_native_password",
]);

/** The server makes the password itself and no statement text holds it; its answer is thrown away. */
async function lock(session: Session, account: Row): Promise<boolean> {
  const target = accountOf(account);
  const password = withPassword.has(String(account.plugin)) ? sql` IDENTIFIED BY RANDOM PASSWORD` : sql``;
  try {
    // An old password kept for a change of passwords would go on working.
    if (password.text !== "") {
      await session.query(sql`ALTER USER ${target} DISCARD OLD PASSWORD`);
    }
    await session.query(sql`ALTER USER ${target}${password} ACCOUNT LOCK`);
    return true;
  } catch (error) {
    if (error instanceof ScrubError && /DENIED|ER_CANNOT_USER/.test(error.message)) return false;
    throw error;
  }
}

/** The anonymous account's name is empty, which no quoted name may be. */
function accountOf({ name, host }: Row): Sql {
  const user = name === "" ? sql`''` : sql`${new Name(String(name))}`;
  return host === "" ? user : sql`${user}@${new Name(String(host))}`;
}

/** Who is logged in needs no password any more, and could write behind the verification. */
async function endSessions(session: Session): Promise<void> {
  const [self] = await session.query(sql`SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS name,
    EXISTS (SELECT 1 FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_kill') AS by_rds`);
  for (let look = 0; look < patience.looks; look++) {
    // Shown also where the server keeps no performance_schema.
    const found = (await session.query(sql`SHOW PROCESSLIST`))
      .filter(({ User }) => User !== self?.name && !ownSession.test(String(User)));
    if (found.length === 0) return;
    for (const { Id } of found) {
      const id = sql`${Number(Id)}`;
      await session.query(self?.by_rds === 1 ? sql`CALL mysql.rds_kill(${id})` : sql`KILL CONNECTION ${id}`)
        .catch((error) => {
          // It has ended by itself.
          if (!(error instanceof ScrubError && error.message.includes("(ER_NO_SUCH_THREAD)"))) throw error;
        });
    }
    await new Promise((resolve) => setTimeout(resolve, patience.pause));
  }
  throw new ScrubError(
    "failed",
    "Cannot keep other users out of the workspace: their sessions go on",
    "Find out who is connected to the workspace, and keep them from it, then run again.",
  );
}
