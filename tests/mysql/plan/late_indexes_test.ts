/** Indexes that are built after the copy: the table is the same as before, and what is unique is proven to be. @module */

import { assertEquals, assertRejects } from "@std/assert";
import type { Session, TableChange } from "../../../lib/engine/engine.ts";
import type { Schema } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { splitIndexes } from "../../../lib/mysql/plan/late_indexes.ts";
import { DatabaseError } from "../../../lib/engine/database_error.ts";
import { startMysql } from "../../../scripts/local_rds/mysql_server.ts";
import { temporaryFolder } from "../../../scripts/local_rds/folder.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { key, never } from "../fixture.ts";

const master = { user: "master", password: "MasterPassword1" };
const folder = await temporaryFolder();
let server = await startMysql({ dataDir: `${folder.path}/data` });
await makeRdsLike(server, master, []);
Deno.test.afterAll(async () => {
  await server.stop("now");
  await folder[Symbol.asyncDispose]();
});

const rows = 10_500;
const people = `(
  id int NOT NULL AUTO_INCREMENT, mail varchar(100) COLLATE utf8mb4_bin NOT NULL, uid varchar(64) DEFAULT NULL,
  \`od\`\`d, (name)\` varchar(60) CHARACTER SET latin1 DEFAULT 'x', n int DEFAULT NULL, note varchar(50) DEFAULT NULL,
  KEY by_n (n), KEY \`odd \`\` key\` (\`od\`\`d, (name)\`(7) DESC, n) COMMENT 'it''s; KEY (x),', UNIQUE KEY by_uid (uid), PRIMARY KEY (id),
  KEY unseen (mail, id) INVISIBLE, UNIQUE KEY by_mail (mail), KEY by_note (note) USING BTREE, CHECK (n >= 0)
) AUTO_INCREMENT=20000 ROW_FORMAT=DYNAMIC COMMENT='KEY of all'`;

/** Creates the table as `t`, with its rows. */
async function fill(definition: string): Promise<void> {
  await server.run("DROP DATABASE IF EXISTS app; CREATE DATABASE app");
  await server.run(`CREATE TABLE t ${definition}`, "app");
  await server.run(
    `SET SESSION cte_max_recursion_depth = ${rows}; SET SESSION foreign_key_checks = 0; INSERT INTO t (id, mail, uid, n)
      WITH RECURSIVE s AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM s WHERE i < ${rows})
      SELECT i, CONCAT('zoe', i, '@mail.example'), SHA2(i, 256), i MOD 7 FROM s; ANALYZE TABLE t`,
    "app",
  );
}

function open(): Promise<Session> {
  const { host, port, ca } = server;
  return mysql.open({ host, port, ca, ...master, database: "app" }, key, never);
}

function changeOf(schema: Schema, values: Readonly<Record<string, string>>): TableChange {
  const [table] = schema.tables;
  if (!table) throw new TypeError("there is no table");
  const columns = Object.entries(values).flatMap(([name, value]) => {
    const column = table.columns.find((one) => one.name === name);
    return column ? [{ column, newValue: trusted(value) }] : [];
  });
  return { table, columns };
}

const facts = [
  "SHOW CREATE TABLE app.t",
  `SELECT table_name, index_name, seq_in_index, column_name, collation, sub_part, index_type, is_visible, index_comment
    FROM information_schema.statistics WHERE table_schema = 'app' ORDER BY 1, 2, 3`,
  "SELECT * FROM information_schema.columns WHERE table_schema = 'app' ORDER BY ordinal_position",
  "SELECT * FROM information_schema.table_constraints WHERE constraint_schema = 'app' ORDER BY constraint_name",
];
const newValues = {
  mail: "SHA2(CONCAT('m', mail), 256)",
  uid: "SHA2(CONCAT('u', uid), 256)",
  note: "LEFT(SHA2(id, 256), 40)",
};
const isBuild = ({ label }: { readonly label: string }) => label.startsWith("build the indexes");

Deno.test("a copy whose indexes are built afterwards leaves every definition as it was", async () => {
  await fill(people);
  const before = await Promise.all(facts.map((fact) => server.run(fact)));
  await using session = await open();
  await mysql.openScratch(session);
  const schema = await mysql.schema(session);
  const plan = mysql.plan(changeOf(schema, newValues), schema);
  assertEquals(plan.steps.filter(isBuild).length, 1);
  for (const step of plan.steps) await session.run(step);
  await mysql.closeScratch(session);
  assertEquals(await Promise.all(facts.map((fact) => server.run(fact))), before);
  assertEquals(await server.run("CHECK TABLE app.t EXTENDED").then(([row]) => row?.Msg_text), "OK");
  const [counted] = await server.run(
    `SELECT COUNT(*) AS n, SUM(mail = SHA2(CONCAT('mzoe', id, '@mail.example'), 256)) AS changed FROM app.t FORCE INDEX (by_mail)`,
  );
  assertEquals(Object.values(counted ?? {}).map(Number), [rows, rows]);
});

Deno.test("a unique index that is built afterwards refuses equal values, and the table stays", async () => {
  await fill(people);
  await using session = await open();
  await mysql.openScratch(session);
  const schema = await mysql.schema(session);
  const plan = mysql.plan(changeOf(schema, { ...newValues, mail: "CONCAT(LEFT(SHA2(mail, 256), 1), n)" }), schema);
  const error = await assertRejects(async () => {
    for (const step of plan.steps) await session.run(step);
  }, DatabaseError);
  assertEquals(error.serverCode, "ER_DUP_ENTRY");
  assertEquals(error.message.includes("by_mail"), true, error.message);
  await mysql.closeScratch(session);
  assertEquals(await server.run("SELECT COUNT(*) AS n FROM app.t WHERE mail LIKE 'zoe%'"), [{ n: rows }]);
});

Deno.test("a server that dies before the indexes are built keeps the old table, and the copy goes", async () => {
  await fill(people);
  {
    const session = await open();
    await mysql.openScratch(session);
    const schema = await mysql.schema(session);
    const { steps } = mysql.plan(changeOf(schema, newValues), schema);
    for (const step of steps.slice(0, steps.findIndex(isBuild))) await session.run(step);
    const { dataDir } = server;
    await server.stop("now");
    await session[Symbol.asyncDispose]();
    server = await startMysql({ dataDir });
  }
  const [definition] = await server.run("SHOW CREATE TABLE app.t");
  assertEquals(String(definition?.["Create Table"]).includes("UNIQUE KEY `by_mail`"), true);
  await using session = await open();
  await mysql.closeScratch(session);
  assertEquals(await server.run("SELECT COUNT(*) AS n FROM app.t WHERE mail LIKE 'zoe%'"), [{ n: rows }]);
  assertEquals(
    await server.run("SELECT table_name FROM information_schema.tables WHERE table_schema LIKE 'datascrubber%'"),
    [],
  );
});

const plainColumns = "id int NOT NULL PRIMARY KEY, mail varchar(100) NOT NULL, uid varchar(64), n int";
/** Tables whose copies are created as a whole. */
const whole: Readonly<Record<string, string>> = {
  "without an index over a changed column": `(${plainColumns}, KEY (n))`,
  "without a primary key": "(id int, mail varchar(100), uid varchar(64), n int, KEY (mail))",
  "with a full-text index": `(${plainColumns}, KEY (mail), FULLTEXT KEY (uid))`,
  "with an index of an expression": `(${plainColumns}, KEY (mail), KEY ((lower(uid))))`,
  "with an index of a computed column": `(${plainColumns}, low varchar(100) AS (lower(mail)), KEY (mail), KEY (low))`,
  "with a foreign key": `(${plainColumns}, KEY (mail), FOREIGN KEY (n) REFERENCES t (id))`,
  "whose counter is not its primary key":
    "(id int NOT NULL, mail varchar(100) NOT NULL, uid varchar(64), n int, c int NOT NULL AUTO_INCREMENT, PRIMARY KEY (id), KEY (mail), KEY (c))",
  "with partitions": `(${plainColumns}, KEY (mail)) PARTITION BY KEY (id) PARTITIONS 2`,
  "of another engine": `(${plainColumns}, KEY (mail)) ENGINE=MyISAM`,
  "of wide rows": `(${plainColumns}, body varchar(2000) DEFAULT (REPEAT('x', 1000)), KEY (mail))`,
};

for (const [what, definition] of Object.entries(whole)) {
  Deno.test(`the copy of a table ${what} is created with its indexes`, async () => {
    await fill(definition);
    await using session = await open();
    const schema = await mysql.schema(session);
    const change = changeOf(schema, { mail: newValues.mail });
    assertEquals(splitIndexes(change, change.table.mysql?.definition ?? ""), undefined);
  });
}

Deno.test("the copy of a small table is created with its indexes", async () => {
  await fill(`(${plainColumns}, KEY (mail))`);
  await using session = await open();
  const change = changeOf(await mysql.schema(session), { mail: newValues.mail });
  const definition = change.table.mysql?.definition ?? "";
  assertEquals(splitIndexes(change, definition) !== undefined, true);
  assertEquals(
    splitIndexes({ ...change, table: { ...change.table, rows: 100, bytes: 16_384 } }, definition),
    undefined,
  );
});
