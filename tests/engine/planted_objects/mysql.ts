/** A MySQL database and a server in which every column that is checked, and every part of the inventory, has something. @module */

import { columnNames } from "../../../lib/engine/catalogue_columns.ts";
import { catalogueColumns } from "../../../lib/mysql/schema/catalogue_columns.ts";
import type { Product as MysqlProduct } from "../../../lib/mysql/sql/product.ts";

/** An account with all rights, which reads what INFORMATION_SCHEMA shows of one's own roles. */
export const administrator = { user: "zqadministrator", password: "PasswordOfTheAdministrator1" };

const account = `'${administrator.user}'@'127.0.0._'`;
const role = "'zqrole'@'zqhostofrole'";
const attribute = (mark: string) => `SECONDARY_ENGINE_ATTRIBUTE = '{"by": "${mark}"}'`;

/** Of the server, by the superuser, before the database is there. */
export const plantedInMysqlServer = `
  CREATE USER ${account} IDENTIFIED BY '${administrator.password}';
  GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;
  CREATE ROLE ${role};
  GRANT ${role} TO ${account} WITH ADMIN OPTION;
  SET DEFAULT ROLE ALL TO ${account};
  CREATE USER zqdefinerofdualview; GRANT ALL ON *.* TO zqdefinerofdualview;
  CREATE USER zqdefineroffunction; GRANT ALL ON *.* TO zqdefineroffunction;
  CREATE USER zqlimited WITH MAX_QUERIES_PER_HOUR 7;
  CREATE USER rdsrepladmin;
  UPDATE mysql.user SET plugin = 'auth_socket', authentication_string = 'zqsocket' WHERE user = 'rdsrepladmin';
  GRANT SELECT ON zqgranted.* TO zqlimited;
  CREATE RESOURCE GROUP zqgroup TYPE = USER;
  CREATE TABLESPACE zqspace ADD DATAFILE 'zqfile.ibd' ENGINE_ATTRIBUTE = '{"by": "zqattributeoftablespace"}';
  CREATE SPATIAL REFERENCE SYSTEM 990001 NAME 'zqsystem@' ORGANIZATION 'zqorganization' IDENTIFIED BY 7 DEFINITION
    'GEOGCS["zqdefinition",DATUM["x",SPHEROID["x",6378137,298.257]],PRIMEM["x",0],UNIT["x",0.017],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'
    DESCRIPTION 'zqdescription';
  CREATE USER zqpersisting; GRANT ALL ON *.* TO zqpersisting;
  CREATE DEFINER = zqpersisting PROCEDURE sys.zqpersist() SET PERSIST max_connections = 200;
  CALL sys.zqpersist(); DROP PROCEDURE sys.zqpersist;
  CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'far.test', SOURCE_USER = 'repl', SOURCE_PASSWORD = 'x';

  CREATE TABLE mysql.plantedtable (id int);
  INSERT INTO mysql.ndb_binlog_index VALUES (1, 'x', 1, 1, 1, 1, 1, 1, 1, 1, 1, '');
  INSERT INTO mysql.password_history (host, user, password) VALUES ('%', 'zqgone', 'x');
  CREATE PROCEDURE mysql.plantedprocedure() SELECT 1;
  CREATE EVENT mysql.plantedevent ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
  INSERT INTO mysql.gtid_executed VALUES ('5eedda7a-1111-4222-8333-444455556666', 2079460123, 2079460123, '');

  CREATE TABLE sys.plantedtable (id int) PARTITION BY HASH (id);
  CREATE OR REPLACE DEFINER = zqlimited VIEW sys.version AS SELECT 'zqliteralofsys' AS sys_version;
  CREATE FUNCTION sys.plantedfunction(zqparameterofsys enum('zqlabelofparameterofsys')) RETURNS text DETERMINISTIC RETURN 'zqbodyofsys';
  CREATE TRIGGER sys.plantedtrigger BEFORE DELETE ON sys.sys_config FOR EACH ROW SET @x = 'zqtriggerofsys';
  CREATE EVENT sys.plantedevent ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1;
  INSERT INTO sys.sys_config (variable, value) VALUES ('plantedvariable', 'x');
  ALTER TABLE sys.sys_config ADD plantedcolumn varchar(99) DEFAULT 'zqdefaultofsys' COMMENT 'zqcommentofcolumnofsys',
    ADD plantedlabels enum('zqlabelofsys'), ADD plantedgenerated varchar(199) AS (concat(value, 'zqgeneratedofsys')) VIRTUAL,
    ADD INDEX zqindexofsys (value) COMMENT 'zqcommentofindexofsys', ADD CONSTRAINT plantedconstraint CHECK (value <> 'y'),
    STATS_PERSISTENT = 0, MAX_ROWS = 207946, COMMENT 'zqcommentofsys', MODIFY set_by varchar(128) ${
  attribute("zqattributeofcolumnofsys")
},
    DROP PRIMARY KEY, ADD PRIMARY KEY (variable) ${attribute("zqattributeofindexofsys")}, ${
  attribute("zqattributeofsys")
};
  ANALYZE TABLE sys.sys_config UPDATE HISTOGRAM ON value`;

/** In the database, by the superuser. */
export const plantedInMysqlDatabase = `
  CREATE TABLE zqlonely (id int);
  CREATE TABLE zqparent (zqreferenced int, CONSTRAINT zqunique UNIQUE (zqreferenced));
  CREATE TABLE zqtable (id int auto_increment, PRIMARY KEY (id) ${
  attribute("zqattributeofindex")
}, zqcolumn int, zqdropped int,
    note varchar(99) DEFAULT 'zqdefault' COMMENT 'zqcommentofcolumn', seen datetime ${attribute("zqattributeofcolumn")},
    made varchar(199) AS (concat(note, 'zqgenerated')) VIRTUAL, mood enum('zqlabel'),
    INDEX zqindex (note) COMMENT 'zqcommentofindex', INDEX ((concat(note, 'zqexpression'))),
    CONSTRAINT zqcheck CHECK (note <> 'zqclause'),
    CONSTRAINT zqforeign FOREIGN KEY (zqcolumn) REFERENCES zqparent (zqreferenced)) MAX_ROWS = 207945
    COMMENT 'zqcommentoftable' ${attribute("zqattributeoftable")};
  INSERT INTO zqtable (zqcolumn) VALUES (NULL);
  ALTER TABLE zqtable DROP zqdropped, ALGORITHM = INSTANT;
  ALTER TABLE zqtable ADD zqlater varchar(99) DEFAULT 'zqold', ALGORITHM = INSTANT;
  ANALYZE TABLE zqtable UPDATE HISTOGRAM ON zqlater;
  CREATE TABLE zqplaced (id int) TABLESPACE = zqspace;
  INSERT INTO mysql.innodb_index_stats VALUES (DATABASE(), 'zqgoneindexed', 'zqgoneindex', now(), 'size', 1, NULL, 'x'),
    (DATABASE(), 'zqlonely', 'zqformerindex', now(), 'size', 1, NULL, 'zqformerdescription');
  INSERT INTO mysql.innodb_table_stats VALUES (DATABASE(), 'zqgonetable', now(), 1, 1, 1),
    (DATABASE(), 'zqlonely#p#zqformerpartition', now(), 1, 1, 1);
  SET foreign_key_checks = 0;
  CREATE TABLE zqdangling (id int, FOREIGN KEY (id) REFERENCES zqabroad.zqmissing (zqnowhere));
  CREATE TABLE zqparted (zqlisted varchar(99), zqhashed int) STATS_PERSISTENT = 0 PARTITION BY LIST COLUMNS (zqlisted) SUBPARTITION BY HASH (zqhashed)
    (PARTITION zqpartition VALUES IN ('zqbound') (SUBPARTITION zqsubpartition));
  CREATE TABLE zqhashes (id int) PARTITION BY HASH (id) (PARTITION zqcommented COMMENT 'zqcommentofpartition' NODEGROUP = 20794);
  CREATE TABLE zqgeometry (zqplace point NOT NULL SRID 990001);
  CREATE TABLE zqnumbered (made datetime) ENGINE = MyISAM AUTO_INCREMENT = 7;
  CREATE TABLE zqfar (id int PRIMARY KEY) ENGINE = FEDERATED CONNECTION = 'mysql://reader:x@127.0.0.1:1/other/far';
  CREATE DEFINER = zqdefineroffunction FUNCTION zqfunction(zqparameter enum('zqlabelofparameter')) RETURNS enum('zqlabelofresult')
    DETERMINISTIC COMMENT 'zqcommentoffunction' RETURN 'zqbody';
  CREATE DEFINER = zqdefinerofroutine FUNCTION zqunused() RETURNS int DETERMINISTIC RETURN 1;
  CREATE FUNCTION zqforeignlanguage() RETURNS int DETERMINISTIC LANGUAGE zqlanguage AS 'x';
  CREATE DEFINER = zqdefineroftrigger TRIGGER zqtrigger BEFORE INSERT ON zqtable FOR EACH ROW SET new.note = 'zqtriggerbody';
  INSERT INTO mysql.time_zone VALUES (9001, 'N');
  INSERT INTO mysql.time_zone_name VALUES ('zqzone', 9001);
  INSERT INTO mysql.time_zone_transition_type VALUES (9001, 0, 0, 0, 'zqzonex');
  SET time_zone = 'zqzone';
  CREATE DEFINER = zqdefinerofevent EVENT zqevent ON SCHEDULE EVERY 207944 SECOND DISABLE COMMENT 'zqcommentofevent' DO SELECT 'zqeventbody';
  CREATE DEFINER = zqdefinerofview VIEW zqview AS
    SELECT zqlisted AS zqaliased, 'zqliteral' AS zqliteralcolumn FROM zqparted WHERE zqlisted <> zqfunction('zqlabelofparameter');
  CREATE TABLE zqroot (zqrootid int PRIMARY KEY, zqname text);
  CREATE TABLE zqchild (zqchildid int PRIMARY KEY, zqparentid int);
  CREATE DEFINER = zqdefinerofdualview JSON RELATIONAL DUALITY VIEW zqdual AS SELECT JSON_DUALITY_OBJECT('_id': zqrootid, 'zqkey': zqname,
    'zqchildren': (SELECT JSON_ARRAYAGG(JSON_DUALITY_OBJECT('zqchildkey': zqchildid, 'zqparentkey': zqparentid))
      FROM zqchild WHERE zqchild.zqparentid = zqroot.zqrootid)) FROM zqroot`;

/** In the database, by the administrator. */
export const plantedByAdministrator: readonly string[] = [
  `GRANT SELECT (zqcolumn), INSERT ON zqtable TO ${role}`,
  `GRANT EXECUTE ON FUNCTION zqfunction TO ${role}`,
  `CREATE LIBRARY zqlibrary COMMENT 'zqcommentoflibrary' LANGUAGE JAVASCRIPT AS $$ export const by = "zqlibrarybody" $$`,
  "CREATE LIBRARY zqabsent LANGUAGE JAVASCRIPT AS $$ export const one = 1 $$",
  `CREATE FUNCTION zqimporting() RETURNS int DETERMINISTIC LANGUAGE JAVASCRIPT USING (zqabsent) AS $$ return 1 $$`,
  "DROP LIBRARY zqabsent",
];

/** MariaDB's view of accounts, and tables of programs, in which the server takes no row for a broken one. */
const unwritable: Readonly<Record<MysqlProduct, readonly string[]>> = { mysql: [], mariadb: ["event", "proc", "user"] };

/** A row in each table of the schema `mysql` that has columns that are checked, with a mark of its own in each. Nothing may run after. */
export function plantedInSystemTables(product: MysqlProduct): string {
  const columns = catalogueColumns[product].flatMap((part) => part.answer === "checked" ? columnNames(part) : [])
    .map((column, at) => ({ place: column.split("."), mark: `zq${String(at).padStart(4, "0")}` }))
    .filter(({ place: [schema, table = ""] }) => schema === "mysql" && !unwritable[product].includes(table));
  const rows = [...Map.groupBy(columns, ({ place: [, name] }) => name)].map(([name, own]) =>
    `INSERT IGNORE INTO mysql.${name} SET ${
      own.map(({ place: [, , column], mark }) => `${column} = '${column === "configuration" ? `"${mark}"` : mark}'`)
        .join(", ")
    }`
  );
  const attributes = {
    mysql: [`UPDATE mysql.user SET user_attributes = '{"other": "x"}' WHERE user = 'zqlimited'`],
    mariadb: [],
  }[product];
  return ["SET sql_mode = ''", ...rows, ...attributes].join(";");
}
