/** What becomes something else while a database is scrubbed, by a session of the application's that is still there. @module */

import { assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { keep, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

const people = `CREATE TABLE people (id bigserial PRIMARY KEY, name text); INSERT INTO people (name) VALUES ('zmark')`;
const events = `CREATE TABLE events (id bigserial, at date, name text) PARTITION BY RANGE (at);
  CREATE TABLE part PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE letters (id bigserial, at date, name text) PARTITION BY RANGE (at);
  INSERT INTO events (at, name) VALUES ('2026-05-05', 'zmark')`;

const cases: readonly (readonly [what: string, make: string, meanwhile: string, told: string])[] = [
  [
    "a partition that is detached",
    events,
    "ALTER TABLE events DETACH PARTITION part",
    "part was never looked at as a table: it was a partition",
  ],
  [
    "a partition that moves to another table",
    events,
    `ALTER TABLE events DETACH PARTITION part; ALTER TABLE letters ATTACH PARTITION part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
    "part was never looked at as a part of letters",
  ],
  [
    "a table in the place of a foreign one",
    `RESET ROLE; CREATE FOREIGN DATA WRAPPER far; CREATE SERVER one FOREIGN DATA WRAPPER far;
      GRANT USAGE ON FOREIGN SERVER one TO application; ALTER SERVER one OWNER TO application; SET ROLE application;
      ${people}; CREATE FOREIGN TABLE others (name text) SERVER one`,
    "DROP FOREIGN TABLE others; CREATE TABLE others AS SELECT name FROM people",
    "others was never looked at as a table: it was a foreign",
  ],
  [
    "a column that the server computes no more",
    `${people}; CREATE TABLE acts (id bigserial PRIMARY KEY, label text GENERATED ALWAYS AS (upper(id::text)) STORED);
      INSERT INTO acts DEFAULT VALUES`,
    "ALTER TABLE acts ALTER label DROP EXPRESSION; UPDATE acts SET label = (SELECT name FROM people)",
    "acts.label was never looked at",
  ],
];

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));
for (const [at, [what, make, meanwhile, told]] of cases.entries()) {
  Deno.test(`postgresql: verification finds ${what} during the scrub`, async () => {
    const database = `meanwhile_${at}`;
    await createTestDatabase(server, "postgresql", database, make);
    const optional = true as const;
    const scrubber = scrubberOf("postgresql", {
      people: { optional, columns: { name: setNull() } },
      events: { optional, columns: { name: setNull() } },
      letters: { optional, columns: { name: keep("shown on the site") } },
    });
    const beforeScrub = async () => void await server.run(`SET ROLE application; ${meanwhile}`, database);
    await assertRejects(
      () => scrubFixture(server, "postgresql", database, scrubber, { beforeScrub }),
      ScrubError,
      told,
    );
  });
}
