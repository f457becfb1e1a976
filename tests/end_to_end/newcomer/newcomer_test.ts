/** The way of somebody who brings a database that nobody wrote rules for: init, review, plan, scrub. Counted: edits of the draft. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { type Result, runProgram } from "../../fleet/program.ts";
import { quoteName } from "../../fixtures/database.ts";
import { readPublicSchemas } from "../../scrub/discovery/public_schemas.ts";
import { laptop } from "../scrub_url_stage.ts";
import { planted as mark, statementsOf } from "./public_schema.ts";
import { ordersRows, ordersSchema, planted } from "./orders.ts";

const engineNames = ["postgresql", "mysql"] as const;
const places = { postgresql: await laptop("postgresql"), mysql: await laptop("mysql") };
const folder = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  for (const engine of engineNames) await places[engine][Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

async function createDatabase(engine: EngineName, name: string, statements: string): Promise<void> {
  const { server } = places[engine];
  await server.run(`CREATE DATABASE ${quoteName(engine, name)}`);
  await server.run(statements, name);
}

function run(engine: EngineName, database: string, ...args: readonly string[]): Promise<Result> {
  return runProgram(args, { DATASCRUBBER_URL: places[engine].url(database) });
}

/** Every value of the database, as text. */
async function contents(engine: EngineName, database: string): Promise<string> {
  const own = engine === "postgresql" ? "'public'" : "database()";
  const tables = await places[engine].server.run(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${own} AND table_type = 'BASE TABLE'`,
    database,
  );
  const rows: unknown[] = [];
  // One after the other: each opens a connection.
  for (const { name } of tables) {
    rows.push(await places[engine].server.run(`SELECT * FROM ${quoteName(engine, String(name))}`, database));
  }
  return JSON.stringify(rows).toLowerCase();
}

/** Scrubs where it is, with a rule file. */
async function scrubWith(engine: EngineName, database: string, path: string): Promise<void> {
  const { code, stdout, stderr } = await run(
    engine,
    database,
    "scrub",
    "--rules",
    path,
    "--yes-scrub",
    database,
    "--log-mode",
    "console",
  );
  assertEquals(code, 0, stdout + stderr);
}

for (const engine of engineNames) {
  Deno.test(`${engine}: a database of every kind of personal column is drafted, planned and scrubbed without an edit`, async (t) => {
    const path = `${folder}/${engine}-orders.yaml`;
    await createDatabase(engine, "orders", ordersSchema(engine) + ordersRows());

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
    await createDatabase(
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
    await createDatabase(
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

const schemas = readPublicSchemas(
  await Deno.readTextFile(new URL("../../scrub/discovery/public_schemas.txt", import.meta.url)),
);

/** Public schemas, and how many columns of the draft at most a person has to decide on: titles, names of artists, numbers of orders. */
const publicSchemas: readonly (readonly [name: string, edits: number])[] = [
  ["chinook", 4],
  ["northwind", 7],
  ["sakila", 2],
  ["ofn", 50],
  ["otw", 45],
];

for (const [name, edits] of publicSchemas) {
  Deno.test(`${name}: no planted value is left, and at most ${edits} columns of the draft are edited`, async () => {
    const schema = schemas.find((one) => one.name === name);
    assert(schema);
    const { engine } = schema;
    const path = `${folder}/${name}.yaml`;
    await createDatabase(engine, name, statementsOf(schema));
    const began = performance.now();
    const drafted = await run(engine, name, "init", path);
    const open = [...drafted.stdout.matchAll(/^ {2}(\S+?)\.(\S+) /gm)].map(([, table, column]) =>
      [table, column] as const
    );
    assertEquals(drafted.code, open.length === 0 ? 0 : 3, drafted.stdout + drafted.stderr);
    // The person who decides knows what the column holds.
    let text = await Deno.readTextFile(path);
    for (const [table, column] of open) {
      const personal = schema.columns.some((one) =>
        one.table.id === table && one.column.name === column && one.label !== undefined
      );
      const at = text.indexOf(`\n  ${table}:`);
      const marked = `# ${column}: decide`;
      const place = text.indexOf(marked, at);
      assert(at >= 0 && place >= 0, `${table}.${column}`);
      const rule = personal ? `${column}: setNull #` : `${column}: { keep: "of no person" } #`;
      text = text.slice(0, place) + rule + text.slice(place + marked.length);
    }
    await Deno.writeTextFile(path, text);

    assertStringIncludes(await contents(engine, name), mark);
    await scrubWith(engine, name, path);
    const seconds = Math.round((performance.now() - began) / 1000);
    // deno-lint-ignore no-console
    console.log(
      `${name}: ${schema.schema.tables.length} tables, ${open.length} edits, ${seconds} s from init to the end`,
    );
    const left = await contents(engine, name);
    assertEquals(
      left.split(mark).length - 1,
      0,
      left.slice(Math.max(0, left.indexOf(mark) - 300), left.indexOf(mark) + 20),
    );
    assert(open.length <= edits, open.map((one) => one.join(".")).join(", "));
  });
}
