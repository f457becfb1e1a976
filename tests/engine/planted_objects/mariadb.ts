/** A MariaDB database and a server in which every column that is checked, and every part of the inventory, has something. @module */

import { administrator } from "./mysql.ts";

const account = `'${administrator.user}'@'127.0.0._'`;

/** Of the server, by the superuser, before the database is there. */
export const plantedInMariadbServer = `
  CREATE USER ${account} IDENTIFIED BY '${administrator.password}';
  GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;
  CREATE ROLE zqrole WITH ADMIN ${account};
  SET DEFAULT ROLE zqrole FOR ${account};
  CREATE USER zqdefineroffunction; GRANT ALL ON *.* TO zqdefineroffunction;
  CREATE USER zqlimited WITH MAX_QUERIES_PER_HOUR 7;
  GRANT SELECT ON zqgranted.* TO zqlimited;
  CREATE USER rdsrepladmin;
  UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.plugin', 'auth_socket', '$.authentication_string', 'zqsocket')
    WHERE user = 'rdsrepladmin';
  UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.other', 'zqattribute', '$.plugin', 'zqplugin', '$.ssl_cipher', 'zqcipher', '$.x509_issuer', 'zqissuer',
    '$.x509_subject', 'zqsubject') WHERE user = 'zqlimited';

  CREATE TABLE mysql.plantedtable (id int);
  CREATE TABLE mysql.ndb_binlog_index (id int);
  INSERT INTO mysql.ndb_binlog_index VALUES (1);
  CREATE PROCEDURE mysql.plantedprocedure() COMMENT 'zqcommentofroutineofmysql' SELECT 'zqbodyofmysql';
  CREATE EVENT mysql.plantedevent ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
  ALTER DATABASE mysql COMMENT = 'zqcommentofmysql';

  CREATE VIEW mysql.plantedview AS SELECT 'zqliteralofmysql' AS one;
  CREATE DATABASE zqgone; CREATE PROCEDURE zqgone.one() SELECT 1;
  CREATE EVENT zqgone.one ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
  UPDATE mysql.proc SET db = 'zqnowhere' WHERE db = 'zqgone';
  UPDATE mysql.event SET db = 'zqnowhere' WHERE db = 'zqgone';
  DROP DATABASE zqgone;

  CREATE TABLE sys.plantedtable (id int) PARTITION BY HASH (id);
  CREATE OR REPLACE DEFINER = zqlimited VIEW sys.version AS SELECT 'zqliteralofsys' AS sys_version;
  CREATE FUNCTION sys.plantedfunction(zqparameterofsys enum('zqlabelofparameterofsys')) RETURNS text DETERMINISTIC RETURN 'zqbodyofsys';
  CREATE TRIGGER sys.plantedtrigger BEFORE DELETE ON sys.sys_config FOR EACH ROW SET @x = 'zqtriggerofsys';
  CREATE EVENT sys.plantedevent ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
  INSERT INTO sys.sys_config (variable, value) VALUES ('plantedvariable', 'x');
  ALTER TABLE sys.sys_config ADD plantedcolumn varchar(99) DEFAULT 'zqdefaultofsys' COMMENT 'zqcommentofcolumnofsys',
    ADD plantedlabels enum('zqlabelofsys'), ADD plantedgenerated varchar(199) AS (concat(value, 'zqgeneratedofsys')) VIRTUAL,
    ADD INDEX zqindexofsys (value) COMMENT 'zqcommentofindexofsys', ADD CONSTRAINT plantedconstraint CHECK (value <> 'y'),
    MAX_ROWS = 207946, COMMENT 'zqcommentofsys';
  INSERT INTO mysql.column_stats (db_name, table_name, column_name) VALUES ('sys', 'sys_config', 'value')`;

/** In the database, by the superuser. */
export const plantedInMariadbDatabase = `
  CREATE TABLE zqlonely (id int);
  CREATE TABLE zqparent (zqreferenced int, CONSTRAINT zqunique UNIQUE (zqreferenced));
  SET sql_mode = IGNORE_BAD_TABLE_OPTIONS;
  CREATE TABLE zqtable (id int auto_increment, PRIMARY KEY (id), zqcolumn int,
    note varchar(99) DEFAULT 'zqdefault' COMMENT 'zqcommentofcolumn',
    made varchar(199) AS (concat(note, 'zqgenerated')) VIRTUAL, mood enum('zqlabel'),
    INDEX zqindex (note) COMMENT 'zqcommentofindex',
    CONSTRAINT zqcheck CHECK (note <> 'zqclause'),
    CONSTRAINT zqforeign FOREIGN KEY (zqcolumn) REFERENCES zqparent (zqreferenced)) MAX_ROWS = 207945
    zqoption = 'zqvalueofoption' COMMENT 'zqcommentoftable';
  SET sql_mode = '';
  INSERT INTO zqtable (zqcolumn) VALUES (NULL);
  CREATE SEQUENCE zqsequence;
  CREATE TABLE zqlasting (id int, zqbegin date, zqend date, PERIOD FOR zqperiod (zqbegin, zqend), CONSTRAINT zqnooverlaps UNIQUE (id, zqperiod WITHOUT OVERLAPS));
  INSERT INTO mysql.innodb_index_stats VALUES (DATABASE(), 'zqgoneindexed', 'zqgoneindex', now(), 'size', 1, NULL, 'x'),
    (DATABASE(), 'zqlonely', 'zqformerindex', now(), 'size', 1, NULL, 'zqformerdescription');
  INSERT INTO mysql.innodb_table_stats VALUES (DATABASE(), 'zqgonetable', now(), 1, 1, 1),
    (DATABASE(), 'zqlonely#p#zqformerpartition', now(), 1, 1, 1);
  INSERT INTO mysql.column_stats (db_name, table_name, column_name) VALUES (DATABASE(), 'zqcountedtable', 'zqcountedcolumn');
  INSERT INTO mysql.index_stats VALUES (DATABASE(), 'zqindexedtable', 'zqcountedindex', 1, 1);
  INSERT INTO mysql.table_stats VALUES (DATABASE(), 'zqcounted', 1);
  SET foreign_key_checks = 0;
  CREATE TABLE zqdangling (id int, FOREIGN KEY (id) REFERENCES zqabroad.zqmissing (zqnowhere));
  CREATE TABLE zqparted (zqlisted varchar(99), zqhashed int) PARTITION BY LIST COLUMNS (zqlisted) SUBPARTITION BY HASH (zqhashed)
    (PARTITION zqpartition VALUES IN ('zqbound') (SUBPARTITION zqsubpartition));
  CREATE TABLE zqhashes (id int) PARTITION BY HASH (id) (PARTITION zqcommented COMMENT 'zqcommentofpartition' NODEGROUP = 20794);
  CREATE TABLE zqgeometry (zqplace point NOT NULL);
  CREATE TABLE zqnumbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 7;
  CREATE DEFINER = zqdefineroffunction FUNCTION zqfunction(zqparameter enum('zqlabelofparameter')) RETURNS enum('zqlabelofresult')
    DETERMINISTIC COMMENT 'zqcommentoffunction' RETURN 'zqbody';
  SET sql_mode = ORACLE;
  CREATE DEFINER = zqdefinerofpackage PACKAGE zqpackage AS FUNCTION zqinside RETURN int; END;
  CREATE PACKAGE BODY zqpackage AS FUNCTION zqinside RETURN int AS BEGIN RETURN length('zqbodyofpackage'); END; END;
  SET sql_mode = '';
  CREATE DEFINER = zqdefineroftrigger TRIGGER zqtrigger BEFORE INSERT ON zqtable FOR EACH ROW SET new.note = 'zqtriggerbody';
  INSERT INTO mysql.time_zone VALUES (9001, 'N');
  INSERT INTO mysql.time_zone_name VALUES ('zqzone', 9001);
  INSERT INTO mysql.time_zone_transition_type VALUES (9001, 0, 0, 0, 'zqzonex');
  SET time_zone = 'zqzone';
  CREATE DEFINER = zqdefinerofevent EVENT zqevent ON SCHEDULE EVERY 207944 SECOND DISABLE COMMENT 'zqcommentofevent' DO SELECT 'zqeventbody';
  CREATE DEFINER = zqdefinerofview VIEW zqview AS
    SELECT zqlisted AS zqaliased, 'zqliteral' AS zqliteralcolumn FROM zqparted WHERE zqlisted <> zqfunction('zqlabelofparameter');
  ALTER DATABASE COMMENT = 'zqcommentofdatabase';
  CREATE TABLE zqlost (id int)`;

/** What the administrator grants, in the database. */
export const grantedByMariadbAdministrator: readonly string[] = [
  "GRANT SELECT (zqcolumn), INSERT ON zqtable TO zqrole",
  "GRANT EXECUTE ON FUNCTION zqfunction TO zqrole",
];

/** The file of a table whose definition is to be lost. */
export const lostInMariadb = "zqlost.frm";
