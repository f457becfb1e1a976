/** Disables what would make a restored database act as production: the first SQL of a run. @module */

import type { Cell, Reach, Session } from "../engine/engine.ts";
import { joinSql, Name, type Sql } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import { pollUntil } from "../core/pause.ts";
import { maintenanceDatabase } from "./schema/databases.ts";
import { isDenied } from "./session/errors.ts";
import { sql, stringConstant, textLiteral } from "./sql/literals.ts";
import { joinRoles, restoreMemberships } from "./session/owner_roles.ts";

/**
 * Disables subscriptions, scheduled jobs and event triggers of the session's database, and ends prepared transactions; on the
 * maintenance database it drops replication slots too, which are the server's. Slots and prepared transactions would also keep
 * old rows and the log from being removed.
 *
 * @returns sentences for the report.
 * @throws {ScrubError} `side-effects` for what the master user cannot switch off.
 */
export async function disableSideEffects(session: Session, reach: Reach = "server"): Promise<readonly string[]> {
  const joined = reach === "server" ? await joinRoles(session, owners) : [];
  const done = [
    ...await disableSubscriptions(session),
    ...await disableJobs(session),
    ...await disableEventTriggers(session),
    ...await endPrepared(session),
    ...(reach === "server" && session.database === maintenanceDatabase ? await dropSlots(session) : []),
  ];
  await restoreMemberships(session, joined);
  await awaitNoWorker(session);
  return done;
}

/** Values of settings as they are for the session. Those of an extension that is not loaded are unknown. */
export async function readSettings(session: Session, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const list = joinSql(names.map((name) => sql`(${textLiteral(name)})`), ", ");
  const rows = await session.query(
    sql`SELECT name, current_setting(name, true) AS value FROM (VALUES ${list}) wanted (name)`,
  );
  return new Map(rows.flatMap(({ name, value }) => value === null ? [] : [[String(name), String(value)]]));
}

/** Roles that own what is switched off here. */
const owners = sql`
  SELECT subowner AS owner FROM pg_subscription WHERE subenabled
    AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION SELECT evtowner FROM pg_event_trigger WHERE evtenabled <> 'D'
  UNION SELECT r.oid FROM pg_prepared_xacts p JOIN pg_roles r ON r.rolname = p.owner WHERE p.database = current_database()`;

/** An object as people call it: this comes before names are looked at, and a name that looks sensitive is not told. */
async function called(what: string, name: Cell | undefined): Promise<string> {
  const { personalInName } = await import("../engine/personal_text.ts");
  const holds = personalInName(String(name));
  return holds.length === 0 ? `${what} "${name}"` : `${what} whose name looks like: ${holds.join(", ")}`;
}

/** Runs one statement; where the master user may not, the error names what remains active. */
async function attempt(session: Session, statement: Sql, what: string): Promise<void> {
  try {
    await session.query(statement);
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new ScrubError(
      "side-effects",
      `Cannot ${what} in database "${session.database}": the master user may not (42501)`,
      "Remove it on the source, or give it an owner that the master user may join.",
      { cause: error, inPlace: "Remove it from the database, or take its owner or a superuser as the user." },
    );
  }
}

async function disableSubscriptions(session: Session): Promise<string[]> {
  const found = await session.query(sql`
    SELECT subname FROM pg_subscription
    WHERE subenabled AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY subname COLLATE "C"`);
  for (const { subname } of found) {
    const statement = sql`ALTER SUBSCRIPTION ${new Name(String(subname))} DISABLE`;
    await attempt(session, statement, `disable ${await called("the subscription", subname)}`);
  }
  const names = await Promise.all(found.map(({ subname }) => called("subscription", subname)));
  return names.map((name) => `database "${session.database}": ${name} disabled`);
}

/** pg_cron keeps its jobs in a table of the one database that it is installed in. */
async function disableJobs(session: Session): Promise<string[]> {
  const [there] = await session.query(sql`SELECT to_regclass('cron.job') IS NOT NULL AS found`);
  if (there?.["found"] !== true) return [];
  const what = "disable the jobs of pg_cron";
  await attempt(session, sql`UPDATE cron.job SET active = false WHERE active`, what);
  const [row] = await session.query(sql`
    SELECT count(*) FILTER (WHERE active) AS active, count(*) AS jobs, row_security_active('cron.job') AS hidden FROM cron.job`);
  if (row?.["hidden"] === true || Number(row?.["active"]) > 0) {
    throw new ScrubError(
      "side-effects",
      `Cannot ${what} in database "${session.database}": some are out of the master user's reach`,
      "Take pg_cron out of shared_preload_libraries in the parameter group that the workspace gets.",
      { inPlace: "Take a user who sees every job, such as a superuser, or disable the jobs of pg_cron yourself." },
    );
  }
  return Number(row?.["jobs"]) === 0
    ? []
    : [`database "${session.database}": ${row?.["jobs"]} jobs of pg_cron disabled`];
}

/**
 * They would run application code at each of our DDL statements. Those of extensions are left alone, unless anybody can have written
 * their function, and given both to an extension.
 */
async function disableEventTriggers(session: Session): Promise<string[]> {
  const found = await session.query(sql`
    SELECT e.evtname FROM pg_event_trigger e
    WHERE e.evtenabled <> 'D' AND NOT EXISTS (SELECT FROM pg_depend d
      JOIN pg_proc f ON f.oid = e.evtfoid JOIN pg_language l ON l.oid = f.prolang AND l.lanname IN ('c', 'internal')
      WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')
    ORDER BY e.evtname COLLATE "C"`);
  for (const { evtname } of found) {
    const statement = sql`ALTER EVENT TRIGGER ${new Name(String(evtname))} DISABLE`;
    await attempt(session, statement, `disable ${await called("the event trigger", evtname)}`);
  }
  const names = await Promise.all(found.map(({ evtname }) => called("event trigger", evtname)));
  return names.map((name) => `database "${session.database}": ${name} disabled`);
}

/** Only the role that prepared a transaction may end it. Its identifier may hold anything, and is not printed. */
async function endPrepared(session: Session): Promise<string[]> {
  const found = await session.query(sql`
    SELECT gid, owner FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared`);
  for (const { gid, owner } of found) {
    const what = `roll back a prepared transaction of ${await called("the role", owner)}`;
    await attempt(session, sql`SET ROLE ${new Name(String(owner))}`, what);
    try {
      await attempt(session, sql`ROLLBACK PREPARED ${stringConstant(String(gid))}`, what);
    } finally {
      await session.query(sql`RESET ROLE`);
    }
  }
  return found.length === 0
    ? []
    : [`database "${session.database}": ${found.length} prepared transactions rolled back`];
}

async function dropSlots(session: Session): Promise<string[]> {
  const found = await session.query(
    sql`SELECT slot_name FROM pg_replication_slots WHERE NOT temporary ORDER BY slot_name`,
  );
  for (const { slot_name } of found) {
    const statement = sql`SELECT pg_drop_replication_slot((${textLiteral(String(slot_name))})::name) IS NULL AS done`;
    await attempt(session, statement, `drop ${await called("the replication slot", slot_name)}`);
  }
  const names = await Promise.all(found.map(({ slot_name }) => called("replication slot", slot_name)));
  return names.map((name) => `${name} dropped`);
}

/** The worker of a disabled subscription ends by itself, a little later. */
async function awaitNoWorker(session: Session): Promise<void> {
  let workers = 0;
  const ended = await pollUntil(async () => {
    const [row] = await session.query(sql`
      SELECT count(*) AS workers FROM pg_stat_subscription s JOIN pg_subscription p ON p.oid = s.subid
      WHERE s.pid IS NOT NULL AND p.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    workers = Number(row?.["workers"]);
    return workers === 0;
  });
  if (ended) return;
  throw new ScrubError(
    "side-effects",
    `Cannot keep rows of production out of database "${session.database}": ${workers} workers of subscriptions still run`,
    "Set max_logical_replication_workers to 0 in the parameter group that the workspace gets.",
    {
      inPlace: "Drop the database's subscriptions, or set max_logical_replication_workers to 0 and restart the server.",
    },
  );
}
