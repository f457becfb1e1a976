/** Rules for all rows but those of a selection, on both engines and by every shape of a table's change. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { countRows } from "../../../lib/scrub/execute/execute.ts";
import { exceptIn, onlyIn, sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { constant, email, keep, lorem, setNull } from "../../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNames,
  planFixture,
  refusalOf,
  scrubberOf,
  scrubFixture,
  serverOf,
} from "../scrub_fixture.ts";

const rows = `(1, 'ada@mail.example', 'note of Ada', 1), (2, 'staff@ours.example', 'note of staff', 1),
  (3, 'bob@mail.example', 'note of Bob', 2), (4, NULL, NULL, 1)`;
const table = "CREATE TABLE people (id integer PRIMARY KEY, mail varchar(100), note varchar(100), kind integer)";
const insert = `INSERT INTO people VALUES ${rows}`;

/** What keeps each engine from its usual shape. */
const shapes: Readonly<Record<EngineName, readonly (readonly [shape: string, more: string])[]>> = {
  postgresql: [
    ["rewrite", ""],
    ["update", "CREATE VIEW mails AS SELECT mail FROM people"],
  ],
  mysql: [
    ["copy-swap", ""],
    [
      "update",
      "CREATE USER gone@localhost; CREATE DEFINER=gone@localhost TRIGGER x BEFORE INSERT ON people FOR EACH ROW SET NEW.id = NEW.id; " +
      "DROP USER gone@localhost",
    ],
  ],
};

const selections = {
  staff: { of: "people", where: sql`mail LIKE '%@ours.example'` },
  second: { of: "people", where: sql`kind = 2` },
  none: { of: "people", where: sql`id < 0` },
  gone: { of: "missing", where: sql`id < 0`, optional: true as const },
};

const cases: readonly {
  readonly what: string;
  readonly rule: TableRule;
  /** Ids of the rows that keep their address, and their note. */
  readonly mails: readonly number[];
  readonly notes: readonly number[];
  readonly changed: number;
}[] = [
  {
    what: "one column",
    rule: { columns: { mail: exceptIn("staff", email()) } },
    mails: [2, 4],
    notes: [1, 2, 3, 4],
    changed: 3,
  },
  {
    what: "two columns for the same rows",
    rule: { columns: { mail: exceptIn("staff", email()), note: exceptIn("staff", constant("x")) } },
    mails: [2, 4],
    notes: [2, 4],
    changed: 3,
  },
  {
    what: "beside a column of all rows",
    rule: { columns: { mail: exceptIn("staff", email()), note: setNull() } },
    mails: [2, 4],
    notes: [4],
    changed: 4,
  },
  {
    what: "beside a column of some rows",
    rule: { columns: { mail: exceptIn("staff", email()), note: onlyIn("second", constant("x")) } },
    mails: [2, 4],
    notes: [1, 2, 4],
    changed: 3,
  },
  {
    what: "where no row is selected",
    rule: { columns: { mail: exceptIn("none", email()) } },
    mails: [4],
    notes: [1, 2, 3, 4],
    changed: 4,
  },
  {
    what: "where the selection's table is missing",
    rule: { columns: { mail: exceptIn("gone", email()) } },
    mails: [4],
    notes: [1, 2, 3, 4],
    changed: 4,
  },
  {
    what: "of a table that loses rows",
    rule: { deleteRows: "second", columns: { mail: exceptIn("staff", email()) } },
    mails: [2, 4],
    notes: [1, 2, 4],
    changed: 2,
  },
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  let made = 0;

  for (const [shape, more] of shapes[engine]) {
    for (const { what, rule, mails, notes, changed } of cases) {
      Deno.test(`${engine}, ${shape}: except leaves the selected rows alone: ${what}`, async () => {
        const database = `except_${made++}`;
        await createTestDatabase(server, engine, database, [table, insert, more].filter(Boolean).join("; "));
        const { scrubbed } = await scrubFixture(
          server,
          engine,
          database,
          scrubberOf(engine, { people: rule }, selections),
          { concurrency: 1 },
        );
        const executed = scrubbed.executed.find(({ plan }) => plan.table.id === "people");
        assert(executed);
        assertEquals(executed.plan.shape, shape);
        const left = await server.run("SELECT id, mail, note FROM people ORDER BY id", database);
        const before = new Map([...rows.matchAll(/\((\d), (?:'([^']*)'|NULL), (?:'([^']*)'|NULL)/g)].map(
          ([, id, mail, note]) => [Number(id), { mail: mail ?? null, note: note ?? null }] as const,
        ));
        const kept = (column: "mail" | "note") =>
          left.filter((row) => row[column] === before.get(Number(row["id"]))?.[column]).map(({ id }) => Number(id));
        assertEquals(kept("mail"), mails);
        assertEquals(kept("note"), notes);
        // Of the copy that leaves out NULLs nobody counts which values were the same.
        const counted = countRows(executed, left.length).changed;
        assertEquals(counted, engine === "mysql" && shape === "update" ? counted : changed);
      });
    }
  }

  Deno.test(`${engine}: verification finds a row that is not as its rule says, and leaves excepted ones alone`, async () => {
    const database = `except_${made++}`;
    await createTestDatabase(server, engine, database, `${table}; ${insert}`);
    const scrubber = scrubberOf(engine, { people: { columns: { mail: exceptIn("staff", email()) } } }, selections);
    const meddle = async () => {
      await server.run("UPDATE people SET mail = 'not-scrubbed' WHERE id IN (1, 2)", database);
    };
    const error = await assertRejects(
      () => scrubFixture(server, engine, database, scrubber, { meddle }),
      ScrubError,
      "people.mail does not look like email",
    );
    assertMatch(error.message, /people\.mail does not look like email: 1 row/);
  });

  const copies = `${table}; ${insert};
    CREATE TABLE letters (id integer PRIMARY KEY, sender varchar(100)); INSERT INTO letters VALUES (1, 'staff@ours.example')`;

  Deno.test(`${engine}: an excepted address that a rule removes elsewhere refuses the run`, async () => {
    const database = `except_${made++}`;
    await createTestDatabase(server, engine, database, copies);
    const scrubber = scrubberOf(engine, {
      people: { columns: { mail: exceptIn("staff", email()), note: lorem() } },
      letters: { columns: { sender: email() } },
    }, selections);
    const error = await assertRejects(() => scrubFixture(server, engine, database, scrubber), ScrubError);
    assertEquals(error.code, "echo");
    assertStringIncludes(error.message, "people.mail");
  });

  Deno.test(`${engine}: restPublic lets excepted addresses stay, and others are still removed`, async () => {
    const database = `except_${made++}`;
    await createTestDatabase(server, engine, database, copies);
    const scrubber = scrubberOf(engine, {
      people: { columns: { mail: exceptIn("staff", email(), { restPublic: "on our website" }), note: lorem() } },
      letters: { columns: { sender: email() } },
    }, selections);
    const { proof } = await scrubFixture(server, engine, database, scrubber);
    assertEquals(proof.databases[0]?.leaks?.alsoStay, 1);
  });

  Deno.test(`${engine}: an address that one row loses and an excepted row keeps refuses the run`, async () => {
    const database = `except_${made++}`;
    await createTestDatabase(
      server,
      engine,
      database,
      `${table}; ${insert}; INSERT INTO people VALUES (5, 'STAFF@ours.example', NULL, 3)`,
    );
    const third = { staff: { of: "people", where: sql`id = 2` } };
    const scrubber = scrubberOf(engine, { people: { columns: { mail: exceptIn("staff", email()) } } }, third);
    const error = await assertRejects(() => scrubFixture(server, engine, database, scrubber), ScrubError);
    assertEquals(error.code, "echo");
  });

  for (
    const [what, rule, expected] of [
      ["a selection of another table", exceptIn("other", email()), /selection "other" is of table notes/],
      ["no selection", exceptIn("nobody", email()), /there is no selection "nobody"/],
      ["only as well", { ...exceptIn("staff", email()), only: "second" }, /only or except, not both/],
      ["a column that is kept", exceptIn("staff", keep("why")), /a column that is kept changes in no row/],
    ] as const
  ) {
    Deno.test(`${engine}: except is refused with ${what}`, async () => {
      const database = `except_${made++}`;
      await createTestDatabase(server, engine, database, `${table}; CREATE TABLE notes (id integer PRIMARY KEY)`);
      const more = { ...selections, other: { of: "notes", where: sql`id > 0` } };
      const refusal = await refusalOf(
        planFixture(server, engine, database, scrubberOf(engine, { people: { columns: { mail: rule } } }, more)),
      );
      assertEquals(refusal?.code, "rules");
      assertMatch(refusal?.message ?? "", expected);
    });
  }
}
