/** Statements that pg_stat_statements kept are reset, wherever the extension is. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { postgresql as startServer } from "../../servers.ts";
import { targetOf } from "../fixture.ts";

const server = await startServer({ settings: { shared_preload_libraries: "pg_stat_statements" } });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
const target = { ...targetOf(server), database: "postgres" };
const never = new AbortController().signal;
const step = 'pg_stat_statements in database "postgres"';

/** How many kept statements hold the mark, as whoever creates the extension sees it. */
async function marks(): Promise<number> {
  await server.run("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", "template1");
  const [row] = await server.run(
    "SELECT count(*) AS n FROM pg_stat_statements WHERE query LIKE '%zmark%' AND query NOT LIKE '%pg_stat_statements%'",
    "template1",
  );
  return Number(row?.n);
}

for (
  const { what, prepare, result, left } of [
    {
      what: "the extension is in the maintenance database alone",
      prepare: "CREATE EXTENSION pg_stat_statements; GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO PUBLIC",
      result: /^emptied$/,
      left: 0,
    },
    {
      what: "no database has the extension, and the master user may create it",
      prepare: "ALTER ROLE master SUPERUSER",
      result: /^emptied$/,
      left: 0,
    },
    {
      what: "no database has the extension, and the master user may not create it",
      prepare: "CHECKPOINT",
      result: /statements of production remain$/,
      left: 1,
    },
  ]
) {
  Deno.test(`purgeServer() with pg_stat_statements, where ${what}`, async () => {
    await server.run(prepare);
    try {
      await server.run('SELECT 1 AS first, 2 AS "zmark of a customer"');
      assertEquals(await marks() > 0, true);
      await using session = await engine.open(target, new Uint8Array(32), never);
      const residue = await engine.purgeServer(
        session,
        [],
        () => engine.open(target, new Uint8Array(32), never),
      );
      assertMatch(residue.find((one) => one.step === step)?.result ?? "", result);
      assertEquals(Math.min(1, await marks()), left);
      const [extension] = await server.run(
        "SELECT count(*) AS n FROM pg_extension WHERE extname = 'pg_stat_statements'",
      );
      assertEquals(Number(extension?.n), prepare.startsWith("CREATE") ? 1 : 0);
    } finally {
      await server.run("DROP EXTENSION IF EXISTS pg_stat_statements; ALTER ROLE master NOSUPERUSER");
    }
  });
}
