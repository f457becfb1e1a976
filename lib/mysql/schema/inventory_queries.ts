/** The queries behind the inventory: objects are kind, name and text; names are what has it, and the name. @module */

import { joinSql, Name, ofVersion, Sql, type VersionedSql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { rdsDefiner, rdsRoutines } from "../sql/rds_names.ts";
import { uuid } from "../../engine/token_shapes.ts";
import { closedTables, isOwnAccount, serverTables, sysExamples, sysObjects } from "./server_tables.ts";
import { mariadbOnly, type Product, spelledBy } from "../sql/product.ts";
import { hasMatch, hasMatchInAnyCase } from "../sql/regexp.ts";

/** Whose server it is, and its version as that product counts it: 804 is MySQL 8.4. */
export interface Release {
  readonly product: Product;
  readonly version: number;
}

/** What a server of either product has, from a version of MySQL on, or what one product alone has. */
type Part = Sql | { readonly [product in Product]?: readonly VersionedSql[] };

/** Definers of the server's and RDS's own objects in sys and mysql. */
const ownDefiners = sql`(${
  spelledBy({ mysql: "'mysql.sys@localhost'", mariadb: "'mariadb.sys@localhost'" })
}, ${rdsDefiner})`;

function union(parts: readonly Part[], { product, version }: Release): Sql {
  const queries = parts.flatMap((part) => part instanceof Sql ? [part] : part[product] ?? []);
  return joinSql(queries.flatMap((query) => ofVersion(query, version)), " UNION ALL ");
}

/**
 * As {@linkcode databaseObjects}, the comments of its tables. They come before all other queries of a statement: once that has read the
 * text of a view of what is not there, the server gives its complaint about the view instead of every comment.
 */
export function tableComments(here: Sql): Sql {
  return sql`SELECT 'comment' AS kind, CONCAT('table ', table_name) AS name, table_comment AS body
    FROM information_schema.tables WHERE table_schema = ${here} AND table_type NOT LIKE '%VIEW' AND table_comment <> ''`;
}

/** Kind, name and text of every other object of one database; a text that is NULL may not be read. */
export function databaseObjects(here: Sql, release: Release): Sql {
  return union([
    // An empty definition is one that the user may not see.
    sql`SELECT 'view' AS kind, table_name AS name, NULLIF(view_definition, '') AS body
      FROM information_schema.views WHERE table_schema = ${here}`,
    sql`SELECT 'function', ${routineName}, routine_definition
      FROM information_schema.routines WHERE routine_schema = ${here}`,
    sql`SELECT 'trigger', CONCAT(trigger_name, ' on ', event_object_table), action_statement
      FROM information_schema.triggers WHERE trigger_schema = ${here}`,
    sql`SELECT 'event', event_name, event_definition FROM information_schema.events WHERE event_schema = ${here}`,
    sql`SELECT 'generated column', CONCAT(table_name, '.', column_name), generation_expression
      FROM information_schema.columns WHERE table_schema = ${here} AND generation_expression <> ''`,
    sql`SELECT 'default', CONCAT(table_name, '.', column_name), column_default
      FROM information_schema.columns WHERE table_schema = ${here} AND ${hasDefault}`,
    sql`SELECT 'enum labels', CONCAT(table_name, '.', column_name), column_type
      FROM information_schema.columns WHERE table_schema = ${here} AND data_type IN ('enum', 'set')`,
    sql`SELECT 'check constraint', CONCAT(t.constraint_name, ' on ', t.table_name), c.check_clause
      FROM ${checks} WHERE t.table_schema = ${here} AND t.constraint_type = 'CHECK'`,
    {
      mysql: [
        sql`SELECT 'index expression', CONCAT(index_name, ' on ', table_name), expression
          FROM information_schema.statistics WHERE table_schema = ${here} AND expression IS NOT NULL`,
      ],
      mariadb: [
        sql`SELECT 'comment', CONCAT('database ', schema_name), schema_comment FROM information_schema.schemata
          WHERE schema_name = ${here} AND schema_comment <> ''`,
      ],
    },
    // The server keeps no bound of a partition by hash or key; elsewhere NULL means that the user may not see it.
    sql`SELECT 'partition bound', CONCAT(partition_name, ' of ', table_name),
        CASE WHEN partition_method LIKE '%HASH' OR partition_method LIKE '%KEY' THEN ''
          WHEN partition_method LIKE 'LIST%' THEN CONCAT('IN (', partition_description, ')') ELSE partition_description END
      FROM information_schema.partitions WHERE table_schema = ${here} AND partition_name IS NOT NULL`,
    sql`SELECT 'comment', CONCAT('column ', table_name, '.', column_name), column_comment
      FROM information_schema.columns WHERE table_schema = ${here} AND column_comment <> ''`,
    sql`SELECT DISTINCT 'comment', CONCAT('index ', index_name, ' on ', table_name), index_comment
      FROM information_schema.statistics WHERE table_schema = ${here} AND index_comment <> ''`,
    sql`SELECT 'comment', CONCAT('function ', ${routineName}), routine_comment
      FROM information_schema.routines WHERE routine_schema = ${here} AND routine_comment <> ''`,
    sql`SELECT 'comment', CONCAT('event ', event_name), event_comment
      FROM information_schema.events WHERE event_schema = ${here} AND event_comment <> ''`,
    // The parts of one such as '1:30' MINUTE_SECOND may be those of one number.
    sql`SELECT 'option', CONCAT('event ', event_name), CONCAT('interval=', REGEXP_REPLACE(interval_value, '[^0-9]', ''))
      FROM information_schema.events WHERE event_schema = ${here} AND interval_value IS NOT NULL`,
    {
      mysql: [
        sql`SELECT 'foreign table', table_name, '' FROM information_schema.tables
          WHERE table_schema = ${here} AND engine = 'FEDERATED'`,
      ],
    },
    sql`SELECT 'table of another storage engine', CONCAT(table_name, ' (', engine, ')'), ''
      FROM information_schema.tables
      WHERE table_schema = ${here} AND table_type NOT LIKE '%VIEW' AND engine NOT IN ('InnoDB', 'FEDERATED')`,
    // Options that INFORMATION_SCHEMA does not show are read by SHOW CREATE TABLE.
    sql`SELECT 'option', CONCAT('table ', table_name), CONCAT_WS(' ', create_options)
      FROM information_schema.tables WHERE table_schema = ${here} AND create_options <> ''`,
    {
      mysql: [
        ...engineAttributes(sql`table_name`, sql`table_schema = ${here}`),
        // MyISAM keeps such a number for tables that number no column, too; of MariaDB's only SHOW CREATE TABLE prints it.
        sql`SELECT 'option', CONCAT('table ', t.table_name), CONCAT('auto_increment=', t.auto_increment)
          FROM information_schema.tables AS t
          WHERE t.table_schema = ${here} AND t.engine <> 'FEDERATED' AND t.auto_increment IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM information_schema.columns AS c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name
              AND c.extra LIKE '%auto_increment%')`,
      ],
    },
    // Kept for every storage engine, though only NDB Cluster has such groups.
    sql`SELECT DISTINCT 'option', CONCAT('partition ', partition_name, ' of ', table_name), CONCAT('nodegroup=', nodegroup)
      FROM information_schema.partitions
      WHERE table_schema = ${here} AND partition_name IS NOT NULL AND nodegroup REGEXP '^[0-9]+$'`,
    sql`SELECT DISTINCT 'partition key', table_name, CONCAT_WS(' ', partition_expression, subpartition_expression)
      FROM information_schema.partitions WHERE table_schema = ${here} AND partition_name IS NOT NULL`,
    sql`SELECT 'enum labels', CONCAT('parameter ', specific_name, '.', COALESCE(parameter_name, 'result')), dtd_identifier
      FROM information_schema.parameters WHERE specific_schema = ${here} AND data_type IN ('enum', 'set')`,
    sql`SELECT 'comment', CONCAT('partition ', partition_name, ' of ', table_name), partition_comment
      FROM information_schema.partitions WHERE table_schema = ${here} AND partition_comment <> ''`,
    {
      mysql: [[
        902,
        sql`SELECT 'library', library_name, CONCAT_WS(' ', library_name, library_definition, library_comment, creator)
        FROM information_schema.libraries WHERE library_schema = ${here}`,
      ]],
    },
  ], release);
}

/** A routine's; a package of MariaDB's has the same as its body. */
export const routineName: Sql = sql`CONCAT(routine_name, IF(routine_type = 'PACKAGE BODY', ' (body)', ''))`;

/** Of a column. In MariaDB each is an expression, and the word is for none. */
const hasDefault = sql`column_default IS NOT NULL ${mariadbOnly("AND column_default <> 'NULL'")}`;

/** MariaDB's conditions have names of a table's own. */
const checks = sql`information_schema.table_constraints t JOIN information_schema.check_constraints c
  ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
    ${mariadbOnly("AND c.table_name = t.table_name")}`;

/** Attributes for storage engines, which the server keeps whatever the engine: of the tables of a condition, by the table's name. */
function engineAttributes(name: Sql, where: Sql): readonly Sql[] {
  const text = sql`CONCAT_WS(' ', CAST(engine_attribute AS CHAR), CAST(secondary_engine_attribute AS CHAR))`;
  const there = sql`${where} AND COALESCE(engine_attribute, secondary_engine_attribute) IS NOT NULL`;
  return [
    sql`SELECT 'option', CONCAT('table ', ${name}), ${text} FROM information_schema.tables_extensions WHERE ${there}`,
    sql`SELECT 'option', CONCAT('column ', ${name}, '.', column_name), ${text}
      FROM information_schema.columns_extensions WHERE ${there}`,
    sql`SELECT 'option', CONCAT('index ', constraint_name, ' on ', ${name}), ${text}
      FROM (SELECT constraint_schema AS table_schema, table_name, constraint_name, engine_attribute, secondary_engine_attribute
        FROM information_schema.table_constraints_extensions) AS attributes WHERE ${there}`,
  ];
}

/** As {@linkcode databaseObjects}, for queries that need the privilege PROCESS. */
export function innodbObjects(here: Sql, release: Release): Sql {
  return union([{
    mysql: [
      // The value of rows older than ALTER TABLE ADD COLUMN … DEFAULT, until the table is rebuilt.
      sql`SELECT 'value for old rows' AS kind, CONCAT(SUBSTRING_INDEX(t.name, '/', -1), '.', c.name) AS name,
          CONVERT(UNHEX(c.default_value) USING latin1) AS body
        FROM information_schema.innodb_columns c JOIN information_schema.innodb_tables t ON t.table_id = c.table_id
        WHERE t.name LIKE CONCAT(${nameInInnodb(here)}, '/%') AND c.default_value IS NOT NULL`,
    ],
    // MariaDB shows no such value. Tables that only InnoDB knows of: their definition is gone, and their rows are in a file.
    mariadb: [
      sql`SELECT 'table without a definition' AS kind, ${fromFileName(inInnodb)} AS name, '' AS body
        FROM information_schema.innodb_sys_tables AS i WHERE ${
        fromFileName(sql`SUBSTRING_INDEX(name, '/', 1)`)
      } = ${here}
          AND ${fromFileName(sql`REGEXP_REPLACE(${inInnodb}, '#(?:[Pp]|i)#.*$', '')`)} NOT IN
            (SELECT t.table_name FROM information_schema.tables AS t WHERE t.table_schema = ${here})
          AND (${inInnodb} NOT REGEXP '^FTS_[0-9a-f]{16}_' OR CONV(SUBSTRING(${inInnodb}, 5, 16), 16, 10) NOT IN
            (SELECT f.table_id FROM information_schema.innodb_sys_tables AS f))`,
    ],
  }], release);
}

/** A table's name by innodb_sys_tables, as its file's. */
const inInnodb = sql`SUBSTRING_INDEX(name, '/', -1)`;

/** The name that a file's encodes (MariaDB, "Mapping of Identifiers to File Names"). */
function fromFileName(name: Sql): Sql {
  return sql`CONVERT(CONVERT(CAST(${name} AS BINARY) USING filename) USING utf8mb4)`;
}

/** As {@linkcode databaseNames}, for queries that need the privilege PROCESS, or SELECT on the schema `mysql`. */
export function innodbNames(here: Sql, release: Release): Sql {
  const ofDroppedTables = sql`SUBSTRING_INDEX(table_name, '#', 1) NOT IN
    (SELECT t.table_name FROM information_schema.tables AS t WHERE t.table_schema = ${here})`;
  return union([
    // Of dropped tables.
    sql`SELECT 'index statistics' AS what, CONCAT_WS(' ', table_name, index_name, stat_name, stat_description) AS name
      FROM mysql.innodb_index_stats WHERE database_name = ${here} AND ${ofDroppedTables}`,
    sql`SELECT 'table statistics', table_name FROM mysql.innodb_table_stats WHERE database_name = ${here} AND ${ofDroppedTables}`,
    // Of tables that are there, with names that columns, indexes and partitions had once.
    sql`SELECT DISTINCT 'index statistics', stat_description FROM mysql.innodb_index_stats WHERE database_name = ${here}`,
    // Joined to a list that is made once: what is IN a subquery beside an OR, the server asks anew for each row.
    sql`SELECT DISTINCT 'index statistics', CONCAT_WS(' ', index_name, stat_name) FROM mysql.innodb_index_stats
      LEFT JOIN (SELECT DISTINCT s.index_name AS known FROM information_schema.statistics AS s
        WHERE s.table_schema = ${here}) AS indexes ON known = index_name
      WHERE database_name = ${here} AND (stat_name NOT REGEXP '^(size|n_leaf_pages|n_diff_pfx[0-9]+)$' OR known IS NULL)`,
    sql`SELECT 'table statistics', table_name FROM mysql.innodb_table_stats
      WHERE database_name = ${here} AND LOCATE('#', table_name) > 0`,
    {
      mysql: [
        // Names of instantly dropped columns remain until the table is rebuilt.
        sql`SELECT 'dropped column', c.name
          FROM information_schema.innodb_columns c JOIN information_schema.innodb_tables t ON t.table_id = c.table_id
          WHERE t.name LIKE CONCAT(${nameInInnodb(here)}, '/%') AND c.name LIKE '!hidden!%'`,
      ],
      mariadb: [
        sql`SELECT 'statistics', CONCAT_WS(' ', table_name, column_name) FROM mysql.column_stats WHERE db_name = ${here}`,
        sql`SELECT 'statistics', CONCAT_WS(' ', table_name, index_name) FROM mysql.index_stats WHERE db_name = ${here}`,
        sql`SELECT 'statistics', table_name FROM mysql.table_stats WHERE db_name = ${here}`,
      ],
    },
  ], release);
}

/** InnoDB encodes characters other than ASCII letters and digits: such names are compared by their common part. */
function nameInInnodb(name: Sql): Sql {
  return sql`REGEXP_REPLACE(${name}, '[^A-Za-z0-9_]', '@%')`;
}

/** Every name in one database. */
export function databaseNames(here: Sql, release: Release): Sql {
  return union([
    sql`SELECT 'table' AS what, table_name AS name FROM information_schema.tables WHERE table_schema = ${here}`,
    sql`SELECT 'column', column_name FROM information_schema.columns WHERE table_schema = ${here}`,
    sql`SELECT 'index', index_name FROM information_schema.statistics WHERE table_schema = ${here}`,
    sql`SELECT 'constraint', constraint_name FROM information_schema.table_constraints WHERE table_schema = ${here}`,
    sql`SELECT 'constraint', constraint_name FROM information_schema.check_constraints WHERE constraint_schema = ${here}`,
    // Without foreign_key_checks a key may name a table that is not there: nothing else has its name then.
    sql`SELECT 'referenced table', CONCAT_WS(' ', referenced_table_schema, referenced_table_name, referenced_column_name)
      FROM information_schema.key_column_usage WHERE table_schema = ${here} AND referenced_table_name IS NOT NULL`,
    sql`SELECT 'routine', routine_name FROM information_schema.routines WHERE routine_schema = ${here}`,
    sql`SELECT 'parameter', parameter_name FROM information_schema.parameters
      WHERE specific_schema = ${here} AND parameter_name IS NOT NULL`,
    sql`SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = ${here}`,
    sql`SELECT 'event', CONCAT_WS(' ', event_name, interval_value, time_zone) FROM information_schema.events
      WHERE event_schema = ${here}`,
    sql`SELECT 'partition', CONCAT_WS(' ', partition_name, subpartition_name) FROM information_schema.partitions
      WHERE table_schema = ${here} AND partition_name IS NOT NULL`,
    sql`SELECT 'definer', definer FROM information_schema.views WHERE table_schema = ${here}`,
    sql`SELECT 'definer', definer FROM information_schema.routines WHERE routine_schema = ${here}`,
    sql`SELECT 'definer', definer FROM information_schema.triggers WHERE trigger_schema = ${here}`,
    sql`SELECT 'definer', definer FROM information_schema.events WHERE event_schema = ${here}`,
    {
      mysql: [
        // Neither the language nor a library need be there.
        sql`SELECT 'language', external_language FROM information_schema.routines
          WHERE routine_schema = ${here} AND external_language <> 'SQL'`,
        [
          902,
          sql`SELECT 'library', CONCAT_WS(' ', library_schema, library_name, library_version)
            FROM information_schema.routine_libraries WHERE routine_schema = ${here}`,
        ],
      ],
    },
  ], release);
}

/** As {@linkcode tableComments}, of the server's own tables. */
export function serverTableComments(): Sql {
  return sql`SELECT 'comment' AS kind, CONCAT(table_schema, '.', table_name) AS name, table_comment AS body
    FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND ${ofServer} AND table_comment <> ''`;
}

/** Objects in sys and mysql that are not the server's, other texts of those that have its names, and objects outside of databases. */
export function serverObjects(release: Release): Sql {
  const inSys = sysObjects[release.product];
  return union([
    sql`SELECT 'leftover in mysql' AS kind, table_name AS name, '' AS body FROM information_schema.tables
      WHERE table_schema = 'mysql' AND NOT ${hasMatch(sql`table_name`, serverTables[release.product])}`,
    // Not every server has this table.
    sql`SELECT 'leftover in mysql', 'rows of ndb_binlog_index', '' FROM information_schema.tables
      WHERE table_schema = 'mysql' AND table_name = 'ndb_binlog_index' AND table_rows > 0`,
    sql`SELECT 'leftover in mysql', CONCAT('routine ', routine_name), '' FROM information_schema.routines
      WHERE routine_schema = 'mysql' AND NOT ((${
      hasMatchInAnyCase(sql`routine_name`, rdsRoutines)
    }) AND definer = ${rdsDefiner}
        ${mariadbOnly("OR routine_name IN ('AddGeometryColumn', 'DropGeometryColumn')")})`,
    sql`SELECT 'leftover in mysql', CONCAT('trigger ', trigger_name), '' FROM information_schema.triggers
      WHERE trigger_schema = 'mysql'`,
    // RDS shows its master user no events of this schema, and no other user can create one there.
    sql`SELECT 'leftover in mysql', CONCAT('event ', event_name), '' FROM information_schema.events
      WHERE event_schema = 'mysql' AND NOT ((${
      hasMatchInAnyCase(sql`event_name`, rdsRoutines)
    }) AND definer = ${rdsDefiner})`,
    sql`SELECT 'object in a system schema', CONCAT('sys.', table_name), '' FROM information_schema.tables
      WHERE table_schema = 'sys' AND NOT (${hasMatch(sql`table_name`, inSys)}
        AND (table_type = 'VIEW' OR table_name = 'sys_config' AND engine = ${
      spelledBy({ mysql: "'InnoDB'", mariadb: "'Aria'" })
    }))`,
    sql`SELECT 'object in a system schema', CONCAT('sys.', table_name), '' FROM information_schema.views
      WHERE table_schema = 'sys' AND ${hasMatch(sql`table_name`, inSys)} AND definer NOT IN ${ownDefiners}`,
    sql`SELECT 'object in a system schema', CONCAT('routine sys.', routine_name), '' FROM information_schema.routines
      WHERE routine_schema = 'sys' AND NOT (${hasMatch(sql`routine_name`, inSys)} AND definer IN ${ownDefiners})`,
    sql`SELECT 'object in a system schema', CONCAT('trigger sys.', trigger_name), '' FROM information_schema.triggers
      WHERE trigger_schema = 'sys' AND NOT (${hasMatch(sql`trigger_name`, inSys)} AND definer IN ${ownDefiners})`,
    sql`SELECT 'object in a system schema', CONCAT('event sys.', event_name), '' FROM information_schema.events
      WHERE event_schema = 'sys'`,
    sql`SELECT 'object in a system schema', CONCAT('column sys.', table_name, '.', column_name), '' FROM information_schema.columns
      WHERE table_schema = 'sys' AND table_name = 'sys_config' AND CONCAT(column_name, ' ', column_type)
        NOT IN ('variable varchar(128)', 'value varchar(128)', 'set_time timestamp', 'set_by varchar(128)')`,
    sql`SELECT 'object in a system schema', CONCAT('index sys.', table_name, '.', index_name), '' FROM information_schema.statistics
      WHERE table_schema = 'sys' AND (index_name <> 'PRIMARY' OR column_name IS NULL)`,
    sql`SELECT 'object in a system schema', CONCAT('constraint ', constraint_name, ' on ', table_schema, '.', table_name), ''
      FROM information_schema.table_constraints
      WHERE ${ofServer} AND constraint_type NOT IN ('PRIMARY KEY', 'UNIQUE')
        ${mariadbOnly("AND CONCAT(table_name, '.', constraint_name) NOT IN ('servers.Options', 'global_priv.Priv')")}`,
    sql`SELECT 'object in a system schema', CONCAT('partition ', partition_name, ' of sys.', table_name), ''
      FROM information_schema.partitions WHERE table_schema = 'sys' AND partition_name IS NOT NULL`,
    sql`SELECT 'comment', CONCAT(table_schema, '.', table_name, '.', column_name), column_comment
      FROM information_schema.columns WHERE ${ofServer} AND column_comment <> ''`,
    sql`SELECT 'default', CONCAT(table_schema, '.', table_name, '.', column_name), column_default
      FROM information_schema.columns WHERE ${ofServer} AND column_default <> ''`,
    sql`SELECT 'enum labels', CONCAT(table_schema, '.', table_name, '.', column_name), column_type
      FROM information_schema.columns WHERE ${ofServer} AND data_type IN ('enum', 'set')
        ${mariadbOnly("AND column_type <> 'set(''Execute'',''Alter Routine'',''Grant'',''Show Create Routine'')'")}`,
    sql`SELECT 'enum labels', CONCAT('parameter sys.', specific_name, '.', COALESCE(parameter_name, 'result')), dtd_identifier
      FROM information_schema.parameters WHERE specific_schema = 'sys' AND data_type IN ('enum', 'set')`,
    sql`SELECT 'option', CONCAT('table ', table_schema, '.', table_name), create_options
      FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND ${ofServer} AND create_options <> ''`,
    sql`SELECT 'generated column', CONCAT(table_schema, '.', table_name, '.', column_name), generation_expression
      FROM information_schema.columns WHERE ${ofServer} AND generation_expression <> ''`,
    sql`SELECT DISTINCT 'comment', CONCAT('index ', index_name, ' on ', table_schema, '.', table_name), index_comment
      FROM information_schema.statistics WHERE ${ofServer} AND index_comment <> ''`,
    sql`SELECT 'row of a system table', CONCAT('sys.sys_config ', variable), CONCAT_WS(' ', variable, value, set_by)
      FROM sys.sys_config`,
    sql`SELECT 'option', CONCAT('account ', user, '@', host), CONCAT('max_questions=', max_questions, ' max_updates=', max_updates,
        ' max_connections=', max_connections, ' max_user_connections=', max_user_connections) FROM mysql.user
      WHERE max_questions + max_updates + max_connections + max_user_connections > 0`,
    {
      mysql: [
        sql`SELECT DISTINCT 'leftover in mysql', 'password_history of accounts that are gone', ''
          FROM mysql.password_history AS former WHERE NOT EXISTS
            (SELECT 1 FROM mysql.user AS account WHERE account.user = former.user AND account.host = former.host)`,
        sql`SELECT 'object in a system schema', CONCAT('histogram of ', schema_name, '.', table_name, '.', column_name), ''
          FROM information_schema.column_statistics WHERE schema_name IN ('sys', 'mysql')`,
        ...engineAttributes(sql`CONCAT(table_schema, '.', table_name)`, ofServer),
        // In a file of the server's, mysqld-auto.cnf. RDS lets no user write it.
        sql`SELECT 'setting', CONCAT('persisted variable ', variable_name), CONCAT(variable_name, '=', QUOTE(variable_value))
          FROM performance_schema.persisted_variables`,
        // The account's password and what lockAccounts empties left out.
        sql`SELECT 'option', CONCAT('attributes of account ', user, '@', host), CAST(JSON_REMOVE(user_attributes, '$.metadata',
            '$.additional_password', '$.multi_factor_authentication') AS CHAR)
          FROM mysql.user WHERE user_attributes IS NOT NULL`,
        // A stopped channel keeps its login.
        sql`SELECT 'replication login', CONCAT('of channel "', channel_name, '"'), '' FROM mysql.slave_master_info
          WHERE COALESCE(user_password, '') <> '' OR COALESCE(user_name, '') <> '' OR COALESCE(host, '') <> ''`,
        sql`SELECT 'option', CONCAT('tablespace ', tablespace_name), CAST(engine_attribute AS CHAR)
          FROM information_schema.tablespaces_extensions WHERE engine_attribute IS NOT NULL`,
      ],
      mariadb: [
        // Programs that INFORMATION_SCHEMA shows, whose database is gone.
        ...["proc", "event"].map((table) =>
          sql`SELECT 'leftover in mysql', CONCAT(${textLiteral(`${table} of a database that is gone: `)}, name), ''
            FROM ${new Name("mysql", table)} WHERE db NOT IN (SELECT schema_name FROM information_schema.schemata)`
        ),
        // The purge deletes those of databases, and of tables that are gone.
        sql`SELECT 'object in a system schema', CONCAT('statistics of ', db_name, '.', table_name, '.', column_name), ''
          FROM mysql.column_stats WHERE db_name IN ('mysql', 'sys')`,
        sql`SELECT 'view', CONCAT('mysql.', table_name), NULLIF(view_definition, '') FROM information_schema.views
          WHERE table_schema = 'mysql'`,
        sql`SELECT 'function', CONCAT('mysql.', routine_name), CONCAT_WS(' ', routine_definition, routine_comment)
          FROM information_schema.routines WHERE routine_schema = 'mysql'`,
        sql`SELECT 'comment', CONCAT('database ', schema_name), schema_comment FROM information_schema.schemata
          WHERE schema_name IN ('mysql', 'sys') AND schema_comment <> ''`,
        // What lockAccounts sets, and what GRANT and the server itself put there, left out.
        sql`SELECT 'option', CONCAT('attributes of account ', user, '@', host), JSON_COMPACT(JSON_REMOVE(priv, ${
          joinSql(accountAttributes.map((name) => textLiteral(`$.${name}`)), ", ")
        })) FROM mysql.global_priv`,
      ],
    },
  ], release);
}

/** As {@linkcode serverObjects}, the programs in `sys`: most of all text. */
export function serverPrograms(release: Release): Sql {
  return union([
    sql`SELECT 'view' AS kind, CONCAT('sys.', table_name) AS name, NULLIF(view_definition, '') AS body FROM information_schema.views
      WHERE table_schema = 'sys'`,
    // Two of the server's own comments show values as examples.
    sql`SELECT 'function', CONCAT('sys.', routine_name), CONCAT_WS(' ', routine_definition,
        ${
      sysExamples.reduce((sofar, example) => sql`REPLACE(${sofar}, ${textLiteral(example)}, '')`, sql`routine_comment`)
    })
      FROM information_schema.routines WHERE routine_schema = 'sys'`,
    sql`SELECT 'trigger', CONCAT('sys.', trigger_name), action_statement
      FROM information_schema.triggers WHERE trigger_schema = 'sys'`,
  ], release);
}

/** Names and other words that belong to no database. Grants may name objects that were dropped long ago. */
export function serverNames(release: Release): Sql {
  return union([
    sql`SELECT 'database' AS what, schema_name AS name FROM information_schema.schemata`,
    sql`SELECT 'account', user FROM mysql.user`,
    sql`SELECT 'account', CONCAT_WS(' ', plugin, CONVERT(ssl_cipher USING utf8mb4), CONVERT(x509_issuer USING utf8mb4),
      CONVERT(x509_subject USING utf8mb4)) FROM mysql.user`,
    ...hosts.map(hostsIn),
    ...words.map(wordsIn),
    ...elsewhere.map(([what, columns, table]) =>
      sql`SELECT ${textLiteral(what)}, CONCAT_WS(' ', ${columns}) FROM ${table}
        WHERE database_name NOT IN (SELECT schema_name FROM information_schema.schemata
          WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema'))`
    ),
    sql`SELECT 'parameter', parameter_name FROM information_schema.parameters
      WHERE specific_schema = 'sys' AND parameter_name IS NOT NULL`,
    sql`SELECT 'index', index_name FROM information_schema.statistics WHERE ${ofServer}`,
    sql`SELECT 'time zone', name FROM mysql.time_zone_name`,
    sql`SELECT DISTINCT 'time zone', abbreviation FROM mysql.time_zone_transition_type`,
    // Of other accounts lockAccounts removes what plugins keep; what most plugins keep is a hash.
    sql`SELECT 'account', authentication_string FROM mysql.user WHERE ${isOwnAccount} AND plugin NOT LIKE '%\\_password'`,
    {
      mysql: [
        ...hostsOfMysql.map(hostsIn),
        ...wordsOfMysql.map(wordsIn),
        sql`SELECT 'resource group', resource_group_name FROM information_schema.resource_groups`,
        // Files of tables have the tables' names.
        sql`SELECT 'tablespace', CONCAT_WS(' ', file_name, tablespace_name) FROM information_schema.files
          WHERE tablespace_name NOT LIKE '%/%'`,
        [803, sql`SELECT 'transaction tag', gtid_tag FROM mysql.gtid_executed`],
        sql`SELECT 'source of transactions', source_uuid FROM mysql.gtid_executed WHERE NOT (${
          hasMatchInAnyCase(sql`source_uuid`, `^${uuid}$`)
        })`,
        sql`SELECT 'replication', uuid FROM mysql.slave_master_info WHERE NOT (${
          hasMatchInAnyCase(sql`uuid`, `^${uuid}$`)
        })`,
        sql`SELECT 'replication', assign_gtids_to_anonymous_transactions_value FROM mysql.slave_relay_log_info WHERE NOT (${
          hasMatchInAnyCase(sql`assign_gtids_to_anonymous_transactions_value`, `^${uuid}$`)
        })`,
        sql`SELECT 'replication', CONVERT(CONVERT(checkpoint_group_bitmap USING latin1) USING utf8mb4)
          FROM mysql.slave_worker_info`,
        sql`SELECT 'account', set_user FROM ${persistedBy}`,
        sql`SELECT 'host', set_host FROM ${persistedBy}`,
      ],
      mariadb: [
        sql`SELECT 'host', host FROM mysql.roles_mapping`,
        sql`SELECT 'role', CONCAT_WS(' ', user, role) FROM mysql.roles_mapping`,
        sql`SELECT 'role', default_role FROM mysql.user WHERE default_role <> ''`,
        ...["column_stats", "index_stats", "table_stats"].map((table) =>
          sql`SELECT 'statistics', CONCAT_WS(' ', db_name, table_name) FROM ${new Name("mysql", table)}`
        ),
        sql`SELECT 'statistics', column_name FROM mysql.column_stats`,
        sql`SELECT 'statistics', index_name FROM mysql.index_stats`,
      ],
    },
  ], release);
}

function hostsIn([table, column]: readonly [table: Sql, column: Sql]): Sql {
  return sql`SELECT 'host', ${column} FROM ${table}`;
}

function wordsIn([what, columns, table]: readonly [what: string, columns: Sql, table: Sql]): Sql {
  return sql`SELECT ${textLiteral(what)}, CONCAT_WS(' ', ${columns}) FROM ${table}`;
}

/** Keys of mysql.global_priv whose values are numbers, words of the server's, or emptied by lockAccounts. */
const accountAttributes =
  ("access version_id account_locked is_role max_connections max_questions max_statement_time max_updates max_user_connections " +
    "password_last_changed password_lifetime plugin authentication_string auth_or default_role ssl_type ssl_cipher " +
    "x509_issuer x509_subject").split(" ");

/** Who set the variables that the server keeps in its file; other variables tell of this server's run. */
const persistedBy = sql`performance_schema.variables_info WHERE set_user IS NOT NULL
  AND variable_name IN (SELECT variable_name FROM performance_schema.persisted_variables)`;

/** Tables of the server's own schemas, without those that are RDS's affair. */
export const ofServer: Sql = sql`(table_schema = 'sys'
  OR table_schema = 'mysql' AND NOT ${hasMatch(sql`table_name`, closedTables)})`;

const hosts: readonly (readonly [table: Sql, column: Sql])[] = [
  [sql`mysql.user`, sql`host`],
  [sql`mysql.db`, sql`host`],
  [sql`mysql.tables_priv`, sql`host`],
  [sql`mysql.columns_priv`, sql`host`],
  [sql`mysql.procs_priv`, sql`host`],
  [sql`mysql.proxies_priv`, sql`host`],
  [sql`mysql.proxies_priv`, sql`proxied_host`],
];

const hostsOfMysql: typeof hosts = [
  [sql`mysql.global_grants`, sql`host`],
  [sql`mysql.role_edges`, sql`from_host`],
  [sql`mysql.role_edges`, sql`to_host`],
  [sql`mysql.default_roles`, sql`host`],
  [sql`mysql.default_roles`, sql`default_role_host`],
  [sql`mysql.slave_relay_log_info`, sql`COALESCE(privilege_checks_hostname, '')`],
];

/** Of dropped databases, and of the server's own, which no database's inventory reads. */
const elsewhere: readonly (readonly [what: string, columns: Sql, table: Sql])[] = [
  [
    "index statistics",
    sql`database_name, table_name, index_name, stat_name, stat_description`,
    sql`mysql.innodb_index_stats`,
  ],
  ["table statistics", sql`database_name, table_name`, sql`mysql.innodb_table_stats`],
];

const words: readonly (readonly [what: string, columns: Sql, table: Sql])[] = [
  ["grant on a database", sql`db, user`, sql`mysql.db`],
  ["grant on a table", sql`db, user, table_name`, sql`mysql.tables_priv`],
  ["grantor", sql`grantor`, sql`mysql.tables_priv`],
  ["grant on a column", sql`db, user, table_name, column_name`, sql`mysql.columns_priv`],
  ["grant on a routine", sql`db, user, routine_name`, sql`mysql.procs_priv`],
  ["grantor", sql`grantor`, sql`mysql.procs_priv`],
  ["proxy", sql`user, proxied_user`, sql`mysql.proxies_priv`],
  ["grantor", sql`grantor`, sql`mysql.proxies_priv`],
  ["loadable function", sql`name, dl`, sql`mysql.func`],
  ["plugin", sql`name, dl`, sql`mysql.plugin`],
];

const wordsOfMysql: typeof words = [
  ["grant", sql`user, priv`, sql`mysql.global_grants`],
  ["role", sql`from_user, to_user`, sql`mysql.role_edges`],
  ["role", sql`user, default_role_user`, sql`mysql.default_roles`],
  ["component", sql`component_urn`, sql`mysql.component`],
  ["cost", sql`engine_name, cost_name, comment`, sql`mysql.engine_cost`],
  ["cost", sql`cost_name, comment`, sql`mysql.server_cost`],
  ["former password", sql`user, host`, sql`mysql.password_history`],
  [
    "replication",
    sql`channel_name, host, network_namespace, managed_name`,
    sql`mysql.replication_asynchronous_connection_failover`,
  ],
  [
    "replication",
    sql`channel_name, managed_name, managed_type, CAST(configuration AS CHAR)`,
    sql`mysql.replication_asynchronous_connection_failover_managed`,
  ],
  ["replication", sql`name`, sql`mysql.replication_group_configuration_version`],
  ["replication", sql`name, event, type, error_handling`, sql`mysql.replication_group_member_actions`],
  [
    "replication",
    sql`channel_name, bind, ssl_ca, ssl_capath, ssl_cert, ssl_cipher, ssl_key, ssl_crl, ssl_crlpath, tls_version, public_key_path,
      network_namespace, master_compression_algorithm, tls_ciphersuites, ignored_server_ids, master_log_name`,
    sql`mysql.slave_master_info`,
  ],
  [
    "replication",
    sql`relay_log_name, master_log_name, channel_name, privilege_checks_username`,
    sql`mysql.slave_relay_log_info`,
  ],
  [
    "replication",
    sql`relay_log_name, master_log_name, checkpoint_relay_log_name, checkpoint_master_log_name, channel_name`,
    sql`mysql.slave_worker_info`,
  ],
];

/** CHECK constraints of tables. */
export function checksQuery(here: Sql): Sql {
  return sql`SELECT t.table_name AS table_name, t.constraint_name AS name, c.check_clause AS holds
    FROM ${checks} WHERE t.table_schema = ${here} AND t.constraint_type = 'CHECK' ORDER BY t.table_name, t.constraint_name`;
}
