/** The last step of the purge says what it overwrote, and does no work for a doublewrite buffer that is not in use. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { mysql } from "../../../lib/mysql/mod.ts";
import { readWritten } from "../../../lib/mysql/purge/purge_step.ts";
import { purgeRedo } from "../../../lib/mysql/purge/redo.ts";
import { mysql as startServer, type TestServer } from "../../servers.ts";
import { create, key, never, open, target } from "../fixture.ts";

const cases = [
  {
    doublewrite: "ON",
    steps: ["redo log and doublewrite buffer", "doublewrite buffer"],
  },
  { doublewrite: "OFF", steps: ["redo log", "doublewrite buffer"] },
  { doublewrite: "DETECT_ONLY", steps: ["redo log", "doublewrite buffer"] },
];

for (const { doublewrite, steps } of cases) {
  Deno.test(`purgeRedo() with innodb_doublewrite=${doublewrite} tells of: ${steps.join(", ")}`, async () => {
    await using server = await startServer({ settings: { "innodb-doublewrite": doublewrite } });
    await using session = await open(server);
    const residue = await purgeRedo({ session, before: await readWritten(session), open: () => open(server) });
    assertEquals(residue.map(({ step }) => step), steps);
  });
}

const mark = "zmarkzmark";

/** Fills the places for single pages with marks: a table that is exported is written there. */
async function flushMarks(server: TestServer): Promise<void> {
  await create(
    server,
    "app",
    "CREATE TABLE marks (id int PRIMARY KEY, note varchar(7900) CHARACTER SET latin1)",
    `INSERT INTO marks WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
      SELECT n, RPAD('${mark}', 7900, '-') FROM numbers`,
  );
  await server.run(
    "UPDATE marks SET id = id + 1000 ORDER BY id DESC; FLUSH TABLES marks FOR EXPORT; UNLOCK TABLES",
    "app",
  );
  await server.run("DROP DATABASE app");
}

async function marksIn(server: TestServer): Promise<number> {
  let found = 0;
  for await (const { name } of Deno.readDir(server.dataDir)) {
    if (!name.endsWith(".dblwr")) continue;
    found += (await Deno.readTextFile(`${server.dataDir}/${name}`)).split(mark).length - 1;
  }
  return found;
}

const settings = { "innodb-doublewrite": "ON" };

Deno.test("purgeRedo() overwrites the doublewrite buffer's places for single pages", async () => {
  await using server = await startServer({ settings });
  await flushMarks(server);
  assert(await marksIn(server) > 100, "no marks to begin with");
  await using session = await open(server);
  const residue = await purgeRedo({ session, before: await readWritten(session), open: () => open(server) });
  assertEquals(await marksIn(server), 0);
  assertMatch(
    residue.at(-1)?.result ?? "",
    /^pages of batches for which the buffer pool had no room may remain, up to 4096 KiB$/,
  );
});

Deno.test("purgeRedo() says that single pages may stay where the user lacks the right to flush them", async () => {
  await using server = await startServer({ settings });
  await server.run(`CREATE USER poor IDENTIFIED BY 'PasswordOfThePoor1'; GRANT ALL ON datascrubberpurge.* TO poor;
    GRANT SELECT ON performance_schema.* TO poor`);
  const login = { ...target(server), user: "poor", password: "PasswordOfThePoor1" };
  const openPoor = () => mysql.open(login, key, never);
  await using session = await openPoor();
  const residue = await purgeRedo({ session, before: await readWritten(session), open: openPoor });
  assertMatch(residue.at(-1)?.result ?? "", /, and single pages, may remain, up to \d+ KiB$/);
});
