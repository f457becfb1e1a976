/** Tables whose rows are all deleted, on real servers. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Definition, EngineName } from "../../../lib/scrub/rules/definition.ts";
import { keep, setNull, truncate } from "../../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNames,
  planFixture,
  refusalOf,
  scrubberOf,
  scrubFixture,
  serverOf,
} from "../scrub_fixture.ts";

interface Case {
  readonly what: string;
  readonly create: string | Readonly<Record<EngineName, string>>;
  readonly truncated: readonly string[];
  readonly rules?: Definition["tables"];
  /** Query to its rows, values joined by blanks. */
  readonly expected?: Readonly<Record<string, readonly string[]>>;
  readonly refused?: RegExp;
}

const aEmpty = { "SELECT x FROM a": [] };

/** Parent `a` and child `b`, whose key does so on deletion. */
function pair(onDelete: string): string {
  return `CREATE TABLE a (x integer PRIMARY KEY);
    CREATE TABLE b (x integer PRIMARY KEY, a integer, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (x) ON DELETE ${onDelete});
    INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (10, 1), (11, 1), (20, 2), (30, NULL)`;
}

const cases: readonly Case[] = [
  {
    what: "a table without a primary key, whose columns no rule names",
    create:
      "CREATE TABLE a (x varchar(99), note varchar(99)); INSERT INTO a VALUES ('zoe@x.example', 'a'), (NULL, 'b')",
    truncated: ["a"],
    expected: aEmpty,
  },
  {
    what: "a table without rows",
    create: "CREATE TABLE a (x integer PRIMARY KEY)",
    truncated: ["a"],
    expected: aEmpty,
  },
  {
    what: "rows that reference it go by cascade",
    create: pair("CASCADE"),
    truncated: ["a"],
    expected: { ...aEmpty, "SELECT x FROM b": ["30"] },
  },
  {
    what: "columns that reference it become NULL",
    create: pair("SET NULL"),
    truncated: ["a"],
    expected: { ...aEmpty, "SELECT x, coalesce(a, 0) FROM b": ["10 0", "11 0", "20 0", "30 0"] },
  },
  {
    what: "a row that references it and stays",
    create: pair("RESTRICT"),
    truncated: ["a"],
    refused: /3 rows of b still reference them by the foreign key "b_a"/,
  },
  {
    what: "both tables of a foreign key",
    create: pair("RESTRICT"),
    truncated: ["a", "b"],
    expected: { ...aEmpty, "SELECT x FROM b": [] },
  },
  {
    what: "the child of a foreign key",
    create: pair("RESTRICT"),
    truncated: ["b"],
    expected: { "SELECT x FROM a": ["1", "2"], "SELECT x FROM b": [] },
  },
  {
    what: "a cascade over three levels, through one that is truncated",
    create: `${pair("CASCADE")};
      CREATE TABLE c (x integer PRIMARY KEY, b integer, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (x) ON DELETE CASCADE);
      INSERT INTO c VALUES (100, 10), (300, 30), (400, NULL)`,
    truncated: ["a", "b"],
    expected: { ...aEmpty, "SELECT x FROM b": [], "SELECT x FROM c": ["400"] },
  },
  {
    what: "a table that references itself",
    create: `CREATE TABLE a (x integer PRIMARY KEY, up integer, CONSTRAINT a_a FOREIGN KEY (up) REFERENCES a (x));
      INSERT INTO a VALUES (1, NULL), (2, 1), (3, 2)`,
    truncated: ["a"],
    expected: aEmpty,
  },
  {
    what: "a partitioned table, with the application's triggers silent",
    create: {
      postgresql: `CREATE TABLE seen (what text);
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN INSERT INTO seen VALUES (TG_OP); RETURN NULL; END$$;
        CREATE TABLE a (x integer, note text) PARTITION BY RANGE (x);
        CREATE TABLE a_low PARTITION OF a FOR VALUES FROM (0) TO (10);
        CREATE TABLE a_high PARTITION OF a DEFAULT;
        CREATE TRIGGER t AFTER TRUNCATE ON a_low EXECUTE FUNCTION see();
        ALTER TABLE a_low ENABLE ALWAYS TRIGGER t;
        INSERT INTO a VALUES (1, 'a'), (100, 'b')`,
      mysql: `CREATE TABLE seen (what text);
        CREATE TABLE a (x integer PRIMARY KEY, note text) PARTITION BY RANGE (x) (
          PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE);
        CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW INSERT INTO seen VALUES ('DELETE');
        INSERT INTO a VALUES (1, 'a'), (100, 'b')`,
    },
    truncated: ["a"],
    rules: { seen: { columns: { what: setNull() } } },
    expected: { ...aEmpty, "SELECT what FROM seen": [] },
  },
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, { what, create, truncated, rules, expected, refused }] of cases.entries()) {
    Deno.test(`${engine}: ${what}`, async () => {
      const database = `case_${at}`;
      await createTestDatabase(server, engine, database, typeof create === "string" ? create : create[engine]);
      const tables = { ...rules, ...Object.fromEntries(truncated.map((table) => [table, truncate()])) };
      if (refused) {
        const error = await refusalOf(planFixture(server, engine, database, scrubberOf(engine, tables)));
        assertEquals(error?.code, "reference");
        assertMatch(error?.message ?? "", refused);
        return;
      }
      await scrubFixture(server, engine, database, scrubberOf(engine, tables));
      for (const [query, rows] of Object.entries(expected ?? {})) {
        const found = await server.run(`${query} ORDER BY 1`, database);
        assertEquals(found.map((row) => Object.values(row).map(String).join(" ")), [...rows], query);
      }
    });
  }

  Deno.test(`${engine}: every column of a truncated table counts as ruled`, async () => {
    await createTestDatabase(server, engine, "covered", "CREATE TABLE a (x integer PRIMARY KEY, name varchar(99))");
    await using opened = await planFixture(server, engine, "covered", scrubberOf(engine, { a: truncate() }));
    assertEquals(
      opened.planned.columns.map(({ column, by }) => [column, by]),
      [["x", "ruled"], ["name", "ruled"]],
    );
  });

  Deno.test(`${engine}: the rows that were deleted are counted`, async () => {
    await createTestDatabase(server, engine, "counted", pair("CASCADE"));
    const { scrubbed } = await scrubFixture(server, engine, "counted", scrubberOf(engine, { a: truncate() }));
    const deleted = scrubbed.executed.flatMap(({ plan, rows }) =>
      plan.steps.flatMap(({ counts }, at) => counts === "deleted" ? [`${plan.table.id} ${rows[at]}`] : [])
    );
    assertEquals(deleted.toSorted(), ["a 2", "b 3"]);
  });

  Deno.test(`${engine}: a row that is written afterwards fails verification`, async () => {
    await createTestDatabase(
      server,
      engine,
      "meddled",
      "CREATE TABLE a (x integer PRIMARY KEY); INSERT INTO a VALUES (1)",
    );
    const meddle = async () => void await server.run("INSERT INTO a VALUES (2)", "meddled");
    const scrub = () => scrubFixture(server, engine, "meddled", scrubberOf(engine, { a: truncate() }), { meddle });
    await assertRejects(scrub, ScrubError, "a still has rows though all were to be deleted: 1 row");
  });

  Deno.test(`${engine}: a kept column that holds a deleted address refuses the run`, async () => {
    await createTestDatabase(
      server,
      engine,
      "echoing",
      `CREATE TABLE a (x varchar(99)); CREATE TABLE b (x integer PRIMARY KEY, note varchar(99));
      INSERT INTO a VALUES ('zoe@x.example'); INSERT INTO b VALUES (1, 'to zoe@x.example')`,
    );
    const rules = { a: truncate(), b: { columns: { note: keep("a test's") } } };
    const error = await assertRejects(
      () => scrubFixture(server, engine, "echoing", scrubberOf(engine, rules)),
      ScrubError,
      "b.note holds values that rules remove elsewhere: 1 row",
    );
    assertEquals(error.code, "echo");
  });

  Deno.test(`${engine}: a counter that stands at a person's number is set back`, async () => {
    const column = engine === "mysql" ? "bigint AUTO_INCREMENT PRIMARY KEY" : "bigserial PRIMARY KEY";
    const set = engine === "mysql"
      ? "INSERT INTO a VALUES (447700900124, 'x')"
      : "INSERT INTO a VALUES (1, 'x'); SELECT setval('a_id_seq', 447700900124)";
    await createTestDatabase(server, engine, "counter", `CREATE TABLE a (id ${column}, note varchar(9)); ${set}`);
    await scrubFixture(server, engine, "counter", scrubberOf(engine, { a: truncate() }));
    await server.run("INSERT INTO a (note) VALUES ('new')", "counter");
    assertEquals((await server.run("SELECT id FROM a", "counter")).map(({ id }) => String(id)), ["1"]);
  });
}

Deno.test("postgresql: rows of tables that inherit from a truncated one stay", async () => {
  await using server = await serverOf("postgresql");
  await createTestDatabase(
    server,
    "postgresql",
    "inherited",
    `CREATE TABLE a (x integer PRIMARY KEY, note varchar(99)); CREATE TABLE b () INHERITS (a);
    INSERT INTO a VALUES (1, 'a'); INSERT INTO b VALUES (2, 'b')`,
  );
  const tables = { a: truncate(), b: { columns: { x: keep("a number"), note: keep("a letter") } } };
  await scrubFixture(server, "postgresql", "inherited", scrubberOf("postgresql", tables));
  assertEquals(await server.run("SELECT x FROM a", "inherited"), [{ x: 2 }]);
});
