/** Removed addresses in kept text of databases that are not in UTF-8. @module */

import { assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { email } from "../../../lib/scrub/rules/strategies.ts";
import { scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));

for (const [encoding, who] of [["LATIN1", "zoë"], ["WIN1251", "Жанна"]] as const) {
  Deno.test(`postgresql: an address beyond ASCII is found in a database in ${encoding}`, async () => {
    await server.run(
      `CREATE DATABASE ${encoding} OWNER application TEMPLATE template0 LOCALE_PROVIDER libc ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    const database = encoding.toLowerCase();
    await server.run(
      `SET ROLE application; CREATE TABLE people (id bigserial PRIMARY KEY, mail text); CREATE TABLE log (id bigserial PRIMARY KEY, v text);
      INSERT INTO people (mail) VALUES ('${who}@mail.example'); INSERT INTO log (v) VALUES ('to <${who}@mail.example>')`,
      database,
    );
    const rules = scrubberOf("postgresql", { people: { columns: { mail: email() } }, log: { keep: "a test's" } });
    const { message } = await assertRejects(() => scrubFixture(server, "postgresql", database, rules), ScrubError);
    assertMatch(message, /log\.v holds values that rules remove elsewhere: 1 row/);
  });
}
