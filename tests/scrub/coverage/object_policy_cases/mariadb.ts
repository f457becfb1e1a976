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
  { kind: "sequence", statements: "CREATE SEQUENCE s START WITH 2079460123", refused: ["sequence s"] },
  { kind: "name", statements: `CREATE TABLE \`${address}\` (id int PRIMARY KEY)`, refused: ["name table 2 of 2"] },
  {
    kind: "name",
    statements:
      `CREATE TABLE stay (id int auto_increment PRIMARY KEY, a date, b date, PERIOD FOR \`${address}\` (a, b))`,
    refused: ["name constraint 2 of 2"],
  },
];
