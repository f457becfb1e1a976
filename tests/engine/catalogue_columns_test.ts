/** The tables of catalogue columns against the servers at hand: whatever could hold text has an answer, and nothing else has. @module */

import { assertEquals } from "@std/assert";
import { accountedColumns, type CatalogueColumns, columnNames } from "../../lib/engine/catalogue_columns.ts";
import type { Session } from "../../lib/engine/engine.ts";
import { catalogueColumns as ofMysql, textColumns as mysqlColumns } from "../../lib/mysql/schema/catalogue_columns.ts";
import { mysql as mysqlEngine } from "../../lib/mysql/mod.ts";
import { serverNames } from "../../lib/mysql/schema/inventory_queries.ts";
import { serverTables, sysObjects } from "../../lib/mysql/schema/server_tables.ts";
import {
  catalogueColumns as ofPostgresql,
  textColumns as postgresqlColumns,
} from "../../lib/postgresql/schema/catalogue_columns.ts";
import { postgresql as postgresqlEngine } from "../../lib/postgresql/mod.ts";
import { serverRefusal } from "../../lib/scrub/coverage/server_objects.ts";
import { mysql, postgresql, type TestServer } from "../servers.ts";

const servers = { postgresql: await postgresql(), mysql: await mysql() };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

const engines = {
  postgresql: {
    engine: postgresqlEngine,
    table: ofPostgresql,
    live: postgresqlColumns,
    version: "SELECT current_setting('server_version_num')::int / 10000 AS version",
  },
  mysql: {
    engine: mysqlEngine,
    table: ofMysql,
    live: mysqlColumns,
    version:
      "SELECT SUBSTRING_INDEX(VERSION(), '.', 1) * 100 + SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1) AS version",
  },
} as const;

for (const name of ["postgresql", "mysql"] as const) {
  const { table, live, version } = engines[name];

  Deno.test(`${name}: every column of a catalogue that could hold text has an answer`, async () => {
    await using session = await open(name);
    const known = accountedColumns(table);
    assertEquals((await live(session)).filter((column) => !known.has(column)), []);
  });

  Deno.test(`${name}: every answer is for a column that the server has in this version`, async () => {
    await using session = await open(name);
    const [row] = await servers[name].run(version);
    const there = new Set(await live(session));
    const claimed = table.filter(isOf(Number(row?.["version"]))).flatMap(columnNames);
    assertEquals(claimed.filter((column) => !there.has(column)), []);
  });

  Deno.test(`${name}: every column has one answer, with its reason`, () => {
    const all = table.flatMap(columnNames);
    assertEquals(all.filter((column, at) => all.indexOf(column) !== at), []);
    assertEquals(table.filter(({ how }) => how.length < 5), []);
  });

  Deno.test(`${name}: the server as RDS makes it holds nothing that stops a run`, async () => {
    await using session = await open(name);
    assertEquals(serverRefusal("test", await engines[name].engine.serverInventory(session), []), undefined);
  });
}

Deno.test("mysql: a column that the table does not know stops the run, and is named", async () => {
  await using session = await open("mysql");
  await servers.mysql.run(
    "ALTER TABLE mysql.func ADD COLUMN note text, ADD COLUMN place point, ADD COLUMN bits bit(64)",
  );
  const { unknownColumns } = await mysqlEngine.serverInventory(session);
  await servers.mysql.run("ALTER TABLE mysql.func DROP COLUMN note, DROP COLUMN place, DROP COLUMN bits");
  assertEquals(unknownColumns, ["mysql.func.bits", "mysql.func.note", "mysql.func.place"]);
});

Deno.test("mysql: the lists of mysql's and sys' own objects are whole", async () => {
  const [mine, sys] = [new RegExp(serverTables, "i"), new RegExp(sysObjects)];
  const rows = await servers.mysql.run(`SELECT table_schema AS place, table_name AS name FROM information_schema.tables
      WHERE table_schema IN ('mysql', 'sys')
    UNION ALL SELECT routine_schema, routine_name FROM information_schema.routines WHERE routine_schema = 'sys'
    UNION ALL SELECT trigger_schema, trigger_name FROM information_schema.triggers WHERE trigger_schema = 'sys'`);
  assertEquals(rows.filter(({ place, name }) => !(place === "sys" ? sys : mine).test(String(name))), []);
});

Deno.test("mysql: what is searched by the names of the server's inventory is read by them", () => {
  const parts = serverNames(9_999).text.split(" UNION ALL ");
  const claimed = ofMysql.filter(({ how }) => how === "by the names of the server's inventory").flatMap(columnNames)
    .filter((column) => column.startsWith("mysql."));
  const unread = claimed.filter((column) => {
    const [, table, name] = column.split(".");
    return !parts.some((part) =>
      new RegExp(`\\bmysql[.]${table}\\b`).test(part) && new RegExp(`\\b${name}\\b`).test(part)
    );
  });
  assertEquals(unread, []);
  assertEquals(claimed.length > 80, true);
});

// Last: the server lets nobody take the column away again.
Deno.test("postgresql: a column that the table does not know stops the run, and is named", async () => {
  await using session = await open("postgresql");
  await servers.postgresql.run(
    "SET allow_system_table_mods = on; ALTER TABLE pg_catalog.pg_enum ADD COLUMN enumnote text",
  );
  assertEquals(
    serverRefusal("test", await postgresqlEngine.serverInventory(session), [])?.message,
    'Cannot scrub "test": the server\'s catalogue has columns that this version of datascrubber does not know: ' +
      "pg_catalog.pg_enum.enumnote",
  );
});

function isOf(version: number): (part: CatalogueColumns) => boolean {
  return ({ versions: [from, to] = [0, 9_999] }) => from <= version && version <= to;
}

async function open(name: "postgresql" | "mysql"): Promise<Session> {
  const { host, port, ca, master }: TestServer = servers[name];
  return await engines[name].engine.open(
    { host, port, ca, ...master },
    new Uint8Array(32),
    new AbortController().signal,
  );
}
