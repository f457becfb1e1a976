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
  assertEquals(last.stdout, "Nothing of dead runs is there.\n");
  assertEquals(rds.journal.violations(), []);
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
