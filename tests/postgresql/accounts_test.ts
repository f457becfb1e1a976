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

for (
  const { what, make, refused } of [
    {
      what: "a role that the master user administers",
      make: "CREATE ROLE x LOGIN; GRANT x TO master WITH ADMIN OPTION",
    },
    { what: "a role called like RDS's own", make: "CREATE ROLE rds_report LOGIN", refused: '"rds_report"' },
    { what: "a role that the master user may not alter", make: "CREATE ROLE x LOGIN PASSWORD 'p'", refused: '"x"' },
    {
      what: "a role that the master user is a mere member of",
      make: "CREATE ROLE x LOGIN; GRANT x TO master",
      refused: '"x"',
    },
    { what: "a superuser", make: "CREATE ROLE x LOGIN SUPERUSER; GRANT x TO master WITH ADMIN OPTION", refused: '"x"' },
    { what: "two such roles", make: "CREATE ROLE x LOGIN; CREATE ROLE y LOGIN", refused: '"x", "y"' },
    { what: "a group that nobody logs in as", make: "CREATE ROLE x" },
    { what: "RDS Proxy's own", make: "CREATE ROLE rdsproxyadmin LOGIN" },
  ] satisfies readonly { what: string; make: string; refused?: string }[]
) {
  Deno.test(`checkAccounts() ${refused === undefined ? "passes" : "refuses"} ${what}, and changes nothing`, async () => {
    await server.run(make);
    const passwords = "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1";
    const before = await server.run(passwords);
    await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
    const checked = engine.checkAccounts(session);
    if (refused === undefined) await checked;
    else {
      await assertRejects(
        () => checked,
        ScrubError,
        `Cannot take the passwords of ${refused}: the master user may not`,
      );
    }
    assertEquals(await server.run(passwords), before);
    await server.run("DROP ROLE IF EXISTS x, y, rds_report, rdsproxyadmin");
  });
}

Deno.test("lockAccounts() lets nobody but the master log in, and changes nothing else", async () => {
  const { user } = server.master;
  await server.run(`CREATE ROLE person LOGIN PASSWORD 'password of the application'; GRANT app TO person;
    GRANT person TO "${user}" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await login("app");
  await login("person");
  const before = await rights();
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  assertEquals(await engine.lockAccounts(session), ["removed the password of 2 roles"]);
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
    "removed the password of 2 roles",
    `"person" can still log in with an IAM token: member of rds_iam`,
  ]);
  await server.run("REVOKE rds_iam FROM person");
});

Deno.test("lockAccounts() refuses where a role keeps its password", async () => {
  await server.run("CREATE ROLE stranger LOGIN PASSWORD 'p'; CREATE ROLE group_of_a_superuser");
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  await assertRejects(() => engine.lockAccounts(session), ScrubError, `Cannot take the passwords of "stranger":`);
  await server.run("DROP ROLE stranger");
});

Deno.test("lockAccounts() tells of a password that may stay where nobody logs in", async () => {
  await using session = await engine.open({ ...targetOf(server), database: "postgres" }, key, never);
  assertEquals(
    (await engine.lockAccounts(session)).at(-1),
    '"group_of_a_superuser" may not log in, and may keep a password: the master user may not alter it',
  );
});
