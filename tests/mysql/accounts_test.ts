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

/** Accounts that hold more than a password; "zmark" is what nothing may hold afterwards. */
const cases: readonly { readonly what: string; readonly name: string; readonly create: string }[] = [
  { what: "is called like RDS's own", name: "rds_report", create: "CREATE USER rds_report@'%' IDENTIFIED BY 'x'" },
  { what: "is called like Aurora's own", name: "aurora_x", create: "CREATE USER aurora_x@'%' IDENTIFIED BY 'x'" },
  { what: "is called like a server's own", name: "mysql.zed", create: "CREATE USER 'mysql.zed'@'%' IDENTIFIED BY 'x'" },
  {
    what: "has a comment",
    name: "commented",
    create: "CREATE USER commented@'%' IDENTIFIED BY 'x' COMMENT 'zmark of Dora''s'",
  },
  {
    what: "has attributes, in names and in values",
    name: "attributed",
    create:
      `CREATE USER attributed@'%' IDENTIFIED BY 'x' ATTRIBUTE '{"zmark \\\\"it''s": 1, "b": {"c": ["zmark"]}, "comment": "zmark"}'`,
  },
  {
    what: "has former passwords",
    name: "remembering",
    create: `CREATE USER remembering@'%' IDENTIFIED BY 'x' PASSWORD HISTORY 5 PASSWORD REUSE INTERVAL 365 DAY;
      ALTER USER remembering@'%' IDENTIFIED BY 'y'`,
  },
  {
    what: "must show a person's certificate",
    name: "certified",
    create: "CREATE USER certified@'%' IDENTIFIED BY 'x' REQUIRE SUBJECT '/CN=zmark' AND ISSUER '/CN=zmark'",
  },
  {
    what: "is a person's of the operating system",
    name: "socket",
    create: "CREATE USER socket@'%' IDENTIFIED WITH auth_socket AS 'zmark'",
  },
  {
    what: "has a second factor",
    name: "doubled",
    create: "CREATE USER doubled@'%' IDENTIFIED BY 'x' AND IDENTIFIED WITH auth_socket AS 'zmark'",
  },
  {
    what: "has a plugin that is not there",
    name: "lost",
    create: `CREATE USER lost@'%' IDENTIFIED BY 'x'; FLUSH PRIVILEGES;
      UPDATE mysql.user SET plugin = 'authentication_lost', authentication_string = 'zmark' WHERE user = 'lost'; FLUSH PRIVILEGES`,
  },
];
await server.run("INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'");
for (const { create } of cases) await server.run(create);
await server.run(
  `CREATE USER iam@'%' IDENTIFIED WITH auth_socket AS 'RDS', rdsproxyadmin@'%' IDENTIFIED BY '${password}',
    rdsadmin@'%' IDENTIFIED BY '${password}';
  CREATE ROLE described; ALTER USER described@'%' COMMENT 'zmark';
  ALTER USER master@'%' PASSWORD HISTORY 3 COMMENT 'zmark'; ALTER USER master@'%' IDENTIFIED BY 'FormerPassword1';
  ALTER USER master@'%' IDENTIFIED BY '${server.master.password}' RETAIN CURRENT PASSWORD`,
);

const grants = "SHOW GRANTS FOR app@'%'";
const hashes = `SELECT user, host, authentication_string AS hash FROM mysql.user
  WHERE user IN ('reading', 'rdsproxyadmin') OR host = 'localhost' ORDER BY user`;
const oldHashes = (await server.run("SELECT authentication_string AS hash FROM mysql.user")).map(({ hash }) => hash);
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
    "SELECT CONCAT(user, '@', host) AS account FROM mysql.user WHERE account_locked = 'N' ORDER BY 1",
  );
  assertEquals(locked.map(({ account }) => account), ["master@%", "rdsadmin@localhost", "rdsproxyadmin@%"]);
});

Deno.test("lockAccounts() says what became of accounts, without a word that they held", () => {
  assertEquals(sentences, [
    "locked, with a random password: @10.0.0.1, app@%, attributed@%, aurora_x@%, certified@%, commented@%, doubled@%, iam@%, " +
    "lost@%, mysql.zed@%, od'd u@%, rds_report@%, rdsadmin@%, remembering@%, socket@%",
    "emptied: comments and attributes of 4 accounts",
    "emptied: former passwords of 2 accounts",
    "emptied: second passwords of 2 accounts",
    "emptied: further factors of authentication of 1 account",
    "emptied: names in certificates of 1 account",
    "emptied: texts for authentication plugins of 2 accounts",
  ]);
});

for (const { what, name } of cases) {
  Deno.test(`an account that ${what} is locked and holds nothing of it`, async () => {
    const [row] = await server.run(
      `SELECT account_locked AS locked, authentication_string AS hash, CONCAT_WS('\n', authentication_string,
      CAST(user_attributes AS CHAR), x509_subject, x509_issuer) AS text FROM mysql.user WHERE user = '${name}'`,
    );
    assertEquals([row?.locked, String(row?.text).includes("zmark")], ["Y", false]);
    assertEquals(oldHashes.includes(row?.hash), false, "its password is the old one");
  });
}

for (
  const { what, query } of [
    {
      what: "comments and attributes",
      query: "SELECT 1 FROM information_schema.user_attributes WHERE attribute LIKE '%zmark%'",
    },
    { what: "former passwords", query: "SELECT 1 FROM mysql.password_history" },
    {
      what: "second passwords but the master's",
      query: "SELECT 1 FROM mysql.user WHERE user <> 'master' AND user_attributes LIKE '%additional_password%'",
    },
  ]
) {
  Deno.test(`no account has ${what}`, async () => {
    assertEquals(await server.run(query), []);
  });
}

Deno.test("the master's former passwords do not log in", async () => {
  await assertRejects(() => mysql.login({ ...target(server), password: "FormerPassword1" }, never), ScrubError);
});

Deno.test("an account of IAM's keeps its plugin", async () => {
  assertEquals(await server.run("SELECT plugin, authentication_string AS told FROM mysql.user WHERE user = 'iam'"), [
    { plugin: "auth_socket", told: "RDS" },
  ]);
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

Deno.test("a receiver can give the master another password, as RDS does", async () => {
  await server.run(
    `ALTER USER master@'%' IDENTIFIED BY '${server.master.password}'; ALTER USER master@'%' DISCARD OLD PASSWORD`,
  );
  await mysql.login(target(server), never);
});

Deno.test("an account that the master user may not change is refused by name", async () => {
  await server.run("CREATE USER 'system'@'%' IDENTIFIED BY 'OldPassword1'; GRANT SYSTEM_USER ON *.* TO 'system'@'%'");
  await using session = await open(server);
  const error = await assertRejects(() => mysql.lockAccounts(session), ScrubError);
  await server.run("DROP USER 'system'@'%'");
  assertEquals([error.kind, error.message], ["refused", 'Cannot lock account "system@%": the master user may not']);
});

for (
  const { what, make, message } of [
    {
      what: "an account with SYSTEM_USER",
      make: "CREATE USER x@'%' IDENTIFIED BY 'OldPassword1'; GRANT SYSTEM_USER ON *.* TO x@'%'",
      message: 'Cannot lock account "x@%": the master user may not',
    },
    {
      what: "a role with SYSTEM_USER and a comment",
      make: "CREATE ROLE x; ALTER USER x COMMENT 'zmark'; GRANT SYSTEM_USER ON *.* TO x",
      message: 'Cannot lock account "x@%": the master user may not',
    },
    {
      what: "a partial revoke on a database that is not there",
      make: "CREATE USER x@'%'; GRANT SELECT ON *.* TO x@'%'; REVOKE SELECT ON `zmark Dora`.* FROM x@'%'",
      message: 'Cannot keep partial revokes of "x@%": they name a database that does not exist',
    },
    { what: "a role with SYSTEM_USER and nothing else", make: "CREATE ROLE x; GRANT SYSTEM_USER ON *.* TO x" },
    {
      what: "a partial revoke on a database",
      make: "CREATE USER x@'%'; GRANT SELECT ON *.* TO x@'%'; REVOKE SELECT ON app.* FROM x@'%'",
    },
    { what: "any other account", make: "CREATE USER x@'%' IDENTIFIED BY 'OldPassword1' COMMENT 'zmark'" },
  ] satisfies readonly { what: string; make: string; message?: string }[]
) {
  Deno.test(`checkAccounts() ${message === undefined ? "passes" : "refuses"} ${what}, and changes nothing`, async () => {
    await server.run(`SET GLOBAL partial_revokes = ON; ${make}`);
    const account = "SELECT * FROM mysql.user WHERE user = 'x'";
    const found = await server.run(account);
    await using session = await open(server);
    if (message === undefined) await mysql.checkAccounts(session);
    else assertEquals((await assertRejects(() => mysql.checkAccounts(session), ScrubError)).message, message);
    const after = await server.run(account);
    await server.run("DROP USER x@'%'");
    assertEquals(after, found);
  });
}
