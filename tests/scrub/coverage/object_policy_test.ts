/**
 * Everything that can carry a value besides rows: for each kind a database that has one, and what becomes of it. That something is
 * planted for each part of a kind, and each column, is counted in tests/engine/catalogue_columns_test.ts.
 *
 * @module
 */

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
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb, mysql, type TestServer } from "../../servers.ts";
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
import { address, type Case } from "./object_policy_cases/case.ts";
import { mariadbCases } from "./object_policy_cases/mariadb.ts";
import { mariadbServerCases } from "./object_policy_cases/mariadb_server.ts";
import { mysqlCases } from "./object_policy_cases/mysql.ts";
import { mysqlServerCases } from "./object_policy_cases/mysql_server.ts";
import { postgresqlCases } from "./object_policy_cases/postgresql.ts";
import { postgresqlServerCases } from "./object_policy_cases/postgresql_server.ts";
import type { Reviewed } from "../../../lib/core/reviewed.ts";
import { schemaObjectKinds } from "../../../lib/core/object_kinds.ts";

/** What the engines run on. */
type Product = EngineName | "mariadb";

const servers = {
  postgresql: await serverOf("postgresql"),
  mysql: await mysql({ settings: { federated: "" } }),
  ...(hasMariadb && { mariadb: await mariadb() }),
};
Deno.test.afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop("now")));
});

const products: readonly Product[] = [...engineNames, ...(hasMariadb ? ["mariadb" as const] : [])];
const engineOf = (product: Product): EngineName => product === "mariadb" ? "mysql" : product;

function serverNamed(product: Product): TestServer {
  const server = servers[product];
  if (server === undefined) throw new TypeError(`Cannot test ${product}: it is not here`);
  return server;
}

const people = "CREATE TABLE people (id int PRIMARY KEY, name text)";
const cases = { postgresql: postgresqlCases, mysql: mysqlCases, mariadb: mariadbCases };
const serverCases = { postgresql: postgresqlServerCases, mysql: mysqlServerCases, mariadb: mariadbServerCases };

Deno.test("postgresql: of the server, the folder of a tablespace is refused as a name is", async () => {
  const server = servers.postgresql;
  const folder = `${server.dataDir}/behind the 63 bytes at which PostgreSQL cuts a name off ${address}`;
  await server.run(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mkdir "${folder}"'`);
  await server.run(`CREATE TABLESPACE elsewhere LOCATION '${folder}'`);
  const found = await refusedOfServer("postgresql");
  await server.run("DROP TABLESPACE elsewhere");
  assertEquals(found, ["name location of pg_tablespace :oid"]);
});

let count = 0;

// First: a table of the others stays, and its name with it. What an undo leaves is found with the next case.
for (const engine of products) {
  Deno.test(`${engine}: a new server holds nothing that is refused`, async () => {
    assertEquals(await refusedOfServer(engine), []);
  });
  for (const { kind, statements, refused = [], undo } of serverCases[engine]) {
    Deno.test(`${engine}: of the server, a ${kind} is refused (${statements.slice(0, 50)})`, async () => {
      await serverNamed(engine).run(statements);
      const found = await refusedOfServer(engine);
      await serverNamed(engine).run(undo);
      assertEquals(found, refused);
    });
  }
  Deno.test(`${engine}: nothing that is refused is left of these`, async () => {
    assertEquals(await refusedOfServer(engine), []);
  });
}

for (const engine of products) {
  for (const one of cases[engine]) {
    const { kind, refused = [], removed = [] } = one;
    const outcome = refused.length > 0 ? "refused" : removed.length > 0 ? "removed" : "checked and let through";
    Deno.test(`${engine}: a ${kind} is ${outcome} (${one.statements.slice(0, 40) || "by a superuser"})`, async () => {
      const database = `answers${++count}`;
      const filled = (text: string) =>
        text.replaceAll(":database", database).replaceAll(":subscription", `sub${database}`);
      await make(serverNamed(engine), engineOf(engine), database, one, filled);
      const found = await cover(serverNamed(engine), engineOf(engine), database);
      assertEquals(found.kinds.includes(kind), true, `found: ${found.kinds}`);
      assertEquals(found.refused, refused.map(filled));
      assertEquals(found.removed, removed.map(filled).toSorted());
    });
  }
}

/** What the server's own objects stop a run for. */
async function refusedOfServer(product: Product): Promise<readonly string[]> {
  const engine = engineNamed(engineOf(product));
  const { database: _, ...target } = targetOf(serverNamed(product), "");
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
  { statements, asSuperuser, lost }: Case,
  filled: (text: string) => string,
): Promise<void> {
  await createTestDatabase(server, engine, database, `${people}; ${filled(statements)}`);
  if (asSuperuser) await server.run(filled(asSuperuser), database);
  if (lost) {
    await Deno.remove(`${server.dataDir}/${database}/${lost}`);
    await server.run("FLUSH TABLES");
  }
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
const inventoryTexts: Readonly<Record<Product, readonly Sql[]>> = {
  postgresql: [postgresqlQueries.databaseQueries, postgresqlQueries.serverQueries]
    .map((queries) =>
      queries({ version: newest, extensions: true, droppedAttributes: true, materialisedViews: true }).objects
    ),
  mysql: textsOf("mysql"),
  mariadb: textsOf("mariadb"),
};

function textsOf(product: "mysql" | "mariadb"): readonly Sql[] {
  const release = { product, version: newest };
  const { databaseObjects, innodbObjects, serverObjects, serverPrograms } = mysqlQueries;
  const ofServer = [serverObjects, serverPrograms].map((of) => of(release));
  return [databaseObjects(sql``, release), innodbObjects(sql``, release), ...ofServer];
}

for (const engine of products) {
  Deno.test(`${engine}: every kind that the inventory reads has a test on a server of its own`, () => {
    const read = schemaObjectKinds.filter((kind) =>
      inventoryTexts[engine].some(({ text }) => text.includes(`'${kind}'`))
    );
    const tested = [...cases[engine], ...serverCases[engine]].map(({ kind }) => kind);
    assertEquals(read.filter((kind) => !tested.includes(kind)), []);
    assertEquals(read.length > 15, true);
  });
}

Deno.test("a text that the master user may not read is refused", () => {
  assertEquals(policyFor({ kind: "view", name: "v", text: "unreadable" })[0], "refused");
});
