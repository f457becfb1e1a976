/** The fresh workspace of a run that rebuilds: what RDS is asked for, and what is left where it does not come. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { GIB } from "../../../lib/core/storage.ts";
import { restoredName, workspaceName } from "../../../lib/rds/api/names.ts";
import { freshStorage } from "../../../lib/rds/source/fresh_storage.ts";
import type { Source } from "../../../lib/rds/source/source.ts";
import { Workspace } from "../../../lib/rds/workspace/workspace.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { quick } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const holds = { data: 3 * GIB, logs: GIB };

/** Both workspaces of a run; disposed of at the end. */
async function both(lab: Lab, options = lab.options()): Promise<readonly string[]> {
  const source = { ...await lab.source(), rebuild: {} };
  await using _restored = await Workspace.restore(lab.rds, source, options, never);
  const { workspace, login } = await Workspace.create(lab.rds, source, holds, options, never);
  await using _fresh = workspace;
  assertEquals(login.user, source.snapshot.masterUser);
  return lab.local.workspaces().toSorted();
}

Deno.test("a fresh workspace has the settings of the restored one, and the usual name", async () => {
  await using lab = await openLab({ latencies: quick });
  assertEquals(await both(lab), [workspaceName(named), restoredName(named)]);
  const [restored] = lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot");
  const [created] = lab.local.callLog.calls("CreateDBInstance");
  const { MasterUserPassword, KmsKeyId, ...asked } = { ...created?.parameters };
  const only = { Engine: "postgres", EngineVersion: "18.4", MasterUsername: "master", StorageEncrypted: "true" };
  const times = /^Tags\.Tag\.[45]\.Value$/;
  const alike = Object.entries({ ...restored?.parameters }).filter(([name]) =>
    !times.test(name) && !["Action", "DBInstanceIdentifier", "DBSnapshotIdentifier"].includes(name)
  );
  assertEquals(
    Object.fromEntries(Object.entries(asked).filter(([name]) => !times.test(name) && name !== "Action")),
    { ...Object.fromEntries(alike), ...only, DBInstanceIdentifier: workspaceName(named), AllocatedStorage: "20" },
  );
  assertEquals([MasterUserPassword?.length, KmsKeyId?.startsWith("arn:aws:kms:")], [40, true]);
  assertEquals(lab.notes.lines.some((line) => line.includes(MasterUserPassword ?? "")), false);
});

for (
  const { name, what, why } of [
    { name: "does not become available in time", what: { ends: "creating" }, why: "Cannot create" },
    { name: "is refused", what: "access-denied", why: "CreateDBInstance" },
    { name: "is made, but its answer never comes", what: "lost-after", why: "CreateDBInstance" },
  ] satisfies readonly { name: string; what: Fault; why: string }[]
) {
  Deno.test(`nothing is left of both workspaces where the fresh one ${name}`, async () => {
    await using lab = await openLab({ latencies: quick });
    lab.local.faults.add({ action: "CreateDBInstance", times: 0, what });
    const error = await failureOf(both(lab, lab.options({ timeout: 2000 })));
    assertStringIncludes(error.message, why);
    await lab.settled();
    assertEquals([lab.local.workspaces(), lab.local.made()], [[], []]);
  });
}

Deno.test("a fresh workspace gets storage for its data, within what RDS has and the restored one had", async (t) => {
  await using lab = await openLab();
  const source = await lab.source();
  const of = (storageType: string, before: number, more: Partial<Source["restore"]> = {}): Source => ({
    ...source,
    snapshot: { ...source.snapshot, storageType, storageBytes: before * GIB },
    restore: { ...source.restore, storageType, ...more },
    rebuild: {},
  });
  for (
    const { name, from, data, storage } of [
      { name: "little", from: of("gp3", 500), data: 1, storage: { allocatedStorage: 20 } },
      {
        name: "half as much again, the log, and 5 GiB",
        from: of("gp3", 500),
        data: 100,
        storage: { allocatedStorage: 156 },
      },
      { name: "no more than before", from: of("gp3", 120), data: 100, storage: { allocatedStorage: 120 } },
      {
        name: "no IOPS where so little storage has none",
        from: of("gp3", 500, { iops: 12_000, storageThroughput: 500 }),
        data: 10,
        storage: { allocatedStorage: 21 },
      },
      {
        name: "IOPS of io1 as far as the storage has them",
        from: of("io1", 500, { iops: 20_000 }),
        data: 10,
        storage: { allocatedStorage: 100, iops: 5000 },
      },
      {
        name: "what the operator asks for",
        from: { ...of("gp3", 500), rebuild: { allocatedStorage: 600 } },
        data: 10,
        storage: { allocatedStorage: 600 },
      },
    ]
  ) {
    await t.step(name, () => {
      const { storageType, ...found } = freshStorage(from, { data: data * GIB, logs: GIB });
      assertEquals([storageType, found], [from.restore.storageType, storage]);
    });
  }
});
