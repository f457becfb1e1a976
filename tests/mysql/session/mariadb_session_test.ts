/** A session on MariaDB: its settings, and its errors, without a value. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { connectionError } from "../../../lib/mysql/session/errors.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { mariadb as startServer, mysqlProducts } from "../../servers.ts";
import { create, never, open, target } from "../fixture.ts";

Deno.test({
  name: "on MariaDB",
  ignore: !mysqlProducts.some(({ product }) => product === "MariaDB"),
  async fn(t) {
    await using server = await startServer();

    await t.step("open() sets the session so that no row is refused or changed by accident", async () => {
      await server.run(
        "SET GLOBAL idle_transaction_timeout = 1, GLOBAL check_constraint_checks = 0, GLOBAL max_statement_time = 600, GLOBAL max_recursive_iterations = 2",
      );
      await using session = await open(server);
      const rows = await session.query(trusted(`SELECT @@sql_mode AS sql_mode, @@time_zone AS time_zone,
        @@foreign_key_checks AS foreign_key_checks, @@autocommit AS autocommit, @@tx_isolation AS isolation,
        @@lock_wait_timeout AS lock_wait_timeout, @@max_statement_time AS statement_time,
        @@idle_transaction_timeout AS idle, @@check_constraint_checks AS checks,
        (WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
          SELECT COUNT(*) FROM numbers) AS counted`));
      assertEquals(rows, [{
        sql_mode: "NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION",
        time_zone: "+00:00",
        foreign_key_checks: 0,
        autocommit: 1,
        isolation: "READ-COMMITTED",
        lock_wait_timeout: 30,
        statement_time: 0,
        idle: 0,
        checks: 1,
        counted: 2000,
      }]);
    });

    await create(
      server,
      "app",
      `CREATE TABLE people (id int PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, short varchar(2), number int,
        CONSTRAINT no_beast CHECK (number <> 666), CHECK (number <> 667), checked int CHECK (checked <> 668))`,
      "INSERT INTO people VALUES (1, 'zmark', 'a', 1, 1), (2, 'b', 'b', 2, 2)",
    );
    for (
      const { what, statement, message } of [
        {
          what: "a violated unique key",
          statement: "UPDATE app.people SET name = 'zmark'",
          message: 'two rows would have the same value in a unique key (ER_DUP_ENTRY "name")',
        },
        {
          what: "text that is too long",
          statement: "UPDATE app.people SET short = 'zmark'",
          message: 'a new value is too long (ER_DATA_TOO_LONG "short")',
        },
        {
          what: "a CHECK constraint",
          statement: "UPDATE app.people SET number = 666",
          message: 'a CHECK constraint refuses a new value (ER_CONSTRAINT_FAILED "no_beast")',
        },
        {
          what: "a CHECK constraint of a column",
          statement: "UPDATE app.people SET checked = 668",
          message: 'a CHECK constraint refuses a new value (ER_CONSTRAINT_FAILED "people.checked")',
        },
        {
          what: "a value of another type",
          statement: "UPDATE app.people SET number = 'zmark'",
          message: "the server refused it (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)",
        },
        {
          what: "a missing table",
          statement: "UPDATE app.persons SET number = 1",
          message: 'the server refused it (ER_NO_SUCH_TABLE "app.persons")',
        },
        {
          what: "two statements at once",
          statement: "DO 1; DO 2",
          message: "the server refused it (ER_PARSE_ERROR)",
        },
        {
          what: "a statement that took too long",
          statement: "SET STATEMENT max_statement_time = 0.01 FOR UPDATE app.people SET number = SLEEP(10)",
          message: "the server refused it (ER_STATEMENT_TIMEOUT)",
        },
        {
          what: "a pattern that takes too long",
          statement: "UPDATE app.people SET number = CONCAT(REPEAT('a', 40), '!') REGEXP '^(a+)+$'",
          message: "a text is too long, or too uniform, for the server's regular expressions (ER_REGEXP_ERROR)",
        },
        {
          what: "a document that is none",
          statement: `UPDATE app.people SET name = JSON_REPLACE('{"a": 1} zmark', '$.a', 2)`,
          message: "a document of JSON is none, or deeper than the server reads (ER_JSON_SYNTAX)",
        },
        {
          what: "a document that is too deep",
          statement: `UPDATE app.people SET name = JSON_COMPACT(CONCAT(REPEAT('[', 40), REPEAT(']', 40)))`,
          message: "a document of JSON is none, or deeper than the server reads (ER_JSON_SYNTAX)",
        },
      ]
    ) {
      await t.step(`run() tells of ${what} without a value`, async () => {
        await using session = await open(server, "app");
        const error = await assertRejects(
          () => session.run({ label: "change people", sql: trusted(statement) }),
          ScrubError,
        );
        assertEquals(error.message, `Cannot change people in database "app": ${message}`);
        assertEquals(Deno.inspect(error, { depth: 9 }).includes("zmark"), false);
      });
    }

    await t.step("run() takes an administrative statement's error row as an error", async () => {
      await using session = await open(server, "app");
      const error = await assertRejects(
        () => session.run({ label: "analyze t", sql: trusted("ANALYZE TABLE missing") }),
        ScrubError,
      );
      assertStringIncludes(error.message, "Cannot analyze t");
    });

    await t.step("a connection that is killed is an error, never an unkeyed hash", async () => {
      await using session = await open(server, "app");
      const sleeping = session.run({ label: "wait", sql: trusted("DO GET_LOCK('here', 0), SLEEP(60)") });
      const told = assertRejects(() => sleeping, ScrubError);
      while ((await server.run("SELECT IS_USED_LOCK('here') AS held"))[0]?.held === null);
      await server.run("EXECUTE IMMEDIATE CONCAT('KILL ', IS_USED_LOCK('here'))");
      assertStringIncludes((await told).message, "the connection was lost, and the pseudonym key with it");
      const hash = mysql.expressions.pseudonym(mysql.expressions.text("a"));
      await assertRejects(() => session.scan(trusted(`SELECT ${hash.text}`)), ScrubError);
    });

    await t.step("the key is in no statement that the server logs", async () => {
      await server.run("SET GLOBAL general_log = 1");
      const letters = "a key in letters, of 32 of them!";
      const secret = new TextEncoder().encode(letters);
      for (let opened = 0; opened < 2; opened++) {
        await using session = await mysql.open(target(server), secret, never);
        const [row] = await session.query(trusted("SELECT HEX(@datascrubber_key) AS hex"));
        assertEquals(row?.hex, secret.toHex().toUpperCase());
      }
      await server.run("SET GLOBAL general_log = 0");
      const logged = await server.run("SELECT LOWER(CONVERT(argument USING utf8mb4)) AS text FROM mysql.general_log");
      const all = logged.map(({ text }) => String(text)).join("\n");
      assertStringIncludes(all, "set @datascrubber_key");
      assertEquals([letters, secret.toHex()].filter((text) => all.includes(text)), []);
      // The mask in four places of a statement, never the pad beside it.
      assertEquals(new Set(all.match(/[0-9a-f]{64}/g)).size, 2);
    });

    await t.step("lock holders are left out where the server does not tell them", async () => {
      await using session = await open(server, "app");
      await session.query(trusted("SET lock_wait_timeout = 0"));
      const other = server.run("LOCK TABLES people WRITE; DO GET_LOCK('held', 0); DO SLEEP(60)", "app").catch(() => {});
      while ((await server.run("SELECT IS_USED_LOCK('held') AS held"))[0]?.held === null);
      const error = await assertRejects(
        () => session.run({ label: "change people", sql: trusted("ALTER TABLE people FORCE") }),
        ScrubError,
      );
      await server.run("EXECUTE IMMEDIATE CONCAT('KILL ', IS_USED_LOCK('held'))");
      await other;
      assertStringIncludes(error.message, "ER_LOCK_WAIT_TIMEOUT");
    });

    await t.step("an account of a plugin that the program lacks gets a hint of its own", () => {
      // Of the driver; no ed25519 is packaged with the server.
      const refusal = Object.assign(new Error("unknown plugin client_ed25519"), { code: "AUTH_SWITCH_PLUGIN_ERROR" });
      const { code, message, hint } = connectionError("log in", target(server), refusal);
      assertEquals(code, "login");
      assertStringIncludes(message, "ed25519");
      assertStringIncludes(hint, "mysql_native_password");
    });
  },
});

Deno.test({
  name: "on MariaDB: a database that the server spells in lower case is asked for by that name",
  // MySQL takes the setting when its files are made, and from then on only that.
  ignore: !mysqlProducts.some(({ product }) => product === "MariaDB"),
  async fn() {
    await using server = await startServer({ settings: { "lower-case-table-names": "1" } });
    await create(server, "shop", "CREATE TABLE people (id int PRIMARY KEY)");
    const error = await assertRejects(() => mysql.openReadOnly(target(server, "Shop"), never), ScrubError);
    assertEquals([error.code, error.message], ["usage", 'Cannot use database "Shop": the server calls it "shop"']);
    await using session = await mysql.openReadOnly(target(server, "shop"), never);
    assertEquals(session.database, "shop");
  },
});
