/** A PostgreSQL with a mark in everything that can keep an old value, and the way of a run over it. @module */

import type { Residue, Session, Step } from "../../../lib/engine/engine.ts";
import type { Sql } from "../../../lib/engine/sql.ts";
import { column, onlyIn, sql } from "../../../lib/scrub/rules/definition.ts";
import type { Definition, Scrubber } from "../../../lib/scrub/rules/definition.ts";
import { constant, email, lorem, setNull, shuffle, template, truncate } from "../../../lib/scrub/rules/strategies.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { planDatabase } from "../../../lib/scrub/plan/plan_database.ts";
import { execute } from "../../../lib/scrub/execute/execute.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { startPostgresql } from "../../../scripts/local_rds/postgresql_server.ts";
import type { Server } from "../../../scripts/local_rds/server.ts";
import { coverRuled, dataTime, never, silent, testKey } from "../../scrub/scrub_fixture.ts";
import { bytesAsText } from "../../fixtures/bytes_as_text.ts";
import { master } from "../../servers.ts";
import { largeTables } from "../fixture.ts";

/** What no file may hold afterwards, in letters of any case. */
const mark = /zmark/gi;
/** A bigint whose bytes are the mark's, the last one first. */
const bytesOfMark = BigInt(`0x${[..."zmark"].reverse().map((letter) => letter.charCodeAt(0).toString(16)).join("")}`);
/** A text of so many bytes has a `k` for its header in a row: with the value before it, it spells the mark. */
const lengthForK = ("k".charCodeAt(0) >> 1) - 1;
const database = "app_production";
const settings = {
  shared_preload_libraries: "pg_stat_statements",
  max_prepared_transactions: "4",
  wal_level: "logical",
};

/**
 * Every row changes; a row whose two values spell the mark side by side, of which one moves; few rows; a view forbids the pass; rows go; all rows go; tables are truncated; partitions; a dropped column alone, of text or of eight
 * bytes that spell the mark in a table that has nothing but structure else; nothing but rows that production changed or deleted.
 */
const tables = `
  CREATE TABLE people (id int PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(80), body text);
  CREATE INDEX ON people (upper(email)); CREATE INDEX ON people (lower(name));
  INSERT INTO people SELECT n, 'zmark' || n || '@private.example', 'Zmark Name ' || n, repeat('zmark body ' || n, 300)
    FROM generate_series(1, 400) n;
  CREATE STATISTICS together (mcv) ON email, name FROM people;
  CREATE TABLE notes (id int PRIMARY KEY, text text, open boolean);
  INSERT INTO notes SELECT n, CASE WHEN n % 50 = 0 THEN 'zmark ' ELSE 'free ' END || n, n % 50 <> 0 FROM generate_series(1, 2000) n;
  CREATE INDEX ON notes (text);
  CREATE TABLE shown (id int PRIMARY KEY, name text);
  INSERT INTO shown SELECT n, 'zmark ' || n FROM generate_series(1, 300) n;
  CREATE VIEW showing AS SELECT name FROM shown;
  CREATE MATERIALIZED VIEW counted AS SELECT name, count(*) FROM shown GROUP BY name;
  CREATE TABLE letters (id int PRIMARY KEY, old boolean, text text);
  INSERT INTO letters SELECT n, n % 2 = 0, CASE WHEN n % 2 = 0 THEN 'zmark ' ELSE 'new ' END || n FROM generate_series(1, 500) n;
  CREATE TABLE outbox (id int PRIMARY KEY, text text);
  INSERT INTO outbox SELECT n, 'zmark ' || n % 7 FROM generate_series(1, 500) n;
  CREATE STATISTICS sent (mcv) ON id, text FROM outbox;
  CREATE TABLE visitors (id int, text text, long text);
  INSERT INTO visitors SELECT n, 'zmark ' || n % 7, repeat('zmark long ' || n, 300) FROM generate_series(1, 500) n;
  CREATE TABLE moved (id int PRIMARY KEY, who text, v text);
  INSERT INTO moved SELECT n, CASE n WHEN 150 THEN 'owner zmar' ELSE 'owner ' || n END,
    CASE n WHEN 150 THEN repeat('v', ${lengthForK}) ELSE 'value ' || n END FROM generate_series(1, 300) n;
  CREATE TABLE rooms (id int PRIMARY KEY, text text);
  INSERT INTO rooms SELECT n, 'zmark ' || n % 7 FROM generate_series(1, 500) n;
  CREATE TABLE stays (id int PRIMARY KEY, room int REFERENCES rooms ON DELETE SET NULL);
  INSERT INTO stays SELECT n, n FROM generate_series(1, 500) n;
  CREATE TABLE visits (id int, at date, who text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
  CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
  INSERT INTO visits SELECT n, date '2026-01-01' + n % 360, 'zmark ' || n FROM generate_series(1, 300) n;
  CREATE TABLE members (id int PRIMARY KEY, note text, quiet text);
  INSERT INTO members SELECT n, 'fine', 'zmark ' || n FROM generate_series(1, 300) n;
  ALTER TABLE members DROP COLUMN quiet;
  CREATE TABLE calls (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, number bigint);
  INSERT INTO calls (number) SELECT ${bytesOfMark} FROM generate_series(1, 300);
  ALTER TABLE calls DROP COLUMN number;
  CREATE TABLE words (id int PRIMARY KEY, text text);
  INSERT INTO words SELECT n, 'zmark ' || n FROM generate_series(1, 300) n;
  CREATE TABLE words_by_year (id int, year int, text text, PRIMARY KEY (id, year)) PARTITION BY LIST (year);
  CREATE TABLE words_2026 PARTITION OF words_by_year FOR VALUES IN (2026);
  INSERT INTO words_by_year SELECT n, 2026, 'zmark ' || n FROM generate_series(1, 300) n;
  CREATE TABLE posts (id bigserial PRIMARY KEY, author int REFERENCES people, title varchar(90) NOT NULL, body text, gone text, at int);
  INSERT INTO posts (author, title, body, gone, at) SELECT 1 + n % 390, 'zmark ' || n, repeat('zmark post ' || n, 300), 'zmark gone', n
    FROM generate_series(1, 400) n;
  CREATE INDEX ON posts (title); CREATE INDEX ON posts (lower(body)) WHERE length(body) < 2000; ALTER TABLE posts DROP gone;
  CREATE TABLE terms (id int PRIMARY KEY, word text);
  INSERT INTO terms SELECT n, 'zmark ' || n % 7 FROM generate_series(1, 300) n`;

/** What changing rows left in production: dead rows in tables, indexes and catalogues, and statistics of rows that are gone. */
const history = `
  UPDATE people SET name = 'zmark other ' || id WHERE id % 3 = 0;
  UPDATE shown SET name = 'zmark later ' || id WHERE id % 3 = 0;
  DELETE FROM people WHERE id > 390;
  UPDATE posts SET title = 'zmark other ' || id WHERE id % 3 = 0;
  UPDATE words SET text = 'fine'; DELETE FROM words WHERE id > 100; DELETE FROM words_by_year;
  TRUNCATE terms; INSERT INTO terms VALUES (1, 'fine')`;

/** Objects that production has changed or dropped: their text lingers in catalogues. */
const formerObjects = `
  COMMENT ON TABLE notes IS 'zmark of a comment'; COMMENT ON TABLE notes IS 'fine';
  CREATE FUNCTION former() RETURNS text LANGUAGE sql AS $$SELECT 'zmark in a function'$$; DROP FUNCTION former();
  CREATE TYPE former AS ENUM ('zmark in a label'); DROP TYPE former;
  CREATE DOMAIN former AS text DEFAULT 'zmark in a domain'; DROP DOMAIN former;
  ALTER TABLE notes ADD COLUMN former text DEFAULT 'zmark in a default'; ALTER TABLE notes DROP COLUMN former`;

/** Small transactions of several sessions, each on rows of its own, and a table of names that is dropped. */
const day = `
  CREATE TABLE sessions (name text PRIMARY KEY, note text);
  CREATE PROCEDURE a_day (who int, mark text) LANGUAGE plpgsql AS $$
    BEGIN
      FOR turn IN 1 .. 300 LOOP
        INSERT INTO sessions VALUES (mark || who || '-' || turn, mark);
        UPDATE people SET body = mark || ' in transaction ' || turn WHERE id = 1 + (turn * 6 + who) % 390;
        COMMIT;
        UPDATE shown SET name = mark || ' now ' || turn WHERE id = 1 + (turn * 6 + who) % 300;
        DELETE FROM sessions WHERE name = mark || who || '-' || turn / 2;
        COMMIT;
      END LOOP;
    END $$`;
const sessions = 6;

/** Which is not at its end when the server stops. The lock tells that all was written; what is in memory then is another matter. */
const unfinished = `BEGIN; UPDATE people SET name = 'zmark unfinished ' || id;
  CREATE TABLE half AS SELECT n, 'zmark half ' || n AS note FROM generate_series(1, 20000) n;
  SELECT pg_advisory_lock(4711); SELECT pg_sleep(60)`;

function define(): Definition {
  return {
    selections: {
      closed: { of: "notes", where: sql`NOT ${column("open")}` },
      old: { of: "letters", where: sql`${column("old")}` },
      sent: { of: "outbox", where: sql`${column("id")} > 0` },
    },
    tables: {
      people: { columns: { email: email(), name: template("Person {id}"), body: setNull() } },
      notes: { columns: { text: onlyIn("closed", constant("closed")) } },
      shown: { columns: { name: template("shown {id}") } },
      letters: { deleteRows: "old", columns: {} },
      outbox: { deleteRows: "sent", columns: {} },
      visitors: truncate(),
      rooms: truncate(),
      visits: { columns: { who: setNull() } },
      moved: { columns: { v: shuffle() } },
      posts: { columns: { title: template("Post {id}"), body: lorem() } },
    },
  };
}

const scrubber: Scrubber = { name: "test", engine: "postgresql", summary: "For a test.", reviewed: [], define };

/**
 * A data directory of production as a snapshot holds it: from a running server, in the middle of a transaction. Gone with the
 * disposal.
 */
export async function production(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  await using undo = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "datascrubber-residue-" });
  undo.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.chmod(folder, 0o755);
  await using server = await startPostgresql({ dataDir: `${folder}/production`, settings });
  await makeRdsLike(server, master, ["app"]);
  await server.run(`CREATE DATABASE "${database}" OWNER app`);
  await server.run(`SET ROLE app; ${tables}`, database);
  await server.run("ANALYZE", database);
  await server.run(`SET ROLE app; ${history}; ${formerObjects}`, database);
  await server.run(
    `CREATE EXTENSION pg_stat_statements;
    GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO rds_superuser;
    SELECT lo_from_bytea(4711, 'zmark in a large object'); ALTER LARGE OBJECT 4711 OWNER TO app`,
    database,
  );
  await server.run(`SELECT 1 AS "zmark in a statement"`, database);
  await server.run(`SET ROLE app; ${day}`, database);
  const sessionsOfDay = Array.from(
    { length: sessions },
    (_, who) => server.run(`CALL a_day(${who}, 'zmark')`, database),
  );
  await Promise.all(sessionsOfDay);
  await server.run("DROP TABLE sessions; DROP PROCEDURE a_day", database);
  const transaction = server.run(unfinished, database).catch(() => {});
  while (!await holdsLock(server));
  await server.run("CHECKPOINT");
  await server.stop("now");
  await transaction;
  const owned = undo.move();
  return { folder, remove: async () => await owned.disposeAsync() };
}

async function holdsLock(server: Server): Promise<boolean> {
  const [row] = await server.run(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711) AS held FROM pg_sleep(0.05)",
  );
  return row?.held === true;
}

/** Which parts of a run are left out. */
export interface Without {
  /** Steps and queries whose label or text matches do not run. */
  readonly steps?: RegExp;
  /** What runs when all plans have. */
  readonly afterwards?: true;
  /** What is the server's. */
  readonly server?: true;
  /** The small sizes of tables: they count as so large that copies replace them. */
  readonly sizes?: true;
}

/** What a run came to. */
export interface Outcome {
  /** How many marks each kind of file holds. */
  readonly marks: ReadonlyMap<string, number>;
  readonly residue: readonly Residue[];
  /** Tables that copies replaced. */
  readonly copied: readonly string[];
}

/** Runs over a copy of production and stops the server cleanly. */
export async function runOver(folder: string, without: Without = {}): Promise<Outcome> {
  const dataDir = `${folder}/${crypto.randomUUID()}`;
  await copy(`${folder}/production`, dataDir);
  try {
    await using server = await startPostgresql({ dataDir, settings });
    const { residue, copied } = await run(server, without);
    const relations = await server.run(
      "SELECT pg_relation_filepath(oid) AS path FROM pg_class WHERE relkind IN ('r', 'i', 'S', 't', 'm')",
      database,
    );
    await server.stop("clean");
    return { marks: await countMarks(dataDir, relations.map(({ path }) => String(path))), residue, copied };
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** The phases of a run, as the pipeline has them. */
async function run(server: Server, without: Without): Promise<Omit<Outcome, "marks">> {
  const target = { host: server.host, port: server.port, ca: server.ca, ...master };
  await using sessions = new AsyncDisposableStack();
  const open = async (name: string): Promise<Session> =>
    lessen(sessions.use(await engine.open({ ...target, database: name }, testKey(), never)), without.steps);
  const maintenance = await open("postgres");
  await engine.disableSideEffects(maintenance);
  const session = await open(database);
  await engine.disableSideEffects(session);
  const undo = await engine.prepare(session);
  await session.query(engine.expressions.sql`SELECT pg_catalog.lo_unlink(4711)`);
  const covered = await coverRuled(without.sizes ? largeTables : engine, session, scrubber);
  const at = { ...target, database };
  const planned = await planDatabase(engine, session, at, scrubber, covered, dataTime);
  const inventory = await engine.inventory(session);
  for (const step of engine.dropObjects(inventory.objects)) await session.run(step);
  const plans = planned.plans.map((plan) => without.afterwards ? { ...plan, afterwards: [] } : plan);
  await execute(planned, plans, [await open(database), await open(database)], silent, never);
  for (const step of engine.refillObjects(inventory.objects)) await session.run(step);
  await engine.closeScratch(session);
  const residue = await engine.purge(session, planned.schema, plans);
  for (const step of undo.toReversed()) await session.run(step);
  if (!without.server) await engine.purgeServer(maintenance, plans, () => open("postgres"));
  return { residue, copied: plans.filter(({ shape }) => shape === "copy-swap").map(({ table }) => table.id) };
}

/** A session that leaves some statements out. */
function lessen(session: Session, out: RegExp | undefined): Session {
  if (!out) return session;
  const left = (text: string) => out.test(text);
  return {
    database: session.database,
    query: (statement: Sql) => left(statement.text) ? Promise.resolve([]) : session.query(statement),
    scan: (statement: Sql) => session.scan(statement),
    run: (step: Step) => left(step.label) ? Promise.resolve({ rows: 0 }) : session.run(step),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { mode: 0o700 });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Marks in files, by the folder that they lie in; files of the database that are none of `relations` are "orphaned". */
export async function countMarks(
  dataDir: string,
  relations: readonly string[] = [],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const folderOfDatabase = relations.find((path) => path.startsWith("base/"))?.replace(/[^/]+$/, "");
  async function look(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(`${dataDir}/${folder}`)) {
      const path = `${folder}${name}`;
      if (isDirectory) {
        await look(`${path}/`);
        continue;
      }
      const found = bytesAsText(await Deno.readFile(`${dataDir}/${path}`)).match(mark)?.length ?? 0;
      if (found === 0) continue;
      const orphaned = folder === folderOfDatabase && !relations.includes(path.replace(/[._][^/]*$/, ""));
      const kind = orphaned ? "orphaned" : path.replace(/\/.*/, "");
      counts.set(kind, (counts.get(kind) ?? 0) + found);
    }
  }
  await look("");
  return counts;
}
