/** What every strategy that makes pseudonyms promises, on both engines. @module */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Row } from "../../../lib/scrub/rules/strategy/strategy.ts";
import { bind } from "../../../lib/scrub/rules/bind.ts";
import { column, type EngineName, onlyIn, sql } from "../../../lib/scrub/rules/definition.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";
import { findColumn, findTable } from "../../../lib/engine/schema.ts";
import { Name } from "../../../lib/engine/sql.ts";
import { quoteText } from "../../fixtures/database.ts";
import { misplaced, type PseudonymCase, pseudonymCases, withoutPseudonyms } from "./pseudonym_cases.ts";
import type { PerEngine } from "./strategy_cases.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  scrubFixture,
  serverOf,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

const manyRows = 100_000;
/** The same values in a column of another type, in another order. */
const copy = "_as_text";

function forEngine(sql: PerEngine, engine: EngineName): string | null {
  return typeof sql === "string" ? sql : sql[engine];
}

/** The cases that an engine has. */
function casesOf(engine: EngineName): readonly PseudonymCase[] {
  return pseudonymCases.filter(({ type }) => forEngine(type, engine) !== null);
}

/** NULL and empty text before the values. */
async function createCases(engine: EngineName, database: string): Promise<void> {
  const statements = casesOf(engine).flatMap(({ name, type, values }) => {
    const all = [null, "", ...values];
    const rows = (order: readonly (string | null)[], from: number) =>
      order.map((value, at) => `(${from + at}, ${value === null ? "NULL" : quoteText(engine, value)})`).join(", ");
    return [
      `CREATE TABLE ${name} (id integer PRIMARY KEY, v ${forEngine(type, engine)})`,
      `INSERT INTO ${name} VALUES ${rows(all, 1)}`,
      `CREATE TABLE ${name}${copy} (id integer PRIMARY KEY, v text)`,
      `INSERT INTO ${name}${copy} VALUES ${rows(all.toReversed(), 1)}`,
    ];
  });
  await createTestDatabase(servers[engine], engine, database, statements.join("; "));
}

/** What the rules make of every case, NULL and empty text first. */
async function scrubbed(
  engine: EngineName,
  database: string,
  seed = 1,
): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const server = servers[engine];
  const tables = Object.fromEntries(
    casesOf(engine).flatMap(({ name, rule }) => ["", copy].map((end) => [name + end, { columns: { v: rule } }])),
  );
  await scrubFixture(server, engine, database, scrubberOf(engine, tables), { key: testKey(seed) });
  const found = new Map<string, readonly (string | null)[]>();
  for (const table of Object.keys(tables)) {
    const rows = await server.run(`SELECT v FROM ${table} ORDER BY id${table.endsWith(copy) ? " DESC" : ""}`, database);
    found.set(table, rows.map(({ v }) => v === null ? null : String(v)));
  }
  return found;
}

/** How many rows of each case that have a value meet its strategy's evidence, and how many there are. */
async function evidenced(
  engine: EngineName,
  database: string,
): Promise<ReadonlyMap<string, readonly [number, number]>> {
  const { open, schema: readSchema, expressions: e } = engineNamed(engine);
  await using session = await open(targetOf(servers[engine], database), testKey(), never);
  const schema = await readSchema(session);
  const counts = new Map<string, readonly [number, number]>();
  for (const { name, rule } of casesOf(engine)) {
    const table = findTable(schema, name);
    const found = table && findColumn(table, "v");
    const strategy = strategies.get(rule.strategy);
    assert(table && found && strategy);
    const value = e.sql`${new Name("v")}`;
    const now: Row = { table, column: found, value, of: () => value, newValueOf: () => value, changes: () => false };
    const condition = strategy.evidence(e, now, rule.with ?? null);
    assert(condition !== "by construction");
    const text = e.asText(value, found);
    const [row] = await servers[engine].run(
      `SELECT count(CASE WHEN ${condition.text} THEN 1 END) AS held, count(*) AS total FROM ${name} WHERE v IS NOT NULL AND NOT ${
        e.same(text, e.text("")).text
      }`,
      database,
    );
    counts.set(name, [Number(row?.["held"]), Number(row?.["total"])]);
  }
  return counts;
}

Deno.test("every strategy that makes pseudonyms has a case", () => {
  const used = new Set(pseudonymCases.map(({ rule }) => rule.strategy));
  assertEquals(
    [...strategies.keys()].filter((name) => !used.has(name)),
    withoutPseudonyms,
    "give it values in `pseudonymCases`, or its name to `withoutPseudonyms` if it makes none",
  );
});

const results = new Map<EngineName, ReadonlyMap<string, readonly (string | null)[]>>();

for (const engine of engineNames) {
  await createCases(engine, "one");
  const before = await evidenced(engine, "one");
  const first = await scrubbed(engine, "one");
  results.set(engine, first);
  const after = await evidenced(engine, "one");
  await createCases(engine, "other");
  const other = await scrubbed(engine, "other", 2);

  for (const { name, values, small, fits } of casesOf(engine)) {
    const [none, empty, ...made] = first.get(name) ?? [];

    Deno.test(`${engine}: ${name}: NULL and empty text stay`, () => assertEquals([none, empty], [null, ""]));

    Deno.test(`${engine}: ${name}: no value stays, and none becomes another's`, () => {
      assertEquals(made.filter((value, at) => value === null || value === "" || value === values[at]), []);
      if (!small) assertEquals(new Set(made).size, values.length);
    });

    if (values.includes(misplaced[0])) {
      Deno.test(`${engine}: ${name}: no word and no long number of a value of another kind stays`, () => {
        const stays = (value: string) => {
          const now = made[values.indexOf(value)]?.toLowerCase() ?? "";
          const parts = value.toLowerCase().match(/[a-z]{3,}|\d{4,}/g) ?? [];
          return parts.filter((part) => now.includes(part)).map((part) => `${part} of ${value}: ${now}`);
        };
        assertEquals(misplaced.flatMap(stays), []);
      });
    }

    if (fits) {
      Deno.test(`${engine}: ${name}: every new value is one of its kind`, () => {
        assertEquals(made.filter((value, at) => !fits(value ?? "", values[at] ?? "")), []);
      });
    }

    Deno.test(`${engine}: ${name}: a table with another type of text has the same`, () => {
      assertEquals(first.get(name + copy), first.get(name));
    });

    Deno.test(`${engine}: ${name}: another key makes others`, () => {
      const [, , ...others] = other.get(name) ?? [];
      assertEquals(others.length, made.length);
      if (small) assert(others.some((value, at) => value !== made[at]));
      else assertEquals(others.filter((value) => made.includes(value)), []);
    });

    Deno.test(`${engine}: ${name}: evidence is false for every old value and true for every new one`, () => {
      assertEquals([before.get(name), after.get(name)], [[0, values.length], [values.length, values.length]]);
    });
  }

  Deno.test(`${engine}: unique columns of ${manyRows} rows keep them apart or are refused`, async () => {
    const server = servers[engine];
    const cases = casesOf(engine);
    const typeOf = ({ type }: PseudonymCase) => forEngine(type, engine) ?? "text";
    const values = cases.map(({ many }) => (many && forEngine(many, engine)) ?? "CAST(NULL AS char)");
    const ids = engine === "mysql"
      ? "WITH RECURSIVE n AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < 100000) SELECT id"
      : "SELECT id";
    const from = engine === "mysql" ? "n" : "generate_series(1, 100000) AS id";
    await createTestDatabase(
      server,
      engine,
      "many",
      `${engine === "mysql" ? `SET cte_max_recursion_depth = ${manyRows};` : ""}
      CREATE TABLE big (id integer PRIMARY KEY, ${
        cases.map((one) => `c_${one.name} ${typeOf(one)} UNIQUE`).join(", ")
      });
      INSERT INTO big ${ids}, ${values.join(", ")} FROM ${from};
      ANALYZE ${engine === "mysql" ? "TABLE big" : "big"}`,
    );
    {
      await using session = await engineNamed(engine).open(targetOf(server, "many"), testKey(), never);
      const schema = await engineNamed(engine).schema(session);
      for (const { name, rule } of cases.filter(({ many }) => many === undefined)) {
        const scrubber = scrubberOf(engine, { big: { columns: { [`c_${name}`]: rule } } });
        const error = assertThrows(() => bind(scrubber, schema), ScrubError);
        assertMatch(error.message, /forbids equal values: among about \d+ rows two would get the same of /);
      }
    }
    const rules = Object.fromEntries(
      cases.flatMap(({ name, rule, many }) => many === undefined ? [] : [[`c_${name}`, rule]]),
    );
    await scrubFixture(server, engine, "many", scrubberOf(engine, { big: { columns: rules } }), { leakSearch: "off" });
    const counted = Object.keys(rules).map((name) => `count(DISTINCT ${name}) AS ${name}`);
    const [row] = await server.run(`SELECT ${counted.join(", ")} FROM big`, "many");
    assertEquals(
      Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)])),
      Object.fromEntries(Object.keys(rules).map((name) => [name, manyRows])),
    );
  });

  Deno.test(`${engine}: rows of a selection get the same as all rows do`, async () => {
    const cases = casesOf(engine);
    const columns = cases.map(({ name, type }) => `c_${name} ${forEngine(type, engine)}`).join(", ");
    const row = cases.map(({ values: [value = ""] }) => quoteText(engine, value)).join(", ");
    await createTestDatabase(
      servers[engine],
      engine,
      "selected",
      `CREATE TABLE people (id integer PRIMARY KEY, ${columns}); INSERT INTO people VALUES (1, ${row}), (2, ${row})`,
    );
    const rules = Object.fromEntries(cases.map(({ name, rule }) => [`c_${name}`, onlyIn("second", rule)]));
    const second = { of: "people", where: sql`${column("id")} = 2` };
    await scrubFixture(
      servers[engine],
      engine,
      "selected",
      scrubberOf(engine, { people: { columns: rules } }, { second }),
      // The rows that stay hold what is removed from the others.
      { leakSearch: "off" },
    );
    const [kept, changed] = await servers[engine].run("SELECT * FROM people ORDER BY id", "selected");
    const wanted = (made: (one: PseudonymCase) => string | null | undefined) =>
      Object.fromEntries(cases.map((one) => [`c_${one.name}`, made(one)]));
    assertEquals({ ...kept }, { id: 1, ...wanted(({ values: [value] }) => value) });
    assertEquals({ ...changed }, { id: 2, ...wanted(({ name }) => first.get(name)?.[2]) });
  });

  Deno.test(`${engine}: two rows that get the same value stop the run with a sentence about the column`, async () => {
    // Two spellings of one number, and a key of two columns, about whose rows no estimate says anything.
    await createTestDatabase(
      servers[engine],
      engine,
      "collision",
      `CREATE TABLE people (id integer PRIMARY KEY, kind integer, number varchar(20), CONSTRAINT once UNIQUE (kind, number));
      INSERT INTO people VALUES (1, 1, 'AB123456C'), (2, 1, 'AB 123456C')`,
    );
    const rules = { people: { columns: { number: { strategy: "nationalInsurance" } } } };
    const error = await scrubFixture(servers[engine], engine, "collision", scrubberOf(engine, rules)).then(
      () => undefined,
      (error) => error,
    );
    assert(error instanceof ScrubError);
    assertMatch(
      `${error.message}. ${error.hint}`,
      /^Cannot scrub people\.kind and people\.number: two rows got the same new value, which the unique key "once" forbids \((23505|ER_DUP_ENTRY)\)\. Use a strategy with more values on it, such as opaque \(datascrubber strategies lists them\), then run again\.$/,
    );
  });
}

for (const { name, type } of pseudonymCases) {
  if (engineNames.some((engine) => forEngine(type, engine) === null)) continue;
  Deno.test(`${name}: PostgreSQL and MySQL make the same of the same text`, () => {
    assertEquals(results.get("mysql")?.get(name), results.get("postgresql")?.get(name));
  });
}
