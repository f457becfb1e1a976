/** Production of MariaDB's with marks everywhere, what takes them away by SQL, and a byte search over what is left on disk. @module */

import { assertEquals } from "@std/assert";
import type { Residue, Session, TablePlan } from "../../../lib/engine/engine.ts";
import { findColumn } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { purgeServer, purgeSteps } from "../../../lib/mysql/purge/purge_server.ts";
import { copyFolder, type Folder, temporaryFolder } from "../../../scripts/local_rds/folder.ts";
import { bytesAsText } from "../../fixtures/bytes_as_text.ts";
import { master, mysqlProducts, type TestServer } from "../../servers.ts";
import { startMariadb } from "../../../scripts/local_rds/mariadb_server.ts";
import type { Server } from "../../../scripts/local_rds/server.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { open, tableOf } from "../fixture.ts";
import { filesIn, mark } from "./residue_fixture.ts";

const settings = {
  "innodb-doublewrite": "ON",
  "innodb-log-file-size": "8M",
  "innodb-buffer-pool-size": "32M",
  "use-stat-tables": "PREFERABLY",
};

const text = `CONCAT('${mark} number ', n, ' ', REPEAT('and so on ', 20), '${mark}')`;
const numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 400)";

const keys = ", KEY by_note (note(80)), FULLTEXT KEY words (note)";

/** Tables, and what a scrub does to each. */
const tables: readonly {
  readonly name: string;
  readonly engine?: string;
  readonly does: "copy" | "in place" | "truncate" | "nothing";
}[] = [
  { name: "people", does: "copy" },
  { name: "held", does: "in place" },
  { name: "visitors", does: "truncate" },
  // Whose values are in rows of a column that was dropped.
  { name: "dropped", does: "nothing" },
  { name: "aria", engine: "Aria", does: "copy" },
  { name: "held_aria", engine: "Aria", does: "in place" },
  { name: "aria_visitors", engine: "Aria", does: "truncate" },
  { name: "isam", engine: "MyISAM", does: "copy" },
  { name: "held_isam", engine: "MyISAM", does: "in place" },
];

/** Objects and rows with marks, as far as they are gone or changed when the server is scrubbed; each another source of residue. */
const production = [
  "CREATE DATABASE app CHARACTER SET utf8mb4",
  "USE app",
  ...tables.flatMap(({ name, engine = "InnoDB", does }) => [
    `CREATE TABLE ${name} (id int PRIMARY KEY, note varchar(500)${does === "nothing" ? "" : keys}) ENGINE=${engine}`,
    `INSERT INTO ${name} ${numbers} SELECT n, ${text} FROM numbers`,
    `UPDATE ${name} SET note = CONCAT(note, ' again') WHERE id MOD 7 = 0`,
    `DELETE FROM ${name} WHERE id MOD 11 = 0`,
    `ANALYZE TABLE ${name} PERSISTENT FOR ALL`,
  ]),
  "ALTER TABLE dropped DROP COLUMN note, ALGORITHM=INSTANT",
  `CREATE TABLE gone (id int PRIMARY KEY, note varchar(500))`,
  `INSERT INTO gone ${numbers} SELECT n, ${text} FROM numbers`,
  "ANALYZE TABLE gone PERSISTENT FOR ALL",
  `CREATE PROCEDURE former() COMMENT '${mark} of a comment' SELECT '${mark} of a body'`,
  "DROP PROCEDURE former",
  `CREATE EVENT former ON SCHEDULE EVERY 1 YEAR COMMENT '${mark} of a comment' DO SELECT '${mark} of a body'`,
  "DROP EVENT former",
  `CREATE VIEW former AS SELECT '${mark} of a view' AS v`,
  `CREATE OR REPLACE VIEW former AS SELECT '${mark} of another view' AS v`,
  "DROP VIEW former",
  `CREATE TRIGGER former BEFORE INSERT ON people FOR EACH ROW SET @said = '${mark} of a trigger'`,
  "DROP TRIGGER former",
  `CREATE TABLE former (v varchar(99) DEFAULT '${mark} of a default' COMMENT '${mark} of a column') COMMENT '${mark} of a table'`,
  `ALTER TABLE former MODIFY v varchar(99) DEFAULT '${mark} of another default', ADD CHECK (v <> '${mark} of a check')`,
  "DROP TABLE former",
  `CREATE DATABASE former COMMENT '${mark} of a database'`,
  "DROP DATABASE former",
  `CREATE SEQUENCE former COMMENT '${mark} of a sequence'`,
  "DROP SEQUENCE former",
  `CREATE TEMPORARY TABLE former (v varchar(99)) SELECT '${mark} of a temporary table' AS v`,
  `CREATE USER dora@'%' IDENTIFIED BY 'x' REQUIRE SUBJECT '/CN=${mark}' AND CIPHER '${mark}'`,
  `CREATE SERVER other FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'elsewhere', USER '${mark}', PASSWORD '${mark}')`,
  `INSERT INTO sys.sys_config (variable, value) VALUES ('gone', '${mark} of a setting')`,
  "DELETE FROM sys.sys_config WHERE variable = 'gone'",
];

/** Each in a session of its own, which begins with what the one before has set. */
const logged = [
  "SET GLOBAL general_log = 1, GLOBAL slow_query_log = 1, GLOBAL long_query_time = 0",
  `SELECT COUNT(*) FROM people WHERE note = '${mark}1'`,
  "SET GLOBAL general_log = 0, GLOBAL slow_query_log = 0",
];

/** A transaction for which the server keeps old values until it is killed; the lock tells that it has begun. */
const reading = "START TRANSACTION WITH CONSISTENT SNAPSHOT; DO GET_LOCK('reading', 0); DO SLEEP(60)";

async function makeProduction(): Promise<Folder> {
  const folder = await temporaryFolder();
  await using server = await startMariadb({ dataDir: `${folder.path}/data`, settings });
  await makeRdsLike(server, master);
  await server.run(production.join(";\n"));
  for (const statement of logged) await server.run(statement, "app");
  const transaction = server.run(reading, "app").catch(() => {});
  while ((await server.run("SELECT IS_USED_LOCK('reading') AS held"))[0]?.held === null);
  await server.run("UPDATE people SET note = CONCAT(note, '!')", "app");
  // What was never written to a file needs no purge.
  await server.run("SET GLOBAL innodb_max_dirty_pages_pct = 0, GLOBAL innodb_max_dirty_pages_pct_lwm = 0");
  while (await dirtyPages(server) > 0);
  await server.stop("now");
  await transaction;
  return folder;
}

async function dirtyPages(server: Server): Promise<number> {
  const [row] = await server.run(`SELECT variable_value AS pages FROM information_schema.global_status
    WHERE variable_name = 'Innodb_buffer_pool_pages_dirty'`);
  return Number(row?.pages);
}

/** Places by what a file's path looks like. */
const places: readonly (readonly [place: string, path: RegExp])[] = [
  ["redo", /\/ib_logfile0$/],
  // Before 11.0 undo is in the system tablespace.
  ["undo", /\/(?:undo\d+|ibdata1)$/],
  ["Aria's log", /\/aria_log\.\d+$/],
  ["log tables", /\/mysql\/(slow|general)_log/],
  ["system tables", /\/(mysql|sys)\//],
  ["tables", /\/app\//],
];

async function marked(folder: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of await filesIn(folder)) {
    if (!bytesAsText(await Deno.readFile(path)).includes(mark)) continue;
    found.add(places.find(([, pattern]) => pattern.test(path))?.[0] ?? path.slice(folder.length));
  }
  return [...found].sort();
}

interface Scrubbed {
  /** Before the server was stopped, whose stop empties the log. */
  readonly inAriaLog: boolean;
  readonly marked: readonly string[];
  readonly residue: readonly Residue[];
}

async function scrub(session: Session, withoutRebuilds: boolean): Promise<readonly TablePlan[]> {
  await mysql.openScratch(session);
  const schema = await mysql.schema(session);
  const plans = tables.map(({ name, does }) => {
    const read = tableOf(schema, name);
    const table = does === "in place" && read.mysql
      ? { ...read, mysql: { ...read.mysql, obstacles: ["a test says so"] } }
      : read;
    const note = findColumn(table, "note");
    const columns = (does === "copy" || does === "in place") && note
      ? [{ column: note, newValue: trusted("CONCAT('new ', id)") }]
      : [];
    const change = { table, columns, ...(does === "truncate" ? { truncated: true as const } : {}) };
    return mysql.plan(change, schema);
  });
  for (const { shape, steps } of plans) {
    for (const step of steps) {
      if (withoutRebuilds && shape !== "copy-swap" && step.label.startsWith("rebuild")) continue;
      await session.run(step);
    }
  }
  await session.run({ label: "drop a table", sql: trusted("DROP TABLE gone") });
  await mysql.closeScratch(session);
  await mysql.purge(session, schema, plans);
  return plans;
}

/** `omitted`: steps of the server's purge, or rebuilds of tables. */
async function scrubCopy(from: Folder, omitted: readonly string[]): Promise<Scrubbed> {
  await using folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  await copyFolder(`${from.path}/data`, dataDir);
  await using started = await startMariadb({ dataDir, settings });
  const server: TestServer = { ...started, master };
  const steps = purgeSteps.filter(({ what }) => !omitted.includes(what));
  const residue: Residue[] = [];
  {
    await using session = await open(server);
    await mysql.disableSideEffects(session);
    await mysql.lockAccounts(session);
    await using inApp = await open(server, "app");
    const plans = await scrub(inApp, omitted.includes("rebuild"));
    residue.push(...await purgeServer(session, plans, () => open(server), undefined, "files", steps));
  }
  const inAriaLog = (await marked(dataDir)).includes("Aria's log");
  await server.stop("clean");
  return { inAriaLog, marked: await marked(dataDir), residue };
}

Deno.test({
  name: "on MariaDB",
  ignore: !mysqlProducts.some(({ product }) => product === "MariaDB"),
  async fn(t) {
    await using folder = await makeProduction();

    await t.step("after scrub and purge no file of a stopped server holds an old value", async () => {
      const { inAriaLog, marked, residue } = await scrubCopy(folder, []);
      assertEquals({ inAriaLog, marked }, { inAriaLog: false, marked: [] });
      assertEquals(JSON.stringify(residue).includes(mark), false);
    });

    await t.step("the search finds old values without the steps for each place", async () => {
      const omitted = ["rebuild", "log tables", "system tables", "Aria's log", "undo logs", "redo log"];
      assertEquals((await scrubCopy(folder, omitted)).marked, [
        "Aria's log",
        "log tables",
        "redo",
        "system tables",
        "tables",
        "undo",
      ]);
    });
  },
});
