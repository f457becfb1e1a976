/** Copies of a real MySQL server to a fresh one: equal, or an error. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import { copyServer, type ServerCopy } from "../../lib/rebuild/copy_server.ts";
import { open } from "../../lib/mysql/session/session.ts";
import { readReferenced } from "../../lib/rebuild/mysql/late_indexes.ts";
import { standIn } from "../notify/stand_in.ts";
import { mysql } from "../servers.ts";
import { assertAbortEndsPrograms, commandLines, isThere, quietLog, targetOf } from "./copies.ts";

const tools = new URL("../../.tools/mysql/", import.meta.url).pathname;
const programs = { dump: `${tools}mysqldump`, load: `${tools}mysql` };
const never = new AbortController().signal;
const database = "odd \"name'=\\x";
const left = await isThere(programs.dump) ? "" : " (left out: its programs are not there)";

const quoted = `\`${database}\``;

/** What production has. */
const accounts =
  `CREATE USER app@'%' IDENTIFIED BY 'secret of production', ann@'10.%' IDENTIFIED BY 'another secret' REQUIRE SSL;
  CREATE ROLE readers; GRANT readers TO ann@'10.%'; SET DEFAULT ROLE readers TO ann@'10.%';
  CREATE DATABASE ${quoted} CHARACTER SET latin1 COLLATE latin1_german1_ci; CREATE DATABASE other; CREATE DATABASE empty_one;
  GRANT ALL ON ${quoted}.* TO app@'%'; GRANT SELECT ON *.* TO readers; REVOKE SELECT ON other.* FROM readers`;

const schema =
  `CREATE TABLE people (id int AUTO_INCREMENT PRIMARY KEY, name varchar(50) CHARACTER SET utf8mb4, raw blob, data json, odd bit(3),
    doubled decimal(12, 2) GENERATED ALWAYS AS (price * 2) VIRTUAL, kept int GENERATED ALWAYS AS (CHAR_LENGTH(name)) STORED, hidden int INVISIBLE DEFAULT 7,
    kind enum('a', 'b') DEFAULT 'a', place point NOT NULL SRID 4326, stamp timestamp(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    zero date, price decimal(10, 2) COMMENT 'in euros', UNIQUE KEY by_name (name), KEY folded ((lower(name))), SPATIAL KEY (place), FULLTEXT KEY (name),
    CONSTRAINT positive CHECK (price >= 0)) AUTO_INCREMENT = 500 COMMENT 'who buys' ROW_FORMAT = COMPRESSED;
  SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
  INSERT INTO people (id, name, raw, data, odd, place, zero, price, hidden) VALUES
    (0, 'Zoë 🎉', x'00ff0a27225c', '{"a": [1, null]}', b'101', ST_GeomFromText('POINT(1 2)', 4326), '0000-00-00', 3.5, 9),
    (1, 'tab	and \\\\ and '' and ; \\n', NULL, NULL, NULL, ST_GeomFromText('POINT(3 4)', 4326), '2026-02-31', NULL, NULL);
  CREATE TABLE a_child (id int PRIMARY KEY, person int, CONSTRAINT its_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE);
  INSERT INTO a_child VALUES (1, 1), (2, NULL);
  CREATE TABLE parts (n int, v varchar(20)) PARTITION BY RANGE (n) (PARTITION low VALUES LESS THAN (10), PARTITION rest VALUES LESS THAN MAXVALUE);
  INSERT INTO parts VALUES (1, 'a'), (99, 'b');
  CREATE DEFINER = app@'%' TRIGGER touched BEFORE INSERT ON people FOR EACH ROW BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'it fired'; END;
  CREATE DEFINER = app@'%' FUNCTION twice(n int) RETURNS int DETERMINISTIC BEGIN RETURN 2 * n; END;
  CREATE DEFINER = app@'%' PROCEDURE nothing() SQL SECURITY INVOKER BEGIN SELECT 1; END;
  CREATE DEFINER = ghost@localhost VIEW z_named AS SELECT id, name FROM people; ALTER DEFINER = app@'%' VIEW z_named AS SELECT id, name FROM people;
  CREATE DEFINER = app@'%' VIEW a_named AS SELECT id, twice(id) AS doubled FROM z_named;
  CREATE DEFINER = ghost@localhost PROCEDURE haunted() BEGIN SELECT 2; END;
  CREATE DEFINER = app@'%' VIEW broken AS SELECT n FROM parts; CREATE TABLE other.t (n int PRIMARY KEY); INSERT INTO other.t VALUES (1), (2), (3);
  CREATE DEFINER = app@'%' VIEW gone AS SELECT * FROM other.t; CREATE DEFINER = master@'%' VIEW other.across AS SELECT id FROM ${quoted}.a_named;
  CREATE DEFINER = app@'%' EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 03:00:00' DISABLE COMMENT 'at night' DO BEGIN DELETE FROM parts; END;
  GRANT SELECT ON ${quoted}.a_named TO readers; GRANT EXECUTE ON FUNCTION ${quoted}.twice TO ann@'10.%'; GRANT SELECT (name) ON ${quoted}.people TO ann@'10.%';
  CREATE TABLE for_view (n int); CREATE DEFINER = app@'%' VIEW invalid AS SELECT n FROM for_view; DROP TABLE for_view;
  CREATE TABLE large (id int AUTO_INCREMENT PRIMARY KEY, v varchar(100), n int, UNIQUE KEY both_of (n, v(20)), KEY \`odd \`\`one\` (v DESC) COMMENT 'an index') COMMENT 'x';
  INSERT INTO large (v, n) WITH RECURSIVE one (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < 1000)
    SELECT REPEAT('x', 100), one.n * 1000 + other.n FROM one JOIN one AS other ON other.n <= 40; ANALYZE TABLE large;
  CREATE TABLE coded (id int PRIMARY KEY, code int, UNIQUE KEY (code)); CREATE TABLE by_code (code int, FOREIGN KEY (code) REFERENCES coded (code))`;

/** Facts of the copy: what a query gives there. */
const facts: readonly (readonly [what: string, sql: string, value: unknown])[] = [
  [
    "bytes and text are the same",
    "SELECT (GROUP_CONCAT(CONCAT_WS('|', id, name, HEX(raw), data, BIN(odd), ST_AsText(place), zero, stamp, price, hidden) ORDER BY id)) AS v FROM people",
    "SOURCE",
  ],
  ["an id of 0 is kept, and no trigger fired", "SELECT GROUP_CONCAT(id ORDER BY id) AS v FROM people", "0,1"],
  [
    "the next number is production's",
    "SELECT auto_increment AS v FROM information_schema.tables WHERE table_name = 'people'",
    500,
  ],
  [
    "generated columns are computed",
    "SELECT GROUP_CONCAT(CONCAT(COALESCE(doubled, '-'), ':', kept) ORDER BY id) AS v FROM people",
    "SOURCE",
  ],
  ["a place keeps its system", "SELECT MAX(ST_SRID(place)) AS v FROM people", 4326],
  [
    "a database keeps its collation",
    `SELECT default_collation_name AS v FROM information_schema.schemata WHERE schema_name LIKE 'odd%'`,
    "latin1_german1_ci",
  ],
  ["a view across databases works", "SELECT COUNT(*) AS v FROM other.across", 2],
  [
    "an event is there and disabled",
    "SELECT CONCAT(status, ' ', starts) AS v FROM information_schema.events WHERE event_name = 'nightly'",
    "DISABLED 2031-01-01 03:00:00",
  ],
  [
    "a trigger keeps its definer",
    "SELECT definer AS v FROM information_schema.triggers WHERE trigger_name = 'touched'",
    "app@%",
  ],
  [
    "every account is locked",
    "SELECT GROUP_CONCAT(DISTINCT account_locked) AS v FROM mysql.user WHERE user IN ('app', 'ann', 'readers', 'ghost')",
    "Y",
  ],
  [
    "a role is one from the login on",
    "SELECT CONCAT(user, default_role_user) AS v FROM mysql.default_roles",
    "annreaders",
  ],
  [
    "a partial revoke is there",
    "SELECT JSON_EXTRACT(user_attributes, '$.Restrictions[0].Database') AS v FROM mysql.user WHERE user = 'readers'",
    "other",
  ],
  [
    "a column's privilege is there",
    "SELECT column_name AS v FROM information_schema.column_privileges WHERE grantee LIKE '%ann%'",
    "name",
  ],
];

Deno.test(`mysql: copies of a server${left}`, async (t) => {
  if (left !== "") return;
  await using source = await mysql();
  await using target = await mysql();
  await source.run(accounts);
  await source.run(schema, database);
  const copy: ServerCopy = {
    engine: "mysql",
    from: targetOf(source),
    to: targetOf(target),
    databases: [database, "other", "empty_one"],
    programs,
    jobs: 2,
    log: quietLog,
  };

  const isCopied = await t.step("a copy is found equal, and tells what it does not have", async () => {
    let lines: readonly string[] = [];
    const told: string[] = [];
    const log = {
      ...quietLog,
      info: (message: string) => void told.push(message),
      progress: () =>
        void (lines.length === 0 && (lines = commandLines().filter((line) => line.includes('odd "name')))),
    };
    const copied = await copyServer({ ...copy, log }, never);
    assert(told.includes(`built 2 indexes of table "${database}.large"`), told.join("\n"));
    assert(lines.length >= 2, "the programs were not seen");
    assertEquals(lines.filter((line) => line.includes(source.master.password)), []);
    assertEquals(copied.databases.map(({ database, tables, rows }) => [database, tables, rows]), [
      [database, 6, 40_006],
      ["other", 1, 3],
      ["empty_one", 0, 0],
    ]);
    assertEquals([copied.accounts, copied.notCarried], [4, [
      "the passwords of 3 accounts, which are locked",
      'the definer "ghost@localhost", who did not exist, is a locked account without privileges',
      `the view ${database}.invalid, which names what does not exist`,
    ]]);
  });
  if (!isCopied) return;
  for (const [what, sql, value] of facts) {
    await t.step(what, async () => {
      const wanted = value === "SOURCE" ? (await source.run(sql, database))[0]?.["v"] : value;
      assertEquals((await target.run(sql, database))[0]?.["v"], wanted);
    });
  }

  await t.step("indexes stay where another table's foreign key refers to one that is no primary key", async () => {
    await using session = await open(copy.from, undefined, never);
    assertEquals([...await readReferenced(session)], [JSON.stringify([database, "coded"])]);
  });

  await t.step("no account has production's password", async () => {
    const hashes =
      "SELECT user AS v, authentication_string AS hash FROM mysql.user WHERE user IN ('app', 'ann') ORDER BY user";
    const [before, after] = [await source.run(hashes), await target.run(hashes)];
    assertEquals(after.map(({ v, hash }, at) => [v, String(hash).length > 0, hash === before[at]?.["hash"]]), [
      ["ann", true, false],
      ["app", true, false],
    ]);
  });

  for (const { what, name, sql, on, after, programs: used, says } of failures) {
    await t.step(what, async () => {
      await source.run(`CREATE DATABASE ${name}`);
      await source.run(sql, name);
      if (on !== undefined) await target.run(on);
      await using undo = new AsyncDisposableStack();
      const programs = await used?.(undo) ?? copy.programs;
      const error = await assertRejects(() => copyServer({ ...copy, databases: [name], programs }, never), ScrubError);
      assertEquals([error.code, error.message.replaceAll(/"\/[^"]*\/(\w+)"/g, '"$1"')], [
        "rebuild",
        says,
      ]);
      assert(!JSON.stringify([error.message, error.hint, String(error.cause)]).includes("zplanted"));
      if (after !== undefined) await target.run(after);
    });
  }

  await t.step("aborting ends both programs", async () => {
    await source.run(
      `CREATE DATABASE aborted; CREATE TABLE aborted.t (id int AUTO_INCREMENT PRIMARY KEY, v varchar(100));
      INSERT INTO aborted.t (v) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000) SELECT REPEAT('x', 100) FROM n;
      ${"INSERT INTO aborted.t (v) SELECT v FROM aborted.t;".repeat(7)}`,
    );
    await assertAbortEndsPrograms(copy, "aborted");
  });
});

/** Databases that cannot be copied. */
const failures: readonly {
  readonly what: string;
  readonly name: string;
  readonly sql: string;
  /** What happens to the new server before and after. */
  readonly on?: string;
  readonly after?: string;
  readonly programs?: (undo: AsyncDisposableStack) => Promise<ServerCopy["programs"]>;
  readonly says: string;
}[] = [
  {
    what: "rows that the new server refuses are an error that names their table and no value",
    name: "refused_rows",
    sql:
      "CREATE TABLE a (n int); CREATE TABLE t (v longtext); INSERT INTO t VALUES (CONCAT('zplanted', REPEAT('x', 2000000)))",
    on: "SET GLOBAL max_allowed_packet = 1048576",
    after: "SET GLOBAL max_allowed_packet = 67108864",
    says: 'Cannot copy 2 tables of database "refused_rows": "mysql" ended with status 1 at table refused_rows.t ' +
      "(1153, SQLSTATE 08S01): a row is longer than max_allowed_packet",
  },
  {
    what: "an object of a definer that the master user may not act for is an error",
    name: "system_definer",
    sql: "CREATE DEFINER = rdsadmin@localhost PROCEDURE p() BEGIN SELECT 'zplanted'; END",
    says:
      'Cannot copy triggers, routines and events of database "system_definer": "mysql" ended with status 1 (1227, SQLSTATE 42000): ' +
      "the server refuses it to the master user",
  },
  {
    what: "half a dump is an error",
    name: "half",
    sql: "CREATE TABLE t (n int)",
    programs: async (undo) => ({ dump: undo.use(await standIn("echo SELECT 1; exit 3")).path, load: programs.load }),
    says: 'Cannot copy table "half.t": "program" ended with status 3',
  },
  {
    what: "what the loading program has left out is named",
    name: "left_out",
    sql: "CREATE TABLE t (n int)",
    programs: async (undo) => ({ dump: programs.dump, load: undo.use(await standIn()).path }),
    says: "Cannot take the new instance: its server differs from the workspace: table left_out.t is missing",
  },
];
