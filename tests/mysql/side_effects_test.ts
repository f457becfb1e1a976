import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mysql } from "../../lib/mysql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { mysql as startServer } from "../servers.ts";
import { create, open } from "./fixture.ts";

const server = await startServer();
Deno.test.afterAll(() => server.stop("now"));

async function defused(): Promise<readonly string[]> {
  await using session = await open(server);
  return await mysql.disableSideEffects(session);
}

const event = "EVENT tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO seen VALUES (1)";

Deno.test("an event that is due every second does not run any more", async () => {
  await create(server, "app", "CREATE TABLE seen (n int)", `CREATE ${event}`);
  await until("SELECT 1 FROM seen");
  await server.run("ALTER DEFINER = master@'%' EVENT app.tick ENABLE");
  assertEquals(await defused(), ["event app.tick disabled"]);
  await server.run("TRUNCATE app.seen");
  // An event beside it that has run twice shows that seconds have passed.
  await create(server, "clock", "CREATE TABLE seen (n int)", `CREATE ${event}`);
  await until("SELECT 1 FROM clock.seen HAVING COUNT(*) > 1");
  assertEquals(await server.run("SELECT n FROM app.seen"), []);
  await server.run("DROP DATABASE clock");
});

async function until(query: string): Promise<void> {
  for (let left = 100_000; (await server.run(query, "app")).length === 0; left--) {
    if (left === 0) throw new Error(`never: ${query}`);
  }
}

Deno.test("readSettings() reads global settings, and leaves out what the server does not know", async () => {
  await using session = await open(server);
  assertEquals(
    await mysql.readSettings(session, ["event_scheduler", "init_connect", "no_such_setting"]),
    new Map([["event_scheduler", "ON"], ["init_connect", ""]]),
  );
});

Deno.test("an event is the same but for being disabled", async () => {
  await create(
    server,
    "app",
    "CREATE TABLE seen (n int)",
    `SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES', time_zone = '+02:00';
      CREATE EVENT \`od d\` ON SCHEDULE EVERY 1 DAY STARTS '2040-01-01 00:00:00' COMMENT 'why' DO INSERT INTO "seen" VALUES (1)`,
    "CREATE USER IF NOT EXISTS owner@'%'",
    "ALTER DEFINER = owner@'%' EVENT `od d` ENABLE",
    `SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES', time_zone = '+02:00'; ALTER DEFINER = owner@'%' EVENT "od d" ENABLE`,
  );
  const all =
    `SELECT event_name, definer, time_zone, event_definition, event_type, interval_value, interval_field, sql_mode, starts,
    on_completion, event_comment, character_set_client, collation_connection, database_collation, status
    FROM information_schema.events WHERE event_schema = 'app'`;
  const [before] = await server.run(all);
  assertEquals(await defused(), ["event app.od d disabled"]);
  assertEquals(await server.run(all), [{ ...before, STATUS: "DISABLED" }]);
});

Deno.test("an event whose definer is gone is disabled", async () => {
  await create(
    server,
    "app",
    "CREATE USER IF NOT EXISTS gone@'%'",
    "CREATE DEFINER = gone@'%' EVENT e ON SCHEDULE EVERY 1 DAY DO DO 1",
    "DROP USER gone@'%'",
  );
  assertEquals(await defused(), ["event app.e disabled; its definer is the master user now"]);
});

Deno.test("an event of a system user is refused", async () => {
  await create(server, "app", "CREATE DEFINER = rdsadmin@localhost EVENT e ON SCHEDULE EVERY 1 DAY DO DO 1");
  const error = await assertRejects(defused, ScrubError);
  assertEquals([error.kind, error.message], [
    "refused",
    'Cannot disable event "app.e": the master user may not change it',
  ]);
  await create(server, "app");
});

Deno.test("a link to another server that the master user may not drop is refused", async () => {
  await server.run("CREATE SERVER other FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'elsewhere', PASSWORD 'secret')");
  const error = await assertRejects(defused, ScrubError);
  await server.run("DROP SERVER other");
  assertStringIncludes(error.message, 'Cannot drop the link to another server "other"');
});

Deno.test("a server that replicates is refused", async () => {
  await server.run(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'localhost', SOURCE_PORT = 1, SOURCE_USER = 'nobody'; START REPLICA",
  );
  const error = await assertRejects(defused, ScrubError);
  await server.run("STOP REPLICA; RESET REPLICA ALL");
  assertStringIncludes(error.message, "Cannot scrub a server that replicates");
});

Deno.test("a server with nothing of the kind says nothing", async () => {
  assertEquals(await defused(), []);
});

Deno.test("a transaction that was prepared for two-phase commit is refused", async () => {
  await create(server, "app", "CREATE TABLE t (id int PRIMARY KEY)");
  await server.run("XA START 'branch'; INSERT INTO t VALUES (1); XA END 'branch'; XA PREPARE 'branch'", "app");
  const error = await assertRejects(defused, ScrubError);
  assertEquals(error.kind, "refused");
  assertStringIncludes(error.message, "1 prepared XA transactions");
  await server.run("XA ROLLBACK 'branch'");
});

Deno.test("where the master may not ask for prepared transactions, the report says so", async () => {
  await server.run("REVOKE XA_RECOVER_ADMIN ON *.* FROM master@'%'");
  assertEquals(await defused(), ["prepared XA transactions were not checked: the master user may not list them"]);
  await server.run("GRANT XA_RECOVER_ADMIN ON *.* TO master@'%'");
});
