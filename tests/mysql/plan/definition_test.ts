import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Session, TableChange } from "../../../lib/engine/engine.ts";
import type { Table } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { handOver } from "../../../scripts/local_rds/folder.ts";
import { mysql as startServer } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";
import { readDefinitions } from "./definitions.ts";

const server = await startServer();
await server.run(
  `CREATE USER owner@'%' IDENTIFIED BY 'OwnerPassword1'; CREATE USER reader@'%' IDENTIFIED BY 'ReaderPassword1';
    GRANT ALL ON app.* TO owner@'%'`,
);
Deno.test.afterAll(() => server.stop("now"));

/** A table that has all that a copy could lose. */
const everything = [
  "CREATE TABLE parents (id int PRIMARY KEY, code varchar(9) UNIQUE)",
  `CREATE TABLE t (
    id int unsigned NOT NULL AUTO_INCREMENT COMMENT 'the \\'key\\', with; ( signs\\nand lines',
    parent_id int, own_id int unsigned, \`od\`\`d name\` varchar(40) COLLATE utf8mb4_bin NOT NULL DEFAULT 'd',
    a varchar(100) CHARACTER SET latin1 NOT NULL, b text, n int DEFAULT NULL, hidden varchar(9) DEFAULT 'h' INVISIBLE,
    made varchar(36) DEFAULT (uuid()), at timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    v varchar(120) GENERATED ALWAYS AS (concat(\`od\`\`d name\`, '!')) VIRTUAL, s varchar(120) AS (upper(a)) STORED,
    place point NOT NULL SRID 4326, data json, state enum('a','b') DEFAULT 'a',
    PRIMARY KEY (id), UNIQUE KEY by_a (a), KEY by_v (v), KEY \`by ' quote\` (\`od\`\`d name\`) COMMENT 'an index',
    KEY unseen (n) INVISIBLE, KEY down (n DESC, id), KEY functional ((lower(a))), KEY multi ((cast(data->'$.tags' as char(20) array))),
    FULLTEXT KEY words (b) WITH PARSER ngram, SPATIAL KEY where_it_is (place), KEY part (b(10)),
    CONSTRAINT up FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (own_id) REFERENCES t (id),
    CONSTRAINT positive CHECK (n > 0), CHECK (n < 1000), CONSTRAINT loose CHECK (n <> 7) NOT ENFORCED
  ) ENGINE=InnoDB AUTO_INCREMENT=5000 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8
    STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=25 COMMENT='all of it; CONSTRAINT \`x\` FOREIGN KEY'`,
  "CREATE TABLE children (id int PRIMARY KEY, t_id int unsigned, CONSTRAINT of_t FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)",
  "CREATE VIEW seen AS SELECT id, a FROM t",
  "CREATE TABLE log (what varchar(200))",
  "INSERT INTO parents VALUES (1, 'x')",
  `SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
    INSERT INTO t (id, parent_id, own_id, a, b, n, hidden, at, place, data, \`od\`\`d name\`) VALUES
    (0, 1, NULL, 'zero', 'the words', 1, 'one', '2020-01-01 00:00:00.123', ST_SRID(POINT(1, 2), 4326), '{"tags": ["x"]}', 'o'),
    (1, 1, 0, 'one', 'the words', 2, 'two', NULL, ST_SRID(POINT(1, 2), 4326), NULL, 'o'),
    (2, NULL, 1, 'two', NULL, NULL, NULL, NULL, ST_SRID(POINT(1, 2), 4326), NULL, 'o')`,
  "INSERT INTO children VALUES (1, 0), (2, 2)",
  `SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
    CREATE DEFINER=owner@'%' TRIGGER second BEFORE UPDATE ON t FOR EACH ROW SET NEW."n" = OLD.n + 0`,
  `SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci; SET sql_mode = 'STRICT_TRANS_TABLES';
    CREATE DEFINER=master@'%' TRIGGER \`fir\`\`st\` BEFORE UPDATE ON t FOR EACH ROW PRECEDES second SET NEW.n = OLD.n`,
  `CREATE DEFINER=owner@'%' TRIGGER after_all AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (CONCAT('é', NEW.a))`,
  "GRANT SELECT, UPDATE (a, b) ON t TO reader@'%'",
  "GRANT DELETE ON app.* TO reader@'%'",
];

function definitions(): Promise<Readonly<Record<string, unknown>>> {
  return readDefinitions(server, facts);
}

const facts: Readonly<Record<string, string>> = {
  tables: `SELECT table_name, engine, row_format, auto_increment, table_collation, create_options, table_comment
    FROM information_schema.tables WHERE table_schema = 'app' ORDER BY 1`,
  columns: "SELECT * FROM information_schema.columns WHERE table_schema = 'app' ORDER BY table_name, ordinal_position",
  indexes:
    `SELECT table_name, index_name, seq_in_index, column_name, collation, sub_part, index_type, is_visible, expression
    FROM information_schema.statistics WHERE table_schema = 'app' ORDER BY 1, 2, 3`,
  keys:
    `SELECT * FROM information_schema.referential_constraints WHERE constraint_schema = 'app' ORDER BY table_name, constraint_name`,
  usage: `SELECT * FROM information_schema.key_column_usage WHERE table_schema = 'app'
    ORDER BY table_name, constraint_name, ordinal_position`,
  checks:
    "SELECT * FROM information_schema.table_constraints WHERE constraint_schema = 'app' ORDER BY table_name, constraint_name",
  triggers: `SELECT trigger_name, event_manipulation, action_timing, action_order, definer, sql_mode, action_statement
    FROM information_schema.triggers WHERE trigger_schema = 'app' ORDER BY trigger_name`,
  partitions:
    `SELECT table_name, partition_name, subpartition_name, partition_method, partition_expression, partition_description
    FROM information_schema.partitions WHERE table_schema = 'app' ORDER BY 1, 2, 3`,
  grants: "SHOW GRANTS FOR reader@'%'",
  view: "SELECT * FROM app.seen ORDER BY id",
};

async function fateOf(
  session: Session,
  changes: Readonly<Record<string, string>>,
): Promise<[TableChange, Awaited<ReturnType<typeof mysql.schema>>]> {
  const schema = await mysql.schema(session);
  const table = tableOf(schema, "t");
  const columns = Object.entries(changes).map(([name, next]) => {
    const column = table.columns.find((column) => column.name === name);
    if (column === undefined) throw new Error(`no column ${name}`);
    return { column, newValue: trusted(next) };
  });
  return [{ table, columns }, schema];
}

async function carryOut(session: Session, changes: Readonly<Record<string, string>>) {
  await mysql.openScratch(session);
  const [change, schema] = await fateOf(session, changes);
  const plan = mysql.plan(change, schema);
  for (const step of plan.steps) await session.run(step);
  await mysql.purge(session, schema, [plan]);
  await mysql.closeScratch(session);
  return plan;
}

Deno.test("a copy leaves every definition as it was", async () => {
  await create(server, "app", ...everything);
  const before = await definitions();
  await using session = await open(server, "app");
  const plan = await carryOut(session, { b: "'new words'" });
  assertEquals(plan.shape, "copy-swap");
  assertEquals(await definitions(), before);
});

Deno.test("a histogram that was made after the plan is dropped", async () => {
  await create(
    server,
    "late",
    "CREATE TABLE t (id int PRIMARY KEY, at datetime)",
    "INSERT INTO t VALUES (1, '1970-01-31')",
  );
  await using session = await open(server, "late");
  const schema = await mysql.schema(session);
  await server.run("ANALYZE TABLE t UPDATE HISTOGRAM ON at", "late");
  assertEquals(await mysql.purge(session, schema, []), [{ step: "histograms", result: "dropped: t.at" }]);
  assertEquals(await server.run("SELECT * FROM information_schema.column_statistics WHERE schema_name = 'late'"), []);
});

Deno.test("a copy keeps every value that no rule changes", async () => {
  await create(server, "app", ...everything);
  const all = "SELECT t.*, hidden, NULL AS b FROM t ORDER BY id";
  const before = await server.run(all, "app");
  await using session = await open(server, "app");
  await carryOut(session, { b: "'new words'" });
  assertEquals(await server.run(all, "app"), before);
  assertEquals(await server.run("SELECT * FROM log", "app"), []);
});

Deno.test("a copy's foreign keys, triggers and indexes work as before", async () => {
  await create(server, "app", ...everything);
  {
    await using session = await open(server, "app");
    await carryOut(session, { b: "'new words'" });
  }
  await server.run(
    `DELETE FROM t WHERE id = 2; DELETE FROM parents;
    INSERT INTO t (a, place) VALUES ('next', ST_SRID(POINT(3, 4), 4326))`,
    "app",
  );
  assertEquals(await server.run("SELECT id FROM children", "app"), [{ id: 1 }]);
  assertEquals(await server.run("SELECT id, parent_id FROM t ORDER BY id", "app"), [
    { id: 0, parent_id: null },
    { id: 1, parent_id: null },
    { id: 5000, parent_id: null },
  ]);
  assertEquals(await server.run("SELECT what FROM log", "app"), [{ what: "énext" }]);
  assertEquals(await server.run("SELECT id FROM t WHERE MATCH (b) AGAINST ('new words') ORDER BY id", "app"), [{
    id: 0,
  }, { id: 1 }]);
});

for (
  const { what, table } of [
    {
      what: "ranges",
      table:
        "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2) COMMENT = 'low', PARTITION p1 VALUES LESS THAN MAXVALUE)",
    },
    {
      what: "hashes of ranges",
      table:
        "PARTITION BY RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    },
    { what: "keys", table: "PARTITION BY KEY (id) PARTITIONS 3" },
    { what: "MyISAM", table: "ENGINE=MyISAM AUTO_INCREMENT=77 CHECKSUM=1" },
    { what: "MEMORY", table: "ENGINE=MEMORY" },
    { what: "ARCHIVE", table: "ENGINE=ARCHIVE" },
    { what: "old rows", table: "ROW_FORMAT=REDUNDANT" },
    { what: "compressed pages", table: "COMPRESSION='zlib'" },
    { what: "the system tablespace", table: "TABLESPACE innodb_system" },
    { what: "room to grow", table: "AUTOEXTEND_SIZE=4M" },
  ]
) {
  Deno.test(`a copy leaves a table of ${what} as it was`, async () => {
    await create(server, "app", `CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a varchar(20)) ${table}`);
    await server.run("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z'); CREATE VIEW seen AS SELECT id FROM t", "app");
    const before = await definitions();
    await using session = await open(server, "app");
    assertEquals((await carryOut(session, { a: "CONCAT(`a`, '!')" })).shape, "copy-swap");
    assertEquals(await definitions(), before);
    assertEquals(await server.run("SELECT a FROM t ORDER BY id", "app"), [{ a: "x!" }, { a: "y!" }, { a: "z!" }]);
  });
}

Deno.test("a CSV table, which has no key, is copied", async () => {
  await create(
    server,
    "app",
    "CREATE TABLE t (id int NOT NULL, a varchar(20) NOT NULL) ENGINE=CSV",
    "INSERT INTO t VALUES (1, 'x')",
  );
  await using session = await open(server, "app");
  assertEquals((await carryOut(session, { a: "'new'" })).shape, "copy-swap");
  assertEquals(await server.run("SELECT * FROM t", "app"), [{ id: 1, a: "new" }]);
});

Deno.test("a table whose rows are those of other tables is refused", async () => {
  await create(
    server,
    "app",
    "CREATE TABLE one (id int, a varchar(9)) ENGINE=MyISAM",
    "CREATE TABLE t (id int, a varchar(9)) ENGINE=MERGE UNION=(one)",
  );
  await using session = await open(server, "app");
  const [change, schema] = await fateOf(session, { a: "'new'" });
  assertThrows(
    () => mysql.plan(change, schema),
    ScrubError,
    'Cannot change rows of "t": its rows are those of the tables that it merges',
  );
});

const row = "INSERT INTO t (id, a) VALUES (1, 'old')";

/** Tables that no copy can replace, and why. */
const obstacles: readonly { readonly what: string; readonly make: readonly string[]; readonly why: string }[] = [
  {
    what: "a trigger of a system user",
    make: [
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
      row,
      "CREATE DEFINER=rdsadmin@localhost TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id",
    ],
    why: 'its trigger "x" cannot be created again: its definer is a system user',
  },
  {
    what: "a trigger whose definer is gone",
    make: [
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
      row,
      "CREATE USER gone@localhost",
      "CREATE DEFINER=gone@localhost TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id",
      "DROP USER gone@localhost",
    ],
    why: 'its trigger "x" cannot be created again: its definer does not exist',
  },
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
    what: "a trigger in another character set",
    make: [
      "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
      row,
      "SET character_set_client = latin1; CREATE DEFINER=owner@'%' TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'é'",
    ],
    why: 'its trigger "x" cannot be created again: its text is in latin1',
  },
  {
    what: "a foreign key to no unique key",
    make: [
      "CREATE TABLE parents (id int, KEY (id))",
      `SET restrict_fk_on_non_standard_key = 0;
        CREATE TABLE t (id int PRIMARY KEY, a varchar(9), p int, FOREIGN KEY (p) REFERENCES parents (id))`,
      row,
    ],
    why: "one of its foreign keys references columns without a unique key",
  },
];

for (const { what, make, why } of obstacles) {
  Deno.test(`a table with ${what} is changed in place and rebuilt`, async () => {
    await create(
      server,
      "app",
      ...make,
      "CREATE VIEW seen AS SELECT id FROM t",
    );
    const before = await definitions();
    await using session = await open(server, "app");
    const plan = await carryOut(session, { a: "'new'" });
    assertEquals([plan.shape, plan.steps.map(({ label }) => label)], ["update", ["update t", "rebuild t"]]);
    assertStringIncludes(plan.why, why);
    assertEquals(await server.run("SELECT a FROM t", "app"), [{ a: "new" }]);
    assertEquals(await definitions(), before);
  });
}

Deno.test("a table whose UPDATE triggers can't be created again is refused", async () => {
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))",
    "CREATE USER gone@localhost",
    "CREATE DEFINER=gone@localhost TRIGGER x BEFORE UPDATE ON t FOR EACH ROW SET NEW.id = NEW.id",
    "DROP USER gone@localhost",
  );
  await using session = await open(server, "app");
  const [change, schema] = await fateOf(session, { a: "'new'" });
  assertThrows(() => mysql.plan(change, schema), ScrubError, "its definer does not exist");
});

for (
  const { what, make, shape } of [
    {
      what: "an instantly dropped column",
      make: [
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int)",
        "INSERT INTO t VALUES (1, 'x', 2)",
        "ALTER TABLE t DROP COLUMN b, ALGORITHM=INSTANT",
      ],
      shape: "rewrite",
    },
    {
      what: "an instantly dropped column in a partition",
      make: [
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int) PARTITION BY HASH (id) PARTITIONS 2",
        "INSERT INTO t VALUES (1, 'x', 2)",
        "ALTER TABLE t DROP COLUMN b, ALGORITHM=INSTANT",
      ],
      shape: "rewrite",
    },
    { what: "nothing of the kind", make: ["CREATE TABLE t (id int PRIMARY KEY, a varchar(9))"], shape: "none" },
    {
      what: "rows in MyISAM",
      make: ["CREATE TABLE t (id int PRIMARY KEY, a varchar(9)) ENGINE=MyISAM"],
      shape: "none",
    },
  ]
) {
  Deno.test(`a table that no rule touches and that has ${what} comes to ${shape}`, async () => {
    await create(server, "app", ...make);
    await using session = await open(server, "app");
    assertEquals((await carryOut(session, {})).shape, shape);
    const [left] = await server.run(
      "SELECT COUNT(*) AS n FROM information_schema.innodb_tables WHERE name LIKE 'app/%' AND total_row_versions > 0",
    );
    assertEquals(left, { n: 0 });
  });
}

const untouched: Table = {
  id: "t",
  schema: "app",
  name: "t",
  kind: "table",
  columns: [],
  primaryKey: [],
  uniqueKeys: [],
  rows: 0,
  bytes: 100_000_000,
  hasTriggers: false,
};
const details = {
  storageEngine: "InnoDB",
  definition: "",
  triggers: [],
  obstacles: [],
  hasRowVersions: false,
  histograms: [],
};

for (
  const { what, storageEngine = "InnoDB", mayHoldOldRows, shape } of [
    { what: "cannot have held old rows", mayHoldOldRows: false, shape: "none" },
    { what: "may hold old rows", mayHoldOldRows: true, shape: "rewrite" },
    { what: "may hold old rows in MyISAM", storageEngine: "MyISAM", mayHoldOldRows: true, shape: "rewrite" },
    { what: "is in memory only", storageEngine: "MEMORY", mayHoldOldRows: true, shape: "none" },
    { what: "is on another server", storageEngine: "FEDERATED", mayHoldOldRows: true, shape: "none" },
  ]
) {
  Deno.test(`a table that ${what} comes to ${shape}, whatever its size`, () => {
    const table = { ...untouched, mysql: { ...details, storageEngine } };
    const schema = { engine: "mysql", database: "app", version: 80_400, tables: [table], foreignKeys: [] } as const;
    assertEquals(mysql.plan({ table, columns: [], mayHoldOldRows }, schema).shape, shape);
  });
}

Deno.test("a table without a primary key is refused where the server asks for one, before anything is changed", async () => {
  await create(server, "app", "CREATE TABLE t (a varchar(9))");
  await server.run("SET GLOBAL sql_require_primary_key = ON");
  await using session = await open(server, "app");
  await server.run("SET GLOBAL sql_require_primary_key = OFF");
  const schema = await mysql.schema(session);
  const table = tableOf(schema, "t");
  const [a] = table.columns;
  if (!a) throw new Error("nothing to plan");
  for (const columns of [[], [{ column: a, newValue: trusted("'new'") }]]) {
    assertThrows(
      () => mysql.plan({ table, columns, mayHoldOldRows: true }, schema),
      ScrubError,
      'Cannot rebuild "t": it has no primary key, and sql_require_primary_key is on',
    );
  }
});

for (
  const { what, bytes, definition = "", statement } of [
    {
      what: "a copy for a small table",
      bytes: 16 * 1024 * 1024,
      statement: "ALTER TABLE `app`.`t` FORCE, ALGORITHM=COPY",
    },
    {
      what: "a copy for a large one with stored columns that the server computes",
      bytes: 17 * 1024 * 1024,
      definition: "  `g` varchar(60) GENERATED ALWAYS AS (upper(`a`)) STORED NOT NULL,",
      statement: "ALTER TABLE `app`.`t` FORCE, ALGORITHM=COPY",
    },
    { what: "the server's choice for a large one", bytes: 17 * 1024 * 1024, statement: "ALTER TABLE `app`.`t` FORCE" },
  ]
) {
  Deno.test(`a table that no rule touches is rebuilt by ${what}`, () => {
    const table = { ...untouched, bytes, mysql: { ...details, definition } };
    const schema = { engine: "mysql", database: "app", version: 80_400, tables: [table], foreignKeys: [] } as const;
    const { steps } = mysql.plan({ table, columns: [], mayHoldOldRows: true }, schema);
    assertEquals(steps.map(({ sql }) => sql.text), [statement]);
  });
}

Deno.test("a rebuild computes stored columns anew, whatever a file that was imported holds", async () => {
  const imported = (expression: string) =>
    `CREATE TABLE t (id int PRIMARY KEY, a varchar(9), g varchar(60) AS (concat(${expression}, a)) STORED)`;
  await create(server, "far", imported("'zmarkson '"), "INSERT INTO t (id, a) VALUES (1, 'x')");
  await create(server, "app", imported("'of '"), "ALTER TABLE t DISCARD TABLESPACE");
  await server.run("FLUSH TABLES far.t FOR EXPORT; UNLOCK TABLES");
  await Deno.copyFile(`${server.dataDir}/far/t.ibd`, `${server.dataDir}/app/t.ibd`);
  await handOver(`${server.dataDir}/app/t.ibd`);
  await server.run("ALTER TABLE t IMPORT TABLESPACE", "app");
  assertEquals(await server.run("SELECT g FROM t", "app"), [{ g: "zmarkson x" }]);
  await using session = await open(server, "app");
  const schema = await mysql.schema(session);
  const table = { ...tableOf(schema, "t"), bytes: 17 * 1024 * 1024 };
  for (const step of mysql.plan({ table, columns: [], mayHoldOldRows: true }, schema).steps) await session.run(step);
  assertEquals(await server.run("SELECT g FROM t", "app"), [{ g: "of x" }]);
});

Deno.test("a copy neither sorts rows nor puts them aside", async () => {
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), KEY covering (a, id))",
    "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')",
    "ANALYZE TABLE t",
  );
  await using session = await open(server, "app");
  await mysql.openScratch(session);
  const schema = await mysql.schema(session);
  const table = tableOf(schema, "t");
  const [only, gone] = ["only", "gone"].map((name) => mysql.scratch("app", name, table));
  const [, a] = table.columns;
  if (!only || !gone || !a) throw new Error("nothing to plan");
  for (const scratch of [only, gone]) {
    for (const step of mysql.fillScratch(scratch, trusted("SELECT id FROM t WHERE id = 1"))) await session.run(step);
  }
  const steps = mysql.plan(
    { table, deletedKeys: gone, columns: [{ column: a, newValue: trusted("'new'"), onlyKeys: only }] },
    schema,
  ).steps;
  const [, , create_, copy] = steps;
  if (!create_ || !copy) throw new Error("no copy");
  await session.run(create_);
  const rows = await session.query(trusted(`EXPLAIN FORMAT=TRADITIONAL ${copy.sql.text}`));
  assertEquals(
    rows.map(({ table, type, key, Extra }) => [table, type, key, String(Extra).match(/temporary|filesort|buffer/i)]),
    [
      ["t", "ALL", null, null],
      ["t", "ALL", null, null],
      ["only", "eq_ref", "PRIMARY", null],
      ["chosen", "eq_ref", "PRIMARY", null],
    ],
  );
});
