/** What a scrub has to know of a server that is no workspace, of which it may change one database alone. @module */

import type { LiveServer, ProductionSign, Residue, Session, TablePlan } from "../engine/engine.ts";
import { globalPrivileges } from "./schema/hidden_objects.ts";
import { swapsToEnd } from "./scratch/scratch.ts";
import { sql, textLiteral } from "./sql/literals.ts";

/** See {@linkcode LiveServer}. */
export const live: LiveServer = {
  productionSigns,
  otherSessions,
  missingRights,
  interrupted: async (session) => (await swapsToEnd(session)).map(({ text }) => text),
  residueOutside,
};

/** What discovery, scratch, plans and the leak search need beyond the database itself. */
const needed = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "ALTER",
  "INDEX",
  "REFERENCES",
  "TRIGGER",
  "EVENT",
  "PROCESS",
];

async function productionSigns(session: Session): Promise<readonly ProductionSign[]> {
  const [row] = await session.query(sql`SELECT @@global.read_only AS closed,
    (SELECT COUNT(*) FROM performance_schema.replication_connection_configuration WHERE host <> '') AS channels,
    (SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state <> 'OFFLINE') AS members,
    (SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_command LIKE 'Binlog Dump%') AS receivers,
    (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'mysql'
      AND routine_name LIKE 'rds\\_%') AS procedures`);
  const { closed, channels, members, receivers, procedures } = row ?? {};
  const sign = (why: string, managed = false): ProductionSign => ({ why, managed });
  return [
    ...(Number(channels) > 0 ? [sign("it is a replica")] : []),
    ...(Number(channels) === 0 && Number(closed) === 1 ? [sign("it is read-only, as replicas are")] : []),
    ...(Number(members) > 0 ? [sign("it is a member of a replication group")] : []),
    ...(Number(receivers) > 0 ? [sign(`${receivers} replicas or other receivers of its log are attached`)] : []),
    ...(Number(procedures) > 0 ? [sign("it is a managed server of a cloud (procedures mysql.rds_…)", true)] : []),
  ];
}

/** Sessions on the database, and those that use a table of it from elsewhere. */
async function otherSessions(session: Session): Promise<string | undefined> {
  const here = textLiteral(session.database);
  const rows = await session.query(sql`SELECT DISTINCT t.processlist_id AS id, t.processlist_user AS user
    FROM performance_schema.threads AS t
    WHERE t.type = 'FOREGROUND' AND t.processlist_id <> CONNECTION_ID()
      AND NOT EXISTS (SELECT 1 FROM performance_schema.session_connect_attrs AS a
        WHERE a.processlist_id = t.processlist_id AND a.attr_name = 'program_name' AND a.attr_value = 'datascrubber')
      AND (t.processlist_db = ${here} OR EXISTS (SELECT 1 FROM performance_schema.metadata_locks AS l
        WHERE l.owner_thread_id = t.thread_id AND l.object_schema = ${here}))`);
  if (rows.length === 0) return undefined;
  const users = [...new Set(rows.map(({ user }) => `"${user}"`))].sort().join(", ");
  return `${rows.length} other ${rows.length === 1 ? "session" : "sessions"} (of ${users})`;
}

async function missingRights(session: Session): Promise<readonly string[]> {
  const everywhere = await globalPrivileges(session);
  if (everywhere.has("ALL PRIVILEGES")) return [];
  const missing = needed.filter((privilege) => !everywhere.has(privilege));
  if (missing.length === 0) return [];
  return [`has no global privilege ${missing.join(", ")}`];
}

async function residueOutside(session: Session, plans: readonly TablePlan[]): Promise<readonly Residue[]> {
  const [setting] = await session.query(sql`SELECT @@log_bin AS on_or_off`);
  const shared = plans.filter(({ table: { mysql }, steps }) => steps.length > 0 && mysql?.sharedSpace !== undefined);
  return [
    {
      step: "undo, redo, doublewrite buffer and ibdata1",
      result: "not overwritten: old values remain in these files until the server reuses their pages",
    },
    ...shared.map(({ table }): Residue => ({
      step: "shared tablespaces",
      result: `old pages of ${table.id} remain as free pages in its tablespace's file`,
    })),
    {
      step: "binary logs",
      result: setting?.on_or_off === 1
        ? "not purged: they hold old values, and those that the scrub replaced; PURGE BINARY LOGS removes them"
        : "none",
    },
    {
      step: "log tables and log files",
      result: "not changed: statements of earlier sessions may stand in them with their values",
    },
    {
      step: "data dictionary and system tables",
      result: "not changed: accounts with their passwords and comments, and other databases, are as they were",
    },
    {
      step: "file system",
      result:
        "old files of the tables are deleted, not overwritten: their blocks keep old values until they are reused",
    },
  ];
}
