/** Rules that no live schema fits: misspelt members, and conditions that the server does not understand. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { coverDatabase } from "../../../lib/scrub/coverage/cover_database.ts";
import { definitionFor } from "../../../lib/scrub/rules/bind.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import {
  asOf,
  column,
  type Definition,
  type Scrubber,
  selection,
  sql,
  table,
} from "../../../lib/scrub/rules/definition.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  serverOf,
  targetOf,
} from "../scrub_fixture.ts";
import type { Schema } from "../../../lib/engine/schema.ts";

const nothing: Schema = { engine: "postgresql", version: 180000, database: "d", tables: [], foreignKeys: [] };

/** As a scrubber that was never type-checked returns it. */
function loose(definition: unknown): Scrubber {
  return { ...scrubberOf("postgresql", {}), define: () => definition as Definition };
}

for (
  const [what, definition, expected] of [
    ["no tables", { selections: {} }, /the definition: "tables" is missing/],
    ["a misspelt member", { selections: {}, tabels: {}, tables: {} }, /there is no "tabels"; did you mean "tables"\?/],
    ["a table without columns", { selections: {}, tables: { t: {} } }, /table t: "columns" is missing/],
    [
      "misspelt columns",
      { selections: {}, tables: { t: { colums: {} } } },
      /table t: there is no "colums"; did you mean "columns"\?/,
    ],
    [
      "a misspelt deleteRows",
      { selections: {}, tables: { t: { columns: {}, deleteRow: "old" } } },
      /table t: there is no "deleteRow"; did you mean "deleteRows"\?/,
    ],
    ["a table that is nothing", { selections: {}, tables: { t: null } }, /table t: its rule is no object/],
    [
      "a column's misspelt member",
      { selections: {}, tables: { t: { columns: { c: { strategy: "email", excpet: "x" } } } } },
      /column t\.c: there is no "excpet"; did you mean "except"\?/,
    ],
    [
      "a column that is a text",
      { selections: {}, tables: { t: { columns: { c: "email" } } } },
      /column t\.c: it is no object/,
    ],
    [
      "a selection without a condition",
      { selections: { s: { of: "t" } }, tables: {} },
      /selection s: "where" is missing/,
    ],
    [
      "a selection whose condition is no fragment",
      { selections: { s: { of: "t", where: "id > 0" } }, tables: {} },
      /selection s: "where" is not Array/,
    ],
  ] as const
) {
  Deno.test(`a scrubber's definition with ${what} is refused in a sentence`, async () => {
    const error = await assertRejects(async () => await definitionFor(loose(definition), nothing), ScrubError);
    assertEquals(error.code, "rules");
    assertMatch(error.message, expected);
  });
}

const refused: readonly (readonly [what: string, where: ReturnType<typeof sql>, expected: RegExp])[] = [
  ["a column that is not there", sql`emial = 'x'`, /column that is not there|ER_BAD_FIELD_ERROR/],
  ["what is no SQL", sql`id = = 3`, /syntax error|ER_PARSE_ERROR/],
  ["a function that is not there", sql`no_such_function(id) = 3`, /42883|ER_/],
  ["a table that is not there", sql`id IN (SELECT id FROM no_such_table)`, /42P01|ER_NO_SUCH_TABLE/],
];

for (const engineName of engineNames) {
  const server = await serverOf(engineName);
  Deno.test.afterAll(() => server.stop("now"));
  const engine = engineNamed(engineName);
  await createTestDatabase(
    server,
    engineName,
    "explained",
    "CREATE TABLE t (id integer PRIMARY KEY, email varchar(100), made timestamp NULL); INSERT INTO t VALUES (1, 'a@b.example', NULL)",
  );

  const unfit = async (selections: Definition["selections"]): Promise<ScrubError | undefined> => {
    await using session = await engine.openReadOnly({ ...targetOf(server, "explained"), tls: "verified" }, never);
    const covered = await coverDatabase(engine, session, scrubberOf(engineName, {}, selections), {
      onDrift: "refuse",
      reviewed: [],
    });
    return covered.drift.unfit;
  };

  for (const [what, where, expected] of refused) {
    Deno.test(`${engineName}: a condition with ${what} does not fit, which the server says before anything changes`, async () => {
      const found = await unfit({ good: { of: "t", where: sql`id > 0` }, bad: { of: "t", where } });
      assertEquals(found?.code, "rules");
      assertMatch(found?.message ?? "", /: selection bad: the server does not understand its condition: /);
      assertMatch(found?.message ?? "", expected);
    });
  }

  Deno.test(`${engineName}: conditions with every kind of part are understood`, async () => {
    assertEquals(
      await unfit({
        good: { of: "t", where: sql`${column("email")} LIKE '%@b.example' AND made < ${asOf}` },
        more: { of: "t", where: sql`id IN ${selection("good")} OR id IN (SELECT o.id FROM ${table("t")} o)` },
      }),
      undefined,
    );
  });

  Deno.test(`${engineName}: a user who may not read rows is told nothing of conditions`, async () => {
    await server.run(
      engineName === "mysql"
        ? "CREATE USER looker IDENTIFIED BY 'secret'; GRANT INSERT ON explained.t TO looker"
        : "CREATE ROLE looker LOGIN PASSWORD 'secret'",
    );
    const target = { ...targetOf(server, "explained"), user: "looker", password: "secret", tls: "verified" } as const;
    await using session = await engine.openReadOnly(target, never);
    const scrubber = scrubberOf(engineName, {}, { good: { of: "t", where: sql`id > 0` } });
    const { drift } = await coverDatabase(engine, session, scrubber, { onDrift: "refuse", reviewed: [] });
    assertEquals(drift.unfit, undefined);
  });
}
