import { assert, assertEquals } from "@std/assert";
import type { Column, UniqueKey } from "../../../lib/engine/schema.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { schemaStatements } from "../../fixtures/load.ts";
import { mysql as startServer } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";

const server = await startServer();

await create(
  server,
  "app",
  `CREATE TABLE parents (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE KEY pair (b, a))`,
  `CREATE TABLE kinds (
    id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    c_varchar varchar(255) NOT NULL, c_char char(36), c_text text, c_long longtext CHARACTER SET latin1, c_json json,
    c_flag tinyint(1) NOT NULL DEFAULT 0, c_tiny tinyint, c_int int DEFAULT 7, c_year year, c_decimal decimal(10,2),
    c_double double, c_date date, c_datetime datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    c_timestamp timestamp NULL, c_time time, c_binary binary(16), c_blob blob, c_enum enum('a', 'b'), c_set set('a', 'b'),
    c_bit bit(8), c_point point, c_hidden varchar(10) INVISIBLE, c_uuid varchar(36) DEFAULT (uuid()),
    c_bytes binary(16) DEFAULT (uuid_to_bin(uuid(), 1)), c_word varchar(36) DEFAULT 'uuid()',
    c_expression varchar(50) DEFAULT (concat('x', uuid())),
    c_virtual varchar(300) GENERATED ALWAYS AS (concat(c_varchar, '!')) VIRTUAL,
    c_stored varchar(300) GENERATED ALWAYS AS (lower(c_varchar)) STORED)`,
  `CREATE TABLE uniques (id int PRIMARY KEY,
    plain varchar(50) COLLATE utf8mb4_0900_ai_ci UNIQUE, exact varchar(50) COLLATE utf8mb4_bin UNIQUE,
    source varchar(50) COLLATE utf8mb4_bin, computed varchar(50) COLLATE utf8mb4_bin AS (lower(source)) STORED UNIQUE,
    number int UNIQUE, \`odd\`\`name\` varchar(50) COLLATE utf8mb4_bin,
    UNIQUE KEY functional ((lower(\`odd\`\`name\`))), KEY no_unique_key (source))`,
  `CREATE TABLE children (id int PRIMARY KEY, a int, b int, parent_id int, other_id int, own_id int,
    CONSTRAINT two FOREIGN KEY (b, a) REFERENCES parents (b, a) ON DELETE CASCADE,
    CONSTRAINT one FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL,
    CONSTRAINT restricted FOREIGN KEY (other_id) REFERENCES parents (id) ON DELETE RESTRICT,
    CONSTRAINT own FOREIGN KEY (own_id) REFERENCES children (id))`,
  "CREATE TABLE keyless (a int) ENGINE=MyISAM",
  "CREATE VIEW looking AS SELECT * FROM parents",
  "CREATE TABLE updated (id int PRIMARY KEY)",
  "CREATE TRIGGER on_update BEFORE UPDATE ON updated FOR EACH ROW SET NEW.id = NEW.id",
  "CREATE TABLE inserted (id int PRIMARY KEY)",
  "CREATE TRIGGER on_insert BEFORE INSERT ON inserted FOR EACH ROW SET NEW.id = NEW.id",
  "INSERT INTO parents (a, b) VALUES (1, 1), (2, 2)",
  "ANALYZE TABLE parents",
);
await create(server, "other", "CREATE TABLE elsewhere (id int PRIMARY KEY)");
const session = await open(server, "app");
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});
const schema = await mysql.schema(session);

Deno.test("schema() holds the base tables of its own database only", () => {
  const found = schema.tables.map(({ id }) => id);
  assertEquals(found, ["children", "inserted", "keyless", "kinds", "parents", "uniques", "updated"]);
  assertEquals([schema.engine, schema.database], ["mysql", "app"]);
});

Deno.test("schema() knows the server's version as a number", async () => {
  const [row] = await server.run("SELECT VERSION() AS version");
  const [major, minor, patch] = String(row?.version).split(/[.-]/).map(Number);
  assertEquals(schema.version, Number(major) * 10_000 + Number(minor) * 100 + Number(patch));
});

Deno.test("schema() names a table without its database", () => {
  const { id, schema: database, name, kind, primaryKey, rows, bytes } = tableOf(schema, "parents");
  assertEquals([id, database, name, kind, primaryKey], ["parents", "app", "parents", "table", ["id"]]);
  assertEquals(rows, 2);
  assert(bytes > 0);
});

const plain = { nullable: true, hasDefault: false, generated: false };

for (
  const expected of [
    {
      ...plain,
      name: "id",
      type: "bigint unsigned",
      kind: "integer",
      nullable: false,
      hasDefault: true,
      generatedBy: "auto_increment",
    },
    { ...plain, name: "c_varchar", type: "varchar(255)", kind: "text", length: 255, nullable: false },
    { ...plain, name: "c_char", type: "char(36)", kind: "text", length: 36 },
    { ...plain, name: "c_text", type: "text", kind: "text", length: 65_535 },
    { ...plain, name: "c_long", type: "longtext", kind: "text", length: 4_294_967_295 },
    { ...plain, name: "c_json", type: "json", kind: "json" },
    { ...plain, name: "c_flag", type: "tinyint(1)", kind: "boolean", nullable: false, hasDefault: true },
    { ...plain, name: "c_tiny", type: "tinyint", kind: "integer" },
    { ...plain, name: "c_int", type: "int", kind: "integer", hasDefault: true },
    { ...plain, name: "c_year", type: "year", kind: "integer" },
    { ...plain, name: "c_decimal", type: "decimal(10,2)", kind: "decimal" },
    { ...plain, name: "c_double", type: "double", kind: "decimal" },
    { ...plain, name: "c_date", type: "date", kind: "date" },
    { ...plain, name: "c_datetime", type: "datetime(6)", kind: "timestamp", hasDefault: true },
    { ...plain, name: "c_timestamp", type: "timestamp", kind: "timestamp" },
    { ...plain, name: "c_time", type: "time", kind: "other" },
    { ...plain, name: "c_binary", type: "binary(16)", kind: "binary", length: 16 },
    { ...plain, name: "c_blob", type: "blob", kind: "binary", length: 65_535 },
    { ...plain, name: "c_enum", type: "enum('a','b')", kind: "enum" },
    { ...plain, name: "c_set", type: "set('a','b')", kind: "enum" },
    { ...plain, name: "c_bit", type: "bit(8)", kind: "other" },
    { ...plain, name: "c_point", type: "point", kind: "other" },
    { ...plain, name: "c_hidden", type: "varchar(10)", kind: "text", length: 10 },
    { ...plain, name: "c_uuid", type: "varchar(36)", kind: "text", length: 36, hasDefault: true, generatedBy: "uuid" },
    {
      ...plain,
      name: "c_bytes",
      type: "binary(16)",
      kind: "binary",
      length: 16,
      hasDefault: true,
      generatedBy: "uuid",
    },
    { ...plain, name: "c_word", type: "varchar(36)", kind: "text", length: 36, hasDefault: true },
    { ...plain, name: "c_expression", type: "varchar(50)", kind: "text", length: 50, hasDefault: true },
    { ...plain, name: "c_virtual", type: "varchar(300)", kind: "text", length: 300, generated: true },
    { ...plain, name: "c_stored", type: "varchar(300)", kind: "text", length: 300, generated: true },
  ] satisfies Column[]
) {
  Deno.test(`schema() reads a column of type ${expected.type}: ${expected.name}`, () => {
    assertEquals(tableOf(schema, "kinds").columns.find(({ name }) => name === expected.name), expected);
  });
}

for (
  const expected of [
    { name: "PRIMARY", primary: true, columns: ["id"], folds: false },
    { name: "plain", primary: false, columns: ["plain"], folds: true },
    { name: "exact", primary: false, columns: ["exact"], folds: false },
    { name: "computed", primary: false, columns: ["computed", "source"], folds: true },
    { name: "number", primary: false, columns: ["number"], folds: false },
    { name: "functional", primary: false, columns: ["odd`name"], folds: true },
  ] satisfies UniqueKey[]
) {
  Deno.test(`schema() reads the unique key ${expected.name}`, () => {
    assertEquals(tableOf(schema, "uniques").uniqueKeys.find(({ name }) => name === expected.name), expected);
  });
}

Deno.test("schema() reads no key that is not unique", () => {
  assertEquals(tableOf(schema, "uniques").uniqueKeys.length, 6);
});

Deno.test("schema() keeps the order of a key's columns", () => {
  const pair = tableOf(schema, "parents").uniqueKeys.find(({ name }) => name === "pair");
  assertEquals(pair?.columns, ["b", "a"]);
});

Deno.test("schema() reads foreign keys with what they do to the child", () => {
  assertEquals(schema.foreignKeys.toSorted((a, b) => a.name < b.name ? -1 : 1), [
    {
      name: "one",
      child: "children",
      columns: ["parent_id"],
      parent: "parents",
      parentColumns: ["id"],
      onDelete: "set null",
    },
    {
      name: "own",
      child: "children",
      columns: ["own_id"],
      parent: "children",
      parentColumns: ["id"],
      onDelete: "no action",
    },
    {
      name: "restricted",
      child: "children",
      columns: ["other_id"],
      parent: "parents",
      parentColumns: ["id"],
      onDelete: "restrict",
    },
    {
      name: "two",
      child: "children",
      columns: ["b", "a"],
      parent: "parents",
      parentColumns: ["b", "a"],
      onDelete: "cascade",
    },
  ]);
});

for (const { id, expected } of [{ id: "updated", expected: true }, { id: "inserted", expected: false }]) {
  Deno.test(`schema() says ${expected} for triggers that our changes fire: ${id}`, () => {
    assertEquals(tableOf(schema, id).hasTriggers, expected);
  });
}

Deno.test("schema() finds no primary key where there is none", () => {
  assertEquals(tableOf(schema, "keyless").primaryKey, []);
});

Deno.test("inventory() of a table in the system tablespace is the same after a rebuild", async () => {
  await server.run("SET GLOBAL innodb_file_per_table = OFF");
  try {
    await create(server, "together", "CREATE TABLE people (id integer PRIMARY KEY)");
    await using session = await open(server, "together");
    const before = await mysql.inventory(session);
    await server.run("ALTER TABLE people FORCE", "together");
    assertEquals(await mysql.inventory(session), before);
  } finally {
    await server.run("SET GLOBAL innodb_file_per_table = ON");
  }
});

Deno.test("schema() reads whitehall's tables", async () => {
  await create(server, "whitehall", ...await schemaStatements("whitehall-2026"));
  await using other = await open(server, "whitehall");
  const whitehall = await mysql.schema(other);
  const [count] = await server.run(
    "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = 'whitehall' AND table_type = 'BASE TABLE'",
  );
  assertEquals(whitehall.tables.length, Number(count?.n));
  assertEquals(whitehall.tables.flatMap(({ columns }) => columns.filter(({ kind }) => kind === "other")), []);
});
