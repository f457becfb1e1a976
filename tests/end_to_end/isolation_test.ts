/** The command `parameter-group`, and a run with the group that it makes: what the workspace's server does and logs. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startProgram as startBare } from "../fleet/program.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import {
  commonArguments,
  instances,
  leftIn,
  nothing,
  runProgram,
  smallDatabase,
  smallStage,
  stageWithProduction,
} from "./stage.ts";

const group = `scrubber-postgres18-${instances.postgresql}`;
const productions = {
  name: "error/postgresql.log.2026-01-02-03",
  bytes: 4096,
  lastWritten: new Date("2026-01-02T03:59:59Z"),
};
const logging = { log_statement: "all", log_min_duration_statement: "0", max_connections: "55" };

function parameterGroup(rds: LocalRds, ...more: string[]) {
  const args = ["parameter-group", ...more, "--poll-interval", "0.02", "--timeout", "0.01"];
  return startBare(args, rds.environment).ended();
}

/** What a run shows of the server of its workspace, just before that is deleted. */
async function observed(rds: LocalRds, args: readonly string[]) {
  let log = "";
  let settings: unknown;
  rds.faults.watcher = async ({ action, when }) => {
    if (action !== "DeleteDBInstance" || when !== "before") return;
    const server = rds.instances().find(({ production }) => !production)?.server;
    if (!server) return;
    log = await Deno.readTextFile(server.logFile);
    [settings] = await server.run(
      `SELECT current_setting('log_statement') AS log_statement, current_setting('max_connections') AS max_connections,
        current_setting('max_logical_replication_workers') AS workers, current_setting('autovacuum') AS autovacuum`,
    );
  };
  const result = await runProgram(rds, ["--postgresql-instances", instances.postgresql, ...args]);
  rds.faults.watcher = undefined;
  return { ...result, log, settings };
}

Deno.test("a run in an isolation group leaves no statement in the server's log, where the source's group logs all", async () => {
  await using rds = await smallStage({ parameters: { postgres: logging }, logFiles: [productions] });
  const refused = await observed(rds, []);
  assertEquals(refused.code, 3);
  assertStringIncludes(
    refused.stdout,
    'in parameter group "production-postgres18" max_logical_replication_workers is "4"',
  );
  assertStringIncludes(refused.stdout, 'log_statement is "all"');
  assertStringIncludes(refused.stdout, `datascrubber parameter-group ${instances.postgresql}`);
  assertEquals(rds.callLog.calls().filter(({ action }) => action.startsWith("Restore")), []);

  const dry = await parameterGroup(rds, instances.postgresql, "--dry-run");
  assertEquals([dry.code, dry.stderr], [0, ""]);
  assertStringIncludes(dry.stdout, "log_statement: all -> none");
  assertEquals(rds.callLog.calls().filter(({ action }) => /^(Copy|Create|Modify)DBParameterGroup/.test(action)), []);
  const made = await parameterGroup(rds, instances.postgresql);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertStringIncludes(made.stdout, `Made parameter group "${group}"`);
  const again = await parameterGroup(rds, instances.postgresql);
  assertEquals([again.code, again.stdout.includes("is as it should be")], [0, true]);

  const own = ["--parameter-group", "production-postgres18", "--allow-active"];
  const loud = await observed(rds, own);
  assertEquals(loud.code, 0, loud.stderr);
  assert(
    loud.log.includes("UPDATE") && loud.log.includes("VACUUM"),
    "the source's group has the server log statements",
  );
  const quiet = await observed(rds, []);
  assertEquals(quiet.code, 0, quiet.stderr);
  assertEquals(quiet.settings, { log_statement: "none", max_connections: "55", workers: "0", autovacuum: "off" });
  assertEquals(quiet.log.split("\n").filter((line) => /statement: |duration: |DETAIL: |STATEMENT: /.test(line)), []);
  assertStringIncludes(
    quiet.stderr,
    `server logs: 1 from before the run remain until RDS deletes them (4096 bytes), and can hold statements and values: ${productions.name}`,
  );
  assertEquals((await leftIn(rds)).violations, []);
});

Deno.test("a database that logs statements by its own setting is refused before anything is changed, and nothing is left", async () => {
  await using rds = await smallStage({}, async (server) => {
    await server.run(`ALTER DATABASE "${smallDatabase}" SET log_statement = 'mod'`);
  });
  const { code, stdout } = await runProgram(rds, ["--postgresql-instances", instances.postgresql]);
  assertEquals(code, 3);
  assertStringIncludes(stdout, `on the workspace's server log_statement is "mod"`);
  assertStringIncludes(stdout, "ALTER DATABASE");
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("MySQL: in an isolation group no event runs, and no statement is logged", async () => {
  const own = { event_scheduler: "ON", general_log: "1", slow_query_log: "1", long_query_time: "0" };
  await using rds = await stageWithProduction(["mysql"], { parameters: { mysql: own } }, async (server) => {
    // Production's own ticks would be in the snapshot: the event is made while none runs here.
    await server.run("SET GLOBAL event_scheduler = OFF; CREATE DATABASE ticking");
    await server.run(
      "CREATE TABLE ticks (n int); CREATE DEFINER = master@'%' EVENT tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO ticks VALUES (1)",
      "ticking",
    );
    await server.run("TRUNCATE mysql.general_log; TRUNCATE mysql.slow_log");
  });
  assertEquals((await parameterGroup(rds, instances.mysql)).code, 0);
  let settings: unknown;
  let found: unknown;
  rds.faults.watcher = async ({ action, when }) => {
    const server = rds.instances().find(({ production }) => !production)?.server;
    if (action !== "DeleteDBInstance" || when !== "before" || !server) return;
    [settings] = await server.run(
      `SELECT @@event_scheduler AS event_scheduler, @@general_log + @@slow_query_log AS logs,
      @@innodb_redo_log_capacity AS redo, @@innodb_flush_log_at_trx_commit AS flush, @@innodb_change_buffering AS buffering`,
    );
    [found] = await server.run(
      "SELECT (SELECT COUNT(*) FROM mysql.general_log) + (SELECT COUNT(*) FROM mysql.slow_log) AS logged, COUNT(*) AS ticks FROM ticks",
      "ticking",
    );
  };
  const args = ["plan", "--mysql-instances", instances.mysql, "--keep-database", "ticking", ...commonArguments(rds)];
  const { code, stderr } = await startBare(args, rds.environment).ended();
  assertEquals(code, 0, stderr);
  assertEquals(settings, {
    event_scheduler: "OFF",
    logs: 0,
    redo: 268435456,
    flush: 2,
    buffering: "none",
  });
  assertEquals(found, { logged: 0, ticks: 0 });
});

Deno.test("parameter-group says why it cannot make one", async () => {
  await using rds = await smallStage();
  const gone = await parameterGroup(rds, "nowhere");
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, 'Cannot isolate "nowhere": there is no such instance or cluster in eu-west-1');
  rds.faults.add({ action: "CopyDBParameterGroup", what: "access-denied" });
  const denied = await parameterGroup(rds, instances.postgresql);
  assertEquals(denied.code, 1);
  assertStringIncludes(denied.stderr, "rds:CopyDBParameterGroup");
});
