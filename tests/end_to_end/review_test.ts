/** `review` and `plan` on databases by URL: an ordinary user of a server that has nothing to do with RDS. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createDatabase } from "../fixtures/server_database.ts";
import { fill } from "../fixtures/fill.ts";
import { type Result, runProgram, startProgram } from "../fleet/program.ts";
import * as servers from "../servers.ts";

const postgresql = await servers.postgresql({ applications: ["application"] });
const mysql = await servers.mysql();
Deno.test.afterAll(async () => {
  await postgresql.stop("now");
  await mysql.stop("now");
});

const grown = "ALTER TABLE subscribers ADD nickname varchar(80), ADD rating integer;" +
  "UPDATE subscribers SET nickname = 'zmark nickname', rating = 7";
for (const name of ["email-alert-api_test", "grown"]) {
  const database = await createDatabase(postgresql, "email_alert_api-2026", name, "application");
  await fill(database, { rows: 1 });
}
await postgresql.run(`SET ROLE application; ${grown}`, "grown");
await postgresql.run("CREATE ROLE developer LOGIN PASSWORD 'laptop'; GRANT application TO developer");
await createDatabase(mysql, "whitehall-2026", "whitehall_test");
await mysql.run(
  "CREATE USER developer IDENTIFIED BY 'laptop'; GRANT ALL ON `whitehall_test`.* TO developer",
);

const clean = `postgresql://developer:laptop@localhost:${postgresql.port}/email-alert-api_test`;
const drifted = `postgresql://developer:laptop@localhost:${postgresql.port}/grown`;
const whitehall = `mysql2://developer:laptop@127.0.0.1:${mysql.port}/whitehall_test`;

function review(url: string, ...args: readonly string[]): Promise<Result> {
  return runProgram(["review", ...args], { DATASCRUBBER_URL: url });
}

for (
  const [what, url] of [
    ["PostgreSQL", clean],
    ["PostgreSQL with TLS", `${clean}?sslmode=require`],
    ["MySQL", whitehall],
    ["MySQL with TLS", `${whitehall}?ssl-mode=REQUIRED`],
  ] as const
) {
  Deno.test(`review finds nothing in a database as it was reviewed: ${what}`, async () => {
    const { code, stdout, stderr } = await review(url);
    assertEquals(code, 0, stdout + stderr);
    assertStringIncludes(stdout, "everything is classified");
  });
}

Deno.test("review of a database with new columns ends with status 3 and the lines to paste", async () => {
  const { code, stdout } = await review(drifted, "--scrubber", "email-alert-api");
  assertEquals(code, 3);
  assertMatch(stdout, /^Unclassified column: no rule/m);
  assertMatch(stdout, /^ {2}subscribers\n {4}nickname {2}character varying\(80\)\n {4}rating {4}integer$/m);
  assertMatch(
    stdout,
    /\n {2}subscribers: \{ columns: \{ nickname: name\(\{"part":"first"\}\) \} \},\n/,
  );
  assertStringIncludes(
    stdout,
    '\n  {"table":"subscribers","column":"rating","type":"integer","reason":"","by":"","source":""}\n',
  );
});

Deno.test("review shows no value", async () => {
  for (const format of ["table", "json", "github"]) {
    const { stdout, stderr } = await review(drifted, "--scrubber", "email-alert-api", "--format", format);
    assertEquals(/zmark/.test(stdout + stderr), false);
  }
});

Deno.test("review --format json is for programs", async () => {
  const { code, stdout } = await review(drifted, "--scrubber", "email-alert-api", "--format", "json");
  assertEquals(code, 3);
  const { clean, database, findings } = JSON.parse(stdout);
  assertEquals([clean, database], [false, "grown"]);
  assertEquals(findings.map(({ what }: { readonly what: string }) => what), [
    "subscribers.nickname character varying(80)",
    "subscribers.rating integer",
  ]);
});

Deno.test("review --format github annotates the file of reviews", async () => {
  await using file = await temporaryFile("{}");
  const { code, stdout } = await review(
    drifted,
    "--scrubber",
    "email-alert-api",
    "--format",
    "github",
    "--reviewed",
    file.path,
  );
  assertEquals(code, 3);
  const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
  assertEquals(errors.length, 2);
  assertStringIncludes(errors[0] ?? "", `::error file=${file.path},title=subscribers.nickname`);
});

Deno.test("review takes the file beside a scrubber as well as one by scrubbers' names", async () => {
  const signature = { reason: "says nothing", by: "a test", source: "a test" };
  const list = [
    { table: "subscribers", column: "rating", type: "integer", ...signature },
    { table: "subscribers", column: "nickname", type: "text", ...signature },
  ];
  for (const content of [list, { "email-alert-api": list }]) {
    await using file = await temporaryFile(JSON.stringify(content));
    const { code, stdout } = await review(drifted, "--scrubber", "email-alert-api", "--reviewed", file.path);
    assertEquals(code, 0, stdout);
  }
});

Deno.test("the session of review refuses changes", async () => {
  const before = await postgresql.run("SELECT count(*) AS n FROM pg_class", "grown");
  await review(drifted, "--scrubber", "email-alert-api");
  assertEquals(await postgresql.run("SELECT count(*) AS n FROM pg_class", "grown"), before);
});

Deno.test("review of a database that no scrubber is called like names the scrubbers", async () => {
  const { code, stderr } = await review(drifted);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Name one with --scrubber: email-alert-api, publishing-api");
});

Deno.test("a wrong password is told, and repeated nowhere", async () => {
  const { code, stdout, stderr } = await review(clean.replace("laptop", "wrong-horse"));
  assertEquals(code, 1);
  assertMatch(stderr, /28P01|refused/);
  assertEquals(/wrong-horse/.test(stdout + stderr), false);
});

Deno.test("review --write without a terminal asks nobody", async () => {
  await using file = await temporaryFile("{}");
  const { code, stderr } = await review(drifted, "--scrubber", "email-alert-api", "--write", "--reviewed", file.path);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "this is not a terminal");
});

Deno.test("plan of a database by URL names every table, and what each column comes to", async () => {
  const { code, stdout, stderr } = await startProgram(["plan"], { DATASCRUBBER_URL: clean }).ended();
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /subscribers +\d+ +address +email/);
  assertMatch(stdout, /deletes rows: oldEmails/);
});

Deno.test("plan --format json accounts for every column", async () => {
  const { code, stdout } = await startProgram(["plan", "--format", "json"], { DATASCRUBBER_URL: whitehall }).ended();
  assertEquals(code, 0);
  const { databases: [found] } = JSON.parse(stdout);
  assert(found.tables.length > 100);
  for (const { columns } of found.tables) {
    for (const { strategy, reason } of columns) assert(strategy !== undefined || reason !== undefined);
  }
});

Deno.test("plan of a database that a run would refuse says so on top, plans all the same, and ends with status 3", async () => {
  const args = ["plan", "--scrubber", "email-alert-api"];
  const { code, stdout, stderr } = await startProgram(args, { DATASCRUBBER_URL: drifted }).ended();
  assertEquals([code, stderr], [3, ""]);
  assertMatch(stdout, /^grown by email-alert-api: [^\n]+; 2 unclassified/);
  assert(stdout.indexOf("Unclassified column:") < stdout.indexOf("TABLE "));
  assertMatch(stdout, /UNCLASSIFIED: nickname, rating/);
  const { stdout: json } = await startProgram([...args, "--format", "json"], { DATASCRUBBER_URL: drifted }).ended();
  const { refused: [refused], databases } = JSON.parse(json);
  assertEquals([refused.findings.length, databases.length], [2, 1]);
});

Deno.test("plan --on-drift blank says what would be emptied", async () => {
  const args = ["plan", "--scrubber", "email-alert-api", "--on-drift", "blank"];
  const { code, stdout, stderr } = await startProgram(args, { DATASCRUBBER_URL: drifted }).ended();
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /nickname +setNull/);
});

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`plan of a subset by URL says how many rows keepRows selects: ${engine}`, async () => {
    const statements = `CREATE TABLE shops (id integer PRIMARY KEY);
      CREATE TABLE sales (id integer PRIMARY KEY, shop integer, FOREIGN KEY (shop) REFERENCES shops (id));
      INSERT INTO shops VALUES (1), (2), (3); INSERT INTO sales VALUES (1, 1), (2, 2)`;
    const server = engine === "mysql" ? mysql : postgresql;
    await server.run(`CREATE DATABASE chain_test${engine === "mysql" ? "" : " OWNER application"}`);
    await server.run(`${engine === "mysql" ? "" : "SET ROLE application; "}${statements}`, "chain_test");
    if (engine === "mysql") await server.run("GRANT ALL ON chain_test.* TO developer");
    await using rules = await temporaryFile(
      `database: chain\nengine: ${engine}\nselections: { few: { of: shops, where: "{column:id} < 3" } }
tables: { shops: { keepRows: few }, sales: { columns: {} } }
reviewed:
  - { table: shops, reason: made up, by: a test, source: a test }
  - { table: sales, reason: made up, by: a test, source: a test }\n`,
      ".yaml",
    );
    const url = `${engine}://developer:laptop@localhost:${server.port}/chain_test`;
    const { code, stdout, stderr } = await startProgram(["plan", "--rules", rules.path, "--format", "json"], {
      DATASCRUBBER_URL: url,
    }).ended();
    assertEquals(code, 0, stdout + stderr);
    const { databases: [found] } = JSON.parse(stdout);
    const shops = found.tables.find((one: { readonly table: string }) => one.table === "shops");
    assertEquals([shops.deleted, shops.selectedRows], ["all but few and what remaining rows need", 2]);
  });
}

async function temporaryFile(
  text: string,
  suffix = ".json",
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempFile({ suffix });
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}
