/** `--fresh-snapshot`: a snapshot of the source for one run, gone after the restore. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { freshName, runTags, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { Workspace } from "../../../lib/rds/workspace/workspace.ts";
import { keys } from "../../../scripts/local_rds/kms.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { quick, run } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const fresh = freshName(named, "run-1");

/** What is in RDS but for production's own, and what may not be. */
async function left(lab: Lab) {
  await lab.settled();
  return [lab.local.workspaces(), lab.local.made(), lab.local.callLog.violations()];
}

Deno.test("a fresh snapshot is restored, tells the time of the data, and is deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  const before = await lab.source();
  {
    await using workspace = await Workspace.restore(lab.rds, before, lab.options({ freshSnapshot: true }), never);
    const { snapshot } = workspace.source;
    assertEquals([snapshot.id, snapshot.takenAt > before.snapshot.takenAt], [fresh, true]);
  }
  const [creation] = lab.local.callLog.calls("CreateDBSnapshot");
  const [restore] = lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot");
  assertEquals(creation?.parameters["DBInstanceIdentifier"], "prod");
  assertEquals(creation?.parameters["Tags.Tag.1.Key"], "scrubber");
  assertEquals(restore?.parameters["DBSnapshotIdentifier"], fresh);
  assertEquals(await left(lab), [[], [], []]);
});

Deno.test("after its deletion a fresh snapshot has no heartbeat that could be missed", async () => {
  await using lab = await openLab({ latencies: quick });
  const options = lab.options({ freshSnapshot: true, heartbeat: 5 });
  await using _workspace = await Workspace.restore(lab.rds, await lab.source(), options, never);
  // Of all ARNs, one after the other: in between two of the instance it would be the snapshot's turn.
  await new Promise<void>((resolve) => {
    let beats = 0;
    lab.local.faults.watcher = ({ when, parameters }) => {
      const ofInstance = parameters["ResourceName"]?.includes(":db:") && parameters["Tags.Tag.1.Key"] === tag.heartbeat;
      if (when === "after" && ofInstance && ++beats === 3) resolve();
    };
  });
  assertEquals(lab.notes.lines.filter((line) => line.includes("heartbeat missed")), []);
});

Deno.test("under another key its copy is restored, and both are deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await run(lab, { freshSnapshot: true, kmsKey: keys.customer });
  const [copy] = lab.local.callLog.calls("CopyDBSnapshot");
  assertEquals(copy?.parameters["SourceDBSnapshotIdentifier"], fresh);
  assertEquals(await left(lab), [[], [id], []]);
});

Deno.test("production that is backing up is waited for", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.faults.add({ action: "CreateDBSnapshot", times: 2, what: { code: "InvalidDBInstanceState" } });
  const { id } = await run(lab, { freshSnapshot: true });
  assertEquals(await left(lab), [[], [id], []]);
});

Deno.test("a fresh snapshot that RDS cannot make is deleted, and nothing is restored", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.faults.add({ action: "CreateDBSnapshot", what: { ends: "failed" } });
  const error = await failureOf(run(lab, { freshSnapshot: true }));
  assertStringIncludes(error.message, `Cannot take snapshot "${fresh}" of the source`);
  assertEquals(lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot"), []);
  assertEquals(await left(lab), [[], [], []]);
});

Deno.test("another instance's snapshot is not restored for the source's", async () => {
  await using lab = await openLab({ latencies: quick });
  const source = { ...await lab.source(), resourceId: "db-BEFORE" };
  const error = await failureOf(Workspace.restore(lab.rds, source, lab.options({ freshSnapshot: true }), never));
  assertStringIncludes(error.message, "it is not of the instance");
  assertEquals(await left(lab), [[], [], []]);
});

Deno.test("a dead run's fresh snapshot is deleted by the next run", async () => {
  await using lab = await openLab({ latencies: quick });
  const tags = { ...runTags(named, "run-0", 300_000, new Date()), [tag.heartbeat]: "2020-01-01T00:00:00.000Z" };
  lab.local.addSnapshot({ id: `${workspaceName(named)}-fresh-run0`, instance: "prod", type: "manual", tags });
  const { id } = await run(lab);
  const manual = lab.local.snapshots().filter(({ type }) => type === "manual").map(({ id }) => id);
  assertEquals(manual, [id]);
});
