/** What a scrub has to know of a server that is no workspace, of which it may change one database alone. @module */

import type { LiveServer, ProductionSign, Residue, Session, TablePlan } from "../engine/engine.ts";
import { joinSql, type Sql } from "../engine/sql.ts";
import { globalPrivileges } from "./schema/hidden_objects.ts";
import { swapsToEnd } from "./scratch/scratch.ts";
import { sql, textLiteral } from "./sql/literals.ts";
import { productOf, spelledBy } from "./sql/product.ts";
import { isDenied } from "./session/errors.ts";
import { ownConnections } from "./session/connection.ts";

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
    (SELECT COUNT(*) FROM ${
    spelledBy({
      mysql: "performance_schema.replication_connection_configuration WHERE host <> ''",
      mariadb: "information_schema.processlist WHERE user = 'system user' AND command <> 'Daemon'",
    })
  }) AS channels,
    (SELECT COUNT(*) FROM ${
    spelledBy({
      mysql: "performance_schema.replication_group_members WHERE member_state <> 'OFFLINE'",
      mariadb: "information_schema.global_status WHERE variable_name = 'wsrep_ready' AND variable_value = 'ON'",
    })
  }) AS members,
    (SELECT COUNT(*) FROM ${
    spelledBy({
      mysql: "performance_schema.threads WHERE processlist_command LIKE 'Binlog Dump%'",
      mariadb: "information_schema.processlist WHERE command LIKE 'Binlog Dump%'",
    })
  }) AS receivers,
    (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'mysql'
      AND routine_name LIKE 'rds\\_%') AS procedures`);
  const stopped = await productOf(session) === "mariadb" ? await stoppedReplicas(session) : 0;
  const { closed, members, receivers, procedures } = row ?? {};
  const channels = Number(row?.channels) + stopped;
  const sign = (why: string, managed = false): ProductionSign => ({ why, managed });
  return [
    ...(channels > 0 ? [sign("it is a replica")] : []),
    ...(channels === 0 && Number(closed) === 1 ? [sign("it is read-only, as replicas are")] : []),
    ...(Number(members) > 0 ? [sign("it is a member of a replication group")] : []),
    ...(Number(receivers) > 0 ? [sign(`${receivers} replicas or other receivers of its log are attached`)] : []),
    ...(Number(procedures) > 0 ? [sign("it is a managed server of a cloud (procedures mysql.rds_…)", true)] : []),
  ];
}

/** What MariaDB shows of replicas that do not run, to whom has the privilege; a server that copies rows shows its threads to all. */
async function stoppedReplicas(session: Session): Promise<number> {
  try {
    return (await session.query(sql`SHOW ALL SLAVES STATUS`)).length;
  } catch (error) {
    if (!isDenied(error)) throw error;
    return 0;
  }
}

/** Sessions on the database, and those that use a table of it from elsewhere. */
async function otherSessions(session: Session): Promise<string | undefined> {
  const here = textLiteral(session.database);
  const [setting] = await session.query(sql`SELECT @@performance_schema AS on_or_off`);
  // MariaDB's keeps no locks of tables but where it is asked to.
  const told = setting?.on_or_off === 1 && await productOf(session) === "mysql";
  const rows = await session.query(told ? byAttributes(here) : byNumbers(here));
  if (rows.length === 0) return undefined;
  const users = [...new Set(rows.map(({ user }) => `"${user}"`))].sort().join(", ");
  return `${rows.length} other ${rows.length === 1 ? "session" : "sessions"} (of ${users})`;
}

/** Ours say so when they log in. */
function byAttributes(here: Sql): Sql {
  return sql`SELECT DISTINCT t.processlist_id AS id, t.processlist_user AS user
    FROM performance_schema.threads AS t
    WHERE t.type = 'FOREGROUND' AND t.processlist_id <> CONNECTION_ID()
      AND NOT EXISTS (SELECT 1 FROM performance_schema.session_connect_attrs AS a
        WHERE a.processlist_id = t.processlist_id AND a.attr_name = 'program_name' AND a.attr_value = 'datascrubber')
      AND (t.processlist_db = ${here} OR EXISTS (SELECT 1 FROM performance_schema.metadata_locks AS l
        WHERE l.owner_thread_id = t.thread_id AND l.object_schema = ${here}))`;
}

/** Where the server does not tell: every other transaction may be one on a table of the database. */
function byNumbers(here: Sql): Sql {
  return sql`SELECT p.id AS id, p.user AS user FROM information_schema.processlist AS p
    WHERE p.id NOT IN (CONNECTION_ID(), ${joinSql(ownConnections().map((id) => sql`${id}`), ", ")})
      AND p.user NOT IN ('system user', 'event_scheduler', 'unauthenticated user')
      AND (p.db = ${here} OR p.id IN (SELECT trx_mysql_thread_id FROM information_schema.innodb_trx))`;
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
      step: await productOf(session) === "mariadb"
        ? "undo, redo, doublewrite buffer, ibdata1 and Aria's log"
        : "undo, redo, doublewrite buffer and ibdata1",
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
