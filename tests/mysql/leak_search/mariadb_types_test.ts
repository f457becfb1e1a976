/** Values of MariaDB's own types are searched as the texts that people know them by. @module */

import { assertEquals } from "@std/assert";
import { Name, type Sql } from "../../../lib/engine/sql.ts";
import { searchable } from "../../../lib/mysql/leak_search/searchable.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { sql } from "../../../lib/mysql/sql/literals.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";

const server = hasMariadb ? await mariadb() : undefined;
Deno.test.afterAll(async () => {
  await server?.stop("now");
});

for (
  const [type, value, expected] of [
    ["uuid", "'5eedda7a-1111-4222-8333-444455556666'", "5eedda7a-1111-4222-8333-444455556666"],
    ["inet6", "'2001:db8::5'", "2001:db8::5"],
    ["inet4", "'10.0.0.7'", "10.0.0.7"],
    ["json", `'{"mail": "ann@zmark.uk"}'`, '{"mail": "ann@zmark.uk"}'],
    ["varchar(99) COMPRESSED", "'ann@zmark.uk'", "ann@zmark.uk"],
    ["blob COMPRESSED", "'ann@zmark.uk'", "ann@zmark.uk"],
    ["varchar(99) INVISIBLE", "'ann@zmark.uk'", "ann@zmark.uk"],
  ] as const
) {
  Deno.test({
    name: `MariaDB: a value of ${type} is searched as its text`,
    ignore: server === undefined,
    async fn() {
      if (server === undefined) return;
      await create(
        server,
        "searched",
        `CREATE TABLE t (id int PRIMARY KEY, c ${type})`,
        `INSERT INTO t (id, c) VALUES (1, ${value}), (2, NULL)`,
      );
      await using session = await open(server, "searched");
      const [, column] = tableOf(await mysql.schema(session), "t").columns;
      const text: Sql | undefined = column && searchable(sql`${new Name("c")}`, column);
      const rows = await session.query(sql`SELECT ${text ?? sql`'nothing'`} AS text FROM t ORDER BY id`);
      assertEquals(rows, [{ text: expected }, { text: null }]);
    },
  });
}
