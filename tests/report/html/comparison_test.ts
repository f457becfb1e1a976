/** What the page holds against an earlier run, and what it cannot. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare } from "../../../lib/report/html/comparison.ts";
import { exampleReport, previousReport } from "../example_report.ts";
import { exampleSources, textOf } from "./page_text.ts";

const { clean, refused } = exampleSources();
const scrubbed = { ...clean, dryRun: false };
const stopped = { ...refused, dryRun: false };
const noColumns = "Columns are not compared: this run stopped before it had classified any.";

for (
  const [what, now, before, sentences] of [
    ["a refused run", stopped, scrubbed, [
      noColumns,
      'Rows and tables are not compared: this run stopped before the end of phase "scrub".',
    ]],
    ["an earlier refused run", scrubbed, stopped, [
      "Columns are not compared: the earlier run stopped before it had classified any.",
      'Rows and tables are not compared: the earlier run stopped before the end of phase "scrub".',
    ]],
    ["a dry run", { ...clean, dryRun: true }, scrubbed, [
      "Rows and tables are not compared: this run changed nothing.",
    ]],
    ["a run without tables", { ...scrubbed, databases: [] }, scrubbed, [
      noColumns,
      "Rows and tables are not compared: this run changed no table.",
    ]],
    ["two runs to the end", scrubbed, scrubbed, []],
  ] as const
) {
  Deno.test(`the comparison with ${what} says what it leaves out`, () => {
    const { notCompared, newColumns, lostColumns, newTables, lostTables, counts } = compare(now, before);
    assertEquals(notCompared, sentences);
    assertEquals([newColumns, lostColumns, newTables, lostTables, counts], [[], [], [], [], []]);
  });
}

Deno.test("the page does not call a refused source the same as before", async () => {
  const text = await textOf([refused], { previous: exampleReport });
  assertStringIncludes(text, noColumns);
  assertEquals(text.includes("The same databases"), false);
});

Deno.test("tables that only one of both runs changed are listed", () => {
  const without = {
    ...scrubbed,
    databases: scrubbed.databases.map((one) => ({
      ...one,
      tables: one.tables.filter(({ table }) => table !== "subscribers"),
    })),
  };
  const table = "email-alert-api_production.subscribers";
  assertEquals([compare(scrubbed, without).newTables, compare(without, scrubbed).lostTables], [[table], [table]]);
});

Deno.test("the page of two equal runs says so", async () => {
  const text = await textOf([clean], { previous: { ...previousReport, sources: [clean] } });
  assertStringIncludes(text, "The same databases and columns, and as many rows in every table.");
});

const [database] = scrubbed.databases;
if (!database?.coverage?.columns) throw new TypeError("Cannot compare: the example has no columns");
const { coverage } = database;
const [column, ...others] = coverage.columns ?? [];
const name = `${column?.table}.${column?.column}`;

for (
  const [what, change] of [
    ["nothing accounts for any more", { unaccounted: [name, "function public.f"] }],
    ["was emptied", { blanked: [`${name}: setNull`] }],
  ] as const
) {
  Deno.test(`a column that ${what} is not called gone`, () => {
    const now = { ...scrubbed, databases: [{ ...database, coverage: { ...coverage, columns: others, ...change } }] };
    const { lostColumns, newColumns } = compare(now, { ...scrubbed, databases: [database] });
    assertEquals([lostColumns, newColumns], [[], []]);
  });
}

Deno.test("a database that was dropped before, and is kept now, is a difference", async () => {
  const fonts = { database: "fonts", fate: "kept", reason: "--keep-database", tables: [] } as const;
  const now = { ...scrubbed, databases: [database, fonts, { ...fonts, database: "icons" }] };
  const before = { ...scrubbed, databases: [database, { ...fonts, fate: "dropped" } as const] };
  assertEquals(compare(now, before).fates, ["fonts: dropped before, kept now", "icons: not there before, kept now"]);
  const text = await textOf([now], { previous: { ...previousReport, sources: [before] } });
  assertStringIncludes(text, "Database fonts: dropped before, kept now.");
  assertEquals(text.includes("The same databases"), false);
});
