/** Objects of a MySQL database. @module */

import { address, type Case } from "./case.ts";

/** Lists in a view. */
const listed = {
  names: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('Olena Zmarkenko', 'Ada Lovelace')",
  numbers: "CREATE VIEW few AS SELECT id FROM people WHERE id + 0 IN (2079460123, 447700900124)",
  words: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('Not Started', 'On Hold') AND id IN (1, 1234567)",
};

/** A view of a database that is dropped then: the server prints its statement no more. */
function ofGoneDatabase(literal: string): string {
  return `CREATE DATABASE gone; CREATE TABLE gone.people (id int);
    CREATE VIEW few AS SELECT id, ${literal} AS v FROM gone.people; DROP DATABASE gone`;
}

/** What the inventory of a database finds, by kind. */
export const mysqlCases: readonly Case[] = [
  { kind: "view", statements: listed.names, refused: ["view few"] },
  { kind: "view", statements: listed.numbers, refused: ["view few"] },
  { kind: "view", statements: listed.words },
  {
    kind: "function",
    statements: `CREATE FUNCTION known(name text) RETURNS int DETERMINISTIC RETURN name IN
      ('Olena Zmarkenko', 'Ada Lovelace')`,
    refused: ["function known"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('O''Neil', 'Olena Zmarkenko', 'Ada Lovelace')",
    refused: ["view few"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('O''Neil', 'Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on people"],
  },
  {
    kind: "function",
    statements:
      `CREATE FUNCTION known(name text) RETURNS int DETERMINISTIC RETURN name IN (/* it's */ "Olena Zmarkenko", "a)",
      trim(lower("Ada Lovelace")))`,
    refused: ["function known"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION known() RETURNS int DETERMINISTIC BEGIN
      DECLARE name ENUM('Olena Zmarkenko', 'Ada Lovelace'); RETURN 1; END`,
    refused: ["function known"],
  },
  {
    kind: "comment",
    statements: `CREATE VIEW broken AS SELECT missing.id FROM people AS missing; RENAME TABLE people TO persons;
      ALTER TABLE persons COMMENT 'ask ${address}'`,
    refused: ["comment table persons"],
  },
  { kind: "view", statements: "CREATE VIEW ids AS SELECT id FROM people" },
  { kind: "view", statements: ofGoneDatabase("'plain'") },
  { kind: "view", statements: ofGoneDatabase(`'${address}'`), refused: ["view few"] },
  // Its statement alone would print what it is.
  { kind: "view", statements: ofGoneDatabase(`_utf16'${address}'`), refused: ["view few"] },
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view v"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN '${address}'`,
    refused: ["function f"],
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
    statements: "ALTER TABLE people ADD reach bigint DEFAULT 447700900124, ADD seconds int DEFAULT 31536000",
    refused: ["default people.reach"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on people"],
  },
  {
    kind: "index expression",
    statements: `CREATE INDEX i ON people ((nullif(id, length('${address}'))))`,
    refused: ["index expression i on people"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('${address}'))`,
    refused: ["partition bound part of parted"],
  },
  {
    kind: "enum labels",
    statements: `CREATE TABLE moods (id int auto_increment PRIMARY KEY, mood enum('calm', '${address}'))`,
    refused: ["enum labels moods.mood"],
  },
  { kind: "comment", statements: "ALTER TABLE people COMMENT 'as they write it'" },
  { kind: "comment", statements: `ALTER TABLE people COMMENT 'ask ${address}'`, refused: ["comment table people"] },
  {
    kind: "foreign table",
    statements: `CREATE TABLE far (id int PRIMARY KEY) ENGINE = FEDERATED
      CONNECTION = 'mysql://reader:zmark@127.0.0.1:1/other/far'`,
    removed: ["foreign table far"],
  },
  {
    kind: "table of another storage engine",
    statements: "CREATE TABLE logs (id int auto_increment PRIMARY KEY) ENGINE = MyISAM",
  },
  {
    kind: "partition key",
    statements: `CREATE TABLE parted (id int, at date) PARTITION BY RANGE (id + 8111111111)
      (PARTITION part VALUES LESS THAN MAXVALUE)`,
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('Olena Zmarkenko'))`,
    refused: ["partition bound part of parted"],
  },
  {
    kind: "enum labels",
    statements:
      "CREATE TABLE books (id int auto_increment PRIMARY KEY, author enum('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["enum labels books.author"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on people"],
  },
  {
    kind: "comment",
    statements: "ALTER TABLE people COMMENT 'call 020 7946 0018'",
    refused: ["comment table people"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY) CONNECTION = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY, \`made\n) ENGINE=x COMMENT='\` datetime)
      CONNECTION = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE numbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 447700900124",
    refused: ["option table numbered"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE numbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 124",
  },
  {
    kind: "option",
    statements:
      `CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE = '447700900124'",
    refused: ["option table linked"],
  },
  { kind: "option", statements: "CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE = RAPID" },
  {
    kind: "option",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p NODEGROUP = 60018, PARTITION q NODEGROUP = 3, PARTITION r)`,
    refused: ["option partition p of parted"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM TABLESPACE = \`${address}\``,
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements:
      "CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM TABLESPACE = k3jx9q2lmn8pqr5tzz",
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM
      TABLESPACE = \`x ENGINE=InnoDB COLLATE=k3jx9q2lmn8pqr5tzz\``,
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE placed (id int auto_increment PRIMARY KEY) TABLESPACE = innodb_file_per_table",
  },
  {
    kind: "option",
    statements: `CREATE TABLE log_of_january_2024 (id int auto_increment PRIMARY KEY) ENGINE = MyISAM;
      CREATE TABLE logs (id int auto_increment PRIMARY KEY) ENGINE = MERGE UNION = (log_of_january_2024)`,
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY, made datetime SECONDARY_ENGINE_ATTRIBUTE =
      '{"by": 447700900124}', seen datetime SECONDARY_ENGINE_ATTRIBUTE = '{"by": 20240131}')`,
    refused: ["option column linked.made"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ADD reach decimal(14,2) DEFAULT 447700900124, ADD price decimal(6,2) DEFAULT 9.99",
    refused: ["default people.reach"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ADD reach bigint DEFAULT (cast(447700900124 AS signed))",
    refused: ["default people.reach"],
  },
  {
    kind: "default",
    statements:
      `ALTER TABLE people ADD born date DEFAULT (cast('1971-02-28' AS date)), ADD died date DEFAULT (date'1971-02-28'),
      ADD reach bigint DEFAULT (cast('447700900124' AS signed))`,
    refused: ["default people.born", "default people.died", "default people.reach"],
  },
  {
    kind: "value for old rows",
    statements:
      `INSERT INTO people VALUES (1, ''); ALTER TABLE people ADD note varchar(99) DEFAULT '${address}', ALGORITHM = INSTANT;
      ALTER TABLE people ALTER note SET DEFAULT ''`,
    refused: ["value for old rows people.note"],
  },
  { kind: "name", statements: `CREATE TABLE \`${address}\` (id int PRIMARY KEY)`, refused: ["name table 2 of 2"] },
  {
    kind: "option",
    statements: "CREATE EVENT e ON SCHEDULE EVERY 207946012 SECOND DISABLE DO SELECT 1",
    refused: ["option event e"],
  },
  {
    kind: "option",
    statements: "CREATE EVENT e ON SCHEDULE EVERY '2079460:12' MINUTE_SECOND DISABLE DO SELECT 1",
    refused: ["option event e"],
  },
  {
    kind: "comment",
    statements: `CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE COMMENT 'ask ${address}' DO SELECT 1`,
    refused: ["comment event e", "event e"],
  },
  {
    kind: "comment",
    statements: `CREATE PROCEDURE f() COMMENT 'ask ${address}' SELECT 1`,
    refused: ["comment function f", "function f"],
  },
  {
    kind: "comment",
    statements:
      `ALTER TABLE people MODIFY name varchar(99) COMMENT 'ask ${address}', ADD INDEX i (name) COMMENT 'ask ${address}'`,
    refused: ["comment column people.name", "comment index i on people"],
  },
  {
    kind: "comment",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p COMMENT 'ask ${address}', PARTITION q)`,
    refused: ["comment partition p of parted"],
  },
  {
    kind: "library",
    statements: `CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ export const by = "${address}" $$`,
    refused: ["library l"],
  },
];
