/** The tables of catalogue columns against the servers at hand: whatever could hold text has an answer, and nothing else has. @module */

import { assertEquals } from "@std/assert";
import { accountedColumns, type CatalogueColumns, columnNames } from "../../lib/engine/catalogue_columns.ts";
import type { Session } from "../../lib/engine/engine.ts";
import { catalogueColumns as ofMysql, textColumns as mysqlColumns } from "../../lib/mysql/schema/catalogue_columns.ts";
import { mysql as mysqlEngine } from "../../lib/mysql/mod.ts";
import { purgeServer } from "../../lib/mysql/purge/purge_server.ts";
import { serverTables, sysObjects } from "../../lib/mysql/schema/server_tables.ts";
import {
  catalogueColumns as ofPostgresql,
  textColumns as postgresqlColumns,
} from "../../lib/postgresql/schema/catalogue_columns.ts";
import { postgresql as postgresqlEngine } from "../../lib/postgresql/mod.ts";
import { serverRefusal } from "../../lib/scrub/coverage/server_objects.ts";
import { hasMariadb } from "../../scripts/local_rds/programs.ts";
import { mariadb, mysql, postgresql, type TestServer } from "../servers.ts";
import { digestsOfParts, marksByKind, marksOf, plant } from "./planted_objects/plant.ts";

type Name = "postgresql" | "mysql" | "mariadb";

const servers = {
  postgresql: await postgresql(),
  mysql: await mysql({ settings: { federated: "" } }),
  ...(hasMariadb && { mariadb: await mariadb() }),
};
Deno.test.afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop("now")));
});

const names: readonly Name[] = ["postgresql", "mysql", ...(hasMariadb ? ["mariadb" as const] : [])];

function serverNamed(name: Name): TestServer {
  const server = servers[name];
  if (server === undefined) throw new TypeError(`Cannot test ${name}: it is not here`);
  return server;
}

/** The database in which something is planted. */
const planted = "zqplanted";

const majorAndMinor =
  "SELECT SUBSTRING_INDEX(VERSION(), '.', 1) * 100 + SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1) AS version";

const engines = {
  postgresql: {
    engine: postgresqlEngine,
    table: ofPostgresql,
    live: postgresqlColumns,
    version: "SELECT current_setting('server_version_num')::int / 10000 AS version",
  },
  mysql: {
    engine: mysqlEngine,
    table: ofMysql.mysql,
    live: mysqlColumns,
    version: majorAndMinor,
  },
  mariadb: { engine: mysqlEngine, table: ofMysql.mariadb, live: mysqlColumns, version: majorAndMinor },
} as const;

/** Columns that only servers with a plugin have. */
const ofPlugins: Readonly<Record<string, string>> = {
  "mysql.password_reuse_check_history.hash": "password_reuse_check",
};

for (const name of names) {
  const { table, live } = engines[name];

  Deno.test(`${name}: every column of a catalogue that could hold text has an answer`, async () => {
    await using session = await open(name);
    const known = accountedColumns(table);
    assertEquals((await live(session)).filter((column) => !known.has(column)), []);
  });

  Deno.test(`${name}: every answer is for a column that the server has in this version`, async () => {
    await using session = await open(name);
    const there = new Set(await live(session));
    const claimed = table.filter(isOf(await versionOf(name))).flatMap(columnNames);
    assertEquals(claimed.filter((column) => !there.has(column) && !(column in ofPlugins)), []);
  });

  Deno.test(`${name}: every column has one answer, with its reason`, () => {
    const all = table.flatMap(columnNames);
    assertEquals(all.filter((column, at) => all.indexOf(column) !== at), []);
    assertEquals(table.filter((part) => part.answer === "checked" ? part.as.length < 1 : part.how.length < 5), []);
  });

  Deno.test(`${name}: the server as RDS makes it holds nothing that stops a run`, async () => {
    await using session = await open(name);
    assertEquals(serverRefusal("test", await engines[name].engine.serverInventory(session), []), undefined);
  });
}

for (const name of names.filter((name) => name !== "postgresql")) {
  Deno.test(`${name}: a column that the table does not know stops the run, and is named`, async () => {
    await using session = await open(name);
    const server = serverNamed(name);
    await server.run("ALTER TABLE mysql.func ADD COLUMN note text, ADD COLUMN place point, ADD COLUMN bits bit(64)");
    const { unknownColumns } = await mysqlEngine.serverInventory(session);
    await server.run("ALTER TABLE mysql.func DROP COLUMN note, DROP COLUMN place, DROP COLUMN bits");
    assertEquals(unknownColumns, ["mysql.func.bits", "mysql.func.note", "mysql.func.place"]);
  });

  Deno.test(`${name}: the lists of mysql's and sys' own objects are whole`, async () => {
    const [mine, sys] = [new RegExp(serverTables[name], "i"), new RegExp(sysObjects[name])];
    const rows = await serverNamed(name).run(
      `SELECT table_schema AS place, table_name AS name FROM information_schema.tables
        WHERE table_schema IN ('mysql', 'sys')
      UNION ALL SELECT routine_schema, routine_name FROM information_schema.routines WHERE routine_schema = 'sys'
      UNION ALL SELECT trigger_schema, trigger_name FROM information_schema.triggers WHERE trigger_schema = 'sys'`,
    );
    assertEquals(rows.filter(({ place, name }) => !(place === "sys" ? sys : mine).test(String(name))), []);
  });
}

Deno.test("mysql: the report names what is out of reach, resource groups where the server hides them", async () => {
  const steps = async () => {
    await using session = await open("mysql");
    return (await purgeServer(session, [], () => open("mysql"), undefined, "service")).map(({ step }) => step);
  };
  const hidden = await steps();
  await servers.mysql.run("GRANT RESOURCE_GROUP_USER ON *.* TO master");
  const shown = await steps();
  await servers.mysql.run("REVOKE RESOURCE_GROUP_USER ON *.* FROM master");
  assertEquals(hidden.filter((step) => !shown.includes(step)), ["resource groups"]);
  assertEquals(hidden.includes("data dictionary and system tables"), true);
});

Deno.test({
  name:
    "mariadb: the report names the DDL recovery log, and comments inside the statements of views where there are any",
  ignore: !hasMariadb,
  async fn() {
    const server = serverNamed("mariadb");
    const steps = async () => {
      await using session = await open("mariadb");
      return (await purgeServer(session, [], () => open("mariadb"), undefined, "service")).map(({ step }) => step);
    };
    const without = await steps();
    await server.run("CREATE DATABASE viewed; CREATE VIEW viewed.v AS SELECT 1 /* zmark */ AS one");
    const having = await steps();
    await server.run("DROP DATABASE viewed");
    assertEquals(having.filter((step) => !without.includes(step)), ["views"]);
    assertEquals(without.filter((step) => step === "DDL recovery log").length, 1);
  },
});

/** Parts that nothing can be planted for: MySQL refuses such a trigger to every user, and 9.7 shows no dropped column. */
const unplantableParts = ["'leftover in mysql', CONCAT('trigger '", "LIKE '!hidden!%'"];

/** Columns in which nothing can be planted, and why. */
const unplantableColumns: Readonly<Record<string, string>> = {
  "information_schema.columns_extensions.engine_attribute": "no storage engine here takes one",
  "information_schema.tables_extensions.engine_attribute": "no storage engine here takes one",
  "information_schema.table_constraints_extensions.engine_attribute": "no storage engine here takes one",
  "information_schema.partitions.tablespace_name": "InnoDB lets no partition into a tablespace that has a name",
  "information_schema.routine_libraries.library_version": "no statement gives a library a version",
};

type Digests = Awaited<ReturnType<typeof digestsOfParts>>;
const planting = new Map<Name, Promise<Digests>>();

/** Plants once a server, and gives the digests of the parts before that. */
function plantOnce(name: Name, version: number): Promise<Digests> {
  async function plantNow(): Promise<Digests> {
    const server = serverNamed(name);
    await server.run("CREATE DATABASE zqempty");
    const before = await digestsOfParts(name, server, version, "zqempty");
    await plant(name, server, planted);
    return before;
  }
  const before = planting.get(name) ?? plantNow();
  planting.set(name, before);
  return before;
}

for (const name of names) {
  const { table } = engines[name];

  Deno.test(`${name}: every part of the inventory reads something that is planted for it`, async () => {
    const version = await versionOf(name);
    const before = await plantOnce(name, version);
    const after = await digestsOfParts(name, serverNamed(name), version, planted);
    const unread = [...after].filter(([part, digest]) => digest === before.get(part)).map(([part]) => part);
    assertEquals(unread.filter((part) => !unplantableParts.some((words) => part.includes(words))), []);
    assertEquals(after.size > 70, true);
  });

  Deno.test(`${name}: what is planted in a column that is checked is in a text that the inventory reads`, async () => {
    const version = await versionOf(name);
    await plantOnce(name, version);
    const checked = table.filter(isOf(version)).filter((part) => part.answer === "checked");
    const read = await marksByKind(name, serverNamed(name), planted);
    const marks = await marksOf(name, serverNamed(name), planted, checked.flatMap(columnNames));
    const missed = checked.flatMap((part) =>
      columnNames(part).flatMap((column) => {
        const own = [...marks.get(column) ?? []];
        if (own.length === 0 && !(column in unplantableColumns)) return [`nothing is planted in ${column}`];
        const unread = own.filter((mark) => !part.as.some((kind) => read.get(kind)?.has(mark)));
        return unread.map((mark) => `${mark} of ${column} is in no ${part.as.join(", ")}`);
      })
    );
    assertEquals(missed, []);
  });
}

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

async function versionOf(name: Name): Promise<number> {
  const [row] = await serverNamed(name).run(engines[name].version);
  return Number(row?.["version"]);
}

function isOf(version: number): (part: CatalogueColumns) => boolean {
  return ({ versions: [from, to] = [0, 9_999] }) => from <= version && version <= to;
}

async function open(name: Name): Promise<Session> {
  const { host, port, ca, master } = serverNamed(name);
  return await engines[name].engine.open(
    { host, port, ca, ...master },
    new Uint8Array(32),
    new AbortController().signal,
  );
}
