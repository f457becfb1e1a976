/** Aurora clusters: the same runs as of instances, by the calls that clusters have. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { workspaceName } from "../../../lib/rds/api/names.ts";
import { checkClone } from "../../../lib/rds/source/clone_check.ts";
import { checkSnapshotName } from "../../../lib/rds/source/snapshot_name.ts";
import { resolveSource } from "../../../lib/rds/source/source.ts";
import { Workspace } from "../../../lib/rds/workspace/workspace.ts";
import { sweep } from "../../../lib/pipeline/sweep.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { codeOf, failureOf, type Lab, never, openLab } from "../local.ts";
import { assertEndsWell, friend, quick, run } from "../run.ts";

const workspace = workspaceName({ rdsEngine: "aurora-postgresql", name: "prod" });

function openClusterLab(): Promise<Lab> {
  return openLab({ latencies: quick }, 1, "postgres", "cluster");
}

Deno.test("a cluster is restored with one writer, and only a shared cluster snapshot is left of it", async () => {
  await using lab = await openClusterLab();
  const { id } = await run(lab);
  await lab.settled();
  const { local } = lab;
  assertEquals([local.workspaces(), local.made(), local.shares()], [[], [id], { [id]: [friend] }]);
  assertEquals(local.callLog.violations(), []);
  const changes = [...new Set(local.callLog.changes())].filter((action) => action !== "AddTagsToResource");
  assertEquals(changes, [
    "RestoreDBClusterFromSnapshot",
    "CreateDBInstance",
    "ModifyDBCluster",
    "DeleteDBInstance",
    "DeleteDBCluster",
    "ModifyDBClusterSnapshotAttribute",
  ]);
  const [restored] = local.callLog.calls("RestoreDBClusterFromSnapshot");
  assertEquals(restored?.parameters["EngineVersion"], "18.4");
  assertEquals(restored?.parameters["StorageType"], "aurora-iopt1");
});

Deno.test("a key is given to the restore of a cluster, without a copy", async () => {
  await using lab = await openClusterLab();
  await run(lab, { kmsKey: "alias/customer" });
  const [restored] = lab.local.callLog.calls("RestoreDBClusterFromSnapshot");
  assertEquals(restored?.parameters["KmsKeyId"], "alias/customer");
});

Deno.test("a cluster is cloned as it is now, with the settings of a restore, and the clone is deleted", async () => {
  await using lab = await openClusterLab();
  const { id } = await run(lab, { clone: true });
  await lab.settled();
  const { local } = lab;
  assertEquals([local.workspaces(), local.made(), local.callLog.violations()], [[], [id], []]);
  assertEquals(local.callLog.calls("RestoreDBClusterFromSnapshot"), []);
  const [cloned] = local.callLog.calls("RestoreDBClusterToPointInTime");
  const { parameters = {} } = cloned ?? {};
  assertEquals(
    [parameters["SourceDBClusterIdentifier"], parameters["RestoreType"], parameters["UseLatestRestorableTime"]],
    ["prod", "copy-on-write", "true"],
  );
  assertEquals([parameters["StorageType"], parameters["Tags.Tag.1.Key"]], ["aurora-iopt1", "scrubber"]);
});

Deno.test("the data of a clone are of now, and its ARN stands for a snapshot's name", async () => {
  await using lab = await openClusterLab();
  const found = await lab.source();
  const { snapshot, restore } = await checkClone(lab.rds, found, never);
  assertEquals([snapshot.takenAt > found.snapshot.takenAt, restore.cloneOf], [true, "prod"]);
  assertEquals(snapshot.id, "arn:aws:rds:eu-west-1:111122223333:cluster:prod");
});

Deno.test("a cluster that is backing up is cloned afterwards", async () => {
  await using lab = await openClusterLab();
  const what = { code: "InvalidDBClusterStateFault" };
  lab.local.faults.add({ action: "RestoreDBClusterToPointInTime", times: 2, what });
  const { id } = await run(lab, { clone: true });
  await lab.settled();
  assertEquals([lab.local.workspaces(), lab.local.made()], [[], [id]]);
});

for (
  const { what, change, says } of [
    { what: "that is stopped", change: { status: "stopped" }, says: 'Cannot clone "prod": the cluster is "stopped"' },
    {
      what: "that was upgraded since its last backup",
      change: { engineVersion: "18.9" },
      says: 'Cannot clone "prod": it is at 18.9 now, its newest automated snapshot at 18.4',
    },
    {
      what: "that took the place of its snapshot's",
      change: { resourceId: "cluster-OTHER" },
      says: 'Cannot clone "prod": the cluster of its snapshot is gone',
    },
  ]
) {
  Deno.test(`a cluster ${what} is not cloned, and nothing is made`, async () => {
    await using lab = await openClusterLab();
    const source = await lab.source();
    Object.assign(lab.local.clusters().find(({ id }) => id === "prod") ?? {}, change);
    const { message } = await failureOf(Workspace.restore(lab.rds, source, lab.options({ clone: true }), never));
    assertStringIncludes(message, says);
    assertEquals(lab.local.callLog.changes(), []);
  });
}

Deno.test("a DB instance is not cloned", async () => {
  await using lab = await openLab({ latencies: quick });
  const { message } = await failureOf(checkClone(lab.rds, await lab.source(), never));
  assertEquals(message, 'Cannot clone "prod": it is a DB instance, and only Aurora clusters are cloned');
});

Deno.test("whichever call about a cluster fails, the run ends well", async (t) => {
  const created = { finalSnapshot: "create" } as const;
  const cloned = { clone: true } as const;
  const some = ["lost-after", "500", "access-denied"] as const;
  for (
    const { action, faults = some, more } of [
      { action: "RestoreDBClusterFromSnapshot" },
      { action: "CreateDBInstance" },
      { action: "ModifyDBCluster" },
      { action: "DeleteDBInstance" },
      { action: "DeleteDBCluster" },
      { action: "DeleteDBCluster", faults: [{ code: "InvalidDBClusterStateFault" }] },
      { action: "CreateDBInstance", faults: [{ code: "InvalidDBClusterStateFault" }] },
      { action: "ModifyDBClusterSnapshotAttribute", faults: ["lost-after"] },
      { action: "DescribeDBClusters", faults: ["empty"] },
      { action: "RestoreDBClusterToPointInTime", more: cloned },
      { action: "RebootDBInstance", faults: ["lost-after", "500"], more: created },
      { action: "CreateDBClusterSnapshot", faults: ["lost-after", "500"], more: created },
    ] satisfies readonly {
      readonly action: string;
      readonly faults?: readonly Fault[];
      readonly more?: typeof created | typeof cloned;
    }[]
  ) {
    for (const what of faults) {
      await t.step(`${action}: ${JSON.stringify(what)}`, () => assertEndsWell("cluster", { action, what }, more));
    }
  }
});

for (
  const { action, ends, says } of [
    { action: "RestoreDBClusterFromSnapshot", ends: "restore-failed", says: 'is "restore-failed"' },
    { action: "CreateDBInstance", ends: "incompatible-network", says: 'is "incompatible-network"' },
    { action: "DeleteDBCluster", ends: "failed", says: 'is "failed"' },
  ]
) {
  Deno.test(`where ${action} ends in "${ends}", the run says so and nothing is left`, async () => {
    await using lab = await openClusterLab();
    lab.local.faults.add({ action, what: { ends } });
    assertStringIncludes((await failureOf(run(lab))).message, says);
    await lab.settled();
    assertEquals([lab.local.workspaces(), lab.local.made(), lab.local.callLog.violations()], [[], [], []]);
  });
}

Deno.test("sweep deletes a dead run's cluster, whose writer is gone already, and leaves production's", async () => {
  await using lab = await openClusterLab();
  lab.local.faults.add({ action: "DeleteDBCluster", times: 0, what: "access-denied" });
  await failureOf(run(lab));
  lab.local.faults.clear();
  await lab.settled();
  assertEquals(lab.local.workspaces(), [workspace]);
  const options = { run: "run-1", dryRun: false, pollInterval: 2, timeout: 10_000 };
  const { sentences, failures } = await sweep(lab.rds.of("instance"), options, lab.notes, never);
  assertEquals([sentences, failures], [[`deleted instance "${workspace}" of "prod", run run-1`], []]);
  await lab.settled();
  assertEquals([lab.local.workspaces(), lab.local.callLog.violations()], [[], []]);
});

for (
  const { what, kind, value } of [
    { what: "its name", kind: "cluster", value: "prod" },
    {
      what: "the host name of its writer",
      kind: "host",
      value: "prod.cluster-c0ffee000000.eu-west-1.rds.amazonaws.com",
    },
    {
      what: "the ARN of a cluster snapshot",
      kind: "snapshot",
      value: "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:",
    },
  ] as const
) {
  Deno.test(`a cluster is found by ${what}`, async () => {
    await using lab = await openClusterLab();
    const [snapshot] = lab.local.snapshots();
    const full = kind === "snapshot" ? value + snapshot?.id : value;
    const request = { engine: "postgresql", kind, value: full } as const;
    const source = await resolveSource(lab.rds.of("instance"), request, { overrides: {} }, never);
    assertEquals([source.name, source.rdsEngine, source.deployment], ["prod", "aurora-postgresql", "cluster"]);
    assertEquals([source.snapshot.id, source.restore.instanceClass], [snapshot?.id, "db.r6g.large"]);
  });
}

Deno.test("a cluster whose running snapshot could not have its name is refused before the restore", async () => {
  await using lab = await openClusterLab();
  const source = { ...await lab.source(), name: "c".repeat(40) };
  checkSnapshotName(source, "delete", new Date(0));
  checkSnapshotName({ ...source, name: "c".repeat(37) }, "create", new Date(0));
  assertThrows(() => checkSnapshotName(source, "create", new Date(0)), ScrubError, "longer than the 63 characters");
});

Deno.test("what a cluster does not have is refused before the restore", async () => {
  await using lab = await openClusterLab();
  const request = { engine: "postgresql", kind: "cluster", value: "prod" } as const;
  const overrides = { iops: 3000, storageType: "io1" };
  assertEquals(await codeOf(resolveSource(lab.rds, request, { overrides }, never)), "size");
});
