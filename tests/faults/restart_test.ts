/** A server that is back at once, at the same place: a session that it ended stays ended, and its statement is not sent again. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { trusted } from "../../lib/engine/sql.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { temporaryFolder } from "../../scripts/local_rds/folder.ts";
import { makeRdsLike } from "../../scripts/local_rds/rds_like.ts";
import { startServer } from "../../scripts/local_rds/start_server.ts";
import { engineNamed, engineNames, never, targetOf, testKey } from "../scrub/scrub_fixture.ts";
import { master } from "../servers.ts";

const sqlOf = {
  postgresql: {
    database: "postgres",
    sleep: "SELECT pg_catalog.pg_sleep(600)",
    asleep: "SELECT pid AS id FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
  },
  mysql: {
    database: "mysql",
    sleep: "SELECT SLEEP(600)",
    asleep: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'",
  },
} as const;

for (const name of engineNames) {
  Deno.test(`${name}: nothing is sent again to a server that was restarted`, async () => {
    const [engine, { database, sleep, asleep }] = [engineNamed(name), sqlOf[name]];
    await using folder = await temporaryFolder();
    const [kind, dataDir] = [name === "mysql" ? "mysql" : "postgres", `${folder.path}/data`] as const;
    await using before = await startServer(kind, { dataDir });
    await makeRdsLike(before, master, []);
    const target = targetOf({ ...before, master }, database);
    await using session = await engine.open(target, testKey(), never);
    const running = session.run({ label: "sleep", sql: trusted(sleep) });
    const refused = assertRejects(() => running, ScrubError, `Cannot sleep in database "${database}": the connection `);
    while ((await before.run(asleep)).length === 0);
    await before.stop("now");
    await using after = await startServer(kind, { dataDir, port: before.port });
    await refused;
    await engine.login(target, never);
    for (
      const again of [() => session.query(trusted("SELECT 1")), () => session.run({ label: "go", sql: trusted(sleep) })]
    ) {
      await assertRejects(again, ScrubError, "the connection ");
    }
    assertEquals(await after.run(asleep), []);
  });
}
