/** A PostgreSQL database and a server in which every column that is checked, and every part of the inventory, has something. @module */

/** Of the server, one statement each, before the database is there. `folder`: where a tablespace may be. */
export function plantedInPostgresqlServer(folder: string): readonly string[] {
  return [
    `COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mkdir "${folder}/zq_location"'`,
    `CREATE TABLESPACE zq_space LOCATION '${folder}/zq_location'`,
    "ALTER TABLESPACE zq_space SET (random_page_cost = 20794.1)",
    "CREATE ROLE zq_role CONNECTION LIMIT 7 VALID UNTIL '1970-01-30'",
    "ALTER ROLE zq_role SET app.note = 'zq_setting_of_role'",
    "COMMENT ON ROLE zq_role IS 'zq_comment_of_role'",
    `INSERT INTO pg_shseclabel
      VALUES ('zq_role'::regrole, 'pg_authid'::regclass, 'zq_provider_of_role', 'zq_label_of_role')`,
    "GRANT SET ON PARAMETER app.zq_parameter TO zq_role",
    "SELECT pg_replication_origin_create('zq_origin')",
    "CREATE DATABASE zq_database CONNECTION LIMIT 7",
    `UPDATE pg_database SET datcollate = 'zq_datcollate', datctype = 'zq_datctype', datcollversion = 'zq_datcollversion',
      datlocale = 'zq_datlocale', daticurules = 'zq_daticurules' WHERE datname = 'zq_database'`,
  ];
}

/** In the database. */
export function plantedInPostgresqlDatabase(database: string): string {
  return `
    SET allow_system_table_mods = on;
    ALTER DATABASE ${database} SET app.note = 'zq_setting';
    COMMENT ON DATABASE ${database} IS 'zq_comment_of_database';
    INSERT INTO pg_shseclabel
      SELECT oid, 'pg_database'::regclass, 'zq_provider_of_database', 'zq_label_of_database' FROM pg_database WHERE datname = '${database}';

    CREATE SCHEMA zq_schema;
    CREATE TYPE zq_shell;
    CREATE TYPE zq_enum AS ENUM ('zq_enum_label');
    CREATE DOMAIN zq_domain AS text DEFAULT 'zq_default_of_domain' CHECK (VALUE <> 'zq_check_of_domain');

    CREATE TABLE zq_table (id int PRIMARY KEY, zq_column text, note text);
    INSERT INTO zq_table VALUES (1);
    ALTER TABLE zq_table ALTER note SET DEFAULT 'zq_default_of_column',
      ADD made text GENERATED ALWAYS AS (note || 'zq_generated') STORED,
      ADD CONSTRAINT zq_constraint CHECK (note <> 'zq_check_of_table');
    ALTER TABLE zq_table ADD old text DEFAULT 'zq_missing';
    ALTER TABLE zq_table ALTER old DROP DEFAULT;
    ALTER TABLE zq_table SET (autovacuum_vacuum_threshold = 207941), ALTER note SET (n_distinct = 207942),
      SET (toast.autovacuum_vacuum_threshold = 207943);
    CREATE INDEX zq_index ON zq_table ((note || 'zq_indexed')) WHERE note <> 'zq_predicate';
    CREATE STATISTICS zq_statistics ON (note || 'zq_statistics_expression'), id FROM zq_table;
    CREATE POLICY zq_policy ON zq_table USING (note <> 'zq_using') WITH CHECK (note <> 'zq_with_check');
    CREATE TABLE zq_once_used (id int); CREATE TABLE zq_once_checked (id int); CREATE TABLE zq_once_atomic (id int);
    CREATE TABLE zq_once_qualified (id int);
    CREATE POLICY zq_reading ON zq_table USING (EXISTS (SELECT FROM zq_once_used)) WITH CHECK (EXISTS (SELECT FROM zq_once_checked));
    CREATE FUNCTION zq_reading() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM zq_once_atomic; END;
    CREATE RULE zq_reading AS ON DELETE TO zq_table WHERE EXISTS (SELECT FROM zq_once_qualified) DO INSTEAD NOTHING;
    ALTER TABLE zq_once_used RENAME TO used; ALTER TABLE zq_once_checked RENAME TO checked;
    ALTER TABLE zq_once_atomic RENAME TO atomic; ALTER TABLE zq_once_qualified RENAME TO qualified;
    CREATE TABLE zq_parted (note text) PARTITION BY LIST ((note || 'zq_partition_key'));
    CREATE TABLE zq_part PARTITION OF zq_parted FOR VALUES IN ('zq_partition_bound');
    CREATE TABLE zq_detached PARTITION OF zq_parted DEFAULT;
    UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'zq_detached'::regclass;
    COMMENT ON TABLE zq_table IS 'zq_comment';
    INSERT INTO pg_seclabel VALUES ('zq_table'::regclass, 'pg_class'::regclass, 0, 'zq_provider', 'zq_label');

    CREATE VIEW zq_view AS SELECT 'zq_literal_in_view' AS zq_column_of_view;
    ALTER VIEW zq_view RENAME zq_column_of_view TO renamed;
    CREATE MATERIALIZED VIEW zq_materialised AS SELECT 1 AS one;
    CREATE RULE zq_rule AS ON INSERT TO zq_table WHERE new.note = 'zq_qualification'
      DO ALSO SELECT 'zq_action';

    CREATE FUNCTION zq_function(zq_argument text DEFAULT 'zq_default_of_argument') RETURNS text
      LANGUAGE sql SET app.note = 'zq_setting_of_function' AS $$ SELECT 'zq_body' $$;
    CREATE FUNCTION zq_atomic() RETURNS text BEGIN ATOMIC SELECT 'zq_body_of_atomic'; END;
    CREATE FUNCTION zq_in_c() RETURNS int LANGUAGE internal AS 'pg_backend_pid';
    UPDATE pg_proc SET probin = 'zq_library' WHERE proname = 'zq_in_c';
    CREATE AGGREGATE zq_aggregate(text) (SFUNC = textcat, STYPE = text, INITCOND = 'zq_initial',
      MSFUNC = textcat, MINVFUNC = textcat, MSTYPE = text, MINITCOND = 'zq_moving_initial');
    ALTER FUNCTION pg_catalog.lower(text) SET app.note = 'zq_setting_of_lower';
    CREATE OR REPLACE FUNCTION pg_catalog.pg_relation_size(regclass) RETURNS bigint LANGUAGE sql STRICT PARALLEL SAFE
      AS $$ SELECT pg_relation_size($1, 'main') -- zq_comment_in_body@ $$;
    CREATE FUNCTION zq_trigger_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER zq_trigger AFTER UPDATE ON zq_table FOR EACH ROW WHEN (new.note <> 'zq_when')
      EXECUTE FUNCTION zq_trigger_function('zq_trigger_argument');
    CREATE TRIGGER zq_transition AFTER UPDATE ON zq_table REFERENCING OLD TABLE AS zq_old_rows NEW TABLE AS zq_new_rows
      EXECUTE FUNCTION zq_trigger_function();
    CREATE FUNCTION zq_event_function() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER zq_event ON ddl_command_end WHEN TAG IN ('CREATE STATISTICS') EXECUTE FUNCTION zq_event_function();
    ALTER EVENT TRIGGER zq_event DISABLE;
    UPDATE pg_event_trigger SET evttags = '{zq_tag}';

    CREATE OPERATOR @@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat);
    UPDATE pg_operator SET oprname = 'zq_operator' WHERE oprname = '@@@' AND oid >= 16384;
    CREATE OPERATOR FAMILY zq_family USING btree;
    CREATE OPERATOR CLASS zq_class FOR TYPE int4 USING btree FAMILY zq_family AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int4, int4);
    CREATE ACCESS METHOD zq_method TYPE TABLE HANDLER heap_tableam_handler;
    CREATE LANGUAGE zq_language HANDLER plpgsql_call_handler;
    CREATE CONVERSION zq_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    CREATE TEXT SEARCH CONFIGURATION zq_configuration (PARSER = "default");
    CREATE TEXT SEARCH PARSER zq_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
    CREATE TEXT SEARCH TEMPLATE zq_template (LEXIZE = dsimple_lexize);
    CREATE TEXT SEARCH DICTIONARY zq_dictionary (TEMPLATE = simple);
    UPDATE pg_ts_dict SET dictinitoption = $$note = 'zq_option_of_dictionary'$$ WHERE dictname = 'zq_dictionary';
    CREATE COLLATION zq_collation (provider = libc, locale = 'C');
    UPDATE pg_collation SET collcollate = 'zq_collcollate', collctype = 'zq_collctype', collversion = 'zq_collversion',
      colllocale = 'zq_colllocale', collicurules = 'zq_collicurules' WHERE collname = 'zq_collation';

    CREATE FOREIGN DATA WRAPPER zq_wrapper OPTIONS (note 'zq_option_of_wrapper');
    CREATE SERVER zq_server TYPE 'zq_type_of_server' VERSION 'zq_version_of_server' FOREIGN DATA WRAPPER zq_wrapper;
    CREATE USER MAPPING FOR zq_role SERVER zq_server;
    CREATE FOREIGN TABLE zq_foreign (note text OPTIONS (note 'zq_option_of_column')) SERVER zq_server;
    CREATE PUBLICATION zq_publication FOR TABLE zq_table WHERE (note <> 'zq_filter');
    CREATE SUBSCRIPTION zq_subscription CONNECTION 'host=nowhere.test dbname=x' PUBLICATION zq_published
      WITH (connect = false, slot_name = 'zq_slot');

    CREATE EXTENSION hstore;
    CREATE TABLE zq_of_extension (zq_lonely_column text);
    INSERT INTO zq_of_extension VALUES ('x');
    ALTER EXTENSION hstore ADD TABLE zq_of_extension;
    UPDATE pg_extension SET extname = 'zq_extension', extversion = 'zq_version', extcondition = '{zq_condition}' WHERE extname = 'hstore';
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
      VALUES (90001, 'pg_columnmask', 10, 'public'::regnamespace, false, '1.0');

    CREATE TYPE zq_pair AS (one text, other int);
    CREATE TABLE zq_of_pair (pair zq_pair);
    ALTER TYPE zq_pair DROP ATTRIBUTE one;
    CREATE MATERIALIZED VIEW zq_copied AS SELECT most_common_vals::text FROM pg_stats;
    CREATE INDEX zq_plain ON zq_table (note);
    SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', 'zq_plain', 'attname', 'note', 'inherited', false,
      'null_frac', 0::real, 'avg_width', 9, 'n_distinct', 1::real, 'most_common_vals', '{x}', 'most_common_freqs', '{1}'::real[]);
    CREATE INDEX zq_dead ON zq_table (id);
    UPDATE pg_index SET indislive = false, indisvalid = false WHERE indexrelid = 'zq_dead'::regclass;
    SELECT lo_from_bytea(0, 'x');
    UPDATE information_schema.sql_features SET comments = 'zq@' WHERE feature_id = 'B011';
    UPDATE information_schema.sql_implementation_info SET comments = 'zq@' WHERE implementation_info_id = '10003';
    UPDATE information_schema.sql_sizing SET comments = 'zq@' WHERE sizing_id = 34;
    CREATE TABLE pg_catalog.zq_hidden (value text)`;
}
