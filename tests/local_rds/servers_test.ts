/** The servers that all other tests stand on: real, like RDS from within, and gone afterwards. @module */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createConnection } from "mysql2/promise";
import postgres from "postgres";
import { pollUntil } from "../../lib/core/pause.ts";
import { hasMariadb } from "../../scripts/local_rds/programs.ts";
import { mariadb, mysql, postgresql, type TestServer } from "../servers.ts";

function pg(server: TestServer, database: string, other: { user?: string; password?: string; ssl?: false } = {}) {
  const { host, port, ca, master } = server;
  const login = { username: other.user ?? master.user, password: other.password ?? master.password };
  return postgres({ host, port, database, ...login, ssl: other.ssl ?? { ca }, max: 1, onnotice: () => {} });
}

/** Both drivers' errors carry the server's code. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}

function my(server: TestServer, other: { ssl?: false } = {}) {
  const { host, port, ca, master } = server;
  const tls = other.ssl === false ? {} : { ssl: { ca, verifyIdentity: true } };
  return createConnection({ host, port, user: master.user, password: master.password, ...tls });
}

Deno.test("A PostgreSQL server is like one of RDS", async (t) => {
  await using server = await postgresql({ applications: ["app"] });
  await server.run("CREATE DATABASE app_production OWNER app");
  await server.run(
    "SET ROLE app; CREATE TABLE people (id int PRIMARY KEY); INSERT INTO people VALUES (1)",
    "app_production",
  );
  const sql = pg(server, "app_production");

  await t.step("its master starts without access to an application's table", async () => {
    const error = await assertRejects(() => sql`SELECT * FROM people`.execute());
    assertEquals(codeOf(error), "42501");
  });
  await t.step("its master may make itself a member of the owner, and then change and rewrite the table", async () => {
    await sql`GRANT app TO CURRENT_USER`;
    await sql`SET session_replication_role = replica`;
    await sql`UPDATE people SET id = 2`;
    await sql`VACUUM FULL people`;
    assertEquals([...await sql`SELECT id FROM people`], [{ id: 2 }]);
  });
  await t.step("its master is no superuser", async () => {
    const error = await assertRejects(() => sql`SELECT pg_switch_wal()`.execute());
    assertEquals(codeOf(error), "42501");
  });
  await sql.end();
  await t.step("a member of rds_iam cannot log in by its password", async () => {
    await server.run("GRANT rds_iam TO master");
    const refused = pg(server, "app_production");
    const error = await assertRejects(() => refused`SELECT 1`.execute());
    assertEquals(codeOf(error), "28000");
    await refused.end();
    await server.run("REVOKE rds_iam FROM master");
  });
  await t.step("nobody comes in without TLS, or into rdsadmin's database", async () => {
    for (const closed of [pg(server, "app_production", { ssl: false }), pg(server, "rdsadmin")]) {
      const error = await assertRejects(() => closed`SELECT 1`.execute(), Error);
      assertMatch(error.message, /no pg_hba.conf entry|pg_hba.conf rejects/);
      await closed.end();
    }
  });
});

Deno.test("A MySQL server is like one of RDS", async (t) => {
  await using server = await mysql();
  await server.run(
    "CREATE DATABASE whitehall_production; CREATE TABLE whitehall_production.users (id int PRIMARY KEY)",
  );
  const connection = await my(server);
  const refused = (sql: string, code: string) =>
    t.step(`its master is refused ${sql}`, async () => {
      const error = await assertRejects(() => connection.query(sql));
      assertEquals(codeOf(error), code);
    });

  await t.step("its master changes an application's table", async () => {
    await connection.query("INSERT INTO whitehall_production.users VALUES (1)");
    await connection.query("ALTER TABLE whitehall_production.users FORCE");
  });
  await refused("SET GLOBAL general_log = 1", "ER_SPECIFIC_ACCESS_DENIED_ERROR");
  await refused("TRUNCATE TABLE mysql.slow_log", "ER_TABLEACCESS_DENIED_ERROR");
  await refused("UPDATE mysql.user SET user = 'x'", "ER_TABLEACCESS_DENIED_ERROR");
  await refused("ALTER USER 'rdsadmin'@'localhost' ACCOUNT LOCK", "ER_SPECIFIC_ACCESS_DENIED_ERROR");
  await t.step("rotating a log twice empties it and its backup", async () => {
    await server.run(
      "SET GLOBAL slow_query_log = ON; SET SESSION long_query_time = 0; SELECT 'in the slow log';" +
        "SET GLOBAL slow_query_log = OFF",
    );
    const count = "SELECT (SELECT count(*) FROM mysql.slow_log) > 0 AS log";
    assertEquals((await server.run(count))[0], { log: 1 });
    await connection.query("CALL mysql.rds_rotate_slow_log()");
    assertEquals((await server.run("SELECT count(*) > 0 AS backup FROM mysql.slow_log_backup"))[0], { backup: 1 });
    await connection.query("CALL mysql.rds_rotate_slow_log()");
    assertEquals((await server.run("SELECT count(*) AS backup FROM mysql.slow_log_backup"))[0], { backup: 0 });
  });
  await t.step("its master ends another session by RDS's procedure only", async () => {
    const other = await my(server);
    await connection.query("CALL mysql.rds_kill(?)", [other.threadId]);
    const sessions = `SELECT 1 FROM performance_schema.processlist WHERE id = ${other.threadId}`;
    assertEquals((await server.run(sessions)).length, 0);
    other.destroy();
  });
  await connection.end();
  await t.step("nobody comes in without TLS", async () => {
    const error = await assertRejects(() => my(server, { ssl: false }));
    assertEquals(codeOf(error), "ER_SECURE_TRANSPORT_REQUIRED");
  });
});

for (const start of [postgresql, mysql]) {
  Deno.test(`${start.name}() leaves no process and no file`, async () => {
    const server = await start();
    const { pid, dataDir } = server;
    await server[Symbol.asyncDispose]();
    assertEquals(await Deno.stat(dataDir).then(() => "there", () => "gone"), "gone");
    let sign = "gone";
    try {
      Deno.kill(pid, "SIGCONT");
      sign = "there";
    } catch { /* what we want */ }
    assertEquals(sign, "gone");
  });
}

Deno.test("A MariaDB server is like one of RDS", { ignore: !hasMariadb }, async (t) => {
  await using server = await mariadb();
  const connection = await my(server);
  const refused = (sql: string, code: string) =>
    t.step(`its master is refused ${sql}`, async () => {
      const error = await assertRejects(() => connection.query(sql));
      assertEquals(codeOf(error), code);
    });

  await t.step("its master makes, changes and rewrites a table", async () => {
    await connection.query("CREATE DATABASE shop");
    await connection.query("CREATE TABLE shop.users (id int PRIMARY KEY) SELECT 1 AS id");
    await connection.query("ALTER TABLE shop.users FORCE");
  });
  await refused("SET GLOBAL general_log = 1", "ER_SPECIFIC_ACCESS_DENIED_ERROR");
  await refused("SHOW ALL SLAVES STATUS", "ER_SPECIFIC_ACCESS_DENIED_ERROR");
  await refused("DELETE HISTORY FROM shop.users", "ER_TABLEACCESS_DENIED_ERROR");
  await t.step("rotating a log twice empties it and its backup", async () => {
    await server.run(
      "SET GLOBAL slow_query_log = ON; SET SESSION slow_query_log = ON, long_query_time = 0; SELECT 'in the slow log';" +
        "SET GLOBAL slow_query_log = OFF",
    );
    const count = "SELECT (SELECT count(*) FROM mysql.slow_log) > 0 AS log";
    assertEquals((await server.run(count))[0], { log: 1 });
    await connection.query("CALL mysql.rds_rotate_slow_log()");
    assertEquals((await server.run("SELECT count(*) > 0 AS backup FROM mysql.slow_log_backup"))[0], { backup: 1 });
    await connection.query("CALL mysql.rds_rotate_slow_log()");
    assertEquals((await server.run("SELECT count(*) AS backup FROM mysql.slow_log_backup"))[0], { backup: 0 });
  });
  await t.step("its master ends another session by RDS's procedure only", async () => {
    const other = await my(server);
    await connection.query("CALL mysql.rds_kill(?)", [other.threadId]);
    const sessions = `SELECT 1 FROM information_schema.processlist WHERE id = ${other.threadId}`;
    // A session that is killed is shown for a moment.
    await pollUntil(async () => (await server.run(sessions)).length === 0, 5000, 10);
    assertEquals(await server.run(sessions), []);
    other.destroy();
  });
  await connection.end();
  await t.step("nobody comes in without TLS", async () => {
    const error = await assertRejects(() => my(server, { ssl: false }));
    // The second before 11.
    assertMatch(String(codeOf(error)), /^ER_(SECURE_TRANSPORT_REQUIRED|ACCESS_DENIED_ERROR)$/);
  });
});
