/** Pseudonyms across databases and engines: one key, one pseudonym; another key, another one. @module */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { ColumnRule, EngineName } from "../../../lib/scrub/rules/definition.ts";
import { email, opaque, template } from "../../../lib/scrub/rules/strategies.ts";
import { quoteText } from "../../fixtures/database.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf, testKey } from "../scrub_fixture.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

const values = [
  "Alice@x.example",
  "alice@X.example",
  "a'b\\c%_+tag@x.example",
  "5eedda7a-1111-4222-8333-444455556666",
  "zoë@x.example",
  "😀",
];
const rules: Readonly<Record<string, ColumnRule>> = {
  address: email(),
  token: opaque(),
  name: template("Person {hash}"),
  exact: email(),
};

/** The rows of a fresh database after its scrub. */
async function scrubbed(engine: EngineName, database: string, seed = 1): Promise<readonly (readonly string[])[]> {
  const server = servers[engine];
  const exact = engine === "mysql" ? "varchar(255) COLLATE utf8mb4_bin UNIQUE" : "varchar(255) UNIQUE";
  const rows = values.map((value, at) => `(${[String(at), ...Array(4).fill(quoteText(engine, value))].join(", ")})`);
  await createTestDatabase(
    server,
    engine,
    database,
    `CREATE TABLE people (id integer PRIMARY KEY, address varchar(255), token text, name varchar(100), exact ${exact});
    INSERT INTO people VALUES ${rows.join(", ")}`,
  );
  await scrubFixture(server, engine, database, scrubberOf(engine, { people: { columns: rules } }), {
    key: testKey(seed),
  });
  const found = await server.run("SELECT address, token, name, exact FROM people ORDER BY id", database);
  return found.map((row) => Object.values(row).map(String));
}

const first = await scrubbed("postgresql", "first");

Deno.test("two databases of one server have the same pseudonyms", async () => {
  assertEquals(await scrubbed("postgresql", "second"), first);
});

Deno.test("PostgreSQL and MySQL have the same pseudonyms", async () => {
  assertEquals(await scrubbed("mysql", "first"), first);
});

Deno.test("another key makes other pseudonyms, on both engines the same", async () => {
  const other = await scrubbed("postgresql", "other_key", 2);
  const all = first.flat();
  assertEquals(other.flat().filter((value) => all.includes(value)), []);
  assertEquals(await scrubbed("mysql", "other_key", 2), other);
});

Deno.test("spellings of one address share a pseudonym, but where a unique key tells them apart", () => {
  const [upper, lower] = first;
  assert(upper !== undefined && lower !== undefined);
  assertEquals([upper[0], upper[2]], [lower[0], lower[2]]);
  assertNotEquals(upper[3], lower[3]);
});

Deno.test("other values have other pseudonyms", () => {
  assertEquals(new Set(first.map(([address]) => address)).size, values.length - 1);
});
