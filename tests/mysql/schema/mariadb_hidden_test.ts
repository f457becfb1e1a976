/** A master user from whom MariaDB may hide objects is refused, before anything passes for not being there. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb } from "../../servers.ts";
import { create, open } from "../fixture.ts";

const server = hasMariadb ? await mariadb() : undefined;
Deno.test.afterAll(async () => {
  await server?.stop("now");
});

for (
  const [what, revoke, grant, missing] of [
    ["databases", "REVOKE SELECT ON *.*", "GRANT SELECT ON *.*", "SELECT"],
    ["triggers and events", "REVOKE TRIGGER, EVENT ON *.*", "GRANT TRIGGER, EVENT ON *.*", "TRIGGER, EVENT"],
  ] as const
) {
  Deno.test({
    name: `MariaDB: a master user who may not see all ${what} is refused`,
    ignore: server === undefined,
    async fn() {
      if (server === undefined) return;
      await server.run(`${revoke} FROM master; GRANT SELECT ON mysql.* TO master`);
      await using session = await open(server);
      const error = await assertRejects(() => mysql.serverInventory(session), ScrubError);
      await server.run(`${grant} TO master; REVOKE SELECT ON mysql.* FROM master`);
      assertEquals(
        error.message,
        "Cannot know what is on the server: the server may hide objects from the master user, which has no global privilege " +
          missing,
      );
    },
  });
}

Deno.test({
  name: "MariaDB: a role that is active by itself counts, and texts of others are read with RDS's privileges",
  ignore: server === undefined,
  async fn() {
    if (server === undefined) return;
    await create(
      server,
      "others",
      "CREATE TABLE t (id int PRIMARY KEY)",
      "CREATE DEFINER = somebody VIEW v AS SELECT id FROM t",
      "CREATE DEFINER = somebody PROCEDURE p() SELECT 1",
      "CREATE DEFINER = somebody FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
      "SET sql_mode = ORACLE; CREATE DEFINER = somebody PACKAGE pack AS FUNCTION one RETURN int; END",
      "CREATE DEFINER = somebody TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @x = 1",
      "CREATE DEFINER = somebody EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1",
    );
    await server.run(
      "CREATE ROLE seeing; GRANT TRIGGER, EVENT ON *.* TO seeing; GRANT seeing TO master; " +
        "SET DEFAULT ROLE seeing FOR master; REVOKE TRIGGER, EVENT ON *.* FROM master",
    );
    await using session = await open(server, "others");
    const { unknownColumns } = await mysql.serverInventory(session);
    const { objects } = await mysql.inventory(session);
    await server.run("GRANT TRIGGER, EVENT ON *.* TO master; DROP ROLE seeing");
    assertEquals(unknownColumns, []);
    assertEquals(objects.map(({ kind, name, text }) => [kind, name, text]), [
      ["event", "e", "plain"],
      ["function", "f", "plain"],
      ["function", "p", "plain"],
      ["function", "pack", "plain"],
      ["option", "event e", "plain"],
      ["trigger", "r on t", "plain"],
      ["view", "v", "plain"],
    ]);
  },
});
