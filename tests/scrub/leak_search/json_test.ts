/** What the strategy `json` takes out of documents is searched for elsewhere, and what it leaves in them is not. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { email, json, keep } from "../../../lib/scrub/rules/strategies.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { createTestDatabase, engineNames, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

const rule = json({ "$.user.email": email(), "$.ccs[*].address": email() });

const cases: readonly (readonly [what: string, document: string, echoes: boolean])[] = [
  ["a value at a path", '{"user":{"email":"zoe@x.example"}}', true],
  ["a value in an array", '{"ccs":[{"address":null},{"address":"zoe@x.example"}]}', true],
  ["an object where text was expected", '{"user":{"email":{"home":"zoe@x.example"}}}', true],
  ["an array where an object was expected", '{"user":[{"email":"zoe@x.example"}]}', true],
  ["text where an object was expected, as a whole document", '"zoe@x.example"', true],
  ["a value that stays in the document, of which none is searched for", '{"ccs":[{"name":"zoe@x.example"}]}', false],
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [kind, type] of [["document", engine === "mysql" ? "json" : "jsonb"], ["text", "text"]] as const) {
    for (const [at, [what, document, echoes]] of cases.entries()) {
      Deno.test(`${engine}: a column of type ${type}: ${what}`, async () => {
        const database = `case_${kind}_${at}`;
        await createTestDatabase(
          server,
          engine,
          database,
          `CREATE TABLE a (id integer PRIMARY KEY, v ${type}); CREATE TABLE b (id integer PRIMARY KEY, note varchar(99));
          INSERT INTO a VALUES (1, '${document}'); INSERT INTO b VALUES (1, 'to zoe@x.example')`,
        );
        const rules = { a: { columns: { v: rule } }, b: { columns: { note: keep("a test's") } } };
        const error = await scrubFixture(server, engine, database, scrubberOf(engine, rules)).then(
          () => undefined,
          (error) => error,
        );
        if (!echoes) {
          assertEquals(error, undefined);
          return;
        }
        assertEquals(error instanceof ScrubError && error.code, "echo");
        assertMatch(error.message, /b\.note holds values that rules remove elsewhere: 1 row/);
      });
    }
  }
}
