/** What functions and statements of other people's could keep: the run's key, and what a table held when an index was made. @module */

import { assertEquals } from "@std/assert";
import { email, keep, lorem } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../../scrub/scrub_fixture.ts";

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));

const database = "app_production";
const create = `CREATE TABLE users (id bigserial PRIMARY KEY, address text);
  INSERT INTO users (address) VALUES ('zmark-1@x.example'), ('zmark-2@x.example');
  CREATE TABLE visits (id bigserial PRIMARY KEY, note text);
  INSERT INTO visits (note) SELECT repeat('long ', 200) FROM generate_series(1, 400);
  CREATE TABLE lines (id bigserial PRIMARY KEY, line text);
  CREATE FUNCTION key_of(bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE
    AS $$BEGIN RETURN coalesce(current_setting('datascrubber.key', true), '') || ' of ' || $1 % 2; END$$;
  CREATE FUNCTION held(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT max(address) FROM public.users';
  CREATE MATERIALIZED VIEW keys AS SELECT current_setting('datascrubber.key', true) AS key;
  CREATE EXTENSION pg_trgm; CREATE TYPE names AS RANGE (subtype = text); CREATE TABLE emptied (word names);
  CREATE INDEX bounds ON emptied USING gist (word); INSERT INTO emptied VALUES (names('zmark', 'zmarks')); DELETE FROM emptied;
  ALTER EXTENSION pg_trgm ADD TABLE emptied;
  CREATE INDEX keyed ON visits (key_of(id)); CREATE INDEX holding ON visits (held(id)) INCLUDE (id)`;

Deno.test("what an application's functions read during a scrub is neither the run's key nor in an index afterwards", async (t) => {
  await createTestDatabase(server, "postgresql", database, create);
  await server.run("VACUUM emptied", database);
  const rules = scrubberOf("postgresql", {
    users: { columns: { address: email() } },
    visits: { columns: { note: lorem() } },
    lines: { columns: { line: keep("lines") } },
  });
  const after = ["INSERT INTO lines (line) SELECT coalesce(current_setting('datascrubber.key', true), '')"];
  await scrubFixture(server, "postgresql", database, {
    ...rules,
    define: (live) => ({ ...rules.define(live), after }),
  });
  const read = (statement: string) => server.run(statement, database);
  const [view] = await read("SELECT coalesce(key, '') AS key FROM keys");
  await t.step("no materialised view has the key", () => assertEquals(view, { key: "" }));
  const lines = await read("SELECT line FROM lines");
  await t.step("no statement behind the scrub reads it", () => assertEquals(lines, [{ line: "" }]));
  const [sampled] = await read("SELECT most_common_vals::text AS held FROM pg_stats WHERE tablename = 'keyed'");
  await t.step("no sample has it", () => assertEquals(sampled, { held: '{" of 0"," of 1"}' }));
  await server.run("CHECKPOINT");
  const wordsIn = async (index: string) => {
    const [file] = await read(`SELECT pg_relation_filepath('${index}') AS path`);
    const bytes = new TextDecoder("latin1").decode(await Deno.readFile(`${server.dataDir}/${file?.["path"]}`));
    return ["zmark", "user-"].filter((word) => bytes.includes(word));
  };
  const found = await wordsIn("holding");
  await t.step("an index holds the new value of another table", () => assertEquals(found, ["user-"]));
  const left = await wordsIn("bounds");
  await t.step("that of an extension's table without rows holds nothing", () => assertEquals(left, []));
});
