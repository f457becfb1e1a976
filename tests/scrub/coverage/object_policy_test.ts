/** Everything that can carry a value besides rows: for each kind a database that has one, and what becomes of it. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { objectPolicies, policyFor } from "../../../lib/scrub/coverage/object_policy.ts";
import { serverRefusal } from "../../../lib/scrub/coverage/server_objects.ts";
import * as mysqlQueries from "../../../lib/mysql/schema/inventory_queries.ts";
import * as postgresqlQueries from "../../../lib/postgresql/schema/inventory_queries.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import type { Sql } from "../../../lib/engine/sql.ts";
import { sql } from "../../../lib/mysql/sql/literals.ts";
import { driftLines } from "../../../lib/scrub/coverage/drift.ts";
import { coverDatabase } from "../../../lib/scrub/coverage/cover_database.ts";
import { template } from "../../../lib/scrub/rules/strategies.ts";
import { mysql, type TestServer } from "../../servers.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  serverOf,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";
import type { Reviewed } from "../../../lib/core/reviewed.ts";
import { type SchemaObjectKind, schemaObjectKinds } from "../../../lib/core/object_kinds.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await mysql({ settings: { federated: "" } }) };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

interface Case {
  readonly kind: SchemaObjectKind;
  /** Run by the application (PostgreSQL: as the owner). */
  readonly statements: string;
  /** Run by a superuser afterwards, in the database. */
  readonly asSuperuser?: string;
  /** What stops the run or goes, besides what is checked and let through. */
  readonly refused?: readonly string[];
  readonly removed?: readonly string[];
}

const people = "CREATE TABLE people (id int PRIMARY KEY, name text)";
const address = "zmark@private.test";
/** A server's UUID, as replication names it. */
const source = "5eedda7a-1111-4222-8333-444455556666";

const postgresqlCases: readonly Case[] = [
  {
    kind: "view",
    statements: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('Olena Zmarkenko', 'Ada Lovelace')",
    refused: ["view public.few"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW few AS SELECT id FROM people WHERE id + 0::bigint IN (2079460123, 447700900124)",
    refused: ["view public.few"],
  },
  { kind: "view", statements: "CREATE VIEW ids AS SELECT id FROM people" },
  {
    kind: "column mask",
    statements: "SELECT 1",
    // Only Aurora has the extension's script.
    asSuperuser: `INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
      VALUES (90001, 'pg_columnmask', 10, 'public'::regnamespace, false, '1.0')`,
    refused: ["column mask pg_columnmask"],
  },
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view public.v"],
  },
  {
    kind: "materialised view",
    statements: "CREATE MATERIALIZED VIEW names AS SELECT name FROM people",
    removed: ["materialised view public.names"],
  },
  {
    kind: "rule",
    statements: `CREATE RULE r AS ON INSERT TO people WHERE new.name = '${address}' DO INSTEAD NOTHING`,
    refused: ["rule r on public.people"],
  },
  {
    kind: "policy",
    statements: `CREATE POLICY p ON people USING (name <> '${address}')`,
    refused: ["policy p on public.people"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'https://user:zmark@host.test/' $$`,
    refused: ["function public.f()"],
  },
  {
    kind: "trigger",
    statements: `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
      CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW WHEN (new.name <> '${address}') EXECUTE FUNCTION t()`,
    refused: ["trigger t on public.people"],
  },
  {
    kind: "event trigger",
    statements: "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
    asSuperuser: "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()",
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE people ADD mail text GENERATED ALWAYS AS (name || '${address}') STORED`,
    refused: ["generated column public.people.mail"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ALTER name SET DEFAULT 'd41d8cd98f00b204e9800998ecf8427e'",
    refused: ["default public.people.name"],
  },
  {
    kind: "default",
    statements:
      "ALTER TABLE people ADD reach bigint, ADD seconds integer DEFAULT 31536000; ALTER TABLE people ALTER reach SET DEFAULT 447700900124",
    refused: ["default public.people.reach"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on public.people"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (id::bigint IN (1, 447700900124))",
    refused: ["check constraint c on public.people"],
  },
  {
    kind: "option",
    statements: "ALTER TABLE people SET (toast.autovacuum_vacuum_threshold = 2079460123)",
    refused: ["option public.people (TOAST)"],
  },
  {
    kind: "option",
    statements: "ALTER TABLE people ALTER name SET (n_distinct = -0.447700900124)",
    refused: ["option public.people.name"],
  },
  {
    kind: "name",
    statements: "CREATE VIEW visits_of_07700900124 AS SELECT 1 AS one",
    refused: ["name pg_class :oid"],
  },
  {
    kind: "name",
    statements: "SELECT 1",
    asSuperuser:
      `CREATE TYPE "${address}"; CREATE FUNCTION f1(cstring) RETURNS "${address}" LANGUAGE internal AS 'int4in' IMMUTABLE STRICT;
      CREATE FUNCTION f2("${address}") RETURNS cstring LANGUAGE internal AS 'int4out' IMMUTABLE STRICT;
      CREATE TYPE "${address}" (INPUT = f1, OUTPUT = f2, LIKE = int4, CATEGORY = 'A');
      DROP FUNCTION f2("${address}") CASCADE; CREATE TYPE "${address}"`,
    refused: ["name pg_type :oid"],
  },
  {
    kind: "comment",
    statements: "SELECT 1",
    asSuperuser: `COMMENT ON FUNCTION pg_catalog.lower(text) IS 'ask ${address}'`,
    refused: ["comment function lower(text)"],
  },
  {
    kind: "function",
    statements: "SELECT 1",
    asSuperuser: `ALTER FUNCTION pg_catalog.lower(text) SET app.note = '${address}'`,
    refused: ["function lower(text)"],
  },
  {
    kind: "function",
    statements: "SELECT 1",
    asSuperuser:
      `CREATE OR REPLACE FUNCTION pg_catalog.pg_relation_size(regclass) RETURNS bigint LANGUAGE sql STRICT PARALLEL SAFE
      AS $$ SELECT pg_relation_size($1, 'main') -- ask ${address} $$`,
    refused: ["function pg_relation_size(regclass)"],
  },
  {
    kind: "comment",
    statements: "SELECT 1",
    asSuperuser: "COMMENT ON FUNCTION pg_catalog.upper(text) IS 'call 020 7946 0018'",
    refused: ["comment function upper(text)"],
  },
  {
    kind: "row of a system table",
    statements: "SELECT 1",
    asSuperuser: `UPDATE information_schema.sql_features SET comments = '${address}' WHERE feature_id = 'B011'`,
    refused: ["row of a system table sql_features"],
  },
  {
    kind: "domain",
    statements: `CREATE DOMAIN d AS text DEFAULT '${address}'`,
    refused: ["domain public.d"],
  },
  {
    kind: "index expression",
    statements: `CREATE INDEX i ON people (id) WHERE name = '${address}'`,
    refused: ["index expression public.i"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (id int, name text) PARTITION BY LIST (name);
      CREATE TABLE part PARTITION OF parted FOR VALUES IN ('${address}')`,
    refused: ["partition bound public.part"],
  },
  {
    kind: "enum labels",
    statements: `CREATE TYPE mood AS ENUM ('calm', '${address}')`,
    refused: ["enum labels public.mood"],
  },
  {
    kind: "comment",
    statements: "COMMENT ON COLUMN people.name IS 'as they write it'",
  },
  {
    kind: "comment",
    statements: `COMMENT ON COLUMN people.name IS 'ask ${address}'`,
    refused: ["comment column name of table public.people"],
  },
  {
    kind: "setting",
    statements: "",
    asSuperuser: "ALTER DATABASE :database SET app.api_token = 'zmark-of-a-token'",
    refused: ["setting database: app.api_token"],
  },
  {
    // An embedded server has no provider of labels: the row is written past it.
    kind: "security label",
    statements: "",
    asSuperuser: `SET allow_system_table_mods = on;
      INSERT INTO pg_seclabel VALUES ('people'::regclass, 'pg_class'::regclass, 0, 'none', 'ask ${address}')`,
    refused: ["security label table public.people"],
  },
  {
    // The view pg_seclabels shows none of a text search configuration.
    kind: "security label",
    statements: 'CREATE TEXT SEARCH CONFIGURATION words (PARSER = "default")',
    asSuperuser: `SET allow_system_table_mods = on;
      INSERT INTO pg_seclabel VALUES ('words'::regconfig, 'pg_ts_config'::regclass, 0, 'none', 'ask ${address}')`,
    refused: ["security label text search configuration public.words"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW v AS SELECT 'ann@zmark.test'::bytea AS bytes",
    refused: ["view public.v"],
  },
  {
    kind: "comment",
    statements: `COMMENT ON TABLE people IS 'ask "olena zmarkenko"@private.test'`,
    refused: ["comment table public.people"],
  },
  {
    kind: "option",
    statements: "ALTER TABLE people SET (autovacuum_vacuum_insert_threshold = 2079460123, fillfactor = 70)",
    refused: ["option public.people"],
  },
  {
    kind: "option",
    statements: "ALTER TABLE people SET (autovacuum_vacuum_insert_threshold = 100000000)",
  },
  {
    kind: "name",
    statements: "",
    asSuperuser: `CREATE EXTENSION hstore;
      UPDATE pg_extension SET extcondition = ARRAY['WHERE mail = ''${address}'''] WHERE extname = 'hstore'`,
    refused: ["name pg_extension :oid"],
  },
  {
    kind: "table of an extension",
    statements: `CREATE TABLE jobs (command text); CREATE INDEX upper_command ON jobs (upper(command));
      ALTER TABLE jobs ALTER command SET STATISTICS 0; INSERT INTO jobs SELECT 'zmark' FROM generate_series(1, 50);
      ANALYZE jobs; TRUNCATE jobs`,
    asSuperuser: "CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE jobs",
    refused: ["table of an extension public.jobs"],
  },
  {
    kind: "table of an extension",
    statements: `CREATE TABLE jobs (command json); CREATE STATISTICS said ON (upper(command::text)) FROM jobs;
      INSERT INTO jobs SELECT '"zmark"' FROM generate_series(1, 50); ANALYZE jobs; TRUNCATE jobs`,
    asSuperuser: "CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE jobs",
    refused: ["table of an extension public.jobs"],
  },
  {
    kind: "table of an extension",
    statements:
      `CREATE EXTENSION pg_trgm; CREATE TABLE jobs (command text); INSERT INTO jobs SELECT 'zmark' FROM generate_series(1, 50);
      ANALYZE jobs; TRUNCATE jobs; ALTER EXTENSION pg_trgm ADD TABLE jobs; REVOKE ALL ON jobs FROM CURRENT_USER`,
    refused: ["table of an extension public.jobs"],
  },
  {
    kind: "table of an extension",
    statements: `CREATE EXTENSION pg_trgm; CREATE TABLE jobs (command text); CREATE INDEX ON jobs (command);
      INSERT INTO jobs SELECT 'zmark ' || n FROM generate_series(1, 500) AS n; DELETE FROM jobs; ALTER EXTENSION pg_trgm ADD TABLE jobs`,
    asSuperuser: "VACUUM jobs",
    refused: ["table of an extension public.jobs"],
  },
  {
    kind: "name",
    statements: `ALTER TABLE people ADD "${address}" boolean; CREATE VIEW seen AS SELECT id FROM people;
      ALTER TABLE people RENAME "${address}" TO renamed`,
    refused: ["name pg_rewrite :oid"],
  },
  {
    kind: "name",
    statements: `CREATE VIEW seen AS SELECT 1 AS "${address}"; ALTER VIEW seen RENAME COLUMN "${address}" TO renamed`,
    refused: ["name pg_rewrite :oid"],
  },
  {
    kind: "name",
    statements:
      `CREATE TABLE "${address}" (id int); CREATE POLICY p ON people USING (id IN (SELECT id FROM "${address}"));
      ALTER TABLE "${address}" RENAME TO renamed`,
    refused: ["name pg_policy :oid"],
  },
  {
    kind: "name",
    statements: `CREATE TABLE "${address}" (id int); CREATE VIEW seen AS SELECT id FROM people;
      CREATE RULE never AS ON INSERT TO seen WHERE EXISTS (SELECT FROM "${address}") DO INSTEAD NOTHING;
      ALTER TABLE "${address}" RENAME TO renamed`,
    refused: ["name pg_rewrite :oid"],
  },
  {
    kind: "name",
    statements: `CREATE TABLE "${address}" (id int); CREATE FUNCTION counted() RETURNS bigint
      BEGIN ATOMIC SELECT count(*) FROM "${address}"; END; ALTER TABLE "${address}" RENAME TO renamed`,
    refused: ["name pg_proc :oid"],
  },
  {
    kind: "dropped attribute",
    statements:
      `CREATE TYPE pair AS (a text, b int); CREATE DOMAIN pairs AS pair[]; CREATE TYPE nested AS (all_of pairs);
      CREATE TABLE kept (one nested); INSERT INTO kept VALUES (ROW(ARRAY[ROW('zmark', 1)::pair])); ALTER TYPE pair DROP ATTRIBUTE a`,
    refused: ["dropped attribute public.kept.one"],
  },
  {
    kind: "dropped attribute",
    statements: `CREATE TYPE pair AS (a text, b int); CREATE DOMAIN pairs AS pair[];
      CREATE VIEW seen AS SELECT NULL::pair AS none, '(zmark,1)'::pair AS one; CREATE POLICY p ON people USING (id <> ('(zmark,1)'::pair).b);
      CREATE FUNCTION many() RETURNS int BEGIN ATOMIC SELECT cardinality('{"(zmark,1)"}'::pair[]); END;
      CREATE VIEW none AS SELECT NULL::pairs AS none; ALTER TABLE people ALTER id SET DEFAULT ('(zmark,1)'::pair).b;
      ALTER TYPE pair DROP ATTRIBUTE a`,
    refused: [
      "dropped attribute constant in default value for column id of table public.people",
      "dropped attribute constant in function public.many()",
      "dropped attribute constant in policy p on table public.people",
      "dropped attribute constant in rule _RETURN on view public.seen",
    ],
  },
  {
    kind: "copy of statistics",
    statements: `CREATE INDEX plain ON people (name);
      SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', 'plain', 'attname', 'name', 'inherited', false,
        'null_frac', 0::real, 'avg_width', 9, 'n_distinct', 1::real, 'most_common_vals', '{zmark}', 'most_common_freqs', '{1}'::real[])`,
    refused: ["copy of statistics public.plain"],
  },
  {
    kind: "copy of statistics",
    statements:
      `CREATE FUNCTION seen() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM pg_stat_get_activity(NULL); END;
      CREATE MATERIALIZED VIEW copied AS SELECT seen() WITH NO DATA`,
    refused: ["copy of statistics public.copied"],
  },
  ...["pg_stat_get_activity(NULL)", "pg_ls_logdir()", "query_to_xml('SELECT * FROM pg_stats', true, true, '')"].map(
    (source): Case => ({
      kind: "copy of statistics",
      statements:
        `CREATE VIEW seen AS SELECT * FROM ${source}; CREATE MATERIALIZED VIEW copied AS SELECT * FROM seen WITH NO DATA`,
      refused: ["copy of statistics public.copied"],
    }),
  ),
  {
    kind: "copy of statistics",
    statements: `CREATE FUNCTION inner_samples() RETURNS SETOF text LANGUAGE plpgsql
        AS 'BEGIN RETURN QUERY SELECT most_common_vals::text FROM pg_stats; END';
      CREATE FUNCTION samples() RETURNS SETOF text LANGUAGE sql AS 'SELECT * FROM inner_samples()';
      CREATE VIEW seen AS SELECT * FROM samples();
      CREATE MATERIALIZED VIEW copied AS SELECT * FROM seen WITH NO DATA`,
    refused: ["copy of statistics public.copied"],
  },
  ...[
    "CREATE OPERATOR @@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = samples); CREATE VIEW seen AS SELECT 1 @@@ 2 AS said",
    "CREATE AGGREGATE collected(int) (SFUNC = samples, STYPE = int); CREATE VIEW seen AS SELECT collected(id) AS said FROM people",
  ].map((through): Case => ({
    kind: "copy of statistics",
    statements:
      `CREATE FUNCTION samples(int, int) RETURNS int LANGUAGE sql AS 'SELECT length(most_common_vals::text) FROM pg_stats';
      ${through}; CREATE MATERIALIZED VIEW copied AS SELECT * FROM seen WITH NO DATA`,
    refused: ["copy of statistics public.copied"],
  })),
  {
    kind: "materialised view",
    statements: `CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';
      CREATE MATERIALIZED VIEW loud AS SELECT shout(name) FROM people`,
    removed: ["materialised view public.loud"],
  },
  {
    kind: "spatial reference system",
    statements: `CREATE TABLE spatial_ref_sys (srid int PRIMARY KEY, auth_name text, proj4text text);
      ALTER TABLE spatial_ref_sys ADD auth_srid int;
      INSERT INTO spatial_ref_sys VALUES (27700, 'EPSG', '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +nadgrids=@null,@conus.gsb
          +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489', 27700), (900003, 'ours', '+proj=tmerc +k=0.9996012717 +units=m', 1),
        (900001, 'ask ${address}', '', 1), (900002, 'ours', 'of AB 12 34 56 C', 2), (4326, 'EPSG', 'call 020 7946 0018', 4326)`,
    asSuperuser:
      `CREATE EXTENSION tsm_system_rows; UPDATE pg_extension SET extname = 'postgis' WHERE extname = 'tsm_system_rows';
      ALTER EXTENSION postgis ADD TABLE spatial_ref_sys`,
    refused: ["spatial reference system 4326", "spatial reference system 900001", "spatial reference system 900002"],
  },
  {
    kind: "dead index",
    statements: "CREATE INDEX stopped ON people (name)",
    asSuperuser: "UPDATE pg_index SET indislive = false, indisvalid = false WHERE indexrelid = 'stopped'::regclass",
    removed: ["dead index public.stopped"],
  },
  {
    kind: "foreign server",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application`,
    removed: ["foreign server far"],
  },
  {
    kind: "user mapping",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application; CREATE USER MAPPING FOR application SERVER far OPTIONS (password 'zmark')`,
    removed: ["foreign server far", "user mapping application on far"],
  },
  {
    kind: "foreign table",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application; CREATE FOREIGN TABLE distant (name text) SERVER far;
      ALTER FOREIGN TABLE distant OWNER TO application`,
    removed: ["foreign server far", "foreign table public.distant"],
  },
  {
    kind: "subscription",
    statements: "",
    asSuperuser: `CREATE SUBSCRIPTION :subscription CONNECTION 'host=nowhere.test dbname=x password=zmark user=u'
      PUBLICATION p WITH (connect = false); GRANT pg_create_subscription TO application;
      GRANT CREATE ON DATABASE :database TO application; ALTER SUBSCRIPTION :subscription OWNER TO application`,
    removed: ["subscription :subscription"],
  },
  { kind: "publication", statements: "", asSuperuser: "CREATE PUBLICATION p FOR TABLE people" },
  {
    kind: "publication",
    statements: "",
    asSuperuser: `CREATE PUBLICATION p FOR TABLE people WHERE (name <> '${address}')`,
    refused: ["publication p of public.people"],
  },
  {
    kind: "publication",
    statements: "",
    asSuperuser: "CREATE PUBLICATION p FOR TABLE people WHERE (name IN ('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["publication p of public.people"],
  },
  {
    kind: "default",
    statements:
      "ALTER TABLE people ADD reach bigint[]; ALTER TABLE people ALTER reach SET DEFAULT ARRAY[3, 447700900124]",
    refused: ["default public.people.reach"],
  },
  {
    kind: "statistics object",
    statements: "CREATE STATISTICS s ON (name = '020 7946 0018'), id FROM people",
    refused: ["statistics object :oid on public.people"],
  },
  {
    kind: "partition key",
    statements: `CREATE TABLE parted (name text) PARTITION BY LIST ((name = '${address}'))`,
    refused: ["partition key public.parted"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name text) PARTITION BY LIST (name);
      CREATE TABLE part PARTITION OF parted FOR VALUES IN ('Olena Zmarkenko')`,
    refused: ["partition bound public.part"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (id bigint, at timestamptz) PARTITION BY RANGE (id, at);
      CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1700000000, '2024-01-01') TO (4000000000, '2025-01-01')`,
  },
  {
    kind: "enum labels",
    statements: "CREATE TYPE author AS ENUM ('nobody', 'Olena Zmarkenko', 'Ada Lovelace')",
    refused: ["enum labels public.author"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on public.people"],
  },
  {
    kind: "comment",
    statements: "COMMENT ON TABLE people IS 'owner: AB 12 34 56 C'",
    refused: ["comment table public.people"],
  },
  {
    kind: "option",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none OPTIONS (contact '${address}')`,
    refused: ["option none"],
  },
  {
    kind: "value for old rows",
    statements: `INSERT INTO people VALUES (1); ALTER TABLE people ADD reach bigint DEFAULT 447700900124;
      ALTER TABLE people ALTER reach DROP DEFAULT`,
    refused: ["value for old rows public.people.reach"],
  },
  {
    kind: "value for old rows",
    statements: `INSERT INTO people VALUES (1); ALTER TABLE people ADD note text DEFAULT '${address}';
      ALTER TABLE people ALTER note DROP DEFAULT`,
    refused: ["value for old rows public.people.note"],
  },
  {
    // The option is the name of a file of the server's, which has to be there: the row is written past that.
    kind: "text search dictionary",
    statements: "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)",
    asSuperuser: `SET allow_system_table_mods = on;
      UPDATE pg_ts_dict SET dictinitoption = $$stopwords = '${address}'$$ WHERE dictname = 'd'`,
    refused: ["text search dictionary public.d"],
  },
  { kind: "collation", statements: 'CREATE COLLATION c (provider = libc, locale = "C")' },
  {
    kind: "name",
    statements: `CREATE TABLE "${address}" (id int)`,
    refused: ["name pg_class :oid"],
  },
  {
    kind: "name",
    statements: `CREATE SCHEMA "${address}"`,
    refused: ["name pg_namespace :oid"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '${address}' $$`,
    asSuperuser: "CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD FUNCTION f()",
    refused: ["function public.f()"],
  },
  {
    kind: "object in a system schema",
    statements: "",
    asSuperuser: "SET allow_system_table_mods = on; CREATE TABLE pg_catalog.hidden (value text)",
    refused: ["object in a system schema hidden"],
  },
  {
    kind: "large objects",
    statements: "SELECT lo_from_bytea(0, 'zmark')",
    refused: ["large objects of the database"],
  },
  {
    kind: "table of an extension",
    statements: "CREATE TABLE jobs (command text); INSERT INTO jobs VALUES ('zmark')",
    asSuperuser: "CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE jobs",
    refused: ["table of an extension public.jobs"],
  },
  {
    kind: "detached partition",
    statements: "CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted DEFAULT",
    asSuperuser: "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'part'::regclass",
    refused: ["detached partition public.part"],
  },
  {
    kind: "copy of statistics",
    statements: "CREATE MATERIALIZED VIEW copied AS SELECT most_common_vals::text FROM pg_stats",
    refused: ["copy of statistics public.copied"],
    removed: ["materialised view public.copied"],
  },
  {
    kind: "sequence",
    statements: "CREATE SEQUENCE unused; SELECT setval('unused', 447700900124)",
    refused: ["sequence public.unused"],
  },
];

/** In lists of a view, of either engine. */
const listed = {
  names: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('Olena Zmarkenko', 'Ada Lovelace')",
  numbers: "CREATE VIEW few AS SELECT id FROM people WHERE id + 0 IN (2079460123, 447700900124)",
  words: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('Not Started', 'On Hold') AND id IN (1, 1234567)",
};

const mysqlCases: readonly Case[] = [
  { kind: "view", statements: listed.names, refused: ["view few"] },
  { kind: "view", statements: listed.numbers, refused: ["view few"] },
  { kind: "view", statements: listed.words },
  {
    kind: "function",
    statements: `CREATE FUNCTION known(name text) RETURNS int DETERMINISTIC RETURN name IN
      ('Olena Zmarkenko', 'Ada Lovelace')`,
    refused: ["function known"],
  },
  {
    kind: "view",
    statements: "CREATE VIEW few AS SELECT id FROM people WHERE name IN ('O''Neil', 'Olena Zmarkenko', 'Ada Lovelace')",
    refused: ["view few"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('O''Neil', 'Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on people"],
  },
  {
    kind: "function",
    statements:
      `CREATE FUNCTION known(name text) RETURNS int DETERMINISTIC RETURN name IN (/* it's */ "Olena Zmarkenko", "a)",
      trim(lower("Ada Lovelace")))`,
    refused: ["function known"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION known() RETURNS int DETERMINISTIC BEGIN
      DECLARE name ENUM('Olena Zmarkenko', 'Ada Lovelace'); RETURN 1; END`,
    refused: ["function known"],
  },
  { kind: "view", statements: "CREATE VIEW ids AS SELECT id FROM people" },
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view v"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN '${address}'`,
    refused: ["function f"],
  },
  {
    kind: "trigger",
    statements: `CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW SET new.name = '${address}'`,
    refused: ["trigger t on people"],
  },
  {
    kind: "event",
    statements: `CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM people WHERE name = '${address}'`,
    refused: ["event e"],
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE people ADD mail varchar(99) GENERATED ALWAYS AS (concat(id, '${address}')) VIRTUAL`,
    refused: ["generated column people.mail"],
  },
  {
    kind: "default",
    statements: `ALTER TABLE people MODIFY name varchar(99) DEFAULT '${address}'`,
    refused: ["default people.name"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ADD reach bigint DEFAULT 447700900124, ADD seconds int DEFAULT 31536000",
    refused: ["default people.reach"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on people"],
  },
  {
    kind: "index expression",
    statements: `CREATE INDEX i ON people ((nullif(id, length('${address}'))))`,
    refused: ["index expression i on people"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('${address}'))`,
    refused: ["partition bound part of parted"],
  },
  {
    kind: "enum labels",
    statements: `CREATE TABLE moods (id int auto_increment PRIMARY KEY, mood enum('calm', '${address}'))`,
    refused: ["enum labels moods.mood"],
  },
  { kind: "comment", statements: "ALTER TABLE people COMMENT 'as they write it'" },
  { kind: "comment", statements: `ALTER TABLE people COMMENT 'ask ${address}'`, refused: ["comment table people"] },
  {
    kind: "foreign table",
    statements: `CREATE TABLE far (id int PRIMARY KEY) ENGINE = FEDERATED
      CONNECTION = 'mysql://reader:zmark@127.0.0.1:1/other/far'`,
    removed: ["foreign table far"],
  },
  {
    kind: "table of another storage engine",
    statements: "CREATE TABLE logs (id int auto_increment PRIMARY KEY) ENGINE = MyISAM",
  },
  {
    kind: "partition key",
    statements: `CREATE TABLE parted (id int, at date) PARTITION BY RANGE (id + 8111111111)
      (PARTITION part VALUES LESS THAN MAXVALUE)`,
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('Olena Zmarkenko'))`,
    refused: ["partition bound part of parted"],
  },
  {
    kind: "enum labels",
    statements:
      "CREATE TABLE books (id int auto_increment PRIMARY KEY, author enum('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["enum labels books.author"],
  },
  {
    kind: "check constraint",
    statements: "ALTER TABLE people ADD CONSTRAINT c CHECK (name IN ('Olena Zmarkenko', 'Ada Lovelace'))",
    refused: ["check constraint c on people"],
  },
  {
    kind: "comment",
    statements: "ALTER TABLE people COMMENT 'call 020 7946 0018'",
    refused: ["comment table people"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY) CONNECTION = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY, \`made\n) ENGINE=x COMMENT='\` datetime)
      CONNECTION = '${address}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE numbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 447700900124",
    refused: ["option table numbered"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE numbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 124",
  },
  {
    kind: "option",
    statements:
      `CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}'`,
    refused: ["option table linked"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE = '447700900124'",
    refused: ["option table linked"],
  },
  { kind: "option", statements: "CREATE TABLE linked (id int auto_increment PRIMARY KEY) SECONDARY_ENGINE = RAPID" },
  {
    kind: "option",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p NODEGROUP = 60018, PARTITION q NODEGROUP = 3, PARTITION r)`,
    refused: ["option partition p of parted"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM TABLESPACE = \`${address}\``,
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements:
      "CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM TABLESPACE = k3jx9q2lmn8pqr5tzz",
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements: `CREATE TABLE placed (id int auto_increment PRIMARY KEY) ENGINE = MyISAM
      TABLESPACE = \`x ENGINE=InnoDB COLLATE=k3jx9q2lmn8pqr5tzz\``,
    refused: ["option table placed"],
  },
  {
    kind: "option",
    statements: "CREATE TABLE placed (id int auto_increment PRIMARY KEY) TABLESPACE = innodb_system",
  },
  {
    kind: "option",
    statements: `CREATE TABLE log_of_january_2024 (id int auto_increment PRIMARY KEY) ENGINE = MyISAM;
      CREATE TABLE logs (id int auto_increment PRIMARY KEY) ENGINE = MERGE UNION = (log_of_january_2024)`,
  },
  {
    kind: "option",
    statements: `CREATE TABLE linked (id int auto_increment PRIMARY KEY, made datetime SECONDARY_ENGINE_ATTRIBUTE =
      '{"by": 447700900124}', seen datetime SECONDARY_ENGINE_ATTRIBUTE = '{"by": 20240131}')`,
    refused: ["option column linked.made"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ADD reach decimal(14,2) DEFAULT 447700900124, ADD price decimal(6,2) DEFAULT 9.99",
    refused: ["default people.reach"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ADD reach bigint DEFAULT (cast(447700900124 AS signed))",
    refused: ["default people.reach"],
  },
  {
    kind: "value for old rows",
    statements:
      `INSERT INTO people VALUES (1, ''); ALTER TABLE people ADD note varchar(99) DEFAULT '${address}', ALGORITHM = INSTANT;
      ALTER TABLE people ALTER note SET DEFAULT ''`,
    refused: ["value for old rows people.note"],
  },
  { kind: "name", statements: `CREATE TABLE \`${address}\` (id int PRIMARY KEY)`, refused: ["name table 2 of 2"] },
  {
    kind: "option",
    statements: "CREATE EVENT e ON SCHEDULE EVERY 207946012 SECOND DISABLE DO SELECT 1",
    refused: ["option event e"],
  },
  {
    kind: "comment",
    statements: `CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE COMMENT 'ask ${address}' DO SELECT 1`,
    refused: ["comment event e", "event e"],
  },
  {
    kind: "comment",
    statements: `CREATE PROCEDURE f() COMMENT 'ask ${address}' SELECT 1`,
    refused: ["comment function f", "function f"],
  },
  {
    kind: "comment",
    statements:
      `ALTER TABLE people MODIFY name varchar(99) COMMENT 'ask ${address}', ADD INDEX i (name) COMMENT 'ask ${address}'`,
    refused: ["comment column people.name", "comment index i on people"],
  },
  {
    kind: "comment",
    statements: `CREATE TABLE parted (id int auto_increment PRIMARY KEY) PARTITION BY HASH (id)
      (PARTITION p COMMENT 'ask ${address}', PARTITION q)`,
    refused: ["comment partition p of parted"],
  },
  {
    kind: "library",
    statements: `CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ export const by = "${address}" $$`,
    refused: ["library l"],
  },
];

/** Of what anybody with the right may replace in MySQL's schema `sys`. */
const bySys = "DEFINER = 'mysql.sys'@'localhost'";
const originalOfSys = `DROP FUNCTION sys.version_major;
  CREATE ${bySys} FUNCTION sys.version_major() RETURNS tinyint unsigned NO SQL SQL SECURITY INVOKER RETURN 9`;

/** What belongs to the server is found once for all its databases, and let through by a review of any of its scrubbers. */
const serverCases: Readonly<Record<"postgresql" | "mysql", readonly (Case & { readonly undo: string })[]>> = {
  postgresql: [
    {
      kind: "comment",
      statements: "COMMENT ON ROLE application IS 'call 020 7946 0018'",
      refused: ["comment role application"],
      undo: "COMMENT ON ROLE application IS NULL",
    },
    {
      kind: "setting",
      statements: "ALTER ROLE application SET app.api_token = 'zmark-of-a-token'",
      refused: ["setting role application: app.api_token"],
      undo: "ALTER ROLE application RESET ALL",
    },
    {
      kind: "comment",
      statements: `COMMENT ON DATABASE template1 IS 'ask ${address}'`,
      refused: ["comment database template1"],
      undo: "COMMENT ON DATABASE template1 IS NULL",
    },
    {
      kind: "setting",
      statements: `ALTER ROLE application IN DATABASE rdsadmin SET application_name = '${address}'`,
      refused: ["setting role application: application_name"],
      undo: "ALTER ROLE application IN DATABASE rdsadmin RESET ALL",
    },
    {
      kind: "collation",
      statements: `UPDATE pg_database SET datcollversion = '${address}' WHERE datname = 'template0'`,
      refused: ["collation of database 4"],
      undo: "UPDATE pg_database SET datcollversion = NULL WHERE datname = 'template0'",
    },
    {
      kind: "option",
      statements: "ALTER ROLE application CONNECTION LIMIT 2079460123",
      refused: ["option connection limit of role application"],
      undo: "ALTER ROLE application CONNECTION LIMIT 60",
    },
    {
      kind: "option",
      statements: "ALTER ROLE application VALID UNTIL '1970-01-30 18:30+00'",
      refused: ["option last day of role application"],
      undo: "ALTER ROLE application VALID UNTIL 'infinity'",
    },
    {
      kind: "option",
      statements: "ALTER TABLESPACE pg_default SET (random_page_cost = 447.700900124)",
      refused: ["option tablespace 1663"],
      undo: "ALTER TABLESPACE pg_default RESET (random_page_cost)",
    },
    {
      kind: "name",
      statements: `CREATE ROLE "${address}"`,
      refused: ["name pg_authid :oid"],
      undo: `DROP ROLE "${address}"`,
    },
    {
      kind: "name",
      statements: `SELECT pg_replication_origin_create('${address}')`,
      refused: ["name pg_replication_origin :n"],
      undo: `SELECT pg_replication_origin_drop('${address}')`,
    },
  ],
  mysql: [
    {
      kind: "leftover in mysql",
      statements: "CREATE TABLE mysql.user_old (id int)",
      refused: ["leftover in mysql user_old"],
      undo: "DROP TABLE mysql.user_old",
    },
    {
      kind: "leftover in mysql",
      statements: "CREATE PROCEDURE mysql.hidden() SELECT 1",
      refused: ["leftover in mysql routine hidden"],
      undo: "DROP PROCEDURE mysql.hidden",
    },
    {
      kind: "object in a system schema",
      statements: "CREATE TABLE sys.hidden (value text)",
      refused: ["object in a system schema sys.hidden"],
      undo: "DROP TABLE sys.hidden",
    },
    {
      kind: "object in a system schema",
      statements: "CREATE VIEW sys.hidden AS SELECT 1",
      refused: ["object in a system schema sys.hidden"],
      undo: "DROP VIEW sys.hidden",
    },
    {
      kind: "object in a system schema",
      statements: "CREATE FUNCTION sys.hidden() RETURNS int DETERMINISTIC RETURN 1",
      refused: ["object in a system schema routine sys.hidden"],
      undo: "DROP FUNCTION sys.hidden",
    },
    {
      kind: "object in a system schema",
      statements: "CREATE EVENT sys.hidden ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1",
      refused: ["object in a system schema event sys.hidden"],
      undo: "DROP EVENT sys.hidden",
    },
    {
      kind: "object in a system schema",
      statements: "CREATE TRIGGER sys.hidden BEFORE DELETE ON sys.sys_config FOR EACH ROW SET @x = 1",
      refused: ["object in a system schema trigger sys.hidden"],
      undo: "DROP TRIGGER sys.hidden",
    },
    {
      kind: "function",
      statements: `ALTER PROCEDURE sys.table_exists COMMENT 'ask ${address}'`,
      refused: ["function sys.table_exists"],
      undo: "ALTER PROCEDURE sys.table_exists COMMENT 'none'",
    },
    {
      kind: "function",
      statements: `DROP FUNCTION sys.version_major; CREATE ${bySys} FUNCTION sys.version_major(x int /* ${address} */)
        RETURNS int DETERMINISTIC RETURN 1`,
      refused: ["function sys.version_major"],
      undo: originalOfSys,
    },
    {
      kind: "enum labels",
      statements:
        `DROP FUNCTION sys.version_major; CREATE ${bySys} FUNCTION sys.version_major() RETURNS enum('447700900124')
        DETERMINISTIC RETURN 1`,
      refused: ["enum labels parameter sys.version_major.result", "function sys.version_major"],
      undo: originalOfSys,
    },
    {
      kind: "view",
      statements: `CREATE OR REPLACE ${bySys} VIEW sys.version AS SELECT _utf16'ann@zed.uk' AS sys_version`,
      refused: ["view sys.version"],
      undo: `CREATE OR REPLACE ${bySys} VIEW sys.version AS SELECT '2.1.3' AS sys_version, version() AS mysql_version`,
    },
    {
      kind: "row of a system table",
      statements: `INSERT INTO sys.sys_config (variable, value) VALUES ('hidden', '${address}')`,
      refused: ["row of a system table sys.sys_config hidden"],
      undo: "DELETE FROM sys.sys_config WHERE variable = 'hidden'",
    },
    {
      kind: "setting",
      statements: `SET PERSIST_ONLY init_connect = "SELECT '${address}'"`,
      refused: ["setting persisted variable init_connect"],
      undo: "RESET PERSIST init_connect",
    },
    {
      kind: "replication login",
      statements:
        `CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'far.test', SOURCE_USER = 'repl', SOURCE_PASSWORD = 'zmark'`,
      refused: ['replication login of channel ""'],
      undo: "RESET REPLICA ALL",
    },
    {
      kind: "spatial reference system",
      statements: `CREATE SPATIAL REFERENCE SYSTEM 990001 NAME 'ask ${address}' DEFINITION
        'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`,
      refused: ["spatial reference system 990001"],
      undo: "DROP SPATIAL REFERENCE SYSTEM 990001",
    },
    {
      kind: "spatial reference system",
      statements:
        `CREATE SPATIAL REFERENCE SYSTEM 990002 NAME 'one' ORGANIZATION 'x' IDENTIFIED BY 2079460123 DEFINITION
        'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`,
      refused: ["spatial reference system 990002"],
      undo: "DROP SPATIAL REFERENCE SYSTEM 990002",
    },
    {
      kind: "setting",
      statements: "SET PERSIST_ONLY report_password = 'zmark-of-a-source'",
      refused: ["setting persisted variable report_password"],
      undo: "RESET PERSIST report_password",
    },
    {
      // Kept in the server's file when the account is gone.
      kind: "name",
      statements: `CREATE USER \`${address}\`@'81.2.69.160'; GRANT ALL ON *.* TO \`${address}\`@'81.2.69.160';
        CREATE DEFINER = \`${address}\`@'81.2.69.160' PROCEDURE sys.persist() SET PERSIST max_connections = 200;
        CALL sys.persist(); DROP PROCEDURE sys.persist; DROP USER \`${address}\`@'81.2.69.160'`,
      refused: ["name account :n", "name host :n"],
      undo: "RESET PERSIST max_connections",
    },
    {
      kind: "leftover in mysql",
      statements: "CREATE TABLE mysql.FUNC (name char(64), dl char(128))",
      refused: ["leftover in mysql FUNC"],
      undo: "DROP TABLE mysql.FUNC",
    },
    {
      kind: "leftover in mysql",
      statements: "INSERT INTO mysql.password_history (host, user, password) VALUES ('%', 'gone', 'zmark')",
      refused: ["leftover in mysql password_history of accounts that are gone"],
      undo: "DELETE FROM mysql.password_history WHERE user = 'gone'",
    },
    {
      kind: "leftover in mysql",
      statements: `INSERT INTO mysql.ndb_binlog_index VALUES (1, '${address}', 1, 1, 1, 1, 1, 1, 1, 1, 1, '')`,
      refused: ["leftover in mysql rows of ndb_binlog_index"],
      undo: "DELETE FROM mysql.ndb_binlog_index",
    },
    {
      kind: "row of a system table",
      statements:
        `INSERT INTO mysql.gtid_executed VALUES ('${source}', 1, 2079460123, ''), ('${source}', 2079460125, 2079460129, ''),
        ('${source}', 4000000001, 4000000009, ''), ('${source}', 447700900124, 447700900124, '')`,
      refused: ["row of a system table mysql.gtid_executed, interval 4"],
      undo: `DELETE FROM mysql.gtid_executed WHERE source_uuid = '${source}'`,
    },
    {
      kind: "name",
      statements: `INSERT INTO mysql.gtid_executed VALUES ('${address}', 1, 1, '')`,
      refused: ["name source of transactions :n"],
      undo: `DELETE FROM mysql.gtid_executed WHERE source_uuid = '${address}'`,
    },
    {
      kind: "name",
      statements: `INSERT INTO mysql.slave_worker_info VALUES (1, '', 4, '', 4, '', 4, '', 4, 0, 64, '${address}', '')`,
      refused: ["name replication :n"],
      undo: "DELETE FROM mysql.slave_worker_info",
    },
    {
      kind: "name",
      statements: `INSERT INTO mysql.slave_relay_log_info (number_of_lines, channel_name, require_row_format,
          assign_gtids_to_anonymous_transactions_type, assign_gtids_to_anonymous_transactions_value)
        VALUES (1, 'x', 0, 'UUID', '${address}')`,
      refused: ["name replication :n"],
      undo: "DELETE FROM mysql.slave_relay_log_info WHERE channel_name = 'x'",
    },
    {
      kind: "name",
      statements:
        `INSERT INTO mysql.slave_master_info (number_of_lines, master_log_name, master_log_pos, host, user_name, user_password,
          port, connect_retry, enabled_ssl, ssl_verify_server_cert, heartbeat, uuid, retry_count, enabled_auto_position, channel_name,
          get_public_key, master_compression_algorithm, master_zstd_compression_level, gtid_only)
        VALUES (1, '', 4, '', '', '', 3306, 60, 0, 0, 30, '${address}', 10, 0, 'x', 0, 'zlib', 3, 0)`,
      refused: ["name replication :n"],
      undo: "DELETE FROM mysql.slave_master_info WHERE channel_name = 'x'",
    },
    {
      kind: "name",
      statements:
        `CREATE USER rdsrepladmin; UPDATE mysql.user SET plugin = 'auth_socket', authentication_string = '${address}'
        WHERE user = 'rdsrepladmin'`,
      refused: ["name account :n"],
      undo: "DROP USER rdsrepladmin",
    },
    {
      kind: "option",
      statements:
        `CREATE USER kept; UPDATE mysql.user SET user_attributes = '{"other": "${address}"}' WHERE user = 'kept'`,
      refused: ["option attributes of account kept@%"],
      undo: "DROP USER kept",
    },
    {
      kind: "default",
      statements: "ALTER TABLE mysql.func ADD reach bigint DEFAULT 447700900124",
      refused: ["default mysql.func.reach"],
      undo: "ALTER TABLE mysql.func DROP reach",
    },
    {
      kind: "enum labels",
      statements: `ALTER TABLE mysql.plugin ADD label enum('${address}')`,
      refused: ["enum labels mysql.plugin.label"],
      undo: "ALTER TABLE mysql.plugin DROP label",
    },
    {
      kind: "name",
      statements: `CREATE ROLE \`${address}\``,
      refused: ["name account :n"],
      undo: `DROP ROLE \`${address}\``,
    },
    {
      kind: "option",
      statements: `ALTER TABLE sys.sys_config CONNECTION = '${address}'`,
      refused: ["option table sys.sys_config"],
      undo: "ALTER TABLE sys.sys_config CONNECTION = ''",
    },
    {
      kind: "option",
      statements: "ALTER TABLE sys.sys_config MAX_ROWS = 2079460123",
      refused: ["option table sys.sys_config"],
      undo: "ALTER TABLE sys.sys_config MAX_ROWS = 0",
    },
    {
      kind: "option",
      statements:
        `ALTER TABLE sys.sys_config MODIFY set_by varchar(128) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}',
        DROP PRIMARY KEY, ADD PRIMARY KEY (variable) SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}',
        SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${address}"}'`,
      refused: [
        "option column sys.sys_config.set_by",
        "option index PRIMARY on sys.sys_config",
        "option table sys.sys_config",
      ],
      undo: `ALTER TABLE sys.sys_config MODIFY set_by varchar(128) SECONDARY_ENGINE_ATTRIBUTE = '',
        DROP PRIMARY KEY, ADD PRIMARY KEY (variable), SECONDARY_ENGINE_ATTRIBUTE = ''`,
    },
    {
      kind: "generated column",
      statements: `ALTER TABLE sys.sys_config ADD held varchar(128), DROP set_by;
        ALTER TABLE sys.sys_config DROP held, ADD set_by varchar(128) AS (if(value = '', '${address}', '')) VIRTUAL`,
      refused: ["generated column sys.sys_config.set_by"],
      undo: "ALTER TABLE sys.sys_config DROP set_by, ADD set_by varchar(128)",
    },
    {
      kind: "name",
      statements: `INSERT INTO mysql.innodb_index_stats VALUES ('sys', '${address}', 'i', now(), 'size', 1, NULL, '')`,
      refused: ["name index statistics :n"],
      undo: `DELETE FROM mysql.innodb_index_stats WHERE table_name = '${address}'`,
    },
    {
      kind: "name",
      statements: `INSERT INTO mysql.innodb_table_stats VALUES ('sys', '${address}', now(), 1, 1, 1)`,
      refused: ["name table statistics :n"],
      undo: `DELETE FROM mysql.innodb_table_stats WHERE table_name = '${address}'`,
    },
    {
      kind: "name",
      statements: "CREATE USER visitor@'81.2.69.160'",
      refused: ["name host :n"],
      undo: "DROP USER visitor@'81.2.69.160'",
    },
    {
      kind: "name",
      statements: `GRANT SELECT ON \`${address}\`.* TO master`,
      refused: ["name grant on a database :n"],
      undo: `REVOKE SELECT ON \`${address}\`.* FROM master`,
    },
  ],
};

Deno.test("postgresql: of the server, the folder of a tablespace is refused as a name is", async () => {
  const server = servers.postgresql;
  const folder = `${server.dataDir}/behind the 63 bytes at which PostgreSQL cuts a name off ${address}`;
  await server.run(`COPY (SELECT 1) TO PROGRAM 'mkdir "${folder}"'`);
  await server.run(`CREATE TABLESPACE elsewhere LOCATION '${folder}'`);
  const found = await refusedOfServer("postgresql");
  await server.run("DROP TABLESPACE elsewhere");
  assertEquals(found, ["name location of pg_tablespace :oid"]);
});

const cases = { postgresql: postgresqlCases, mysql: mysqlCases };
let count = 0;

// First: a table of the others stays, and its name with it. What an undo leaves is found with the next case.
for (const engine of engineNames) {
  Deno.test(`${engine}: a new server holds nothing that is refused`, async () => {
    assertEquals(await refusedOfServer(engine), []);
  });
  for (const { kind, statements, refused = [], undo } of serverCases[engine]) {
    Deno.test(`${engine}: of the server, a ${kind} is refused (${statements.slice(0, 50)})`, async () => {
      await servers[engine].run(statements);
      const found = await refusedOfServer(engine);
      await servers[engine].run(undo);
      assertEquals(found, refused);
    });
  }
  Deno.test(`${engine}: nothing that is refused is left of these`, async () => {
    assertEquals(await refusedOfServer(engine), []);
  });
}

for (const engine of engineNames) {
  for (const one of cases[engine]) {
    const { kind, refused = [], removed = [] } = one;
    const outcome = refused.length > 0 ? "refused" : removed.length > 0 ? "removed" : "checked and let through";
    Deno.test(`${engine}: a ${kind} is ${outcome} (${one.statements.slice(0, 40) || "by a superuser"})`, async () => {
      const database = `answers${++count}`;
      const filled = (text: string) =>
        text.replaceAll(":database", database).replaceAll(":subscription", `sub${database}`);
      await make(servers[engine], engine, database, one, filled);
      const found = await cover(servers[engine], engine, database);
      assertEquals(found.kinds.includes(kind), true, `found: ${found.kinds}`);
      assertEquals(found.refused, refused.map(filled));
      assertEquals(found.removed, removed.map(filled).toSorted());
    });
  }
}

/** What the server's own objects stop a run for. */
async function refusedOfServer(engineName: "postgresql" | "mysql"): Promise<readonly string[]> {
  const engine = engineNamed(engineName);
  const { database: _, ...target } = targetOf(servers[engineName], "");
  await using session = await engine.open(target, testKey(), never);
  const refusal = serverRefusal("test", await engine.serverInventory(session), []);
  const lines = refusal?.message.matchAll(/^ {2}entry for reviewed[.]json, if it may stay: (.*)$/gm) ?? [];
  return [...lines].map(([, entry = ""]) => JSON.parse(entry))
    .map(({ object, name }) => withoutNumbers(`${object} ${name}`));
}

/** Identifiers and positions are the server's affair. */
function withoutNumbers(text: string): string {
  return text.replace(/\b\d{5}\b/, ":oid").replace(/\d+ of \d+$|(?<=origin )\d+$/, ":n");
}

async function make(
  server: TestServer,
  engine: "postgresql" | "mysql",
  database: string,
  { statements, asSuperuser }: Case,
  filled: (text: string) => string,
): Promise<void> {
  await createTestDatabase(server, engine, database, `${people}; ${filled(statements)}`);
  if (asSuperuser) await server.run(filled(asSuperuser), database);
}

async function cover(server: TestServer, engineName: EngineName, database: string, reviewed: readonly Reviewed[] = []) {
  const engine = engineNamed(engineName);
  await using session = await engine.open(targetOf(server, database), testKey(), never);
  await engine.prepare(session);
  const scrubber = scrubberOf(engineName, { people: { columns: { name: template("{hash}") } } });
  const { coverage, drift } = await coverDatabase(engine, session, scrubber, { onDrift: "refuse", reviewed });
  const { objects } = await engine.inventory(session);
  return {
    kinds: objects.map(({ kind }) => kind),
    refused: drift.objects.map(({ object: { kind, name } }) => `${kind} ${name}`)
      .map((text) => /^(name pg_|statistics)/.test(text) ? withoutNumbers(text) : text),
    why: drift.objects.map(({ why }) => why),
    entries: driftLines(drift).map(({ entry }) => entry),
    removed: coverage.removed.map(({ kind, name }) => `${kind} ${name}`).toSorted(),
  };
}

/** A text that a person lets through, the same object with another one, and what changes without being its text. */
const reviewedTexts: Readonly<
  Record<EngineName, readonly (readonly [object: string, made: string, then: string, other: string])[]>
> = {
  postgresql: [
    [
      "function f()",
      "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'a@zmark.uk' $$",
      "ANALYZE people",
      "CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'b@zmark.uk' $$",
    ],
    [
      "comment table people",
      "COMMENT ON TABLE people IS 'a@zmark.uk'",
      "ANALYZE people",
      "COMMENT ON TABLE people IS 'b@zmark.uk'",
    ],
  ],
  mysql: [
    [
      "event e",
      "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR ENABLE DO DELETE FROM people WHERE name = 'a@zmark.uk'",
      "ALTER EVENT e DISABLE",
      "ALTER EVENT e DO DELETE FROM people WHERE name = 'b@zmark.uk'",
    ],
    [
      "option table linked",
      "CREATE TABLE linked (id int auto_increment PRIMARY KEY) CONNECTION = 'a@zmark.uk'",
      "INSERT INTO linked VALUES (7)",
      "ALTER TABLE linked CONNECTION = 'b@zmark.uk'",
    ],
    [
      "function f",
      "CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN 'a@zmark.uk'",
      "SELECT 1",
      "CREATE PROCEDURE f() SELECT 'b@zmark.uk'",
    ],
  ],
};

for (const engine of engineNames) {
  for (const [what, made, then, other] of reviewedTexts[engine]) {
    Deno.test(`${engine}: an entry lets "${what}" through with the text that was reviewed, and with no other`, async () => {
      const [server, database] = [servers[engine], `reviewed${++count}`];
      await createTestDatabase(server, engine, database, `${people}; ${made}`);
      const { entries } = await cover(server, engine, database);
      const entry = entries.find((entry) => "object" in entry);
      assert(entry);
      const signed = { ...entry, reason: "ours", by: "a test", source: "a test" };
      const { digest: _, ...bare } = signed;
      await server.run(then, database);
      assertEquals((await cover(server, engine, database, [signed])).why, []);
      assertMatch((await cover(server, engine, database, [bare])).why.join(), /; its entry has no digest of the text$/);
      await server.run(other, database);
      assertMatch(
        (await cover(server, engine, database, [signed])).why.join(),
        /; its text is not the one that was reviewed$/,
      );
    });
  }
}

Deno.test("every kind has an answer with a reason, and a test on a server of its own", () => {
  const tested = [cases, serverCases].flatMap((all) => Object.values(all).flat()).map(({ kind }) => kind);
  assertEquals(schemaObjectKinds.filter((kind) => !tested.includes(kind)), []);
  assertEquals(schemaObjectKinds.filter((kind) => objectPolicies[kind][1].length < 8), []);
});

/** A version that has every part of the queries. */
const newest = 9999;

/** All that an engine's inventory asks for, as text. */
const inventoryTexts: Readonly<Record<EngineName, readonly Sql[]>> = {
  postgresql: [postgresqlQueries.databaseQueries, postgresqlQueries.serverQueries]
    .map((queries) => queries({ version: newest, extensions: true }).objects),
  mysql: [
    mysqlQueries.databaseObjects(sql``, newest),
    mysqlQueries.innodbObjects(sql``),
    mysqlQueries.serverObjects(newest),
  ],
};

for (const engine of engineNames) {
  Deno.test(`${engine}: every kind that the inventory reads has a test on a server of its own`, () => {
    const read = schemaObjectKinds.filter((kind) =>
      inventoryTexts[engine].some(({ text }) => text.includes(`'${kind}'`))
    );
    const tested = [...cases[engine], ...serverCases[engine]].map(({ kind }) => kind);
    assertEquals(read.filter((kind) => !tested.includes(kind)), []);
    assertEquals(read.length > 20, true);
  });
}

Deno.test("a text that the master user may not read is refused", () => {
  assertEquals(policyFor({ kind: "view", name: "v", text: "unreadable" })[0], "refused");
});
