/** What reading ahead reads of real servers' files, and how often a run reads its tables. @module */

import { assert, assertEquals } from "@std/assert";
import type { Session, StoragePart } from "../../lib/engine/engine.ts";
import { pollUntil } from "../../lib/core/pause.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { scrubDatabase } from "../../lib/scrub/execute/scrub_database.ts";
import { prepareLeakSearch } from "../../lib/scrub/leak_search/leak_search.ts";
import { email, keep, lorem, name } from "../../lib/scrub/rules/strategies.ts";
import { verify } from "../../lib/scrub/verify/verify.ts";
import { readPieces } from "../../lib/scrub/parallel/read_pieces.ts";
import { startMysql } from "../../scripts/local_rds/mysql_server.ts";
import { startPostgresql } from "../../scripts/local_rds/postgresql_server.ts";
import { makeRdsLike } from "../../scripts/local_rds/rds_like.ts";
import { temporaryFolder } from "../../scripts/local_rds/folder.ts";
import { master, type TestServer } from "../servers.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  leakOptions,
  never,
  planFixture,
  scrubberOf,
  silent,
  targetOf,
  testKey,
  workspaceWith,
} from "../scrub/scrub_fixture.ts";

const mb = 2 ** 20;
const database = "app";

const rows = 5000;

/**
 * For the values that only their structure accounts for, for those that go, and in what is kept. On MySQL those that are no token are
 * read once more.
 */
const readings = { postgresql: 3, mysql: 4 };

/** 5,000 short rows with two indexes, and 400 values of 40 kB, which lie outside of their rows. */
const objects = {
  postgresql: `
    CREATE TABLE people (id serial PRIMARY KEY, email varchar(200) NOT NULL, name varchar(100), body text, note text, seen timestamp);
    INSERT INTO people (email, name, body, note)
      SELECT 'person' || i || '@example.net', 'Name ' || i, repeat('text ' || i || ' ', 30), 'said in public'
      FROM generate_series(1, ${rows}) i;
    CREATE INDEX by_email ON people (email);
    CREATE TABLE letters (id serial PRIMARY KEY, body text NOT NULL);
    ALTER TABLE letters ALTER body SET STORAGE EXTERNAL;
    INSERT INTO letters (body) SELECT repeat('lorem ipsum ', 3300) FROM generate_series(1, 400) i;
    ANALYZE people; ANALYZE letters`,
  mysql: `
    SET SESSION cte_max_recursion_depth = 100000;
    CREATE TABLE people (id int AUTO_INCREMENT PRIMARY KEY, email varchar(200) NOT NULL, name varchar(100), body text, note text,
      seen timestamp NULL, KEY by_email (email));
    INSERT INTO people (email, name, body, note) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      SELECT CONCAT('person', i, '@example.net'), CONCAT('Name ', i), REPEAT(CONCAT('text ', i, ' '), 30), 'said in public' FROM n;
    CREATE TABLE letters (id int AUTO_INCREMENT PRIMARY KEY, body mediumtext NOT NULL);
    INSERT INTO letters (body) SELECT REPEAT('lorem ipsum ', 3300) FROM people WHERE id <= 400;
    ANALYZE TABLE people, letters`,
};

for (const engineName of engineNames) {
  const engine = engineNamed(engineName);
  const folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  const start = () => engineName === "mysql" ? startMysql({ dataDir }) : startPostgresql({ dataDir });
  let server: TestServer = { ...await start(), master };
  await makeRdsLike(server, master, engineName === "mysql" ? [] : ["application"]);
  await createTestDatabase(server, engineName, database, objects[engineName]);
  Deno.test.afterAll(async () => {
    await server.stop("now");
    await folder[Symbol.asyncDispose]();
  });

  const open = async () => {
    const session = await engine.open(targetOf(server, database), testKey(), never);
    await engine.prepare(session);
    return session;
  };

  /** Bytes that are read while one part of these tables is read ahead, and how many its pieces stand for. */
  const readAhead = async (part: StoragePart, tables: readonly string[]) => {
    await using session = await open();
    await engine.openScratch(session);
    const before = await engine.bytesRead(session);
    const wanted = (await engine.schema(session)).tables.filter(({ id }) => tables.includes(id));
    let ofPieces = 0;
    {
      await using storage = await engine.storagePieces(session, wanted, part);
      const options = { readers: 3, untilFast: false, open, now: () => performance.now(), onProgress: () => {} };
      ({ bytes: ofPieces } = await readPieces(storage.pieces, options));
    }
    await engine.closeScratch(session);
    // PostgreSQL counts what a session read when that has ended.
    const bytes = async () => await engine.bytesRead(session) - before;
    await pollUntil(async () => await bytes() > 0.95 * ofPieces, 5000, 50);
    return { bytes: await bytes(), ofPieces };
  };

  Deno.test(`${engineName}: rows with the values outside of them, and indexes are read ahead, which leaves nothing behind`, async () => {
    await using session = await open();
    const before = (await engine.inventory(session)).objects;
    await server.stop("clean"); // nothing of its data is in memory
    server = { ...await start(), master };
    for (const [part, least] of [["rows", 15 * mb], ["indexes", mb / 8]] as const) {
      const { bytes, ofPieces } = await readAhead(part, ["people", "letters"]);
      assert(ofPieces > least, `the pieces of ${part} are only ${ofPieces} bytes`);
      assert(bytes > 0.9 * ofPieces && bytes < ofPieces + 6 * mb, `${part}: ${bytes} of ${ofPieces} bytes were read`);
    }
    await using after = await open();
    assertEquals((await engine.inventory(after)).objects, before);
  });

  /** How often every row of a table has been read so far. */
  const readingsOf = async (table: string, session?: Session): Promise<number> => {
    if (engineName === "postgresql") await session?.query(trusted("SELECT pg_stat_force_next_flush()"));
    const [row] = await server.run(
      engineName === "mysql"
        ? `SELECT SUM(count_fetch) AS rows_read FROM performance_schema.table_io_waits_summary_by_table
          WHERE object_schema = '${database}' AND object_name = '${table}'`
        : `SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows_read FROM pg_stat_user_tables WHERE relname = '${table}'`,
      database,
    );
    return Number(row?.["rows_read"]) / rows;
  };

  Deno.test(`${engineName}: a run reads a table ${readings[engineName]} times before its rewrite, and once after it`, async () => {
    const people = { columns: { email: email(), name: name(), body: lorem(), note: keep("said in public") } };
    const scrubber = scrubberOf(engineName, { people });
    const filled = await readingsOf("people");
    await using opened = await planFixture(server, engineName, database, scrubber);
    const { session } = opened;
    const searched = await prepareLeakSearch([opened.planned], [], leakOptions(), silent);
    const before = await readingsOf("people", session) - filled;
    assert(Math.abs(before - readings[engineName]) < 0.1, `read ${before} times before its rewrite`);
    const [planned] = searched.planned;
    assert(planned);
    const scrubbed = await scrubDatabase(planned, testKey(), 1, silent, never);
    const rewritten = await readingsOf("people", session);
    await verify(workspaceWith(database), [scrubbed], silent);
    const after = await readingsOf("people", session) - rewritten;
    assert(after > 0.9 && after < 1.1, `read ${after} times after its rewrite`);
  });
}
