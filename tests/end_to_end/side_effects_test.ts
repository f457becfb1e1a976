/** A production that acts by itself: its copy does not, and nobody comes in by the passwords of production. */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Server } from "../../scripts/local_rds/server.ts";
import type { Engine } from "../../lib/engine/engine.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import { postgresql } from "../../lib/postgresql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { startProgram as startBare } from "../fleet/program.ts";
import * as servers from "../servers.ts";
import {
  commonArguments,
  instances,
  leftIn,
  nothing,
  runProgram,
  smallDatabase,
  smallStage,
  stageWithProduction,
  startProgram,
} from "./stage.ts";

const never = new AbortController().signal;
const password = "password of the application";

const publisher = await servers.postgresql({ settings: { wal_level: "logical" } });
Deno.test.afterAll(() => publisher.stop("now"));

/** Somebody who writes on the publisher: the table has no key to others there. */
async function publish(id: number): Promise<void> {
  await publisher.run(`INSERT INTO matched_content_changes VALUES (${id}, gen_random_uuid(), 1, now(), now())`, "live");
}

async function subscribe(server: Server): Promise<void> {
  const { user, password } = publisher.master;
  await publisher.run(`ALTER ROLE "${user}" REPLICATION`);
  await publisher.run("CREATE DATABASE live");
  await publisher.run(
    `CREATE TABLE matched_content_changes (id bigint PRIMARY KEY, content_change_id uuid, subscriber_list_id int,
      created_at timestamp, updated_at timestamp);
    GRANT SELECT ON matched_content_changes TO "${user}"; CREATE PUBLICATION p FOR TABLE matched_content_changes`,
    "live",
  );
  const from = `host=localhost port=${publisher.port} dbname=live user=${user} password=${password} ` +
    "sslmode=require sslcert=none sslkey=none sslrootcert=none";
  await server.run(
    `CREATE SUBSCRIPTION live CONNECTION '${from}' PUBLICATION p WITH (copy_data = false)`,
    smallDatabase,
  );
  await server.run("ALTER SUBSCRIPTION live OWNER TO application", smallDatabase);
}

/** A parameter group that sets nothing: as the engines are by themselves, production's work begins with the server. */
const awake = { parameters: {} };

/** What must be the same afterwards: owners, memberships, grants. */
function rights(server: Server): Promise<unknown> {
  return server.run(
    `SELECT (SELECT json_agg((r.rolname, r.rolcanlogin) ORDER BY r.rolname) FROM pg_roles r)::text AS roles,
      (SELECT json_agg((a.roleid::regrole, a.member::regrole, a.admin_option) ORDER BY a.roleid::regrole::text,
        a.member::regrole::text) FROM pg_auth_members a)::text AS members,
      (SELECT json_agg((c.oid::regclass, c.relowner::regrole, c.relacl) ORDER BY c.oid::regclass::text) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace)::text AS relations`,
    smallDatabase,
  );
}

async function refuses(engine: Engine, server: Server, user: string, database: string): Promise<void> {
  const target = { host: server.host, port: server.port, ca: server.ca, user, password, database };
  await assertRejects(() => engine.login(target, never), ScrubError);
}

Deno.test("PostgreSQL: what follows a live publisher takes nothing in, and only the master logs in", async () => {
  let before: unknown;
  await using rds = await smallStage(awake, async (server) => {
    await subscribe(server);
    await server.run("CREATE ROLE person LOGIN PASSWORD 'password of the application'; GRANT application TO person");
    await server.run(
      `GRANT person TO "${servers.master.user}" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
      GRANT SELECT ON subscribers TO person`,
      smallDatabase,
    );
    for (const name of ["passing", "leaving"]) {
      await server.run(`CREATE DATABASE ${name} OWNER application`);
      await server.run(
        `CREATE TABLE t (a int); CREATE SUBSCRIPTION of_${name} CONNECTION 'host=nowhere.test dbname=x user=u password=p'
          PUBLICATION p WITH (connect = false); GRANT pg_create_subscription TO application;
        GRANT CREATE ON DATABASE ${name} TO application; ALTER SUBSCRIPTION of_${name} OWNER TO application`,
        name,
      );
    }
    before = await rights(server);
  });
  const report = await Deno.makeTempFile();
  try {
    const databases = ["--keep-database", "passing", "--drop-database", "leaving"];
    const run = startProgram(rds, [
      "--postgresql-instances",
      instances.postgresql,
      "--report",
      report,
      ...databases,
      "--allow-active",
    ]);
    await run.until('subscription "live" disabled');
    await publish(900_001);
    const { code, stderr } = await run.ended();
    assertEquals(code, 0, stderr);
    const [source] = JSON.parse(await Deno.readTextFile(report)).sources;
    assertEquals(source.sideEffects, [`database "${smallDatabase}": subscription "live" disabled`]);
    assertEquals(source.accounts, ["removed the password of 2 roles"]);
  } finally {
    await Deno.remove(report);
  }
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const [found] = await server.run(
    `SELECT (SELECT count(*) FROM pg_subscription)::int AS subscriptions,
      (SELECT count(*) FROM matched_content_changes WHERE id = 900001)::int AS flowed`,
    smallDatabase,
  );
  assertEquals(found, { subscriptions: 0, flowed: 0 });
  assertEquals(await rights(server), before);
  for (const user of ["application", "person"]) await refuses(postgresql, server, user, smallDatabase);
});

Deno.test("PostgreSQL: a trigger on table_rewrite that the master user may not disable stops the run", async () => {
  await using rds = await smallStage({}, async (server) => {
    await server.run(
      `CREATE FUNCTION rewriting() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      CREATE EVENT TRIGGER rewriting ON table_rewrite EXECUTE FUNCTION rewriting()`,
      smallDatabase,
    );
  });
  const { code, stdout } = await runProgram(rds, ["--postgresql-instances", instances.postgresql]);
  assertEquals(code, 3);
  assertStringIncludes(stdout, 'Cannot disable the event trigger "rewriting"');
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("--keep-accounts lets accounts keep their passwords, and says so", async () => {
  await using rds = await smallStage();
  const { code, stdout, stderr } = await runProgram(rds, [
    "--postgresql-instances",
    instances.postgresql,
    "--keep-accounts",
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /warning: --keep-accounts: all accounts keep production's passwords/);
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const target = { host: server.host, port: server.port, ca: server.ca, user: "application", password };
  await postgresql.login({ ...target, database: smallDatabase }, never);
});

Deno.test("MySQL: an event that is due every second runs no more after the first SQL, and only the master logs in", async () => {
  const database = "whitehall_production";
  let before: unknown;
  const grants = "SHOW GRANTS FOR application";
  await using rds = await stageWithProduction(["mysql"], awake, async (server) => {
    await server.run(`CREATE USER application IDENTIFIED BY '${password}';
      GRANT SELECT, INSERT ON \`${database}\`.* TO application; CREATE DATABASE ticking`);
    // It tells whether scratch was there when it ran: that is made after the first SQL.
    await server.run(
      `CREATE TABLE ticks (scratch int);
      CREATE DEFINER = application EVENT tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO ticking.ticks
        SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name LIKE 'datascrubber%'`,
      "ticking",
    );
    await server.run("GRANT SELECT ON *.* TO application; GRANT INSERT, EVENT ON ticking.* TO application");
    before = await server.run(grants);
  });
  const args = ["--mysql-instances", instances.mysql, "--keep-database", "ticking", "--allow-active"];
  const { code, stderr } = await runProgram(rds, args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "event ticking.tick disabled");
  await using server = await rds.openSnapshot(rds.made().at(-1) ?? "");
  const [found] = await server.run(
    `SELECT (SELECT status FROM information_schema.events WHERE event_name = 'tick') AS status,
      (SELECT COUNT(*) FROM ticks WHERE scratch > 0) AS ran`,
    "ticking",
  );
  assertEquals(found, { status: "DISABLED", ran: 0 });
  assertEquals(await server.run(grants), before);
  await refuses(mysql, server, "application", database);
});

Deno.test("plan of a source prints what a run would do, and leaves nothing", async () => {
  await using rds = await smallStage();
  const { code, stdout, stderr } = await startBare(
    ["plan", "--postgresql-instances", instances.postgresql, ...commonArguments(rds)],
    rds.environment,
  ).ended();
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /email-alert-api_production \(postgresql\), scrubbed by email-alert-api/);
  assertMatch(stdout, /\nsubscribers +\d+ /);
  assertMatch(stdout, /address +email/);
  assert(stdout.includes("postgres (postgresql), empty"));
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("MySQL: a transaction that was prepared for two-phase commit is refused, and nothing is left", async () => {
  await using rds = await stageWithProduction(["mysql"], {}, async (server) => {
    await server.run("CREATE DATABASE ledger; CREATE TABLE ledger.t (note varchar(20) PRIMARY KEY)");
    await server.run(
      "XA START 'branch'; INSERT INTO ledger.t VALUES ('kept'); XA END 'branch'; XA PREPARE 'branch'",
    );
  });
  const { code, stdout, stderr } = await runProgram(rds, [
    "--mysql-instances",
    instances.mysql,
    "--keep-database",
    "ledger",
  ]);
  assertEquals(code !== 0, true, stderr);
  assertStringIncludes(stdout + stderr, "1 prepared XA transactions");
  assertEquals(await leftIn(rds), nothing);
});
