import { assertEquals, assertRejects } from "@std/assert";
import { type Name, sqlTag, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { mysqlProducts } from "../../servers.ts";
import { testDatabase } from "../../scrub/scrub_fixture.ts";
import { create, never, open, tableOf, target } from "../fixture.ts";

const sql = sqlTag("`");
for (const { product, start } of mysqlProducts) {
  const test = (name: string, fn: () => void | Promise<void>) => Deno.test(`${product}: ${name}`, fn);
  const server = await start();

  await create(
    server,
    "app",
    "CREATE TABLE editions (id int unsigned AUTO_INCREMENT PRIMARY KEY, state varchar(20))",
    "INSERT INTO editions VALUES (1, 'draft'), (2, 'draft'), (3, 'published'), (4, 'draft')",
    `CREATE TABLE pairs (code varchar(20) CHARACTER SET latin1 COLLATE latin1_bin, n datetime, text text, PRIMARY KEY (code, n))`,
    "INSERT INTO pairs VALUES ('a', '2020-01-01', 'x'), ('A', '2020-01-01', 'y')",
  );
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });
  const schema = await mysql.schema(session);
  const editions = tableOf(schema, "editions");
  const pairs = tableOf(schema, "pairs");

  const fill = async (name: string, rows: string, of = editions) => {
    const scratch = mysql.scratch("app", name, of);
    for (const step of mysql.fillScratch(scratch, trusted(rows))) await session.run(step);
    return scratch;
  };

  test("fillScratch() collapses keys that come twice", async () => {
    await mysql.openScratch(session);
    const scratch = await fill("drafts", "SELECT id FROM editions WHERE id > 1 UNION ALL SELECT id FROM editions");
    const rows = await session.query(sql`SELECT * FROM ${scratch.table}`);
    assertEquals(rows.map(({ id }) => id), [1, 2, 3, 4]);
  });

  test("fillScratch() keeps the key columns' own types and equality", async () => {
    await mysql.openScratch(session);
    const scratch = await fill("pairs", "SELECT code, n FROM pairs", pairs);
    assertEquals((await session.query(sql`SELECT 1 FROM ${scratch.table} WHERE code = 'A'`)).length, 1);
    const [row] = await session.query(sql`SELECT COUNT(*) AS n FROM ${scratch.table}`);
    assertEquals(row?.n, 2);
  });

  test("addToScratch() tells how many keys were new", async () => {
    await mysql.openScratch(session);
    const scratch = await fill("some", "SELECT id FROM editions WHERE id <= 2");
    assertEquals(await session.run(mysql.addToScratch(scratch, trusted("SELECT id FROM editions"))), { rows: 2 });
    assertEquals(await session.run(mysql.addToScratch(scratch, trusted("SELECT id FROM editions"))), { rows: 0 });
  });

  test("addToScratch() may read the scratch that it fills", async () => {
    await mysql.openScratch(session);
    const scratch = await fill("chain", "SELECT id FROM editions WHERE id = 1");
    const more = sql`SELECT editions.id FROM editions JOIN ${scratch.table} AS known ON editions.id = known.id + 1`;
    assertEquals(await session.run(mysql.addToScratch(scratch, more)), { rows: 1 });
    assertEquals(await idsIn(scratch.table), [1, 2]);
  });

  const idsIn = async (name: Name): Promise<readonly unknown[]> => {
    return (await session.query(sql`SELECT id FROM ${name} ORDER BY id`)).map(({ id }) => id);
  };

  test("fillScratch() refuses a key that is NULL", async () => {
    await mysql.openScratch(session);
    await assertRejects(() => fill("nulls", "SELECT NULL"), ScrubError, "ER_BAD_NULL_ERROR");
  });

  test("openScratch() drops what was left of an earlier one", async () => {
    await mysql.openScratch(session);
    await fill("left", "SELECT id FROM editions");
    await mysql.openScratch(session);
    assertEquals(await tables(), []);
  });

  for (
    const { name, statement } of [
      { name: "datascrubber_empty", statement: "CREATE TABLE t (a int)" },
      { name: "datascrubber_empty", statement: "CREATE TABLE t (a int) COMMENT='datascrubber scratch'" },
      { name: "datascrubbercopy_empty", statement: "CREATE TABLE t (a int)" },
      { name: "datascrubbercopy_empty", statement: "SELECT 1" },
    ]
  ) {
    test(`openScratch() refuses a database "${name}" of somebody else's after "${statement}", and drops nothing`, async () => {
      await create(server, "empty");
      await create(server, name, statement);
      await using other = await open(server, "empty");
      const error = await assertRejects(() => mysql.openScratch(other), ScrubError);
      assertEquals(
        error.message,
        `Cannot work in database "empty": there is a database "${name}", which is the name of our scratch`,
      );
      await assertRejects(() => mysql.closeScratch(other), ScrubError);
      await mysql.dropDatabase(other, name);
    });
  }

  test("openScratch() refuses what a run with another key has left", async () => {
    await create(server, "empty");
    await using other = await open(server, "empty");
    await mysql.openScratch(other);
    await using later = await mysql.open(target(server, "empty"), new Uint8Array(32).fill(9), never);
    await assertRejects(() => mysql.openScratch(later), ScrubError, "which is the name of our scratch");
    await mysql.closeScratch(other);
  });

  test("closeScratch() leaves no database", async () => {
    await mysql.openScratch(session);
    await mysql.closeScratch(session);
    assertEquals(await server.run("SHOW DATABASES LIKE 'datascrubber%'"), []);
  });

  const tables = async (): Promise<unknown> => {
    return await server.run(`SELECT table_name FROM information_schema.tables
    WHERE table_schema LIKE 'datascrubber%' AND table_name <> 'datascrubber-mark'`);
  };

  test("scratch() gives different databases and sets different places", () => {
    const long = "x".repeat(63);
    const databases = ["app", "app2", `${long}a`, `${long}b`];
    const names = ["drafts", "dra-fts", "dra_fts", "dra.fts", long + "a".repeat(9), long + "b".repeat(9)];
    const places = databases.flatMap((database) =>
      names.map((name) => mysql.scratch(database, name, editions).table.quote("`"))
    );
    assertEquals(new Set(places).size, databases.length * names.length);
    for (const place of places) {
      for (const part of place.split(".")) assertEquals(part.length <= 66, true, `${place} is too long`);
    }
  });

  test("databases() leaves out the server's own and our scratch", async () => {
    await create(server, "empty");
    await mysql.openScratch(session);
    await fill("drafts", "SELECT id FROM editions");
    await using maintenance = await open(server);
    assertEquals(await mysql.listDatabases(maintenance, target(server), never), [
      testDatabase("app"),
      { ...testDatabase("empty"), empty: true },
    ]);
  });

  for (
    const { what, statement } of [
      { what: "a view", statement: "CREATE VIEW v AS SELECT 1 AS one" },
      { what: "a routine", statement: "CREATE PROCEDURE p() SELECT 1" },
      { what: "an event", statement: "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1" },
      ...(product === "MySQL"
        ? [{
          what: "a library",
          statement: "CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'export function f(n) {return n}'",
        }]
        : []),
    ]
  ) {
    test(`databases() does not call a database with ${what} empty`, async () => {
      await create(server, "object", statement);
      await using maintenance = await open(server);
      const found = await mysql.listDatabases(maintenance, target(server), never);
      assertEquals(found.filter(({ name }) => name === "object"), [testDatabase("object")]);
      await mysql.dropDatabase(maintenance, "object");
    });
  }

  for (
    const { what, name, statement } of [
      { what: "is called like scratch", name: "datascrubber_app", statement: "CREATE TABLE t (a int)" },
      {
        what: "has scratch of no database",
        name: "datascrubber_nothing",
        statement: "CREATE TABLE t (a int) COMMENT='datascrubber scratch'",
      },
      ...["tmp", "innodb"].flatMap((name) => [
        { what: `is called ${name}, and has a table`, name, statement: "CREATE TABLE t (a int)" },
        { what: `is called ${name}, and has a view`, name, statement: "CREATE VIEW v AS SELECT 1 AS one" },
        { what: `is called ${name}, and has a routine`, name, statement: "CREATE PROCEDURE p() SELECT 1" },
        {
          what: `is called ${name}, and has an event`,
          name,
          statement: "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO DO 1",
        },
      ]),
      {
        what: "looks like scratch of a database",
        name: "datascrubber_empty",
        statement: "CREATE TABLE t (a int) COMMENT='datascrubber scratch'",
      },
      {
        what: "has a mark that is none of ours",
        name: "datascrubber_empty",
        statement:
          "CREATE TABLE `datascrubber-mark` (mark text) COMMENT='datascrubber scratch' SELECT REPEAT('a', 64) AS mark",
      },
    ]
  ) {
    test(`databases() hides no data because the database ${what}`, async () => {
      await create(server, name, statement);
      await using maintenance = await open(server);
      const found = await mysql.listDatabases(maintenance, target(server), never);
      await mysql.dropDatabase(maintenance, name);
      assertEquals(found.filter((database) => database.name === name), [testDatabase(name)]);
    });
  }

  // MariaDB revokes nothing on one database that is granted on all.
  if (product === "MySQL") {
    for (
      const { what, name, from } of [
        { what: "from the master user itself", name: "closed", from: "master" },
        { what: "from a role of its", name: "closed", from: "team" },
        { what: "on one that has a name that RDS reserves", name: "tmp", from: "master" },
        { what: "on one that has the name of scratch", name: "datascrubber_app", from: "master" },
      ]
    ) {
      test(`databases() calls a database closed on which a privilege is revoked ${what}`, async () => {
        await create(server, name, "CREATE TABLE t (a text)");
        await server.run(`CREATE ROLE IF NOT EXISTS team; GRANT SELECT ON *.* TO team; GRANT team TO master;
      REVOKE SELECT ON \`${name}\`.* FROM ${from}`);
        await using maintenance = await open(server);
        const found = await mysql.listDatabases(maintenance, target(server), never);
        await server.run(`GRANT SELECT ON \`${name}\`.* TO ${from}; DROP ROLE team; DROP DATABASE \`${name}\``);
        assertEquals(found.filter((database) => database.name === name), [{
          ...testDatabase(name),
          connectable: false,
        }]);
      });
    }

    test("databases() lists a database that is closed to the master user and shown to it no more", async () => {
      await create(server, "closed", "CREATE TABLE t (a text)");
      await server.run("REVOKE ALL ON closed.* FROM master; REVOKE SHOW DATABASES ON *.* FROM master");
      await using maintenance = await open(server);
      const found = await mysql.listDatabases(maintenance, target(server), never);
      await server.run("GRANT ALL ON closed.* TO master; GRANT SHOW DATABASES ON *.* TO master; DROP DATABASE closed");
      assertEquals(found.filter(({ name }) => name === "closed"), [{ ...testDatabase("closed"), connectable: false }]);
    });
  }

  test("dropDatabase() drops a database of any name", async () => {
    await create(server, "odd-name; x");
    await using maintenance = await open(server);
    await mysql.dropDatabase(maintenance, "odd-name; x");
    assertEquals(await server.run("SHOW DATABASES LIKE 'odd%'"), []);
  });

  if (product === "MySQL") {
    test("a database that is set READ ONLY is refused before the first change, and dropped where that is asked for", async () => {
      await create(server, "archive", "CREATE TABLE people (name varchar(20))");
      await server.run("ALTER DATABASE archive READ ONLY = 1");
      await using session = await open(server, "archive");
      const schema = await mysql.schema(session);
      const error = await assertRejects(async () => await mysql.checkRows?.(session, schema), ScrubError);
      assertEquals([error.code, error.message], ["table", 'Cannot scrub database "archive": it is set READ ONLY']);
      await mysql.dropDatabase(session, "archive");
      assertEquals(await server.run("SHOW DATABASES LIKE 'archive'"), []);
    });
  }
}
