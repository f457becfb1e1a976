/** An address that a rule removes and that a column repeats which no rule touches, through the whole program. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { instances, leftIn, nothing, runProgram, smallDatabase, smallStage } from "./stage.ts";

const address = "zoe.adams@echo.example";
const other = "wiki";
/** Removed as well, and in the database that is kept. */
const staff = "staff.member@echo.example";

const rds = await smallStage({}, async (server) => {
  await server.run(
    `SET ROLE application; UPDATE subscribers SET address = '${address}'; UPDATE users SET email = '${staff}';
    CREATE TABLE audit (id serial PRIMARY KEY, details text);
    INSERT INTO audit (details) VALUES ('changed by <${address}>'), ('mailto:${
      encodeURIComponent(address)
    }'), ('nothing')`,
    smallDatabase,
  );
  await server.run(`CREATE DATABASE ${other} OWNER application`);
  await server.run(
    `SET ROLE application; CREATE TABLE pages (v text); INSERT INTO pages VALUES ('${address}, ${staff}'), ('${address}')`,
    other,
  );
});
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const report = `${folder}/report.json`;

/** Runs the program with a review of the audit's text. */
async function run(members: Readonly<Record<string, unknown>>, ...more: readonly string[]) {
  const entry = {
    table: "audit",
    column: "details",
    type: "text",
    reason: "log lines",
    by: "a test",
    source: "a test",
  };
  const reviewed = `${folder}/reviewed.json`;
  await Deno.writeTextFile(reviewed, JSON.stringify({ "email-alert-api": [{ ...entry, ...members }] }));
  const source = ["--postgresql-instances", instances.postgresql, "--keep-database", other];
  const result = await runProgram(rds, [...source, "--reviewed", reviewed, "--report", report, ...more]);
  const text = await Deno.readTextFile(report);
  for (const said of [result.stdout, result.stderr, text]) assertEquals(said.includes(address), false);
  const written: RunReport = JSON.parse(text);
  return { ...result, databases: written.sources[0]?.databases ?? [], source: written.sources[0] };
}

/** A tag of the newest snapshot. */
function searchTag(): string | undefined {
  const newest = rds.snapshots().find(({ id }) => id === rds.made().at(-1));
  return newest?.tags.find(({ key }) => key === "datascrubber:search")?.value;
}

Deno.test("an echo in a column that stays is refused with status 3, before anything changed, and nothing is left", async () => {
  const { code, stdout, source } = await run({});
  assertEquals(code, 3, stdout);
  const echo = `${smallDatabase}: audit.details holds values that rules remove elsewhere: 2 rows`;
  assertStringIncludes(stdout, echo);
  assertStringIncludes(source?.failure?.message ?? "", echo);
  assertEquals(source?.phases.map(({ phase }) => phase).at(-1), "plan");
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("a public column may hold it: report, tag and last line say what was searched, and what was let through", async () => {
  const { code, stdout, stderr, databases, source } = await run({ public: true });
  assertEquals(code, 0, stderr);
  const scrubbed = databases.find(({ database }) => database === smallDatabase)?.leakSearch;
  assertEquals(scrubbed?.mode, "full");
  assertEquals(scrubbed?.kept?.exempt.filter(({ column }) => column.startsWith("audit.")), [
    { column: "audit.details", fingerprints: 1 },
  ]);
  assert((scrubbed?.kept?.columns ?? 0) > 10);
  // What a public column holds may stay in the database that is kept, too; the other address is only told.
  assertEquals(databases.find(({ database }) => database === other)?.leakSearch?.echoes, [{
    column: "pages.v",
    rows: 1,
  }]);
  const warning = `${other}: pages.v holds values that rules remove elsewhere: 1 row`;
  assertEquals(source?.warnings.filter((one) => one.includes("rules remove")), [warning]);
  assertEquals(searchTag(), "full");
  assertMatch(
    stdout,
    /snapshot \S+, searched for removed values: \d+ kept columns in full, everything else in full\n/,
  );
});

Deno.test("without a search it passes, and report, tag and last line say that nobody looked", async () => {
  const { code, stdout, stderr, databases } = await run({}, "--leak-search", "off");
  assertEquals(code, 0, stderr);
  assertEquals(databases.find(({ database }) => database === smallDatabase)?.leakSearch?.mode, "off");
  assertEquals(searchTag(), "off");
  assertMatch(stdout, /snapshot \S+, not searched for removed values\n/);
  assertStringIncludes(stdout, "warning: --leak-search off");
});
