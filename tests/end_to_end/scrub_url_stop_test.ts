/** `scrub --url` that does not come to its end: in what state the database is then, and what the next one makes of it. */

import { createConnection } from "mysql2/promise";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { hasMariadb } from "../../scripts/local_rds/programs.ts";
import { type Laptop, laptop, markedFiles, password, runScrub, scratchIn, startScrub } from "./scrub_url_stage.ts";

const mark = {
  postgresql: ["scrub not finished: this database may hold personal data"],
  mysql: ["datascrubbercopy_copy.datascrubber-unfinished"],
} as const;

for (const product of ["postgresql", "mysql", ...hasMariadb ? ["mariadb" as const] : []] as const) {
  Deno.test(`${product}: SIGINT in the middle of a scrub leaves no scratch but a mark, and the next scrub finishes`, async () => {
    await using place = await laptop(product);
    await place.addDatabase("copy");
    const program = startScrub(place, "copy");
    await program.until("discover: begins");
    const release = await holdUsers(place);
    await untilSomethingWaits(place);
    program.kill("SIGINT");
    const { code, stdout, stderr } = await program.ended();
    await release();
    assertEquals(code, 130, stdout + stderr);
    assertStringIncludes(stdout, "Cannot go on: stopped by SIGINT");
    assertStringIncludes(stdout, "it was changed, but not scrubbed and verified to the end; it may hold personal data");
    assertEquals((await program.report())["live"], { state: "unfinished", holds: [], lacks: [] });
    assertEquals(await scratchIn(place, "copy"), mark[place.engine]);

    const second = await runScrub(place, "copy");
    assertEquals(second.code, 0, second.stdout + second.stderr);
    assertEquals(await scratchIn(place, "copy"), []);
    assertEquals(await markedFiles(place, "copy"), []);
  });

  Deno.test(`${product}: after a killed scrub the next one finishes, or says what to do first`, async () => {
    await using place = await laptop(product);
    await place.addDatabase("copy");
    const program = startScrub(place, "copy");
    await program.until("discover: begins");
    const release = await holdUsers(place);
    await untilSomethingWaits(place);
    program.kill("SIGKILL");
    await program.ended();
    await release();
    assert((await scratchIn(place, "copy")).length > 0);
    await untilAlone(place);

    let next = await runScrub(place, "copy");
    // A table of MySQL's may be in scratch alone: a person has to look at what is there.
    const [, statement] = /Run as they are: (.*?)[.] Then scrub/.exec(next.stderr) ?? [];
    if (statement !== undefined) {
      assertEquals(next.code, 1);
      await place.server.run(statement, "copy");
      next = await runScrub(place, "copy");
    }
    assertEquals(next.code, 0, next.stdout + next.stderr);
    assertEquals(await scratchIn(place, "copy"), []);
    assertEquals(await markedFiles(place, "copy"), []);
  });
}

Deno.test("a schema of scratch's name that is not ours is refused, and says what to do", async () => {
  await using place = await laptop("postgresql");
  await place.addDatabase("copy");
  await place.server.run("CREATE SCHEMA datascrubber; CREATE TABLE datascrubber.theirs (v text)", "copy");
  const { code, stderr } = await runScrub(place, "copy");
  assertEquals(code, 3, stderr);
  assertStringIncludes(stderr, 'it has a schema "datascrubber", which is the name of our scratch');
  assertStringIncludes(stderr, "If an earlier scrub of it was killed, drop that, and run again");
  assertEquals(await scratchIn(place, "copy"), ["theirs"]);
});

Deno.test("a scrub that is refused by its plan leaves nothing, and the database as it was", async () => {
  await using place = await laptop("postgresql");
  const database = await place.addDatabase("copy");
  // An address that a rule takes away, in a column that stays.
  await database.run(
    "UPDATE content_changes SET govuk_request_id = (SELECT address FROM subscribers WHERE address IS NOT NULL LIMIT 1)",
  );
  const rows = await database.run("SELECT md5(string_agg(s::text, '' ORDER BY id)) AS sum FROM subscribers s");
  const { code, stdout } = await runScrub(place, "copy");
  assertEquals(code, 3, stdout);
  assertEquals(await scratchIn(place, "copy"), []);
  assertEquals(await database.run("SELECT md5(string_agg(s::text, '' ORDER BY id)) AS sum FROM subscribers s"), rows);
});

/**
 * Holds a lock on users from a session that passes for one of the run's: by what it says of itself; on MariaDB, which does not show that,
 * because it has no database. What ends it.
 */
async function holdUsers({ engine, server }: Laptop): Promise<() => Promise<void>> {
  if (engine === "postgresql") {
    const over = server.run(
      "SET application_name = 'datascrubber'; BEGIN; LOCK TABLE users IN ACCESS SHARE MODE; SELECT pg_sleep(1000)",
      "copy",
    ).catch(() => {}); // it is ended
    const [pid] = await untilRows(
      { server },
      "SELECT l.pid AS id FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.query LIKE '%pg_sleep(1000)%'" +
        " AND l.pid <> pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.mode = 'AccessShareLock'",
    );
    return async () => {
      await server.run(`SELECT pg_terminate_backend(${pid?.["id"]})`);
      await over;
    };
  }
  const connection = await createConnection({
    host: "localhost",
    port: server.port,
    user: "developer",
    password,
    ssl: { rejectUnauthorized: false },
    connectAttributes: { program_name: "datascrubber" },
  });
  await connection.query("LOCK TABLES copy.users READ");
  return () => Promise.resolve(connection.destroy());
}

async function untilSomethingWaits({ engine, server }: Laptop): Promise<void> {
  await untilRows(
    { server },
    engine === "postgresql"
      ? "SELECT 1 AS one FROM pg_locks WHERE NOT granted"
      : "SELECT 1 AS one FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock%'",
  );
}

/** The server's side of a killed run ends by itself, once its statement can. */
async function untilAlone({ engine, server }: Laptop): Promise<void> {
  await untilRows(
    { server },
    engine === "postgresql"
      ? "SELECT 1 AS one WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'datascrubber')"
      : "SELECT 1 AS one FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM information_schema.processlist WHERE user = 'developer')",
  );
}

async function untilRows({ server }: Pick<Laptop, "server">, question: string) {
  while (true) {
    const rows = await server.run(question);
    if (rows.length > 0) return rows;
  }
}
