/** A run that is told to stop, in the middle of a restore and of a scrub. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { heldStage, holdScrub } from "./held_scrub.ts";
import { leftIn, nothing, receiver, startProgram } from "./stage.ts";

for (const [signal, status] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  Deno.test(`${signal} in the middle of a restore deletes the workspace, and ends with ${status}`, async () => {
    await using rds = await startLocalRds({ servers: false });
    await rds.addProduction({ id: "prod", engine: "postgres" });
    rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
    const program = startProgram(rds, ["--postgresql-instances", "prod"]);
    await program.until('is "creating"');
    assertEquals(rds.workspaces().length, 1);
    program.kill(signal);
    const { code, stdout, stderr } = await program.ended();
    assertEquals(code, status, stderr);
    assertStringIncludes(stdout, `Cannot go on: stopped by ${signal}`);
    assertEquals(await leftIn(rds), nothing);
  });
}

Deno.test("a second signal leaves at once and names the workspace", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: "prod", engine: "postgres" });
  rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
  rds.faults.add({ action: "DeleteDBInstance", times: 0, what: "throttle" });
  const program = startProgram(rds, ["--postgresql-instances", "prod"]);
  await program.until('is "creating"');
  program.kill("SIGTERM");
  await program.until("once more to leave at once");
  program.kill("SIGINT");
  const { code, stderr } = await program.ended();
  assertEquals(code, 130);
  const [workspace] = rds.workspaces();
  assert(workspace !== undefined);
  assertStringIncludes(stderr, `RDS instance "${workspace}" (of "prod")`);
  assertStringIncludes(stderr, "Delete without a final snapshot");
});

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: SIGTERM in the middle of a scrub deletes the workspace, and ends with 143`, async () => {
    await using rds = await heldStage(engine);
    const { program, over } = await holdScrub(rds, engine, ["--share-with", receiver]);
    program.kill("SIGTERM");
    const { code, stdout, stderr } = await program.ended();
    assertEquals(code, 143, stderr);
    assertMatch(stdout, /Cannot go on: stopped by SIGTERM/);
    assertEquals(await leftIn(rds), nothing);
    await over;
  });
}
