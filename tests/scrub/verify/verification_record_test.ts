/** What is verified once more where scratch is gone: the evidence of rules for some rows, too. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { column, sql } from "../../../lib/scrub/rules/definition.ts";
import { setNull } from "../../../lib/scrub/rules/strategies.ts";
import { captureVerification, verifyAgain } from "../../../lib/scrub/verify/verification_record.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  scrubFixture,
  serverOf,
  silent,
  targetOf,
  testKey,
  workspaceWith,
} from "../scrub_fixture.ts";

const create = [
  "CREATE TABLE people (id integer PRIMARY KEY, note varchar(255))",
  "CREATE TABLE places (street varchar(40), house integer, note varchar(255), PRIMARY KEY (street, house))",
  "INSERT INTO people VALUES (1, 'zmark'), (2, 'zmark'), (3, 'free')",
  "INSERT INTO places VALUES ('High Street', 7, 'zmark'), ('High Street', 8, 'open'), ('Straße 7', 8, 'zmark')",
].join("; ");

const selections = {
  chosen: { of: "people", where: sql`${column("id")} = 2` },
  open: { of: "places", where: sql`${column("note")} = 'open'` },
};

const tables = {
  people: { columns: { note: { ...setNull(), only: "chosen" } } },
  places: { columns: { note: { ...setNull(), except: "open" } } },
};

const cases = [
  { what: "nothing where nothing is amiss" },
  {
    what: "evidence that fails in the rows that a rule is for",
    meddle: "UPDATE people SET note = 'zmark' WHERE id = 2",
    why: /: people\.note does not look like setNull: 1 row$/,
  },
  { what: "nothing in the other rows", meddle: "UPDATE people SET note = 'zmark' WHERE id = 3" },
  {
    what: "evidence that fails in rows that are not excepted, by a key of two columns",
    meddle: "UPDATE places SET note = 'zmark' WHERE street LIKE 'Stra%'",
    why: /: places\.note does not look like setNull: 1 row$/,
  },
  { what: "nothing in an excepted row", meddle: "UPDATE places SET note = 'other' WHERE note = 'open'" },
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  const { open } = engineNamed(engine);

  for (const [at, { what, meddle, why }] of cases.entries()) {
    Deno.test(`${engine}: without scratch, verification finds ${what}`, async () => {
      const database = `again_${at}`;
      await createTestDatabase(server, engine, database, create);
      await scrubFixture(server, engine, database, scrubberOf(engine, tables, selections), {
        verified: async (scrubbed) => {
          const record = await captureVerification(scrubbed, silent);
          if (meddle) await server.run(meddle, database);
          await using session = await open(targetOf(server, database), testKey(), never);
          const again = () => verifyAgain(workspaceWith(database), [record], () => Promise.resolve(session), silent);
          if (!why) {
            assertEquals((await again()).databases[0]?.predicates, 2);
            return;
          }
          const { message } = await assertRejects(again, ScrubError);
          assertMatch(message, why);
        },
      });
    });
  }
}
