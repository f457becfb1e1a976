/** An index may have lost rows (PostgreSQL 14.4's release notes): what a run reads of a table, it reads in the table. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { type Definition, onlyIn, type Scrubber, sql } from "../../../lib/scrub/rules/definition.ts";
import { email, keep, opaque, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));

/** Rows wide enough for the server to read an index alone where it can. */
const wide = "repeat('x', 900) FROM generate_series(1, 4000) AS n";

/** Makes a database with a row in the table that its index does not have. */
async function databaseWithout(name: string, make: string, index: string, row: string): Promise<void> {
  await createTestDatabase(server, "postgresql", name, make);
  const write = (ready: boolean) => `UPDATE pg_index SET indisready = ${ready} WHERE indexrelid = '${index}'::regclass`;
  await server.run(`${write(false)}; COMMIT; ${row}; ${write(true)}`, name);
  await server.run("VACUUM ANALYZE", name);
}

interface Refusal {
  readonly what: string;
  readonly make: string;
  readonly index: string;
  readonly row: string;
  readonly tables: Definition["tables"];
  readonly more?: Omit<Definition, "tables">;
  readonly told: string;
}

const refusals: readonly Refusal[] = [
  {
    what: "a telephone number in a counter",
    make:
      `CREATE TABLE counts (id bigserial PRIMARY KEY, n int NOT NULL DEFAULT 0, pad text); CREATE INDEX counted ON counts (n);
      INSERT INTO counts (n, pad) SELECT n % 5, ${wide}`,
    index: "counted",
    row: "INSERT INTO counts VALUES (9000, 2079460123, '')",
    tables: { counts: { columns: { pad: setNull() } } },
    told: "counts.n integer (a counter): 1 row holds a number of eight or more digits",
  },
  {
    what: "a value that no rule knows",
    make: `CREATE TABLE papers (id bigserial PRIMARY KEY, kind text, pad text); CREATE INDEX kinds ON papers (kind);
      INSERT INTO papers (kind, pad) SELECT 'Open', ${wide}`,
    index: "kinds",
    row: "INSERT INTO papers VALUES (9000, 'Secret', '')",
    tables: { papers: { columns: { kind: keep("open ones"), pad: setNull() } } },
    more: { selections: {}, knownValues: [{ table: "papers", column: "kind", values: ["Open"] }] },
    told: "papers.kind has 1 row with values that no rule knows",
  },
  {
    what: "a removed address that another column repeats",
    make: `CREATE TABLE people (id bigserial PRIMARY KEY, mail text, pad text); CREATE INDEX mails ON people (mail);
      INSERT INTO people (mail, pad) SELECT 'u' || n || '@mail.example', ${wide};
      CREATE TABLE log (id bigserial PRIMARY KEY, line text); INSERT INTO log (line) VALUES ('ann@mail.example')`,
    index: "mails",
    row: "INSERT INTO people VALUES (9000, 'ann@mail.example', '')",
    tables: { people: { columns: { mail: email(), pad: keep("x") } }, log: { columns: { line: keep("lines") } } },
    told: "log.line holds values that rules remove elsewhere: 1 row",
  },
];

for (const [at, { what, make, index, row, tables, more, told }] of refusals.entries()) {
  Deno.test(`postgresql: an index that lost its row does not hide ${what}`, async () => {
    await databaseWithout(`hidden_${at}`, make, index, row);
    const scrubber: Scrubber = {
      ...scrubberOf("postgresql", tables),
      define: () => ({ selections: {}, ...more, tables }),
    };
    await assertRejects(() => scrubFixture(server, "postgresql", `hidden_${at}`, scrubber), ScrubError, told);
  });
}

Deno.test("postgresql: rows of a selection that their key's index has lost are updated and deleted in place", async () => {
  await databaseWithout(
    "in_place",
    `CREATE TABLE people (id bigserial PRIMARY KEY, gone boolean, token text, pad text); CREATE VIEW tokens AS SELECT token FROM people;
      INSERT INTO people (gone, token, pad) SELECT n < 3, md5(n::text), ${wide}`,
    "people_pkey",
    "INSERT INTO people VALUES (9000, false, md5('ann'), 'odd'), (9001, true, 'old', '')",
  );
  const selections = { odd: { of: "people", where: sql`pad = 'odd'` }, gone: { of: "people", where: sql`gone` } };
  const rule = { deleteRows: "gone", columns: { token: onlyIn("odd", opaque(), { restPublic: "on the site" }) } };
  await scrubFixture(server, "postgresql", "in_place", scrubberOf("postgresql", { people: rule }, selections));
  const rows = await server.run(
    "SELECT count(*) FILTER (WHERE token = md5('ann'))::int AS kept, count(*) FILTER (WHERE gone)::int AS gone FROM people",
    "in_place",
  );
  assertEquals(rows, [{ kept: 0, gone: 0 }]);
});
