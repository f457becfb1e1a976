/** Values that got past a run on MySQL in disguise or in a forgotten corner: each stops it now, and nothing says what it was. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { leftIn, nothing, oneApplication, runProgram } from "./stage.ts";

const whitehall = "whitehall_production";

/** Nobody's. Of ten letters, which UTF-16 reads as five. */
const address = "ann@zed.uk";
const telephone = "447700900124";
/** A person's token at the single sign-on, which a rule replaces. */
const token = "k3jx9q2lmn8pqr5tzz";

const digits = new TextEncoder().encode(address).toHex();
const bits = [...address].map((letter) => letter.charCodeAt(0).toString(2).padStart(8, "0")).join("");
const key = "id int AUTO_INCREMENT PRIMARY KEY";

/** Something of production's, and what the refusal says of it. */
type Plant = readonly [what: string, statement: string, told: string];

const inDatabase: readonly Plant[] = [
  [
    "a comment between parameters, which INFORMATION_SCHEMA does not show",
    `CREATE PROCEDURE noted(a int /* ${address} */) SELECT 1`,
    "function noted: its text looks sensitive: mail address",
  ],
  [
    "an address that a function calls UTF-16",
    `CREATE FUNCTION wide() RETURNS text DETERMINISTIC RETURN _utf16'${address}'`,
    "function wide: its text looks sensitive: mail address",
  ],
  [
    "an address that a view calls UTF-16",
    `CREATE VIEW wide_view AS SELECT _utf16'${address}' AS v`,
    "view wide_view: its text looks sensitive: mail address",
  ],
  [
    "an address that a trigger calls Swedish, where the sign of an address is a letter",
    `CREATE TRIGGER swedish BEFORE INSERT ON users FOR EACH ROW SET @v = _swe7'${address}'`,
    "trigger swedish on users: its text looks sensitive: mail address",
  ],
  [
    "an address that an event calls UTF-32",
    `CREATE EVENT wide_event ON SCHEDULE EVERY 1 YEAR DISABLE DO SET @v = _utf32'ann@zedd.uk.'`,
    "event wide_event: its text looks sensitive: mail address",
  ],
  [
    "bits",
    `CREATE FUNCTION bits() RETURNS text DETERMINISTIC RETURN b'${bits}'`,
    "function bits: its text looks sensitive: mail address",
  ],
  [
    "bytes with one that is no letter",
    `CREATE VIEW bytes_view AS SELECT 0x${digits}ff AS v`,
    "view bytes_view: its text looks sensitive: mail address",
  ],
  [
    "bytes with a line's end",
    `CREATE VIEW lines_view AS SELECT 0x${digits}0a AS v`,
    "view lines_view: its text looks sensitive: mail address",
  ],
  [
    "an odd number of digits",
    `CREATE FUNCTION odd() RETURNS text DETERMINISTIC RETURN 0xa${digits}`,
    "function odd: its text looks sensitive: mail address",
  ],
  [
    "digits for unhex",
    `CREATE VIEW unhexed AS SELECT unhex('${digits}') AS v`,
    "view unhexed: its text looks sensitive: mail address",
  ],
  [
    "an address with a quoted part",
    `CREATE TABLE quoted (${key}) COMMENT '"ann b"@zed.uk'`,
    "comment table quoted: its text looks sensitive: mail address",
  ],
  [
    "an address with a mark for the direction of writing",
    `CREATE TABLE directed (${key}) COMMENT 'ann\u200e@zed\u200e.uk'`,
    "comment table directed: its text looks sensitive: mail address",
  ],
  [
    "a telephone number as the number of rows of a table",
    `CREATE TABLE sized (${key}) MIN_ROWS = 2079460123`,
    "option table sized: its text looks sensitive: identifier",
  ],
  [
    "a telephone number as the number of rows of a partition",
    `CREATE TABLE parted (${key}) PARTITION BY HASH (id) (PARTITION p MAX_ROWS = 2079460123)`,
    "option table parted: its text looks sensitive: identifier",
  ],
  [
    "a telephone number in the list of a partition",
    `CREATE TABLE listed (id bigint AUTO_INCREMENT PRIMARY KEY) PARTITION BY LIST (id) (PARTITION q VALUES IN (${telephone}))`,
    "partition bound q of listed: its text looks sensitive: identifier",
  ],
  [
    "a telephone number as a label of what a function returns",
    `CREATE FUNCTION labelled() RETURNS enum('${telephone}') DETERMINISTIC RETURN 1`,
    "enum labels parameter labelled.result: its text looks sensitive: identifier",
  ],
  [
    "a date of birth as the default of a moment",
    `CREATE TABLE born (${key}, at datetime DEFAULT '1970-01-31')`,
    "default born.at: its text looks sensitive: identifier",
  ],
  [
    "a token as the connection of a storage engine that makes none",
    `CREATE TABLE connected (${key}) CONNECTION = '${token}'`,
    "option table connected: its text looks sensitive: secret",
  ],
  [
    "a token as a compression, behind an option that moves the others",
    `CREATE TABLE pressed (${key}) ENGINE = MyISAM COMPRESSION = '${token}'`,
    "option table pressed: its text looks sensitive: identifier",
  ],
  [
    "a token that a function calls UTF-16",
    `CREATE FUNCTION wide_token() RETURNS text DETERMINISTIC RETURN _utf16'${token}'`,
    "function wide_token: its text looks sensitive: identifier",
  ],
  [
    "the name of a library that is gone",
    `CREATE LIBRARY \`${address}\` LANGUAGE JAVASCRIPT AS 'export const a = 1';
      CREATE FUNCTION importing() RETURNS int DETERMINISTIC LANGUAGE JAVASCRIPT USING (\`${address}\` AS x) AS 'return 1';
      DROP LIBRARY \`${address}\``,
    "name library 1 of 1: its name looks sensitive: mail address",
  ],
  [
    "a language that there is not",
    `CREATE FUNCTION foreign_words() RETURNS int DETERMINISTIC LANGUAGE \`${address}\` AS 'return 1'`,
    "name language 1 of 2: its name looks sensitive: mail address",
  ],
  [
    "statistics of an index of a table that is there",
    `INSERT INTO mysql.innodb_index_stats VALUES ('${whitehall}', 'users', '${address}', now(), 'size', 1, NULL, '')`,
    "name index statistics",
  ],
];

const geography = `'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],` +
  `AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`;

const onServer: readonly Plant[] = [
  [
    "another column of sys.sys_config",
    `ALTER TABLE sys.sys_config ADD note varchar(99); UPDATE sys.sys_config SET note = '${address}' LIMIT 1`,
    "object in a system schema column sys.sys_config.note",
  ],
  [
    "another index of sys.sys_config",
    "ALTER TABLE sys.sys_config ADD KEY i (value)",
    "object in a system schema index sys.sys_config.i",
  ],
  [
    "the comment of sys.sys_config",
    `ALTER TABLE sys.sys_config COMMENT '${address}'`,
    "comment sys.sys_config: its text looks sensitive: mail address",
  ],
  [
    "a histogram of what sys.sys_config held once",
    `INSERT INTO sys.sys_config (variable, value) VALUES ('gone', '${address}');
      ANALYZE TABLE sys.sys_config UPDATE HISTOGRAM ON value; DELETE FROM sys.sys_config WHERE variable = 'gone'`,
    "object in a system schema histogram of sys.sys_config.value",
  ],
  [
    "a check on sys.sys_config",
    `ALTER TABLE sys.sys_config ADD CONSTRAINT c CHECK (value <> '${address}')`,
    "object in a system schema constraint c on sys.sys_config",
  ],
  [
    "another type of a column of sys.sys_config",
    `ALTER TABLE sys.sys_config MODIFY set_by enum('${telephone}')`,
    "object in a system schema column sys.sys_config.set_by",
  ],
  [
    "the comment of a table of mysql",
    `ALTER TABLE mysql.func COMMENT '${address}'`,
    "comment mysql.func: its text looks sensitive: mail address",
  ],
  [
    "the comment of a column of mysql",
    `ALTER TABLE mysql.plugin MODIFY dl varchar(128) NOT NULL DEFAULT '' COMMENT '${address}'`,
    "comment mysql.plugin.dl: its text looks sensitive: mail address",
  ],
  [
    "a table of numbers that is called like InnoDB's",
    `CREATE TABLE mysql.innodb_numbers AS SELECT ${telephone} AS n`,
    "leftover in mysql innodb_numbers",
  ],
  [
    "the path of a certificate for replication, without a login",
    `CHANGE REPLICATION SOURCE TO SOURCE_SSL_CA = '/x/${address}'`,
    "name replication",
  ],
  [
    "the name of a time zone",
    `INSERT INTO mysql.time_zone_name VALUES ('${address}', 1)`,
    "name time zone",
  ],
  [
    "a telephone number as the number of a spatial reference system",
    `CREATE SPATIAL REFERENCE SYSTEM 2079460123 NAME 'one' DEFINITION ${geography}`,
    "spatial reference system 2079460123: its text looks sensitive: identifier",
  ],
  [
    "a telephone number as the radius of a globe",
    `CREATE SPATIAL REFERENCE SYSTEM 990003 NAME 'three' DEFINITION ${geography.replace("6378137", "2079460123")}`,
    "spatial reference system 990003: its text looks sensitive: identifier",
  ],
  [
    "an address in a name that a provider gives a client's host",
    "CREATE USER dialled@'81-2-69-142.dsl.zed.uk'",
    "its name looks sensitive: IP address",
  ],
  [
    "a telephone number as an account's limit",
    "CREATE USER limited WITH MAX_QUERIES_PER_HOUR 2079460123",
    "option account limited@%: its text looks sensitive: identifier",
  ],
];

const repeating: readonly Plant[] = [
  [
    "the name of a spatial reference system",
    `CREATE SPATIAL REFERENCE SYSTEM 990001 NAME '${token}' DEFINITION ${geography}`,
    "spatial reference system 990001",
  ],
  [
    "the comment of a table of mysql",
    `ALTER TABLE mysql.func COMMENT '${token}'`,
    "comment mysql.func",
  ],
];

const misplaced: readonly Plant[] = [
  [
    "a telephone number in a partition where no condition finds it",
    `CREATE TABLE astray (id bigint AUTO_INCREMENT PRIMARY KEY) PARTITION BY RANGE (id)
      (PARTITION low VALUES LESS THAN (1000), PARTITION high VALUES LESS THAN MAXVALUE);
      CREATE TABLE brought (id bigint AUTO_INCREMENT PRIMARY KEY); INSERT INTO brought VALUES (${telephone});
      ALTER TABLE astray EXCHANGE PARTITION low WITH TABLE brought WITHOUT VALIDATION; DROP TABLE brought`,
    'CHECK TABLE finds rows in the wrong partition, or another fault, in "astray"',
  ],
];

const retyped: readonly Plant[] = [
  [
    "an address in a key that a rule keeps, which became text",
    `ALTER TABLE edition_authors MODIFY user_id varchar(255);
      INSERT INTO edition_authors (edition_id, user_id) VALUES (1, '${address}')`,
    "edition_authors.user_id varchar(255): it was reviewed as integer",
  ],
];

const productions: Readonly<Record<string, readonly Plant[]>> = { inDatabase, onServer, repeating, misplaced, retyped };

Deno.test("what was smuggled in disguise stops each run, and no message or report holds it", async (t) => {
  await using rds = await startLocalRds();
  for (const [id, plants] of Object.entries(productions)) {
    await rds.addProduction({
      id: id.toLowerCase(),
      ...await oneApplication("whitehall-2026", whitehall, { rows: 0 }),
      change: async (server) => {
        await server.run(`INSERT INTO users (uid) VALUES ('${token}')`, whitehall);
        for (const [, statement] of plants) await server.run(statement, whitehall);
      },
    });
  }
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const ids = Object.keys(productions).map((id) => id.toLowerCase());
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-instances", ...ids, "--report", report]);
  const written = await Deno.readTextFile(report);
  await Deno.remove(report);
  assertEquals(code, 3, stderr);
  for (const [what, , told] of Object.values(productions).flat()) {
    await t.step(what, () => assertStringIncludes(stdout, told));
  }
  assertEquals(
    [address, telephone, token, digits, bits].filter((value) => `${stdout}${stderr}${written}`.includes(value)),
    [],
  );
  assertEquals(await leftIn(rds), nothing);
});
