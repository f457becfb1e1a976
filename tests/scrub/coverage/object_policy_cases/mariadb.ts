/** Objects of a MariaDB database: those that MySQL has not, and those that MariaDB shows otherwise. @module */

import { address, type Case } from "./case.ts";

/** What the inventory of a database finds, by kind. */
export const mariadbCases: readonly Case[] = [
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view v"],
  },
  {
    kind: "view",
    statements:
      "CREATE VIEW v AS SELECT id FROM people WHERE name <> _utf16 X'0061006E006E0040007A00650064002E0075006B'",
    refused: ["view v"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN '${address}'`,
    refused: ["function f"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f(x int /* ask ${address} */) RETURNS int DETERMINISTIC RETURN 1`,
    refused: ["function f"],
  },
  {
    kind: "function",
    statements: `SET sql_mode = ORACLE; CREATE PACKAGE p AS FUNCTION one RETURN int; END;
      CREATE PACKAGE BODY p AS FUNCTION one RETURN int AS BEGIN RETURN length('${address}'); END; END`,
    refused: ["function p (body)"],
  },
  {
    kind: "function",
    statements: `SET sql_mode = ORACLE; CREATE PACKAGE p COMMENT 'ask ${address}' AS FUNCTION one RETURN int; END`,
    refused: ["comment function p", "function p"],
  },
  {
    kind: "trigger",
    statements: `CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW SET new.name = '${address}'`,
    refused: ["trigger t on people"],
  },
  {
    kind: "event",
    statements: `CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM people WHERE name = '${address}'`,
    refused: ["event e"],
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE people ADD mail varchar(99) GENERATED ALWAYS AS (concat(id, '${address}')) VIRTUAL`,
    refused: ["generated column people.mail"],
  },
  {
    kind: "default",
    statements: `ALTER TABLE people MODIFY name varchar(99) DEFAULT '${address}'`,
    refused: ["default people.name"],
  },
  {
    kind: "default",
    statements: `ALTER TABLE people ADD reach bigint DEFAULT 447700900124, ADD seconds int DEFAULT 31536000,
      ADD born date DEFAULT '1971-02-28', ADD code varchar(20) DEFAULT '447700900124', ADD made uuid DEFAULT uuid(),
      ADD price decimal(6,2) DEFAULT 9.99, ADD nothing varchar(9) DEFAULT NULL`,
    refused: ["default people.born", "default people.code", "default people.reach"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on people"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('O''Neil', 'Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on people"],
  },
  {
    // Names of such conditions are a table's own.
    kind: "check constraint",
    statements: `CREATE TABLE one (id int auto_increment PRIMARY KEY, n int CHECK (n > 0));
      CREATE TABLE other (id int auto_increment PRIMARY KEY, n varchar(99) CHECK (n <> '${address}'))`,
    refused: ["check constraint n on other"],
  },
  {
    kind: "partition bound",
    statements:
      `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name) (PARTITION p VALUES IN ('${address}'))`,
    refused: ["partition bound p of parted"],
  },
  {
    kind: "partition key",
    statements: "CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2",
  },
  {
    kind: "enum labels",
    statements: `ALTER TABLE people ADD mood enum('${address}')`,
    refused: ["enum labels people.mood"],
  },
  { kind: "comment", statements: `ALTER DATABASE COMMENT = 'ask ${address}'`, refused: ["comment database :database"] },
  {
    kind: "comment",
    statements: `CREATE SEQUENCE s COMMENT = 'ask ${address}'`,
    refused: ["comment table s"],
  },
  {
    kind: "comment",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p COMMENT 'ask ${address}', PARTITION q)`,
    refused: ["comment partition p of parted"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY) CONNECTION = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements:
      `SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; CREATE TABLE linked (id int auto_increment PRIMARY KEY) a = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements:
      `SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; CREATE TABLE linked (id int auto_increment PRIMARY KEY, n int a = '${address}')`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements:
      "SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; CREATE TABLE linked (id int auto_increment PRIMARY KEY, n int, INDEX (n) a = 447700900124)",
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE plain (id int auto_increment PRIMARY KEY) PAGE_COMPRESSED = 1;
      CREATE TABLE aria (id int auto_increment PRIMARY KEY) ENGINE = Aria TRANSACTIONAL = 1 PAGE_CHECKSUM = 1`,
  },
  {
    kind: "option",
    statements: `CREATE TABLE numbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 2079460123;
      CREATE TABLE aria (made datetime) ENGINE = Aria AUTO_INCREMENT = 7;
      CREATE TABLE counted (id bigint auto_increment PRIMARY KEY) AUTO_INCREMENT = 2079460123`,
    refused: ["option table numbered"],
  },
  {
    kind: "option",
    statements: "CREATE EVENT e ON SCHEDULE EVERY '2079460:12' MINUTE_SECOND DISABLE DO SELECT 1",
    refused: ["option event e"],
  },
  {
    kind: "table of another storage engine",
    statements: "CREATE TABLE other (id int auto_increment PRIMARY KEY) ENGINE = Aria",
  },
  {
    kind: "table without a definition",
    statements: "CREATE TABLE lost (id int auto_increment PRIMARY KEY)",
    lost: "lost.frm",
    refused: ["table without a definition lost"],
  },
  {
    kind: "default",
    statements: "CREATE TABLE bytes (id int AUTO_INCREMENT PRIMARY KEY, v varbinary(40) DEFAULT 'ann@zed.uk')",
    refused: ["default bytes.v"],
  },
  {
    kind: "default",
    statements: "CREATE TABLE preset (id int AUTO_INCREMENT PRIMARY KEY, n int NOT NULL DEFAULT 2079460123)",
    refused: ["default preset.n"],
  },
  {
    kind: "default",
    statements: "CREATE TABLE born (id int AUTO_INCREMENT PRIMARY KEY, at datetime DEFAULT '1970-01-31')",
    refused: ["default born.at"],
  },
  {
    kind: "default",
    statements: `CREATE TABLE wide (id int AUTO_INCREMENT PRIMARY KEY,
      v text DEFAULT (_utf16 X'0061006E006E0040007A00650064002E0075006B'))`,
    refused: ["default wide.v"],
  },
  {
    kind: "default",
    statements: `CREATE TABLE wider (id int AUTO_INCREMENT PRIMARY KEY,
      v text DEFAULT (_utf32 X'000000610000006E0000006E000000400000007A00000065000000640000002E000000750000006B'))`,
    refused: ["default wider.v"],
  },
  {
    kind: "generated column",
    statements: `CREATE TABLE wide (id int AUTO_INCREMENT PRIMARY KEY,
      v varchar(99) AS (concat(id, _utf16 X'0061006E006E0040007A00650064002E0075006B')) VIRTUAL)`,
    refused: ["generated column wide.v"],
  },
  {
    kind: "check constraint",
    statements:
      "ALTER TABLE people ADD CONSTRAINT c CHECK (name <> _utf16 X'0061006E006E0040007A00650064002E0075006B')",
    refused: ["check constraint c on people"],
  },
  {
    kind: "default",
    statements:
      "CREATE TABLE digits (id int AUTO_INCREMENT PRIMARY KEY, v text DEFAULT (unhex('616e6e407a65642e756b')))",
    refused: ["default digits.v"],
  },
  {
    kind: "partition bound",
    statements:
      `CREATE TABLE parted (v varbinary(40)) PARTITION BY LIST COLUMNS (v) (PARTITION p VALUES IN ('Ada Lovelace'))`,
    refused: ["partition bound p of parted"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE listed (id bigint AUTO_INCREMENT PRIMARY KEY) PARTITION BY LIST (id)
      (PARTITION q VALUES IN (447700900124))`,
    refused: ["partition bound q of listed"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE pairs (a bigint AUTO_INCREMENT, b tinyint(1) NOT NULL, PRIMARY KEY (a, b))
      PARTITION BY LIST COLUMNS (a, b) (PARTITION p VALUES IN ((447700900124, 1)))`,
    refused: ["partition bound p of pairs"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW digits AS SELECT 0x616e6e407a65642e756b AS v",
    refused: ["view digits"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW unhexed AS SELECT unhex('616e6e407a65642e756b') AS v",
    refused: ["view unhexed"],
  },
  {
    kind: "function",
    statements: "CREATE FUNCTION wide() RETURNS text DETERMINISTIC RETURN _utf16'k3jx9q2lmn8pqr5tzz'",
    refused: ["function wide"],
  },
  {
    kind: "function",
    statements:
      `CREATE FUNCTION doubly() RETURNS int DETERMINISTIC BEGIN SET @password = "S3cretHunter9"; RETURN 1; END`,
    refused: ["function doubly"],
  },
  {
    kind: "function",
    statements:
      `CREATE PROCEDURE linking() CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'S3cretHunter9')`,
    refused: ["function linking"],
  },
  {
    kind: "function",
    statements: `CREATE PROCEDURE replicating() CHANGE MASTER TO MASTER_HOST = 'h', MASTER_PASSWORD = 'S3cretHunter9'`,
    refused: ["function replicating"],
  },
  {
    kind: "function",
    statements:
      `CREATE FUNCTION given(a varchar(99) /*M!110800 DEFAULT '${address}' */) RETURNS int DETERMINISTIC RETURN 1`,
    refused: ["function given"],
  },
  {
    kind: "event",
    statements: `CREATE EVENT replicating ON SCHEDULE EVERY 1 YEAR DISABLE DO
      CALL mysql.rds_set_external_master('db', 3306, 'x', 'S3cretHunter9', 'bin.1', 4, 0)`,
    refused: ["event replicating"],
  },
  {
    kind: "enum labels",
    statements: "CREATE FUNCTION labelled() RETURNS enum('447700900124') DETERMINISTIC RETURN 1",
    refused: ["enum labels parameter labelled.result", "function labelled"],
  },
  {
    kind: "comment",
    statements: `CREATE TABLE quoted (id int AUTO_INCREMENT PRIMARY KEY) COMMENT '"ann b"@zed.uk'`,
    refused: ["comment table quoted"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE sized (id int AUTO_INCREMENT PRIMARY KEY) MIN_ROWS = 2079460123",
    refused: ["option table sized"],
  },
  {
    kind: "option",
    statements:
      `CREATE TABLE parted (id int AUTO_INCREMENT PRIMARY KEY) PARTITION BY HASH (id) (PARTITION p MAX_ROWS = 2079460123)`,
    refused: ["option table parted"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE parted (id int AUTO_INCREMENT PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p NODEGROUP = 60018, PARTITION q NODEGROUP = 3, PARTITION r)`,
    refused: ["option partition p of parted"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE connected (id int AUTO_INCREMENT PRIMARY KEY) CONNECTION = 'k3jx9q2lmn8pqr5tzz'",
    refused: ["option table connected"],
  },
  {
    kind: "option",
    statements: `SET sql_mode = IGNORE_BAD_TABLE_OPTIONS;
      CREATE TABLE told (id int AUTO_INCREMENT PRIMARY KEY, at datetime a = 'k3jx9q2lmn8pqr5tzz')`,
    refused: ["option table told"],
  },
  ...["zork = 'zmark@private.test'", "zork = 447700900124", "zork = 'k3jx9q2lmn8pqr5tzz'"]
    .map((
      option,
    ): Case => ({
      kind: "option",
      statements: `SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; CREATE TABLE parted (id int auto_increment PRIMARY KEY)
      PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10) COMMENT = 'a b = c' ENGINE = InnoDB ${option})`,
      refused: ["option table parted"],
    })),
  {
    kind: "option",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY RANGE (id)
      (PARTITION p VALUES LESS THAN (10) COMMENT = 'a = c' MAX_ROWS = 1000 ENGINE = InnoDB PAGE_COMPRESSED = 1)`,
  },
  {
    kind: "comment",
    statements: `CREATE TABLE parted (id int, n int) PARTITION BY RANGE (id) SUBPARTITION BY HASH (n)
      (PARTITION p VALUES LESS THAN (10) (SUBPARTITION s COMMENT 'ask ${address}'))`,
    refused: ["comment partition p of parted"],
  },
  {
    kind: "name",
    statements: `SET foreign_key_checks = 0; CREATE TABLE orphan (id int AUTO_INCREMENT PRIMARY KEY, parent int,
      FOREIGN KEY (parent) REFERENCES \`${address}\` (id)); SET foreign_key_checks = 1`,
    refused: ["name referenced table 1 of 1"],
  },
  {
    kind: "name",
    statements:
      `INSERT INTO mysql.innodb_index_stats VALUES (DATABASE(), 'people', '${address}', now(), 'size', 1, NULL, '')`,
    refused: ["name index statistics 5 of 5"],
  },
  {
    kind: "name",
    statements: `SET sql_mode = ORACLE; CREATE PACKAGE "${address}" AS FUNCTION one RETURN int; END`,
    refused: ["function 1 of 1 (its name looks like: mail address)", "name routine 1 of 1"],
  },
  { kind: "sequence", statements: "CREATE SEQUENCE s START WITH 2079460123", refused: ["sequence s"] },
  { kind: "name", statements: `CREATE TABLE \`${address}\` (id int PRIMARY KEY)`, refused: ["name table 2 of 2"] },
  {
    kind: "name",
    statements:
      `CREATE TABLE stay (id int auto_increment PRIMARY KEY, a date, b date, PERIOD FOR \`${address}\` (a, b))`,
    refused: ["name constraint 2 of 2"],
  },
];
