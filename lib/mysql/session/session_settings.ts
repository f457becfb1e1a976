/** What every session of ours sets, whatever the instance's parameter group says, and what objects keep of a session. @module */

import { type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { mariadbOnly, mysqlOnly, spelledBy } from "../sql/product.ts";

/**
 * Strict, so that a value that does not fit is an error; zero dates and dates such as 31 February are kept (no NO_ZERO_DATE, no
 * NO_ZERO_IN_DATE); an id of 0 is kept; a disabled storage engine is not replaced by another.
 */
const sqlMode = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

/**
 * All of them are a session's own to set without a privilege. Foreign key checks are off, so
 * no cascade fires: which rows to delete is decided before. REPEATABLE READ would lock rows that a statement only reads.
 * wait_timeout's value is the greatest that there is, in seconds.
 */
export const sessionSettings: Sql = sql`SET NAMES utf8mb4,
  SESSION sql_mode = '${trusted(sqlMode)}',
  SESSION time_zone = '+00:00',
  SESSION autocommit = 1,
  SESSION ${spelledBy({ mysql: "transaction_isolation", mariadb: "tx_isolation" })} = 'READ-COMMITTED',
  SESSION foreign_key_checks = 0,
  SESSION unique_checks = 1,
  SESSION lock_wait_timeout = 30,
  SESSION innodb_lock_wait_timeout = 30,
  SESSION wait_timeout = 31536000,
  SESSION net_read_timeout = 600,
  SESSION net_write_timeout = 600,
  SESSION ${spelledBy({ mysql: "max_execution_time", mariadb: "max_statement_time" })} = 0,
  SESSION sql_safe_updates = 0,
  SESSION sql_big_selects = 1,
  SESSION sql_select_limit = 18446744073709551615,
  SESSION sql_auto_is_null = 0,
  SESSION sql_quote_show_create = 1,
  SESSION group_concat_max_len = 1048576
  ${mysqlOnly(", SESSION information_schema_stats_expiry = 0")}
  ${
  // JSON_ARRAYAGG of MariaDB's is cut like GROUP_CONCAT, a warning must not be one too many to be kept, and what a cache of subqueries
  // keeps may come into a file. A purge holds a transaction open, and has its filler from recursive queries, which are cut, too.
  mariadbOnly(`, SESSION group_concat_max_len = 1073741824, SESSION max_error_count = 65535,
    SESSION default_regex_flags = '', SESSION optimizer_switch = 'subquery_cache=off', SESSION max_recursive_iterations = 4294967295,
    SESSION idle_transaction_timeout = 0, SESSION idle_readonly_transaction_timeout = 0,
    SESSION idle_write_transaction_timeout = 0, SESSION check_constraint_checks = 1`)}`;

/** The settings that an object was created with. */
export interface ObjectSettings {
  readonly sqlMode: string;
  readonly characterSetClient: string;
  readonly collationConnection: string;
}

/** The statement that sets an object's settings for the session. */
export function setSettings({ sqlMode, characterSetClient, collationConnection }: ObjectSettings): Sql {
  return trusted(
    `SET SESSION sql_mode = '${word(sqlMode)}', character_set_client = ${word(characterSetClient)}, ` +
      `collation_connection = ${word(collationConnection)}`,
  );
}

/** The statement that restores our own settings. */
export const ownSettings: Sql = trusted(`SET NAMES utf8mb4, SESSION sql_mode = '${sqlMode}'`);

/** Names of modes, character sets and collations are words. */
function word(text: string): string {
  if (!/^[\w,]*$/.test(text)) throw new TypeError("Cannot set what is no name of a setting");
  return text;
}
