/** Objects of a PostgreSQL database. @module */

import { address, type Case } from "./case.ts";

/** What the inventory of a database finds, by kind. */
export const postgresqlCases: readonly Case[] = [
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
    kind: "comment",
    statements: "COMMENT ON COLUMN people.name IS 'default password: Zmark22!'",
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
    kind: "text search dictionary",
    statements: "",
    asSuperuser:
      `CREATE EXTENSION dict_int; CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = intdict_template, MAXLEN = 2079460123);
      CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = intdict_template, MAXLEN = '2079460123');
      CREATE TEXT SEARCH DICTIONARY f (TEMPLATE = intdict_template, MAXLEN = 8, REJECTLONG = true)`,
    refused: ["text search dictionary public.d", "text search dictionary public.e"],
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
