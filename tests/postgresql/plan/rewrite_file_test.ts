/** Dead rows that somebody may still see, and statistics that ANALYZE leaves alone. @module */
import { assertEquals, assertRejects } from "@std/assert";
import type { Session } from "../../../lib/engine/engine.ts";
import { findTable, type Table } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { defaultLimits } from "../../../lib/postgresql/session/connection.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { open, pausesAfter } from "../../../lib/postgresql/session/session.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { applicationServer, asApplication, database, key, ownerSession, targetOf } from "../fixture.ts";

const server = await applicationServer(`
  CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t SELECT n, 'zmark' FROM generate_series(1, 100) n`);
const session: Session = await ownerSession(server);
const never = new AbortController().signal;
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

async function table(id: string): Promise<Table> {
  const found = findTable(await engine.schema(session), id);
  if (!found) throw new Error(`no table ${id}`);
  return found;
}

Deno.test("a rewrite that kept old rows for somebody is refused, and works when nobody is left", async () => {
  const found = await table("t");
  const { afterwards: [rewrite] = [] } = engine.plan(
    { table: found, deletedKeys: engine.scratch(database, "gone", found), columns: [] },
    await engine.schema(session),
  );
  if (!rewrite) throw new Error("no rewrite");
  await using reader = await open(targetOf(server), key, never);
  await reader.query(trusted("BEGIN ISOLATION LEVEL REPEATABLE READ"));
  await reader.query(trusted("SELECT count(*) AS n FROM pg_class"));
  await asApplication(server, "UPDATE t SET note = 'new'");
  await using impatient = await open(targetOf(server), key, never, { ...defaultLimits, again: [1] });
  await assertRejects(() => impatient.run(rewrite), ScrubError, "100 old rows remain");
  await reader.query(trusted("ROLLBACK"));
  await impatient.run(rewrite);
});

for (
  const [what, took, pauses] of [
    ["at once", 10, [50, 200, 1_000, 5_000]],
    ["within a moment", 100, [200, 1_000, 5_000]],
    ["in minutes", 100_000, [1_000, 5_000]],
  ] as const
) {
  Deno.test(`a rewrite that was done ${what} is tried again after ${pauses[0]} milliseconds first`, () => {
    assertEquals(pausesAfter(took, [50, 200, 1_000, 5_000]), pauses);
  });
}

Deno.test("truncating a table forgets what the catalogue has for its old rows", async () => {
  await asApplication(
    server,
    "CREATE TABLE o (id int); INSERT INTO o VALUES (1); ALTER TABLE o ADD note text DEFAULT 'zmark'; ALTER TABLE o ALTER note DROP DEFAULT",
  );
  const { steps, afterwards = [] } = engine.plan(
    { table: await table("o"), truncated: true, columns: [] },
    await engine.schema(session),
  );
  for (const step of [...steps, ...afterwards]) await session.run(step);
  const found = await session.query(trusted("SELECT attmissingval::text AS old FROM pg_attribute WHERE atthasmissing"));
  assertEquals(found, []);
});

async function samples(): Promise<string[]> {
  const rows = await session.query(trusted(
    `SELECT 'column ' || tablename || '.' || attname AS what FROM pg_stats
    WHERE schemaname = 'public' AND (most_common_vals::text ~ 'zmark' OR histogram_bounds::text ~ 'zmark')
    UNION ALL SELECT 'object ' || statistics_name FROM pg_stats_ext WHERE most_common_vals::text ~ 'zmark' ORDER BY 1`,
  ));
  return rows.map(({ what }) => String(what));
}

const stale: readonly (readonly [what: string, objects: string, seen: readonly string[]])[] = [
  [
    "an emptied table",
    `CREATE TABLE s (id int PRIMARY KEY, note text COLLATE "C"); ALTER TABLE s ALTER note SET STORAGE EXTERNAL;
    CREATE STATISTICS of_s (mcv) ON id, note FROM s; ALTER STATISTICS of_s SET STATISTICS 7;
    INSERT INTO s SELECT n % 3 + n, 'zmark' || n % 3 FROM generate_series(1, 99) n; ANALYZE s; DELETE FROM s`,
    ["column s.note", "object of_s"],
  ],
  [
    "an emptied table with an index over an expression",
    `CREATE TABLE s (id int PRIMARY KEY, note text); CREATE INDEX i ON s (lower(note));
    INSERT INTO s SELECT n, 'zmark' || n % 3 FROM generate_series(1, 99) n; ANALYZE s; DELETE FROM s`,
    ["column i.lower", "column s.note"],
  ],
  [
    "an emptied partitioned table",
    `CREATE TABLE s (id int PRIMARY KEY, note text) PARTITION BY RANGE (id); CREATE TABLE s_1 PARTITION OF s DEFAULT;
    INSERT INTO s SELECT n, 'zmark' || n % 3 FROM generate_series(1, 99) n; ANALYZE s; DELETE FROM s`,
    ["column s.note", "column s_1.note"],
  ],
  [
    "a column that ANALYZE passes over",
    `CREATE TABLE s (id int PRIMARY KEY, note text); INSERT INTO s SELECT n, 'zmark' || n % 3 FROM generate_series(1, 99) n;
    ANALYZE s; ALTER TABLE s ALTER note SET STATISTICS 0; UPDATE s SET note = 'new'`,
    ["column s.note"],
  ],
];

for (const [what, objects, seen] of stale) {
  Deno.test(`purge() clears the statistics of ${what}`, async () => {
    await asApplication(server, `DROP TABLE IF EXISTS s CASCADE; ${objects}`);
    assertEquals(await samples(), seen);
    const before = await table("s");
    const schema = await engine.schema(session);
    const gone = engine.scratch(database, "gone", before);
    await engine.purge(session, schema, [engine.plan({ table: before, deletedKeys: gone, columns: [] }, schema)]);
    assertEquals(await samples(), []);
    assertEquals((await table("s")).postgresql, before.postgresql);
  });
}

Deno.test("purge() refuses statistics of an emptied materialised view, unless the server can clear them", async () => {
  await asApplication(
    server,
    `DROP TABLE IF EXISTS s CASCADE; CREATE TABLE s (note text); INSERT INTO s SELECT 'zmark' FROM generate_series(1, 9);
    CREATE MATERIALIZED VIEW m AS SELECT note FROM s; ANALYZE m; DELETE FROM s; REFRESH MATERIALIZED VIEW m`,
  );
  const schema = await engine.schema(session);
  await assertRejects(
    () => engine.purge(session, { ...schema, version: 170000 }, []),
    ScrubError,
    "those of m.note still hold values of deleted rows",
  );
  if (schema.version >= 180000) await engine.purge(session, schema, []);
});
