/** MySQL's documents may hold bytes, which it prints as base64: what they say is searched, and taken out, like any other text. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { email, json, keep, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

const server = await serverOf("mysql");
Deno.test.afterAll(() => server.stop("now"));

const address = "zoe@x.example";
const bytes = `CAST('to ${address}' AS BINARY)`;
const scalar = `CAST(${bytes} AS JSON)`;

/** Makes the database, and holds what a rule makes of `a.v` against what is kept in `b.note`. */
async function scrub(database: string, made: string, rule: ReturnType<typeof email>): Promise<unknown> {
  await createTestDatabase(server, "mysql", database, made);
  const rules = { a: { columns: { v: rule } }, b: { columns: { note: keep("a test's") } } };
  return await scrubFixture(server, "mysql", database, scrubberOf("mysql", rules)).then(
    () => undefined,
    (error) => error,
  );
}

function assertEcho(error: unknown): void {
  assertEquals(error instanceof ScrubError && error.code, "echo");
  assertMatch(String(error), /b\.note holds values that rules remove elsewhere: 1 row/);
}

for (
  const [at, [where, kept]] of [
    ["as a member", `JSON_OBJECT('was', ${bytes})`],
    ["of a blob", `JSON_OBJECT('was', CONVERT(${bytes}, BINARY(64)), 'n', 1)`],
    ["in an array, deep down", `JSON_OBJECT('a', JSON_ARRAY(1, JSON_OBJECT('b', JSON_ARRAY(${bytes}))))`],
    ["as a whole document", scalar],
  ].entries()
) {
  Deno.test(`an address in bytes of a kept document refuses the run: ${where}`, async () => {
    assertEcho(
      await scrub(
        `kept_${at}`,
        `CREATE TABLE a (id int PRIMARY KEY, v varchar(99)); CREATE TABLE b (id int PRIMARY KEY, note json);
        INSERT INTO a VALUES (1, '${address}'); INSERT INTO b VALUES (1, ${kept}), (2, JSON_ARRAY(1)), (3, NULL)`,
        setNull(),
      ),
    );
  });
}

const rule = json({ "$.user.email": email(), "$.ccs[*]": email() });

for (
  const [at, [where, document]] of [
    ["at a path", `JSON_OBJECT('user', JSON_OBJECT('email', ${bytes}))`],
    ["in an array", `JSON_OBJECT('ccs', JSON_ARRAY(NULL, ${bytes}))`],
    ["where an object was expected", `JSON_OBJECT('user', ${bytes})`],
  ].entries()
) {
  Deno.test(`an address that a rule removes as bytes of a document refuses the run where text repeats it: ${where}`, async () => {
    assertEcho(
      await scrub(
        `removed_${at}`,
        `CREATE TABLE a (id int PRIMARY KEY, v json); CREATE TABLE b (id int PRIMARY KEY, note varchar(99));
        INSERT INTO a VALUES (1, ${document}); INSERT INTO b VALUES (1, 'by ${address}')`,
        rule,
      ),
    );
  });
}

Deno.test("bytes become empty where a strategy takes text, and others stay as they are", async () => {
  const error = await scrub(
    "emptied",
    `CREATE TABLE a (id int PRIMARY KEY, v json); CREATE TABLE b (id int PRIMARY KEY, note varchar(99));
    INSERT INTO a VALUES (1, JSON_OBJECT('user', JSON_OBJECT('email', ${bytes}), 'icon', x'00ff'))`,
    rule,
  );
  assertEquals(error, undefined);
  assertEquals(await server.run("SELECT CAST(v AS CHAR) AS v FROM a", "emptied"), [
    { v: '{"icon": "base64:type15:AP8=", "user": {"email": ""}}' },
  ]);
});
