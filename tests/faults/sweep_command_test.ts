/** `datascrubber sweep` as an operator types it. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances } from "../end_to_end/stage.ts";
import { startProgram } from "../fleet/program.ts";

Deno.test("sweep says what a killed run left, deletes it, and finds nothing then", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
  const run = startProgram(
    ["--postgresql-instances", instances.postgresql, "--poll-interval", "0.02", "--heartbeat", "0.0005"],
    rds.environment,
  );
  await run.until('is "creating"');
  run.kill("SIGKILL");
  await run.ended();
  const [workspace] = rds.workspaces();
  const sweep = (...args: string[]) =>
    startProgram(["sweep", "--poll-interval", "0.02", ...args], rds.environment).ended();

  let dry = await sweep("--dry-run");
  while (dry.stdout.includes("is alive")) dry = await sweep("--dry-run");
  assertStringIncludes(dry.stdout, `would delete instance "${workspace}" of "${instances.postgresql}"`);
  assertEquals(rds.workspaces().length, 1);

  const real = await sweep();
  assertStringIncludes(real.stdout, `deleted instance "${workspace}"`);
  assertEquals([dry.code, real.code, rds.workspaces()], [0, 0, []]);

  const last = await sweep();
  assertEquals(last.stdout, "Nothing to clean up.\n");
  assertEquals(rds.callLog.violations(), []);
});

Deno.test("sweep names what AWS does not let go, and ends with 4", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
  const run = startProgram(
    ["--postgresql-instances", instances.postgresql, "--poll-interval", "0.02", "--heartbeat", "0.0005"],
    rds.environment,
  );
  await run.until('is "creating"');
  run.kill("SIGKILL");
  await run.ended();
  rds.faults.add({ action: "DeleteDBInstance", times: 0, what: "access-denied" });
  const sweep = () => startProgram(["sweep", "--poll-interval", "0.02"], rds.environment).ended();
  let swept = await sweep();
  while (swept.stdout.includes("is alive")) swept = await sweep();
  assertEquals(swept.code, 4, swept.stderr);
  assertStringIncludes(swept.stderr, `Cannot delete instance "${rds.workspaces()[0]}"`);
});

Deno.test("sweep --run deletes a killed run's workspace at once, and lets another run's be that is as fresh", async () => {
  await using rds = await startLocalRds({ servers: false });
  // Both stay as they are: no heartbeat of the one, and no deletion by the other, comes in between.
  rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", times: 0, what: { ends: "creating" } });
  const kill = async (id: string) => {
    await rds.addProduction({ id, engine: "postgres" });
    const run = startProgram(["--postgresql-instances", id, "--poll-interval", "0.02"], rds.environment);
    await run.until('is "creating"');
    run.kill("SIGKILL");
    return /, run (\S+)/.exec((await run.ended()).stderr)?.[1] ?? "";
  };
  const run = await kill("orders");
  const [dead = ""] = rds.workspaces();
  await kill("letters");
  const [other = ""] = rds.workspaces().filter((id) => id !== dead);
  const sweep = (...args: string[]) =>
    startProgram(["sweep", "--poll-interval", "0.02", "--run", run, ...args], rds.environment).ended();

  const dry = await sweep("--dry-run");
  assertEquals(dry.stdout, `would delete instance "${dead}" of "orders", run ${run}\n`);
  assertEquals(rds.workspaces(), [dead, other]);

  const real = await sweep();
  assertEquals([real.code, real.stdout], [0, `deleted instance "${dead}" of "orders", run ${run}\n`]);
  assertEquals(rds.workspaces(), [other]);

  assertEquals((await sweep()).stdout, `Nothing of run ${run} to clean up.\n`);
  assertEquals(rds.callLog.violations(), []);
});
