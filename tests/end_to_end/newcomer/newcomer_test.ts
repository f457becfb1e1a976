/** The way of somebody who brings a database that nobody wrote rules for: init, review, plan, scrub. Counted: edits of the draft. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import { scrubberOf } from "../../../lib/scrub/rule_files/scrubber.ts";
import { type Result, runProgram } from "../../fleet/program.ts";
import { quoteName } from "../../fixtures/database.ts";
import { coverAndScrub } from "../../scrub/coverage/cover_fixture.ts";
import { createTestDatabase, engineNames, serverOf } from "../../scrub/scrub_fixture.ts";
import { ordersRows, ordersSchema, planted } from "./orders.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
const folder = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
  await Deno.remove(folder, { recursive: true });
});

/** A user of a laptop's server, who may read and change the database. */
const user: Readonly<Record<EngineName, string>> = {
  postgresql: "CREATE ROLE developer LOGIN PASSWORD 'laptop'; GRANT application TO developer",
  mysql: "CREATE USER developer IDENTIFIED BY 'laptop'; GRANT ALL ON *.* TO developer",
};
for (const engine of engineNames) await servers[engine].run(user[engine]);

function urlOf(engine: EngineName, database: string): string {
  return `${engine}://developer:laptop@localhost:${servers[engine].port}/${database}`;
}

function run(engine: EngineName, database: string, ...args: readonly string[]): Promise<Result> {
  return runProgram(args, { DATASCRUBBER_URL: urlOf(engine, database) });
}

/** Every value of the database, as text. */
async function contents(engine: EngineName, database: string): Promise<string> {
  const own = engine === "postgresql" ? "'public'" : "database()";
  const tables = await servers[engine].run(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${own} AND table_type = 'BASE TABLE'`,
    database,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => servers[engine].run(`SELECT * FROM ${quoteName(engine, String(name))}`, database)),
  );
  return JSON.stringify(rows).toLowerCase();
}

/** Scrubs with a rule file, in this process, and verifies. */
async function scrubWith(engine: EngineName, database: string, path: string): Promise<void> {
  const { file, problems } = parseRuleFile(await Deno.readFile(path), { environment: {}, scrubbers: [] });
  assertEquals(problems, []);
  assert(file);
  await coverAndScrub(servers[engine], engine, database, scrubberOf(file));
}

for (const engine of engineNames) {
  Deno.test(`${engine}: a database of every kind of personal column is drafted, planned and scrubbed without an edit`, async (t) => {
    const path = `${folder}/${engine}-orders.yaml`;
    await createTestDatabase(servers[engine], engine, "orders", ordersSchema(engine) + ordersRows());

    await t.step("init leaves nothing to decide", async () => {
      const { code, stdout, stderr } = await run(engine, "orders", "init", path);
      assertEquals(code, 0, stdout + stderr);
      assertMatch(
        stdout,
        /^Wrote .*: 64 columns of "orders", of which \d+ need no rule, \d+ are changed,? \d+ are\s+kept and 0 are left to\s+decide/s,
      );
      // deno-lint-ignore no-console
      console.log(`${engine}: 0 edits; ${stdout.split("\n\n")[0]}`);
    });

    await t.step("the draft says what each rule was guessed from", async () => {
      const text = await Deno.readTextFile(path);
      assertMatch(text, /^ {4}email: email # a mail address: its name says "email"$/m);
      assertMatch(text, /^ {4}status: \{ keep: .* \}/m);
      for (const column of ["status", "currency", "sku"]) assert(!new RegExp(`^ {4}${column}: lorem`, "m").test(text));
    });

    await t.step("review and plan accept it", async () => {
      const reviewed = await run(engine, "orders", "review", "--rules", path);
      assertEquals(reviewed.code, 0, reviewed.stdout + reviewed.stderr);
      const planned = await run(engine, "orders", "plan", "--rules", path);
      assertEquals(planned.code, 0, planned.stdout + planned.stderr);
    });

    await t.step("no planted value is left after the scrub", async () => {
      const before = await contents(engine, "orders");
      assertEquals(planted.filter((value) => !before.includes(value.toLowerCase())), []);
      await scrubWith(engine, "orders", path);
      const after = await contents(engine, "orders");
      assertEquals(planted.filter((value) => after.includes(value.toLowerCase())), []);
      assertStringIncludes(after, "oak table");
    });
  });

  Deno.test(`${engine}: init keeps a file that is there, unless it is told to replace it`, async () => {
    const path = `${folder}/${engine}-kept.yaml`;
    await createTestDatabase(
      servers[engine],
      engine,
      "tiny",
      "CREATE TABLE t (id integer PRIMARY KEY, email varchar(90))",
    );
    await Deno.writeTextFile(path, "mine\n");
    const refused = await run(engine, "tiny", "init", path);
    assertEquals(refused.code, 2, refused.stderr);
    assertStringIncludes(refused.stderr, "it is there already");
    assertEquals(await Deno.readTextFile(path), "mine\n");
    const replaced = await run(engine, "tiny", "init", path, "--force");
    assertEquals(replaced.code, 0, replaced.stderr);
    assertStringIncludes(await Deno.readTextFile(path), "email: email");
  });

  Deno.test(`${engine}: with --sample init finds what names hide, and writes no value`, async () => {
    const path = `${folder}/${engine}-sampled.yaml`;
    await createTestDatabase(
      servers[engine],
      engine,
      "hidden",
      "CREATE TABLE things (id integer PRIMARY KEY, x1 varchar(90), x2 varchar(90));" +
        "INSERT INTO things VALUES (1, 'zmark@post.test', 'red'), (2, 'zmark2@post.test', 'blue')",
    );
    const { code, stdout, stderr } = await run(engine, "hidden", "init", path, "--sample", "10");
    assertEquals(code, 3, stderr);
    const text = await Deno.readTextFile(path);
    assertMatch(text, /x1: email # a mail address: 2 of 2 values are written as a mail address/);
    assertMatch(text, /# x2: decide/);
    assert(!/zmark|red|blue/.test(text + stdout + stderr));
  });
}
