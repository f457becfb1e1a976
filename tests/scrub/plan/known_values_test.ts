/** Columns that rules tell rows by: a value that nobody has listed stops the run before anything is written, on real servers. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EngineName, KnownValues, Scrubber } from "../../../lib/scrub/rules/definition.ts";
import { createTestDatabase, engineNames, planFixture, refusalOf, scrubberOf, serverOf } from "../scrub_fixture.ts";

const owned = { table: "files", column: "owner_type" };

function knowing(engine: EngineName, ...knownValues: readonly KnownValues[]): Scrubber {
  return { ...scrubberOf(engine, {}), define: () => ({ selections: {}, tables: {}, knownValues }) };
}

interface Case {
  readonly what: string;
  /** Values of the column, each in a row of its own. */
  readonly held: readonly (string | null)[];
  readonly known: readonly (string | null)[];
  /** Absent: the run goes on. */
  readonly refused?: RegExp;
}

const cases: readonly Case[] = [
  { what: "no rows at all", held: [], known: ["Edition"] },
  {
    what: "known classes, and NULL where it is known",
    held: ["Edition", "Image::Data", null],
    known: [null, "Edition", "Image::Data"],
  },
  {
    what: "a class that nobody has listed",
    held: ["Edition", "Report", "Report", "Admin::Memo"],
    known: ["Edition"],
    refused: /files\.owner_type has 3 rows with values that no rule knows, such as Admin::Memo, Report$/,
  },
  {
    what: "a known class in small letters",
    held: ["edition"],
    known: ["Edition"],
    refused: /has 1 row with values that no rule knows$/,
  },
  {
    what: "a known class with a space behind it",
    held: ["Edition "],
    known: ["Edition"],
    refused: /has 1 row with values/,
  },
  {
    what: "a known class with an accent",
    held: ["\u00c9dition"],
    known: ["Edition"],
    refused: /has 1 row with values/,
  },
  {
    what: "NULL where it is not known",
    held: [null, null],
    known: ["Edition"],
    refused: /has 2 rows with values that no rule knows$/,
  },
  { what: "any value where only NULL is known", held: ["Edition"], known: [null], refused: /has 1 row with values/ },
  {
    what: "values that are no names of classes, and are not told",
    held: ["zmark@example.com", "QQ123456C", "GB29NWBK60161331926819", "zmark name"],
    known: ["Edition"],
    refused: /has 4 rows with values that no rule knows$/,
  },
];

function literal(value: string | null): string {
  return value === null ? "NULL" : `'${value}'`;
}

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, { what, held, known, refused }] of cases.entries()) {
    Deno.test(`${engine}: ${what}: ${refused ? "refused" : "the run goes on"}`, async () => {
      const rows = held.map((value, id) => `; INSERT INTO files VALUES (${id}, ${literal(value)})`).join("");
      const database = `known_${at}`;
      await createTestDatabase(
        server,
        engine,
        database,
        `CREATE TABLE files (id integer PRIMARY KEY, owner_type varchar(99))${rows}`,
      );
      const error = await refusalOf(
        planFixture(server, engine, database, knowing(engine, { ...owned, values: known })),
      );
      assertEquals(error?.kind, refused ? "refused" : undefined, error?.message);
      if (refused) assertMatch(error?.message ?? "", refused);
    });
  }

  Deno.test(`${engine}: a column that may be missing, and one that may not`, async () => {
    await createTestDatabase(server, engine, "missing", "CREATE TABLE files (id integer PRIMARY KEY)");
    const values = ["Edition"];
    const optional = knowing(engine, { ...owned, values, optional: true });
    assertEquals(await refusalOf(planFixture(server, engine, "missing", optional)), undefined);
    const error = await refusalOf(planFixture(server, engine, "missing", knowing(engine, { ...owned, values })));
    assertMatch(error?.message ?? "", /known values of files\.owner_type: missing from the schema/);
  });

  Deno.test(`${engine}: a column of numbers has no names of classes`, async () => {
    await createTestDatabase(
      server,
      engine,
      "numbers",
      "CREATE TABLE files (id integer PRIMARY KEY, owner_type integer)",
    );
    const error = await refusalOf(
      planFixture(server, engine, "numbers", knowing(engine, { ...owned, values: ["Edition"] })),
    );
    assertMatch(error?.message ?? "", /known values of files\.owner_type: int(eger)? is no text/);
  });

  Deno.test(`${engine}: every column with unknown values is told at once`, async () => {
    const create = "CREATE TABLE files (id integer PRIMARY KEY, owner_type varchar(99), other_type varchar(99))";
    await createTestDatabase(server, engine, "several", `${create}; INSERT INTO files VALUES (1, 'One', 'Two')`);
    const both = ["owner_type", "other_type"].map((column) => ({ table: "files", column, values: [null] }));
    const error = await refusalOf(planFixture(server, engine, "several", knowing(engine, ...both)));
    assert(error?.message.includes("such as One; files.other_type has 1 row"), error?.message);
  });
}
