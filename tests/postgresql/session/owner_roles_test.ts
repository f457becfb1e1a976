/** What the master user may do before and after it prepared, and the list and end of databases. @module */
import { assertEquals, assertRejects } from "@std/assert";
import type { Session, Target } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { joinOwners, restoreMemberships } from "../../../lib/postgresql/session/owner_roles.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { makeApplicationRole } from "../../../scripts/local_rds/rds_like.ts";
import { applicationServer, database, key, targetOf } from "../fixture.ts";

const server = await applicationServer("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE SCHEMA quiet");
await makeApplicationRole(server, server.master, 'odd "role"; x');
await server.run(
  `CREATE TABLE odd (a int); ALTER TABLE odd OWNER TO "odd ""role""; x"; CREATE TABLE of_a_superuser (a int)`,
  database,
);
const target = targetOf(server);
const maintenance: Target = { ...target, database: "postgres" };
const never = new AbortController().signal;
Deno.test.afterAll(() => server.stop("now"));

async function open(where: Target = target): Promise<Session> {
  return await engine.open(where, key, never);
}

Deno.test("prepare() lets the master user change what others own, until memberships are restored", async () => {
  await using session = await open();
  const step = { label: "touch", sql: trusted("UPDATE public.t SET a = a") };
  await assertRejects(() => session.run(step), ScrubError, "the master user lacks a privilege");
  const changes = await joinOwners(session);
  assertEquals(changes.map(({ what }) => what), [
    'the master user joined "app"',
    'the master user joined "odd "role"; x"',
  ]);
  assertEquals(await session.run(step), { rows: 1 });
  await session.run({ label: "rewrite", sql: trusted("VACUUM FULL public.odd") });
  assertEquals(await joinOwners(session), []);
  await restoreMemberships(session, changes);
  await assertRejects(() => session.run(step), ScrubError, "the master user lacks a privilege");
});

Deno.test("prepare() leaves a superuser's things alone", async () => {
  await using session = await open();
  await engine.prepare(session);
  await assertRejects(
    () => session.query(trusted("SELECT * FROM public.of_a_superuser")),
    ScrubError,
    "lacks a privilege",
  );
});

Deno.test("prepare() says what it lacks where the owner is a member of the master user and nothing may part them", async () => {
  await server.run(
    `CREATE ROLE circular LOGIN; CREATE TABLE circle (a int); ALTER TABLE circle OWNER TO circular`,
    database,
  );
  await server.run(`GRANT circular TO "${server.master.user}" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await server.run(`REVOKE circular FROM "${server.master.user}"`);
  await server.run(`GRANT "${server.master.user}" TO circular`);
  await using session = await open();
  await assertRejects(() => joinOwners(session), ScrubError, "the master user lacks a privilege");
  await server.run(`DROP TABLE circle`, database);
  await server.run(`DROP ROLE circular`);
});

Deno.test("dropDatabase() drops another's database while somebody is connected", async () => {
  await server.run(`CREATE DATABASE "to go ""now""" OWNER app`);
  await using _connected = await open({ ...target, database: 'to go "now"' });
  await using session = await open(maintenance);
  await engine.prepare(session);
  await engine.dropDatabase(session, 'to go "now"');
  const left = await session.query(trusted("SELECT datname FROM pg_database WHERE datname LIKE 'to go%'"));
  assertEquals(left, []);
});
