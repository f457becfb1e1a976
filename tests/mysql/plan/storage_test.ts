/** What reading ahead sends is understood by each product, and reads every row. @module */

import { assert, assertEquals } from "@std/assert";
import { mysql } from "../../../lib/mysql/mod.ts";
import { open } from "../fixture.ts";
import { mysqlProducts } from "../../servers.ts";

for (const { product, start } of mysqlProducts) {
  Deno.test(`${product}: rows, documents, long texts and indexes are read ahead`, async () => {
    await using server = await start();
    await server.run("CREATE DATABASE shop");
    await server.run(
      `CREATE TABLE notes (id int PRIMARY KEY, doc json, body mediumtext, tag varchar(20), KEY by_tag (tag));
      INSERT INTO notes VALUES (1, '{"a":1}', 'x', 'a'), (2, NULL, REPEAT('x', 100000), 'b'), (7, '[]', NULL, NULL);
      ANALYZE TABLE notes`,
      "shop",
    );
    await using session = await open(server, "shop");
    const { tables } = await mysql.schema(session);
    for (const part of ["rows", "indexes"] as const) {
      await using storage = await mysql.storagePieces(session, tables, part);
      let counted = 0;
      for (const { sql } of storage.pieces) counted += Number((await session.scan(sql))[0]?.["counted"]);
      assertEquals(counted, 3, part);
    }
    assert(await mysql.bytesRead(session) > 0 && await mysql.dataBytes(session) > 0);
  });
}
