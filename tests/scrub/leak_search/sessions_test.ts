/** The leak search on real servers, by several sessions: more tables than one statement reads. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { findingsOf } from "../../../lib/scrub/leak_search/leaks.ts";
import { prepareLeakSearch } from "../../../lib/scrub/leak_search/leak_search.ts";
import { email } from "../../../lib/scrub/rules/strategies.ts";
import type { TableRule } from "../../../lib/scrub/rules/definition.ts";
import {
  createTestDatabase,
  engineNames,
  leakOptions,
  planFixture,
  scrubberOf,
  scrubFixture,
  serverOf,
  silent,
} from "../scrub_fixture.ts";

/** Of each kind of table: a statement reads twenty. */
const tables = 45;
const numbers = Array.from({ length: tables }, (_, at) => at);

/** Each address goes from one table; those of some are in kept text, too, each in another one. */
function statements(echoes: readonly number[]): string {
  return numbers.flatMap((at) => [
    `CREATE TABLE people_${at} (id integer PRIMARY KEY, mail varchar(100))`,
    `INSERT INTO people_${at} VALUES (1, 'person.${at}@residents.example.net')`,
    `CREATE TABLE notes_${at} (id integer PRIMARY KEY, v varchar(100))`,
    `INSERT INTO notes_${at} VALUES (1, '${
      echoes.includes(at) ? `wrote to Person.${tables - 1 - at}@residents.example.net` : "wrote to nobody"
    }')`,
  ]).join("; ");
}

const rules: Readonly<Record<string, TableRule>> = Object.fromEntries(
  numbers.map((at) => [`people_${at}`, { columns: { mail: email() } }]),
);

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  Deno.test(`${engine}: by several sessions, values that go from many tables are found in many others`, async () => {
    await createTestDatabase(server, engine, "echoing", statements([0, 21, 44]));
    await using opened = await planFixture(server, engine, "echoing", scrubberOf(engine, rules), { concurrency: 3 });
    const { message } = await assertRejects(
      () => prepareLeakSearch([opened.planned], [], leakOptions(), silent),
      ScrubError,
    );
    assertEquals(message.match(/notes_\d+\.v/g)?.toSorted(), ["notes_0.v", "notes_21.v", "notes_44.v"]);
  });

  Deno.test(`${engine}: by several sessions, every finding of a verification is told, in the order of one session`, async () => {
    const findings = await Promise.all([1, 3].map(async (concurrency) => {
      const database = `leaking_${concurrency}`;
      await createTestDatabase(server, engine, database, statements([]));
      const meddle = () =>
        server.run(
          `UPDATE people_44 SET mail = 'person.0@residents.example.net';
            UPDATE notes_44 SET v = 'now person.3@residents.example.net';
            CREATE TABLE added (id integer PRIMARY KEY);
            CREATE VIEW v AS SELECT 'person.1@residents.example.net' AS mail`,
          database,
        ).then(() => {});
      const { message } = await assertRejects(
        () => scrubFixture(server, engine, database, scrubberOf(engine, rules), { concurrency, meddle }),
        ScrubError,
      );
      return message.replaceAll(database, "leaking");
    }));
    assertEquals(findings[1], findings[0]);
    for (const found of ["people_44", "notes_44", "added was", "that rules remove from rows"]) {
      assertEquals(findings[0]?.includes(found), true, `${found} in ${findings[0]}`);
    }
  });

  Deno.test(`${engine}: by several sessions, as much is searched as by one`, async () => {
    const found = await Promise.all([1, 3].map(async (concurrency) => {
      const database = `clean_${concurrency}`;
      await createTestDatabase(server, engine, database, statements([]));
      const { scrubbed } = await scrubFixture(server, engine, database, scrubberOf(engine, rules), { concurrency });
      return findingsOf(scrubbed, []);
    }));
    assertEquals(found[1], found[0]);
    assertEquals(found[0]?.fingerprints, tables);
  });
}
