/** Deletions and the foreign keys that lead to what goes, on real servers. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { column, type Definition, type EngineName, sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { lorem, setNull } from "../../../lib/scrub/rules/strategies.ts";
import type { TestServer } from "../../servers.ts";
import { createTestDatabase, engineNames, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

interface Case {
  readonly what: string;
  readonly engines?: readonly EngineName[];
  readonly create: readonly string[];
  /** Table to the condition on `x` of the rows that a rule deletes. */
  readonly deletes: Readonly<Record<string, string>>;
  readonly rules?: Definition["tables"];
  /** Query to its rows, values joined by blanks. */
  readonly expected?: Readonly<Record<string, readonly string[]>>;
  readonly refused?: RegExp;
}

const threeLevels = [
  "CREATE TABLE a (x integer PRIMARY KEY)",
  "CREATE TABLE b (x integer PRIMARY KEY, a integer, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (x) ON DELETE CASCADE)",
  "CREATE TABLE c (x integer PRIMARY KEY, b integer, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (x) ON DELETE CASCADE)",
  "CREATE TABLE d (x integer PRIMARY KEY, c integer, CONSTRAINT d_c FOREIGN KEY (c) REFERENCES c (x) ON DELETE CASCADE)",
  "INSERT INTO a VALUES (1), (2)",
  "INSERT INTO b VALUES (10, 1), (11, 1), (20, 2), (30, NULL)",
  "INSERT INTO c VALUES (100, 10), (110, 11), (200, 20), (300, NULL)",
  "INSERT INTO d VALUES (1000, 100), (1100, 110), (2000, 200), (3000, NULL)",
];

/** Parent `a` and child `b`, whose key does so on deletion. */
function pair(onDelete: string, child = "a integer", key = "x integer PRIMARY KEY"): string[] {
  return [
    "CREATE TABLE a (x integer PRIMARY KEY)",
    `CREATE TABLE b (${key}, ${child}, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (x) ON DELETE ${onDelete})`,
    "INSERT INTO a VALUES (1), (2)",
    "INSERT INTO b VALUES (10, 1), (11, 1), (20, 2)",
  ];
}

const cases: readonly Case[] = [
  {
    what: "a cascade over three levels",
    create: threeLevels,
    deletes: { a: "= 1" },
    expected: {
      "SELECT x FROM a": ["2"],
      "SELECT x FROM b": ["20", "30"],
      "SELECT x FROM c": ["200", "300"],
      "SELECT x FROM d": ["2000", "3000"],
    },
  },
  {
    what: "a cascade that is reached twice",
    create: threeLevels,
    deletes: { c: "= 200", a: "= 1", b: "= 30" },
    expected: { "SELECT x FROM b": ["20"], "SELECT x FROM c": ["300"], "SELECT x FROM d": ["3000"] },
  },
  {
    what: "nothing selected",
    create: threeLevels,
    deletes: { a: "= 99" },
    expected: { "SELECT x FROM a": ["1", "2"], "SELECT x FROM d": ["1000", "1100", "2000", "3000"] },
  },
  {
    what: "a cycle",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, b integer)",
      "CREATE TABLE b (x integer PRIMARY KEY, a integer, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (x) ON DELETE CASCADE)",
      "INSERT INTO a VALUES (1, NULL), (2, NULL), (3, NULL), (4, NULL)",
      "INSERT INTO b VALUES (1, 1), (2, 2), (3, 3)",
      "UPDATE a SET b = x - 1 WHERE x > 1",
      "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (x) ON DELETE CASCADE",
    ],
    deletes: { a: "= 2" },
    expected: { "SELECT x FROM a": ["1"], "SELECT x FROM b": ["1"] },
  },
  {
    what: "a table that points at itself",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, up integer, CONSTRAINT a_up FOREIGN KEY (up) REFERENCES a (x) ON DELETE CASCADE)",
      "INSERT INTO a VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, 5), (6, NULL), (7, 6)",
    ],
    deletes: { a: "IN (1, 5)" },
    expected: { "SELECT x FROM a": ["6", "7"] },
  },
  {
    what: "set null",
    create: pair("SET NULL"),
    deletes: { a: "= 1" },
    expected: { "SELECT x, a FROM b": ["10 null", "11 null", "20 2"] },
  },
  {
    what: "set null, where a row goes too and a rule changes another column",
    create: pair("SET NULL", "a integer, t varchar(9)").with(
      3,
      "INSERT INTO b VALUES (10, 1, 'no'), (11, 1, 'on'), (20, 2, 'x')",
    ),
    deletes: { a: "= 1", b: "= 10" },
    rules: { b: { columns: { t: lorem() } } },
    expected: { "SELECT x, a, t FROM b": ["11 null Lo", "20 2 L"] },
  },
  {
    what: "set null on a column that a rule changes too",
    create: pair("SET NULL"),
    deletes: { a: "= 1" },
    rules: { b: { columns: { a: setNull() } } },
    refused: /Cannot set b\.a to NULL .* foreign key "b_a" asks: a rule changes it too/,
  },
  {
    what: "set null on a column that is NOT NULL",
    engines: ["postgresql"],
    create: pair("SET NULL", "a integer NOT NULL"),
    deletes: { a: "= 1" },
    refused: /Cannot set b\.a to NULL .*: it is NOT NULL/,
  },
  {
    what: "no action, and rows stay",
    create: pair("NO ACTION"),
    deletes: { a: "= 1" },
    refused: /Cannot delete rows of a .*: 2 rows of b still reference them by the foreign key "b_a" \(no action\)/,
  },
  {
    what: "restrict, and rows stay",
    create: pair("RESTRICT"),
    deletes: { a: "= 1", b: "= 10" },
    refused: /1 rows of b still reference them by the foreign key "b_a" \((restrict|no action)\)/,
  },
  {
    what: "restrict, and the rows go too",
    create: pair("RESTRICT"),
    deletes: { a: "= 1", b: "< 20" },
    expected: { "SELECT x FROM a": ["2"], "SELECT x FROM b": ["20"] },
  },
  {
    what: "restrict, and the rows go by another key's cascade",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY)",
      "CREATE TABLE b (x integer PRIMARY KEY, a integer, up integer, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (x))",
      "INSERT INTO a VALUES (1), (2)",
      "INSERT INTO b VALUES (10, 1, 2), (11, NULL, 10), (12, 2, 10)",
      "ALTER TABLE b ADD CONSTRAINT b_up FOREIGN KEY (up) REFERENCES a (x) ON DELETE CASCADE",
    ].with(3, "INSERT INTO b VALUES (10, 1, 1), (11, NULL, 2), (12, 2, 2)"),
    deletes: { a: "= 1" },
    expected: { "SELECT x FROM a": ["2"], "SELECT x FROM b": ["11", "12"] },
  },
  {
    what: "set default, and rows stay",
    engines: ["postgresql"],
    create: pair("SET DEFAULT", "a integer DEFAULT 2"),
    deletes: { a: "= 1" },
    refused: /2 rows of b .* \(set default\)/,
  },
  {
    what: "composite keys; a part that is NULL points nowhere",
    create: [
      "CREATE TABLE a (x integer, y varchar(9), PRIMARY KEY (y, x))",
      "CREATE TABLE b (x integer PRIMARY KEY, ax integer, ay varchar(9), CONSTRAINT b_a FOREIGN KEY (ay, ax) REFERENCES a (y, x) ON DELETE CASCADE)",
      "INSERT INTO a VALUES (1, 'p'), (1, 'q'), (2, 'p')",
      "INSERT INTO b VALUES (10, 1, 'p'), (11, 1, 'q'), (12, 2, 'p'), (13, 1, NULL), (14, NULL, 'p')",
    ],
    deletes: { a: "= 1" },
    expected: { "SELECT x, y FROM a": ["2 p"], "SELECT x FROM b": ["12", "13", "14"] },
  },
  {
    what: "a referenced column that is not the primary key",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, code varchar(9) UNIQUE)",
      "CREATE TABLE b (x integer PRIMARY KEY, code varchar(9), CONSTRAINT b_a FOREIGN KEY (code) REFERENCES a (code) ON DELETE CASCADE)",
      "INSERT INTO a VALUES (1, 'one'), (2, 'two'), (3, NULL)",
      "INSERT INTO b VALUES (10, 'one'), (20, 'two'), (30, NULL)",
    ],
    deletes: { a: "IN (1, 3)" },
    expected: { "SELECT x FROM a": ["2"], "SELECT x FROM b": ["20", "30"] },
  },
  {
    what: "a reference in another case, which a collation takes as equal",
    engines: ["mysql"],
    create: [
      "CREATE TABLE a (code varchar(9) PRIMARY KEY, x integer)",
      "CREATE TABLE b (x integer PRIMARY KEY, code varchar(9), CONSTRAINT b_a FOREIGN KEY (code) REFERENCES a (code) ON DELETE CASCADE)",
      "INSERT INTO a VALUES ('One', 1), ('Two', 2)",
      "INSERT INTO b VALUES (10, 'oNE'), (20, 'tWO')",
    ],
    deletes: { a: "= 1" },
    expected: { "SELECT x FROM a": ["2"], "SELECT x FROM b": ["20"] },
  },
  {
    what: "a child without a primary key, of which no row is concerned",
    create: pair("CASCADE", "a integer", "x integer").with(3, "INSERT INTO b VALUES (20, 2)"),
    deletes: { a: "= 1" },
    expected: { "SELECT x FROM a": ["2"], "SELECT x FROM b": ["20"] },
  },
  {
    what: "a child without a primary key, of which rows are concerned",
    create: pair("CASCADE", "a integer", "x integer"),
    deletes: { a: "= 1" },
    refused: /2 rows of b still .* \(cascade\)/,
  },
  {
    what: "set null in a child without a primary key",
    create: pair("SET NULL", "a integer", "x integer"),
    deletes: { a: "= 1" },
    refused: /2 rows of b still .* \(set null\)/,
  },
];

function rulesOf({ deletes, rules = {} }: Case): Definition {
  const selections = Object.entries(deletes).map(([table, where]) =>
    [`old_${table}`, { of: table, where: sql`${column("x")} ${where}` }] as const
  );
  const tables = Object.keys({ ...deletes, ...rules }).map((table): [string, TableRule] => {
    const rule = rules[table];
    const columns = rule && "columns" in rule ? rule.columns : {};
    return [table, { columns, ...(deletes[table] !== undefined && { deleteRows: `old_${table}` }) }];
  });
  return { selections: Object.fromEntries(selections), tables: Object.fromEntries(tables) };
}

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, one] of cases.entries()) {
    const { what, create, expected, refused, engines = engineNames } = one;
    if (!engines.includes(engine)) continue;
    Deno.test(`${engine}: ${what}`, async () => {
      const database = `case_${at}`;
      await createTestDatabase(server, engine, database, create.join("; "));
      const { selections, tables } = rulesOf(one);
      const before = await contents(server, engine, database);
      const scrub = () => scrubFixture(server, engine, database, scrubberOf(engine, tables, selections));
      if (refused) {
        const error = await assertRejects(scrub, ScrubError);
        assertEquals(error.kind, "refused");
        assertMatch(error.message, refused);
        assertEquals(await contents(server, engine, database), before);
        return;
      }
      await scrub();
      for (const [query, rows] of Object.entries(expected ?? {})) {
        const found = await server.run(`${query} ORDER BY 1`, database);
        assertEquals(found.map((row) => Object.values(row).map(String).join(" ")), [...rows], query);
      }
    });
  }
}

/** All rows of all tables, as text. */
async function contents(server: TestServer, engine: EngineName, database: string): Promise<string> {
  const schema = engine === "mysql" ? "database()" : "'public'";
  const tables = await server.run(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${schema} ORDER BY 1`,
    database,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    texts.push(JSON.stringify(await server.run(`SELECT * FROM ${name} ORDER BY 1`, database)));
  }
  return texts.join("\n");
}
