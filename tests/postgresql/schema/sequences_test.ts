/** Which sequences may hold a person's number for good, on a real server. @module */

import { assertEquals } from "@std/assert";
import { suspectSequences } from "../../../lib/postgresql/schema/sequences.ts";
import { postgresql } from "../../../lib/postgresql/mod.ts";
import { createTestDatabase, never, serverOf, targetOf, testKey } from "../../scrub/scrub_fixture.ts";

/** `$` is the sequence. */
const harmless: Readonly<Record<string, string>> = {
  "one that nothing was changed of": "CREATE SEQUENCE $",
  "one that counts down": "CREATE SEQUENCE $ INCREMENT -1",
  "a small one with bounds": "CREATE SEQUENCE $ AS smallint MINVALUE 5 MAXVALUE 9 CYCLE",
  "one that begins with a round number": "CREATE SEQUENCE $ MINVALUE 1000000000 START 1000000001 MAXVALUE 9999999999",
  "an unused one at a short number": "CREATE SEQUENCE $; SELECT setval('$', 9999999)",
  "a used one at a long number":
    "CREATE SEQUENCE $; CREATE TABLE $_of (id bigint DEFAULT nextval('$')); SELECT setval('$', 447700900124)",
  "an identity's at a long number":
    "CREATE TABLE $_of (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME $)); SELECT setval('$', 447700900124)",
};

const suspect: Readonly<Record<string, string>> = {
  "an unused one at a telephone number": "CREATE SEQUENCE $; SELECT setval('$', 447700900124)",
  "an unused one that has not given its telephone number": "CREATE SEQUENCE $; SELECT setval('$', 447700900124, false)",
  "one that numbers text":
    "CREATE SEQUENCE $; CREATE TABLE $_of (id text DEFAULT 'n' || nextval('$')); SELECT setval('$', 19700131)",
  "one that only a view's column has as its default":
    "CREATE SEQUENCE $; CREATE VIEW $_of AS SELECT 1::bigint AS id; ALTER VIEW $_of ALTER id SET DEFAULT nextval('$'); SELECT setval('$', 447700900124)",
  "one that only a table of an extension uses":
    `CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE SEQUENCE $; CREATE TABLE $_of (id bigint DEFAULT nextval('$'));
      ALTER EXTENSION pg_trgm ADD TABLE $_of; SELECT setval('$', 447700900124)`,
  "one that begins with a telephone number": "CREATE SEQUENCE $ START 447700900124",
  "one whose least number is one": "CREATE SEQUENCE $ MINVALUE -447700900124",
  "one whose greatest number is one": "CREATE SEQUENCE $ MAXVALUE 447700900124",
  "one that counts by it": "CREATE SEQUENCE $ INCREMENT 447700900124",
  "one that caches so many": "CREATE SEQUENCE $ CACHE 447700900124",
  "a used one whose greatest number is one":
    "CREATE SEQUENCE $; CREATE TABLE $_of (id bigint DEFAULT nextval('$')); ALTER SEQUENCE $ MAXVALUE 447700900124",
};

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));
const all = [...Object.entries(harmless), ...Object.entries(suspect)].map(([what, make], at) => ({
  what,
  name: `case_${at}`,
  statements: make.replaceAll("$", `case_${at}`),
}));
await createTestDatabase(server, "postgresql", "numbered", all.map(({ statements }) => statements).join("; "));
const session = await postgresql.open(targetOf(server, "numbered"), testKey(), never);
await postgresql.prepare(session);
const found = (await suspectSequences(session)).map(({ name }) => name);
await session[Symbol.asyncDispose]();

for (const { what, name } of all) {
  Deno.test(`a sequence: ${what}: ${what in suspect ? "refused" : "passes"}`, () => {
    assertEquals(found.includes(`public.${name}`), what in suspect);
  });
}
