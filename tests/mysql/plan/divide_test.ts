/** What tables are divided into: every row is in exactly one piece, whatever its key; and copies in pieces are copies. @module */

import { assert, assertEquals } from "@std/assert";
import { joinSql } from "../../../lib/engine/sql.ts";
import { sql } from "../../../lib/mysql/sql/literals.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { tableName } from "../../../lib/mysql/sql/table_name.ts";
import { email, replacing } from "../../../lib/scrub/rules/strategies.ts";
import { scrubberOf, scrubFixture } from "../../scrub/scrub_fixture.ts";
import { mysqlProducts, type TestServer } from "../../servers.ts";
import { create, key, open, tableOf } from "../fixture.ts";

interface Keyed {
  readonly what: string;
  readonly keys: string;
  /** Absent: InnoDB. */
  readonly storageEngine?: string;
  readonly rows: readonly string[];
  /** At most 5 are asked for. */
  readonly pieces: number;
}

const greatest = "18446744073709551615";

const cases: readonly Keyed[] = [
  {
    what: "keys one after the other",
    keys: "id int PRIMARY KEY",
    rows: ["1", "2", "3", "4", "5", "6", "7"],
    pieces: 4,
  },
  { what: "as many keys as pieces", keys: "id int PRIMARY KEY", rows: ["1", "2", "3", "4", "5"], pieces: 5 },
  { what: "keys below zero", keys: "id int PRIMARY KEY", rows: ["-7", "-6", "0", "3"], pieces: 4 },
  {
    what: "all that a key can be",
    keys: "id bigint PRIMARY KEY",
    rows: ["-9223372036854775808", "0", "9223372036854775807"],
    pieces: 5,
  },
  {
    what: "keys beyond what a number holds exactly",
    keys: "id bigint unsigned PRIMARY KEY",
    rows: ["9007199254740993", greatest],
    pieces: 5,
  },
  { what: "keys that come down", keys: "id int, PRIMARY KEY (id DESC)", rows: ["1", "50", "99"], pieces: 5 },
  {
    what: "a key of two columns",
    keys: "id int, n int DEFAULT 1, PRIMARY KEY (id, n)",
    rows: ["1", "2", "9"],
    pieces: 5,
  },
  { what: "one row", keys: "id int PRIMARY KEY", rows: ["4"], pieces: 1 },
  { what: "no row", keys: "id int PRIMARY KEY", rows: [], pieces: 1 },
  { what: "keys that are words", keys: "id varchar(9) PRIMARY KEY", rows: ["'a'", "'b'"], pieces: 1 },
  {
    what: "a key that is a file of its own",
    keys: "id int PRIMARY KEY",
    storageEngine: "MyISAM",
    rows: ["1", "2", "9"],
    pieces: 1,
  },
  { what: "no key", keys: "id int", rows: ["1", "2", "NULL"], pieces: 1 },
];

for (const { product, start } of mysqlProducts) {
  const server = await start();
  Deno.test.afterAll(() => server.stop("now"));

  for (const { what, keys, storageEngine = "InnoDB", rows, pieces } of cases) {
    Deno.test(`${product}: divide(): ${what}`, async () => {
      await create(
        server,
        "divided",
        `CREATE TABLE t (${keys}) ENGINE=${storageEngine}`,
        ...rows.map((row) => `INSERT INTO t (id) VALUES (${row})`),
      );
      await using session = await open(server, "divided");
      const table = tableOf(await mysql.schema(session), "t");
      const conditions = await mysql.divide?.(session, "divided", table, 5) ?? [];
      assertEquals(conditions.length, pieces);
      const met = joinSql(conditions.map((condition) => sql`IF(${condition}, 1, 0)`), " + ");
      const [row] = await session.query(
        sql`SELECT COUNT(*) AS n, COALESCE(SUM(${met} = 1), 0) AS ones FROM ${tableName("divided", table)}`,
      );
      assertEquals([Number(row?.n), Number(row?.ones)], [rows.length, rows.length]);
    });
  }

  // A whole run, of which MariaDB does not count the statements.
  if (product === "MariaDB") continue;
  Deno.test(`${product}: a table that two sessions share ends up as one session would leave it, and is proven`, async () => {
    const scrubber = scrubberOf("mysql", {
      people: { columns: { address: email(), note: replacing("address") } },
    });
    const results: unknown[] = [];
    const copies = [await copiesSoFar(server)];
    for (const concurrency of [1, 2]) {
      await create(
        server,
        "shared",
        "CREATE TABLE people (id int PRIMARY KEY, address varchar(100) NOT NULL, note text, UNIQUE (address)) CHARACTER SET utf8mb4",
        `INSERT INTO people WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999)
        SELECT 10 * (1000 * a.n + b.n), CONCAT('p', a.n, '.', b.n, '@private.example'),
          CONCAT('to p', a.n, '.', b.n, '@private.example ', REPEAT('word ', 400))
        FROM numbers AS a, numbers AS b WHERE a.n < 5`,
        "ANALYZE TABLE people",
      );
      const { scrubbed } = await scrubFixture(server, "mysql", "shared", scrubber, { key, concurrency });
      const [executed] = scrubbed.executed;
      assert(executed !== undefined);
      results.push([
        executed.rows,
        await server.run("SELECT COUNT(*) AS n, SUM(CRC32(CONCAT(id, address, note))) AS sum FROM people", "shared"),
      ]);
      copies.push(await copiesSoFar(server));
    }
    assertEquals(results[1], results[0]);
    const [before = 0, alone = 0, both = 0] = copies;
    assertEquals(alone - before, 1);
    assert(both - alone > 1, "nothing was divided");
  });
}

/** Statements that have copied rows, of all sessions. */
async function copiesSoFar(server: TestServer): Promise<number> {
  const [row] = await server.run(
    "SELECT COALESCE(SUM(count_star), 0) AS n FROM performance_schema.events_statements_summary_by_digest WHERE digest_text LIKE 'INSERT INTO `datascrubbercopy%'",
  );
  return Number(row?.["n"]);
}
