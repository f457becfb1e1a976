/** Production's logins, whose password hashes travel in the snapshot. @module */

import type { Cell, Session } from "../engine/engine.ts";
import { Name, type Sql } from "../engine/sql.ts";
import { ScrubError } from "../report/error.ts";
import { sql } from "./literals.ts";

type Row = Readonly<Record<string, Cell>>;

/** Accounts of the server's own and of RDS's; the master user may not change them and must not. */
const own = sql`user LIKE 'mysql.%' OR user LIKE 'rds%' OR user LIKE 'aurora\\_%'`;

/**
 * Gives every other account but the master's a random password that nobody knows, and locks it. Privileges, roles and what they
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
