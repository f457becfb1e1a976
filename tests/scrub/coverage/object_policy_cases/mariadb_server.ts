/** Objects of a MariaDB server. @module */

import { address, type ServerCase } from "./case.ts";

/** What the inventory of the server finds, by kind. */
export const mariadbServerCases: readonly ServerCase[] = [
  {
    kind: "leftover in mysql",
    statements: "CREATE TABLE mysql.user_old (id int)",
    refused: ["leftover in mysql user_old"],
    undo: "DROP TABLE mysql.user_old",
  },
  {
    kind: "leftover in mysql",
    statements: "CREATE PROCEDURE mysql.hidden() SELECT 1",
    refused: ["leftover in mysql routine hidden"],
    undo: "DROP PROCEDURE mysql.hidden",
  },
  {
    kind: "leftover in mysql",
    statements: `CREATE DATABASE gone; CREATE PROCEDURE gone.p() SELECT '${address}';
      UPDATE mysql.proc SET db = 'nowhere' WHERE db = 'gone'; DROP DATABASE gone`,
    refused: ["leftover in mysql proc of a database that is gone: p"],
    undo: "DELETE FROM mysql.proc WHERE db = 'nowhere'",
  },
  {
    kind: "leftover in mysql",
    statements: `CREATE DATABASE gone; CREATE EVENT gone.e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT '${address}';
      UPDATE mysql.event SET db = 'nowhere' WHERE db = 'gone'; DROP DATABASE gone`,
    refused: ["leftover in mysql event of a database that is gone: e"],
    undo: "DELETE FROM mysql.event WHERE db = 'nowhere'",
  },
  {
    kind: "object in a system schema",
    statements:
      `INSERT INTO mysql.column_stats (db_name, table_name, column_name, min_value) VALUES ('sys', 'sys_config', 'value', '${address}')`,
    refused: ["object in a system schema statistics of sys.sys_config.value"],
    undo: "DELETE FROM mysql.column_stats WHERE db_name = 'sys'",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE TABLE sys.hidden (value text)",
    refused: ["object in a system schema sys.hidden"],
    undo: "DROP TABLE sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE SEQUENCE sys.hidden",
    refused: ["object in a system schema sys.hidden"],
    undo: "DROP SEQUENCE sys.hidden",
  },
  {
    kind: "object in a system schema",
    statements: "CREATE FUNCTION sys.hidden() RETURNS int DETERMINISTIC RETURN 1",
    refused: ["object in a system schema routine sys.hidden"],
    undo: "DROP FUNCTION sys.hidden",
  },
  {
    kind: "function",
    statements: `ALTER PROCEDURE sys.table_exists COMMENT 'ask ${address}'`,
    refused: ["function sys.table_exists"],
    undo: "ALTER PROCEDURE sys.table_exists COMMENT 'none'",
  },
  {
    kind: "row of a system table",
    statements: `INSERT INTO sys.sys_config (variable, value) VALUES ('hidden', '${address}')`,
    refused: ["row of a system table sys.sys_config hidden"],
    undo: "DELETE FROM sys.sys_config WHERE variable = 'hidden'",
  },
  {
    kind: "option",
    statements:
      `CREATE USER kept; UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.other', '${address}') WHERE user = 'kept'`,
    refused: ["option attributes of account kept@%"],
    undo: "UPDATE mysql.global_priv SET priv = JSON_REMOVE(priv, '$.other') WHERE user = 'kept'; DROP USER kept",
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
    kind: "object in a system schema",
    statements: "ALTER TABLE sys.sys_config ADD KEY i (value)",
    refused: ["object in a system schema index sys.sys_config.i"],
    undo: "ALTER TABLE sys.sys_config DROP KEY i",
  },
  {
    kind: "object in a system schema",
    statements: "ALTER TABLE sys.sys_config ADD note varchar(99)",
    refused: ["object in a system schema column sys.sys_config.note"],
    undo: "ALTER TABLE sys.sys_config DROP note",
  },
  {
    kind: "object in a system schema",
    statements: `ALTER TABLE sys.sys_config ADD CONSTRAINT c CHECK (value <> 'y')`,
    refused: ["object in a system schema constraint c on sys.sys_config"],
    undo: "ALTER TABLE sys.sys_config DROP CONSTRAINT c",
  },
  {
    kind: "object in a system schema",
    statements: `CREATE OR REPLACE DEFINER = 'somebody' VIEW sys.version AS SELECT 1 AS sys_version`,
    refused: ["object in a system schema sys.version"],
    undo: `CREATE OR REPLACE DEFINER = 'mariadb.sys'@'localhost' VIEW sys.version AS
      SELECT '1.5.2' AS sys_version, version() AS mysql_version`,
  },
  {
    kind: "view",
    statements:
      `CREATE OR REPLACE DEFINER = 'mariadb.sys'@'localhost' VIEW sys.version AS SELECT _utf16'ann@zed.uk' AS sys_version`,
    refused: ["view sys.version"],
    undo: `CREATE OR REPLACE DEFINER = 'mariadb.sys'@'localhost' VIEW sys.version AS
      SELECT '1.5.2' AS sys_version, version() AS mysql_version`,
  },
  {
    kind: "comment",
    statements: `ALTER TABLE mysql.func COMMENT '${address}'`,
    refused: ["comment mysql.func"],
    undo: "ALTER TABLE mysql.func COMMENT 'User defined functions'",
  },
  {
    kind: "comment",
    statements: `ALTER TABLE mysql.plugin MODIFY dl varchar(128) NOT NULL DEFAULT '' COMMENT '${address}'`,
    refused: ["comment mysql.plugin.dl"],
    undo: "ALTER TABLE mysql.plugin MODIFY dl varchar(128) NOT NULL DEFAULT ''",
  },
  {
    kind: "leftover in mysql",
    statements: "CREATE TABLE mysql.innodb_numbers AS SELECT 447700900124 AS n",
    refused: ["leftover in mysql innodb_numbers"],
    undo: "DROP TABLE mysql.innodb_numbers",
  },
  {
    kind: "leftover in mysql",
    statements: "CREATE VIEW mysql.visitors AS SELECT 1 AS one",
    refused: ["leftover in mysql visitors"],
    undo: "DROP VIEW mysql.visitors",
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.time_zone_name VALUES ('${address}', 1)`,
    refused: ["name time zone :n"],
    undo: `DELETE FROM mysql.time_zone_name WHERE name = '${address}'`,
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.func VALUES ('${address}', 0, 'x.so', 'function')`,
    refused: ["name loadable function :n"],
    undo: "DELETE FROM mysql.func",
  },
  {
    kind: "name",
    statements: "CREATE USER dialled@'81-2-69-142.dsl.zed.uk'",
    refused: ["name host :n"],
    undo: "DROP USER dialled@'81-2-69-142.dsl.zed.uk'",
  },
  {
    kind: "option",
    statements: "CREATE USER limited WITH MAX_QUERIES_PER_HOUR 2079460123",
    refused: ["option account limited@%"],
    undo: "DROP USER limited",
  },
  {
    kind: "comment",
    statements: `ALTER DATABASE sys COMMENT = 'ask ${address}'`,
    refused: ["comment database sys"],
    undo: "ALTER DATABASE sys COMMENT = ''",
  },
  {
    kind: "name",
    statements: `CREATE ROLE \`${address}\``,
    refused: ["name account :n", "name role :n"],
    undo: `DROP ROLE \`${address}\``,
  },
  {
    kind: "name",
    statements: `CREATE ROLE one; INSERT INTO mysql.roles_mapping (host, user, role) VALUES ('%', '${address}', 'one')`,
    refused: ["name role :n"],
    undo: "DELETE FROM mysql.roles_mapping WHERE role = 'one' AND user <> 'rdsadmin'; DROP ROLE one",
  },
  {
    kind: "name",
    statements: `INSERT INTO mysql.table_stats VALUES ('gone', '${address}', 1)`,
    refused: ["name statistics :n"],
    undo: `DELETE FROM mysql.table_stats WHERE db_name = 'gone'`,
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
