/** MariaDB's accounts: each is a document in `mysql.global_priv`, and mysql.user is a view of it. @module */

import type { Session } from "../engine/engine.ts";
import { joinSql, Name, type Sql, trusted } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { type AccountName, accountOf, emptied, isRefused, mayAlter, notAllowed, quotedAccount } from "./account.ts";
import { endSessions } from "./end_sessions.ts";
import { isOwnAccount } from "./schema/server_tables.ts";
import { sql, textLiteral } from "./sql/literals.ts";

/**
 * What the server writes there (system table `mysql.global_priv`, and the definition of the view `mysql.user`), and of which type
 * it is. Anything else is whatever somebody has written who may change that table.
 */
const keys = {
  numbers: [
    "access",
    "version_id",
    "ssl_type",
    "max_questions",
    "max_updates",
    "max_connections",
    "max_user_connections",
    "max_statement_time",
    "password_last_changed",
    "password_lifetime",
  ],
  flags: ["is_role", "account_locked"],
  texts: ["plugin", "authentication_string", "ssl_cipher", "x509_issuer", "x509_subject", "default_role"],
  lists: ["auth_or"],
} as const;

/** An account, and what of it may hold a text or secret of production. */
interface Account extends AccountName {
  readonly kind: "master" | "own" | "role" | "user";
  /** Keys, or types of values, that the server does not write; or a key twice. */
  readonly unknown: boolean;
  /** A password's hash, or the text for a plugin, but the word that marks IAM's accounts. */
  readonly secret: boolean;
  /** More ways to authenticate than one. */
  readonly ways: boolean;
  /** IAM's: its plugin, which is loaded, keeps no password. */
  readonly iam: boolean;
  /** Subject or issuer of the certificate that it must show. */
  readonly certificate: boolean;
  readonly cipher: boolean;
  /** The default role is one that is not there. */
  readonly formerRole: boolean;
}

const path = (key: string): Sql => textLiteral(`$.${key}`);
const textAt = (key: string): Sql => sql`COALESCE(JSON_VALUE(account.priv, ${path(key)}), '')`;
const typeAt = (key: string): Sql => sql`JSON_TYPE(JSON_EXTRACT(account.priv, ${path(key)}))`;

/** Whether each value is of the type that the server gives it, and there is no other key: one that is there twice counts twice. */
const known = (() => {
  const found = (names: readonly string[], ...types: readonly string[]) =>
    names.map((name) =>
      sql`COALESCE(${typeAt(name)} IN (${joinSql(types.map(textLiteral), ", ")}), NOT JSON_EXISTS(account.priv, ${
        path(name)
      }))`
    );
  const all = Object.values(keys).flat();
  return joinSql([
    sql`JSON_TYPE(account.priv) = 'OBJECT'`,
    sql`JSON_LENGTH(account.priv) = ${
      joinSql(all.map((name) => sql`JSON_EXISTS(account.priv, ${path(name)})`), " + ")
    }`,
    ...found(keys.numbers, "INTEGER", "DOUBLE"),
    ...found(keys.flags, "BOOLEAN"),
    ...found(keys.texts, "STRING"),
    ...found(keys.lists, "ARRAY"),
  ], " AND ");
})();

/** What is left of a list of ways to authenticate when it has been replaced by one: a place for that one. */
const oneWay = trusted("'[{}]'");

async function readAccounts(session: Session): Promise<readonly Account[]> {
  const rows = await session.query(sql`SELECT user AS name, host AS host,
    CASE WHEN CONCAT(user, '@', host) = CURRENT_USER() THEN 'master' WHEN ${isOwnAccount} THEN 'own'
      WHEN ${textAt("is_role")} = '1' THEN 'role' ELSE 'user' END AS kind,
    NOT COALESCE(${known}, FALSE) AS unknown_keys,
    ${textAt("authentication_string")} NOT IN ('', 'RDS', ${textLiteral(noPassword)}) AS secret,
    COALESCE(JSON_COMPACT(JSON_EXTRACT(account.priv, '$.auth_or')), ${oneWay}) <> ${oneWay} AS ways,
    ${textAt("authentication_string")} = 'RDS' AND EXISTS (SELECT 1 FROM information_schema.plugins AS p
      WHERE p.plugin_name = ${textAt("plugin")} AND p.plugin_status = 'ACTIVE') AS iam,
    ${textAt("x509_issuer")} <> '' OR ${textAt("x509_subject")} <> '' AS certificate,
    ${textAt("ssl_cipher")} <> '' AS cipher,
    ${textAt("default_role")} <> '' AND NOT EXISTS (SELECT 1 FROM mysql.global_priv AS r
      WHERE r.user = ${textAt("default_role")} AND r.host = '' AND JSON_VALUE(r.priv, '$.is_role') = '1') AS former_role
    FROM mysql.global_priv AS account ORDER BY user, host`);
  return rows.map((row): Account => ({
    name: String(row.name),
    host: String(row.host),
    kind: row.kind === "master" || row.kind === "own" || row.kind === "role" ? row.kind : "user",
    unknown: row.unknown_keys !== 0,
    secret: row.secret !== 0,
    ways: row.ways !== 0,
    iam: row.iam === 1,
    certificate: row.certificate !== 0,
    cipher: row.cipher !== 0,
    formerRole: row.former_role !== 0,
  }));
}

/**
 * See {@linkcode checkAccounts}.
 *
 * @throws {ScrubError} `accounts` for those that the master user may not change, or of which something would remain.
 */
export async function checkMariadbAccounts(session: Session): Promise<void> {
  const accounts = await readAccounts(session);
  // First: an ALTER USER writes anew what it does not understand.
  refuseRemains(accounts.map((account) => account.kind === "user" ? asLocked(account) : account));
  const failed: string[] = [];
  for (const account of accounts.filter(({ kind }) => kind === "user")) {
    if (!await mayAlter(session, account)) failed.push(quotedAccount(account));
  }
  if (failed.length > 0) throw notAllowed(failed, mayNot);
  await refusePasswordValidation(session, accounts);
}

/** As it will be: unknown keys stay. */
function asLocked(account: Account): Account {
  return { ...account, secret: false, ways: false, certificate: false, cipher: false, formerRole: false };
}

/** With such a plugin, the server takes no hash instead of a password. */
async function refusePasswordValidation(session: Session, accounts: readonly Account[]): Promise<void> {
  if (!accounts.some(({ kind }) => kind === "user")) return;
  const plugins = await session.query(sql`SELECT plugin_name AS name FROM information_schema.plugins
    WHERE plugin_type = 'PASSWORD VALIDATION' AND plugin_status = 'ACTIVE' AND @@strict_password_validation = 1
    ORDER BY plugin_name`);
  if (plugins.length === 0) return;
  throw new ScrubError(
    "accounts",
    `Cannot take the passwords of accounts: the server checks new ones by ${
      plugins.map(({ name }) => name).join(", ")
    }`,
    "Set strict_password_validation = 0 in the workspace's parameter group, or keep all accounts by --keep-accounts.",
  );
}

/** In a password's place: no password has it as its hash. */
const noPassword = "invalid";

const mayNot =
  "Give the master user its privileges back in production (on RDS a new master password does), or keep all " +
  "accounts by --keep-accounts.";

/**
 * Takes the password and every other way to log in from each account but the master's, RDS's and the server's, locks it, and ends
 * its sessions; removes names in certificates, ciphers, and texts for other plugins. Privileges, roles and ownership do not change.
 *
 * @throws {ScrubError} as {@linkcode lockAccounts}.
 */
export async function lockMariadbAccounts(session: Session): Promise<readonly string[]> {
  const accounts = await readAccounts(session);
  const locked = accounts.filter(({ kind }) => kind === "user");
  const failed: string[] = [];
  for (const account of locked) {
    if (!await lock(session, account)) failed.push(quotedAccount(account));
  }
  if (failed.length > 0) throw notAllowed(failed, mayNot);
  refuseRemains(await readAccounts(session));
  const former = await forgetFormerPasswords(session);
  await endSessions(session);
  const names = locked.map(({ name, host }) => `${name}@${host}`).join(", ");
  const count = (is: (account: Account) => boolean) => locked.filter(is).length;
  return [
    locked.length === 0 ? "no other accounts to lock" : `locked, without a password: ${names}`,
    ...(former > 0 ? [`emptied: ${former} former passwords`] : []),
    ...emptied({
      "further ways of authentication": count(({ ways }) => ways),
      "names in certificates": count(({ certificate }) => certificate),
      "ciphers": count(({ cipher }) => cipher),
      "default roles that are gone": count(({ formerRole }) => formerRole),
    }),
  ];
}

/** False: the master user may not. */
async function lock(session: Session, account: Account): Promise<boolean> {
  const target = accountOf(account);
  // It also replaces all further ways. IAM's have no password that could stay.
  const password = account.iam && !account.ways
    ? sql``
    : sql` IDENTIFIED VIA mysql_native_password USING ${trusted(`'${noPassword}'`)}`;
  // Any certificate, instead of a named person's; any cipher.
  const require = account.certificate ? sql` REQUIRE X509` : account.cipher ? sql` REQUIRE SSL` : sql``;
  try {
    await session.query(sql`ALTER USER ${target}${password}${require} ACCOUNT LOCK`);
    if (account.formerRole) await session.query(sql`SET DEFAULT ROLE NONE FOR ${target}`);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

/** Hashes that the plugin password_reuse_check keeps, of names with passwords; gives their number. */
async function forgetFormerPasswords(session: Session): Promise<number> {
  const table = new Name("mysql", "password_reuse_check_history");
  const [found] = await session.query(sql`SELECT 1 FROM information_schema.tables
    WHERE table_schema = 'mysql' AND table_name = 'password_reuse_check_history'`);
  if (found === undefined) return 0;
  const { rows } = await session.run({ label: "delete former passwords", sql: sql`DELETE FROM ${table}` });
  return rows;
}

/** The workspace's password is the master's only secret. RDS's and the server's accounts keep theirs; nobody knows them. */
function refuseRemains(accounts: readonly Account[]): void {
  const left = accounts.filter(({ kind, unknown, secret, ways, certificate, cipher, formerRole }) => {
    if (unknown || kind === "own") return unknown;
    return secret && kind !== "master" || ways || certificate || cipher || formerRole;
  });
  if (left.length === 0) return;
  throw new ScrubError(
    "accounts",
    `Cannot empty ${
      left.map(quotedAccount).join(", ")
    }: the account has attributes that the master user cannot remove, ` +
      "or that no server writes",
    "Drop the account in production and create it anew, or keep all accounts by --keep-accounts.",
  );
}
