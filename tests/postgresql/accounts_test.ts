/** Who can log in before and after production's accounts were locked. @module */
import { assertEquals, assertRejects } from "@std/assert";
import { postgresql as engine } from "../../lib/postgresql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { applicationServer, database, key, targetOf } from "./fixture.ts";

const server = await applicationServer("CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC");
const never = new AbortController().signal;
Deno.test.afterAll(() => server.stop("now"));

function login(user: string): Promise<void> {
  return engine.login({ ...targetOf(server), user, password: "password of the application" }, never);
}

/** What stays: owners, memberships, grants, the right to log in. */
async function rights(): Promise<unknown> {
  return await server.run(
    `SELECT (SELECT json_agg((r.rolname, r.rolcanlogin, r.rolcreatedb) ORDER BY r.rolname) FROM pg_roles r)::text AS roles,
      (SELECT json_agg((a.roleid::regrole, a.member::regrole, a.admin_option) ORDER BY a.roleid::regrole::text, a.member::regrole::text)
        FROM pg_auth_members a)::text AS members,
      (SELECT (c.relowner::regrole, c.relacl)::text FROM pg_class c WHERE c.relname = 't') AS table_of_app`,
    database,
  );
}

Deno.test("lockAccounts() lets nobody but the master log in, and changes nothing else", async () => {
  const { user } = server.master;
  await server.run(`CREATE ROLE person LOGIN PASSWORD 'password of the application'; GRANT app TO person;
    GRANT person TO "${user}" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await login("app");
  await login("person");
  const before = await rights();
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  assertEquals(await engine.lockAccounts(session), ["2 roles have no password any more"]);
  for (const name of ["app", "person"]) {
    await assertRejects(() => login(name), ScrubError, "the server refused the password");
  }
  await engine.login(targetOf(server), never);
  assertEquals(await rights(), before);
});

Deno.test("lockAccounts() tells who can still log in by IAM", async () => {
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  await server.run("GRANT rds_iam TO person");
  assertEquals(await engine.lockAccounts(session), [
    "2 roles have no password any more",
    `"person" can still log in with an IAM token: member of rds_iam`,
  ]);
  await server.run("REVOKE rds_iam FROM person");
});

Deno.test("lockAccounts() refuses where a role keeps its password", async () => {
  await server.run("CREATE ROLE stranger LOGIN PASSWORD 'p'; CREATE ROLE group_of_a_superuser");
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  await assertRejects(() => engine.lockAccounts(session), ScrubError, `Cannot take the passwords of "stranger":`);
});
