/** The command `parameter-group`, and a run with the group that it makes: what the workspace's server does and logs. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startProgram as startBare } from "../fleet/program.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances, leftIn, runProgram, smallStage } from "./stage.ts";

const group = `scrubber-postgres18-${instances.postgresql}`;
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
  await using rds = await smallStage({ parameters: { postgres: logging } });
  const dry = await parameterGroup(rds, instances.postgresql, "--dry-run");
  assertEquals([dry.code, dry.stderr], [0, ""]);
  assertStringIncludes(dry.stdout, "log_statement: all -> none");
  assertEquals(rds.callLog.calls().filter(({ action }) => !action.startsWith("Describe")), []);

  const made = await parameterGroup(rds, instances.postgresql);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertStringIncludes(made.stdout, `Made parameter group "${group}"`);
  const again = await parameterGroup(rds, instances.postgresql);
  assertEquals([again.code, again.stdout.includes("is as it should be")], [0, true]);

  const loud = await observed(rds, []);
  assertEquals(loud.code, 0, loud.stderr);
  assert(
    loud.log.includes("UPDATE") && loud.log.includes("VACUUM"),
    "the source's group has the server log statements",
  );
  const quiet = await observed(rds, ["--parameter-group", group]);
  assertEquals(quiet.code, 0, quiet.stderr);
  assertEquals(quiet.settings, { log_statement: "none", max_connections: "55", workers: "0", autovacuum: "off" });
  assertEquals(quiet.log.split("\n").filter((line) => /statement: |duration: |DETAIL: |STATEMENT: /.test(line)), []);
  assertEquals((await leftIn(rds)).violations, []);
});

Deno.test("parameter-group says why it cannot make one", async () => {
  await using rds = await smallStage();
  const gone = await parameterGroup(rds, "nowhere");
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, 'Cannot isolate "nowhere": there is no such instance in eu-west-1');
  rds.faults.add({ action: "CopyDBParameterGroup", what: "access-denied" });
  const denied = await parameterGroup(rds, instances.postgresql);
  assertEquals(denied.code, 1);
  assertStringIncludes(denied.stderr, "rds:CopyDBParameterGroup");
});
