/** A database that has grown: a run stops with what to paste, and what it says works; or it empties what is new. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { instances, leftIn, nothing, runProgram, smallDatabase, smallStage } from "./stage.ts";

const rds = await smallStage({}, async (server) => {
  await server.run(
    `SET ROLE application; ALTER TABLE subscribers ADD nickname varchar(80), ADD rating integer;
    UPDATE subscribers SET nickname = 'zmark nickname', rating = 7`,
    smallDatabase,
  );
});
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
const source = ["--postgresql-instances", instances.postgresql];

Deno.test("a run on a drifted database ends with status 3, the lines to paste, and no snapshot", async () => {
  const { code, stdout, stderr } = await runProgram(rds, source);
  assertEquals(code, 3, stderr);
  assertMatch(stdout, /subscribers\.nickname character varying\(80\)/);
  assertMatch(
    stdout,
    /subscribers: \{ columns: \{ nickname: name\(\{"part":"first"\}\) \} \}/,
  );
  assertStringIncludes(
    stdout,
    '{"table":"subscribers","column":"rating","type":"integer","reason":"","by":"","source":""}',
  );
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("--reviewed with the columns in it, signed, lets them pass", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const signature = { reason: "says nothing of anybody", by: "a test", source: "a test" };
    const entries = [
      { table: "subscribers", column: "rating", type: "integer", ...signature },
      { table: "subscribers", column: "nickname", type: "text", ...signature },
    ];
    await Deno.writeTextFile(file, JSON.stringify({ "email-alert-api": entries }));
    const { code, stderr } = await runProgram(rds, [...source, "--reviewed", file]);
    assertEquals(code, 0, stderr);
    assertEquals((await leftIn(rds)).workspaces, []);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a file of reviews without a reason is refused before anything starts", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const entry = {
      table: "subscribers",
      column: "rating",
      type: "integer",
      reason: "",
      by: "a test",
      source: "a test",
    };
    await Deno.writeTextFile(file, JSON.stringify({ "email-alert-api": [entry] }));
    const { code, stderr } = await runProgram(rds, [...source, "--reviewed", file]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, 'its "reason" is empty');
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("--on-drift blank empties new columns, and the report says which, and how long coverage took", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const { code, stderr } = await runProgram(rds, [...source, "--on-drift", "blank", "--report", file]);
    assertEquals(code, 0, stderr);
    const report = JSON.parse(await Deno.readTextFile(file));
    const [found] = report.sources[0].databases.filter(({ fate }: { readonly fate: string }) => fate === "scrubbed");
    assertEquals(found.coverage.blanked, ["subscribers.nickname: setNull", "subscribers.rating: setNull"]);
    assertEquals(found.coverage.unaccounted, []);
    assertEquals(typeof found.coverage.milliseconds, "number");
    const onTrust = found.coverage.assumptions.flatMap(({ columns }: { readonly columns: string[] }) => columns);
    assertEquals(onTrust.includes("subscribers.id"), true);
    assertEquals((await leftIn(rds)).workspaces, []);
  } finally {
    await Deno.remove(file);
  }
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const rows = await server.run("SELECT DISTINCT nickname, rating FROM subscribers", smallDatabase);
  assertEquals(rows, [{ nickname: null, rating: null }]);
});
