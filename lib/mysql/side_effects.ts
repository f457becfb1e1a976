/** Disables what would make a restored server act as production: events, replication, links to other servers. @module */

import type { Cell, Reach, Session } from "../engine/engine.ts";
import { joinSql, Name, type Sql } from "../engine/sql.ts";
import { serverCodeOf } from "../engine/database_error.ts";
import { ScrubError } from "../core/errors.ts";
import { pollUntil } from "../core/pause.ts";
import { isDenied } from "./session/errors.ts";
import { sql, textLiteral } from "./sql/literals.ts";
import { productOf, spelledBy } from "./sql/product.ts";
import { globalVariables } from "./sql/variables.ts";
import { ownSettings, setSettings } from "./session/session_settings.ts";

type Row = Readonly<Record<string, Cell>>;

/**
 * Disables every event of the server, drops links to other servers, and refuses replication and prepared transactions. The first
 * SQL of a run: an event that is due every second may still run once before this.
 *
 * @throws {ScrubError} `side-effects` for an event that the master user may not change, and where the server replicates; `residue`
 * where it has prepared transactions.
 */
export async function disableSideEffects(session: Session, reach: Reach = "server"): Promise<readonly string[]> {
  const here = reach === "server" ? sql`` : sql`AND event_schema = ${textLiteral(session.database)}`;
  const events = await session.query(sql`SELECT event_schema AS place, event_name AS name, definer AS definer,
    sql_mode AS sql_mode, time_zone AS time_zone, character_set_client AS client, collation_connection AS collation
    FROM information_schema.events WHERE status <> 'DISABLED' ${here} ORDER BY event_schema, event_name`);
  const sentences: string[] = [];
  for (const event of events) sentences.push(await disable(session, event));
  if (events.length > 0) await untilEventsEnd(session);
  await refuseReplication(session);
  sentences.push(...await refusePreparedTransactions(session));
  return [...sentences, ...(reach === "server" ? await otherServers(session) : [])];
}

/** Values of global settings. */
export async function readSettings(session: Session, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const list = joinSql(names.map(textLiteral), ", ");
  const rows = await session.query(sql`SELECT variable_name AS name, variable_value AS value
    FROM ${globalVariables} WHERE variable_name IN (${list})`);
  return new Map(rows.map(({ name, value }) => [String(name).toLowerCase(), String(value ?? "")]));
}

/**
 * ALTER EVENT makes the current user the definer, unless the old one is named, for which not every master user has the privilege.
 */
async function disable(session: Session, row: Row): Promise<string> {
  // An event keeps the settings of the session that last altered it.
  await session.query(sql`${settingsOf(row)}, SESSION time_zone = ${textLiteral(String(row.time_zone))}`);
  try {
    return await disableNow(session, row);
  } finally {
    await session.query(sql`${ownSettings}, SESSION time_zone = '+00:00'`);
  }
}

function settingsOf({ sql_mode, client, collation }: Row): Sql {
  return setSettings({
    sqlMode: String(sql_mode),
    characterSetClient: String(client),
    collationConnection: String(collation),
  });
}

async function disableNow(session: Session, { place, name, definer }: Row): Promise<string> {
  const event = new Name(String(place), String(name));
  const label = `disable event ${place}.${name}`;
  try {
    await session.run({ label, sql: sql`ALTER DEFINER = ${account(String(definer))} EVENT ${event} DISABLE` });
    return `event ${place}.${name} disabled`;
  } catch (error) {
    if (!isDenied(error) && !/^ER_(NO_SUCH_USER|MALFORMED_DEFINER)$/.test(serverCodeOf(error) ?? "")) throw error;
  }
  try {
    await session.run({ label, sql: sql`ALTER EVENT ${event} DISABLE` });
    return `event ${place}.${name} disabled; its definer is the master user now`;
  } catch (error) {
    throw new ScrubError(
      "side-effects",
      `Cannot disable event "${place}.${name}": the master user may not change it`,
      "Drop the event in production, or give it a definer that is no system user, before the next snapshot.",
      { cause: error, inPlace: "Drop the event, or give it a definer that is no system user." },
    );
  }
}

/** MariaDB shows the session of an event as one of its definer, which no client's is for longer than its login takes. */
const eventWorkers = spelledBy({
  mysql: "performance_schema.threads WHERE name = 'thread/sql/event_worker'",
  mariadb:
    "information_schema.processlist WHERE command = 'Connect' AND user NOT IN ('system user', 'unauthenticated user')",
});

/** An event that began before it was disabled may run on for a while: waits for a minute. */
async function untilEventsEnd(session: Session): Promise<void> {
  const ended = await pollUntil(async () => {
    const [row] = await session.query(sql`SELECT COUNT(*) AS counted FROM ${eventWorkers}`);
    return Number(row?.counted) === 0;
  }, 60_000);
  if (ended) return;
  throw new ScrubError(
    "side-effects",
    "Cannot go on: an event that began before it was disabled is still running",
    "Switch the event scheduler off in the workspace's parameter group, then run again.",
    { inPlace: "SET GLOBAL event_scheduler = OFF, wait for the end of the event, then run again." },
  );
}

/** `user@host` as an account; the host has no @, a user may. */
function account(definer: string): Sql {
  const at = definer.lastIndexOf("@");
  return sql`${new Name(definer.slice(0, at))}@${new Name(definer.slice(at + 1))}`;
}

/** RDS's master user may not ask MariaDB for the state of replicas, but sees their threads. */
const replicationThreads = spelledBy({
  mysql:
    `(SELECT channel_name, service_state FROM performance_schema.replication_connection_status WHERE service_state <> 'OFF'
    UNION ALL SELECT channel_name, service_state FROM performance_schema.replication_applier_status
      WHERE service_state <> 'OFF' AND channel_name NOT LIKE 'group_replication%'
      AND channel_name IN (SELECT channel_name FROM performance_schema.replication_connection_configuration WHERE host <> ''))`,
  mariadb: "(SELECT id FROM information_schema.processlist WHERE user = 'system user' AND command <> 'Daemon')",
});

/** A replica would bring in rows of production during the scrub. The master user may not stop it (RDS: by a procedure). */
async function refuseReplication(session: Session): Promise<void> {
  const [found] = await session.query(sql`SELECT COUNT(*) AS counted FROM ${replicationThreads} AS threads`);
  const counted = Number(found?.counted);
  if (counted === 0) return;
  throw new ScrubError(
    "side-effects",
    `Cannot scrub a server that replicates: ${counted} replication threads run`,
    "Use a snapshot of an instance that is no external replica, or stop its replication by mysql.rds_stop_replication.",
  );
}

/**
 * Refuses transactions that were prepared for two-phase commit: they outlast a restore, and until they end the server keeps their
 * locks and the old values of the rows that they changed.
 */
async function refusePreparedTransactions(session: Session): Promise<readonly string[]> {
  let prepared;
  try {
    prepared = await session.query(sql`XA RECOVER`);
  } catch (error) {
    // What the server answers a user without XA_RECOVER_ADMIN.
    if (!isDenied(error) && serverCodeOf(error) !== "ER_XAER_RMERR") throw error;
    return ["prepared XA transactions were not checked: the master user may not list them"];
  }
  if (prepared.length === 0) return [];
  throw new ScrubError(
    "residue",
    `Cannot purge old values: ${prepared.length} prepared XA transactions keep some`,
    "Commit or roll them back in production (XA RECOVER names them), then take the snapshot again.",
  );
}

/** Entries of mysql.servers hold logins for other servers. RDS may withhold the privilege to drop them. */
async function otherServers(session: Session): Promise<readonly string[]> {
  const servers = await session.query(sql`SELECT server_name AS name FROM mysql.servers ORDER BY server_name`);
  const sentences: string[] = [];
  for (const { name } of servers) {
    try {
      await dropServer(session, String(name));
      sentences.push(`link to another server "${name}" dropped`);
    } catch (error) {
      throw new ScrubError(
        "side-effects",
        `Cannot drop the link to another server "${name}", which holds a login: the master user may not`,
        "Drop the server in production before the next snapshot.",
        { cause: error },
      );
    }
  }
  return sentences;
}

/** MariaDB's DROP SERVER needs a privilege that RDS's master user lacks, who may write to the table of links. */
async function dropServer(session: Session, name: string): Promise<void> {
  const label = `drop server ${name}`;
  try {
    await session.run({ label, sql: sql`DROP SERVER ${new Name(name)}` });
  } catch (error) {
    if (!isDenied(error) || await productOf(session) === "mysql") throw error;
    await session.run({ label, sql: sql`DELETE FROM mysql.servers WHERE server_name = ${textLiteral(name)}` });
    // The server keeps what it has read of that table.
    await session.query(sql`FLUSH PRIVILEGES`);
  }
}
