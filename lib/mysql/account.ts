/** What is said of an account, whatever else the server keeps of it. @module */

import type { Cell, Session } from "../engine/engine.ts";
import { Name, type Sql } from "../engine/sql.ts";
import { serverCodeOf } from "../engine/database_error.ts";
import { ScrubError } from "../core/errors.ts";
import { isDenied } from "./session/errors.ts";
import { sql } from "./sql/literals.ts";

/** By user and host, as the server keeps them. */
export interface AccountName {
  readonly name: string;
  readonly host: string;
}

/** For people: `"user@host"`. */
export function quotedAccount({ name, host }: AccountName | Readonly<Record<string, Cell>>): string {
  return `"${name}@${host}"`;
}

/** For statements. The anonymous account's name is empty, which no quoted name may be; MariaDB's roles have no host. */
export function accountOf({ name, host }: AccountName): Sql {
  const user = name === "" ? sql`''` : sql`${new Name(name)}`;
  return host === "" ? user : sql`${user}@${new Name(host)}`;
}

/** By an ALTER USER that alters nothing, which needs the same privileges. */
export async function mayAlter(session: Session, account: AccountName): Promise<boolean> {
  try {
    await session.query(sql`ALTER USER ${accountOf(account)}`);
    return true;
  } catch (error) {
    return !isRefused(error);
  }
}

/** ALTER USER of an account that is not there, or not to be seen, is ER_CANNOT_USER. */
export function isRefused(error: unknown): boolean {
  return isDenied(error) || serverCodeOf(error) === "ER_CANNOT_USER";
}

/** The error of accounts, quoted, that the master user may not change. `privilege`: for which production may withhold it. */
export function notAllowed(names: readonly string[], hint: string): ScrubError {
  return new ScrubError(
    "accounts",
    `Cannot lock ${names.length === 1 ? "account" : "accounts"} ${names.join(", ")}: the master user may not`,
    hint,
  );
}

/** What was removed, in sentences; `counts`: of how many accounts. */
export function emptied(counts: Readonly<Record<string, number>>): readonly string[] {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.map(([what, count]) => `emptied: ${what} of ${count} ${count === 1 ? "account" : "accounts"}`);
}
