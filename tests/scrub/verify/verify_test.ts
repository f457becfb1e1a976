/** What verification finds in a database that is not what the scrub left. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { column, type Definition, type Expect, sql } from "../../../lib/scrub/rules/definition.ts";
import { email, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { verify } from "../../../lib/scrub/verify/verify.ts";
import {
  createTestDatabase,
  engineNames,
  scrubberOf,
  scrubFixture,
  serverOf,
  silent,
  testDatabase,
  workspaceWith,
} from "../scrub_fixture.ts";

const create = [
  "CREATE TABLE people (id integer PRIMARY KEY, address varchar(255), note varchar(255))",
  "CREATE TABLE mails (id integer PRIMARY KEY, person integer, CONSTRAINT mails_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE)",
  "INSERT INTO people VALUES (1, 'zmark-1@x.example', 'zmark'), (2, 'zmark-2@x.example', NULL), (3, NULL, NULL)",
  "INSERT INTO mails VALUES (10, 1), (20, 2), (30, NULL)",
].join("; ");

const selections: Definition["selections"] = {
  old: { of: "people", where: sql`${column("id")} = 1` },
  second: { of: "people", where: sql`${column("id")} = 2` },
};

function tables(expect: Expect = {}): Definition["tables"] {
  return {
    people: { deleteRows: "old", columns: { address: email(), note: { ...setNull(), only: "second" } }, expect },
  };
}

interface Finding {
  readonly what: string;
  /** What happens between scrub and verification. */
  readonly meddle?: string;
  readonly expect?: Parameters<typeof tables>[0];
  /** The finding; absent: there is none. */
  readonly why?: RegExp;
}

const findings: readonly Finding[] = [
  {
    what: "nothing where nothing is amiss",
    expect: {
      changed: { minimum: 2, maximum: 2 },
      gone: { minimum: 1, maximum: 1 },
      left: { minimum: 2, maximum: 2 },
      goneShare: 0.34,
    },
  },
  {
    what: "evidence that fails",
    meddle: "UPDATE people SET address = 'zmark@x.example' WHERE id > 1",
    why: /: people\.address does not look like email: 2 rows$/,
  },
  {
    what: "evidence that fails in the rows of a selection",
    meddle: "UPDATE people SET note = 'zmark' WHERE id = 2",
    why: /: people\.note does not look like setNull: 1 row$/,
  },
  { what: "nothing in the rows outside of a selection", meddle: "UPDATE people SET note = 'zmark' WHERE id = 3" },
  {
    what: "a row that was to go",
    meddle: "INSERT INTO people VALUES (1, NULL, NULL)",
    why: /: people still has rows that were to be deleted: 1 row\n.*: people has 3 rows, not 2$/,
  },
  {
    what: "a row that was to go with it",
    meddle: "INSERT INTO mails VALUES (10, NULL)",
    why: /: mails still has rows that were to be deleted: 1 row\n.*: mails has 3 rows, not 2$/,
  },
  {
    what: "an orphan",
    meddle: "$triggersOff INSERT INTO mails VALUES (40, 99), (41, 98)",
    why: /: mails has 2 orphans by the foreign key "mails_person"$/,
  },
  {
    what: "a row that was to stay",
    meddle: "DELETE FROM mails WHERE id = 20",
    why: /: mails has 1 row, not 2$/,
  },
  ...([
    ["changed", "change"],
    ["gone", "lose"],
    ["left", "keep"],
  ] as const).flatMap(([what, verb]): Finding[] => {
    const rows = what === "gone" ? 1 : 2;
    return [
      {
        what: `fewer rows ${what} than were expected`,
        expect: { [what]: { minimum: rows + 1 } },
        why: new RegExp(`: people was expected to ${verb} at least ${rows + 1} rows, but it was ${rows} rows$`),
      },
      {
        what: `more rows ${what} than were expected`,
        expect: { [what]: { maximum: rows - 1 } },
        why: new RegExp(`: people was expected to ${verb} at most ${rows - 1} rows, but it was ${rows} rows$`),
      },
    ];
  }),
  {
    what: "a greater share gone than was expected to go",
    expect: { goneShare: 0.33 },
    why: /: people was expected to lose at most 33 % of its rows, but it was 1 rows$/,
  },
  {
    what: "several at once",
    meddle: "INSERT INTO people VALUES (1, 'zmark', NULL)",
    why:
      /address does not look like email: 1 row\n.* rows that were to be deleted: 1 row\n.*: people has 3 rows, not 2$/,
  },
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  const triggersOff = engine === "mysql" ? "SET foreign_key_checks = 0;" : "SET session_replication_role = replica;";

  for (const [at, { what, meddle, expect, why }] of findings.entries()) {
    Deno.test(`${engine}: verification finds ${what}`, async () => {
      const database = `case_${at}`;
      await createTestDatabase(server, engine, database, create);
      const scrub = () =>
        scrubFixture(server, engine, database, scrubberOf(engine, tables(expect), selections), {
          meddle: async () => void (meddle && await server.run(meddle.replace("$triggersOff", triggersOff), database)),
        });
      if (!why) {
        assert((await scrub()).proof.digest.length === 64);
        return;
      }
      const error = await assertRejects(scrub, ScrubError);
      assertEquals(error.code, "verification");
      assertMatch(error.message, why);
      assert(!error.message.includes("zmark"), "the finding quotes a value");
    });
  }

  Deno.test(`${engine}: verification finds a database that appeared meanwhile`, async () => {
    await createTestDatabase(server, engine, "late", create);
    await scrubFixture(server, engine, "late", scrubberOf(engine, tables(), selections), {
      verified: async (scrubbed) => {
        const found = (name: string, empty: boolean) => ({ ...testDatabase(name), empty });
        const workspace = {
          ...workspaceWith("late"),
          refusedObjects: () => Promise.resolve([]),
          letThrough: ["kept"],
          databases: () =>
            Promise.resolve([found("late", false), found("kept", false), found("new", false), found("none", true)]),
        };
        const error = await assertRejects(() => verify(workspace, [scrubbed], silent), ScrubError);
        assertStringIncludes(error.message, 'database "new" was not scrubbed');
        assertMatch(error.message, /: database "new" [^;]*$/);
      },
    });
  });

  Deno.test(`${engine}: verification finds a database that nobody can look into, and what an empty one holds all the same`, async () => {
    await createTestDatabase(server, engine, "hiding", create);
    const telling = { kind: "comment", name: "schema public", text: "sensitive" } as const;
    const jobs = { kind: "table of an extension", name: "cron.job", text: "none" } as const;
    const plain = { kind: "comment", name: "database", text: "plain" } as const;
    const empty = { ...testDatabase("postgres"), empty: true, maintenance: true };
    const cases = [
      {
        also: { ...testDatabase("closed"), connectable: false },
        why: /"closed" was not scrubbed and is not empty: the master user cannot connect/,
      },
      {
        also: { ...empty, objects: [telling] },
        why: /"postgres" was not scrubbed and is not empty: comment schema public/,
      },
      { also: { ...empty, objects: [jobs], clearable: [jobs] }, why: /"postgres" .* extension cron\.job/ },
      { also: { ...empty, objects: [plain] }, why: undefined },
    ];
    await scrubFixture(server, engine, "hiding", scrubberOf(engine, tables(), selections), {
      verified: async (scrubbed) => {
        for (const { also, why } of cases) {
          const databases = () => Promise.resolve([testDatabase("hiding"), also]);
          const proof = () => verify({ ...workspaceWith("hiding"), databases }, [scrubbed], silent);
          if (why) assertMatch((await assertRejects(proof, ScrubError)).message, why);
          else await proof();
        }
      },
    });
  });

  Deno.test(`${engine}: a proof is good for its workspace alone, and its digest tells what was proven`, async () => {
    await createTestDatabase(server, engine, "proven", create);
    const { proof } = await scrubFixture(server, engine, "proven", scrubberOf(engine, tables(), selections));
    proof.check("db-TEST");
    assertThrows(() => proof.check("db-OTHER"), TypeError, "made for db-TEST");
    const [proven] = proof.databases;
    assertEquals([proven?.database, proven?.predicates, proven?.foreignKeys], ["proven", 4, 1]);
  });
}
