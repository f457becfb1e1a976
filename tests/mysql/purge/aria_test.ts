/** What the purge of MariaDB's system tables and their log says where it cannot reach them. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { purgeAriaLog, rewriteSystemTables } from "../../../lib/mysql/purge/aria.ts";
import { mariadb as startServer, mysqlProducts } from "../../servers.ts";
import { key, never, open, target } from "../fixture.ts";

Deno.test({
  name: "the purge of Aria",
  ignore: !mysqlProducts.some(({ product }) => product === "MariaDB"),
  async fn(t) {
    await using server = await startServer({
      settings: { "aria-checkpoint-interval": "0" },
    });

    await t.step("names system tables whose files the user may not write anew", async () => {
      await server.run(
        "CREATE USER poor IDENTIFIED BY 'PasswordOfThePoor1'; GRANT SELECT ON *.* TO poor; GRANT ALTER, INSERT, CREATE ON mysql.proc TO poor",
      );
      await using session = await mysql.open(
        { ...target(server), user: "poor", password: "PasswordOfThePoor1" },
        key,
        never,
      );
      const [found] = await rewriteSystemTables({ session });
      assertStringIncludes(found?.result ?? "", "not rewritten, the master user may not");
      assertStringIncludes(found?.result ?? "", "rows of mysql.column_stats");
      assertStringIncludes(found?.result ?? "", "mysql.global_priv");
      assertEquals(found?.result.includes("mysql.proc,"), false);
    });

    await t.step("leaves RDS's own tables, which RDS may have in use, as they are", async () => {
      const holding = server.run("LOCK TABLES mysql.rds_configuration WRITE; DO GET_LOCK('rds', 0); DO SLEEP(60)")
        .catch(() => {});
      while ((await server.run("SELECT IS_USED_LOCK('rds') AS held"))[0]?.held === null);
      await using session = await open(server);
      await session.query(trusted("SET lock_wait_timeout = 0"));
      const [found] = await rewriteSystemTables({ session });
      await server.run("EXECUTE IMMEDIATE CONCAT('KILL ', IS_USED_LOCK('rds'))");
      await holding;
      assertStringIncludes(found?.result ?? "", "rewritten, ");
    });

    await t.step("deletes statistics of tables that are gone, and keeps the others", async () => {
      await server.run(
        `CREATE DATABASE shop; CREATE TABLE shop.users (id int PRIMARY KEY);
        INSERT INTO mysql.column_stats (db_name, table_name, column_name, min_value)
          VALUES ('shop', 'users', 'id', '1'), ('shop', 'gone', 'name', 'ann')`,
      );
      await using session = await open(server);
      const [found] = await rewriteSystemTables({ session });
      assertStringIncludes(found?.result ?? "", "rewritten, ");
      assertEquals(found?.result.includes("not rewritten"), false);
      assertEquals(await server.run("SELECT table_name AS name FROM mysql.column_stats"), [{ name: "users" }]);
    });

    await t.step("says that the log stays until the server's start where no checkpoint deletes it", async () => {
      await using session = await open(server);
      const [found] = await purgeAriaLog({ session });
      assertStringIncludes(found?.result ?? "", "overwritten with 10 MiB; the server's settings keep the former files");
    });
  },
});
