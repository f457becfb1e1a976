/** What a table's change cannot be made of, on real servers. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { freeText, replacing } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, engineNames, planFixture, refusalOf, scrubberOf, serverOf } from "../scrub_fixture.ts";

for (const engine of engineNames) {
  Deno.test(`${engine}: two columns whose new values are parts of each other are refused`, async () => {
    const server = await serverOf(engine);
    try {
      await createTestDatabase(
        server,
        engine,
        "mutual",
        "CREATE TABLE t (id integer PRIMARY KEY, a varchar(99), b varchar(99))",
      );
      const rules = { t: { columns: { a: freeText("b"), b: replacing("a") } } };
      const error = await refusalOf(planFixture(server, engine, "mutual", scrubberOf(engine, rules)));
      assertEquals(error?.code, "rules");
      assertMatch(error?.message ?? "", /^Cannot plan t: the new values of a and b and a are parts of each other$/);
    } finally {
      await server.stop("now");
    }
  });
}
