import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Session } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { defaultLimits } from "../../../lib/mysql/session/connection.ts";
import { open as openWithin } from "../../../lib/mysql/session/session.ts";
import { connectionError } from "../../../lib/mysql/session/errors.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { makeAuthority } from "../../../scripts/local_rds/certificate.ts";
import { mysql as startServer } from "../../servers.ts";
import { create, key, never, open, target } from "../fixture.ts";

const server = await startServer();
const stranger = await startServer({ names: ["other.example"] });
Deno.test.afterAll(async () => {
  await server.stop("now");
  await stranger.stop("now");
});

const here = target(server);

for (
  const { what, refused, message, obstacle } of [
    {
      what: "a wrong password",
      refused: { ...here, password: "wrong" },
      obstacle: "refused",
      message: "the user name or password is refused (ER_ACCESS_DENIED_ERROR)",
    },
    {
      what: "a certificate of an unknown CA",
      refused: { ...here, ca: (await makeAuthority()).ca },
      message: "the server's certificate is not trusted, or is for another host name",
    },
    {
      what: "a certificate for another host name",
      refused: target(stranger),
      message: "the server's certificate is not trusted, or is for another host name",
    },
    {
      what: "an unknown host name",
      refused: { ...here, host: "nowhere.invalid" },
      obstacle: "unknown name",
      message: "the host name is not known",
    },
    {
      what: "a closed port",
      refused: { ...here, port: 1 },
      obstacle: "unreachable",
      message: "the server cannot be reached (ECONNREFUSED)",
    },
    { what: "an unknown database", refused: { ...here, database: "nothing" }, message: "there is no such database" },
  ]
) {
  Deno.test(`login() is refused for ${what}`, async () => {
    const error = await assertRejects(() => mysql.login(refused, never), ScrubError);
    assertStringIncludes(error.message, `Cannot log in at "${refused.host}:${refused.port}": ${message}`);
    assertEquals(mysql.loginObstacle(error), obstacle);
  });
}

for (
  const [code, obstacle] of [
    ["ER_ACCESS_DENIED_ERROR", "refused"],
    ["ECONNREFUSED", "unreachable"],
    ["ETIMEDOUT", "unreachable"],
    ["EAI_AGAIN", "unknown name"],
    ["ER_CON_COUNT_ERROR", "starting"],
    ["PROTOCOL_CONNECTION_LOST", "starting"],
    ["ECONNRESET", "starting"],
    ["MYSQL_CLEAR_PASSWORD_NOT_ENABLED", "iam"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined],
    ["ER_DBACCESS_DENIED_ERROR", undefined],
  ] as const
) {
  Deno.test(`a login that fails with ${code} meets ${obstacle ?? "what will not pass"}`, () => {
    const error = connectionError("log in", here, Object.assign(new Error("refused"), { code }));
    assertEquals([error.serverCode, mysql.loginObstacle(error)], [code, obstacle]);
  });
}

Deno.test("login() accepts the master user's password", async () => {
  await mysql.login(here, never);
});

Deno.test("open() sets the session so that no row is refused or changed by accident", async () => {
  await using session = await open(server);
  const rows = await session.query(trusted(`SELECT @@sql_mode AS sql_mode, @@time_zone AS time_zone,
    @@foreign_key_checks AS foreign_key_checks, @@autocommit AS autocommit, @@transaction_isolation AS isolation,
    @@lock_wait_timeout AS lock_wait_timeout, @@collation_connection AS collation, @@local_infile AS local_infile`));
  assertEquals(rows, [{
    sql_mode: "NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION",
    time_zone: "+00:00",
    foreign_key_checks: 0,
    autocommit: 1,
    isolation: "READ-COMMITTED",
    lock_wait_timeout: 30,
    collation: "utf8mb4_0900_ai_ci",
    local_infile: 0,
  }]);
});

Deno.test("open() leaves nothing of what init_connect of the server's made", async () => {
  await create(server, "greeted", "CREATE TABLE people (id integer)", "INSERT INTO people VALUES (1), (2)");
  const greetings = ["CREATE TEMPORARY TABLE greeted.people (id integer)", "SET SESSION max_sort_length = 4"];
  const sessions = [() => open(server, "greeted"), () => mysql.openReadOnly(target(server, "greeted"), never)];
  try {
    for (const greeting of greetings) {
      await server.run(`SET GLOBAL init_connect = '${greeting}'`);
      for (const one of sessions) {
        await using session = await one();
        assertEquals(
          await session.query(trusted("SELECT COUNT(*) AS counted, @@max_sort_length > 4 AS plain FROM people")),
          [{ counted: 2, plain: 1 }],
        );
      }
    }
  } finally {
    await server.run("SET GLOBAL init_connect = ''");
  }
});

Deno.test("open() encrypts", async () => {
  await using session = await open(server);
  const [row] = await session.query(trusted("SHOW SESSION STATUS LIKE 'Ssl_version'"));
  assert(/^TLSv1\.[23]$/.test(String(row?.Value)));
});

Deno.test("query() gives what a cell may hold", async () => {
  await using session = await open(server);
  const rows = await session.query(trusted(
    `SELECT 1 AS n, 9007199254740993 AS big, 1.50 AS exact, NULL AS nothing, X'0aff' AS bytes, CAST('{"a":1}' AS JSON) AS json,
      TIMESTAMP'2020-01-02 03:04:05' AS time`,
  ));
  assertEquals(rows, [{
    n: 1,
    big: "9007199254740993",
    exact: "1.50",
    nothing: null,
    bytes: "0aff",
    json: '{"a": 1}',
    time: "2020-01-02 03:04:05",
  }]);
});

Deno.test("aborting ends the statement on the server", async () => {
  const stop = new AbortController();
  await using session = await open(server, undefined, stop.signal);
  const running = session.scan(trusted("SELECT SLEEP(600) /* to be stopped */"));
  await until(async () => await sleepers() === 1);
  stop.abort(new Error("stopped by a test"));
  await assertRejects(() => running, Error, "stopped by a test");
  await until(async () => await sleepers() === 0);
  await assertRejects(() => session.query(trusted("SELECT 1")), Error, "stopped by a test");
});

async function sleepers(): Promise<number> {
  const [row] = await server.run(
    "SELECT COUNT(*) AS n FROM performance_schema.processlist WHERE info LIKE 'SELECT SLEEP(600)%'",
  );
  return Number(row?.n);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 20_000; !await holds(); left--) {
    if (left === 0) throw new Error("it never came true");
  }
}

Deno.test("aborting gives up on a server that is silent", async () => {
  await using silent = await startServer();
  const stop = new AbortController();
  const session = await openWithin(target(silent), key, stop.signal, { ...defaultLimits, end: 50 });
  Deno.kill(silent.pid, "SIGSTOP");
  try {
    const pending = session.scan(trusted("SELECT 2"));
    stop.abort(new Error("stopped by a test"));
    await assertRejects(() => pending, Error, "stopped by a test");
    await session[Symbol.asyncDispose]();
  } finally {
    Deno.kill(silent.pid, "SIGCONT");
  }
});

Deno.test("a short statement that takes too long is ended on the server", async () => {
  const limits = { ...defaultLimits, short: 1, end: 30_000 };
  await using patient = await open(server);
  // Settings need longer than a millisecond: the limit is met while the session opens, or by the statement.
  const error = await assertRejects(async () => {
    await using session = await openWithin(here, key, never, limits);
    await session.query(trusted("SELECT SLEEP(600) /* to be stopped */"));
  }, ScrubError);
  assert(/^Cannot [a-z ]+ in database "information_schema": no answer within 0\.001 seconds$/.test(error.message));
  await until(async () => await sleepers() === 0);
  assertEquals((await patient.query(trusted("SELECT 1 AS one")))[0]?.one, 1);
});

Deno.test("an aborted signal opens no session", async () => {
  await assertRejects(() => open(server, undefined, AbortSignal.abort(new Error("too late"))), Error, "too late");
});

Deno.test("a connection that is killed between two statements is an error, never an unkeyed hash", async () => {
  await using session = await open(server);
  await kill(session);
  const hash = mysql.expressions.pseudonym(mysql.expressions.text("a"));
  const error = await assertRejects(() => session.scan(trusted(`SELECT ${hash.text}`)), ScrubError);
  assertStringIncludes(error.message, "the connection was lost, and the pseudonym key with it");
  await assertRejects(() => session.run({ label: "go on", sql: trusted("DO 1") }), ScrubError);
});

async function kill(session: Session): Promise<void> {
  const [row] = await session.query(trusted("SELECT CONNECTION_ID() AS id"));
  await server.run(`KILL ${row?.id}`);
  await until(async () => {
    const left = await server.run(`SELECT 1 FROM performance_schema.processlist WHERE id = ${row?.id}`);
    return left.length === 0;
  });
}

Deno.test("run() refuses a statement with the key in a session that lost it", async () => {
  await using session = await open(server);
  await session.query(trusted("SET @datascrubber_key = NULL"));
  const { pseudonym, sql, text } = mysql.expressions;
  // The expression itself, so that the session and it cannot come to disagree on where the key is.
  const error = await assertRejects(
    () => session.run({ label: "go on", sql: sql`DO ${pseudonym(text("a"))}` }),
    ScrubError,
  );
  assertStringIncludes(error.message, "the connection was lost, and the pseudonym key with it");
});

Deno.test("the key is in no statement that the server logs", async () => {
  await using logging = await startServer({ settings: { "general-log": "ON", "log-output": "TABLE" } });
  const letters = "a key in letters, of 32 of them!";
  const key = new TextEncoder().encode(letters);
  for (let opened = 0; opened < 2; opened++) {
    await using session = await mysql.open(target(logging), key, never);
    const [row] = await session.query(trusted("SELECT HEX(@datascrubber_key) AS hex"));
    assertEquals(row?.hex, key.toHex().toUpperCase());
  }
  const logged = await logging.run("SELECT LOWER(CONVERT(argument USING utf8mb4)) AS text FROM mysql.general_log");
  const all = logged.map(({ text }) => String(text)).join("\n");
  assertStringIncludes(all, "set @datascrubber_key");
  assertEquals([letters, key.toHex()].filter((secret) => all.includes(secret)), []);
  // One mask a session, no two alike, and never the pad beside it.
  assertEquals(new Set(all.match(/[0-9a-f]{64}/g)).size, 2);
});

Deno.test("the key is in no statement that the server remembers", async () => {
  await using session = await open(server);
  const remembered = await server.run(`SELECT sql_text FROM performance_schema.events_statements_history
    WHERE sql_text LIKE '%datascrubber_key%' AND sql_text LIKE 'SET%'`);
  assert(remembered.length > 0);
  const secret = new TextDecoder("latin1").decode(key);
  for (const { sql_text } of remembered) {
    assert(!String(sql_text).includes(secret.slice(1, 8)));
    assert(!String(sql_text).toLowerCase().includes(key.toHex()));
  }
  assertEquals(session.database, "information_schema");
});

for (
  const { what, statement, message } of [
    {
      what: "a violated unique key",
      statement: "UPDATE app.people SET name = 'zmark'",
      message:
        'Cannot change people in database "app": two rows would have the same value in a unique key (ER_DUP_ENTRY "people.name")',
    },
    {
      what: "text that is too long",
      statement: "UPDATE app.people SET short = 'zmark'",
      message: 'Cannot change people in database "app": a new value is too long (ER_DATA_TOO_LONG "short")',
    },
    {
      what: "NULL where it is forbidden",
      statement: "UPDATE app.people SET name = NULL WHERE id = 1",
      message: 'Cannot change people in database "app": a new value is NULL and must not be (ER_BAD_NULL_ERROR "name")',
    },
    {
      what: "a value of another type",
      statement: "UPDATE app.people SET number = 'zmark'",
      message: `Cannot change people in database "app": the server refused it (ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)`,
    },
    {
      what: "a CHECK constraint",
      statement: "UPDATE app.people SET number = 666",
      message:
        'Cannot change people in database "app": a CHECK constraint refuses a new value (ER_CHECK_CONSTRAINT_VIOLATED "no_beast")',
    },
    {
      what: "a search that takes too long",
      statement: "UPDATE app.people SET number = REGEXP_LIKE(REPEAT('a', 100000), '(a|aa)+zmark')",
      message:
        `Cannot change people in database "app": a text is too long, or too uniform, for the server's regular expressions (ER_REGEXP_TIME_OUT)`,
    },
    {
      what: "a missing table",
      statement: "UPDATE app.persons SET number = 1",
      message: 'Cannot change people in database "app": the server refused it (ER_NO_SUCH_TABLE "app.persons")',
    },
    {
      what: "two statements at once",
      statement: "DO 1; DO 2",
      message: `Cannot change people in database "app": the server refused it (ER_PARSE_ERROR)`,
    },
  ]
) {
  Deno.test(`run() tells of ${what} without a value`, async () => {
    await create(
      server,
      "app",
      `CREATE TABLE people (id int PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, short varchar(2), number int,
        CONSTRAINT no_beast CHECK (number <> 666))`,
      "INSERT INTO people VALUES (1, 'zmark', 'a', 1), (2, 'b', 'b', 2)",
    );
    await using session = await open(server, "app");
    const error = await assertRejects(
      () => session.run({ label: "change people", sql: trusted(statement) }),
      ScrubError,
    );
    assertEquals(error.message, message);
    assertEquals(Deno.inspect(error, { depth: 9 }).includes("zmark"), false);
  });
}

Deno.test("a change in a database that is READ ONLY is refused with a hint on that database", async () => {
  await create(server, "archive", "CREATE TABLE people (name varchar(20))");
  await using session = await open(server, "archive");
  await session.run({ label: "close", sql: trusted("ALTER DATABASE archive READ ONLY = 1") });
  try {
    const error = await assertRejects(
      () => session.run({ label: "change people", sql: trusted("UPDATE people SET name = ''") }),
      ScrubError,
    );
    assertEquals(
      error.message,
      'Cannot change people in database "archive": the database is set READ ONLY (ER_SCHEMA_READ_ONLY)',
    );
    assertStringIncludes(error.hint, "ALTER DATABASE … READ ONLY = 0");
  } finally {
    await session.run({ label: "open", sql: trusted("ALTER DATABASE archive READ ONLY = 0") });
  }
});

Deno.test("run() refuses another number of rows than expected", async () => {
  await create(server, "app", "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (0), (1)");
  await using session = await open(server, "app");
  const error = await assertRejects(
    () =>
      session.run({ label: "change t", sql: trusted("UPDATE t SET id = id + 10 WHERE id > 0"), expect: { rows: 2 } }),
    ScrubError,
  );
  assertEquals(error.message, 'Cannot change t in database "app": 1 rows changed, and 2 should have');
});

Deno.test("run() takes an administrative statement's error row as an error", async () => {
  await create(server, "app");
  await using session = await open(server, "app");
  const error = await assertRejects(
    () => session.run({ label: "analyze t", sql: trusted("ANALYZE TABLE missing") }),
    ScrubError,
  );
  assertStringIncludes(error.message, "Cannot analyze t");
});
