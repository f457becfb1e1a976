/** Locks production's accounts, whose password hashes a snapshot holds. @module */

import type { Session } from "../engine/engine.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { type AccountName, accountOf, emptied, isRefused, mayAlter, notAllowed, quotedAccount } from "./account.ts";
import { endSessions } from "./end_sessions.ts";
import { checkMariadbAccounts, lockMariadbAccounts } from "./mariadb_accounts.ts";
import { isOwnAccount } from "./schema/server_tables.ts";
import { sql, textLiteral } from "./sql/literals.ts";
import { productOf } from "./sql/product.ts";

const mayNot = "Take SYSTEM_USER from the account in production, or keep all accounts by --keep-accounts.";

/** Plugins whose passwords the server keeps as hashes. */
const withPassword: ReadonlySet<string> = new Set([
  "caching_sha2_password",
  "sha256_password",
  "mysql_native_password",
]);

/** An account, and what of it may hold a text or secret of production. */
interface Account extends AccountName {
  readonly plugin: string;
  /** `role`: a locked account without a password. */
  readonly kind: "master" | "own" | "role" | "user";
  readonly pluginLoaded: boolean;
  /** The plugin's authentication string (AS '…') is text, such as a directory entry, and not the word that marks IAM's accounts. */
  readonly pluginText: boolean;
  /** A comment, or attributes. */
  readonly described: boolean;
  /** Subject or issuer of the certificate that it must show. */
  readonly certificate: boolean;
  /** A second password. */
  readonly dual: boolean;
  /** Factors of authentication beside the first. */
  readonly factors: number;
  /** Hashes of former passwords. */
  readonly history: number;
}

/**
 * Checks that {@linkcode lockAccounts} will succeed, before anything is changed.
 *
 * @throws {ScrubError} `accounts` for those that the master user may not change, and for those with a partial revoke on a database
 * that is not there: its name may be any text, and only a grant would take it away.
 */
export async function checkAccounts(session: Session): Promise<void> {
  if (await productOf(session) === "mariadb") return await checkMariadbAccounts(session);
  const failed: string[] = [];
  for (const account of await readAccounts(session)) {
    if (isChanged(account) && !await mayAlter(session, account)) failed.push(quotedAccount(account));
  }
  if (failed.length > 0) throw notAllowed(failed, mayNot);
  const revoked = await session.query(sql`SELECT DISTINCT user AS name, host AS host
    FROM mysql.user JOIN JSON_TABLE(user_attributes, '$.Restrictions[*]' COLUMNS (place varchar(64) PATH '$.Database')) AS revoke_of
    WHERE NOT (${isOwnAccount}) AND NOT EXISTS (SELECT 1 FROM information_schema.schemata AS there
      WHERE LOWER(there.schema_name) = LOWER(revoke_of.place)) ORDER BY user, host`);
  if (revoked.length === 0) return;
  throw new ScrubError(
    "accounts",
    `Cannot keep partial revokes of ${revoked.map(quotedAccount).join(", ")}: they name a database that does not exist`,
    "Grant the account what was revoked on that database in production, which takes the entry away, before the next snapshot.",
  );
}

/**
 * Gives every account but the master's an unknown random password, locks it, and ends its sessions; removes former and second
 * passwords, comments, attributes, names in certificates, and texts for other plugins. Privileges, roles and ownership do not
 * change; roles, which are locked accounts without a password, get none. Once a run: the master user's password may be its second
 * one then.
 *
 * @throws {ScrubError} `accounts` where the master user may not change one, or a secret of it remains; `sessions` where one does not end.
 */
export async function lockAccounts(session: Session): Promise<readonly string[]> {
  if (await productOf(session) === "mariadb") return await lockMariadbAccounts(session);
  const accounts = await readAccounts(session);
  const failed: string[] = [];
  for (const account of accounts) {
    if (isChanged(account) && !await lock(session, account)) failed.push(quotedAccount(account));
  }
  if (failed.length > 0) throw notAllowed(failed, mayNot);
  refuseRemains(await readAccounts(session));
  await endSessions(session);
  const locked = accounts.filter(({ kind }) => kind === "user");
  const names = locked.map(({ name, host }) => `${name}@${host}`).join(", ");
  return [
    locked.length === 0 ? "no other accounts to lock" : `locked, with a random password: ${names}`,
    ...emptied(removed(accounts)),
  ];
}

async function readAccounts(session: Session): Promise<readonly Account[]> {
  const rows = await session.query(sql`SELECT user AS name, host AS host, plugin AS plugin,
    CASE WHEN CONCAT(user, '@', host) = CURRENT_USER() THEN 'master' WHEN ${isOwnAccount} THEN 'own'
      WHEN account_locked = 'Y' AND authentication_string = '' THEN 'role' ELSE 'user' END AS kind,
    EXISTS (SELECT 1 FROM information_schema.plugins AS p WHERE p.plugin_name = plugin AND p.plugin_status = 'ACTIVE') AS loaded,
    authentication_string NOT IN ('', 'RDS') AS told,
    COALESCE(JSON_LENGTH(user_attributes, '$.metadata'), 0) > 0 AS described,
    x509_issuer <> '' OR x509_subject <> '' AS certificate,
    COALESCE(JSON_CONTAINS_PATH(user_attributes, 'one', '$.additional_password'), 0) AS second_password,
    COALESCE(JSON_LENGTH(user_attributes, '$.multi_factor_authentication'), 0) AS factors,
    (SELECT COUNT(*) FROM mysql.password_history AS h WHERE h.user = account.user AND h.host = account.host) AS history
    FROM mysql.user AS account ORDER BY user, host`);
  return rows.map((row): Account => ({
    name: String(row.name),
    host: String(row.host),
    plugin: String(row.plugin),
    kind: row.kind === "master" || row.kind === "own" || row.kind === "role" ? row.kind : "user",
    pluginLoaded: row.loaded === 1,
    pluginText: !withPassword.has(String(row.plugin)) && row.told === 1,
    described: row.described === 1,
    certificate: row.certificate === 1,
    dual: row.second_password === 1,
    factors: Number(row.factors),
    history: Number(row.history),
  }));
}

/** Whether to change the account. On RDS's own accounts only a comment can be production's. */
function isChanged(account: Account): boolean {
  const { kind, pluginText, described, certificate, dual, factors, history } = account;
  if (kind === "user" || described) return true;
  return kind !== "own" && (pluginText || certificate || dual || factors > 0 || history > 0);
}

/** False: the master user may not. */
async function lock(session: Session, account: Account): Promise<boolean> {
  try {
    if (account.kind === "master") await forgetFormerPasswords(session, account);
    else if (account.kind !== "own") await replacePassword(session, account);
    if (account.described) await emptyAttributes(session, account);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

/**
 * Without these options the old hash would be kept in the history; with them a new password also empties it. An old password that
 * was retained for a change of passwords would still work.
 */
const withoutHistory = sql`PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY`;

/** The server makes the password, so that no statement holds it; its answer is not read. */
async function replacePassword(session: Session, account: Account): Promise<void> {
  const { kind, plugin, pluginLoaded, pluginText, certificate, dual, factors, history } = account;
  const target = accountOf(account);
  for (let factor = factors + 1; factor > 1; factor--) {
    await session.query(sql`ALTER USER ${target} DROP ${factor} FACTOR`);
  }
  const hashed = withPassword.has(plugin) && pluginLoaded;
  if (dual && hashed) await session.query(sql`ALTER USER ${target} DISCARD OLD PASSWORD`);
  // Any certificate, instead of a named person's.
  const require = certificate ? sql` REQUIRE X509` : sql``;
  const rest = sql`${require} ${withoutHistory} ACCOUNT LOCK`;
  if (hashed) {
    const password = kind === "role" && history === 0 ? sql`` : sql` IDENTIFIED BY RANDOM PASSWORD`;
    await session.query(sql`ALTER USER ${target}${password}${rest}`);
    return;
  }
  // A password of the server's own plugin replaces what another plugin keeps, and the history. IAM's accounts have neither.
  if (pluginText || dual || history > 0 || !pluginLoaded) {
    await session.query(
      sql`ALTER USER ${target} IDENTIFIED WITH caching_sha2_password BY RANDOM PASSWORD${rest}`,
    );
    if (dual) await session.query(sql`ALTER USER ${target} DISCARD OLD PASSWORD`);
    return;
  }
  await session.query(sql`ALTER USER ${target}${rest}`);
}

/**
 * The master user's password is the workspace's, but former ones are production's. Only a new password empties the history: a
 * random one becomes the first, and the workspace's still works as the second.
 */
async function forgetFormerPasswords(session: Session, account: Account): Promise<void> {
  const target = accountOf(account);
  if (account.dual) await session.query(sql`ALTER USER ${target} DISCARD OLD PASSWORD`);
  if (account.history === 0) return;
  await session.query(
    sql`ALTER USER ${target} IDENTIFIED BY RANDOM PASSWORD RETAIN CURRENT PASSWORD ${withoutHistory}`,
  );
}

/** Setting a key to null removes it. Keys may hold text, so the server composes the statement itself. */
async function emptyAttributes(session: Session, account: Account): Promise<void> {
  const { name, host } = account;
  const statement = new Name("datascrubber_statement");
  await session.query(
    sql`SET @${statement} = (SELECT CONCAT('ALTER USER ', QUOTE(user), '@', QUOTE(host), ' ATTRIBUTE ',
      QUOTE((SELECT JSON_OBJECTAGG(keys_of.name, NULL)
        FROM JSON_TABLE(JSON_KEYS(user_attributes, '$.metadata'), '$[*]' COLUMNS (name text PATH '$')) AS keys_of)))
    FROM mysql.user WHERE user = ${textLiteral(name)} AND host = ${textLiteral(host)})`,
  );
  await session.query(sql`PREPARE ${statement} FROM @${statement}`);
  await session.query(sql`EXECUTE ${statement}`);
  await session.query(sql`DEALLOCATE PREPARE ${statement}`);
  await session.query(sql`SET @${statement} = NULL`);
}

/** Where the master user's history was emptied, its second password is the workspace's. */
function refuseRemains(accounts: readonly Account[]): void {
  const left = accounts.filter((account) =>
    account.kind === "master"
      ? isChanged({ ...account, dual: false, certificate: false })
      : isChanged({ ...account, kind: account.kind === "user" ? "role" : account.kind })
  );
  if (left.length === 0) return;
  throw new ScrubError(
    "accounts",
    `Cannot empty ${
      left.map(quotedAccount).join(", ")
    }: the server keeps former passwords, attributes or names in certificates`,
    "Take them from the account in production, or keep all accounts by --keep-accounts.",
  );
}

/** What was removed besides passwords. */
function removed(accounts: readonly Account[]): Readonly<Record<string, number>> {
  return {
    "comments and attributes": accounts.filter(({ described }) => described).length,
    "former passwords": accounts.filter(({ kind, history }) => kind !== "own" && history > 0).length,
    "second passwords": accounts.filter(({ kind, dual }) => kind !== "own" && dual).length,
    "further factors of authentication": accounts.filter(({ factors }) => factors > 0).length,
    "names in certificates": accounts.filter(({ certificate }) => certificate).length,
    "texts for authentication plugins": accounts.filter(({ pluginText }) => pluginText).length,
  };
}
