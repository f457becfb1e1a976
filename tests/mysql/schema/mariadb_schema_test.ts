/** What MariaDB's catalogue tells otherwise than MySQL's. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Column } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { refuseMisplacedRows } from "../../../lib/mysql/schema/misplaced_rows.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb, type TestServer } from "../../servers.ts";
import { schemaStatements } from "../../fixtures/load.ts";
import { create, never, open, tableOf, target } from "../fixture.ts";

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
        `Cannot scrub database "versioned": nothing here reaches each copy of each row of "t" (${what})`,
      );
    }
  });
}

test("schema() refuses a table whose definition cannot be read", async (server) => {
  await create(server, "damaged", "CREATE TABLE t (id int PRIMARY KEY)");
  await Deno.writeTextFile(`${server.dataDir}/damaged/t.frm`, "damaged");
  await server.run("FLUSH TABLES");
  await using session = await open(server, "damaged");
  await assertRejects(
    () => mysql.schema(session),
    ScrubError,
    'Cannot scrub database "damaged": nothing here reaches each copy of each row of "t" (unreadable)',
  );
  await Deno.remove(`${server.dataDir}/damaged/t.frm`);
});

test("rows in the wrong partition are refused, also of a table that prints no comment there", async (server) => {
  await create(
    server,
    "misplaced",
    `CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20))`,
    "CREATE TABLE brought (id int PRIMARY KEY)",
    "INSERT INTO brought VALUES (15)",
  );
  await using session = await open(server, "misplaced");
  await refuseMisplacedRows(session, await mysql.schema(session));
  // Before 11.4 the server takes such rows only by an exchange of files.
  const [{ version } = { version: "" }] = await server.run("SELECT VERSION() AS version");
  if (/^10[.]/.test(String(version))) return;
  await server.run("ALTER TABLE t EXCHANGE PARTITION a WITH TABLE brought WITHOUT VALIDATION", "misplaced");
  const schema = await mysql.schema(session);
  await assertRejects(() => refuseMisplacedRows(session, schema), ScrubError, 'another fault, in "t"');
});

for (const [storage, rows] of [["InnoDB", [3, 7]], ["InnoDB", []], ["Aria", [3, 7]], ["MyISAM", [3, 7]]] as const) {
  test(`AUTO_INCREMENT of ${storage} over ${rows.length} rows is a counter, and is set back`, async (server) => {
    await create(
      server,
      "counted",
      `CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, n int) ENGINE = ${storage} AUTO_INCREMENT = 20794601`,
      ...rows.map((row) => `INSERT INTO t VALUES (${row}, 1)`),
    );
    await using session = await open(server, "counted");
    const schema = await mysql.schema(session);
    const [counter, ...others] = await mysql.counters(session, schema);
    assertEquals([counter?.name, counter?.last, others.length], ["t AUTO_INCREMENT", 20794600n, 0]);
    if (counter === undefined) return;
    for (const one of mysql.restartCounter(counter, schema)) await session.run(one);
    const [again] = await mysql.counters(session, schema);
    assertEquals(again?.last, BigInt(Math.max(0, ...rows)));
    await server.run("INSERT INTO t (n) VALUES (1)", "counted");
    assertEquals(await server.run("SELECT MAX(id) AS id FROM t", "counted"), [{ id: Math.max(0, ...rows) + 1 }]);
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
  await create(
    server,
    "vectors",
    "CREATE TABLE t (id int PRIMARY KEY, v blob /*M!110700 , coordinates vector(2) NOT NULL, VECTOR INDEX (coordinates) */)",
  );
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

test("keys, foreign keys and triggers are read as MySQL's are", async (server) => {
  await create(
    server,
    "keys_of_tables",
    "CREATE TABLE parents (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE KEY pair (b, a))",
    `CREATE TABLE uniques (id int PRIMARY KEY, plain varchar(50) UNIQUE, exact varchar(50) COLLATE utf8mb4_bin UNIQUE,
      source varchar(50) COLLATE utf8mb4_bin, computed varchar(50) COLLATE utf8mb4_bin AS (lower(source)) STORED UNIQUE,
      whole text COLLATE utf8mb4_bin, UNIQUE KEY hashed (whole), KEY no_unique_key (source))`,
    `CREATE TABLE children (id int PRIMARY KEY, a int, b int, parent_id int, other_id int, own_id int,
      CONSTRAINT two FOREIGN KEY (b, a) REFERENCES parents (b, a) ON DELETE CASCADE,
      CONSTRAINT one FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL,
      CONSTRAINT restricted FOREIGN KEY (other_id) REFERENCES parents (id) ON DELETE RESTRICT,
      CONSTRAINT own FOREIGN KEY (own_id) REFERENCES children (id))`,
    "CREATE TRIGGER on_update BEFORE UPDATE ON parents FOR EACH ROW SET NEW.id = NEW.id",
    "CREATE TRIGGER on_insert BEFORE INSERT ON children FOR EACH ROW SET NEW.id = NEW.id",
  );
  await using session = await open(server, "keys_of_tables");
  const schema = await mysql.schema(session);
  const keys = tableOf(schema, "uniques").uniqueKeys;
  assertEquals(keys.map(({ name, columns, folds }) => [name, columns, folds]), [
    ["computed", ["computed", "source"], true],
    ["exact", ["exact"], false],
    ["hashed", ["whole"], false],
    ["plain", ["plain"], true],
    ["PRIMARY", ["id"], false],
  ]);
  assertEquals(
    schema.foreignKeys.map((
      { name, child, columns, parent, parentColumns, onDelete },
    ) => [name, child, columns, parent, parentColumns, onDelete]),
    [
      ["one", "children", ["parent_id"], "parents", ["id"], "set null"],
      ["own", "children", ["own_id"], "children", ["id"], "restrict"],
      ["restricted", "children", ["other_id"], "parents", ["id"], "restrict"],
      ["two", "children", ["b", "a"], "parents", ["b", "a"], "cascade"],
    ],
  );
  assertEquals(schema.tables.map(({ id, hasTriggers }) => [id, hasTriggers]), [
    ["children", false],
    ["parents", true],
    ["uniques", false],
  ]);
});

/** MySQL's collation is known since 11.4. */
function inEveryVersion(statement: string): string {
  return statement.replaceAll("utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci");
}

test("schema() reads whitehall's tables", async (server) => {
  await create(server, "whitehall", ...(await schemaStatements("whitehall-2026")).map(inEveryVersion));
  await using session = await open(server, "whitehall");
  const { tables } = await mysql.schema(session);
  const [count] = await server.run(
    "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = 'whitehall' AND table_type = 'BASE TABLE'",
  );
  assertEquals(tables.length, Number(count?.n));
  assertEquals(tables.flatMap(({ columns }) => columns.filter(({ kind }) => kind === "other")), []);
});

for (
  const [what, statements, empty] of [
    ["nothing", [], true],
    ["a sequence", ["CREATE SEQUENCE s"], false],
    ["a package", ["SET sql_mode = ORACLE; CREATE PACKAGE p AS FUNCTION one RETURN int; END"], false],
    ["an event", ["CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1"], false],
    ["a versioned table", ["CREATE TABLE t (id int) WITH SYSTEM VERSIONING"], false],
  ] as const
) {
  test(`a database with ${what} is ${empty ? "" : "not "}empty`, async (server) => {
    await create(server, "holding", ...statements);
    await using session = await open(server);
    const found = (await mysql.listDatabases(session, target(server), never)).find(({ name }) => name === "holding");
    assertEquals(found?.empty, empty);
  });
}

test("databases whose names differ only in case are two", async (server) => {
  await create(server, "twice");
  await create(server, "Twice", "CREATE TABLE t (id int PRIMARY KEY)");
  await using session = await open(server);
  const found = (await mysql.listDatabases(session, target(server), never)).filter(({ name }) => /^twice$/i.test(name));
  assertEquals(found.map(({ name, empty }) => [name, empty]), [["Twice", false], ["twice", true]]);
});

for (const [comment, texts] of [["ask zmark@private.test", ["sensitive"]], ["ours", ["plain"]], ["", []]] as const) {
  test(`an empty database has its comment, if any: "${comment}"`, async (server) => {
    await create(server, "commented", `ALTER DATABASE COMMENT = '${comment}'`);
    await using session = await open(server);
    const found = (await mysql.listDatabases(session, target(server), never)).find(({ name }) => name === "commented");
    assertEquals(
      found?.objects.map(({ kind, name, text }) => [kind, name, text]),
      texts.map((text) => ["comment", "database commented", text]),
    );
  });
}
