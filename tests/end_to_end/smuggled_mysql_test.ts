/** Values that were smuggled past a run on MySQL: each stops the run now, and nothing says what it was. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { heldStage, holdScrub } from "./held_scrub.ts";
import { leftIn, nothing, runProgram } from "./stage.ts";

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

const rds = await startLocalRds();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
for (
  const [id, statements] of [
    ["catalogues", hidden.map(({ statement }) => statement).join(";\n")],
    ...Object.entries(servers).map(([id, { statements }]) => [id, statements] as const),
  ] as const
) {
  await rds.addProduction({
    id,
    engine: "mysql",
    prepare: async (server) => {
      await createDatabase(server, "whitehall-2026", whitehall);
      await server.run(statements, whitehall);
    },
  });
}

Deno.test("what was smuggled stops each run before its first change, and no message or report holds it", async (t) => {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const ids = ["catalogues", ...Object.keys(servers)];
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-instances", ...ids, "--report", report]);
  const written = await Deno.readTextFile(report);
  await Deno.remove(report);
  assertEquals(code, 3, stderr);
  for (const { what, told } of hidden) await t.step(what, () => assertMatch(stdout, told));
  for (const [what, { told }] of Object.entries(servers)) await t.step(what, () => assertMatch(stdout, told));
  assertEquals(Object.values(planted).filter((value) => `${stdout}${stderr}${written}`.includes(value)), []);
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
    engine: "mysql",
    prepare: async (server) => {
      await createDatabase(server, "whitehall-2026", whitehall);
      await server.run(`INSERT INTO users (uid) VALUES ('${token}')`, whitehall);
      await server.run(repeating.map(({ statement }) => statement).join(";\n"), whitehall);
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
