/** Accounts, roles and privileges of a MySQL server, without passwords. @module */

import type { Session } from "../../engine/engine.ts";
import { serverCodeOf } from "../../engine/database_error.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { isOwnAccount } from "../../mysql/schema/server_tables.ts";
import { isDenied } from "../../mysql/session/errors.ts";
import { sql } from "../../mysql/sql/literals.ts";
import type { Definitions } from "../definitions.ts";

/** An account that is not the server's, RDS's or the master's. */
export interface Account {
  readonly user: string;
  readonly host: string;
  /** A locked account without a password. */
  readonly isRole: boolean;
}

/** Privileges or roles of an account, as the server writes them. */
export interface Grant {
  readonly account: Account;
  readonly statement: Sql;
}

const isUsers = sql`NOT (${isOwnAccount}) AND CONCAT(user, '@', host) <> CURRENT_USER()`;

/** Production's accounts. */
export async function readAccounts(session: Session): Promise<readonly Account[]> {
  const rows = await session.query(sql`SELECT user AS name, host AS host,
    account_locked = 'Y' AND authentication_string = '' AS is_role FROM mysql.user WHERE ${isUsers} ORDER BY user, host`);
  return rows.map(({ name, host, is_role }): Account => ({
    user: String(name),
    host: String(host),
    isRole: is_role === 1,
  }));
}

/** Definers of anything in the databases that are no accounts: newer servers create nothing for one that does not exist. */
export async function readMissingDefiners(session: Session, databases: Sql): Promise<readonly Account[]> {
  const rows = await session.query(
    sql`SELECT DISTINCT LEFT(definer, CHAR_LENGTH(definer) - CHAR_LENGTH(SUBSTRING_INDEX(definer, '@', -1)) - 1) AS name,
      SUBSTRING_INDEX(definer, '@', -1) AS host FROM (
    SELECT definer FROM information_schema.views WHERE table_schema IN (${databases})
    UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema IN (${databases})
    UNION SELECT definer FROM information_schema.routines WHERE routine_schema IN (${databases})
    UNION SELECT definer FROM information_schema.events WHERE event_schema IN (${databases})) AS one
    WHERE definer NOT IN (SELECT CONCAT(user, '@', host) FROM mysql.user) ORDER BY 1, 2`,
  );
  return rows.map(({ name, host }): Account => ({ user: String(name), host: String(host), isRole: false }));
}

/** Creates a locked account, with a random password that is read nowhere, or a role. */
export async function createAccount(session: Session, account: Account): Promise<void> {
  const { isRole } = account;
  const password = isRole ? sql`` : sql` IDENTIFIED BY RANDOM PASSWORD`;
  await session.query(sql`CREATE USER ${accountOf(account)}${password} ACCOUNT LOCK`);
}

/** What each account may do, and its roles; USAGE, which is nothing, is left out. */
export async function readGrants(session: Session, accounts: readonly Account[]): Promise<readonly Grant[]> {
  const grants: Grant[] = [];
  for (const account of accounts) {
    const rows = await session.query(sql`SHOW GRANTS FOR ${accountOf(account)}`);
    const statements = rows.flatMap((row) => Object.values(row)).map(String);
    grants.push(
      ...statements.filter((one) => !/^GRANT USAGE ON \*\.\* TO /.test(one) || one.endsWith(" WITH GRANT OPTION"))
        .map((one) => ({ account, statement: trusted(one) })),
    );
  }
  return grants;
}

/** What became of some grants. */
export interface GrantsGiven {
  /** Those that name what does not exist, or not yet, or take back a part of one that is missing. */
  readonly early: readonly Grant[];
  /** Those that the server refuses to its master user. */
  readonly refused: readonly Grant[];
}

/** Gives them. */
export async function give(session: Session, grants: readonly Grant[]): Promise<GrantsGiven> {
  const early: Grant[] = [];
  const refused: Grant[] = [];
  for (const grant of grants) {
    try {
      await session.query(grant.statement);
    } catch (error) {
      if (isDenied(error)) refused.push(grant);
      else if (
        /^ER_(NO_SUCH_TABLE|NONEXISTING_GRANT|SP_DOES_NOT_EXIST|BAD_FIELD_ERROR)$/.test(serverCodeOf(error) ?? "")
      ) {
        early.push(grant);
      } else throw error;
    }
  }
  return { early, refused };
}

/** Roles of the master user's, and roles that accounts have from their login on. `session`: on the workspace. */
export async function readRoles(session: Session): Promise<readonly Sql[]> {
  const edges = await session.query(
    sql`SELECT from_user AS role, from_host AS role_host, with_admin_option = 'Y' AS admin
    FROM mysql.role_edges WHERE CONCAT(to_user, '@', to_host) = CURRENT_USER()
      AND (from_user, from_host) IN (SELECT user, host FROM mysql.user WHERE ${isUsers})`,
  );
  const [self] = await session.query(
    sql`SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS user, SUBSTRING_INDEX(CURRENT_USER(), '@', -1) AS host`,
  );
  const me = accountOf({ user: String(self?.user), host: String(self?.host) });
  const defaults = await session.query(
    sql`SELECT user AS name, host AS host, default_role_user AS role, default_role_host AS role_host
    FROM mysql.default_roles WHERE (user, host) IN (SELECT user, host FROM mysql.user WHERE ${isUsers}) ORDER BY 1, 2, 3, 4`,
  );
  const byAccount = Map.groupBy(defaults, ({ name, host }) => JSON.stringify([name, host]));
  const roleOf = ({ role, role_host }: typeof defaults[number]) =>
    accountOf({ user: String(role), host: String(role_host) });
  return [
    ...edges.map((edge) => sql`GRANT ${roleOf(edge)} TO ${me}${edge.admin === 1 ? sql` WITH ADMIN OPTION` : sql``}`),
    ...[...byAccount.values()].map((roles) => {
      const [{ name, host } = {}] = roles;
      const account = accountOf({ user: String(name), host: String(host) });
      return sql`ALTER USER ${account} DEFAULT ROLE ${joinSql(roles.map(roleOf), ", ")}`;
    }),
  ];
}

/** Accounts with their privileges and roles; `without`: what is known to be missing. */
export async function readAccountDefinitions(session: Session, without: readonly Grant[]): Promise<Definitions> {
  const accounts = await readAccounts(session);
  const left = new Set(without.map(({ statement }) => statement.text));
  const grants = (await readGrants(session, accounts)).filter(({ statement }) => !left.has(statement.text));
  const roles = (await readRoles(session)).map(({ text }) => text).toSorted();
  return new Map([
    ...accounts.map((account) => {
      const own = grants.filter((grant) => grant.account === account).map(({ statement }) => statement.text);
      return [`account ${called(account)}`, own.toSorted().join("; ")] as const;
    }),
    ["roles", roles.join("; ")],
  ]);
}

/** As people call it. */
export function called({ user, host }: Pick<Account, "user" | "host">): string {
  return `"${user}@${host}"`;
}

/** The anonymous account's name is empty, which no quoted name may be. */
function accountOf({ user, host }: Pick<Account, "user" | "host">): Sql {
  const name = user === "" ? sql`''` : sql`${new Name(user)}`;
  return host === "" ? name : sql`${name}@${new Name(host)}`;
}
