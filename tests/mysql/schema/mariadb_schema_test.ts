/** What MariaDB's catalogue tells otherwise than MySQL's. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Column } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb, type TestServer } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";

const server = hasMariadb ? await mariadb() : undefined;
Deno.test.afterAll(async () => {
  await server?.stop("now");
});

function test(name: string, run: (server: TestServer) => Promise<void>): void {
  Deno.test({ name: `MariaDB: ${name}`, ignore: server === undefined, fn: () => run(server as TestServer) });
}

const plain = { nullable: true, hasDefault: false, generated: false };

const columns: readonly (readonly [definition: string, expected: Omit<Column, "name">])[] = [
  ["json", { ...plain, type: "longtext", kind: "json" }],
  ["longtext CHECK (json_valid(c))", { ...plain, type: "longtext", kind: "json" }],
  [
    "longtext CHECK (json_valid(c) AND length(c) > 2)",
    { ...plain, type: "longtext", kind: "text", length: 4_294_967_295 },
  ],
  ["varchar(9) CHECK (json_valid(c))", { ...plain, type: "varchar(9)", kind: "text", length: 9 }],
  ["uuid", { ...plain, type: "uuid", kind: "uuid" }],
  ["uuid DEFAULT uuid()", { ...plain, type: "uuid", kind: "uuid", hasDefault: true, generatedBy: "uuid" }],
  [
    "varchar(36) DEFAULT uuid()",
    { ...plain, type: "varchar(36)", kind: "text", length: 36, hasDefault: true, generatedBy: "uuid" },
  ],
  ["varchar(36) DEFAULT 'uuid()'", { ...plain, type: "varchar(36)", kind: "text", length: 36, hasDefault: true }],
  ["varchar(9) DEFAULT NULL", { ...plain, type: "varchar(9)", kind: "text", length: 9 }],
  ["varchar(9) DEFAULT 'NULL'", { ...plain, type: "varchar(9)", kind: "text", length: 9, hasDefault: true }],
  ["varchar(9) NOT NULL", { ...plain, type: "varchar(9)", kind: "text", length: 9, nullable: false }],
  ["inet6", { ...plain, type: "inet6", kind: "other" }],
  ["vector(3)", { ...plain, type: "vector(3)", kind: "other" }],
  ["varchar(9) INVISIBLE", { ...plain, type: "varchar(9)", kind: "text", length: 9 }],
  ["varchar(9) AS (concat('a', 'b')) STORED", {
    ...plain,
    type: "varchar(9)",
    kind: "text",
    length: 9,
    generated: true,
  }],
];

for (const [definition, expected] of columns) {
  test(`schema() reads a column that is ${definition}`, async (server) => {
    await create(server, "columns", `CREATE TABLE t (id int PRIMARY KEY, c ${definition})`);
    await using session = await open(server, "columns");
    const [, column] = tableOf(await mysql.schema(session), "t").columns;
    assertEquals(column, { name: "c", ...expected });
  });
}

for (
  const [what, statement] of [
    ["system versioned", "CREATE TABLE t (id int PRIMARY KEY) WITH SYSTEM VERSIONING"],
    [
      "system versioned",
      `CREATE TABLE t (id int PRIMARY KEY, a timestamp(6) GENERATED ALWAYS AS ROW START, b timestamp(6) GENERATED ALWAYS AS ROW END,
        PERIOD FOR SYSTEM_TIME (a, b)) WITH SYSTEM VERSIONING`,
    ],
    ["system versioned", "CREATE TABLE t (id int, name varchar(9) WITH SYSTEM VERSIONING)"],
  ] as const
) {
  test(`schema() refuses a table that keeps former rows, by name (${statement.slice(0, 60)})`, async (server) => {
    await create(server, "versioned", "CREATE TABLE plain (id int PRIMARY KEY)", statement);
    await using session = await open(server, "versioned");
    for (const part of ["columns", undefined] as const) {
      const error = await assertRejects(() => mysql.schema(session, part), ScrubError);
      assertEquals(error.code, "table");
      assertEquals(
        error.message,
        `Cannot scrub database "versioned": no statement here reaches all rows of "t" (${what})`,
      );
    }
  });
}

test("schema() takes no sequence for a table", async (server) => {
  await create(server, "numbered", "CREATE SEQUENCE s", "CREATE TABLE t (id int PRIMARY KEY)");
  await using session = await open(server, "numbered");
  assertEquals((await mysql.schema(session)).tables.map(({ id }) => id), ["t"]);
});

test("every table of InnoDB may hold values of columns that were dropped", async (server) => {
  await create(
    server,
    "dropped",
    "CREATE TABLE t (id int PRIMARY KEY, gone text)",
    "ALTER TABLE t DROP gone, ALGORITHM = INSTANT",
    "CREATE TABLE fresh (id int PRIMARY KEY)",
    "CREATE TABLE other (id int PRIMARY KEY) ENGINE = Aria",
  );
  await using session = await open(server, "dropped");
  const { tables } = await mysql.schema(session);
  assertEquals(tables.map(({ id, mysql }) => [id, mysql?.hasRowVersions]), [
    ["fresh", true],
    ["other", false],
    ["t", true],
  ]);
});

test("a table of vectors counts as one, though its index has a file", async (server) => {
  await create(server, "vectors", "CREATE TABLE t (id int PRIMARY KEY, v vector(2) NOT NULL, VECTOR INDEX (v))");
  await using session = await open(server, "vectors");
  const { objects } = await mysql.inventory(session);
  assertEquals(objects.filter(({ kind }) => kind === "table without a definition"), []);
});

for (
  const [setting, obstacles] of [["OFF", []], ["ON", [
    "it has no primary key, and a new table without one would be refused",
  ]]] as const
) {
  test(`a table without a primary key is replaced by a copy unless the server takes none (${setting})`, async (server) => {
    await create(server, "keyless", "CREATE TABLE t (n int)");
    await server.run(`SET GLOBAL innodb_force_primary_key = ${setting}`);
    await using session = await open(server, "keyless");
    const { mysql: details } = tableOf(await mysql.schema(session), "t");
    await server.run("SET GLOBAL innodb_force_primary_key = OFF");
    assertEquals([details?.obstacles, details?.mayNotBeRebuilt], [[...obstacles], undefined]);
  });
}

test("a check's condition is the server's own text", async (server) => {
  await create(server, "checked", "CREATE TABLE t (n varchar(9) CHECK (n NOT IN ('O''Neil', 'a\\\\b')))");
  await using session = await open(server, "checked");
  const { checks } = await mysql.inventory(session);
  assertEquals(checks.map(({ table, name, holds }) => [table, name, holds.text]), [
    ["t", "n", "`n` not in ('O\\'Neil','a\\\\b')"],
  ]);
});

for (
  const { step, rows, next } of [
    { step: 1, rows: [3, 7], next: "8" },
    { step: -2, rows: [-3, -7], next: "-9" },
    { step: 1, rows: [], next: "5" },
  ]
) {
  test(`a sequence by ${step} over ${rows.length} rows is a counter, and is set back`, async (server) => {
    const bounds = step > 0 ? "START WITH 5 MINVALUE 1" : "START WITH -1 MINVALUE -99999999 MAXVALUE -1";
    await create(
      server,
      "counters",
      `CREATE SEQUENCE s INCREMENT BY ${step} ${bounds} NOCACHE`,
      "CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval(s), n int)",
      ...rows.map((row) => `INSERT INTO t VALUES (${row}, 1)`),
      `SELECT SETVAL(s, ${step > 0 ? 20794601 : -20794601})`,
    );
    await using session = await open(server, "counters");
    const schema = await mysql.schema(session);
    const [counter, ...others] = await mysql.counters(session, schema);
    assertEquals([counter?.name, counter?.step, others.length], ["s", BigInt(step), 0]);
    assertEquals(counter?.last, step > 0 ? 20794601n : -20794601n);
    if (counter === undefined) return;
    for (const one of mysql.restartCounter(counter, schema)) await session.run(one);
    const [row] = await session.query(
      trusted("SELECT NEXTVAL(s) AS next"),
    );
    assertEquals(String(row?.next), next);
  });
}
