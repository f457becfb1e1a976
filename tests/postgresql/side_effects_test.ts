/** What of production would act in a workspace, and that it does not any more after the first SQL. @module */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Session } from "../../lib/engine/engine.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { postgresql as engine } from "../../lib/postgresql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { postgresql } from "../servers.ts";
import { database, key, targetOf } from "./fixture.ts";

const settings = { wal_level: "logical", max_prepared_transactions: "4" };
const server = await postgresql({ applications: ["app"], settings });
await server.run(`CREATE DATABASE "${database}" OWNER app`);
await server.run(
  "SET ROLE app; CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t VALUES (1, 'a')",
  database,
);
const never = new AbortController().signal;
Deno.test.afterAll(() => server.stop("now"));

function open(name: string = database): Promise<Session> {
  return engine.open({ ...targetOf(server), database: name }, key, never);
}

async function count(query: string, name: string = database): Promise<number> {
  const [row] = await server.run(`SELECT count(*)::int AS n FROM ${query}`, name);
  return Number(row?.["n"]);
}

/** Asks until there is a row. */
async function until(query: string): Promise<void> {
  for (let asked = 0; await count(query) === 0; asked++) if (asked > 1000) throw new Error(`no row of ${query}`);
}

Deno.test("disableSideEffects() finds nothing to do in an ordinary database", async () => {
  await using session = await open();
  assertEquals(await engine.disableSideEffects(session), []);
  await using maintenance = await open("postgres");
  assertEquals(await engine.disableSideEffects(maintenance), []);
});

Deno.test("disableSideEffects() ends a subscription's worker, and nothing flows in any more", async () => {
  await using publisher = await postgresql({ settings });
  await publisher.run("CREATE TABLE t (id int PRIMARY KEY, note text); CREATE PUBLICATION p FOR TABLE t", "postgres");
  const { user, password } = publisher.master;
  await publisher.run(`ALTER ROLE "${user}" REPLICATION; GRANT SELECT ON t TO "${user}"`);
  const from =
    `host=localhost port=${publisher.port} dbname=postgres user=${user} password=${password} sslmode=require sslcert=none sslkey=none sslrootcert=none`;
  await server.run(
    `CREATE SUBSCRIPTION "live one" CONNECTION '${from}' PUBLICATION p WITH (copy_data = false, slot_name = live)`,
    database,
  );
  await server.run(`ALTER SUBSCRIPTION "live one" OWNER TO app`, database);
  await until("pg_stat_subscription WHERE pid IS NOT NULL");
  await publisher.run("INSERT INTO t VALUES (2, 'flows')", "postgres");
  await until("t WHERE id = 2");
  await using session = await open();
  assertEquals(await engine.disableSideEffects(session), [`database "${database}": subscription "live one" disabled`]);
  assertEquals(await count("pg_stat_subscription WHERE pid IS NOT NULL"), 0);
  await publisher.run("INSERT INTO t VALUES (3, 'stays away')", "postgres");
  const { objects } = await engine.inventory(session);
  const undo = await engine.prepare(session);
  for (const step of engine.dropObjects(objects)) await session.run(step);
  for (const step of undo.toReversed()) await session.run(step);
  assertEquals([await count("t"), await count("pg_subscription")], [2, 0]);
});

Deno.test("disableSideEffects() rolls prepared transactions back, whoever prepared them", async () => {
  await server.run(
    "SET ROLE app; SET lock_timeout = 5000; BEGIN; UPDATE t SET note = 'held' WHERE id = 1; PREPARE TRANSACTION 'it''s'",
    database,
  );
  await using session = await open();
  assertEquals(await engine.disableSideEffects(session), [
    `database "${database}": 1 prepared transactions rolled back`,
  ]);
  assertEquals([await count("pg_prepared_xacts"), await count("t WHERE note = 'held'")], [0, 0]);
  assertEquals(await session.query(trusted("SELECT current_user = session_user AS same")), [{ same: true }]);
});

Deno.test("disableSideEffects() takes memberships back that it needed", async () => {
  await server.run("SET ROLE app; SET lock_timeout = 5000; BEGIN; DELETE FROM t; PREPARE TRANSACTION 'x'", database);
  await using session = await open();
  await engine.disableSideEffects(session);
  const [row] = await session.query(trusted("SELECT pg_has_role('app', 'USAGE') AS member"));
  assertEquals(row, { member: false });
});

Deno.test("disableSideEffects() refuses a prepared transaction of a superuser", async () => {
  await server.run("BEGIN; UPDATE t SET note = 'held'; PREPARE TRANSACTION 'super'", database);
  await using session = await open();
  await assertRejects(() => engine.disableSideEffects(session), ScrubError, "Cannot roll back a prepared transaction");
  await server.run("ROLLBACK PREPARED 'super'", database);
});

Deno.test("readSettings() reads what holds in the session's database, and leaves out what the server does not know", async () => {
  await server.run(`ALTER DATABASE "${database}" SET log_min_duration_statement = 250`, "postgres");
  await using session = await open();
  const names = ["log_min_duration_statement", "shared_preload_libraries", "pgaudit.log"];
  assertEquals(
    await engine.readSettings(session, names),
    new Map([["log_min_duration_statement", "250ms"], ["shared_preload_libraries", ""]]),
  );
  await server.run(`ALTER DATABASE "${database}" RESET log_min_duration_statement`, "postgres");
});

Deno.test("disableSideEffects() disables the jobs of pg_cron", async () => {
  await server.run(
    `CREATE SCHEMA cron; CREATE TABLE cron.job (jobid int, active bool); INSERT INTO cron.job VALUES (1, true), (2, false);
    GRANT USAGE ON SCHEMA cron TO rds_superuser; GRANT SELECT, UPDATE ON cron.job TO rds_superuser`,
    database,
  );
  await using session = await open();
  assertEquals(await engine.disableSideEffects(session), [`database "${database}": 2 jobs of pg_cron disabled`]);
  assertEquals(await count("cron.job WHERE active"), 0);
});

Deno.test("disableSideEffects() refuses where jobs of pg_cron are out of reach", async () => {
  await server.run("REVOKE UPDATE ON cron.job FROM rds_superuser", database);
  await using session = await open();
  await assertRejects(() => engine.disableSideEffects(session), ScrubError, "Cannot disable the jobs of pg_cron");
  await server.run("DROP SCHEMA cron CASCADE", database);
});

Deno.test("disableSideEffects() tells no name that looks like a person's", async () => {
  await server.run(
    `CREATE FUNCTION named() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER "ann@zmark.test" ON table_rewrite EXECUTE FUNCTION named()`,
    database,
  );
  await using session = await open();
  const error = await assertRejects(() => engine.disableSideEffects(session), ScrubError);
  await server.run("DROP FUNCTION named() CASCADE", database);
  assertStringIncludes(error.message, "Cannot disable the event trigger whose name looks like: mail address");
  assertEquals(error.message.includes("zmark"), false);
});

Deno.test("disableSideEffects() refuses an event trigger that it may not disable, and leaves a disabled one alone", async () => {
  await server.run(
    `CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER rewriting ON table_rewrite EXECUTE FUNCTION f()`,
    database,
  );
  await using session = await open();
  await assertRejects(
    () => engine.disableSideEffects(session),
    ScrubError,
    `Cannot disable the event trigger "rewriting"`,
  );
  await server.run("ALTER EVENT TRIGGER rewriting DISABLE", database);
  assertEquals(await engine.disableSideEffects(session), []);
});

Deno.test("disableSideEffects() sees an event trigger whose function is not in C, although both belong to an extension", async () => {
  await server.run(
    `CREATE EXTENSION citext; CREATE FUNCTION given() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER given ON table_rewrite EXECUTE FUNCTION given();
    ALTER EXTENSION citext ADD FUNCTION given(); ALTER EXTENSION citext ADD EVENT TRIGGER given`,
    database,
  );
  await using session = await open();
  await assertRejects(() => engine.disableSideEffects(session), ScrubError, `Cannot disable the event trigger "given"`);
  await server.run("DROP EXTENSION citext", database);
});

Deno.test("disableSideEffects() drops replication slots on the maintenance database, or refuses", async () => {
  await server.run("SELECT pg_create_physical_replication_slot('standby', true)");
  await using session = await open("postgres");
  await assertRejects(
    () => engine.disableSideEffects(session),
    ScrubError,
    `Cannot drop the replication slot "standby"`,
  );
  await server.run(`ALTER ROLE "${server.master.user}" REPLICATION`);
  await using allowed = await open("postgres");
  assertEquals(await engine.disableSideEffects(allowed), [`replication slot "standby" dropped`]);
  assertEquals(await count("pg_replication_slots"), 0);
});
