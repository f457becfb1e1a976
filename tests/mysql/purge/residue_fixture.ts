/** Production with marks everywhere, its scrub with parts left out, and a byte search over what is left on disk. @module */

import type { Session, TableChange, TablePlan } from "../../../lib/engine/engine.ts";
import { findColumn, type Schema } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { dropHistograms } from "../../../lib/mysql/purge/histograms.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { purgeServer, type PurgeStep, purgeSteps } from "../../../lib/mysql/purge/purge_server.ts";
import { copyFolder, type Folder, temporaryFolder } from "../../../scripts/local_rds/folder.ts";
import { startMysql } from "../../../scripts/local_rds/mysql_server.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { master, type TestServer } from "../../servers.ts";
import { open, tableOf } from "../fixture.ts";

/** What every sensitive value holds. Letters only, so that a full-text index has it as a word. */
export const mark = "zmarkzmark";

const settings = { "innodb-doublewrite": "ON", "innodb-change-buffering": "none" };

/** Tables, each for another source of residue. The marks of `kept` stay. */
const tables = [
  `CREATE TABLE people (id int AUTO_INCREMENT PRIMARY KEY, name varchar(200), note text, body mediumtext,
    UNIQUE KEY by_name (name), KEY by_note (note(80)), FULLTEXT KEY words (note))`,
  "CREATE TABLE few (id int PRIMARY KEY, note varchar(500), KEY by_note (note))",
  "CREATE TABLE going (id int PRIMARY KEY, people_id int, note varchar(500), FOREIGN KEY (people_id) REFERENCES people (id))",
  "CREATE TABLE triggered (id int PRIMARY KEY, note varchar(500), KEY by_note (note))",
  "CREATE DEFINER=rdsadmin@localhost TRIGGER of_rds BEFORE INSERT ON triggered FOR EACH ROW SET NEW.id = NEW.id",
  "CREATE TABLE dropped (id int PRIMARY KEY, secret varchar(500), open varchar(50))",
  "CREATE TABLE old_isam (id int PRIMARY KEY, note varchar(500), KEY by_note (note(100))) ENGINE=MyISAM",
  "CREATE TABLE shared (id int PRIMARY KEY, note varchar(500)) TABLESPACE innodb_system",
  "CREATE TABLE words (id int PRIMARY KEY, note varchar(500), KEY by_note (note))",
  "CREATE TABLE isam_words (id int PRIMARY KEY, note varchar(500)) ENGINE=MyISAM",
];

const rows = 400;
const text = `CONCAT('${mark} number ', n, ' ', REPEAT('and so on ', 20), '${mark}')`;
const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})`;
const fill = [
  `INSERT INTO people (name, note, body) ${numbers} SELECT CONCAT('${mark}', n), ${text}, REPEAT(${text}, 40) FROM numbers`,
  `INSERT INTO few ${numbers} SELECT n, IF(n MOD 50 = 0, ${text}, 'open') FROM numbers`,
  `INSERT INTO going ${numbers} SELECT n, n, ${text} FROM numbers`,
  ...["triggered", "old_isam", "shared", "words", "isam_words"].map((table) =>
    `INSERT INTO ${table} ${numbers} SELECT n, ${text} FROM numbers`
  ),
  `INSERT INTO dropped ${numbers} SELECT n, ${text}, 'open' FROM numbers`,
  "ALTER TABLE dropped DROP COLUMN secret, ALGORITHM=INSTANT",
  // What a day of production leaves.
  `UPDATE people SET note = CONCAT(note, ' again') WHERE id MOD 7 = 0`,
  `DELETE FROM people WHERE id MOD 11 = 0 AND id NOT IN (SELECT people_id FROM going WHERE people_id IS NOT NULL)`,
  "UPDATE triggered SET note = CONCAT(note, ' again') WHERE id MOD 7 = 0",
  ...["words", "isam_words"].flatMap((
    table,
  ) => [`UPDATE ${table} SET note = 'fine' WHERE id MOD 3 = 0`, `DELETE FROM ${table} WHERE id MOD 3 > 0`]),
  "ANALYZE TABLE people UPDATE HISTOGRAM ON note, body WITH 1024 BUCKETS",
];

/** In a query of their own: after ANALYZE, the server logs no more statements of the same one. */
const logged = [
  "SET GLOBAL slow_query_log = 1, GLOBAL general_log = 1, SESSION long_query_time = 0",
  `SELECT COUNT(*) FROM people WHERE name = '${mark}1'`,
  "SET GLOBAL slow_query_log = 0, GLOBAL general_log = 0",
];

/** A data directory of production, its server stopped cleanly. */
export async function makeProduction(): Promise<Folder> {
  const folder = await temporaryFolder();
  await using server = await start(`${folder.path}/data`);
  await makeRdsLike(server, master);
  await server.run("CREATE DATABASE app CHARACTER SET utf8mb4");
  await server.run([...tables, ...fill].join(";\n"), "app");
  await server.run(logged.join(";\n"), "app");
  await server.stop("clean");
  return folder;
}

async function start(dataDir: string): Promise<TestServer> {
  return { ...await startMysql({ dataDir, settings }), master };
}

/** What a run leaves out. */
export interface Omission {
  /** Steps of the server's purge. */
  readonly purge?: readonly PurgeStep["name"][];
  /** Rebuilds, of tables changed in place and of those with instant changes. */
  readonly rebuild?: true;
  /** Every table is changed in place. */
  readonly copy?: true;
}

/** Marks by where they are, after a scrub of a copy of production; places without any are left out. */
export async function scrubCopy(production: Folder, omitted: Omission): Promise<Readonly<Record<string, number>>> {
  await using folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  await copyFolder(`${production.path}/data`, dataDir);
  await using server = await start(dataDir);
  {
    await using session = await open(server, "app");
    const plans = await scrub(session, omitted);
    await using maintenance = await open(server);
    const kept = purgeSteps.filter(({ name }) => !omitted.purge?.includes(name));
    await purgeServer(maintenance, plans, kept);
  }
  await server.stop("clean");
  return await countMarks(dataDir);
}

async function scrub(session: Session, { rebuild, copy }: Omission): Promise<readonly TablePlan[]> {
  await mysql.openScratch(session);
  const read = await mysql.schema(session);
  const schema = copy ? { ...read, tables: read.tables.map(inPlace) } : read;
  const plans = (await fates(session, schema)).map((fate) => mysql.plan(fate, schema));
  for (const { shape, steps } of plans) {
    for (const step of steps) {
      if (rebuild && shape !== "copy-swap" && step.label.startsWith("rebuild")) continue;
      await session.run(step);
    }
  }
  await mysql.closeScratch(session);
  await dropHistograms(session, schema, plans);
  return plans;
}

function inPlace(table: Schema["tables"][number]): Schema["tables"][number] {
  return table.mysql === undefined ? table : { ...table, mysql: { ...table.mysql, obstacles: ["a test says so"] } };
}

async function fates(session: Session, schema: Schema): Promise<readonly TableChange[]> {
  const everyRow = ["people", "triggered", "old_isam", "shared"].map((name): TableChange => {
    const table = tableOf(schema, name);
    const changed = table.columns.filter(({ kind }) => kind === "text");
    return { table, columns: changed.map((column) => ({ column, newValue: trusted("CONCAT('new ', id)") })) };
  });
  const few = tableOf(schema, "few");
  const only = mysql.scratch("app", "few", few);
  const going = tableOf(schema, "going");
  const gone = mysql.scratch("app", "gone", going);
  const fill = [
    ...mysql.fillScratch(only, trusted("SELECT id FROM few WHERE note <> 'open'")),
    ...mysql.fillScratch(gone, trusted("SELECT id FROM going")),
  ];
  for (const step of fill) await session.run(step);
  const note = findColumn(few, "note");
  return [
    ...everyRow,
    { table: few, columns: note ? [{ column: note, newValue: trusted("'new'"), onlyKeys: only }] : [] },
    { table: going, columns: [], deletedKeys: gone },
    { table: tableOf(schema, "dropped"), columns: [] },
    ...["words", "isam_words"].map((name) => ({ table: tableOf(schema, name), columns: [], mayHoldOldRows: true })),
  ];
}

/** Places by what a file's path looks like. */
const places: readonly (readonly [place: string, path: RegExp])[] = [
  ["redo", /#innodb_redo\//],
  ["doublewrite", /\.dblwr$/],
  ["undo", /\/undo_\d+$/],
  ["ibdata1", /\/ibdata1$/],
  ["dictionary", /\/mysql\.ibd$/],
  ["log tables", /\/(slow|general)_log/],
  ["tables", /\/app\//],
];

async function countMarks(folder: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const path of await filesIn(folder)) {
    const found = occurrences(await Deno.readFile(path));
    if (found === 0) continue;
    const place = places.find(([, pattern]) => pattern.test(path))?.[0] ?? path.slice(folder.length);
    counts[place] = (counts[place] ?? 0) + found;
  }
  return counts;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesIn(`${folder}/${name}`));
    if (isFile) found.push(`${folder}/${name}`);
  }
  return found;
}

function occurrences(bytes: Uint8Array): number {
  // Bytes as letters one to one: quick, and a mark is ASCII.
  return new TextDecoder("latin1").decode(bytes).toLowerCase().split(mark).length - 1;
}
