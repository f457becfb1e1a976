/** An index may have lost rows, or be older than they are: what a run reads of a table, it reads in the table. @module */

import { assertEquals } from "@std/assert";
import { Name, type Sql } from "../../../lib/engine/sql.ts";
import { mysql as engine } from "../../../lib/mysql/mod.ts";
import { sql } from "../../../lib/mysql/sql/literals.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, open } from "../fixture.ts";

for (const { product, start } of mysqlProducts) {
  const server = await start();
  await create(
    server,
    "app",
    "CREATE TABLE people (id int PRIMARY KEY, mail varchar(99), note text, KEY mails (mail))",
    "CREATE TABLE keyless (mail varchar(99), KEY mails (mail))",
    "CREATE TABLE files (id int PRIMARY KEY, mail varchar(99), KEY mails (mail)) ENGINE=MyISAM",
    "INSERT INTO files VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    "INSERT INTO people VALUES (1, 'a', 'a'), (2, 'b', 'b'), (3, 'c', 'c')",
  );
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });
  const { tables } = await engine.schema(session);
  const [keyless, people, files] = ["keyless", "people", "files"].map((name) =>
    tables.find((table) => table.name === name)
  );
  if (!people || !keyless || !files) throw new TypeError("Cannot find the tables");
  const chosen = new Name("chosen");
  const explained = async (query: Sql) => {
    const [row] = await session.query(sql`EXPLAIN FORMAT=TRADITIONAL ${query}`);
    return [row?.type, row?.key];
  };

  const everyRow = ["ALL", null];
  for (
    const { what, from, read } of [
      {
        what: "by its name the server reads an index alone",
        from: sql`${engine.tableName("app", people)}`,
        read: ["index", "mails"],
      },
      { what: "rows to search are the table's", from: engine.rowsToSearch("app", people), read: everyRow },
      { what: "rows to choose of are the table's", from: engine.rowsToChoose("app", people, chosen), read: everyRow },
      { what: "rows without a key are the table's", from: engine.rowsToSearch("app", keyless), read: everyRow },
      {
        what: "rows to search in MyISAM are those of its file",
        from: engine.rowsToSearch("app", files),
        read: everyRow,
      },
      {
        what: "rows to choose in MyISAM are those of its file",
        from: engine.rowsToChoose("app", files, chosen),
        read: everyRow,
      },
    ]
  ) {
    Deno.test(`${product}: ${what}`, async () => {
      assertEquals(await explained(sql`SELECT mail FROM ${from}`), read);
    });
  }

  Deno.test(`${product}: a range of keys to search is looked up in the key`, async () => {
    const range = sql`SELECT mail FROM ${engine.rowsToSearch("app", people)} WHERE id BETWEEN 1 AND 2`;
    assertEquals(await explained(range), ["range", "PRIMARY"]);
  });
}
