/** MariaDB only warns of what it leaves out of a result; MySQL leaves nothing out. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../../lib/engine/database_error.ts";
import type { Column } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { textLiteral } from "../../../lib/mysql/sql/literals.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, open } from "../fixture.ts";

for (const { product, start } of mysqlProducts) {
  const server = await start();
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, v varchar(100), b varbinary(100))",
    "INSERT INTO t VALUES (1, REPEAT('a', 40), X'C3A9'), (2, 'b', X'FF41')",
  );
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });

  Deno.test(`${product}: a regular expression that gives up is no answer`, async () => {
    const query = trusted(`SELECT id FROM t WHERE CONCAT(v, '!') REGEXP ${textLiteral("^(a+)+$").text}`);
    const error = await assertRejects(() => session.scan(query), DatabaseError);
    assertEquals(/^ER_REGEXP_(TIME_OUT|ERROR)$/.test(error.serverCode), true, error.serverCode);
  });

  Deno.test(`${product}: an array of more than a mebibyte is whole`, async () => {
    const [row] = await session.scan(
      trusted(
        "SELECT LENGTH(JSON_ARRAYAGG(REPEAT(v, 20000))) > 820000 * 2 AS whole FROM t, (SELECT 1 UNION ALL SELECT 2) AS twice",
      ),
    );
    assertEquals(row, { whole: 1 });
  });

  Deno.test(`${product}: bytes are read as text where they are that, and go into scratch whatever they are`, async () => {
    const column: Column = {
      name: "b",
      type: "varbinary(100)",
      kind: "binary",
      nullable: true,
      hasDefault: false,
      generated: false,
    };
    const text = mysql.expressions.searchable(trusted("b"), column) ?? trusted("NULL");
    await session.run({ label: "keep", sql: trusted(`CREATE TABLE kept SELECT id, ${text.text} AS v FROM t`) });
    const rows = await session.scan(trusted("SELECT v FROM kept ORDER BY id"));
    assertEquals(rows, [{ v: "é" }, { v: "ÿA" }]);
  });

  if (product === "MySQL") continue;
  for (
    const [what, query] of [
      [
        "an array that was cut",
        "SELECT LENGTH(JSON_ARRAYAGG(REPEAT('a', 5000000))) FROM t, (SELECT 1 UNION ALL SELECT 2) AS twice",
      ],
      ["a text longer than max_allowed_packet", "SELECT LENGTH(REPEAT(v, 100000000)) FROM t"],
      ["more warnings than are kept", `SELECT SUM(CAST(CONCAT(v, one.seq) AS UNSIGNED)) FROM t, seq_1_to_40000 AS one`],
    ] as const
  ) {
    Deno.test(`${product}: ${what} is no answer`, async () => {
      const error = await assertRejects(() => session.scan(trusted(query)), DatabaseError);
      assertEquals(error.serverCode, "unread");
      assertEquals(error.code, "statement");
    });
  }

  Deno.test(`${product}: a warning that says nothing of the sort is let through`, async () => {
    assertEquals(await session.scan(trusted("SELECT CAST('a' AS UNSIGNED) AS none FROM t WHERE id = 1")), [{
      none: 0,
    }]);
  });
}
