/** Databases that no scrubber knows: a run stops, and says what to add; what it says works. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances, leftIn, nothing, runProgram, smallDatabase, smallStage } from "./stage.ts";

const mystery = "my stery's";

const rds = await smallStage({}, async (server) => {
  await server.run(`CREATE DATABASE "${mystery}" OWNER application`);
  await server.run(
    "SET ROLE application; CREATE TABLE secrets (value text); INSERT INTO secrets VALUES ('zmark')",
    mystery,
  );
});
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
await rds.addProduction({
  id: "nothing-known",
  engine: "postgres",
  prepare: async (server) => {
    await server.run("CREATE DATABASE whitehall_production");
    await server.run("CREATE TABLE t (id integer)", "whitehall_production");
  },
});
await rds.addProduction({
  id: "used-postgres",
  engine: "postgres",
  applications: ["application"],
  prepare: (server) => server.run("CREATE TABLE left_behind (value text)", "postgres").then(() => {}),
});

const source = ["--postgresql-instances", instances.postgresql];
/** One run for several tests, begun by the first of them: what it starts in the local RDS is that test's. */
let refusing: ReturnType<typeof runProgram> | undefined;
const refused = () => refusing ??= runProgram(rds, [...source, "nothing-known", "used-postgres"]);

Deno.test("databases that nobody knows, or none that anybody knows: refused with status 3, and no snapshot", async (t) => {
  const { code, stdout, stderr } = await refused();
  assertEquals(code, 3, stderr);
  await t.step("an unknown one: the flags to paste", () => {
    assertStringIncludes(stdout, `no scrubber knows "${mystery}"`);
    assertStringIncludes(stdout, `--keep-database '${instances.postgresql}/my stery'\\''s'`);
    assertStringIncludes(stdout, `--drop-database '${instances.postgresql}/my stery'\\''s'`);
  });
  await t.step("a scrubber for another engine does not match", () => {
    assertStringIncludes(stdout, 'no scrubber knows "whitehall_production"');
  });
  await t.step("the engine's own database with user objects is like any other", () => {
    assertStringIncludes(stdout, 'no scrubber knows "postgres"');
  });
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("no database that a scrubber knows: refused, whatever becomes of the others", async () => {
  const args = ["--postgresql-instances", "nothing-known", "--unknown-databases", "drop"];
  const { code, stdout } = await runProgram(rds, args);
  assertEquals(code, 3);
  assertMatch(stdout, /none of its databases \(.*"whitehall_production"\) matches a scrubber for postgresql/);
  assertEquals(await leftIn(rds), nothing);
});

for (const action of ["keep", "drop"]) {
  Deno.test(`the flag to ${action} it, pasted into a shell, works`, async () => {
    const { stdout } = await refused();
    const [flag] = new RegExp(`--${action}-database '${instances.postgresql}/.*?'(?= lets| drops)`).exec(stdout) ?? [];
    assert(flag !== undefined, stdout);
    const { code, stderr } = await runProgram(rds, [...source, ...await wordsOf(flag)]);
    assertEquals(code, 0, stderr);
    assertEquals(await databasesOf(rds), action === "keep" ? [smallDatabase, mystery] : [smallDatabase]);
    assertEquals((await leftIn(rds)).workspaces, []);
  });
}

Deno.test("--unknown-databases drop drops what nobody named", async () => {
  const { code, stderr } = await runProgram(rds, [...source, "--unknown-databases", "drop"]);
  assertEquals(code, 0, stderr);
  assertEquals(await databasesOf(rds), [smallDatabase]);
  const { workspaces, violations } = await leftIn(rds);
  assertEquals([workspaces, violations], [[], []]);
});

/** The words that a shell makes of a text. */
async function wordsOf(text: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\n' ${text}`] }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

/** User databases in the newest snapshot. */
async function databasesOf(rds: LocalRds): Promise<string[]> {
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const rows = await server.run("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1");
  return rows.map(({ datname }) => String(datname)).filter((name) => !["postgres", "rdsadmin"].includes(name));
}
