/** Refreshing an instance with a verified snapshot: its settings, its names, what goes wrong, and what is left by dead runs. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { finish } from "../../../lib/pipeline/finish.ts";
import { recoverSuccessors, refreshInstance } from "../../../lib/pipeline/refresh.ts";
import { sweep } from "../../../lib/pipeline/sweep.ts";
import { tag } from "../../../lib/rds/api/names.ts";
import { overview } from "../../../lib/rds/snapshot/overview.ts";
import { SourceReportBuilder } from "../../../lib/report/report_builder.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { failureOf, type Lab, never } from "../local.ts";
import { friend, run } from "../run.ts";
import {
  addStaging,
  addVerified,
  allowed,
  beforeId,
  limitsOf,
  namesIn,
  openStaging,
  requestFor,
  staging,
  successorId,
  tagsOf,
} from "./staging.ts";

async function refresh(lab: Lab, id: string, signal: AbortSignal = never) {
  const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
  await refreshInstance(lab.rds, requestFor(id), limitsOf(lab), report, signal);
  return report.report.refresh;
}

const wish = (lab: Lab) => ({ ...limitsOf(lab), sources: [], shareWith: [friend], snapshotRetention: 5 });

function instanceOf(lab: Lab, name: string) {
  const found = lab.local.instances().find(({ id }) => id === name);
  assert(found, `there is no "${name}"`);
  return found;
}

function wishOf(lab: Lab, id: string): string | undefined {
  const found = lab.local.snapshots().find((one) => one.id === id);
  return found && tagsOf(found)[tag.refreshes];
}

Deno.test("refreshInstance() gives the name to an instance of the snapshot, and keeps the old one under another", async () => {
  await using lab = await openStaging();
  const { id, old, local } = lab;
  const report = await refresh(lab, id);
  const names = namesIn(lab);
  assertEquals(Object.keys(names).toSorted(), [staging, beforeId].toSorted());
  assertEquals([names[beforeId], names[staging] === old.resourceId], [old.resourceId, false]);
  assertEquals(tagsOf(instanceOf(lab, staging)), { ...allowed, team: "web", [tag.restoredFrom]: id });
  assertEquals([wishOf(lab, id), local.workspaces(), local.callLog.violations()], [`done ${staging}`, [], []]);
  assertEquals(report, {
    instance: staging,
    snapshot: id,
    before: beforeId,
    masterUser: "master",
    masterPassword: "unknown",
    commands: [
      "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier staging --manage-master-user-password --apply-immediately",
      `aws rds delete-db-instance --region eu-west-1 --db-instance-identifier ${beforeId} --skip-final-snapshot`,
    ],
  });
});

Deno.test("the new instance has the settings of the old one", async () => {
  await using lab = await openStaging({}, {
    MultiAZ: true,
    PubliclyAccessible: true,
    DeletionProtection: true,
    BackupRetentionPeriod: 3,
    PreferredBackupWindow: "03:00-03:30",
    EnableIAMDatabaseAuthentication: true,
    EnableCloudwatchLogsExports: ["postgresql"],
    CopyTagsToSnapshot: true,
    AllocatedStorage: 400,
    StorageType: "gp3",
    Iops: 12_000,
    StorageThroughput: 600,
  });
  const { old, id } = lab;
  Object.assign(old.settings, {
    maintenanceWindow: "sun:04:00-sun:04:30",
    monitoringInterval: 60,
    monitoringRole: "arn:aws:iam::111122223333:role/monitoring",
    performanceInsights: true,
    maxAllocatedStorage: 1000,
    secret: "active",
  });
  const report = await refresh(lab, id);
  assertEquals(instanceOf(lab, staging).settings, instanceOf(lab, beforeId).settings);
  assertEquals(instanceOf(lab, staging).allocatedStorage, 400);
  assertEquals(report?.masterPassword, "managed");
  assertEquals(report?.commands, [
    `aws rds modify-db-instance --region eu-west-1 --db-instance-identifier ${beforeId} --no-deletion-protection --apply-immediately`,
    `aws rds delete-db-instance --region eu-west-1 --db-instance-identifier ${beforeId} --skip-final-snapshot`,
  ]);
});

Deno.test("it refuses, and makes nothing", async (t) => {
  for (
    const { name, change, more, tags, says } of [
      { name: "without the tag", tags: { team: "web" }, says: 'does not carry the tag "datascrubber:refresh"' },
      { name: "with another value", tags: { [tag.refresh]: "no" }, says: 'with the value "allowed"' },
      { name: "one of ours", tags: { ...allowed, [tag.tool]: "scrubber" }, says: "what this program makes" },
      { name: "a read replica", change: { replicaOf: "prod" }, says: 'a read replica of "prod"' },
      { name: "a member of a cluster", change: { clusterId: "c" }, says: 'belongs to cluster "c"' },
      { name: "another engine", change: { engine: "mysql" }, says: 'its engine is "mysql"' },
      { name: "another major version", change: { engineVersion: "16.4" }, says: "its version is 16.4" },
      { name: "one that is stopped", change: { status: "stopped" }, says: 'it is "stopped"' },
      { name: "pending changes", change: { pending: { DBInstanceClass: "x" } }, says: "pending (DBInstanceClass)" },
      { name: "an old one that still stands", more: true, says: '"staging-before-1" ' },
    ] as readonly {
      readonly name: string;
      readonly change?: object;
      readonly more?: boolean;
      readonly tags?: Record<string, string>;
      readonly says: string;
    }[]
  ) {
    await t.step(name, async () => {
      await using lab = await openStaging({}, {}, tags);
      Object.assign(lab.old, change);
      if (more) await addStaging(lab.local, { DBInstanceIdentifier: "staging-before-1" });
      const before = [namesIn(lab), lab.local.callLog.changes()];
      const error = await failureOf(refresh(lab, lab.id));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message.replace('1", which', '1" , which'), says);
      assertEquals([error.code, [namesIn(lab), lab.local.callLog.changes()]], ["leftovers", before]);
      assertEquals(wishOf(lab, lab.id), `wanted ${staging}`);
    });
  }
});

Deno.test("whatever call goes wrong, the name has an instance, and finish() refreshes it", async (t) => {
  for (const what of ["access-denied", "throttle", "lost-after"] satisfies readonly Fault[]) {
    for (
      const action of [
        "RestoreDBInstanceFromDBSnapshot",
        "ModifyDBInstance",
        "AddTagsToResource",
        "RemoveTagsFromResource",
        "DescribeDBInstances",
      ]
    ) {
      for (let nth = 1; nth <= 14; nth++) {
        await using lab = await openStaging({}, { PreferredBackupWindow: "03:00-03:30" });
        const { local, id, old } = lab;
        old.settings.maintenanceWindow = "sun:04:00-sun:04:30";
        const before = local.callLog.calls(action).length;
        local.faults.add({ action, nth, what });
        const error = await refresh(lab, id).then(() => undefined, (error) => error);
        local.faults.clear();
        const reached = local.callLog.calls(action).length - before >= nth;
        await t.step(`${action} ${nth}: ${what}: ${reached ? "reached" : "not reached"}`, async () => {
          if (error !== undefined) {
            assert(error instanceof ScrubError, error.stack);
            assertEquals(error.code, "leftovers");
          }
          await local.settled();
          const outcomes = await finish(lab.rds, wish(lab), lab.notes, never);
          assertEquals(outcomes.flatMap(({ failure }) => failure ?? []), []);
          const names = namesIn(lab);
          assertEquals(Object.keys(names).toSorted(), [staging, beforeId].toSorted());
          assertEquals(names[beforeId], old.resourceId);
          assertEquals(tagsOf(instanceOf(lab, staging)), { ...allowed, team: "web", [tag.restoredFrom]: id });
          assertEquals([wishOf(lab, id), local.callLog.violations()], [`done ${staging}`, []]);
        });
        if (!reached) break;
      }
    }
  }
});

Deno.test("where the second name cannot be given, the old instance gets its name back, and the new one goes", async (t) => {
  for (const what of ["access-denied", { code: "InvalidParameterValue" }, { ends: "incompatible-network" }] as const) {
    await t.step(JSON.stringify(what), async () => {
      await using lab = await openStaging();
      const { local, id, old } = lab;
      local.faults.chooser = (action, parameters) =>
        action === "ModifyDBInstance" && parameters["DBInstanceIdentifier"] === successorId ? what : undefined;
      const error = await failureOf(refresh(lab, id));
      assert(error instanceof ScrubError, error.stack);
      assertEquals(error.code, "leftovers");
      assertStringIncludes(error.message, `Snapshot "${id}" was verified, and is kept`);
      assertStringIncludes(error.hint, '"datascrubber finish prod"');
      await local.settled();
      assertEquals([namesIn(lab), wishOf(lab, id)], [{ [staging]: old.resourceId }, `wanted ${staging}`]);
    });
  }
});

Deno.test("a run that is stopped between the names goes on until the name has an instance", async () => {
  await using lab = await openStaging();
  const stop = new AbortController();
  lab.local.faults.watcher = ({ action, when, parameters }) => {
    if (when === "after" && action === "ModifyDBInstance" && parameters["NewDBInstanceIdentifier"] === beforeId) {
      stop.abort(new ScrubError("interrupted", "Cannot go on: stopped", ""));
    }
  };
  await refresh(lab, lab.id, stop.signal).catch((error) => assert(error instanceof ScrubError, error.stack));
  await lab.local.settled();
  assertEquals(Object.keys(namesIn(lab)).toSorted(), [staging, beforeId].toSorted());
});

/** A run that is gone at a call, after its effect: nothing it does from then on reaches RDS. Its heartbeat expires at once. */
async function killAfter(
  lab: Lab,
  id: string,
  action: string,
  isIt: (parameters: Readonly<Record<string, string>>) => boolean,
) {
  const { local } = lab;
  let dead = false;
  local.faults.watcher = ({ action: called, when, parameters }) => {
    if (when === "after" && called === action && isIt(parameters)) dead = true;
  };
  local.faults.chooser = () => dead ? { code: "ExpiredToken", status: 403 } : undefined;
  await failureOf(refresh(lab, id));
  assert(dead, "the call never came");
  local.faults.watcher = undefined;
  local.faults.chooser = undefined;
  await local.settled();
  for (const one of local.instances()) {
    const expired = { key: tag.heartbeat, value: new Date(0).toISOString() };
    if (tagsOf(one)[tag.heartbeat]) one.tags = [...one.tags.filter(({ key }) => key !== tag.heartbeat), expired];
  }
}

for (
  const { name, action, isIt = () => true, left, swept } of [
    { name: "the restore", action: "RestoreDBInstanceFromDBSnapshot", left: [staging, successorId], swept: [staging] },
    {
      name: "the mark that names begin to change",
      action: "AddTagsToResource",
      isIt: (all: Readonly<Record<string, string>>) => all["Tags.Tag.1.Key"] === tag.swap,
      left: [staging, successorId],
      swept: [staging, successorId],
    },
    {
      name: "the first name",
      action: "ModifyDBInstance",
      isIt: (all: Readonly<Record<string, string>>) => all["NewDBInstanceIdentifier"] === beforeId,
      left: [beforeId, successorId],
      swept: [beforeId, successorId],
    },
    {
      name: "the second name",
      action: "ModifyDBInstance",
      isIt: (all: Readonly<Record<string, string>>) => all["NewDBInstanceIdentifier"] === staging,
      left: [beforeId, staging],
      swept: [beforeId, staging],
    },
    { name: "the tags", action: "RemoveTagsFromResource", left: [beforeId, staging], swept: [beforeId, staging] },
  ]
) {
  Deno.test(`a run that was killed behind ${name} leaves what sweep does not harm, and finish() finishes`, async () => {
    await using lab = await openStaging();
    const { id, old, local } = lab;
    await killAfter(lab, id, action, isIt);
    assertEquals(Object.keys(namesIn(lab)).toSorted(), left.toSorted());
    assertEquals((await overview(lab.rds, never)).filter(({ state }) => state === "foreign"), []);
    await sweep(lab.rds, { dryRun: false, pollInterval: 2, timeout: 20_000 }, lab.notes, never);
    await local.settled();
    assertEquals(Object.keys(namesIn(lab)).toSorted(), swept.toSorted());
    const outcomes = await finish(lab.rds, wish(lab), lab.notes, never);
    assertEquals(outcomes.flatMap(({ failure }) => failure ?? []), []);
    assertEquals(namesIn(lab)[beforeId], old.resourceId);
    assertEquals(tagsOf(instanceOf(lab, staging)), { ...allowed, team: "web", [tag.restoredFrom]: id });
    assertEquals([wishOf(lab, id), local.callLog.violations()], [`done ${staging}`, []]);
    assertEquals(await finish(lab.rds, wish(lab), lab.notes, never), []);
  });

  Deno.test(`after a run that was killed behind ${name} the next run has an instance under the name before its restore`, async () => {
    await using lab = await openStaging();
    await killAfter(lab, lab.id, action, isIt);
    const recovered = await recoverSuccessors(lab.rds, { source: "prod" }, limitsOf(lab), never);
    assertEquals(recovered.flatMap(({ error }) => error ?? []), []);
    await lab.local.settled();
    assertEquals(namesIn(lab)[staging] !== undefined, true);
    assertEquals(lab.local.workspaces(), []);
  });
}

Deno.test("what a living run makes is left alone", async () => {
  await using lab = await openStaging();
  let seen: readonly string[] = [];
  lab.local.faults.watcher = async ({ action, when, parameters }) => {
    if (when !== "after" || action !== "ModifyDBInstance" || parameters["NewDBInstanceIdentifier"] !== beforeId) return;
    lab.local.faults.watcher = undefined;
    const { sentences } = await sweep(lab.rds, { dryRun: false, pollInterval: 2, timeout: 20_000 }, lab.notes, never);
    seen = sentences;
  };
  await refresh(lab, lab.id);
  assertEquals(seen, [
    `leaves instance "${successorId}" of "prod", run 0123456789abcdef0123456789abcdef: the run is alive`,
  ]);
});

Deno.test("of several snapshots that were to refresh it only the newest does", async () => {
  await using lab = await openStaging();
  const older = addVerified(lab, 3);
  const outcomes = await finish(lab.rds, wish(lab), lab.notes, never);
  assertEquals(outcomes.flatMap(({ failure }) => failure ?? []), []);
  assertEquals([wishOf(lab, older), wishOf(lab, lab.id)], [`done ${staging}`, `done ${staging}`]);
  assertEquals(tagsOf(instanceOf(lab, staging))[tag.restoredFrom], lab.id);
  assertEquals(lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot").length, 2);
});

Deno.test("a run's snapshot says from its proof on which instance is to be refreshed with it", async () => {
  await using lab = await openStaging();
  const { id } = await run(lab, { refresh: staging });
  assertEquals(wishOf(lab, id), `wanted ${staging}`);
});
