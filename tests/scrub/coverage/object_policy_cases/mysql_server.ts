/** Objects of a MySQL server. @module */

import { address, type ServerCase } from "./case.ts";

/** A server's UUID, as replication names it. */
const source = "5eedda7a-1111-4222-8333-444455556666";

/** Of what anybody with the right may replace in MySQL's schema `sys`. */
const bySys = "DEFINER = 'mysql.sys'@'localhost'";
const originalOfSys = `DROP FUNCTION sys.version_major;
  CREATE ${bySys} FUNCTION sys.version_major() RETURNS tinyint unsigned NO SQL SQL SECURITY INVOKER RETURN 9`;

/** What the inventory of the server finds, by kind. */
export const mysqlServerCases: readonly ServerCase[] = [
  {
    kind: "leftover in mysql",
    statements: "CREATE TABLE mysql.user_old (id int)",
    refused: ["leftover in mysql user_old"],
    undo: "DROP TABLE mysql.user_old",
  },
  {
    kind: "name",
    // Since 8.0.36 RDS lets no master user have the privilege, without which the server shows no group.
    statements: `CREATE RESOURCE GROUP \`${address}\` TYPE = USER; GRANT RESOURCE_GROUP_USER ON *.* TO master`,
    refused: ["name resource group :n"],
    undo: `DROP RESOURCE GROUP \`${address}\`; REVOKE RESOURCE_GROUP_USER ON *.* FROM master`,
  },
  {
    kind: "leftover in mysql",
    statements: "CREATE PROCEDURE mysql.hidden() SELECT 1",
    refused: ["leftover in mysql routine hidden"],
    undo: "DROP PROCEDURE mysql.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE TABLE sys.hidden (value text)",
    refused: ["object in a system schema sys.hidden"],
    undo: "DROP TABLE sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE VIEW sys.hidden AS SELECT 1",
    refused: ["object in a system schema sys.hidden"],
    undo: "DROP VIEW sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE FUNCTION sys.hidden() RETURNS int DETERMINISTIC RETURN 1",
    refused: ["object in a system schema routine sys.hidden"],
    undo: "DROP FUNCTION sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE EVENT sys.hidden ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1",
    refused: ["object in a system schema event sys.hidden"],
    undo: "DROP EVENT sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE TRIGGER sys.hidden BEFORE DELETE ON sys.sys_config FOR EACH ROW SET @x = 1",
    refused: ["object in a system schema trigger sys.hidden"],
    undo: "DROP TRIGGER sys.hidden",
  },
  {
    kind: "function",
    statements: `ALTER PROCEDURE sys.table_exists COMMENT 'ask ${address}'`,
    refused: ["function sys.table_exists"],
    undo: "ALTER PROCEDURE sys.table_exists COMMENT 'none'",
  },
  {
    kind: "function",
    statements: `DROP FUNCTION sys.version_major; CREATE ${bySys} FUNCTION sys.version_major(x int /* ${address} */)
      RETURNS int DETERMINISTIC RETURN 1`,
    refused: ["function sys.version_major"],
    undo: originalOfSys,
  },
  {
    kind: "enum labels",
    statements:
      `DROP FUNCTION sys.version_major; CREATE ${bySys} FUNCTION sys.version_major() RETURNS enum('447700900124')
      DETERMINISTIC RETURN 1`,
    refused: ["enum labels parameter sys.version_major.result", "function sys.version_major"],
    undo: originalOfSys,
  },
  {
    kind: "view",
    statements: `CREATE OR REPLACE ${bySys} VIEW sys.version AS SELECT _utf16'ann@zed.uk' AS sys_version`,
    refused: ["view sys.version"],
    undo: `CREATE OR REPLACE ${bySys} VIEW sys.version AS SELECT '2.1.3' AS sys_version, version() AS mysql_version`,
  },
  {
    kind: "row of a system table",
    statements: `INSERT INTO sys.sys_config (variable, value) VALUES ('hidden', '${address}')`,
    refused: ["row of a system table sys.sys_config hidden"],
    undo: "DELETE FROM sys.sys_config WHERE variable = 'hidden'",
  },
  {
    kind: "setting",
    statements: `SET PERSIST_ONLY init_connect = "SELECT '${address}'"`,
    refused: ["setting persisted variable init_connect"],
    undo: "RESET PERSIST init_connect",
  },
  {
    kind: "replication login",
    statements:
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'far.test', SOURCE_USER = 'repl', SOURCE_PASSWORD = 'zmark'`,
    refused: ['replication login of channel ""'],
    undo: "RESET REPLICA ALL",
  },
  {
    kind: "spatial reference system",
    statements: `CREATE SPATIAL REFERENCE SYSTEM 990001 NAME 'ask ${address}' DEFINITION
      'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`,
    refused: ["spatial reference system 990001"],
    undo: "DROP SPATIAL REFERENCE SYSTEM 990001",
  },
  {
    kind: "spatial reference system",
    statements: `CREATE SPATIAL REFERENCE SYSTEM 990002 NAME 'one' ORGANIZATION 'x' IDENTIFIED BY 2079460123 DEFINITION
      'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`,
    refused: ["spatial reference system 990002"],
    undo: "DROP SPATIAL REFERENCE SYSTEM 990002",
  },
  {
    kind: "setting",
    statements: "SET PERSIST_ONLY report_password = 'zmark-of-a-source'",
    refused: ["setting persisted variable report_password"],
    undo: "RESET PERSIST report_password",
  },
  {
    // Kept in the server's file when the account is gone.
    kind: "name",
    statements: `CREATE USER \`${address}\`@'81.2.69.160'; GRANT ALL ON *.* TO \`${address}\`@'81.2.69.160';
      CREATE DEFINER = \`${address}\`@'81.2.69.160' PROCEDURE sys.persist() SET PERSIST max_connections = 200;
      CALL sys.persist(); DROP PROCEDURE sys.persist; DROP USER \`${address}\`@'81.2.69.160'`,
    refused: ["name account :n", "name host :n"],
    undo: "RESET PERSIST max_connections",
  },
  {
    kind: "leftover in mysql",
    statements: "CREATE TABLE mysql.FUNC (name char(64), dl char(128))",
    refused: ["leftover in mysql FUNC"],
    undo: "DROP TABLE mysql.FUNC",
  },
  {
    kind: "leftover in mysql",
    statements: "INSERT INTO mysql.password_history (host, user, password) VALUES ('%', 'gone', 'zmark')",
    refused: ["leftover in mysql password_history of accounts that are gone"],
    undo: "DELETE FROM mysql.password_history WHERE user = 'gone'",
  },
  {
    kind: "leftover in mysql",
    statements: `INSERT INTO mysql.ndb_binlog_index VALUES (1, '${address}', 1, 1, 1, 1, 1, 1, 1, 1, 1, '')`,
    refused: ["leftover in mysql rows of ndb_binlog_index"],
    undo: "DELETE FROM mysql.ndb_binlog_index",
  },
  {
    kind: "row of a system table",
    statements:
      `INSERT INTO mysql.gtid_executed VALUES ('${source}', 1, 2079460123, ''), ('${source}', 2079460125, 2079460129, ''),
      ('${source}', 4000000001, 4000000009, ''), ('${source}', 447700900124, 447700900124, '')`,
    refused: ["row of a system table mysql.gtid_executed, interval 4"],
    undo: `DELETE FROM mysql.gtid_executed WHERE source_uuid = '${source}'`,
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.gtid_executed VALUES ('${address}', 1, 1, '')`,
    refused: ["name source of transactions :n"],
    undo: `DELETE FROM mysql.gtid_executed WHERE source_uuid = '${address}'`,
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.slave_worker_info VALUES (1, '', 4, '', 4, '', 4, '', 4, 0, 64, '${address}', '')`,
    refused: ["name replication :n"],
    undo: "DELETE FROM mysql.slave_worker_info",
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.slave_relay_log_info (number_of_lines, channel_name, require_row_format,
        assign_gtids_to_anonymous_transactions_type, assign_gtids_to_anonymous_transactions_value)
      VALUES (1, 'x', 0, 'UUID', '${address}')`,
    refused: ["name replication :n"],
    undo: "DELETE FROM mysql.slave_relay_log_info WHERE channel_name = 'x'",
  },
  {
    kind: "name",
    statements:
      `INSERT INTO mysql.slave_master_info (number_of_lines, master_log_name, master_log_pos, host, user_name, user_password,
        port, connect_retry, enabled_ssl, ssl_verify_server_cert, heartbeat, uuid, retry_count, enabled_auto_position, channel_name,
        get_public_key, master_compression_algorithm, master_zstd_compression_level, gtid_only)
      VALUES (1, '', 4, '', '', '', 3306, 60, 0, 0, 30, '${address}', 10, 0, 'x', 0, 'zlib', 3, 0)`,
    refused: ["name replication :n"],
    undo: "DELETE FROM mysql.slave_master_info WHERE channel_name = 'x'",
  },
  {
    kind: "name",
    statements:
      `CREATE USER rdsrepladmin; UPDATE mysql.user SET plugin = 'auth_socket', authentication_string = '${address}'
      WHERE user = 'rdsrepladmin'`,
    refused: ["name account :n"],
    undo: "DROP USER rdsrepladmin",
  },
  {
    kind: "option",
    statements:
      `CREATE USER kept; UPDATE mysql.user SET user_attributes = '{"other": "${address}"}' WHERE user = 'kept'`,
    refused: ["option attributes of account kept@%"],
    undo: "DROP USER kept",
  },
  {
    kind: "default",
    statements: "ALTER TABLE mysql.func ADD reach bigint DEFAULT 447700900124",
    refused: ["default mysql.func.reach"],
    undo: "ALTER TABLE mysql.func DROP reach",
  },
  {
    kind: "enum labels",
    statements: `ALTER TABLE mysql.plugin ADD label enum('${address}')`,
    refused: ["enum labels mysql.plugin.label"],
    undo: "ALTER TABLE mysql.plugin DROP label",
  },
  {
    kind: "name",
    statements: `CREATE ROLE \`${address}\``,
    refused: ["name account :n"],
    undo: `DROP ROLE \`${address}\``,
  },
  {
    kind: "option",
    statements: `ALTER TABLE sys.sys_config CONNECTION = '${address}'`,
    refused: ["option table sys.sys_config"],
    undo: "ALTER TABLE sys.sys_config CONNECTION = ''",
  },
  {
    kind: "option",
    statements: "ALTER TABLE sys.sys_config MAX_ROWS = 2079460123",
    refused: ["option table sys.sys_config"],
    undo: "ALTER TABLE sys.sys_config MAX_ROWS = 0",
  },
  {
    kind: "option",
    statements:
      `ALTER TABLE sys.sys_config MODIFY set_by varchar(128) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}',
      DROP PRIMARY KEY, ADD PRIMARY KEY (variable) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}',
      SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}'`,
    refused: [
      "option column sys.sys_config.set_by",
      "option index PRIMARY on sys.sys_config",
      "option table sys.sys_config",
    ],
    undo: `ALTER TABLE sys.sys_config MODIFY set_by varchar(128) SECONDARY_ENGINE_ATTRIBUTE = '',
      DROP PRIMARY KEY, ADD PRIMARY KEY (variable), SECONDARY_ENGINE_ATTRIBUTE = ''`,
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE sys.sys_config ADD held varchar(128), DROP set_by;
      ALTER TABLE sys.sys_config DROP held, ADD set_by varchar(128) AS (if(value = '', '${address}', '')) VIRTUAL`,
    refused: ["generated column sys.sys_config.set_by"],
    undo: "ALTER TABLE sys.sys_config DROP set_by, ADD set_by varchar(128)",
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.innodb_index_stats VALUES ('sys', '${address}', 'i', now(), 'size', 1, NULL, '')`,
    refused: ["name index statistics :n"],
    undo: `DELETE FROM mysql.innodb_index_stats WHERE table_name = '${address}'`,
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.innodb_table_stats VALUES ('sys', '${address}', now(), 1, 1, 1)`,
    refused: ["name table statistics :n"],
    undo: `DELETE FROM mysql.innodb_table_stats WHERE table_name = '${address}'`,
  },
  {
    kind: "name",
    statements: "CREATE USER visitor@'81.2.69.160'",
    refused: ["name host :n"],
    undo: "DROP USER visitor@'81.2.69.160'",
  },
  {
    kind: "name",
    statements: `GRANT SELECT ON \`${address}\`.* TO master`,
    refused: ["name grant on a database :n"],
    undo: `REVOKE SELECT ON \`${address}\`.* FROM master`,
  },
];
