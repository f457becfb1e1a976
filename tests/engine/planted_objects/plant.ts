/** Plants objects in catalogues, and reads what the parts of an inventory and the catalogues' columns have of them. @module */

import type { Session } from "../../../lib/engine/engine.ts";
import { type Sql, trusted } from "../../../lib/engine/sql.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import * as mysqlQueries from "../../../lib/mysql/schema/inventory_queries.ts";
import { textLiteral } from "../../../lib/mysql/sql/literals.ts";
import * as postgresqlQueries from "../../../lib/postgresql/schema/inventory_queries.ts";
import type { TestServer } from "../../servers.ts";
import { engineNamed, never, targetOf, testKey } from "../../scrub/scrub_fixture.ts";
import { marksIn } from "./marks.ts";
import {
  grantedByMariadbAdministrator,
  lostInMariadb,
  plantedInMariadbDatabase,
  plantedInMariadbServer,
} from "./mariadb.ts";
import * as mysql from "./mysql.ts";
import { plantedInPostgresqlDatabase, plantedInPostgresqlServer } from "./postgresql.ts";

/** What engines run on. */
export type Product = EngineName | "mariadb";

const engineOf = (product: Product): EngineName => product === "mariadb" ? "mysql" : product;

/** Plants in the server, and in a new database of this name. */
export async function plant(engine: Product, server: TestServer, database: string): Promise<void> {
  if (engine === "postgresql") {
    const statements = plantedInPostgresqlServer(server.dataDir);
    for (const statement of [...statements, `CREATE DATABASE ${database}`]) await server.run(statement);
    return void await server.run(plantedInPostgresqlDatabase(database), database);
  }
  const [inServer, inDatabase, byAdministrator] = {
    mysql: [mysql.plantedInMysqlServer, mysql.plantedInMysqlDatabase, mysql.plantedByAdministrator] as const,
    mariadb: [plantedInMariadbServer, plantedInMariadbDatabase, grantedByMariadbAdministrator] as const,
  }[engine];
  await server.run(`${inServer}; CREATE DATABASE ${database}`);
  await server.run(inDatabase, database);
  await using session = await openAsAdministrator(server, database);
  for (const statement of byAdministrator) await session.run({ label: "plant", sql: trusted(statement) });
  if (engine === "mariadb") {
    await Deno.remove(`${server.dataDir}/${database}/${lostInMariadb}`);
    await server.run("FLUSH TABLES");
  }
  await server.run(mysql.plantedInSystemTables(engine));
}

async function openAsAdministrator(server: TestServer, database: string): Promise<Session> {
  return await engineNamed("mysql").open({ ...targetOf(server, database), ...mysql.administrator }, testKey(), never);
}

/** The parts of an inventory, each with a digest of all that it reads: none where that is nothing. */
export async function digestsOfParts(
  engine: Product,
  server: TestServer,
  version: number,
  database: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { lists, separator, digest, named } = parts[engine](version, textLiteral(database));
  const all = lists.flatMap(([columns, list]) => list.text.split(separator).map((text) => ({ text, columns })));
  const rows = await server.run(
    `${
      {
        postgresql: "",
        mysql:
          "SET NAMES utf8mb4 COLLATE utf8mb4_0900_ai_ci, information_schema_stats_expiry = 0, group_concat_max_len = 100000000;",
        mariadb: "SET NAMES utf8mb4, group_concat_max_len = 100000000;",
      }[engine]
    }
      ${
      all.map(({ text, columns }, at) =>
        `SELECT ${at} AS part, ${digest(columns)} AS digest FROM ${named(text, columns)}`
      ).join(" UNION ALL ")
    }`,
    database,
  );
  const found = new Map(rows.map(({ part, digest }) => [Number(part), digest === null ? undefined : String(digest)]));
  return new Map(all.map(({ text }, at) => [text.replaceAll(`'${database}'`, ":here"), found.get(at)]));
}

const parts = {
  postgresql: (version: number) => {
    const [here, server] = [postgresqlQueries.databaseQueries, postgresqlQueries.serverQueries]
      .map((queries) => queries({ version, extensions: true, droppedAttributes: true, materialisedViews: true }));
    const lists = [here, server].flatMap((queries): readonly (readonly [string, Sql])[] =>
      queries ? [["place, kind, name, body", queries.objects], ["place, what, name", queries.names]] : []
    );
    return {
      lists,
      separator: / UNION ALL (?=SELECT \d+ AS place)/,
      named: (text: string, columns: string) => `(${text}) AS one (${columns})`,
      digest: (columns: string) =>
        `md5(string_agg(concat_ws('|', ${columns}), '|' ORDER BY concat_ws('|', ${columns})))`,
    };
  },
  mysql: (version: number, here: Sql) => mysqlParts({ product: "mysql", version }, here),
  mariadb: (version: number, here: Sql) => mysqlParts({ product: "mariadb", version }, here),
} as const;

function mysqlParts(release: mysqlQueries.Release, here: Sql) {
  const [objects, names] = ["kind, name, body", "what, name"];
  return {
    lists: [
      [objects, mysqlQueries.databaseObjects(here, release)],
      [objects, mysqlQueries.innodbObjects(here, release)],
      [objects, mysqlQueries.serverObjects(release)],
      [objects, mysqlQueries.serverPrograms(release)],
      [names, mysqlQueries.databaseNames(here, release)],
      [names, mysqlQueries.innodbNames(here, release)],
      [names, mysqlQueries.serverNames(release)],
    ] as readonly (readonly [string, Sql])[],
    separator: " UNION ALL ",
    // MariaDB names no columns of a derived table before 11.7.
    named: (text: string, columns: string) =>
      `(SELECT ${columns.replaceAll(/\w+/g, "NULL AS $&")} FROM DUAL WHERE FALSE UNION ALL ${text}) AS one`,
    digest: (columns: string) => {
      const line = `CONVERT(CONCAT_WS('|', ${columns}) USING utf8mb4)`;
      return `SHA2(GROUP_CONCAT(${line} ORDER BY ${line} SEPARATOR '|'), 256)`;
    },
  };
}

/** The marks in each of these columns, as `catalogue.column`. */
export async function marksOf(
  engine: Product,
  server: TestServer,
  database: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  await using session = engine !== "postgresql" ? await openAsAdministrator(server, database) : undefined;
  const read = async (names: readonly string[], table: string) =>
    session
      ? await session.query(trusted(
        `SELECT DISTINCT ${names.map((name) => `CONVERT(${name} USING utf8mb4) AS ${name}`)} FROM ${table}`,
      ))
      : await server.run(
        `SELECT DISTINCT ${names.map((name) => `${name}::text`)} FROM pg_catalog.${table}`,
        database,
      );
  const found = new Map<string, ReadonlySet<string>>();
  for (const [table, own] of Map.groupBy(columns, (column) => column.slice(0, column.lastIndexOf(".")))) {
    const names = own.map((column) => column.slice(table.length + 1));
    const rows = await read(names, table);
    for (const name of names) {
      found.set(`${table}.${name}`, new Set(rows.flatMap((row) => marksIn(String(row[name] ?? "")))));
    }
  }
  return found;
}

/** The marks in all texts that the inventory reads, as its own user does, by kind. */
export async function marksByKind(
  engine: Product,
  server: TestServer,
  database: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  await using session = await engineNamed(engineOf(engine)).open(targetOf(server, database), testKey(), never);
  const queries = await engineNamed(engineOf(engine)).catalogueTexts(session);
  const rows = (await Promise.all(queries.map((query) => session.query(query)))).flat();
  const kinds = Map.groupBy(rows, ({ kind }) => String(kind).replace(/^name of: .*/, "name"));
  return new Map([...kinds].map(([kind, rows]) => [kind, new Set(rows.flatMap(({ body }) => marksIn(String(body))))]));
}
