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
  assertEquals(text.includes("The same columns"), false);
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
  assertStringIncludes(text, "The same columns, and as many rows in every table.");
});
