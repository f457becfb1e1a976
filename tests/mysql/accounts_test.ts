import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mysql } from "../../lib/mysql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { mysql as startServer } from "../servers.ts";
import { create, never, open, target } from "./fixture.ts";

const server = await startServer();
Deno.test.afterAll(() => server.stop("now"));

const password = "OldPassword1";
await create(server, "app", "CREATE TABLE t (id int)");
await server.run(`SET GLOBAL general_log = 1;
  CREATE USER app@'%' IDENTIFIED BY '${password}', 'od''d u'@'%' IDENTIFIED BY '${password}', ''@'10.0.0.1' IDENTIFIED BY '${password}';
  ALTER USER app@'%' IDENTIFIED BY 'NewPassword1' RETAIN CURRENT PASSWORD;
  CREATE ROLE reading; GRANT SELECT ON app.* TO reading; GRANT reading TO app@'%'; GRANT INSERT, UPDATE (id) ON app.t TO app@'%'`);

const grants = "SHOW GRANTS FOR app@'%'";
const hashes = `SELECT user, host, authentication_string AS hash FROM mysql.user
  WHERE user IN ('master', 'rdsadmin', 'reading') OR user LIKE 'mysql.%' ORDER BY user`;
const [before, own] = [await server.run(grants), await server.run(hashes)];
const sentences = await (async () => {
  await using session = await open(server);
  return await mysql.lockAccounts(session);
})();

for (const old of [password, "NewPassword1"]) {
  Deno.test(`an account does not log in with ${old === password ? "the password before" : "its password"}`, async () => {
    const given = { ...target(server), user: "app", password: old };
    const error = await assertRejects(() => mysql.login(given, never), ScrubError);
    assertStringIncludes(error.message, "ER_ACCESS_DENIED_ERROR");
  });

  Deno.test(`nor does it when somebody unlocks it: ${old === password ? "the password before" : "its password"}`, async () => {
    await server.run("ALTER USER app@'%' ACCOUNT UNLOCK");
    const given = { ...target(server), user: "app", password: old };
    await assertRejects(() => mysql.login(given, never), ScrubError, "ER_ACCESS_DENIED_ERROR");
    await server.run("ALTER USER app@'%' ACCOUNT LOCK");
  });
}

Deno.test("every account is locked but the master's, RDS's and the server's", async () => {
  const locked = await server.run(
    "SELECT user FROM mysql.user WHERE account_locked = 'Y' AND user NOT LIKE 'mysql.%' ORDER BY user",
  );
  assertEquals(locked.map(({ user }) => user), ["", "app", "od'd u", "reading"]);
  assertEquals(sentences, ["locked, with a random password: @10.0.0.1, app@%, od'd u@%"]);
});

Deno.test("accounts of the master, RDS and the server, and roles, are as they were", async () => {
  assertEquals(await server.run(hashes), own);
  await mysql.login(target(server), never);
});

Deno.test("privileges and roles stay", async () => {
  assertEquals(await server.run(grants), before);
});

Deno.test("no statement holds a password", async () => {
  const logged = await server.run(
    "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE argument LIKE '%RANDOM%'",
  );
  assertEquals(logged.length > 0, true);
  for (const { text } of logged) assertEquals(/ AS '(?!<secret>)/.test(String(text)), false, String(text).slice(0, 40));
});

Deno.test("an account that the master user may not change is refused by name", async () => {
  await server.run("CREATE USER 'system'@'%' IDENTIFIED BY 'OldPassword1'; GRANT SYSTEM_USER ON *.* TO 'system'@'%'");
  await using session = await open(server);
  const error = await assertRejects(() => mysql.lockAccounts(session), ScrubError);
  await server.run("DROP USER 'system'@'%'");
  assertEquals([error.kind, error.message], ["refused", 'Cannot lock account "system@%": the master user may not']);
});
