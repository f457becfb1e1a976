/** Strategies for values that are no text: the same on both engines, and something else with another key. @module */

import { assert, assertEquals } from "@std/assert";
import type { ColumnRule, EngineName } from "../../../lib/scrub/rules/definition.ts";
import { choice, decimal, hash, integer, noise, shiftDate } from "../../../lib/scrub/rules/strategies.ts";
import { quoteText } from "../../fixtures/database.ts";
import type { PerEngine } from "./strategy_cases.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf, testKey } from "../scrub_fixture.ts";

interface ShapeCase {
  readonly what: string;
  readonly rule: ColumnRule;
  readonly type: PerEngine;
  readonly values: readonly string[];
}

const cases: readonly ShapeCase[] = [
  {
    what: "integer between bounds",
    rule: integer({ minimum: -1_000_000, maximum: 1_000_000 }),
    type: "integer",
    values: ["0", "17", "-17", "2147483647"],
  },
  {
    what: "integer of the same length",
    rule: integer(),
    type: "bigint",
    values: ["17", "-4711", "9223372036854775807"],
  },
  {
    what: "decimal between bounds",
    rule: decimal({ minimum: -10.5, maximum: 99.99 }),
    type: "numeric(10, 2)",
    values: ["0.00", "17.10", "-47.11", "99999999.99"],
  },
  { what: "decimal of the same length", rule: decimal(), type: "numeric(12, 4)", values: ["1717.1000", "-0.4711"] },
  { what: "noise by a share", rule: noise({ share: 0.3 }), type: "numeric(12, 4)", values: ["1717.1000", "-0.4711"] },
  {
    what: "a shifted date",
    rule: shiftDate({ days: 300 }),
    type: "date",
    values: ["1984-05-17", "1000-01-02", "9998-12-30"],
  },
  {
    what: "a date shifted by its subject",
    rule: shiftDate({ days: 300, by: "id" }),
    type: "date",
    values: ["1984-05-17", "1984-05-17", "1984-05-17"],
  },
  {
    what: "a choice",
    rule: choice({ zero: 1, one: 2, two: 0.5 }),
    type: "varchar(9)",
    values: Array.from({ length: 30 }, () => "three"),
  },
  {
    what: "a hash as long as the text",
    rule: hash({ alphabet: "01.-" }),
    type: "varchar(99)",
    values: ["zoë", "x".repeat(99)],
  },
  { what: "noise by an amount", rule: noise({ amount: 5000 }), type: "integer", values: ["0", "4711", "-17"] },
];

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

/** The values of each case after a scrub, as text. */
async function scrubbed(engine: EngineName, database: string, seed: number): Promise<readonly (readonly string[])[]> {
  const statements = cases.flatMap(({ type, values }, at) => [
    `CREATE TABLE case_${at} (id integer PRIMARY KEY, v ${typeof type === "string" ? type : type[engine]})`,
    `INSERT INTO case_${at} VALUES ${values.map((one, row) => `(${row}, ${quoteText(engine, one)})`).join(", ")}`,
  ]);
  await createTestDatabase(servers[engine], engine, database, statements.join("; "));
  const tables = Object.fromEntries(cases.map(({ rule }, at) => [`case_${at}`, { columns: { v: rule } }]));
  await scrubFixture(servers[engine], engine, database, scrubberOf(engine, tables), { key: testKey(seed) });
  const text = engine === "mysql" ? "CAST(v AS CHAR)" : "v::text";
  const found: (readonly string[])[] = [];
  for (const at of cases.keys()) {
    const rows = await servers[engine].run(`SELECT ${text} AS v FROM case_${at} ORDER BY id`, database);
    found.push(rows.map(({ v }) => String(v)));
  }
  return found;
}

const [first, other] = [await scrubbed("postgresql", "one", 1), await scrubbed("postgresql", "other", 2)];
const mysql = await scrubbed("mysql", "one", 1);

for (const [at, { what, values }] of cases.entries()) {
  Deno.test(`${what}: PostgreSQL and MySQL make the same of the same value`, () => {
    assertEquals(mysql[at], first[at]);
  });
  Deno.test(`${what}: another key makes others, and values change`, () => {
    assert(first[at]?.some((value, row) => value !== other[at]?.[row]));
    assert(first[at]?.some((value, row) => value !== values[row]));
  });
}

/** Days since 1970. */
function day(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

const visits = [["1", "2020-01-31"], ["1", "2020-02-29"], ["2", "2020-02-29"], ["2", "2020-03-01"], [
  "3",
  "2020-02-29",
]] as const;

for (const [engine, server] of Object.entries(servers)) {
  Deno.test(`${engine}: dates of one subject keep their order and intervals in every table, and other subjects have other offsets`, async () => {
    const values = visits.map(([who, at], row) => `(${row}, ${who}, '${at}')`).join(", ");
    await createTestDatabase(
      server,
      engine as EngineName,
      "visits",
      `CREATE TABLE visits (id integer PRIMARY KEY, who integer, at date); INSERT INTO visits VALUES ${values};
      CREATE TABLE people (id integer PRIMARY KEY, born date); INSERT INTO people VALUES (1, '1984-05-17'), (2, '1984-05-17')`,
    );
    const rules = {
      visits: { columns: { at: shiftDate({ days: 500, by: "who" }) } },
      people: { columns: { born: shiftDate({ days: 500, by: "id" }) } },
    };
    await scrubFixture(server, engine as EngineName, "visits", scrubberOf(engine as EngineName, rules));
    const text = engine === "mysql" ? "CAST(at AS CHAR)" : "at::text";
    const rows = await server.run(`SELECT ${text} AS at FROM visits ORDER BY id`, "visits");
    const offsets = rows.map(({ at }, row) => day(String(at)) - day(visits[row]?.[1] ?? ""));
    const [first = 0, , second = 0, , third = 0] = offsets;
    assertEquals(offsets, [first, first, second, second, third]);
    assertEquals(new Set([first, second, third]).size, 3);
    const born = await server.run(`SELECT ${text.replace(/\bat\b/, "born")} AS born FROM people ORDER BY id`, "visits");
    assertEquals(born.map(({ born }) => day(String(born)) - day("1984-05-17")), [first, second]);
  });
}
