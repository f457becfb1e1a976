/** The planner's samples that ANALYZE leaves as they are, also as a server before version 18 has to be rid of them. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Residue } from "../../../lib/engine/engine.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { awaitNoTemporarySamples } from "../../../lib/postgresql/purge/stale_statistics.ts";
import { applicationServer, asApplication, database, ownerSession, targetOf } from "../fixture.ts";

const server = await applicationServer();
Deno.test.afterAll(() => server.stop("now"));

/** Where anybody sees the mark in samples. */
async function places(of = database): Promise<readonly string[]> {
  const rows = await server.run(
    `SELECT DISTINCT tablename FROM (
      SELECT tablename::text, concat(most_common_vals, histogram_bounds, most_common_elems) AS held FROM pg_stats
      UNION ALL SELECT statistics_name::text, concat(most_common_vals) FROM pg_stats_ext
      UNION ALL SELECT statistics_name::text, concat(most_common_vals, histogram_bounds) FROM pg_stats_ext_exprs
    ) AS one WHERE held ILIKE '%zmark%' ORDER BY 1`,
    of,
  );
  return rows.map(({ tablename }) => String(tablename));
}

/** As purge() finds a database behind a scrub that changed no row: it has written anew what may hold old rows, or that was nothing. */
async function purgeAs(version: number, mayHoldOldRows = true): Promise<readonly Residue[]> {
  await using session = await ownerSession(server);
  const schema = { ...await engine.schema(session), version };
  const plans = mayHoldOldRows
    ? schema.tables.map((table) => engine.plan({ table, columns: [], mayHoldOldRows }, schema))
    : [];
  return await engine.purge(session, schema, plans);
}

const marks = "SELECT 'zmark ' || n % 3 FROM generate_series(1, 300) AS n";
const cases: readonly { readonly what: string; readonly make: string; readonly seen: readonly string[] }[] = [
  {
    what: "a table that inherited from one, and is gone",
    make: `CREATE TABLE words (word text, other text); CREATE STATISTICS pairs (mcv) ON word, other FROM words;
      CREATE TABLE old_words () INHERITS (words); INSERT INTO words VALUES ('fine', 'fine'), ('good', 'good');
      INSERT INTO old_words (word) ${marks}; ANALYZE words; DROP TABLE old_words`,
    seen: ["pairs", "words"],
  },
  {
    what: "a table's own rows, which are gone, while those of tables that inherit from it stay",
    make: `CREATE TABLE words (word text, other text); CREATE STATISTICS pairs (mcv) ON word, other FROM words;
      CREATE INDEX shouted ON words (upper(word)); CREATE TABLE more_words () INHERITS (words);
      INSERT INTO words SELECT 'zmark ' || n % 3, 'fine' FROM generate_series(1, 300) AS n; ANALYZE words; DELETE FROM ONLY words;
      INSERT INTO more_words VALUES ('fine', 'fine'), ('good', 'good')`,
    seen: ["pairs", "shouted", "words"],
  },
  {
    what: "rows that an index over an expression held, and that are gone",
    make: `CREATE TABLE words (word text, gone boolean); CREATE INDEX shouted ON words (upper(word)) WHERE gone;
      INSERT INTO words VALUES ('fine', false); INSERT INTO words (word) ${marks}; UPDATE words SET gone = true WHERE word <> 'fine';
      ALTER TABLE words ALTER word SET STATISTICS 0; ANALYZE words; DELETE FROM words WHERE gone;
      ALTER TABLE words ALTER word SET STATISTICS -1`,
    seen: ["shouted"],
  },
  {
    what: "rows that such an index of a partition held",
    make: `CREATE TABLE words (word text, gone boolean, at date) PARTITION BY RANGE (at);
      CREATE TABLE words_1 PARTITION OF words DEFAULT; CREATE INDEX shouted ON words_1 (upper(word)) WHERE gone;
      INSERT INTO words VALUES ('fine', false, '2026-01-01'); INSERT INTO words SELECT w, true, '2026-01-01' FROM (${marks}) AS m (w);
      ALTER TABLE words_1 ALTER word SET STATISTICS 0; ANALYZE words_1; DELETE FROM words WHERE gone;
      ALTER TABLE words_1 ALTER word SET STATISTICS -1`,
    seen: ["shouted"],
  },
  {
    what: "foreign keys of text, and what they reference, where all rows are gone",
    make: `CREATE TABLE words (word text PRIMARY KEY); CREATE TABLE uses (word text NOT NULL REFERENCES words);
      INSERT INTO words ${marks} ON CONFLICT DO NOTHING; INSERT INTO uses ${marks}; ANALYZE; DELETE FROM uses; DELETE FROM words`,
    seen: ["uses", "words"],
  },
  {
    what: "a column that a statistics object is over, and that ANALYZE passes over",
    make: `CREATE TABLE words (word text, other text); CREATE STATISTICS pairs (mcv) ON word, other FROM words;
      INSERT INTO words ${marks.replace("% 3", "% 3, 'fine'")}; ANALYZE words;
      DELETE FROM words; INSERT INTO words VALUES ('fine', 'fine'), ('fine', 'good'); ALTER TABLE words ALTER word SET STATISTICS 0`,
    seen: ["pairs", "words"],
  },
  {
    what: "comments and labels that are gone",
    make: `CREATE TABLE words (word text);
      DO $$ BEGIN FOR n IN 1..99 LOOP
        EXECUTE format('CREATE DOMAIN d%s AS text', n); EXECUTE format('COMMENT ON DOMAIN d%s IS %L', n, 'zmark');
      END LOOP; END $$;
      CREATE TYPE calm AS ENUM ('fine'); CREATE TYPE mood AS ENUM ('zmark 1', 'zmark 2', 'zmark 3');
      RESET ROLE; ANALYZE pg_description; ANALYZE pg_enum; SET ROLE app; DROP TYPE mood;
      DO $$ BEGIN FOR n IN 1..99 LOOP EXECUTE format('DROP DOMAIN d%s', n); END LOOP; END $$`,
    seen: ["pg_description", "pg_enum"],
  },
];

/** Of structure alone, which a run does not write anew. */
const untouched: typeof cases = [
  {
    what: "keys of rows that are gone, which a statistics object that ANALYZE passes over has as text",
    make:
      `CREATE TABLE counts (id bigserial PRIMARY KEY, seen boolean); CREATE STATISTICS pairs (mcv) ON ('zmark ' || id), seen FROM counts;
      INSERT INTO counts SELECT n, true FROM generate_series(1, 3) AS n; ANALYZE counts; DELETE FROM counts;
      ALTER STATISTICS pairs SET STATISTICS 0`,
    seen: ["pairs"],
  },
  {
    what: "keys of a table that inherited from one, and is gone",
    make:
      `CREATE TABLE counts (id bigserial PRIMARY KEY, seen boolean); CREATE STATISTICS pairs (mcv) ON ('zmark ' || id), seen FROM counts;
      CREATE TABLE old_counts () INHERITS (counts); INSERT INTO old_counts SELECT n, true FROM generate_series(1, 3) AS n;
      ANALYZE counts; DROP TABLE old_counts`,
    seen: ["pairs"],
  },
  {
    what: "labels of rows that are gone",
    make: `CREATE TYPE mark AS ENUM ('zmark 1', 'zmark 2'); CREATE TABLE counts (id bigserial PRIMARY KEY, seen mark);
      INSERT INTO counts (seen) SELECT 'zmark 1' FROM generate_series(1, 9); ANALYZE counts; DELETE FROM counts`,
    seen: ["counts"],
  },
];

const all = [
  ...cases.map((one) => ({ ...one, rewritten: true })),
  ...untouched.map((one) => ({ ...one, rewritten: false })),
];
for (const { what, make, seen, rewritten } of all) {
  for (const version of [180000, 170000]) {
    Deno.test(`purge() leaves no samples of ${what}, on version ${version / 10000}`, async () => {
      await asApplication(server, make);
      const before = await places();
      await purgeAs(version, rewritten);
      const after = await places();
      await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
      assertEquals([before, after], [seen, []]);
    });
  }
}

Deno.test("prepare() lets purge() see samples that an owner hides from itself, and its steps hide them again", async () => {
  await asApplication(
    server,
    `CREATE TABLE words (word text, other text); CREATE STATISTICS pairs (mcv) ON word, other FROM words;
    INSERT INTO words ${marks.replace("% 3", "% 3, 'fine'")}; ANALYZE words; DELETE FROM words;
    REVOKE SELECT ON words FROM app; GRANT SELECT (other) ON words TO app`,
  );
  const rights =
    "SELECT relacl::text, attname, attacl::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid " +
    "WHERE relname = 'words' AND attnum > 0 ORDER BY attnum";
  const granted = await server.run(rights, database);
  const before = await places();
  await using session = await ownerSession(server);
  const undo = await engine.prepare(session, "database");
  const schema = { ...await engine.schema(session), version: 170000 };
  await engine.purge(
    session,
    schema,
    schema.tables.map((table) => engine.plan({ table, columns: [], mayHoldOldRows: true }, schema)),
  );
  for (const step of undo) await session.run(step);
  const after = await places();
  const left = await server.run(rights, database);
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertEquals([before, after, left], [["pairs", "words"], [], granted]);
});

Deno.test("purge() refuses samples of rows that are gone from a table that takes none of its own any more", async () => {
  await asApplication(
    server,
    `CREATE TABLE words (word text); CREATE TABLE more_words () INHERITS (words); INSERT INTO words ${marks}; ANALYZE words;
    DELETE FROM ONLY words; ALTER TABLE words ADD CONSTRAINT hollow CHECK (false) NO INHERIT; INSERT INTO more_words VALUES ('fine')`,
  );
  await assertRejects(() => purgeAs(170000), ScrubError, "those of public.words still hold values of deleted rows");
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
});

Deno.test("purge() has ANALYZE pass over the same columns afterwards", async () => {
  await asApplication(
    server,
    `CREATE TABLE words (word text, other text); CREATE STATISTICS pairs (mcv) ON word, other FROM words;
    ALTER TABLE words ALTER word SET STATISTICS 0`,
  );
  await purgeAs(180000);
  const targets = await server.run(
    "SELECT attname FROM pg_attribute WHERE attrelid = 'words'::regclass AND attstattarget = 0",
    database,
  );
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertEquals(targets, [{ attname: "word" }]);
});

const unfilled = `CREATE MATERIALIZED VIEW words AS ${
  marks.replace("SELECT 'zmark ' || n % 3", "SELECT 'zmark ' || n % 3 AS word")
};
  CREATE INDEX shouted ON words (upper(word)); ANALYZE words; REFRESH MATERIALIZED VIEW words WITH NO DATA`;

Deno.test("purge() leaves no samples of a materialised view that is not filled any more, and of its index, which its owner may not read", async () => {
  await asApplication(server, `${unfilled}; REVOKE SELECT ON words FROM app`);
  const before = await places();
  await purgeAs(180000);
  const after = await places();
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertEquals([before, after], [["shouted", "words"], []]);
});

Deno.test("purge() refuses such samples of a statistics object, which no function clears", async () => {
  await asApplication(
    server,
    unfilled.replace("ANALYZE", "CREATE STATISTICS spoken ON (lower(word)) FROM words; ANALYZE"),
  );
  await assertRejects(() => purgeAs(180000), ScrubError, "those of public.words (statistics object spoken) still hold");
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
});

Deno.test("purge() leaves no samples and no length that were given to an index of a partitioned table", async () => {
  await asApplication(
    server,
    `CREATE TABLE words (word text) PARTITION BY HASH (word); CREATE TABLE words_1 PARTITION OF words
      FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE INDEX above ON words (upper(word));
    SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', 'above', 'attname', 'upper', 'inherited', false,
      'null_frac', 0::real, 'avg_width', 9, 'n_distinct', 1::real, 'most_common_vals', '{zmark}', 'most_common_freqs', '{1}'::real[]);
    SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', 'above', 'relpages', 2079460123)`,
  );
  const before = await places();
  await purgeAs(180000);
  const after = await places();
  const [length] = await server.run("SELECT relpages FROM pg_class WHERE relname = 'above'", database);
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertEquals([before, after, length], [["above"], [], { relpages: 0 }]);
});

/** What functions of version 18 write where ANALYZE never comes: a column, what else they are told, and whether of rows of children. */
const given: Readonly<Record<string, readonly [of: string, more: string, inherited?: boolean]>> = {
  "an index of a catalogue": ["pg_catalog.pg_class_relname_nsp_index.relname", "most_common_vals"],
  "a table of the standard's": ["information_schema.sql_features.comments", "most_common_vals"],
  "a partitioned table without its partitions": ["public.parted.word", "most_common_vals"],
  "an index of a plain column of an array": ["public.plain.words", "elem_count_histogram"],
  "an index over an expression of no row": ["public.partial.upper", "correlation"],
  "a table that nobody inherits from": ["public.words.word", "correlation", true],
  "a table without rows": ["public.counts.id", "correlation"],
  "an extension's table without rows": ["public.owned.id", "correlation"],
};
const values: Readonly<Record<string, string>> = {
  most_common_vals: "'most_common_vals', '{2079460123}', 'most_common_freqs', '{1}'::real[]",
  elem_count_histogram: "'elem_count_histogram', '{122,109,97,114,107}'::real[]",
  correlation: "'correlation', 0.5::real",
};

Deno.test("purge() leaves nothing of what was given to statistics that ANALYZE does not make", async (t) => {
  const gifts = Object.values(given).map(([of, more, inherited = false]) => {
    const [schema, relation, column] = of.split(".");
    return `SELECT pg_restore_attribute_stats('schemaname', '${schema}', 'relname', '${relation}', 'attname', '${column}',
      'inherited', ${inherited}, 'null_frac', 0::real, 'avg_width', 2079460123, 'n_distinct', 1::real, ${
      values[more]
    })`;
  });
  await asApplication(
    server,
    `CREATE TABLE parted (word text) PARTITION BY HASH (word);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0); INSERT INTO parted VALUES ('fine');
    CREATE TABLE words (word text, words text[]); INSERT INTO words VALUES ('fine'); CREATE INDEX plain ON words (words);
    CREATE INDEX partial ON words (upper(word)) WHERE word = 'none'; CREATE TABLE counts (id bigserial PRIMARY KEY);
    CREATE TABLE owned (id int); CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE owned; ${
      gifts.join("; ")
    }`,
  );
  const there = async () =>
    (await server.run(
      "SELECT concat_ws('.', schemaname, tablename, attname) AS of FROM pg_stats WHERE avg_width = 2079460123",
      database,
    ))
      .map(({ of }) => of);
  const before = await there();
  await purgeAs(180000);
  const after = await there();
  await asApplication(server, "DROP EXTENSION pg_trgm; DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  for (const [what, [of]] of Object.entries(given)) {
    await t.step(what, () => assertEquals([before.includes(of), after.includes(of)], [true, false]));
  }
});

/** What a function of version 18 writes as the sizes of relations, where ANALYZE does not come. */
const sizes: Readonly<Record<string, readonly [relation: string, sizes: string]>> = {
  "a partitioned table without partitions": ["parted", "'relpages', 2079460123, 'reltuples', 447700900::real"],
  "an index of one, below zero": ["parted_pkey", "'relpages', -2079460123"],
  "the frozen pages of one": ["frozen", "'relallfrozen', 2079460123"],
};

Deno.test("purge() leaves no sizes that were given to relations that ANALYZE does not measure", async (t) => {
  await asApplication(
    server,
    `CREATE TABLE parted (id bigserial PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE frozen (id bigserial PRIMARY KEY) PARTITION BY RANGE (id); ${
      Object.values(sizes).map(([relation, given]) =>
        `SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', '${relation}', ${given})`
      ).join("; ")
    }`,
  );
  const there = async () =>
    (await server.run(
      "SELECT relname FROM pg_class WHERE 2079460123 IN (abs(relpages), relallvisible, relallfrozen)",
      database,
    ))
      .map(({ relname }) => relname);
  const before = await there();
  await purgeAs(180000, false);
  const after = await there();
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  for (const [what, [relation]] of Object.entries(sizes)) {
    await t.step(what, () => assertEquals([before.includes(relation), after.includes(relation)], [true, false]));
  }
});

Deno.test("purge() leaves no bounds of ranges of rows that are gone, which hold no most common values", async () => {
  for (const version of [180000, 170000]) {
    await asApplication(
      server,
      `CREATE TABLE stays (during daterange); INSERT INTO stays
        SELECT daterange('1962-05-14'::date + n, '1963-01-01') FROM generate_series(1, 99) AS n; ANALYZE stays; DELETE FROM stays`,
    );
    await purgeAs(version);
    const left = await server.run("SELECT FROM pg_stats WHERE tablename = 'stays' AND null_frac < 1", database);
    await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
    assertEquals(left, []);
  }
});

const parted = `CREATE TABLE words (word text NOT NULL) PARTITION BY HASH (word);
  CREATE TABLE words_1 PARTITION OF words FOR VALUES WITH (MODULUS 1, REMAINDER 0); INSERT INTO words ${marks}; ANALYZE; TRUNCATE words`;

Deno.test("purge() leaves no samples of a key of text by which a table without rows is partitioned", async () => {
  await asApplication(server, parted);
  const before = await places();
  await purgeAs(180000);
  const after = await places();
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertEquals([before, after], [["words", "words_1"], []]);
});

Deno.test("purge() refuses such samples before version 18, which has no way to clear them", async () => {
  await asApplication(server, parted);
  await assertRejects(() => purgeAs(170000), ScrubError, "those of words.word, words_1.word still hold values");
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
});

Deno.test("purge() names samples of numbers that are such a key before version 18", async () => {
  await asApplication(
    server,
    `CREATE TABLE counts (n integer) PARTITION BY HASH (n); CREATE TABLE counts_1 PARTITION OF counts
      FOR VALUES WITH (MODULUS 1, REMAINDER 0); INSERT INTO counts SELECT n % 3 FROM generate_series(1, 99) AS n; ANALYZE; TRUNCATE counts`,
  );
  const residue = await purgeAs(170000);
  await asApplication(server, "DROP OWNED BY app; CREATE SCHEMA IF NOT EXISTS public");
  assertMatch(
    JSON.stringify(residue),
    /keeps samples of rows that are gone, of numbers or moments: counts\.n, counts_1\.n/,
  );
});

Deno.test("purge() clears the samples of a catalogue that is empty by now", async () => {
  await asApplication(
    server,
    `CREATE TYPE mood AS ENUM ('zmark 1', 'zmark 2', 'zmark 3'); RESET ROLE; ANALYZE pg_enum; DROP TYPE mood`,
  );
  assertEquals(await places(), ["pg_enum"]);
  await purgeAs(180000);
  assertEquals(await places(), []);
});

Deno.test("purge() and clear() wait until the server has dropped the temporary tables that a crash left, and their samples", async () => {
  await server.run("ALTER SYSTEM SET autovacuum = off");
  await server.run("ALTER SYSTEM SET autovacuum_naptime = 1");
  await server.run("SELECT pg_reload_conf()");
  const statements = `SET ROLE app; BEGIN; CREATE TEMP TABLE lost AS ${marks}; ANALYZE lost; COMMIT`;
  const crashed = Promise.all(
    ["postgres", database].map((one) => server.run(`${statements}; SELECT pg_sleep(600)`, one).catch(() => {})),
  );
  const sleeping = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  let [found, other] = await server.run(sleeping);
  while (!found || !other) [found, other] = await server.run(sleeping);
  await server.run(`COPY (SELECT 1) TO PROGRAM 'kill -9 ${found["pid"]}'`).catch(() => {});
  await crashed;
  while (!await server.run("SELECT 1").then(() => true, () => false));
  assertEquals([await places(), await places("postgres")], [["lost"], ["lost"]]);
  await server.run("ALTER SYSTEM RESET autovacuum");
  await server.run("SELECT pg_reload_conf()");
  await using maintenance = await engine.open(
    { ...targetOf(server), database: "postgres" },
    undefined,
    new AbortController().signal,
  );
  await engine.clear(maintenance);
  assertEquals(await places("postgres"), []);
  await purgeAs(180000);
  assertEquals(await places(), []);
});

Deno.test("purge() refuses samples of temporary tables that the server does not drop", async () => {
  await server.run(
    `SET ROLE app; CREATE TABLE lost AS ${marks}; ANALYZE lost; RESET ROLE; SET allow_system_table_mods = on;
    CREATE SCHEMA pg_temp_999; UPDATE pg_class SET relnamespace = 'pg_temp_999'::regnamespace WHERE oid = 'lost'::regclass`,
    database,
  );
  await using session = await ownerSession(server);
  await assertRejects(
    () => awaitNoTemporarySamples(session, 0),
    ScrubError,
    "those of a temporary table are still there",
  );
});
