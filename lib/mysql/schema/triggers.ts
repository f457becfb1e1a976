/** Triggers: reading them so that they can be created again as they were, with owner, settings and order. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import type { Step } from "../../engine/engine.ts";
import type { MysqlTrigger } from "../../engine/mysql_details.ts";
import { Name, trusted } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { globalPrivileges } from "./hidden_objects.ts";
import { productOf } from "../sql/product.ts";
import { ownSettings, setSettings } from "../session/session_settings.ts";

type Row = Readonly<Record<string, Cell>>;

/** A trigger, and why it cannot be created again. */
export interface ReadTrigger {
  readonly trigger: MysqlTrigger;
  /** For people; absent: it can be. */
  readonly obstacle?: string;
}

/** The triggers of the session's database by table, in the order in which they fire. */
export async function readTriggers(session: Session): Promise<ReadonlyMap<string, readonly ReadTrigger[]>> {
  const rows = await session.query(sql`SELECT event_object_table AS table_name, trigger_name AS name,
    event_manipulation AS event, definer AS definer, database_collation AS collation
    FROM information_schema.triggers WHERE trigger_schema = ${textLiteral(session.database)}
    ORDER BY event_object_table, event_manipulation, action_timing, action_order`);
  if (rows.length === 0) return new Map();
  const rights = await readRights(session);
  const found = new Map<string, ReadTrigger[]>();
  for (const row of rows) {
    const trigger = await readTrigger(session, row);
    const obstacle = obstacleOf(trigger, row, rights);
    const table = String(row.table_name);
    found.set(table, [...(found.get(table) ?? []), { trigger, ...(obstacle === undefined ? {} : { obstacle }) }]);
  }
  return found;
}

async function readTrigger(session: Session, row: Row): Promise<MysqlTrigger> {
  const name = String(row.name);
  const [shown] = await session.query(sql`SHOW CREATE TRIGGER ${new Name(session.database, name)}`);
  return {
    name,
    event: row.event === "INSERT" ? "INSERT" : row.event === "UPDATE" ? "UPDATE" : "DELETE",
    statement: String(shown?.["SQL Original Statement"] ?? ""),
    sqlMode: String(shown?.sql_mode),
    characterSetClient: String(shown?.character_set_client),
    collationConnection: String(shown?.collation_connection),
  };
}

/** Privileges of the master user over definers. */
interface Rights {
  readonly self: string;
  readonly anyDefiner: boolean;
  readonly missingDefiner: boolean;
  /** Every account, as `user@host`. */
  readonly accounts: ReadonlySet<string>;
  /** Those that only a system user may name. */
  readonly system: ReadonlySet<string>;
  /** The database's default collation. */
  readonly collation: string;
}

async function readRights(session: Session): Promise<Rights> {
  const everywhere = await globalPrivileges(session);
  const has = (...privileges: readonly string[]) => privileges.some((privilege) => everywhere.has(privilege));
  // Not @@collation_database: a session that was reset when it began has the server's in it.
  const [self] = await session.query(sql`SELECT CURRENT_USER() AS self, default_collation_name AS collation
    FROM information_schema.schemata WHERE schema_name = ${textLiteral(session.database)}`);
  const accounts = await session.query(sql`SELECT CONCAT(user, '@', host) AS account FROM mysql.user`);
  const product = await productOf(session);
  const system = product === "mariadb" ? [] : await session.query(
    sql`SELECT CONCAT(user, '@', host) AS account FROM mysql.global_grants WHERE priv = 'SYSTEM_USER'`,
  );
  const all = product === "mariadb" ? ["ALL PRIVILEGES"] : [];
  return {
    self: String(self?.self),
    // SET_USER_ID of 8.0 became these two in 8.2. MariaDB's is one, and a part of its ALL.
    anyDefiner: has("SET_USER_ID", "SET_ANY_DEFINER", "SET USER", "SUPER", ...all),
    missingDefiner: has("SET_USER_ID", "ALLOW_NONEXISTENT_DEFINER", "SET USER", "SUPER", ...all),
    accounts: new Set(accounts.map(({ account }) => String(account))),
    system: new Set(system.map(({ account }) => String(account))),
    collation: String(self?.collation),
  };
}

/** Character sets in which our statements, in UTF-8, can be sent whatever letters they hold. */
const unicode: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8"]);

function obstacleOf(trigger: MysqlTrigger, row: Row, rights: Rights): string | undefined {
  const what = `its trigger "${trigger.name}" cannot be created again`;
  const definer = String(row.definer);
  if (trigger.statement === "") return `${what}: its text cannot be read`;
  if (definer !== rights.self) {
    if (!rights.anyDefiner) return `${what}: the master user may not name another user as its definer`;
    if (!rights.accounts.has(definer) && !rights.missingDefiner) return `${what}: its definer does not exist`;
    if (rights.system.has(definer)) return `${what}: its definer is a system user`;
  }
  if (String(row.collation) !== rights.collation) return `${what}: the database's collation is another one now`;
  if (!unicode.has(trigger.characterSetClient) && /\P{ASCII}/u.test(trigger.statement)) {
    return `${what}: its text is in ${trigger.characterSetClient}`;
  }
  return undefined;
}

/** Creates triggers on a table that has none, each with the settings that it was created with; ends with our own settings. */
export function createTriggers(table: string, triggers: readonly MysqlTrigger[]): readonly Step[] {
  if (triggers.length === 0) return [];
  return [
    ...triggers.flatMap((trigger): readonly Step[] => [
      { label: `take over the settings of trigger ${trigger.name}`, sql: setSettings(trigger) },
      { label: `create trigger ${trigger.name} on ${table}`, sql: trusted(trigger.statement) },
    ]),
    { label: "restore our settings", sql: ownSettings },
  ];
}
