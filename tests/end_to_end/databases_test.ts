/** Databases that no scrubber knows: a run stops, and says what to add; what it says works. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { createExtension, createPgCron } from "../postgresql/schema/extension.ts";
import { instances, leftIn, nothing, oneApplication, runProgram, smallDatabase, smallStage } from "./stage.ts";

const mystery = "my stery's";

const rds = await smallStage({}, async (server) => {
  await server.run(`CREATE DATABASE "${mystery}" OWNER application`);
  await server.run(
    "SET ROLE application; CREATE TABLE secrets (value text); INSERT INTO secrets VALUES ('zmark')",
    mystery,
  );
  await createPgCron(server, "postgres", "rds_superuser", "UPDATE t SET a = 'zmark@elsewhere.test'");
  await server.run(
    `CREATE SUBSCRIPTION live CONNECTION 'host=nowhere.test dbname=x user=u password=p' PUBLICATION p WITH (connect = false);
    GRANT pg_create_subscription TO application; GRANT CREATE ON DATABASE template1 TO application;
    ALTER SUBSCRIPTION live OWNER TO application`,
    "template1",
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

/** What was hidden from discovery, or passed for empty, and how the refusal names it. */
const hidden = {
  closed: 'the master user cannot connect to "closed", "closed_kept"',
  a_template: 'no scrubber knows "a_template"',
  template1: '"template1" holds table public.left_behind',
  extension: "table of an extension public.kept",
  comment: "comment schema public",
};
const planted = "CREATE TABLE left_behind (value text); INSERT INTO left_behind VALUES ('zmark'); " +
  "ALTER TABLE left_behind OWNER TO application";
await rds.addProduction({
  id: "hiding",
  ...await oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 }),
  change: async (server) => {
    for (const name of ["closed", "closed_kept", "a_template"]) {
      await server.run(`CREATE DATABASE ${name} OWNER application`);
      await server.run(planted, name);
    }
    await server.run("ALTER DATABASE a_template IS_TEMPLATE true; ALTER DATABASE closed_kept ALLOW_CONNECTIONS false");
    await server.run("ALTER DATABASE closed IS_TEMPLATE true; ALTER DATABASE closed ALLOW_CONNECTIONS false");
    await createExtension(
      server,
      "postgres",
      "keeper",
      "CREATE TABLE kept (a text); INSERT INTO kept VALUES ('zmark')",
    );
    await server.run("COMMENT ON SCHEMA public IS 'ask zmark@elsewhere.test'");
    await server.run(planted, "template1");
  },
});
await rds.addProduction({
  id: "revoking",
  engine: "mysql",
  prepare: async (server) => {
    await server.run("CREATE DATABASE tmp; CREATE TABLE tmp.left_behind AS SELECT 'zmark' AS value");
    await server.run("REVOKE ALL ON tmp.* FROM master");
  },
});

const source = ["--postgresql-instances", instances.postgresql];
/** One run for several tests, begun by the first of them: what it starts in the local RDS is that test's. */
let refusing: ReturnType<typeof runProgram> | undefined;
const refused = () => refusing ??= runProgram(rds, [...source, "nothing-known", "used-postgres", "hiding"]);

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
    assertStringIncludes(stdout, '"postgres" holds table public.left_behind');
  });
  for (const [what, named] of Object.entries(hidden)) {
    await t.step(`what hid in production: ${what}`, () => assertStringIncludes(stdout, named));
  }
  await t.step("the flags for what hid; the server's own databases are not to be dropped", () => {
    for (const name of ["closed", "closed_kept", "a_template", "template1", "postgres"]) {
      assertStringIncludes(stdout, `--keep-database hiding/${name}`);
      assertEquals(stdout.includes(`--drop-database hiding/${name}`), !["template1", "postgres"].includes(name), name);
    }
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
    const [flag] = new RegExp(`--${action}-database '${instances.postgresql}/.*?'(?= keeps| drops)`).exec(stdout) ?? [];
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

Deno.test("jobs of pg_cron do not leave in the snapshot, nor their history, what the planner knew of it, and template1's links", async () => {
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const [left] = await server.run(`SELECT (SELECT count(*) FROM cron.job)::int AS jobs,
    (SELECT count(*) FROM cron.job_run_details)::int AS runs,
    (SELECT count(*) FROM pg_statistic s JOIN pg_class c ON c.oid = s.starelid WHERE c.relnamespace = 'cron'::regnamespace
      AND s::text LIKE '%zmark%')::int AS samples,
    (SELECT count(*) FROM pg_subscription)::int AS links`);
  assertEquals(left, { jobs: 0, runs: 0, samples: 0, links: 0 });
});

Deno.test("what hid is dropped, templates and closed ones too, or kept by its name; the report says what nobody looked into", async () => {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const kept = ["closed_kept", "template1", "postgres"];
    const { code, stdout, stderr } = await runProgram(rds, [
      ...["--postgresql-instances", "hiding", "--unknown-databases", "drop", "--report", report],
      ...kept.flatMap((name) => ["--keep-database", `hiding/${name}`]),
    ]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout + stderr, 'keeps "closed_kept" unread');
    const [{ databases, warnings }] = JSON.parse(await Deno.readTextFile(report)).sources;
    const reasons = databases.map(({ database, fate, reason }: Record<string, string>) => [database, fate, reason]);
    const unseen = "--keep-database; not read, because the master user cannot connect to it";
    assertEquals(reasons, [
      ["a_template", "dropped", "--unknown-databases drop"],
      ["closed", "dropped", "--unknown-databases drop"],
      ["closed_kept", "kept", unseen],
      [smallDatabase, "scrubbed", undefined],
      ["postgres", "kept", "--keep-database"],
      ["template1", "kept", "--keep-database"],
    ]);
    assertEquals(warnings.filter((text: string) => text.includes("closed_kept")).length, 1);
    assertEquals(await databasesOf(rds), ["closed_kept", smallDatabase]);
  } finally {
    await Deno.remove(report);
  }
});

Deno.test("MySQL: a database that the master user has lost its privileges on does not pass for an empty one", async () => {
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-instances", "revoking"]);
  assertEquals(code, 3, stderr);
  assertStringIncludes(stdout, 'the master user cannot connect to "tmp"');
  assertStringIncludes(stdout, "--keep-database revoking/tmp");
  assertEquals((await leftIn(rds)).workspaces, []);
});

/** The words that a shell makes of a text. */
async function wordsOf(text: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\n' ${text}`] }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

/** Databases in the newest snapshot but those that every server has. */
async function databasesOf(rds: LocalRds): Promise<string[]> {
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const rows = await server.run('SELECT datname FROM pg_database ORDER BY datname COLLATE "C"');
  const own = ["postgres", "rdsadmin", "template0", "template1"];
  return rows.map(({ datname }) => String(datname)).filter((name) => !own.includes(name));
}
