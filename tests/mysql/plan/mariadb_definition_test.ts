/** A copy that replaces a table of MariaDB is the same table, but for its rows. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Session } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb, type TestServer } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";
import { readDefinitions } from "./definitions.ts";

const server = hasMariadb ? await mariadb() : undefined;
await server?.run(
  `CREATE USER owner@'%' IDENTIFIED BY 'OwnerPassword1'; CREATE USER reader@'%' IDENTIFIED BY 'ReaderPassword1';
    CREATE ROLE chief; GRANT ALL ON app.* TO owner@'%'; GRANT SET USER ON *.* TO master`,
);
Deno.test.afterAll(async () => {
  await server?.stop("now");
});

function test(name: string, run: (server: TestServer) => Promise<void>): void {
  Deno.test({ name: `MariaDB: ${name}`, ignore: server === undefined, fn: () => run(server as TestServer) });
}

/** Tables that have all that a copy could lose. */
const everything = [
  "CREATE SEQUENCE numbers",
  "CREATE TABLE parents (id int PRIMARY KEY, code varchar(9) UNIQUE)",
  `CREATE TABLE t (
    id int unsigned NOT NULL AUTO_INCREMENT COMMENT 'the \\'key\\', with; ( signs\\nand lines',
    parent_id int, own_id int unsigned, \`od\`\`d name\` varchar(40) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s \\\\ d',
    a varchar(100) CHARACTER SET latin1 NOT NULL, b text, n int DEFAULT NULL, hidden varchar(9) DEFAULT 'h' INVISIBLE,
    made varchar(36) DEFAULT uuid(), at timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    v varchar(120) GENERATED ALWAYS AS (concat(\`od\`\`d name\`, '!')) VIRTUAL, s varchar(120) AS (upper(a)) STORED,
    place point NOT NULL, data json, state enum('a','b''b') DEFAULT 'a', own uuid DEFAULT uuid(), host inet6, host4 inet4,
    small varchar(99) COMPRESSED, number bigint DEFAULT nextval(numbers), sum int DEFAULT (1 + 2) CHECK (sum > 0), same text UNIQUE,
    /*M!110700 coordinates vector(2) NOT NULL, */ begins date, ends date, PERIOD FOR lasting (begins, ends),
    PRIMARY KEY (id), UNIQUE KEY by_a (a), KEY by_v (v), KEY \`by ' quote\` (\`od\`\`d name\`) COMMENT 'an index',
    KEY unseen (n) IGNORED, KEY down (n DESC, id), UNIQUE KEY apart (n, lasting WITHOUT OVERLAPS),
    FULLTEXT KEY words (b), SPATIAL KEY where_it_is (place), KEY part (b(10)), /*M!110700 VECTOR KEY near (coordinates) M=6 DISTANCE=cosine, */
    CONSTRAINT up FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (own_id) REFERENCES t (id),
    CONSTRAINT positive CHECK (n > 0), CHECK (n < 1000)
  ) ENGINE=InnoDB AUTO_INCREMENT=5000 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
    STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=25 PAGE_COMPRESSED=1 COMMENT='all of it; CONSTRAINT \`x\` FOREIGN KEY'`,
  "CREATE TABLE children (id int PRIMARY KEY, t_id int unsigned, CONSTRAINT of_t FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)",
  "CREATE VIEW seen AS SELECT id, a FROM t",
  "CREATE TABLE log (what varchar(200))",
  "INSERT INTO parents VALUES (1, 'x')",
  `SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
    INSERT INTO t (id, parent_id, own_id, a, b, n, hidden, at, place, data, \`od\`\`d name\`, begins, ends, host, small /*M!110700 , coordinates */) VALUES
    (0, 1, NULL, 'zero', 'the words', 1, 'one', '2020-01-01 00:00:00.123', POINT(1, 2), '{"tags": ["x"]}', 'o', '2020-01-01', '2020-01-02',
      '::1', 'small' /*M!110700 , x'0000803f0000803f' */),
    (1, 1, 0, 'one', 'the words', 2, 'two', NULL, POINT(1, 2), NULL, 'o', '2020-01-01', '2020-01-02', NULL, NULL /*M!110700 , x'0000803f00000000' */),
    (2, NULL, 1, 'two', NULL, NULL, NULL, NULL, POINT(1, 2), NULL, 'o', '2020-01-01', '2020-01-02', NULL, NULL /*M!110700 , x'000000000000803f' */)`,
  "INSERT INTO children VALUES (1, 0), (2, 2)",
  `SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
    CREATE DEFINER=owner@'%' TRIGGER second BEFORE UPDATE ON t FOR EACH ROW SET NEW."n" = OLD.n + 0`,
  `SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci; SET sql_mode = 'STRICT_TRANS_TABLES';
    CREATE DEFINER=chief TRIGGER \`fir\`\`st\` BEFORE UPDATE ON t FOR EACH ROW PRECEDES second SET NEW.n = OLD.n`,
  `CREATE DEFINER=owner@'%' TRIGGER after_all AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (CONCAT('é', NEW.a))`,
  "GRANT SELECT, UPDATE (a, b) ON t TO reader@'%'",
];

function definitions(server: TestServer): Promise<Readonly<Record<string, unknown>>> {
  return readDefinitions(server, facts, "SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; ");
}

const facts: Readonly<Record<string, string>> = {
  columns: "SELECT * FROM information_schema.columns WHERE table_schema = 'app' ORDER BY table_name, ordinal_position",
  indexes: `SELECT table_name, index_name, seq_in_index, column_name, collation, sub_part, index_type, ignored
    FROM information_schema.statistics WHERE table_schema = 'app' ORDER BY 1, 2, 3`,
  keys:
    `SELECT * FROM information_schema.referential_constraints WHERE constraint_schema = 'app' ORDER BY table_name, constraint_name`,
  checks:
    "SELECT * FROM information_schema.check_constraints WHERE constraint_schema = 'app' ORDER BY table_name, constraint_name",
  triggers: `SELECT trigger_name, event_manipulation, action_timing, action_order, definer, sql_mode, action_statement
    FROM information_schema.triggers WHERE trigger_schema = 'app' ORDER BY trigger_name`,
  partitions:
    `SELECT table_name, partition_name, subpartition_name, partition_method, partition_expression, partition_description
    FROM information_schema.partitions WHERE table_schema = 'app' ORDER BY 1, 2, 3`,
  grants: "SHOW GRANTS FOR reader@'%'",
  view: "SELECT * FROM app.seen ORDER BY id",
};

async function carryOut(session: Session, changes: Readonly<Record<string, string>>) {
  await mysql.openScratch(session);
  const schema = await mysql.schema(session);
  const table = tableOf(schema, "t");
  const columns = table.columns.flatMap((column) => {
    const next = changes[column.name];
    return next === undefined ? [] : [{ column, newValue: trusted(next) }];
  });
  const plan = mysql.plan({ table, columns }, schema);
  for (const step of plan.steps) await session.run(step);
  await mysql.checkDefinitions?.(session, [plan]);
  await mysql.closeScratch(session);
  return plan;
}

test("a copy leaves every definition and every value as it was", async (server) => {
  await create(server, "app", ...everything);
  const all = "SELECT t.*, hidden, NULL AS b FROM t ORDER BY id";
  const before = [await definitions(server), await server.run(all, "app")];
  await using session = await open(server, "app");
  const plan = await carryOut(session, { b: "'new words'" });
  assertEquals([plan.shape, plan.why], ["copy-swap", "changes every row"]);
  assertEquals([await definitions(server), await server.run(all, "app")], before);
  assertEquals(await server.run("SELECT * FROM log", "app"), []);
});

test("a copy's foreign keys, triggers and indexes work as before", async (server) => {
  await create(server, "app", ...everything);
  {
    await using session = await open(server, "app");
    await carryOut(session, { b: "'new words'" });
  }
  await server.run(
    `DELETE FROM t WHERE id = 2; DELETE FROM parents;
    INSERT INTO t (a, place, begins, ends /*M!110700 , coordinates */)
      VALUES ('next', POINT(3, 4), '2020-01-01', '2020-01-02' /*M!110700 , x'0000803f0000803f' */)`,
    "app",
  );
  assertEquals(await server.run("SELECT id FROM children", "app"), [{ id: 1 }]);
  assertEquals(await server.run("SELECT id, parent_id FROM t ORDER BY id", "app"), [
    { id: 0, parent_id: null },
    { id: 1, parent_id: null },
    { id: 5000, parent_id: null },
  ]);
  assertEquals(await server.run("SELECT what FROM log", "app"), [{ what: "énext" }]);
  assertEquals(await server.run("SELECT id FROM t WHERE MATCH (b) AGAINST ('new words') ORDER BY id", "app"), [
    { id: 0 },
    { id: 1 },
  ]);
});

for (
  const { what, table } of [
    {
      what: "ranges",
      table:
        "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2) COMMENT = 'low', PARTITION p1 VALUES LESS THAN MAXVALUE)",
    },
    { what: "keys", table: "PARTITION BY KEY (id) PARTITIONS 3" },
    { what: "MyISAM", table: "ENGINE=MyISAM AUTO_INCREMENT=77 CHECKSUM=1" },
    { what: "Aria", table: "ENGINE=Aria AUTO_INCREMENT=77 TRANSACTIONAL=1 PAGE_CHECKSUM=0" },
    { what: "MEMORY", table: "ENGINE=MEMORY" },
    { what: "old rows", table: "ROW_FORMAT=REDUNDANT" },
    { what: "compressed pages", table: "PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=9" },
    { what: "compressed rows", table: "ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8" },
  ]
) {
  test(`a copy leaves a table of ${what} as it was`, async (server) => {
    await create(server, "app", `CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a varchar(20)) ${table}`);
    await server.run("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z'); CREATE VIEW seen AS SELECT id FROM t", "app");
    const before = await definitions(server);
    await using session = await open(server, "app");
    assertEquals((await carryOut(session, { a: "CONCAT(`a`, '!')" })).shape, "copy-swap");
    assertEquals(await definitions(server), before);
    assertEquals(await server.run("SELECT a FROM t ORDER BY id", "app"), [{ a: "x!" }, { a: "y!" }, { a: "z!" }]);
  });
}

const row = "INSERT INTO t (id, a) VALUES (1, 'old')";

/** Tables that no copy can replace, and why. */
const obstacles: readonly { readonly what: string; readonly make: readonly string[]; readonly why: string }[] = [
  {
    what: "a trigger from before the database's collation changed",
    make: [
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
      row,
      "CREATE DEFINER=owner@'%' TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id",
      "ALTER DATABASE app COLLATE utf8mb4_bin",
    ],
    why: 'its trigger "x" cannot be created again: the database\'s collation is another one now',
  },
  {
    what: "options that its storage engine does not know",
    make: [
      "SET sql_mode = IGNORE_BAD_TABLE_OPTIONS; CREATE TABLE t (id int PRIMARY KEY, a varchar(9) zork = 'two')",
      row,
    ],
    why: "it has options that its storage engine does not know",
  },
];

for (const { what, make, why } of obstacles) {
  test(`a table with ${what} is changed in place and rebuilt`, async (server) => {
    await create(server, "app", ...make, "CREATE VIEW seen AS SELECT id FROM t");
    const before = await definitions(server);
    await using session = await open(server, "app");
    const plan = await carryOut(session, { a: "'new'" });
    assertEquals([plan.shape, plan.steps.map(({ label }) => label)], ["update", ["update t", "rebuild t"]]);
    assertStringIncludes(plan.why, why);
    assertEquals(await server.run("SELECT a FROM t", "app"), [{ a: "new" }]);
    assertEquals(await definitions(server), before);
  });
}

test("a trigger of another definer is an obstacle for a master user who may not name one", async (server) => {
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
    "CREATE DEFINER=owner@'%' TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id",
    "CREATE TABLE own (id int PRIMARY KEY)",
    "CREATE DEFINER=master@'%' TRIGGER y BEFORE INSERT ON own FOR EACH ROW SET NEW.id = NEW.id",
  );
  await server.run("REVOKE SET USER ON *.* FROM master");
  await using session = await open(server, "app");
  const { tables } = await mysql.schema(session);
  await server.run("GRANT SET USER ON *.* TO master");
  assertEquals(tables.map(({ mysql }) => mysql?.obstacles), [
    [],
    ['its trigger "x" cannot be created again: the master user may not name another user as its definer'],
  ]);
});

test("a table of InnoDB that no rule changes is rebuilt, and an untouched one of Aria is not", async (server) => {
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, gone text)",
    "ALTER TABLE t DROP gone, ALGORITHM = INSTANT",
    "CREATE TABLE aria (id int PRIMARY KEY) ENGINE = Aria",
  );
  await using session = await open(server, "app");
  const schema = await mysql.schema(session);
  assertEquals(schema.tables.map((table) => mysql.plan({ table, columns: [] }, schema).shape), ["none", "rewrite"]);
});
