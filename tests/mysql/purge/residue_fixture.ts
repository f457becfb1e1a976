/** Production with marks everywhere, its scrub with parts left out, and a byte search over what is left on disk. @module */

import type { Residue, Session, TableChange, TablePlan } from "../../../lib/engine/engine.ts";
import { findColumn, type Schema } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { dropHistograms } from "../../../lib/mysql/purge/histograms.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { purgeServer, purgeSteps } from "../../../lib/mysql/purge/purge_server.ts";
import type { PurgeStep } from "../../../lib/mysql/purge/purge_step.ts";
import { copyFolder, type Folder, temporaryFolder } from "../../../scripts/local_rds/folder.ts";
import { startMysql } from "../../../scripts/local_rds/mysql_server.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { bytesAsText } from "../../fixtures/bytes_as_text.ts";
import { master, type TestServer } from "../../servers.ts";
import { open, tableOf } from "../fixture.ts";

/** What every sensitive value holds. Letters only, so that a full-text index has it as a word. */
export const mark = "zmarkzmark";

const settings = {
  "innodb-doublewrite": "ON",
  "innodb-change-buffering": "all",
  "innodb-redo-log-capacity": "8M",
};

/** Smaller than the indexes of `contacts`, so that the server buffers changes of them, and flushes pages for want of room. */
const productionPool = "8M";

/** Small enough for the purge to fill it. */
const smallPool = "32M";

/** More than the purge fills. */
export const largePool = "600M";

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
  // Its indexes' order is another one than its rows'.
  "CREATE TABLE contacts (id int PRIMARY KEY, name varchar(80), town varchar(80), KEY by_name (name), KEY by_town (town))",
  "CREATE TABLE visits (name varchar(200) PRIMARY KEY, note varchar(200)) ENGINE=InnoDB",
  // Two values of one row spell the mark side by side, and one of them moves.
  "CREATE TABLE moved (id int PRIMARY KEY, owner varchar(80), v varchar(80))",
  "CREATE TABLE terms (id int PRIMARY KEY, word varchar(500))",
  "CREATE TABLE visitors (id int PRIMARY KEY, note varchar(500), KEY by_note (note))",
  "CREATE TABLE isam_visitors (id int PRIMARY KEY, note varchar(500), KEY by_note (note(100))) ENGINE=MyISAM",
];

/** Rows of `contacts` to begin with, and of each session of production. */
const busy = { contacts: 40_000, sessions: 6, transactions: 400 };

/** Small transactions, one after the other. Each session has rows of its own, so none waits. */
const day = `CREATE PROCEDURE a_day (who int, mark varchar(20)) BEGIN
    DECLARE i int DEFAULT 0;
    DECLARE at int;
    WHILE i < ${busy.transactions} DO
      SET at = 1 + (i * 997 * ${busy.sessions}) MOD (${busy.contacts} - 100) + who;
      START TRANSACTION;
      INSERT INTO visits VALUES (CONCAT(SHA2(CONCAT(who, '-', i), 256), ' ', mark), mark);
      UPDATE contacts SET name = CONCAT(SHA2(CONCAT(name, i), 224), mark) WHERE id = at;
      COMMIT;
      UPDATE people SET note = CONCAT(mark, ' in transaction ', i) WHERE id = 1 + (i * ${busy.sessions}) MOD 380 + who;
      DELETE FROM contacts WHERE id = at + ${busy.sessions};
      INSERT INTO contacts VALUES (${busy.contacts} + 1 + i * ${busy.sessions} + who, CONCAT(SHA2(i * 7 + who, 224), mark),
        CONCAT(SHA2(i * 13 + who, 224), mark));
      SET i = i + 1;
    END WHILE;
  END`;

/** Which is not at its end when the server stops; the next one undoes it. The lock tells that the rows are changed. */
const unfinished =
  "START TRANSACTION; UPDATE contacts SET town = CONCAT(town, '!') WHERE id < 2000; DO GET_LOCK('changed', 0); DO SLEEP(60)";

const rows = 400;
const text = `CONCAT('${mark} number ', n, ' ', REPEAT('and so on ', 20), '${mark}')`;
const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})`;
const fill = [
  `INSERT INTO people (name, note, body) ${numbers} SELECT CONCAT('${mark}', n), ${text}, REPEAT(${text}, 40) FROM numbers`,
  `INSERT INTO moved ${numbers} SELECT n, IF(n = 150, 'owner zmark', CONCAT('owner ', n)), IF(n = 150, 'zmark value', CONCAT('value ', n))
    FROM numbers`,
  `INSERT INTO few ${numbers} SELECT n, IF(n MOD 50 = 0, ${text}, 'open') FROM numbers`,
  `INSERT INTO going ${numbers} SELECT n, n, ${text} FROM numbers`,
  ...["triggered", "old_isam", "shared", "words", "isam_words", "visitors", "isam_visitors"].map((table) =>
    `INSERT INTO ${table} ${numbers} SELECT n, ${text} FROM numbers`
  ),
  `INSERT INTO dropped ${numbers} SELECT n, ${text}, 'open' FROM numbers`,
  `SET SESSION cte_max_recursion_depth = ${busy.contacts};
    INSERT INTO contacts WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${busy.contacts})
    SELECT n, CONCAT(SHA2(n, 224), '${mark}'), CONCAT(SHA2(n + 0.5, 224), '${mark}') FROM numbers`,
  "ALTER TABLE dropped DROP COLUMN secret, ALGORITHM=INSTANT",
  // What a day of production leaves.
  `UPDATE people SET note = CONCAT(note, ' again') WHERE id MOD 7 = 0`,
  `DELETE FROM people WHERE id MOD 11 = 0 AND id NOT IN (SELECT people_id FROM going WHERE people_id IS NOT NULL)`,
  "UPDATE triggered SET note = CONCAT(note, ' again') WHERE id MOD 7 = 0",
  ...["words", "isam_words"].flatMap((
    table,
  ) => [`UPDATE ${table} SET note = 'fine' WHERE id MOD 3 = 0`, `DELETE FROM ${table} WHERE id MOD 3 > 0`]),
  "ANALYZE TABLE people UPDATE HISTOGRAM ON note, body WITH 1024 BUCKETS",
  "ANALYZE TABLE visitors UPDATE HISTOGRAM ON note WITH 1024 BUCKETS",
  // A histogram outlives the rows that it was made of.
  `INSERT INTO terms ${numbers} SELECT n, ${text} FROM numbers`,
  "ANALYZE TABLE terms UPDATE HISTOGRAM ON word WITH 1024 BUCKETS",
  "TRUNCATE terms",
  // The one table of the server's own that a master user may write.
  `INSERT INTO sys.sys_config (variable, value) VALUES ('gone', '${mark} of a setting')`,
  "DELETE FROM sys.sys_config WHERE variable = 'gone'",
];

/** In a query of their own: after ANALYZE, the server logs no more statements of the same one. */
const logged = [
  "SET GLOBAL slow_query_log = 1, GLOBAL general_log = 1, SESSION long_query_time = 0",
  `SELECT COUNT(*) FROM people WHERE name = '${mark}1'`,
  "SET GLOBAL slow_query_log = 0, GLOBAL general_log = 0",
];

/**
 * A data directory of production as a snapshot holds it: from a running server, after small transactions of several sessions, a
 * table that was dropped, and a transaction that was not at its end.
 */
export async function makeProduction(): Promise<Folder> {
  const folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  {
    await using server = await start(dataDir, productionPool);
    await makeRdsLike(server, master);
    await server.run("CREATE DATABASE app CHARACTER SET utf8mb4");
    await server.run([...tables, ...fill].join(";\n"), "app");
    await server.run(logged.join(";\n"), "app");
    await server.stop("clean");
  }
  // What an index of a table that was just filled needs is in the buffer pool; after a start it is not.
  await using server = await start(dataDir, productionPool);
  await server.run(day, "app");
  await Promise.all(
    Array.from({ length: busy.sessions }, (_, who) => server.run(`CALL a_day(${who}, '${mark}')`, "app")),
  );
  await server.run("DROP TABLE visits; DROP PROCEDURE a_day", "app");
  const transaction = server.run(unfinished, "app").catch(() => {});
  while (!await holdsLock(server));
  await server.stop("now");
  await transaction;
  return folder;
}

async function holdsLock(server: TestServer): Promise<boolean> {
  const [row] = await server.run(
    "SELECT IS_USED_LOCK('changed') IS NOT NULL AS held FROM (SELECT SLEEP(0.05)) AS waited",
  );
  return Number(row?.held) === 1;
}

async function start(dataDir: string, pool: string): Promise<TestServer> {
  return { ...await startMysql({ dataDir, settings: { ...settings, "innodb-buffer-pool-size": pool } }), master };
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

/** What a scrub of a copy of production came to. */
export interface Scrubbed {
  readonly marked: Marked;
  readonly residue: readonly Residue[];
}

/** How many pages of 16 KiB hold marks, by where they are; places without any are left out. */
export type Marked = Readonly<Record<string, number>>;

/** Scrubs a copy of production on a server with so much of a buffer pool. */
export async function scrubCopy(production: Folder, omitted: Omission, pool: string = smallPool): Promise<Scrubbed> {
  await using folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  await copyFolder(`${production.path}/data`, dataDir);
  await using server = await start(dataDir, pool);
  let residue: readonly Residue[];
  {
    await using session = await open(server, "app");
    const plans = await scrub(session, omitted);
    await using maintenance = await open(server);
    const kept = purgeSteps.filter(({ purge: { name } }) => !omitted.purge?.includes(name));
    residue = await purgeServer(maintenance, plans, () => open(server), undefined, "files", kept);
  }
  await server.stop("clean");
  return { marked: await countMarked(dataDir), residue };
}

async function scrub(session: Session, { rebuild, copy }: Omission): Promise<readonly TablePlan[]> {
  await mysql.openScratch(session);
  const read = await mysql.schema(session);
  const schema = copy ? { ...read, tables: read.tables.map(inPlace) } : read;
  const plans = (await changes(session, schema)).map((change) => mysql.plan(change, schema));
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

async function changes(session: Session, schema: Schema): Promise<readonly TableChange[]> {
  const everyRow = ["people", "triggered", "old_isam", "shared", "contacts"].map((name): TableChange => {
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
  const moved = tableOf(schema, "moved");
  const v = findColumn(moved, "v");
  if (!v) throw new TypeError("the table moved has no column v");
  const shuffled = mysql.scratch("app", "shuffled", moved);
  const shuffle = { table: moved, column: v, among: trusted("TRUE"), order: trusted("SHA2(id, 256)") };
  for (const step of mysql.fillShuffled(shuffled, shuffle)) await session.run(step);
  const note = findColumn(few, "note");
  return [
    ...everyRow,
    { table: few, columns: note ? [{ column: note, newValue: trusted("'new'"), onlyKeys: only }] : [] },
    { table: moved, columns: [{ column: v, newValue: mysql.shuffledOf(shuffled), shuffled: true }] },
    { table: going, columns: [], deletedKeys: gone },
    { table: tableOf(schema, "dropped"), columns: [] },
    ...["words", "isam_words"].map((name) => ({ table: tableOf(schema, name), columns: [], mayHoldOldRows: true })),
    { table: tableOf(schema, "terms"), columns: [] },
    ...["visitors", "isam_visitors"].map((name): TableChange => ({
      table: tableOf(schema, name),
      columns: [],
      truncated: true,
    })),
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
  ["sys", /\/sys\//],
];

const page = 16_384;

async function countMarked(folder: string): Promise<Marked> {
  const counts: Record<string, number> = {};
  for (const path of await filesIn(folder)) {
    const place = places.find(([, pattern]) => pattern.test(path))?.[0] ?? path.slice(folder.length);
    for (const at of markedPages(await Deno.readFile(path))) {
      const here = path.endsWith("_1.dblwr") && at < roomy ? wantOfRoom : place;
      counts[here] = (counts[here] ?? 0) + 1;
    }
  }
  return counts;
}

/** The place that the purge is known not to reach. */
export const wantOfRoom = "doublewrite, for want of room";

/** Pages of it, the first of the second file: two batches of 128. */
const roomy = 256;

/** All files of a folder and those below. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesIn(`${folder}/${name}`));
    if (isFile) found.push(`${folder}/${name}`);
  }
  return found;
}

/** Numbers of pages. Marks in a row overlap. */
function markedPages(bytes: Uint8Array): ReadonlySet<number> {
  return new Set(bytesAsText(bytes).matchAll(/zmark(?=zmark)/gi).map(({ index }) => Math.floor(index / page)));
}
