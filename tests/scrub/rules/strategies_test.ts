/** Every strategy on real servers: what it makes of values, what proves it, and where it is refused. @module */

import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { bind } from "../../../lib/scrub/rules/bind.ts";
import { scrubDatabase } from "../../../lib/scrub/execute/scrub_database.ts";
import { lorem } from "../../../lib/scrub/rules/strategies.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";
import { verify } from "../../../lib/scrub/verify/verify.ts";
import type { EngineName } from "../../../lib/scrub/rules/definition.ts";
import { quoteText } from "../../fixtures/database.ts";
import type { TestServer } from "../../servers.ts";
import { refusals } from "./refusal_cases.ts";
import { type PerEngine, type StrategyCase, strategyCases } from "./strategy_cases.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  planFixture,
  scrubberOf,
  serverOf,
  silent,
  targetOf,
  testKey,
  workspaceWith,
} from "../scrub_fixture.ts";

Deno.test("every strategy has a case", () => {
  // No definition names it: tests/scrub/coverage/drift_test.ts has its cases.
  const unnamed = ["blank"];
  const used = new Set(strategyCases.flatMap(({ rules }) => Object.values(rules).map(({ strategy }) => strategy)));
  assertEquals([...strategies.keys()].filter((name) => !used.has(name)), unnamed);
});

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  const cases = strategyCases.filter(({ columns }) => sqlFor(engine, columns) !== null);
  const tables = new Map(cases.map((one, at): [StrategyCase, string] => [one, `case_${at}`]));
  await createTestDatabase(
    server,
    engine,
    "strategies",
    [...tables].flatMap(([one, table]) => create(engine, one, table)).join("; "),
  );

  const rules = Object.fromEntries([...tables].map(([one, table]) => [table, { columns: one.rules }]));
  await using undo = new AsyncDisposableStack();
  const opened = undo.use(await planFixture(server, engine, "strategies", scrubberOf(engine, rules)));
  const scrubbed = await scrubDatabase(opened.planned, testKey(), 2, silent, never);
  const owned = undo.move();
  Deno.test.afterAll(() => owned.disposeAsync());

  for (const [one, table] of tables) {
    Deno.test(`${engine}: ${one.what}`, async () => {
      const values = await valuesOf(server, engine, table);
      assertEquals(values.length, one.expected.length);
      const labels = new Map<string, string>();
      for (const [at, expected] of one.expected.entries()) {
        const value = values[at] ?? null;
        if (expected === null || typeof expected === "string") {
          assertEquals(canonical(value), canonical(expected), `row ${at + 1}`);
          continue;
        }
        assert(value !== null, `row ${at + 1} is NULL`);
        assertNotEquals(value, one.rows[at]?.[0], `row ${at + 1} is what it was`);
        if (one.shape) assertMatch(value, one.shape);
        const earlier = labels.get(expected.label);
        if (earlier !== undefined) assertEquals(value, earlier, `row ${at + 1}, which is ${expected.label}`);
        labels.set(expected.label, value);
      }
      const apart = [...labels].filter(([name]) => name.length === 1).map(([, value]) => value);
      assertEquals(new Set(apart).size, apart.length, "values that were apart are equal");
    });
  }

  Deno.test(`${engine}: every strategy's evidence holds after a scrub`, async () => {
    await verify(workspaceWith("strategies"), [scrubbed], silent);
  });

  for (const [one, table] of [...tables].filter(([{ byConstruction }]) => !byConstruction)) {
    Deno.test(`${engine}: evidence is false for a row that was changed back: ${one.what}`, async () => {
      const old = one.rows[0]?.[0] ?? "";
      const ofTable = { ...scrubbed, changes: scrubbed.changes.filter(({ change }) => change.table.id === table) };
      await server.run(
        `CREATE TABLE kept_${table} AS SELECT v FROM ${table} WHERE id = 1;
        UPDATE ${table} SET v = ${quoteText(engine, old)} WHERE id = 1`,
        "strategies",
      );
      const error = await assertRejects(() => verify(workspaceWith("strategies"), [ofTable], silent), ScrubError);
      await server.run(
        `UPDATE ${table} SET v = (SELECT v FROM kept_${table}) WHERE id = 1; DROP TABLE kept_${table}`,
        "strategies",
      );
      const unlike = `strategies: ${table}\\.v does not look like \\w+: 1 row`;
      assertMatch(error.message, new RegExp(`: 2 faults\n${unlike}\nstrategies: kept_${table} was never looked at$`));
    });
  }

  const refused = refusals.filter(({ columns }) => sqlFor(engine, columns) !== null);
  await createTestDatabase(
    server,
    engine,
    "refusals",
    [
      "CREATE TABLE parent (id integer PRIMARY KEY, code varchar(100) UNIQUE)",
      ...refused.map(({ columns }, at) =>
        `CREATE TABLE case_${at} (id integer PRIMARY KEY, ${sqlFor(engine, columns)})`
      ),
    ].join("; "),
  );
  const session = owned.use(await engineNamed(engine).open(targetOf(server, "refusals"), testKey(), never));
  const schema = await engineNamed(engine).schema(session);

  for (const [at, { what, rules, why }] of refused.entries()) {
    Deno.test(`${engine}: refused: ${what}`, () => {
      const scrubber = scrubberOf(engine, { [`case_${at}`]: { columns: rules } });
      const error = assertThrows(() => bind(scrubber, schema), ScrubError);
      assertEquals(error.code, "rules");
      assertMatch(error.message, new RegExp(`column case_${at}\\.\\w+: .*${why}`));
    });
  }

  Deno.test(`${engine}: what makes equal values of different ones is refused for a referenced column`, () => {
    const scrubber = scrubberOf(engine, { parent: { columns: { code: lorem() } } });
    assertThrows(() => bind(scrubber, schema), ScrubError, "the foreign key");
  });
}

function sqlFor(engine: EngineName, sql: PerEngine): string | null {
  return typeof sql === "string" ? sql : sql[engine];
}

function create(engine: EngineName, { columns, rows, more = "SELECT 1" }: StrategyCase, table: string): string[] {
  const values = rows.map((row, at) =>
    `(${[String(at + 1), ...row.map((value) => value === null ? "NULL" : quoteText(engine, value))].join(", ")})`
  );
  return [
    `CREATE TABLE ${table} (id integer PRIMARY KEY, ${sqlFor(engine, columns)})`,
    `INSERT INTO ${table} VALUES ${values.join(", ")}`,
    (sqlFor(engine, more) ?? "SELECT 1").replace("$table", table),
  ];
}

/** The values of `v` as text, in the order of the rows. */
async function valuesOf(server: TestServer, engine: EngineName, table: string): Promise<readonly (string | null)[]> {
  const text = engine === "mysql" ? "CONVERT(v USING utf8mb4)" : "v::text";
  const rows = await server.run(`SELECT ${text} AS v FROM ${table} ORDER BY id`, "strategies");
  // No bytes are spelled "\\x" by PostgreSQL.
  return rows.map(({ v }) => v === null ? null : String(v).replace(/^\\x$/, ""));
}

/** JSON by its value, all else as it is. */
function canonical(value: string | null): unknown {
  if (value === null || !/^[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
