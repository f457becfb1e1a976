import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { ColumnChange, Scratch, Session, TableChange } from "../../../lib/engine/engine.ts";
import { findColumn, type Schema, type Table } from "../../../lib/engine/schema.ts";
import { Name, type Sql, sqlTag, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";

const sql = sqlTag("`");

interface Case {
  readonly what: string;
  readonly create: readonly string[];
  /** Column to new value, or new value and the scratch of its rows. */
  readonly columns?: Readonly<Record<string, string | readonly [value: string, only: string]>>;
  /** Scratch name to condition on rows of `t`. */
  readonly selections?: Readonly<Record<string, string>>;
  readonly gone?: string;
  /** Its file may hold old rows. */
  readonly old?: true;
  readonly read: string;
  readonly expected: readonly unknown[];
}

const three = [
  "CREATE TABLE t (id int PRIMARY KEY, a varchar(50), b varchar(50))",
  "INSERT INTO t VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2'), (3, 'a3', NULL)",
];
const zeroDates = [
  "CREATE TABLE t (id int PRIMARY KEY, a varchar(50), d date, at datetime, stamp timestamp NULL)",
  `SET sql_mode = 'ALLOW_INVALID_DATES'; INSERT INTO t VALUES
    (1, 'a', '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00'), (2, 'b', '2020-02-00', '2020-00-01 01:02:03', NULL),
    (3, 'c', '2020-02-31', '2020-02-31 01:02:03', NULL); SET sql_mode = DEFAULT`,
];
const read = "SELECT * FROM t ORDER BY 1, 2";

/** Documents that were changed in their place, where their old bytes stay; one has types that JSON does not have. */
const cutDocuments = [
  "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), j json, at timestamp NULL ON UPDATE CURRENT_TIMESTAMP, g json AS (j) STORED)",
  `INSERT INTO t (id, a, j, at) VALUES (1, 'a', JSON_OBJECT('mail', REPEAT('old', 9), 'at', CAST('2020-01-02' AS date), 'n', 1.50), NULL),
    (2, 'a', '{"mail": "old", "n": 2.0}', '2020-01-01'), (3, 'a', NULL, NULL)`,
  "UPDATE t SET j = JSON_SET(j, '$.mail', 'x'), at = at WHERE id = 1; UPDATE t SET j = JSON_REMOVE(j, '$.mail'), at = at WHERE id = 2",
];
const documents =
  `SELECT a, CAST(j AS CHAR) AS j, JSON_TYPE(j->'$.at') AS type, JSON_STORAGE_FREE(j) AS free, CAST(at AS CHAR) AS at
  FROM t ORDER BY id`;
const wholeDocuments = [
  { j: '{"n": 1.50, "at": "2020-01-02", "mail": "x"}', type: "DATE", free: 0, at: null },
  { j: '{"n": 2.0}', type: null, free: 0, at: "2020-01-01 00:00:00" },
  { j: null, type: null, free: null, at: null },
];

const cases: readonly Case[] = [
  {
    what: "changes every row",
    create: three,
    columns: { a: "'new'" },
    read,
    expected: [{ id: 1, a: "new", b: "b1" }, { id: 2, a: "new", b: "b2" }, { id: 3, a: "new", b: null }],
  },
  {
    what: "computes a column from another one's old value, whatever the order",
    create: three,
    columns: { a: "'new'", b: "CONCAT(`a`, `b`)" },
    read,
    expected: [{ id: 1, a: "new", b: "a1b1" }, { id: 2, a: "new", b: "a2b2" }, { id: 3, a: "new", b: null }],
  },
  {
    what: "finds a name that is not quoted",
    create: three,
    columns: { a: "'new'", b: "concat(A,B)" },
    read,
    expected: [{ id: 1, a: "new", b: "a1b1" }, { id: 2, a: "new", b: "a2b2" }, { id: 3, a: "new", b: null }],
  },
  {
    what: "computes two columns from each other's old value",
    create: three,
    columns: { a: "CONCAT('<', `b`)", b: "CONCAT(`a`, '>')" },
    read,
    expected: [{ id: 1, a: "<b1", b: "a1>" }, { id: 2, a: "<b2", b: "a2>" }, { id: 3, a: null, b: "a3>" }],
  },
  {
    what: "computes two columns from each other's old value in some rows",
    create: three,
    columns: { a: ["CONCAT('<', `b`)", "few"], b: ["CONCAT(`a`, '>')", "few"] },
    selections: { few: "id = 2" },
    read,
    expected: [{ id: 1, a: "a1", b: "b1" }, { id: 2, a: "<b2", b: "a2>" }, { id: 3, a: "a3", b: null }],
  },
  {
    what: "swaps a key's two columns",
    create: [
      "CREATE TABLE t (a varchar(9) COLLATE utf8mb4_0900_ai_ci, b varchar(9), PRIMARY KEY (a, b))",
      "INSERT INTO t VALUES ('1', '2'), ('3', '4')",
    ],
    columns: { a: "`b`", b: "`a`" },
    read,
    expected: [{ a: "2", b: "1" }, { a: "4", b: "3" }],
  },
  {
    what: "changes chosen rows only",
    create: three,
    columns: { a: ["'new'", "few"] },
    selections: { few: "id > 1" },
    read,
    expected: [{ id: 1, a: "a1", b: "b1" }, { id: 2, a: "new", b: "b2" }, { id: 3, a: "new", b: null }],
  },
  {
    what: "changes each column in its own rows",
    create: three,
    columns: { a: ["'new'", "few"], b: ["`a`", "other"] },
    selections: { few: "id > 1", other: "id < 3" },
    read,
    expected: [{ id: 1, a: "a1", b: "a1" }, { id: 2, a: "new", b: "a2" }, { id: 3, a: "new", b: null }],
  },
  {
    what: "changes one column in some rows and another in all",
    create: three,
    columns: { a: ["'new'", "few"], b: "`a`" },
    selections: { few: "id = 1" },
    read,
    expected: [{ id: 1, a: "new", b: "a1" }, { id: 2, a: "a2", b: "a2" }, { id: 3, a: "a3", b: "a3" }],
  },
  {
    what: "deletes rows and changes the others",
    create: three,
    columns: { a: "'new'" },
    selections: { old: "id <> 2" },
    gone: "old",
    read,
    expected: [{ id: 2, a: "new", b: "b2" }],
  },
  {
    what: "deletes only",
    create: three,
    selections: { old: "id = 2" },
    gone: "old",
    read: "SELECT id FROM t",
    expected: [{ id: 1 }, { id: 3 }],
  },
  {
    what: "fires no cascade",
    create: [
      ...three,
      "CREATE TABLE child (id int PRIMARY KEY, t_id int, FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)",
      "INSERT INTO child VALUES (1, 1)",
    ],
    selections: { old: "id = 1" },
    gone: "old",
    read: "SELECT * FROM child",
    expected: [{ id: 1, t_id: 1 }],
  },
  {
    what: "changes a table without a key",
    create: ["CREATE TABLE t (a varchar(9), b varchar(9))", "INSERT INTO t VALUES ('a', 'b'), ('a', 'b')"],
    columns: { a: "'new'", b: "`a`" },
    read,
    expected: [{ a: "new", b: "a" }, { a: "new", b: "a" }],
  },
  {
    what: "leaves times alone that MySQL would renew",
    create: [
      `CREATE TABLE t (id int PRIMARY KEY, a varchar(9), at timestamp DEFAULT '2020-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP,
        at2 datetime(6) DEFAULT '2020-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP(6))`,
      "INSERT INTO t (id, a) VALUES (1, 'a')",
    ],
    columns: { a: "'new'" },
    read: "SELECT a, CAST(at AS CHAR) AS at, CAST(at2 AS CHAR) AS at2 FROM t",
    expected: [{ a: "new", at: "2020-01-01 00:00:00", at2: "2020-01-01 00:00:00.000000" }],
  },
  {
    what: "leaves times alone where columns read each other",
    create: [
      `CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b varchar(9),
        at timestamp DEFAULT '2020-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP)`,
      "INSERT INTO t (id, a, b) VALUES (1, 'a', 'b')",
    ],
    columns: { a: "`b`", b: "`a`" },
    read: "SELECT a, b, CAST(at AS CHAR) AS at FROM t",
    expected: [{ a: "b", b: "a", at: "2020-01-01 00:00:00" }],
  },
  {
    what: "keeps zero dates in rows that it changes",
    create: zeroDates,
    columns: { a: "'new'" },
    read: "SELECT a, CAST(d AS CHAR) AS d, CAST(at AS CHAR) AS at, CAST(stamp AS CHAR) AS stamp FROM t ORDER BY id",
    expected: [
      { a: "new", d: "0000-00-00", at: "0000-00-00 00:00:00", stamp: "0000-00-00 00:00:00" },
      { a: "new", d: "2020-02-00", at: "2020-00-01 01:02:03", stamp: null },
      { a: "new", d: "2020-02-31", at: "2020-02-31 01:02:03", stamp: null },
    ],
  },
  {
    what: "keeps zero dates outside the rows of a rule on the date itself",
    create: zeroDates,
    columns: { a: "'new'", d: ["NULL", "few"], at: ["NULL", "few"] },
    selections: { few: "id = 2" },
    read: "SELECT a, CAST(d AS CHAR) AS d, CAST(at AS CHAR) AS at FROM t ORDER BY id",
    expected: [
      { a: "new", d: "0000-00-00", at: "0000-00-00 00:00:00" },
      { a: "new", d: null, at: null },
      { a: "new", d: "2020-02-31", at: "2020-02-31 01:02:03" },
    ],
  },
  {
    what: "keeps an id of 0",
    create: [
      "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(9))",
      "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO t VALUES (0, 'a'), (1, 'b'); SET sql_mode = DEFAULT",
    ],
    columns: { a: ["'new'", "zero"] },
    selections: { zero: "id = 0" },
    read,
    expected: [{ id: 0, a: "new" }, { id: 1, a: "b" }],
  },
  {
    what: "chooses rows by a key of several columns",
    create: [
      "CREATE TABLE t (a varchar(9) CHARACTER SET latin1, n int, b varchar(9), PRIMARY KEY (a, n))",
      "INSERT INTO t VALUES ('x', 1, 'old'), ('x', 2, 'old'), ('y', 1, 'old')",
    ],
    columns: { b: ["'new'", "few"] },
    selections: { few: "a = 'x' AND n = 2" },
    read: "SELECT * FROM t ORDER BY a, n",
    expected: [{ a: "x", n: 1, b: "old" }, { a: "x", n: 2, b: "new" }, { a: "y", n: 1, b: "old" }],
  },
  {
    what: "recomputes generated columns",
    create: [
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), g varchar(9) AS (CONCAT(a, '!')) STORED, v varchar(9) AS (a) VIRTUAL)",
      "INSERT INTO t (id, a) VALUES (1, 'a')",
    ],
    columns: { a: "'new'" },
    read,
    expected: [{ id: 1, a: "new", g: "new!", v: "new" }],
  },
  {
    what: "changes names that must be quoted",
    create: [
      "CREATE TABLE t (id int PRIMARY KEY, `od``d.name` varchar(9), `key` varchar(9))",
      "INSERT INTO t VALUES (1, 'a', 'b')",
    ],
    columns: { "od`d.name": "'new'", key: "`od``d.name`" },
    read,
    expected: [{ id: 1, "od`d.name": "new", key: "a" }],
  },
];

/** A table of every type, with values that a conversion would spoil. */
const everyType = [
  `CREATE TABLE t (id int PRIMARY KEY, c_latin varchar(9) CHARACTER SET latin1, c_old varchar(9) CHARACTER SET utf8mb3,
    c_text text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, c_char char(5), c_json json, c_flag tinyint(1), c_big bigint unsigned,
    c_decimal decimal(30,10), c_float float, c_double double, c_date date, c_datetime datetime(6), c_timestamp timestamp(6) NULL,
    c_time time(3), c_year year, c_binary binary(4), c_blob blob, c_enum enum('a', 'b'), c_set set('a', 'b'), c_bit bit(8),
    c_point point)`,
  `INSERT INTO t VALUES (1, 'é€', 'é日 ', '👩 \r\n', 'x', '{"b": [1, 2.0, "é"], "a": null}', 2, 18446744073709551615,
    12345678901234567890.0123456789, 0.1, 1e300, '9999-12-31', '2020-01-02 03:04:05.678901', '2020-01-02 03:04:05.678901',
    '-838:59:59.000', 1901, X'00ff0a00', X'ff00', 'b', 'a,b', b'10000001', ST_GeomFromText('POINT(1 2)'))`,
  "INSERT INTO t (id) VALUES (2)",
];

const shapes = [
  { shape: "copy-swap", obstacles: [] },
  { shape: "in place", obstacles: ["a test says so"] },
] as const;

/** What only a copy does. */
const documentCases: readonly Case[] = [
  {
    what: "of a table whose rows it changes",
    create: cutDocuments,
    columns: { a: "'new'" },
    read: documents,
    expected: wholeDocuments.map((row) => ({ a: "new", ...row })),
  },
  {
    what: "outside of chosen rows",
    create: cutDocuments,
    columns: { j: ["NULL", "few"] },
    selections: { few: "id = 3" },
    read: documents,
    expected: wholeDocuments.map((row) => ({ a: "a", ...row })),
  },
  {
    what: "of a table that no rule touches, and fires no trigger",
    create: [
      ...cutDocuments,
      "CREATE DEFINER = master@'%' TRIGGER fires BEFORE UPDATE ON t FOR EACH ROW SET new.a = 'fired'",
    ],
    old: true,
    read: documents,
    expected: wholeDocuments.map((row) => ({ a: "a", ...row })),
  },
];

for (const { product, start } of mysqlProducts) {
  const test = (name: string, fn: () => Promise<void>) => Deno.test(`${product}: ${name}`, fn);
  const server = await start();
  Deno.test.afterAll(() => server.stop("now"));

  for (
    const { what, kept, obstacles } of [
      { what: "by a copy", kept: [], obstacles: [] },
      { what: "in one pass", kept: [], obstacles: ["a test says so"] },
      { what: "where columns read each other", kept: ["c_latin", "c_old"], obstacles: ["a test says so"] },
    ]
  ) {
    test(`plan() leaves rows that are not chosen as they are, byte for byte, ${what}`, async () => {
      await create(server, "app", ...everyType);
      const everything =
        "SELECT *, HEX(c_text) AS x, HEX(c_latin) AS l, HEX(c_old) AS o, HEX(c_bit) AS y FROM t WHERE id = 1";
      const before = await server.run(everything, "app");
      await using session = await open(server, "app");
      await mysql.openScratch(session);
      const names = tableOf(await mysql.schema(session), "t").columns.map(({ name }) => name).filter((name) =>
        name !== "id"
      );
      const other: Readonly<Record<string, string>> = { c_latin: "`c_old`", c_old: "`c_latin`" };
      const columns = Object.fromEntries(
        names.map((name, at) => [name, [kept.includes(name) ? other[name] ?? "" : "NULL", `some${at % 2}`] as const]),
      );
      const { change, schema } = await fateOf(session, {
        create: [],
        columns,
        selections: { some0: "id = 2", some1: "id = 2" },
        read: "",
      }, obstacles);
      for (const step of mysql.plan(change, schema).steps) await session.run(step);
      assertEquals(await server.run(everything, "app"), before);
    });
  }

  for (const { what, expected, ...given } of cases) {
    for (const { shape, obstacles } of shapes) {
      test(`plan() ${what}: ${shape}`, async () => {
        await create(server, "app", ...given.create);
        await using session = await open(server, "app");
        await mysql.openScratch(session);
        const { change, schema } = await fateOf(session, given, obstacles);
        for (const step of mysql.plan(change, schema).steps) await session.run(step);
        assertEquals(await server.run(given.read, "app"), expected);
      });
    }
  }

  // MariaDB changes no document in its place.
  if (product === "MariaDB") continue;
  for (const { what, expected, ...given } of documentCases) {
    test(`plan() leaves no old bytes in documents ${what}`, async () => {
      await create(server, "app", ...given.create);
      await using session = await open(server, "app");
      await mysql.openScratch(session);
      const { change, schema } = await fateOf(session, given, []);
      for (const step of mysql.plan(change, schema).steps) await session.run(step);
      assertEquals(await server.run(given.read, "app"), expected);
    });
  }

  test("checkRows() refuses old bytes in documents of a table that no copy can replace", async () => {
    await create(server, "app", ...cutDocuments);
    await using session = await open(server, "app");
    const schema = await mysql.schema(session);
    const obstacles = ["a test says so"];
    const tables = schema.tables.map((one) => ({ ...one, ...(one.mysql && { mysql: { ...one.mysql, obstacles } }) }));
    await mysql.checkRows?.(session, schema);
    await assertRejects(
      async () => await mysql.checkRows?.(session, { ...schema, tables }),
      ScrubError,
      'no copy can replace "t": a test says so',
    );
  });
}

type Given = Omit<Case, "what" | "expected">;

async function fateOf(
  session: Session,
  given: Given,
  obstacles: readonly string[],
): Promise<{ change: TableChange; schema: Schema }> {
  const schema = await mysql.schema(session);
  const found = tableOf(schema, "t");
  const table = found.mysql === undefined ? found : { ...found, mysql: { ...found.mysql, obstacles } };
  const places = new Map<string, Scratch>();
  for (const [name, where] of Object.entries(given.selections ?? {})) {
    const place = mysql.scratch("app", name, table);
    const keys = table.primaryKey.map((key) => `\`${key}\``).join(", ");
    for (const step of mysql.fillScratch(place, trusted(`SELECT ${keys} FROM t WHERE ${where}`))) {
      await session.run(step);
    }
    places.set(name, place);
  }
  const gone = given.gone === undefined ? undefined : places.get(given.gone);
  const columns = Object.entries(given.columns ?? {}).map(([name, rule]): ColumnChange => {
    if (typeof rule === "string") return columnFate(table, name, trusted(rule));
    return columnFate(table, name, trusted(rule[0]), places.get(rule[1]));
  });
  const old = given.old && { mayHoldOldRows: true };
  return { change: { table, columns, ...old, ...(gone === undefined ? {} : { deletedKeys: gone }) }, schema };
}

function columnFate(table: Table, name: string, next: Sql, only?: Scratch): ColumnChange {
  const column = findColumn(table, name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return { column, newValue: next, ...(only === undefined ? {} : { onlyKeys: only }) };
}

const column = (name: string) => ({
  name,
  type: "varchar(9)",
  kind: "text" as const,
  nullable: true,
  hasDefault: false,
  generated: false,
});

function table(more: Partial<Table> = {}): Table {
  return {
    id: "t",
    schema: "app",
    name: "t",
    kind: "table",
    columns: [column("a"), column("b")],
    primaryKey: ["id"],
    uniqueKeys: [],
    rows: 0,
    bytes: 0,
    hasTriggers: false,
    ...more,
  };
}

function schemaOf(tables: readonly Table[], foreignKeys: Schema["foreignKeys"] = []): Schema {
  return { engine: "mysql", database: "app", version: 80_036, tables, foreignKeys };
}

Deno.test("plan() is one plain UPDATE where no column reads a changed one", () => {
  const t = table();
  const change = { table: t, columns: [columnFate(t, "a", sql`'x'`), columnFate(t, "b", sql`${new Name("a")}`)] };
  assertEquals(mysql.plan(change, schemaOf([t])).steps.map((step) => step.sql.text), [
    "UPDATE `app`.`t` SET `app`.`t`.`b` = `a`, `app`.`t`.`a` = 'x'",
    "ALTER TABLE `app`.`t` FORCE, ALGORITHM=COPY",
  ]);
});

Deno.test("plan() computes columns that read each other aside, in a subquery that no server merges", () => {
  const t = table();
  const columns = [columnFate(t, "a", sql`${new Name("b")}`), columnFate(t, "b", sql`${new Name("a")}`)];
  assertEquals(mysql.plan({ table: t, columns }, schemaOf([t])).steps.map((step) => step.sql.text), [
    "UPDATE `app`.`t` JOIN (SELECT `id` AS `key_0`, `b` AS `value_0`, `a` AS `value_1` FROM `app`.`t` " +
    "LIMIT 18446744073709551615) AS planned ON planned.`key_0` = `app`.`t`.`id` " +
    "SET `app`.`t`.`a` = planned.`value_0`, `app`.`t`.`b` = planned.`value_1`",
    "ALTER TABLE `app`.`t` FORCE, ALGORITHM=COPY",
  ]);
});

Deno.test("plan() locks the table and its neighbours by foreign keys", () => {
  const t = table();
  const key = { name: "k", columns: ["x"], parentColumns: ["id"], onDelete: "cascade" } as const;
  const foreignKeys = [
    { ...key, child: "t", parent: "up" },
    { ...key, child: "down", parent: "t" },
    { ...key, child: "t", parent: "t" },
    { ...key, child: "far", parent: "away" },
  ];
  assertEquals(mysql.plan({ table: t, columns: [] }, schemaOf([t], foreignKeys)).locks, ["t", "up", "down"]);
});

Deno.test("plan() of nothing has no steps", () => {
  const t = table({ hasTriggers: true });
  const { shape, steps } = mysql.plan({ table: t, columns: [] }, schemaOf([t]));
  assertEquals([shape, steps], ["none", []]);
});

Deno.test("plan() refuses a table whose triggers would fire", () => {
  const t = table({ hasTriggers: true });
  assertThrows(
    () => mysql.plan({ table: t, columns: [columnFate(t, "a", sql`'x'`)] }, schemaOf([t])),
    ScrubError,
    'Cannot plan "t": a trigger fires on its changes',
  );
});

Deno.test("plan() refuses columns that read each other in a table without a key", () => {
  const t = table({ primaryKey: [] });
  const columns = [columnFate(t, "a", sql`${new Name("b")}`), columnFate(t, "b", sql`${new Name("a")}`)];
  assertThrows(
    () => mysql.plan({ table: t, columns }, schemaOf([t])),
    ScrubError,
    'Cannot plan "t": its columns "a", "b" read each other, and it has no primary key',
  );
});
