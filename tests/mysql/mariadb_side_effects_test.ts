/** What MariaDB would do as production, and how it tells who else is on it. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mysql } from "../../lib/mysql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { mariadb as startServer, mysqlProducts } from "../servers.ts";
import { create, open } from "./fixture.ts";

Deno.test({
  name: "MariaDB",
  ignore: !mysqlProducts.some(({ product }) => product === "MariaDB"),
  async fn(t) {
    await using server = await startServer({ settings: { "event-scheduler": "ON" } });
    const defused = async () => {
      await using session = await open(server);
      return await mysql.disableSideEffects(session);
    };

    await t.step("with nothing of the kind says nothing", async () => {
      assertEquals(await defused(), []);
    });

    await t.step("does not run events any more, and no event is running afterwards", async () => {
      await create(
        server,
        "app",
        "CREATE TABLE seen (n int)",
        "CREATE EVENT tick ON SCHEDULE EVERY 1 SECOND DO BEGIN INSERT INTO seen VALUES (1); DO SLEEP(0.5); END",
      );
      while ((await server.run("SELECT 1 FROM seen", "app")).length === 0);
      assertEquals(await defused(), ["event app.tick disabled; its definer is the master user now"]);
      assertEquals(await server.run("SELECT id FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'"), []);
      const shown = "SELECT status, definer FROM information_schema.events WHERE event_name = 'tick'";
      assertEquals(await server.run(shown), [{ status: "DISABLED", definer: "master@%" }]);
    });

    await t.step("keeps an event's settings where it is disabled", async () => {
      await create(
        server,
        "app",
        `SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES', time_zone = '+02:00';
          CREATE EVENT "od d" ON SCHEDULE EVERY '1:30' MINUTE_SECOND STARTS '2035-01-01 00:00:00' COMMENT 'why' DO DO 1`,
      );
      const all =
        `SELECT event_name, time_zone, event_definition, event_type, interval_value, interval_field, sql_mode, starts,
        on_completion, event_comment, character_set_client, collation_connection, database_collation
        FROM information_schema.events WHERE event_schema = 'app'`;
      const before = await server.run(all);
      await defused();
      assertEquals(await server.run(all), before);
    });

    await t.step("has no links to other servers any more, although its master may not drop them", async () => {
      await server.run(
        "CREATE SERVER other FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'elsewhere', USER 'dora', PASSWORD 'secret')",
      );
      assertEquals(await defused(), ['link to another server "other" dropped']);
      assertEquals(await server.run("SELECT * FROM mysql.servers"), []);
    });

    await t.step("that replicates is refused, and looks like production", async () => {
      await server.run(
        "CHANGE MASTER TO MASTER_HOST = 'localhost', MASTER_PORT = 1, MASTER_USER = 'nobody'; START SLAVE",
      );
      const error = await assertRejects(defused, ScrubError);
      await using session = await open(server);
      const signs = await mysql.live.productionSigns(session);
      await server.run("STOP SLAVE; RESET SLAVE ALL");
      assertStringIncludes(error.message, "Cannot scrub a server that replicates");
      assertEquals(signs.some(({ why }) => why === "it is a replica"), true);
    });

    await t.step("with a transaction that was prepared for two-phase commit is refused", async () => {
      await create(server, "app", "CREATE TABLE t (id int PRIMARY KEY)");
      await server.run("XA START 'branch'; INSERT INTO t VALUES (1); XA END 'branch'; XA PREPARE 'branch'", "app");
      const error = await assertRejects(defused, ScrubError);
      await server.run("XA ROLLBACK 'branch'");
      assertStringIncludes(error.message, "1 prepared XA transactions");
    });

    await t.step("shows its settings by their names", async () => {
      await using session = await open(server);
      assertEquals(
        await mysql.readSettings(session, ["event_scheduler", "init_connect", "no_such_setting"]),
        new Map([["event_scheduler", "ON"], ["init_connect", ""]]),
      );
    });

    await t.step("keeps no performance_schema, and yet tells sessions of others from a run's own", async () => {
      await create(server, "app", "CREATE TABLE t (id int PRIMARY KEY)");
      await using session = await open(server, "app");
      await using _second = await open(server, "app");
      assertEquals(await mysql.live.otherSessions(session), undefined);
      const other = server.run("DO GET_LOCK('there', 0); DO SLEEP(60)", "app").catch(() => {});
      while ((await server.run("SELECT IS_USED_LOCK('there') AS held"))[0]?.held === null);
      const found = await mysql.live.otherSessions(session);
      await server.run("EXECUTE IMMEDIATE CONCAT('KILL ', IS_USED_LOCK('there'))");
      await other;
      assertEquals(found, '1 other session (of "rdsadmin")');
    });
  },
});
