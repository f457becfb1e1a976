/** Unique columns of tables whose rows the server has not counted yet, on a real server. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { phone } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, planFixture, refusalOf, scrubberOf, serverOf } from "../scrub_fixture.ts";

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));

for (const rows of [300, 3]) {
  const refused = rows === 300;
  Deno.test(`${rows} telephone numbers under a deferrable unique key ${refused ? "stop" : "pass"} before the first change`, async () => {
    const database = `phones_${rows}`;
    await createTestDatabase(
      server,
      "postgresql",
      database,
      `CREATE TABLE t (id integer PRIMARY KEY, phone text, CONSTRAINT once UNIQUE (phone) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO t SELECT n, '+4479111' || 23000 + n FROM generate_series(1, ${rows}) AS n`,
    );
    const scrubber = scrubberOf("postgresql", { t: { columns: { phone: phone() } } });
    const error = await refusalOf(planFixture(server, "postgresql", database, scrubber));
    assertEquals(error?.code, refused ? "rules" : undefined);
    if (refused) {
      assertMatch(
        error?.message ?? "",
        /t\.phone: phone does not fit: "once" forbids equal values: among about 300 rows/,
      );
    }
  });
}
