/** Sets up a new server like RDS: with rdsadmin, and a master user who is not a superuser. @module */
import type { Server } from "./server.ts";

/** The master user as RDS sets it up. */
export interface Master {
  readonly user: string;
  readonly password: string;
}

/**
 * Sets up RDS's roles and databases and the master user. Call it once, on a new server. `applications`: roles that will own an
 * application's tables (PostgreSQL); the master user is not a member, but may grant itself membership.
 */
export async function makeRdsLike(server: Server, master: Master, applications: readonly string[] = []): Promise<void> {
  if (server.engine === "mysql") return await makeMysqlLike(server, master);
  if (server.engine === "mariadb") return await makeMariadbLike(server, master);
  await makePostgresqlLike(server, master);
  for (const application of applications) await makeApplicationRole(server, master, application);
}

/** Creates a role that will own an application's tables (PostgreSQL): see {@link makeRdsLike}. */
export async function makeApplicationRole(server: Server, { user }: Master, application: string): Promise<void> {
  await server.run(`CREATE ROLE ${name(application)} LOGIN PASSWORD 'password of the application'`);
  // Before 16 whoever may create roles may grant himself any.
  if (await majorVersion(server) < 16) return;
  await server.run(`GRANT ${name(application)} TO ${name(user)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
}

async function majorVersion(server: Server): Promise<number> {
  const [row] = await server.run("SELECT current_setting('server_version_num')::integer / 10000 AS version");
  return Number(row?.["version"]);
}

/** Changes the master password, as ModifyDBInstance does. */
export async function setMasterPassword(server: Server, { user, password }: Master): Promise<void> {
  if (server.engine === "postgres") await server.run(`ALTER ROLE ${name(user)} PASSWORD ${literal(password)}`);
  else await server.run(`ALTER USER ${literal(user)}@'%' IDENTIFIED BY ${literal(password)}`);
}

// RDS's roles, and its superuser's privileges, by RDS's documentation. Before 15 no grant gives those, so that the master user is a
// superuser here.
async function makePostgresqlLike(server: Server, { user, password }: Master): Promise<void> {
  const grants = await majorVersion(server) >= 15;
  await server.run(`
    CREATE ROLE rds_superuser; CREATE ROLE rds_password; CREATE ROLE rds_replication; CREATE ROLE rds_iam;
    CREATE ROLE rds_ad; CREATE ROLE rds_extension; CREATE ROLE rds_reserved; CREATE ROLE rdstopmgr;
    GRANT pg_monitor, pg_signal_backend, rds_password, rds_replication TO rds_superuser;
    ${
    grants
      ? "GRANT pg_checkpoint TO rds_superuser; GRANT SET ON PARAMETER session_replication_role TO rds_superuser;"
      : ""
  }
    CREATE ROLE ${name(user)} ${grants ? "" : "SUPERUSER"} LOGIN CREATEDB CREATEROLE PASSWORD ${
    literal(password)
  } IN ROLE rds_superuser;
    ALTER DATABASE postgres OWNER TO ${name(user)};
    ALTER DATABASE template1 OWNER TO ${name(user)}`);
  await server.run("CREATE DATABASE rdsadmin");
  await server.run("REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC");
}

// The master user's privileges. Not among them: SUPER, FILE, SHUTDOWN, CREATE TABLESPACE, SYSTEM_VARIABLES_ADMIN,
// CONNECTION_ADMIN, SYSTEM_USER (so that it cannot change rdsadmin).
const privileges = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, " +
  "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, " +
  "SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE, " +
  "APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, XA_RECOVER_ADMIN, SET_ANY_DEFINER";

// The master user cannot change schema mysql; RDS's procedures there do what is allowed.
const closed =
  "INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, " +
  "CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";

async function makeMysqlLike(server: Server, { user, password }: Master): Promise<void> {
  const master = `${literal(user)}@'%'`;
  await server.run(`CREATE USER ${master} IDENTIFIED BY ${literal(password)};
    GRANT ${privileges} ON *.* TO ${master} WITH GRANT OPTION;
    REVOKE ${closed} ON mysql.* FROM ${master}`);
  await makeProcedures(server);
}

// RDS User Guide, "MariaDB security on Amazon RDS": the whole list, with schema mysql open. Not among them, as far as that says:
// SUPER, SLAVE MONITOR, DELETE HISTORY, SET USER, CONNECTION ADMIN. RDS also takes FLUSH LOGS and FLUSH TABLES WITH READ LOCK out of RELOAD.
const mariadbPrivileges = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, " +
  "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, " +
  "SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER /*M!110300 , SHOW CREATE ROUTINE */";

async function makeMariadbLike(server: Server, { user, password }: Master): Promise<void> {
  const master = `${literal(user)}@'%'`;
  await server.run(`CREATE USER ${master} IDENTIFIED BY ${literal(password)};
    GRANT ${mariadbPrivileges} ON *.* TO ${master} WITH GRANT OPTION`);
  await makeProcedures(server);
}

async function makeProcedures(server: Server): Promise<void> {
  await server.run(
    `CREATE TABLE mysql.rds_configuration (name varchar(100) PRIMARY KEY, value varchar(100), description varchar(300));
    INSERT INTO mysql.rds_configuration VALUES ('binlog retention hours', NULL, 'hours that RDS keeps binary logs')`,
  );
  for (const procedure of procedures) await server.run(procedure);
}

const asAdmin = "CREATE DEFINER='rdsadmin'@'localhost' PROCEDURE mysql";

function rotate(log: "slow_log" | "general_log"): string {
  return `${asAdmin}.rds_rotate_${log}() SQL SECURITY DEFINER BEGIN
    DROP TABLE IF EXISTS mysql.${log}_new;
    CREATE TABLE mysql.${log}_new LIKE mysql.${log};
    DROP TABLE IF EXISTS mysql.${log}_backup;
    RENAME TABLE mysql.${log} TO mysql.${log}_backup, mysql.${log}_new TO mysql.${log};
  END`;
}

// They act as RDS's do: rotating keeps the former log as the backup, so that only twice in a row empties both.
const procedures = [
  rotate("slow_log"),
  rotate("general_log"),
  `${asAdmin}.rds_kill(IN thread BIGINT) SQL SECURITY DEFINER KILL thread`,
  `${asAdmin}.rds_kill_query(IN thread BIGINT) SQL SECURITY DEFINER KILL QUERY thread`,
  `${asAdmin}.rds_show_configuration() SQL SECURITY DEFINER SELECT name, value, description FROM mysql.rds_configuration`,
  `${asAdmin}.rds_set_configuration(IN setting varchar(100), IN wanted INT) SQL SECURITY DEFINER
    UPDATE mysql.rds_configuration SET value = wanted WHERE name = setting`,
];

/** Quotes a name of PostgreSQL's. */
function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Quotes a text for both engines; names and passwords here have no backslashes. */
function literal(text: string): string {
  if (text.includes("\\")) throw new TypeError("Cannot quote a text with a backslash");
  return `'${text.replaceAll("'", "''")}'`;
}
