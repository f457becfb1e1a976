/** What a fresh worker deletes after a lost one. @module */

import { assertEquals } from "@std/assert";
import { tag } from "../../../lib/rds/api/names.ts";
import { cleanUp, Workspace } from "../../../lib/rds/workspace/workspace.ts";
import { codeOf, failureOf, never, openLab, proofFor } from "../local.ts";
import { quick, run } from "../run.ts";

Deno.test("cleanUp() deletes the instance of a lost worker", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options({ heartbeat: 1_000_000 }), never);
  await cleanUp(lab.rds, workspace.id, "run-1", lab.options(), never);
  await lab.settled();
  assertEquals(lab.local.workspaces(), []);
  await workspace[Symbol.asyncDispose]();
});

Deno.test("cleanUp() deletes the final snapshot that the lost worker did not finish", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  lab.local.faults.add({ action: "AddTagsToResource", what: "access-denied" });
  await failureOf(workspace.finalise(proofFor(workspace.resourceId), never));
  assertEquals(lab.local.made().length, 1);
  await cleanUp(lab.rds, workspace.id, "run-1", lab.options(), never);
  assertEquals(lab.local.made(), []);
  await workspace[Symbol.asyncDispose]();
});

Deno.test("cleanUp() leaves a verified snapshot", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await run(lab);
  await cleanUp(lab.rds, "scrubber-postgres-6754af9632a2", "run-1", lab.options(), never);
  assertEquals(lab.local.made(), [id]);
});

Deno.test("cleanUp() leaves a snapshot that carries the run's id, but not this program's tag", async () => {
  await using lab = await openLab({ latencies: quick });
  const instance = "scrubber-postgres-6754af9632a2";
  const dataOf = lab.local.snapshots()[0]?.id ?? "";
  lab.local.addSnapshot({ id: "theirs", instance, type: "manual", tags: { [tag.run]: "run-1" }, dataOf });
  await cleanUp(lab.rds, instance, "run-1", lab.options(), never);
  assertEquals(lab.local.callLog.changes(), []);
});

Deno.test("cleanUp() leaves another run's instance", async () => {
  await using lab = await openLab({ latencies: quick });
  await using workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  await cleanUp(lab.rds, workspace.id, "run-2", lab.options(), never);
  assertEquals(lab.local.callLog.calls("DeleteDBInstance"), []);
  assertEquals(
    lab.local.instances().find(({ id }) => id === workspace.id)?.tags.some(({ key }) => key === tag.run),
    true,
  );
});

Deno.test("cleanUp() finds an instance that RDS does not show yet", async () => {
  const unseen = { polls: 3, milliseconds: 10_000 };
  await using lab = await openLab({ latencies: { ...quick, unseen } });
  const source = await lab.source();
  const instance = "scrubber-postgres-6754af9632a2";
  const tags = { [tag.tool]: "scrubber", [tag.run]: "run-1" };
  await lab.rds.restore({ ...source.restore, instance, tags }, never);
  await cleanUp(lab.rds, instance, "run-1", lab.options({ propagationTimeout: 10_000 }), never);
  await lab.settled();
  assertEquals(lab.local.workspaces(), []);
});

Deno.test("cleanUp() fails if AWS does not delete the instance", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  lab.local.faults.add({ action: "DeleteDBInstance", what: "access-denied" });
  assertEquals(await codeOf(cleanUp(lab.rds, workspace.id, "run-1", lab.options(), never)), "leftovers");
  await workspace[Symbol.asyncDispose]();
});
