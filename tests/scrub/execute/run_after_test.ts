/** `after`: statements that run in the scrubbed database, and that verification and purge cover. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { column, type Scrubber, sql } from "../../../lib/scrub/rules/definition.ts";
import { email } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, engineNames, scrubFixture, serverOf } from "../scrub_fixture.ts";

const create = [
  "CREATE TABLE users (id integer PRIMARY KEY, address varchar(255), role varchar(40))",
  "CREATE TABLE flags (id integer PRIMARY KEY, value varchar(255))",
  "INSERT INTO users VALUES (1, 'zmark-1@x.example', 'reader'), (2, 'zmark-2@x.example', 'reader')",
  "INSERT INTO flags VALUES (1, 'zmark of a flag'), (2, 'off'), (3, 'zmark of a second flag')",
].join("; ");

function rules(engine: Scrubber["engine"], after: readonly string[]): Scrubber {
  return {
    name: "test",
    engine,
    summary: "For a test.",
    reviewed: [],
    define: () => ({
      selections: { first: { of: "users", where: sql`${column("id")} = 1` } },
      tables: { users: { deleteRows: "first", columns: { address: email() } }, flags: { keep: "settings" } },
      after,
    }),
  };
}

interface Refused {
  readonly what: string;
  readonly after: readonly string[];
  readonly code: ScrubError["code"];
  readonly why: string;
}

const refused: readonly Refused[] = [
  {
    what: "brings a removed address back into its column",
    after: ["UPDATE users SET address = 'zmark-2@x.example'"],
    code: "verification",
    why: "users.address does not look like email: 1 row",
  },
  {
    what: "brings a removed address back elsewhere",
    after: ["UPDATE flags SET value = 'for zmark-2@x.example' WHERE id = 2"],
    code: "verification",
    why: "flags",
  },
  {
    what: "brings a deleted row back",
    after: ["INSERT INTO users VALUES (1, NULL, 'reader')"],
    code: "verification",
    why: "users still has rows that were to be deleted: 1 row",
  },
  {
    what: "names what is not there",
    after: ["UPDATE flags SET value = 'on' WHERE id = 2", "UPDATE strangers SET v = 1"],
    code: "rules",
    why: "Cannot run after 2: UPDATE strangers SET",
  },
  {
    what: "fails when it runs",
    after: ["INSERT INTO flags (id, value) VALUES (1, 'zmark again')"],
    code: "statement",
    why: "Cannot run after 1: INSERT INTO flags",
  },
  { what: "is more than one statement", after: ["SELECT 1; SELECT 2"], code: "rules", why: 'without ";", and alone' },
];

for (const engine of engineNames) {
  Deno.test(`${engine}: after`, async (t) => {
    await using server = await serverOf(engine);

    await t.step("runs, is counted, and leaves no old value in the files", async () => {
      await createTestDatabase(server, engine, "ran", create);
      const after = [
        "INSERT INTO users VALUES (3, NULL, 'admin'), (4, NULL, 'reader')",
        "UPDATE flags SET value = 'on' WHERE id = 1",
        "DELETE FROM flags WHERE id = 3",
      ];
      const { scrubbed } = await scrubFixture(server, engine, "ran", rules(engine, after));
      assertEquals(scrubbed.ranAfter, [
        { statement: "1: INSERT INTO users", rows: 2 },
        { statement: "2: UPDATE flags SET", rows: 1 },
        { statement: "3: DELETE FROM flags", rows: 1 },
      ]);
      assertEquals(await server.run("SELECT id, role FROM users ORDER BY id", "ran"), [
        { id: 2, role: "reader" },
        { id: 3, role: "admin" },
        { id: 4, role: "reader" },
      ]);
      assertEquals(await server.run("SELECT value FROM flags ORDER BY id", "ran"), [{ value: "on" }, { value: "off" }]);
      assertEquals(await filesOfFlags(server, engine), []);
    });

    for (const { what, after, code, why } of refused) {
      await t.step(`that ${what} is refused`, async () => {
        const name = `refused_${refused.findIndex((one) => one.what === what)}`;
        await createTestDatabase(server, engine, name, create);
        const error = await assertRejects(() => scrubFixture(server, engine, name, rules(engine, after)), ScrubError);
        assertEquals(error.code, code, error.message);
        assertStringIncludes(error.message, why);
        assert(!`${error.message} ${error.hint}`.includes("zmark"), error.message);
      });
    }
  });
}

/** Files of the database `ran` in which the flag's old value is. */
async function filesOfFlags(
  server: { readonly dataDir: string; run(sql: string, database?: string): Promise<readonly unknown[]> },
  engine: string,
): Promise<readonly string[]> {
  if (engine === "postgresql") await server.run("CHECKPOINT");
  else await server.run("FLUSH TABLES flags FOR EXPORT; UNLOCK TABLES", "ran");
  const [row] = engine === "postgresql"
    ? await server.run("SELECT oid FROM pg_database WHERE datname = 'ran'")
    : [{ oid: 0 }];
  const folder = engine === "postgresql" ? `base/${(row as { readonly oid: number }).oid}` : "ran";
  const { stdout } = await new Deno.Command("grep", {
    args: ["-rla", "zmark of a", `${server.dataDir}/${folder}`],
    env: { LC_ALL: "C" },
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}
