/** Plans as text: they fit the terminal, and every column is on them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { DatabaseOutline } from "../../../lib/core/outline.ts";
import { expectedText, planJson, planLines, planSummary, planText } from "../../../lib/report/display/plan_text.ts";
import { wrapWords } from "../../../lib/report/display/fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";

const outline: DatabaseOutline = {
  engine: "mysql",
  database: "whitehall_production",
  fate: "scrubbed",
  scrubber: "whitehall",
  tables: [
    {
      table: "users",
      rows: 2300,
      columns: [
        { column: "id", reason: "structural, primary key" },
        { column: "name", strategy: "template" },
        { column: "created_at", reason: "structural, time" },
        { column: "updated_at", reason: "structural, time" },
      ],
    },
    {
      table: "a_table_with_a_name_that_is_longer_than_its_column",
      rows: 12_345_678,
      deleted: "oldRows",
      shape: "rewrite",
      why: "columns change in one pass",
      bytes: 2_000_000_000,
      peakBytes: 1_500_000_000,
      columns: [{ column: "note\u001b[31m", strategy: "lorem", only: "restricted" }],
    },
    { table: "tags", rows: 3, columns: [{ column: "kind", reason: "reviewed, words of the application" }] },
    {
      table: "words",
      rows: 30,
      shape: "rewrite",
      why: "old rows may linger",
      bytes: 40_000_000,
      peakBytes: 30_000_000,
      columns: [{ column: "kind", reason: "reviewed, words of the application" }],
    },
    {
      table: "texts",
      rows: 3000,
      shape: "rewrite",
      why: "old rows may linger",
      bytes: 120_000_000_000,
      peakBytes: 120_000_000_000,
      columns: [{ column: "kind", reason: "reviewed, words of the application" }],
    },
  ],
  removed: ["foreign server elsewhere"],
};
const kept: DatabaseOutline = {
  engine: "mysql",
  database: "fonts",
  fate: "kept",
  reason: "--keep-database",
  tables: [],
  removed: [],
};

for (const width of [60, 80, 120, 200]) {
  Deno.test(`a plan fits ${width} columns`, () => {
    const wide = planText([outline, kept], width).split("\n").filter((line) => unicodeWidth(line) > width);
    assertEquals(wide, []);
  });
}

Deno.test("a plan names every table, every column of those that change, and every reason that a person gave", () => {
  const text = planText([outline, kept], 200);
  for (const { table, columns } of outline.tables) {
    assertStringIncludes(text, table);
    for (const { column, strategy, reason } of table === "tags" ? [] : columns) {
      assertStringIncludes(text, column.replace("\u001b", "\\x1b"));
      assertStringIncludes(text, strategy ?? reason?.split(",")[0] ?? "?");
    }
  }
  assertStringIncludes(text, "kept, structural: id, created_at, updated_at");
  assertStringIncludes(text, "1 table stays as it is: tags");
  assertStringIncludes(text, "reviewed, words of the application: 3 columns");
  assertStringIncludes(text, "foreign server elsewhere");
  assertStringIncludes(text, "fonts (mysql), kept: --keep-database");
});

Deno.test("nothing in a plan steers a terminal", () => {
  assertEquals((planText([outline], 80) + planLines(outline).join("\n")).includes("\u001b"), false);
});

Deno.test("a plan shows what it costs to write a table anew", () => {
  const text = planText([outline], 200);
  assertStringIncludes(text, "rewrite: old rows may linger (40.0 MB, needs 30.0 MB of room)");
  assertStringIncludes(
    text,
    "2 tables that no rule touches are rewritten, 120 GB; the largest needs 120 GB of free storage meanwhile",
  );
});

Deno.test("the log gets a line for each table that changes, for large ones that are written anew, and for what stays", () => {
  assertEquals(planLines(outline), [
    "plan whitehall_production users (about 2300 rows): name template",
    "plan whitehall_production a_table_with_a_name_that_is_longer_than_its_column (about 12345678 rows): " +
    "rewrite, columns change in one pass (2.0 GB, needs 1.5 GB of room); deletes rows: oldRows; note\\x1b[31m lorem, only rows of restricted",
    "plan whitehall_production texts (about 3000 rows): rewrite, old rows may linger (120 GB, needs 120 GB of room)",
    "plan whitehall_production: 2 tables that no rule touches are rewritten, 120 GB; the largest needs 120 GB of free storage meanwhile",
    "plan whitehall_production: 6 columns are kept",
  ]);
});

Deno.test("a plan says how many rows of a table go and stay, or how many are selected", () => {
  const subset: DatabaseOutline = {
    ...outline,
    tables: [
      { table: "users", rows: 90, deleted: "all but staff", deletedRows: 80, keptRows: 12, columns: [] },
      { table: "posts", rows: 90, deleted: "all but new", selectedRows: 7, columns: [] },
    ],
  };
  assertStringIncludes(planText([subset], 200), "deletes rows: all but staff (80 go, 12 stay)");
  assertStringIncludes(planText([subset], 200), "deletes rows: all but new (7 are selected)");
  assertStringIncludes(planSummary(subset), "2 of them lose rows (80 in all), ");
  assertEquals(
    planLines(subset)[0],
    "plan whitehall_production users (about 90 rows): deletes rows: all but staff (80 go, 12 stay)",
  );
});

Deno.test("a plan ends with the class that was chosen, and with when the final snapshot is expected", () => {
  const classChoice = {
    chosen: { instanceClass: "db.r6g.large", seconds: 3600, perHour: 0.24 },
    why: "meets finish-by",
    currency: "USD",
    by: "a run",
  } as const;
  const finishBy = { by: "2026-11-24T06:00:00.000Z", expected: "2026-11-24T05:00:00.000Z" };
  assertEquals(
    expectedText([{ requested: "orders", classChoice, finishBy }], 500),
    "\na run of orders\n" +
      "instance class db.r6g.large, chosen by --instance-class auto: about 1:00:00 to the final snapshot at 0.24 USD an hour, " +
      "the cheapest that meets --finish-by; none is cheaper (estimated from a run)\n" +
      "the final snapshot is expected at 2026-11-24T05:00Z, 1:00:00 before the 2026-11-24T06:00Z of --finish-by\n",
  );
});

Deno.test("a plan in JSON is the outline itself", () => {
  assertEquals(JSON.parse(planJson([outline, kept])), { version: 1, databases: [outline, kept] });
});

for (const text of ["a bb ccc", "one_word_that_is_far_too_long_for_it", "日本語の文字 と words", ""]) {
  Deno.test(`words are wrapped without losing any: "${text}"`, () => {
    const lines = wrapWords(text, 8);
    assert(lines.every((line) => unicodeWidth(line) <= 8));
    assertEquals(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
  });
}

Deno.test("a plan names the rows that a rule leaves alone, and the file that it comes from", () => {
  const text = planText([{
    engine: "mysql",
    database: "orders_production",
    fate: "scrubbed",
    scrubber: "orders",
    rules: { path: "orders.yaml", sha256: "0".repeat(64) },
    tables: [{
      table: "customers",
      rows: 9,
      columns: [{ column: "email", strategy: "email", except: "staff" }],
    }],
    removed: [],
  }], Infinity);
  assertStringIncludes(text, `scrubbed by orders of orders.yaml (SHA-256 ${"0".repeat(64)})`);
  assertStringIncludes(text, "email, all rows but those of staff");
});
