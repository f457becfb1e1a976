/** Values that PostgreSQL keeps where rules, structure and catalogues seem to account for them: refused, or gone from the snapshot. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { heldStage, holdScrub } from "./held_scrub.ts";
import { leftIn, nothing, oneApplication, runProgram, smallDatabase } from "./stage.ts";

/** Nobody's. */
const mark = "zsmuggled";
const phone = "447700900124";

interface Smuggled {
  /** Run by a superuser, who works as the application but where it says otherwise. */
  readonly make: string;
  /** What the refusal says. */
  readonly told: RegExp;
}

/** Objects. A name that looks sensitive keeps names of columns from being told, so those are another production's. */
const objects: Readonly<Record<string, Smuggled>> = {
  "a partition that was detached by half": {
    make: `CREATE TABLE parted (id bigserial PRIMARY KEY, at timestamptz) PARTITION BY RANGE (id);
      CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (100);
      RESET ROLE; UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'part'::regclass`,
    told: /detached partition public\.part: its DETACH CONCURRENTLY was never finalised/,
  },
  "a partition of an extension's table": {
    make:
      `CREATE TABLE owned (at timestamptz, note text) PARTITION BY RANGE (at); CREATE TABLE owned_1 PARTITION OF owned DEFAULT;
      INSERT INTO owned VALUES (now(), '${mark}'); RESET ROLE; CREATE EXTENSION hstore; ALTER EXTENSION hstore ADD TABLE owned`,
    told: /table of an extension public\.owned_1/,
  },
  "a table that is called like PostGIS's own": {
    make: `CREATE TABLE spatial_ref_sys (note text); INSERT INTO spatial_ref_sys VALUES ('${mark}');
      RESET ROLE; CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE spatial_ref_sys`,
    told: /table of an extension public\.spatial_ref_sys/,
  },
  "samples of an extension's table that is empty by now": {
    make: `CREATE TABLE emptied (note text); INSERT INTO emptied SELECT '${mark}' FROM generate_series(1, 50);
      ANALYZE emptied; TRUNCATE emptied; RESET ROLE; CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE emptied`,
    told: /table of an extension public\.emptied/,
  },
  "the default of a temporary table that a crash left behind": {
    make: `CREATE TABLE lost (note text DEFAULT '${mark}@zmark.test');
      RESET ROLE; SET allow_system_table_mods = on; CREATE SCHEMA pg_temp_999;
      UPDATE pg_class SET relnamespace = 'pg_temp_999'::regnamespace WHERE oid = 'lost'::regclass`,
    told: /default pg_temp_999\.lost\.note: its text looks sensitive: mail address/,
  },
  "a copy of the planner's samples": {
    make:
      "CREATE VIEW samples AS SELECT tablename, most_common_vals::text FROM pg_stats; CREATE MATERIALIZED VIEW copied AS SELECT * FROM samples",
    told: /copy of statistics public\.copied/,
  },
  "a materialised view of a function that reads the planner's samples": {
    make: `CREATE FUNCTION seen() RETURNS SETOF text LANGUAGE sql AS 'SELECT most_common_vals::text FROM pg_stats';
      CREATE MATERIALIZED VIEW seen_again AS SELECT * FROM seen()`,
    told: /copy of statistics public\.seen_again/,
  },
  "bytes in a view": {
    make: `CREATE VIEW bytes AS SELECT '${mark}@z.uk'::bytea AS v`,
    told: /view public\.bytes: its text looks sensitive: mail address/,
  },
  "the name of a domain over an array": {
    make: `CREATE DOMAIN "olena.${mark}@zmark.test" AS text[]`,
    told: /name pg_type \d+: its name looks sensitive: mail address/,
  },
  "an attribute that a constant's type has lost": {
    make:
      `CREATE TYPE pair AS (a text, b int); CREATE VIEW paired AS SELECT '(${mark},1)'::pair AS p; ALTER TYPE pair DROP ATTRIBUTE a`,
    told: /dropped attribute constant in rule _RETURN on view public\.paired/,
  },
  "full names in the literal of an array": {
    make: `CREATE VIEW few AS SELECT 'x' = ANY ('{"Olena Zmarkenko","Ada Lovelace"}'::text[]) AS found`,
    told: /view public\.few: its text looks sensitive: personal name/,
  },
  "a login of libpq's in a function": {
    make:
      `CREATE FUNCTION link() RETURNS text LANGUAGE sql AS $$SELECT 'host=prod.internal user=app password=${mark}22'$$`,
    told: /function public\.link\(\): its text looks sensitive: secret/,
  },
};

const columns: Readonly<Record<string, Smuggled>> = {
  "a column that a function of the application computes from other tables": {
    make: `CREATE FUNCTION who(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(name) FROM public.users';
      CREATE TABLE acts (id bigserial PRIMARY KEY, label text GENERATED ALWAYS AS (who(id)) STORED)`,
    told: /acts\.label text/,
  },
  "a column that such a function computes, which was given to an extension": {
    make: `CREATE FUNCTION given(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(name) FROM public.users';
      CREATE TABLE passed_on (id bigserial PRIMARY KEY, label text GENERATED ALWAYS AS (given(id)) STORED);
      RESET ROLE; CREATE EXTENSION btree_gin; ALTER EXTENSION btree_gin ADD FUNCTION given(bigint)`,
    told: /passed_on\.label text/,
  },
  "a column that only a partition computes by such a function": {
    make: `CREATE FUNCTION whose(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(name) FROM public.users';
      CREATE TABLE shares (id bigserial PRIMARY KEY, label text GENERATED ALWAYS AS (upper(id::text)) STORED) PARTITION BY RANGE (id);
      CREATE TABLE shares_1 PARTITION OF shares (label GENERATED ALWAYS AS (whose(id)) STORED) FOR VALUES FROM (0) TO (100)`,
    told: /shares\.label text/,
  },
  "a moment of a domain that is called like a date of birth": {
    make:
      "CREATE DOMAIN date_of_birth AS timestamptz; CREATE TABLE guests (id bigserial PRIMARY KEY, came date_of_birth)",
    told: /guests\.came public\.date_of_birth/,
  },
  "a wide type in a schema that is called like a narrow one": {
    make:
      `CREATE SCHEMA tinyint; CREATE DOMAIN tinyint.n AS bigint; CREATE TABLE circle (reach tinyint.n NOT NULL DEFAULT ${phone})`,
    told: /circle\.reach tinyint\.n/,
  },
  "phone numbers in a column that became an identity": {
    make:
      `CREATE TABLE callers (id bigserial PRIMARY KEY, reach bigint NOT NULL); INSERT INTO callers (reach) VALUES (${phone});
      ALTER TABLE callers ALTER COLUMN reach ADD GENERATED ALWAYS AS IDENTITY`,
    told: /callers\.reach bigint/,
  },
  "phone numbers in a primary key that became an identity": {
    make: `CREATE TABLE lines (phone bigint PRIMARY KEY); INSERT INTO lines VALUES (${phone});
      ALTER TABLE lines ALTER COLUMN phone ADD GENERATED ALWAYS AS IDENTITY`,
    told: /lines\.phone bigint/,
  },
};

/** Values in columns whose type needs no rule. */
const values: Readonly<Record<string, Smuggled>> = {
  "a telephone number in a counter": {
    make:
      `CREATE TABLE counts (id bigserial PRIMARY KEY, n integer NOT NULL DEFAULT 0); INSERT INTO counts (n) VALUES (2079460123)`,
    told: /counts\.n integer \(a counter\): 1 row holds a number of eight or more digits/,
  },
  "a date of birth in a counter": {
    make:
      `CREATE TABLE ranks (id bigserial PRIMARY KEY, n integer NOT NULL DEFAULT 0); INSERT INTO ranks (n) VALUES (19700131)`,
    told: /ranks\.n integer \(a counter\): 1 row holds a number of eight or more digits/,
  },
  "dates of birth in a timestamp": {
    make: `CREATE TABLE moments (id bigserial PRIMARY KEY, created_at timestamptz);
      INSERT INTO moments (created_at) VALUES ('1970-01-31 00:00+00'), ('1981-06-30 00:00+01')`,
    told:
      /moments\.created_at timestamp with time zone \(a timestamp\): 2 of 2 moments are whole hours or quarters before 2005/,
  },
  "a telephone number as a key, which a foreign key repeats": {
    make: `CREATE TABLE callers (id bigserial PRIMARY KEY); INSERT INTO callers VALUES (${phone});
      CREATE TABLE calls (id bigserial PRIMARY KEY, caller bigint REFERENCES callers); INSERT INTO calls (caller) VALUES (${phone})`,
    told:
      /callers\.id bigint \(a primary key that the server makes\): 1 row holds a number .* that its counter has not reached/,
  },
  "a telephone number as a key, to which its sequence was set": {
    make:
      `CREATE TABLE people (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY); INSERT INTO people VALUES (1), (${phone});
      SELECT setval('people_id_seq', ${phone})`,
    told: /people\.id bigint .*: 1 row holds a number of ten or more digits/,
  },
};

const numbers: Readonly<Record<string, Smuggled>> = {
  "a telephone number as the default of a counter": {
    make: "CREATE TABLE preset (id bigserial PRIMARY KEY, n integer NOT NULL DEFAULT 2079460123)",
    told: /default public\.preset\.n: its text looks sensitive: identifier/,
  },
  "a sequence without a column that stands at a telephone number": {
    make: `CREATE SEQUENCE standing; SELECT setval('standing', ${phone}, false)`,
    told: /sequence public\.standing: it holds a number of eight or more digits/,
  },
  "a sequence of a view's default that stands at one": {
    make:
      `CREATE SEQUENCE shown; CREATE VIEW showing AS SELECT 1::bigint AS n; ALTER VIEW showing ALTER n SET DEFAULT nextval('shown');
      SELECT setval('shown', ${phone})`,
    told: /sequence public\.shown: it holds a number of eight or more digits/,
  },
  "a sequence that is bounded by one": {
    make: `CREATE TABLE bounded (id bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE ${phone}) PRIMARY KEY)`,
    told: /sequence public\.bounded_id_seq: it holds a number of eight or more digits/,
  },
};

/** Numbers that no row has: rows are gone, sequences were moved. */
const counters = [
  `CREATE TABLE gone (id bigserial PRIMARY KEY); INSERT INTO gone VALUES (3); SELECT setval('gone_id_seq', ${phone})`,
  `SELECT setval('users_id_seq', 77009001, false)`,
];

/** Eight bytes as a whole number. */
const spelled = [...new TextEncoder().encode(mark.slice(0, 8))].reduceRight(
  (all, byte) => all * 256n + BigInt(byte),
  0n,
);

/** Text that functions of version 18 write into statistics that ANALYZE does not make. */
const given = (relation: string, column: string) =>
  `SELECT pg_restore_attribute_stats('schemaname', split_part('${relation}', '.', 1), 'relname', split_part('${relation}', '.', 2),
    'attname', '${column}', 'inherited', false, 'null_frac', 0::real, 'avg_width', 9, 'n_distinct', 1::real,
    'most_common_vals', '{${mark}}', 'most_common_freqs', '{1}'::real[])`;

/** What no file may hold afterwards. A view keeps columns from a new type, which would take their samples away. */
const lingering = [
  `UPDATE users SET name = '${mark} name';
  CREATE FUNCTION who(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(name) FROM public.users';
  CREATE TABLE visits (id bigserial PRIMARY KEY, at timestamptz DEFAULT now()); INSERT INTO visits DEFAULT VALUES;
  CREATE INDEX ON visits (who(id))`,
  `CREATE VIEW addresses AS SELECT address FROM subscribers; CREATE INDEX loud ON subscribers (upper(address));
  CREATE STATISTICS passed_over (mcv) ON address, signon_user_uid FROM subscribers;
  INSERT INTO subscribers (address, created_at, updated_at)
    SELECT '${mark}' || n || '@zmark.test', now(), now() FROM generate_series(1, 50) AS n;
  ANALYZE subscribers;
  ALTER INDEX loud ALTER COLUMN 1 SET STATISTICS 0; ALTER STATISTICS passed_over SET STATISTICS 0`,
  `CREATE TABLE schema_migrations (version text); CREATE VIEW versions AS SELECT version FROM schema_migrations;
  CREATE INDEX ON schema_migrations (upper(version));
  INSERT INTO schema_migrations SELECT '${mark}' || n FROM generate_series(1, 50) AS n;
  ANALYZE schema_migrations; DELETE FROM schema_migrations`,
  `ALTER TABLE subscribers ALTER signon_user_uid SET STATISTICS 0;
  CREATE SEQUENCE moved START ${spelled} INCREMENT ${
    mark.charCodeAt(8)
  }; ALTER SEQUENCE moved START 1 INCREMENT 1 RESTART`,
  `UPDATE users SET name = '${mark} name'; CREATE MATERIALIZED VIEW emptied AS SELECT name || n AS name FROM users, generate_series(1, 50) AS n;
  CREATE INDEX shouted ON emptied (upper(name)); ANALYZE emptied; REFRESH MATERIALIZED VIEW emptied WITH NO DATA`,
  `RESET ROLE; CREATE SCHEMA ${mark}; ALTER SCHEMA ${mark} RENAME TO letters; ALTER SCHEMA letters OWNER TO application`,
  // DROP INDEX CONCURRENTLY, interrupted.
  `UPDATE users SET name = '${mark} name'; CREATE INDEX dropped ON users (name);
  RESET ROLE; UPDATE pg_index SET indislive = false, indisready = false, indisvalid = false WHERE indexrelid = 'dropped'::regclass`,
  `CREATE TABLE ar_internal_metadata (key text PRIMARY KEY, value text, created_at timestamptz, updated_at timestamptz);
  CREATE VIEW metadata AS SELECT key, value FROM ar_internal_metadata; CREATE TABLE old_metadata () INHERITS (ar_internal_metadata);
  INSERT INTO old_metadata (key, value) SELECT n, '${mark}' || n % 3 FROM generate_series(1, 50) AS n;
  INSERT INTO ar_internal_metadata (key) VALUES ('environment'); ANALYZE ar_internal_metadata; DROP TABLE old_metadata`,
  `DO $$ BEGIN FOR n IN 1..99 LOOP
    EXECUTE format('CREATE DOMAIN d%s AS text', n); EXECUTE format('COMMENT ON DOMAIN d%s IS %L', n, '${mark}');
  END LOOP; END $$; RESET ROLE; ANALYZE pg_description; SET ROLE application;
  DO $$ BEGIN FOR n IN 1..99 LOOP EXECUTE format('DROP DOMAIN d%s', n); END LOOP; END $$`,
  `${given("pg_catalog.pg_class_relname_nsp_index", "relname")}; ${
    given("information_schema.sql_features", "comments")
  };
  CREATE TABLE parted (id bigserial PRIMARY KEY, at timestamptz) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted DEFAULT;
  INSERT INTO parted (at) VALUES (now())`,
  `RESET ROLE; CREATE FOREIGN DATA WRAPPER far; GRANT USAGE ON FOREIGN DATA WRAPPER far TO application; SET ROLE application;
  CREATE SERVER one FOREIGN DATA WRAPPER far OPTIONS (host '${mark}'); CREATE SERVER two FOREIGN DATA WRAPPER far OPTIONS (host '${mark}');
  RESET ROLE; ANALYZE pg_foreign_server`,
];
const inPostgres = `CREATE TABLE t AS SELECT '${mark}' || n % 3 AS a FROM generate_series(1, 500) AS n;
  COMMENT ON TABLE t IS '${mark}'; ANALYZE t; DROP TABLE t`;

/** A long token of a user's, and where it stands too: neither looks sensitive. */
const token = `tok3n-of-${mark}-4711`;
const outside: readonly (readonly [name: string, statements: string])[] = [
  [smallDatabase, `UPDATE users SET uid = '${token}'`],
  ["postgres", `COMMENT ON SCHEMA public IS 'see ${token}'`],
];

const rds = await startLocalRds();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
for (
  const [id, statements, elsewhere] of [
    ["objects", Object.values(objects).map(({ make }) => make)],
    ["columns", Object.values(columns).map(({ make }) => make)],
    ["values", Object.values(values).map(({ make }) => make)],
    ["numbers", Object.values(numbers).map(({ make }) => make)],
    ["counters", counters],
    ["lingering", lingering, inPostgres],
  ] as const
) {
  await rds.addProduction({
    id,
    ...await oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 }),
    change: async (server) => {
      await server.run(`GRANT CREATE ON DATABASE "${smallDatabase}" TO application`);
      for (const one of statements) await server.run(`SET ROLE application; ${one}`, smallDatabase);
      if (elsewhere !== undefined) await server.run(elsewhere, "postgres");
    },
  });
}

await rds.addProduction({
  id: "outside",
  ...await oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 }),
  change: async (server) => {
    for (const [database, statements] of outside) await server.run(statements, database);
  },
});

Deno.test("a removed token in the catalogue of a database that counts as empty stops a run before its first change", async () => {
  const { code, stdout, stderr } = await runProgram(rds, ["--postgresql-instances", "outside"]);
  assertEquals(code, 3, stderr);
  assertMatch(
    stdout,
    /Cannot scrub database "postgres": its catalogue holds values that rules remove from rows: comment schema public/,
  );
  assertEquals(`${stdout}${stderr}`.includes(token), false);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("what only looks accounted for stops a run before its first change, and nobody tells the value", async (t) => {
  const { code, stdout, stderr } = await runProgram(rds, [
    "--postgresql-instances",
    "objects",
    "columns",
    "values",
    "numbers",
  ]);
  assertEquals(code, 3, stderr);
  for (const [what, { told }] of Object.entries({ ...objects, ...columns, ...values, ...numbers })) {
    await t.step(what, () => assertMatch(stdout, told));
  }
  assertEquals([mark, phone, "2079460123", "19700131"].filter((value) => `${stdout}${stderr}`.includes(value)), []);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("samples, indexes and catalogues that nothing else makes anew are in no file of the snapshot", async () => {
  const [before] = rds.snapshots().filter(({ instanceId }) => instanceId === "lingering");
  assert((await filesWith(before?.id ?? "")).length > 0, "the search finds nothing even before the scrub");
  const { code, stderr } = await runProgram(rds, ["--postgresql-instances", "lingering"]);
  assertEquals(code, 0, stderr);
  assertEquals(await filesWith(rds.made().at(-1) ?? ""), []);
});

Deno.test("a snapshot's sequences do not stand at a telephone number that no row has, and the report names them", async () => {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const { code, stderr } = await runProgram(rds, ["--postgresql-instances", "counters", "--report", report]);
  assertEquals(code, 0, stderr);
  const { sources: [source] } = JSON.parse(await Deno.readTextFile(report));
  await Deno.remove(report);
  const found = source.databases.find(({ database }: { readonly database: string }) => database === smallDatabase);
  assertEquals(found.restarted, ["public.gone_id_seq", "public.users_id_seq"]);
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const [next] = await server.run(
    "SELECT nextval('gone_id_seq')::text AS gone, nextval('users_id_seq') < 10 AS users",
    smallDatabase,
  );
  assertEquals(next, { gone: "4", users: true });
});

Deno.test("what somebody makes during the scrub stops the run, whatever it is", async (t) => {
  await using own = await heldStage("postgresql");
  const { program, server, holder, over } = await holdScrub(own, "postgresql");
  await server.run(
    `CREATE TABLE late AS SELECT 'ann@zed.uk' AS v; CREATE VIEW late_view AS SELECT 1 AS v;
    COMMENT ON TABLE digest_runs IS 'of ann@zed.uk';
    CREATE FUNCTION late_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER late_trigger BEFORE INSERT ON digest_runs FOR EACH ROW EXECUTE FUNCTION late_function();
    COMMENT ON ROLE application IS 'of ann@zed.uk'`,
    smallDatabase,
  );
  await server.run(`SELECT pg_terminate_backend(${holder})`);
  await over;
  const { code, stdout, stderr } = await program.ended();
  assertEquals(code, 3, stderr);
  for (
    const told of [
      /: late was never looked at/,
      /: view late_view was never looked at/,
      /: comment table digest_runs: its text looks sensitive: mail address/,
      /: function late_function\(\) was never looked at/,
      /: trigger late_trigger on digest_runs was never looked at/,
      /server: comment role application: its text looks sensitive/,
    ]
  ) await t.step(String(told), () => assertMatch(stdout.replaceAll("public.", ""), told));
  assertEquals(await leftIn(own), nothing);
});

/** Files of a snapshot that hold the mark in letters of any case. */
async function filesWith(snapshot: string): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("grep", {
    args: ["-rliaF", mark, "base", "global"],
    cwd: rds.dataDirOf(snapshot),
    env: { LC_ALL: "C" },
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}
