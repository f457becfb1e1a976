/** What a scrub has to know of a server that is no workspace, of which it may change one database alone. @module */

import type { LiveServer, ProductionSign, Residue, Session } from "../engine/engine.ts";
import { rdsAdmin } from "./sql/rds_names.ts";
import { sql } from "./sql/literals.ts";

/** Databases that clouds put beside those of the user. */
const managed = sql`${rdsAdmin}, 'cloudsqladmin', 'azure_maintenance'`;

/** See {@linkcode LiveServer}. */
export const live: LiveServer = {
  productionSigns,
  otherSessions,
  missingRights,
  // Each change of a table is one transaction.
  interrupted: () => Promise.resolve([]),
  residueOutside,
};

async function productionSigns(session: Session): Promise<readonly ProductionSign[]> {
  const [row] = await session.query(sql`
    SELECT pg_is_in_recovery() AS replica, (SELECT count(*) FROM pg_stat_replication) AS receivers,
      (SELECT count(*) FROM pg_replication_slots WHERE NOT temporary) AS slots,
      (SELECT string_agg(datname, ', ') FROM pg_database WHERE datname IN (${managed})) AS clouds`);
  const { replica, receivers, slots, clouds } = row ?? {};
  const sign = (why: string, managed = false): ProductionSign => ({ why, managed });
  return [
    ...(replica === true ? [sign("it is a replica")] : []),
    ...(Number(receivers) > 0 ? [sign(`${receivers} replicas or other receivers of its log are attached`)] : []),
    ...(Number(slots) > 0 ? [sign(`it has ${slots} replication ${Number(slots) === 1 ? "slot" : "slots"}`)] : []),
    ...(typeof clouds === "string" ? [sign(`it is a managed server of a cloud (database ${clouds})`, true)] : []),
  ];
}

async function otherSessions(session: Session): Promise<string | undefined> {
  const [row] = await session.query(sql`
    SELECT count(*) AS sessions, string_agg(DISTINCT quote_ident(usename), ', ') AS users,
      (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()) AS prepared
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(application_name, '') <> 'datascrubber'
      AND coalesce(backend_type, 'client backend') = 'client backend'`);
  const { sessions, users, prepared } = row ?? {};
  const found = [
    ...(Number(sessions) > 0
      ? [`${sessions} other ${Number(sessions) === 1 ? "session" : "sessions"} (of ${users})`]
      : []),
    ...(Number(prepared) > 0
      ? [`${prepared} prepared ${Number(prepared) === 1 ? "transaction" : "transactions"}`]
      : []),
  ];
  return found.length === 0 ? undefined : found.join(" and ");
}

async function missingRights(session: Session): Promise<readonly string[]> {
  const [row] = await session.query(sql`
    SELECT current_setting('server_version_num')::int AS version, current_setting('is_superuser') = 'on' AS superuser,
      pg_has_role(d.datdba, 'USAGE') AND has_database_privilege(d.oid, 'CREATE') AS owner,
      (SELECT string_agg(DISTINCT pg_get_userbyid(o.refobjid), ', ') FROM pg_shdepend o
        WHERE o.refclassid = 'pg_authid'::regclass AND o.deptype = 'o' AND o.dbid = d.oid
          AND NOT pg_has_role(o.refobjid, 'USAGE')) AS owners
    FROM pg_database d WHERE d.datname = current_database()`);
  if (row?.["superuser"] === true) return [];
  const { version, owner, owners } = row ?? {};
  return [
    ...(await maySwitchTriggersOff(session, Number(version)) ? [] : [
      Number(version) >= 150000
        ? "may not switch triggers off (GRANT SET ON PARAMETER session_replication_role)"
        : "may not switch triggers off: before PostgreSQL 15 only a superuser may",
    ]),
    ...(owner === true ? [] : ["does not have the rights of the database's owner"]),
    ...(typeof owners === "string" ? [`does not have the rights of ${owners}, who own objects in it`] : []),
  ];
}

async function maySwitchTriggersOff(session: Session, version: number): Promise<boolean> {
  if (version < 150000) return false;
  const [row] = await session.query(
    sql`SELECT has_parameter_privilege('session_replication_role', 'SET') AS allowed`,
  );
  return row?.["allowed"] === true;
}

async function residueOutside(session: Session): Promise<readonly Residue[]> {
  const [row] = await session.query(sql`SELECT current_setting('archive_mode') AS archived`);
  const archived = row?.["archived"] === "off" ? "" : ", and where it is archived to";
  return [
    {
      step: "write-ahead log",
      result: `not overwritten: old values remain in it until the server reuses its files${archived}`,
    },
    {
      step: "server log",
      result: "not changed: statements of earlier sessions may stand in it with their values",
    },
    {
      step: "shared catalogues",
      result: "not changed: names, passwords and comments of roles, and other databases, are as they were",
    },
    {
      step: "file system",
      result:
        "old files of the tables are deleted, not overwritten: their blocks keep old values until they are reused",
    },
  ];
}
