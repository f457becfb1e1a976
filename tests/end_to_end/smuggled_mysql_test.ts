/** Values that were smuggled past a run on MySQL: each stops the run now, and nothing says what it was. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { heldStage, holdScrub } from "./held_scrub.ts";
import { leftIn, nothing, oneApplication, runProgram } from "./stage.ts";

const whitehall = "whitehall_production";

/** Nobody's, but of the right shape. In hexadecimal an address is too short to be taken for a digest. */
const planted = {
  address: "ann@zed.uk",
  phone: "02079460018",
  name: "Ada Lovelace",
  password: "S3cretHunter9",
  key: "sk_live_51Habcdefghijklmnop",
};

const hexadecimal = (text: string) => new TextEncoder().encode(text).toHex();
const utf16 = [...planted.address].map((letter) => `00${hexadecimal(letter)}`).join("");

/** What each plants in the application's database by a statement of production, and what the refusal says of it. */
const hidden: readonly { readonly what: string; readonly statement: string; readonly told: RegExp }[] = [
  {
    what: "an address in the default of a column of bytes, which the server writes in hexadecimal",
    statement: `CREATE TABLE bytes (id int AUTO_INCREMENT PRIMARY KEY, v varbinary(40) DEFAULT '${planted.address}')`,
    told: /default bytes\.v: its text looks sensitive: mail address/,
  },
  {
    what: "a name in the bounds of a partition by bytes",
    statement: `CREATE TABLE parted (v varbinary(40)) PARTITION BY LIST COLUMNS (v)
      (PARTITION p VALUES IN ('${planted.name}'))`,
    told: /partition bound p of parted: its text looks sensitive: personal name/,
  },
  {
    what: "a telephone number as the default of a counter",
    statement: "CREATE TABLE preset (id int AUTO_INCREMENT PRIMARY KEY, n int NOT NULL DEFAULT 2079460123)",
    told: /default preset\.n: its text looks sensitive: identifier/,
  },
  {
    what: "a telephone number in a view, in hexadecimal",
    statement: `CREATE VIEW digits AS SELECT 0x${hexadecimal(planted.phone)} AS v`,
    told: /view digits: its text looks sensitive: telephone number/,
  },
  {
    what: "an address in a default, as UTF-16",
    statement: `CREATE TABLE wide (id int AUTO_INCREMENT PRIMARY KEY, v text DEFAULT (_utf16 x'${utf16}'))`,
    told: /default wide\.v: its text looks sensitive: mail address/,
  },
  {
    what: "an address as the compression of a storage engine that takes any text for one",
    statement:
      `CREATE TABLE isam (id int AUTO_INCREMENT PRIMARY KEY) ENGINE = MyISAM COMPRESSION = '${planted.address}'`,
    told: /option table isam: its text looks sensitive: mail address/,
  },
  {
    what: "a password between double quotes",
    statement:
      `CREATE FUNCTION doubly() RETURNS int DETERMINISTIC BEGIN SET @password = "${planted.password}"; RETURN 1; END`,
    told: /function doubly: its text looks sensitive: secret/,
  },
  {
    what: "a password that an account is identified by",
    statement:
      `CREATE FUNCTION identified() RETURNS text DETERMINISTIC RETURN 'ALTER USER x IDENTIFIED BY ''${planted.password}'''`,
    told: /function identified: its text looks sensitive: secret/,
  },
  {
    what: "a password among the options of a link to another server",
    statement:
      `CREATE PROCEDURE linking() CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD '${planted.password}')`,
    told: /function linking: its text looks sensitive: secret/,
  },
  {
    what: "a password that RDS's procedure for replication is called with",
    statement: `CREATE EVENT replicating ON SCHEDULE EVERY 1 YEAR DISABLE DO
      CALL mysql.rds_set_external_source('db', 3306, 'x', '${planted.password}', 'bin.1', 4, 0)`,
    told: /event replicating: its text looks sensitive: secret/,
  },
  {
    what: "a telephone number in a partition by two columns",
    statement: `CREATE TABLE pairs (a bigint AUTO_INCREMENT, b tinyint(1) NOT NULL, PRIMARY KEY (a, b))
      PARTITION BY LIST COLUMNS (a, b) (PARTITION p VALUES IN ((447700900124, 1)))`,
    told: /partition bound p of pairs: its text looks sensitive: identifier/,
  },
  {
    what: "a payment provider's key",
    statement: `CREATE VIEW paying AS SELECT '${planted.key}' AS v`,
    told: /view paying: its text looks sensitive: secret/,
  },
  {
    what: "an address in a domain that only begins like an example",
    statement: "CREATE TABLE told (id int AUTO_INCREMENT PRIMARY KEY) COMMENT 'ask ann@example.com.zed.uk'",
    told: /comment table told: its text looks sensitive: mail address/,
  },
  {
    what: "an address as the name of a table that a foreign key references and that is not there",
    statement: `SET foreign_key_checks = 0; CREATE TABLE orphan (id int AUTO_INCREMENT PRIMARY KEY, parent int,
      FOREIGN KEY (parent) REFERENCES \`${planted.address}\` (id)); SET foreign_key_checks = 1`,
    told: /referenced table.*looks sensitive: mail address/,
  },
];

/** The master user's privileges but those by which the server shows databases, triggers and events. */
const rest = "RELOAD, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, CREATE USER, CREATE ROLE, DROP ROLE, " +
  "APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, XA_RECOVER_ADMIN, SET_ANY_DEFINER";
const here =
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, " +
  "EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";
const places = [whitehall, `datascrubber_${whitehall}`, `datascrubbercopy_${whitehall}`, "datascrubberpurge", "sys"];

/** What each plants on the server, and what the refusal says. */
const servers: Readonly<Record<string, { readonly statements: string; readonly told: RegExp }>> = {
  "database-out-of-sight": {
    statements: `CREATE DATABASE secret; CREATE TABLE secret.people AS SELECT '${planted.address}' AS address;
      REVOKE ALL ON *.* FROM master@'%'; GRANT ${rest} ON *.* TO master@'%';
      ${places.map((place) => `GRANT ${here} ON ${place}.* TO master@'%'`).join("; ")};
      GRANT SELECT, EXECUTE, SHOW VIEW ON mysql.* TO master@'%'; GRANT SELECT ON performance_schema.* TO master@'%'`,
    told: /the server may hide objects from the master user, which has no global privilege SELECT, TRIGGER, EVENT/,
  },
  "triggers-out-of-sight": {
    statements: `CREATE EVENT ${whitehall}.unseen ON SCHEDULE EVERY 1 YEAR DO SELECT '${planted.address}';
      REVOKE TRIGGER, EVENT ON *.* FROM master@'%'`,
    told: /the server may hide objects from the master user, which has no global privilege TRIGGER, EVENT/,
  },
  "persisted-setting": {
    statements: `SET PERSIST init_connect = 'DO ''${planted.address}'''`,
    told: /setting persisted variable init_connect: its text looks sensitive: mail address/,
  },
};

const telephone = "447700900124";
const plantedNumbers = [telephone, "2079460123", "13101970"];
const key = "id int AUTO_INCREMENT PRIMARY KEY";

/** What each plants in columns whose type needs no rule, and what the refusal says of it. */
const inStructure: Readonly<Record<string, { readonly statements: string; readonly told: RegExp }>> = {
  "codes of letters in a boolean": {
    statements:
      `CREATE TABLE flags (${key}, f tinyint(1) NOT NULL DEFAULT 0); INSERT INTO flags (f) VALUES (65), (100), (97)`,
    told: /flags\.f tinyint\(1\) \(true or false\): 3 rows hold another number than 0 and 1/,
  },
  "a telephone number in a counter": {
    statements: `CREATE TABLE counts (${key}, n int NOT NULL DEFAULT 0); INSERT INTO counts (n) VALUES (2079460123)`,
    told: /counts\.n int \(a counter\): 1 row holds a number of eight or more digits/,
  },
  "a date of birth in a shorter counter": {
    statements: `CREATE TABLE shorter (${key}, n mediumint unsigned NOT NULL DEFAULT 0);
      INSERT INTO shorter (n) VALUES (13101970)`,
    told: /shorter\.n mediumint unsigned \(a counter\): 1 row holds/,
  },
  "a date of birth in a timestamp": {
    statements:
      `CREATE TABLE moments (${key}, created_at datetime); INSERT INTO moments (created_at) VALUES ('1970-01-31')`,
    told: /moments\.created_at datetime \(a timestamp\): 1 of 1 moments are whole hours or quarters before 2005/,
  },
  "a telephone number as a key, which a foreign key repeats": {
    statements: `CREATE TABLE callers (id bigint AUTO_INCREMENT PRIMARY KEY); INSERT INTO callers VALUES (${telephone});
      CREATE TABLE calls (${key}, caller bigint, FOREIGN KEY (caller) REFERENCES callers (id));
      INSERT INTO calls (caller) VALUES (${telephone})`,
    told: /callers\.id bigint \(a primary key that the server makes\): 1 row holds a number of ten or more digits/,
  },
  "a negative key": {
    statements:
      `CREATE TABLE debtors (id bigint AUTO_INCREMENT PRIMARY KEY); INSERT INTO debtors VALUES (-${telephone})`,
    told: /debtors\.id bigint .*: 1 row holds a number of eight or more digits on the other side of 0/,
  },
};

const rds = await startLocalRds();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
for (
  const [id, statements] of [
    ["catalogues", hidden.map(({ statement }) => statement).join(";\n")],
    ["structure", Object.values(inStructure).map(({ statements }) => statements).join(";\n")],
    ...Object.entries(servers).map(([id, { statements }]) => [id, statements] as const),
  ] as const
) {
  await rds.addProduction({
    id,
    ...await oneApplication("whitehall-2026", whitehall, { rows: 0 }),
    change: async (server) => void await server.run(statements, whitehall),
  });
}

Deno.test("what was smuggled stops each run before its first change, and no message or report holds it", async (t) => {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const ids = ["catalogues", "structure", ...Object.keys(servers)];
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-instances", ...ids, "--report", report]);
  const written = await Deno.readTextFile(report);
  await Deno.remove(report);
  assertEquals(code, 3, stderr);
  for (const { what, told } of hidden) await t.step(what, () => assertMatch(stdout, told));
  for (const [what, { told }] of Object.entries({ ...inStructure, ...servers })) {
    await t.step(what, () => assertMatch(stdout, told));
  }
  assertEquals(
    [...Object.values(planted), ...plantedNumbers].filter((value) => `${stdout}${stderr}${written}`.includes(value)),
    [],
  );
  assertEquals(await leftIn(rds), nothing);
});

/** A person's token at the single sign-on, which a rule replaces. */
const token = "k3jx9q2lmn8pqr5tzz";

/** Where each repeats the token, and what the refusal says. */
const repeating: readonly { readonly statement: string; readonly told: string }[] = [
  { statement: `ALTER TABLE users COMMENT 'of ${token}'`, told: "comment table users" },
  {
    statement: `CREATE TABLE noted (id int AUTO_INCREMENT PRIMARY KEY, seen_at datetime);
      ALTER TABLE noted MODIFY seen_at datetime COMMENT 'by ${token}'`,
    told: "comment column noted.seen_at",
  },
  { statement: `CREATE VIEW theirs AS SELECT '${token}' AS v`, told: "view theirs" },
  { statement: `CREATE FUNCTION whose() RETURNS text DETERMINISTIC RETURN '${token}'`, told: "function whose" },
  { statement: `CREATE INDEX \`${token}\` ON noted (seen_at)`, told: "name of: index" },
  { statement: `CREATE USER '${token}'@'%' IDENTIFIED BY 'x'`, told: "name of: account" },
  {
    statement: `INSERT INTO sys.sys_config (variable, value) VALUES ('theirs', '${token}')`,
    told: "row of a system table sys.sys_config theirs",
  },
];

Deno.test("a token that rules take away stops the run where a catalogue repeats it, and no message holds it", async (t) => {
  await rds.addProduction({
    id: "repeating",
    ...await oneApplication("whitehall-2026", whitehall, { rows: 0 }),
    change: async (server) => {
      await server.run(`INSERT INTO users (uid) VALUES ('${token}')`, whitehall);
      // With a view of what is not there: it changes what the server says of comments.
      const view = "CREATE TABLE dropped (id int); CREATE VIEW broken AS SELECT id FROM dropped; DROP TABLE dropped";
      await server.run([view, ...repeating.map(({ statement }) => statement)].join(";\n"), whitehall);
    },
  });
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-instances", "repeating"]);
  assertEquals(code, 3, stderr);
  for (const { told } of repeating) await t.step(told, () => assertStringIncludes(stdout, told));
  assertEquals(`${stdout}${stderr}`.includes(token), false);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("what somebody makes during the scrub stops the run, whatever it is", async (t) => {
  await using own = await heldStage("mysql");
  const { program, server, holder, over } = await holdScrub(own, "mysql");
  await server.run(
    `CREATE TABLE late AS SELECT '${planted.address}' AS v; ALTER TABLE roles ADD late varchar(99) DEFAULT 'x';
      CREATE VIEW late_view AS SELECT 1 AS v; ALTER TABLE contacts COMMENT 'of ${planted.address}';
      CREATE FUNCTION late_function() RETURNS int DETERMINISTIC RETURN 1;
      CREATE TRIGGER late_trigger BEFORE INSERT ON contacts FOR EACH ROW SET @late = 1;
      CREATE EVENT late_event ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1`,
    whitehall,
  );
  await server.run(`KILL ${holder}`);
  await over;
  const { code, stdout, stderr } = await program.ended();
  assertEquals(code, 3, stderr);
  for (
    const told of [
      "late was never looked at",
      "roles.late was never looked at",
      "view late_view was never looked at",
      "comment table contacts: its text looks sensitive: mail address",
      "function late_function was never looked at",
      "trigger late_trigger",
      "event late_event was never looked at",
    ]
  ) await t.step(told, () => assertStringIncludes(stdout, `${whitehall}: ${told}`));
  assertEquals(await leftIn(own), nothing);
});

Deno.test("a snapshot's counters do not stand at a telephone number that no row has, and the report names them", async () => {
  const statements =
    `CREATE TABLE gone (id bigint AUTO_INCREMENT PRIMARY KEY); INSERT INTO gone VALUES (3), (${telephone}); DELETE FROM gone WHERE id > 3;
    ALTER TABLE users AUTO_INCREMENT = 77009001; SELECT auto_increment FROM information_schema.tables`;
  await rds.addProduction({
    id: "counters",
    ...await oneApplication("whitehall-2026", whitehall, { rows: 1 }),
    change: async (server) => void await server.run(statements, whitehall),
  });
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const { code, stderr } = await runProgram(rds, ["--mysql-instances", "counters", "--report", report]);
  assertEquals(code, 0, stderr);
  const { sources: [source] } = JSON.parse(await Deno.readTextFile(report));
  await Deno.remove(report);
  const { restarted } = source.databases.find(({ database }: { readonly database: string }) => database === whitehall);
  assertEquals(restarted, ["gone AUTO_INCREMENT", "users AUTO_INCREMENT"]);
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  assertEquals(
    await server.run(
      `SET SESSION information_schema_stats_expiry = 31536000; SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = '${whitehall}' AND auto_increment > 9999999`,
    ),
    [],
  );
});
