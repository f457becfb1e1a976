/** `shuffle` on real servers: values move to other rows of their column, and none is lost, added or left where it was. @module */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { exceptIn, onlyIn, sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { freeText, shuffle } from "../../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNames,
  planFixture,
  refusalOf,
  scrubberOf,
  scrubFixture,
  serverOf,
  testKey,
} from "../scrub_fixture.ts";

/** Columns of every kind, and an expression for the value of row `n`: NULL in every tenth row. */
const kinds: Readonly<Record<EngineName, Readonly<Record<string, readonly [type: string, value: string]>>>> = {
  postgresql: {
    words: ["varchar(20) UNIQUE", "'Wert ' || n"],
    folded: ['text COLLATE "C"', "'é' || n"],
    day: ["date", "date '2020-01-01' + n"],
    moment: ["timestamptz", "timestamptz '2020-01-01 00:00:00+00' + n * interval '1 second'"],
    price: ["numeric(10, 2)", "n / 100.0"],
    document: ["jsonb", "jsonb_build_object('n', n)"],
    text_document: ["json", "json_build_object('n', n)"],
    bytes: ["bytea", "decode(lpad(n::text, 8, '0'), 'hex')"],
    list: ["integer[]", "ARRAY[n, n]"],
    mood: ["mood", "(ARRAY['low', 'middle', 'high']::mood[])[n % 3 + 1]"],
    code: ["uuid", "lpad(n::text, 32, '0')::uuid"],
    pair: ["pair", "ROW(n, NULL)::pair"],
  },
  mysql: {
    words: ["varchar(20) UNIQUE", "concat('Wert ', n)"],
    folded: ["varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci", "concat('é', n)"],
    long_text: ["longtext", "concat(n, repeat('x', 300))"],
    day: ["date", "date '2020-01-01' + interval n day"],
    moment: ["timestamp(6) NULL", "timestamp '2020-01-01 00:00:00' + interval n second"],
    price: ["decimal(10, 2)", "n / 100"],
    document: ["json", "json_object('n', n)"],
    bytes: ["blob", "unhex(lpad(n, 8, '0'))"],
    mood: ["enum('low', 'middle', 'high')", "elt(n % 3 + 1, 'low', 'middle', 'high')"],
    several: ["set('a', 'b', 'c', 'd')", "n % 15 + 1"],
    bits: ["bit(12)", "n"],
    place: ["point", "point(n, n)"],
  },
};

const rows = 1000;

function numbers(engine: EngineName): string {
  return engine === "postgresql"
    ? `generate_series(1, ${rows}) AS n`
    : `(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${rows}) SELECT /*+ SET_VAR(cte_max_recursion_depth = ${rows}) */ n FROM s) AS s`;
}

/** A table `people` whose primary key has two columns, the second of which is text. */
function createPeople(engine: EngineName): string {
  const columns = Object.entries(kinds[engine]);
  return `${
    engine === "postgresql"
      ? "CREATE TYPE mood AS ENUM ('low', 'middle', 'high'); CREATE TYPE pair AS (a integer, b integer);"
      : ""
  }
    CREATE TABLE people (id integer, part varchar(20), ${
    columns.map(([name, [type]]) => `${name} ${type}`).join(", ")
  }, PRIMARY KEY (id, part));
    INSERT INTO people SELECT n, ${engine === "postgresql" ? "'part ' || n" : "concat('part ', n)"}, ${
    columns.map(([, [, value]]) => `CASE WHEN n % 10 = 0 THEN NULL ELSE ${value} END`).join(", ")
  } FROM ${numbers(engine)}`;
}

const everyColumn = (engine: EngineName): TableRule => ({
  columns: Object.fromEntries(Object.keys(kinds[engine]).map((name) => [name, shuffle()])),
});

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  let databases = 0;

  const fresh = async (statements: string): Promise<string> => {
    const database = `shuffle_${databases++}`;
    await createTestDatabase(server, engine, database, statements);
    return database;
  };

  const valuesOf = async (database: string, column: string, table = "people"): Promise<readonly (string | null)[]> => {
    const text = engine === "postgresql"
      ? kinds.postgresql[column]?.[0] === "bytea" ? `encode(${column}, 'hex')` : `${column}::text`
      : `hex(${column === "place" ? "ST_AsBinary(place)" : column === "document" ? "CAST(document AS CHAR)" : column})`;
    const found = await server.run(`SELECT ${text} AS v FROM ${table} ORDER BY id`, database);
    return found.map(({ v }) => v === null || v === undefined ? null : String(v));
  };

  const old = await fresh(createPeople(engine));
  const [first, same, other] = [
    await fresh(createPeople(engine)),
    await fresh(createPeople(engine)),
    await fresh(createPeople(engine)),
  ];
  for (const [database, seed] of [[first, 1], [same, 1], [other, 2]] as const) {
    await scrubFixture(server, engine, database, scrubberOf(engine, { people: everyColumn(engine) }), {
      key: testKey(seed),
    });
  }

  for (const column of Object.keys(kinds[engine])) {
    Deno.test(`${engine}: ${column}: the same values, on other rows, and NULL where it was`, async () => {
      const [before, after] = [await valuesOf(old, column), await valuesOf(first, column)];
      assertEquals(before.length, rows);
      assertEquals([...after].sort(), [...before].sort());
      assertEquals(after.map((value) => value === null), before.map((value) => value === null));
      const distinct = new Set(before).size;
      const unmoved = after.filter((value, at) => value !== null && value === before[at]).length;
      if (distinct > rows / 2) assertEquals(unmoved, 0);
      else assert(unmoved < rows * 0.7, `${unmoved} values are where they were`);
    });

    Deno.test(`${engine}: ${column}: one key makes one order, and another key another`, async () => {
      const order = await valuesOf(first, column);
      assertEquals(await valuesOf(same, column), order);
      assertNotEquals(await valuesOf(other, column), order);
    });
  }

  Deno.test(`${engine}: columns of a row have orders of their own`, async () => {
    const [words, days, old_words, old_days] = [
      await valuesOf(first, "words"),
      await valuesOf(first, "day"),
      await valuesOf(old, "words"),
      await valuesOf(old, "day"),
    ];
    const dayOf = new Map(old_words.map((word, at) => [word, old_days[at]]));
    const together = words.filter((word, at) => word !== null && dayOf.get(word) === days[at]).length;
    assert(together < 20, `${together} pairs are together`);
  });

  const few = `CREATE TABLE people (id integer PRIMARY KEY, v varchar(40), w varchar(40));
    INSERT INTO people VALUES (1, 'a1', 'x'), (2, 'a2', 'x'), (3, 'a3', 'y'), (4, 'b4', 'y'), (5, 'b5', NULL),
      (6, 'b6', NULL), (7, NULL, NULL)`;
  const selections = { odd: { of: "people", where: sql`v LIKE 'a%'` } };

  for (
    const { what, rule, moved } of [
      { what: "only", rule: onlyIn("odd", shuffle()), moved: [0, 1, 2] },
      { what: "except", rule: exceptIn("odd", shuffle()), moved: [3, 4, 5] },
    ]
  ) {
    Deno.test(`${engine}: ${what}: values move among the rule's rows alone`, async () => {
      const database = await fresh(few);
      const before = await valuesOf(database, "v");
      await scrubFixture(
        server,
        engine,
        database,
        scrubberOf(engine, { people: { columns: { v: rule } } }, selections),
      );
      const after = await valuesOf(database, "v");
      const changed = after.flatMap((value, at) => value === before[at] ? [] : [at]);
      assertEquals(changed, moved);
      const valuesAt = (values: readonly (string | null)[]) => moved.map((at) => values[at]).sort();
      assertEquals(valuesAt(after), valuesAt(before));
    });
  }

  Deno.test(`${engine}: the values of deleted rows go with their rows`, async () => {
    const database = await fresh(few);
    const before = await valuesOf(database, "v");
    const rules = { people: { deleteRows: "odd", columns: { v: shuffle() } } };
    await scrubFixture(server, engine, database, scrubberOf(engine, rules, selections));
    const after = await valuesOf(database, "v");
    assertEquals([...after].sort(), before.slice(3).sort());
  });

  const refusals: readonly {
    readonly what: string;
    readonly create: string;
    readonly rule: TableRule;
    readonly why: RegExp;
    readonly selections?: typeof selections;
  }[] = [
    {
      what: "two different values",
      create: few,
      rule: { columns: { w: shuffle() } },
      why: /shuffle people\.w: it has 2 different values in the rows to shuffle, and 3 are needed/,
    },
    {
      what: "no primary key",
      create: "CREATE TABLE people (id integer, v varchar(40))",
      rule: { columns: { v: shuffle() } },
      why: /column people\.v: shuffle does not fit: the table has no primary key/,
    },
    {
      what: "text that another column's values are replaced in",
      create: few,
      rule: { columns: { v: shuffle(), w: freeText("v") } },
      why: /new value of people\.v of its row alone: shuffle takes it from another row/,
    },
    {
      what: "a unique column that can only be updated in place",
      create: {
        postgresql: `${few}; ALTER TABLE people ADD UNIQUE (v); CREATE VIEW seen AS SELECT v FROM people`,
        mysql: `${few}; ALTER TABLE people ADD UNIQUE (v); CREATE USER gone@localhost;
          CREATE DEFINER=gone@localhost TRIGGER x BEFORE INSERT ON people FOR EACH ROW SET NEW.id = NEW.id; DROP USER gone@localhost`,
      }[engine],
      rule: { columns: { v: shuffle() } },
      why: /Cannot shuffle people\.v: it is unique/,
    },
  ];
  for (const { what, create, rule, why } of refusals) {
    Deno.test(`${engine}: refused: ${what}`, async () => {
      const database = await fresh(create);
      const error = await refusalOf(planFixture(server, engine, database, scrubberOf(engine, { people: rule })));
      assertMatch(error?.message ?? "", why);
    });
  }

  Deno.test(`${engine}: a unique column's few selected rows move in one pass`, async () => {
    const database = await fresh(`${few}; ALTER TABLE people ADD UNIQUE (v)`);
    const before = await valuesOf(database, "v");
    const rules = { people: { columns: { v: onlyIn("odd", shuffle()) } } };
    await scrubFixture(server, engine, database, scrubberOf(engine, rules, selections));
    const after = await valuesOf(database, "v");
    assertEquals([...after].sort(), [...before].sort());
    assertEquals(after.map((value, at) => value !== before[at]), [true, true, true, false, false, false, false]);
  });

  Deno.test(`${engine}: values move between partitions`, async () => {
    const database = await fresh(
      engine === "postgresql"
        ? `CREATE TABLE people (id integer PRIMARY KEY, v text) PARTITION BY RANGE (id);
          CREATE TABLE low PARTITION OF people FOR VALUES FROM (0) TO (3);
          CREATE TABLE high PARTITION OF people FOR VALUES FROM (3) TO (9);
          INSERT INTO people VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')`
        : `CREATE TABLE people (id integer PRIMARY KEY, v text) PARTITION BY HASH (id) PARTITIONS 2;
          INSERT INTO people VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')`,
    );
    const before = await valuesOf(database, "v");
    await scrubFixture(server, engine, database, scrubberOf(engine, { people: { columns: { v: shuffle() } } }));
    const after = await valuesOf(database, "v");
    assertEquals([...after].sort(), before);
    assertEquals(after.filter((value, at) => value === before[at]), []);
  });

  Deno.test(`${engine}: a column that is updated in place is shuffled, too`, async () => {
    const database = await fresh(
      engine === "postgresql"
        ? `${few}; CREATE VIEW seen AS SELECT v FROM people`
        : `${few}; CREATE USER gone2@localhost; CREATE DEFINER=gone2@localhost TRIGGER x BEFORE INSERT ON people
          FOR EACH ROW SET NEW.id = NEW.id; DROP USER gone2@localhost`,
    );
    const before = await valuesOf(database, "v");
    const rules = { people: { columns: { v: shuffle() } } };
    const { scrubbed } = await scrubFixture(server, engine, database, scrubberOf(engine, rules));
    assertEquals(scrubbed.plans.map(({ shape }) => shape), ["update"]);
    const after = await valuesOf(database, "v");
    assertEquals([...after].sort(), [...before].sort());
    assertEquals(after.map((value, at) => value !== before[at]), [true, true, true, true, true, true, false]);
  });

  if (engine === "postgresql") {
    Deno.test("postgresql: tables that inherit keep their values to themselves", async () => {
      const database = await fresh(`${few}; CREATE TABLE heirs () INHERITS (people);
        INSERT INTO heirs VALUES (1, 'h1', 'h'), (2, 'h2', 'h')`);
      await scrubFixture(server, engine, database, scrubberOf(engine, { people: { columns: { v: shuffle() } } }));
      assertEquals([...await valuesOf(database, "v", "heirs")].sort(), ["h1", "h2"]);
      assertEquals(
        [...await valuesOf(database, "v", "ONLY people")].sort(),
        [null, "a1", "a2", "a3", "b4", "b5", "b6"].sort(),
      );
    });
  }
}
