/** Materialised views are filled again from scrubbed rows, each behind those that it reads. @module */

import { assertEquals } from "@std/assert";
import { constant } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

Deno.test("postgresql: a materialised view is filled behind one that it reads and whose name comes later", async () => {
  await using server = await serverOf("postgresql");
  await createTestDatabase(
    server,
    "postgresql",
    "views",
    `CREATE TABLE people (id bigserial PRIMARY KEY, name text); INSERT INTO people (name) VALUES ('Ann');
      CREATE MATERIALIZED VIEW names AS SELECT name FROM people; CREATE MATERIALIZED VIEW "All" AS SELECT name FROM names`,
  );
  const rules = { people: { columns: { name: constant("someone") } } };
  await scrubFixture(server, "postgresql", "views", scrubberOf("postgresql", rules));
  assertEquals(await server.run('SELECT * FROM "All"', "views"), [{ name: "someone" }]);
});
