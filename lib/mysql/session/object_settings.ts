/** Settings of a session that triggers and events take over from it when they are created or altered. @module */

import { type Sql, trusted } from "../../engine/sql.ts";
import { sqlMode } from "./session_settings.ts";

/** What an object was created with. */
export interface ObjectSettings {
  readonly sqlMode: string;
  readonly characterSetClient: string;
  readonly collationConnection: string;
}

/** The statement that takes over an object's settings. */
export function setSettings({ sqlMode, characterSetClient, collationConnection }: ObjectSettings): Sql {
  return trusted(
    `SET SESSION sql_mode = '${word(sqlMode)}', character_set_client = ${word(characterSetClient)}, ` +
      `collation_connection = ${word(collationConnection)}`,
  );
}

/** The statement that goes back to what our sessions have. */
export const ownSettings: Sql = trusted(`SET NAMES utf8mb4, SESSION sql_mode = '${sqlMode}'`);

/** Names of modes, character sets and collations are words. */
function word(text: string): string {
  if (!/^[\w,]*$/.test(text)) throw new TypeError("Cannot set what is no name of a setting");
  return text;
}
