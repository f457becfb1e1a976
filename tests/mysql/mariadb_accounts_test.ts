/** Accounts of MariaDB: nothing of a person's login stays in mysql.global_priv. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mysql } from "../../lib/mysql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { mariadb as startServer, mysqlProducts, type TestServer } from "../servers.ts";
import { create, never, open, target } from "./fixture.ts";

const hasServer = mysqlProducts.some(({ product }) => product === "MariaDB");
const password = "OldPassword1";
const native = (text: string) => `mysql_native_password USING PASSWORD('${text}')`;

/** Accounts that hold more than a password; "zmark" is what nothing may hold afterwards. */
const cases: readonly { readonly what: string; readonly name: string; readonly create: string }[] = [
  { what: "has a password", name: "app", create: `CREATE USER app@'%' IDENTIFIED BY '${password}'` },
  { what: "is called like MySQL's own", name: "mysql.sys", create: "CREATE USER 'mysql.sys'@localhost" },
  { what: "is called like RDS's own", name: "rds_report", create: "CREATE USER rds_report@'%' IDENTIFIED BY 'x'" },
  {
    what: "must show a person's certificate",
    name: "certified",
    create: "CREATE USER certified@'%' IDENTIFIED BY 'x' REQUIRE SUBJECT '/CN=zmark' AND ISSUER '/CN=zmark'",
  },
  {
    what: "must use a cipher of its own",
    name: "enciphered",
    create: "CREATE USER enciphered@'%' IDENTIFIED BY 'x' REQUIRE CIPHER 'zmark'",
  },
  {
    what: "is a person's of the operating system",
    name: "socket",
    create: "CREATE USER socket@'%' IDENTIFIED VIA unix_socket AS 'zmark'",
  },
  {
    what: "has several ways to log in",
    name: "doubled",
    create: `CREATE USER doubled@'%' IDENTIFIED VIA unix_socket AS 'zmark' OR ${native(password)}`,
  },
  {
    what: "has a plugin that is not there",
    name: "lost",
    create: `CREATE USER lost@'%' IDENTIFIED BY 'x'; UPDATE mysql.global_priv
      SET priv = JSON_SET(priv, '$.plugin', 'lost', '$.authentication_string', 'zmark') WHERE user = 'lost'; FLUSH PRIVILEGES`,
  },
  {
    what: "has a default role that is gone",
    name: "orphan",
    create:
      `CREATE ROLE zmark; CREATE USER orphan@'%'; GRANT zmark TO orphan@'%'; SET DEFAULT ROLE zmark FOR orphan@'%';
      DROP ROLE zmark`,
  },
];

const grants = "SHOW GRANTS FOR app@'%'";
const stored = `SELECT user, host, priv FROM mysql.global_priv
  WHERE host IN ('', 'localhost') AND user <> 'mysql.sys' OR user IN ('master', 'rdsproxyadmin') ORDER BY user, host`;

async function locked(server: TestServer): Promise<readonly string[]> {
  await using session = await open(server);
  await mysql.checkAccounts(session);
  return await mysql.lockAccounts(session);
}

Deno.test({
  name: "MariaDB's accounts",
  ignore: !hasServer,
  async fn(t) {
    await using server = await startServer();
    await create(server, "app", "CREATE TABLE t (id int)");
    for (const { create } of cases) await server.run(create);
    await server.run(
      `CREATE USER ''@'10.0.0.1' IDENTIFIED BY '${password}', iam@'%' IDENTIFIED VIA unix_socket AS 'RDS',
        rdsproxyadmin@'%' IDENTIFIED BY '${password}', rdsadmin@'%' IDENTIFIED BY '${password}';
      CREATE ROLE reading; GRANT SELECT ON app.* TO reading; GRANT reading TO app@'%'; SET DEFAULT ROLE reading FOR app@'%';
      GRANT INSERT, UPDATE (id) ON app.t TO app@'%';
      CREATE TABLE mysql.password_reuse_check_history (hash binary(64) PRIMARY KEY, time timestamp DEFAULT CURRENT_TIMESTAMP);
      INSERT INTO mysql.password_reuse_check_history (hash) VALUES ('zmark'), ('zmark 2')`,
    );
    const [own, before] = [await server.run(stored), await server.run(grants)];
    const sentences = await locked(server);

    await t.step("are told of without a word that they held", () => {
      assertEquals(sentences, [
        "locked, without a password: @10.0.0.1, app@%, certified@%, doubled@%, enciphered@%, iam@%, lost@%, " +
        "mysql.sys@localhost, orphan@%, rds_report@%, rdsadmin@%, socket@%",
        "emptied: 2 former passwords",
        "emptied: further ways of authentication of 1 account",
        "emptied: names in certificates of 1 account",
        "emptied: ciphers of 1 account",
        "emptied: default roles that are gone of 1 account",
      ]);
    });

    await t.step("are locked but the master's, RDS's and the server's", async () => {
      const open = await server.run(`SELECT CONCAT(user, '@', host) AS account FROM mysql.global_priv
        WHERE NOT COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) AND NOT COALESCE(JSON_VALUE(priv, '$.is_role'), 0) ORDER BY 1`);
      assertEquals(open.map(({ account }) => account), ["master@%", "rdsadmin@localhost", "rdsproxyadmin@%"]);
    });

    for (const { what, name } of cases) {
      await t.step(`hold nothing of one that ${what}`, async () => {
        const [row] = await server.run(
          `SELECT CONVERT(priv USING utf8mb4) AS text, JSON_VALUE(priv, '$.plugin') AS plugin,
          JSON_VALUE(priv, '$.authentication_string') AS hash FROM mysql.global_priv WHERE user = '${name}'`,
        );
        assertEquals([row?.plugin, row?.hash], ["mysql_native_password", "invalid"]);
        assertEquals(String(row?.text).includes("zmark"), false, name);
      });
    }

    await t.step("have no former passwords", async () => {
      assertEquals(await server.run("SELECT * FROM mysql.password_reuse_check_history"), []);
    });

    await t.step("do not log in when somebody unlocks them", async () => {
      await server.run("ALTER USER app@'%', doubled@'%' ACCOUNT UNLOCK");
      for (const user of ["app", "doubled"]) {
        for (const given of [password, "", "invalid"]) {
          const login = { ...target(server), user, password: given };
          await assertRejects(() => mysql.login(login, never), ScrubError, "ER_ACCESS_DENIED_ERROR");
        }
      }
    });

    await t.step("keep the plugin of IAM", async () => {
      assertEquals(
        await server.run("SELECT plugin, authentication_string AS told FROM mysql.user WHERE user = 'iam'"),
        [{ plugin: "unix_socket", told: "RDS" }],
      );
    });

    await t.step("stay as they were where they are roles, RDS's, the server's or the master's", async () => {
      assertEquals(await server.run(stored), own);
      await mysql.login(target(server), never);
    });

    await t.step("keep privileges and roles", async () => {
      const without = (rows: unknown) => JSON.stringify(rows).replaceAll(/ IDENTIFIED BY PASSWORD '.*?'/g, "");
      assertEquals(without(await server.run(grants)), without(before));
    });

    for (
      const { what, make, undo = "DROP USER x@'%'", message } of [
        {
          what: "an attribute that the server does not write",
          make:
            `CREATE USER x@'%'; UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.zmark', 'Dora') WHERE user = 'x'`,
          message: 'Cannot empty "x@%"',
        },
        {
          what: "a key that is there twice",
          make: `CREATE USER x@'%'; UPDATE mysql.global_priv SET priv = '{"access":0,"access":4711}' WHERE user = 'x'`,
          message: 'Cannot empty "x@%"',
        },
        {
          what: "a text for a number",
          make: `CREATE USER x@'%'; UPDATE mysql.global_priv SET priv = '{"access":"Dora"}' WHERE user = 'x'`,
          message: 'Cannot empty "x@%"',
        },
        {
          what: "a role with a password",
          make:
            `CREATE ROLE x; UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.authentication_string', 'x') WHERE user = 'x'`,
          undo: "DROP ROLE x",
          message: 'Cannot empty "x@"',
        },
        {
          what: "an attribute of the server's own account",
          make: `UPDATE mysql.global_priv SET priv = JSON_SET(priv, '$.zmark', 'Dora') WHERE user = 'mariadb.sys'`,
          undo: "UPDATE mysql.global_priv SET priv = JSON_REMOVE(priv, '$.zmark') WHERE user = 'mariadb.sys'",
          message: 'Cannot empty "mariadb.sys@localhost"',
        },
        { what: "any other account", make: `CREATE USER x@'%' IDENTIFIED BY '${password}'` },
      ] satisfies readonly { what: string; make: string; undo?: string; message?: string }[]
    ) {
      await t.step(`${message === undefined ? "pass" : "are refused"} before anything changes: ${what}`, async () => {
        await server.run(make);
        const before = await server.run("SELECT * FROM mysql.global_priv");
        await using session = await open(server);
        if (message === undefined) await mysql.checkAccounts(session);
        else {
          const error = await assertRejects(() => mysql.checkAccounts(session), ScrubError);
          assertStringIncludes(error.message, message);
          assertEquals(/zmark|Dora/.test(error.message + error.hint), false);
        }
        assertEquals(await server.run("SELECT * FROM mysql.global_priv"), before);
        await server.run(undo);
      });
    }

    await t.step("are refused where the master user may not change them", async () => {
      await server.run(`CREATE USER x@'%'; REVOKE CREATE USER, UPDATE ON *.* FROM master@'%'`);
      await using session = await open(server);
      const error = await assertRejects(() => mysql.checkAccounts(session), ScrubError);
      assertStringIncludes(error.message, '"x@%"');
      await server.run("GRANT CREATE USER, UPDATE ON *.* TO master@'%'; DROP USER x@'%'");
    });
  },
});
