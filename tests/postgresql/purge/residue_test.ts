/** No file of a stopped server holds an old value, and each part of a run is needed for that. @module */
import { assert, assertEquals } from "@std/assert";
import { countMarks, production, runOver, type Without } from "./residue_fixture.ts";

const golden = await production();
Deno.test.afterAll(() => golden.remove());

Deno.test("production has marks in tables, in the log and in kept statements", async () => {
  const counts = await countMarks(`${golden.folder}/production`);
  assertEquals([...counts.keys()].sort(), ["base", "pg_stat", "pg_wal"]);
});

Deno.test("a whole run leaves no mark but in files that a crash has orphaned, and the report tells their size", async () => {
  const { marks, residue } = await runOver(golden.folder);
  assertEquals([...marks.keys()], ["orphaned"]);
  const told = residue.find(({ step }) => step.startsWith("orphaned files"))?.result ?? "";
  const bytesOfRow = 30;
  assert(Number(/^up to (\d+) KiB/.exec(told)?.[1]) * 1024 > (marks.get("orphaned") ?? 0) * bytesOfRow, told);
});

Deno.test("nor do copies that replace large tables", async () => {
  const { marks, copied } = await runOver(golden.folder, { sizes: true });
  assertEquals([...marks.keys()], ["orphaned"]);
  assertEquals(copied, ["moved", "posts"]);
});

const parts: readonly (readonly [what: string, without: Without, where: string])[] = [
  ["rewrites after changes in place", { afterwards: true }, "base"],
  ["the pass over a table", { steps: /^rewrite people$/ }, "base"],
  ["the pass over a table whose values move to other rows", { steps: /^rewrite moved$/ }, "base"],
  ["a copy of a table", { steps: /^rewrite posts$/, sizes: true }, "base"],
  ["the rewrite for dropped columns", { steps: /^rewrite members$/ }, "base"],
  ["the rewrite for dropped numbers", { steps: /^rewrite calls$/ }, "base"],
  ["the rewrite of what no rule touches", { steps: /^rewrite words$/ }, "base"],
  ["the rewrite of partitions that no rule touches", { steps: /^rewrite words_2026$/ }, "base"],
  ["the rewrite of partitions", { steps: /^rewrite visits/ }, "base"],
  ["emptying materialised views", { steps: /materialised view/ }, "base"],
  ["ANALYZE of tables that nothing changed", { steps: /^analyse terms$/ }, "base"],
  ["ANALYZE", { steps: /^analyse/ }, "base"],
  ["the rewrite of statistics", { steps: /^rewrite pg_statistic$/ }, "base"],
  ["the rewrite of comments", { steps: /^rewrite pg_description$/ }, "base"],
  ["the rewrite of labels", { steps: /^rewrite pg_enum$/ }, "base"],
  ["the rewrite of extended statistics", { steps: /^rewrite pg_statistic_ext_data$/ }, "base"],
  ["the rewrite of large objects", { steps: /^rewrite pg_largeobject$/ }, "base"],
  ["the reset of pg_stat_statements", { steps: /pg_stat_statements_reset/ }, "pg_stat"],
  ["overwriting the log", { server: true }, "pg_wal"],
];

for (const [what, without, where] of parts) {
  Deno.test(`a run without ${what} leaves marks`, async () => {
    const { marks: counts } = await runOver(golden.folder, without);
    assert((counts.get(where) ?? 0) > 0, `no mark in ${where}: ${JSON.stringify([...counts])}`);
  });
}
