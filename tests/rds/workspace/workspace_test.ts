/** The workspace from the restore to its end, and what is left in RDS after every way out. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { Workspace, type WorkspaceOptions } from "../../../lib/rds/workspace/workspace.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { codeOf, failureOf, type Lab, never, openLab, proofFor } from "../local.ts";
import { assertEndsWell, friend, quick, run } from "../run.ts";

/** What must be true after every run that failed. */
async function assertNothingLeft(lab: Lab): Promise<void> {
  await lab.settled();
  assertEquals(lab.local.workspaces(), []);
  assertEquals(lab.local.made(), []);
  assertEquals(lab.local.shares(), {});
  assertEquals(lab.local.callLog.violations(), []);
}

Deno.test("a run makes one snapshot, with its proof, shared as asked, and leaves no instance", async () => {
  await using lab = await openLab({ latencies: quick });
  const { local } = lab;
  const { id } = await run(lab);
  await lab.settled();
  assertEquals(local.workspaces(), []);
  assertEquals(local.made(), [id]);
  assertEquals(local.shares(), { [id]: [friend] });
  assertEquals(local.callLog.violations(), []);
  assertEquals(local.callLog.changes(), [
    "RestoreDBInstanceFromDBSnapshot",
    "ModifyDBInstance",
    "DeleteDBInstance",
    "AddTagsToResource",
    "ModifyDBSnapshotAttribute",
    "AddTagsToResource",
  ]);
  const tags = new Map(
    local.snapshots().find((snapshot) => snapshot.id === id)?.tags.map(({ key, value }) => [key, value]),
  );
  assertEquals([tags.get("scrubber"), tags.get(tag.run), tags.get(tag.source)], ["scrubber", "run-1", "prod"]);
  assertEquals([tags.get(tag.proof), tags.get(tag.search)], ["d1635700", "full"]);
  assertMatch(id, /^scrubbed-prod-\d{4}-\d\d-\d\d-\d\d-\d\d$/);
});

Deno.test("--final-snapshot create: the restarted instance is snapshotted, and deleted without another one", async () => {
  await using lab = await openLab({ latencies: quick });
  const { local } = lab;
  const { id } = await run(lab, { finalSnapshot: "create" });
  await lab.settled();
  assertEquals([local.workspaces(), local.made(), local.shares()], [[], [id], { [id]: [friend] }]);
  assertEquals(local.callLog.changes().filter((action) => action !== "AddTagsToResource"), [
    "RestoreDBInstanceFromDBSnapshot",
    "ModifyDBInstance",
    "RebootDBInstance",
    "CreateDBSnapshot",
    "DeleteDBInstance",
    "ModifyDBSnapshotAttribute",
  ]);
  const [deletion] = local.callLog.calls("DeleteDBInstance");
  assertEquals(deletion?.parameters["SkipFinalSnapshot"], "true");
});

Deno.test("--final-snapshot create: a snapshot that RDS cannot make is taken again, three times at most", async (t) => {
  for (const failing of [2, 3]) {
    await t.step(String(failing), async () => {
      await using lab = await openLab({ latencies: quick });
      lab.local.faults.add({ action: "CreateDBSnapshot", times: failing, what: { ends: "failed" } });
      const outcome = await run(lab, { finalSnapshot: "create" }).catch((error) => error);
      assertEquals(lab.local.callLog.calls("CreateDBSnapshot").length, 3);
      if (failing < 3) return assertEquals(lab.local.made(), [outcome.id]);
      assertStringIncludes(outcome.message, 'is "failed"');
      await assertNothingLeft(lab);
    });
  }
});

Deno.test("--final-snapshot create: no snapshot is taken of an instance that does not restart", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.faults.add({ action: "RebootDBInstance", times: 0, what: "empty" });
  const error = await failureOf(run(lab, { finalSnapshot: "create", timeout: 2000 }));
  assert(error instanceof ScrubError, error.stack);
  assertEquals(lab.local.callLog.calls("CreateDBSnapshot"), []);
  await assertNothingLeft(lab);
});

Deno.test("the restore call tells RDS everything that it would get wrong", async () => {
  await using lab = await openLab({ latencies: quick });
  await run(lab, { heartbeat: 90_000 });
  const [call] = lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot");
  const parameters = { ...call?.parameters };
  const time = parameters["Tags.Tag.4.Value"] ?? "";
  assertMatch(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assertMatch(parameters["DBSnapshotIdentifier"] ?? "", /^rds:prod-/);
  delete parameters["DBSnapshotIdentifier"];
  delete parameters["NetworkType"];
  assertEquals(parameters, {
    Action: "RestoreDBInstanceFromDBSnapshot",
    Version: "2014-10-31",
    DBInstanceIdentifier: "scrubber-postgres-6754af9632a2",
    DBInstanceClass: "db.m6g.large",
    DBSubnetGroupName: "production-subnets",
    "VpcSecurityGroupIds.VpcSecurityGroupId.1": "sg-0a1b2c3d",
    DBParameterGroupName: "production-postgres18",
    OptionGroupName: "production-options-postgres18",
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
    Port: "5432",
    StorageType: "gp3",
    MultiAZ: "false",
    PubliclyAccessible: "false",
    DeletionProtection: "false",
    EnableIAMDatabaseAuthentication: "false",
    BackupRetentionPeriod: "0",
    AutoMinorVersionUpgrade: "false",
    CopyTagsToSnapshot: "true",
    "Tags.Tag.1.Key": "scrubber",
    "Tags.Tag.1.Value": "scrubber",
    "Tags.Tag.2.Key": "datascrubber:run",
    "Tags.Tag.2.Value": "run-1",
    "Tags.Tag.3.Key": "datascrubber:source",
    "Tags.Tag.3.Value": "prod",
    "Tags.Tag.4.Key": "datascrubber:started",
    "Tags.Tag.4.Value": time,
    "Tags.Tag.5.Key": "datascrubber:heartbeat",
    "Tags.Tag.5.Value": time,
    "Tags.Tag.6.Key": "datascrubber:heartbeat-seconds",
    "Tags.Tag.6.Value": "90",
  });
});

Deno.test("secure() sets a random password of 40 letters and digits, and does not log it", async () => {
  await using lab = await openLab({ latencies: quick });
  await using workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  // It is busy just then: to be asked again, not to be given up.
  lab.local.faults.add({ action: "ModifyDBInstance", what: { code: "InvalidDBInstanceState" } });
  const login = await workspace.secure(never);
  assertMatch(login.password, /^[A-Za-z0-9]{40}$/);
  assertEquals([login.host, login.user], ["localhost", "master"]);
  const [, call] = lab.local.callLog.calls("ModifyDBInstance");
  assertEquals(call?.parameters["MasterUserPassword"], login.password);
  assertEquals(call?.parameters["ApplyImmediately"], "true");
  assertEquals(lab.local.instances().find(({ id }) => id === workspace.id)?.pending, {});
  assertEquals(lab.notes.lines.filter((line) => line.includes(login.password)), []);
});

Deno.test("finalise() refuses a proof that was made for another workspace", async () => {
  await using lab = await openLab({ latencies: quick });
  {
    await using workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
    await assertRejects(() => workspace.finalise(proofFor("db-ANOTHER"), never), TypeError, "another workspace");
  }
  await assertNothingLeft(lab);
});

Deno.test("finalise() takes the next free minute where the name is taken", async () => {
  await using lab = await openLab({ latencies: quick });
  const source = await lab.source();
  const taken = [0, 1, 2].map((minute) => snapshotName(source, new Date(Date.now() + minute * 60_000)));
  for (const id of taken) lab.local.addSnapshot({ id, instance: "prod", type: "manual" });
  const { id } = await run(lab);
  assert(!taken.includes(id), id);
});

Deno.test("Workspace.restore() fails at once on a status that will not pass, with the events", async (t) => {
  for (
    const status of [
      "failed",
      "restore-error",
      "incompatible-restore",
      "incompatible-network",
      "incompatible-parameters",
      "incompatible-option-group",
      "incompatible-credentials",
      "incompatible-create",
      "insufficient-capacity",
      "inaccessible-encryption-credentials",
      "inaccessible-encryption-credentials-recoverable",
      "storage-full",
      "stopped",
      "some-new-failure",
    ]
  ) {
    await t.step(status, async () => {
      await using lab = await openLab({ latencies: quick });
      lab.local.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: status } });
      const error = await failureOf(run(lab));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message, `is "${status}"; its last events: "DB instance put into ${status}"`);
      await assertNothingLeft(lab);
    });
  }
});

Deno.test("Workspace.restore() gives up at its time limit", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
  const error = await failureOf(run(lab, { timeout: 100 }));
  assert(error instanceof ScrubError, error.stack);
  assertEquals(error.code, "aws-timeout");
  assertStringIncludes(error.hint, "--timeout");
  await assertNothingLeft(lab);
});

Deno.test("Workspace.restore() refuses what is not the snapshot's copy", async (t) => {
  for (
    const { name, change, message } of [
      {
        name: "another version",
        change: { engineVersion: "17.1" },
        message: "its version is 18.4, the snapshot's 17.1",
      },
      { name: "another master", change: { masterUser: "boss" }, message: 'its master user is "master"' },
    ]
  ) {
    await t.step(name, async () => {
      await using lab = await openLab({ latencies: quick });
      const source = await lab.source();
      const other = { ...source, snapshot: { ...source.snapshot, ...change } };
      const error = await failureOf(Workspace.restore(lab.rds, other, lab.options(), never));
      assertStringIncludes(error.message, message);
      await assertNothingLeft(lab);
    });
  }
});

Deno.test("a denied call names the missing action", async (t) => {
  for (
    const { action, nth = 1 } of [
      { action: "RestoreDBInstanceFromDBSnapshot" },
      { action: "ModifyDBInstance" },
      { action: "DeleteDBInstance" },
      { action: "AddTagsToResource" },
      { action: "DescribeDBInstances", nth: 3 },
    ]
  ) {
    await t.step(action, async () => {
      await using lab = await openLab({ latencies: quick });
      lab.local.faults.add({ action, nth, what: "access-denied" });
      const error = await failureOf(run(lab));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message, `AWS denies "rds:${action}"`);
      assertStringIncludes(error.hint, `Allow "rds:${action}"`);
      await assertNothingLeft(lab);
    });
  }
});

Deno.test("lost answers to calls that had their effect are found out", async (t) => {
  for (
    const action of [
      "RestoreDBInstanceFromDBSnapshot",
      "ModifyDBInstance",
      "DeleteDBInstance",
      "AddTagsToResource",
      "ModifyDBSnapshotAttribute",
    ]
  ) {
    // On the second the HTTP client itself repeats the call, and does not log it.
    for (const what of ["lost-after", "closed-after"] as const) {
      await t.step(`${action}: ${what}`, async () => {
        await using lab = await openLab({ latencies: quick }, 3);
        lab.local.faults.add({ action, what });
        const { id } = await run(lab);
        await lab.settled();
        assertEquals([lab.local.workspaces(), lab.local.made(), lab.local.shares()], [[], [id], { [id]: [friend] }]);
      });
    }
  }
});

interface FaultyCall {
  readonly action: string;
  readonly faults: readonly Fault[];
  readonly more?: Partial<WorkspaceOptions>;
}

Deno.test("whichever call of a run fails, it ends well", async (t) => {
  const anyFault = [
    "lost-after",
    "closed-after",
    "500",
    "empty",
    "access-denied",
  ] as const;
  const fresh = { freshSnapshot: true };
  const created = { finalSnapshot: "create" } as const;
  for (
    const { action, faults, more } of [
      { action: "RestoreDBInstanceFromDBSnapshot", faults: anyFault },
      { action: "ModifyDBInstance", faults: anyFault },
      { action: "DeleteDBInstance", faults: anyFault },
      { action: "AddTagsToResource", faults: anyFault },
      { action: "ModifyDBSnapshotAttribute", faults: anyFault },
      // To these one fault that may pass is like another.
      { action: "DescribeDBSnapshotAttributes", faults: ["500", "access-denied"] as const },
      { action: "DescribeDBInstances", faults: ["empty", "access-denied"] as const },
      { action: "DescribeDBSnapshots", faults: ["lost-before", "access-denied"] as const },
      { action: "RebootDBInstance", faults: anyFault, more: created },
      { action: "CreateDBSnapshot", faults: anyFault, more: created },
      { action: "DeleteDBInstance", faults: ["lost-after", "access-denied"], more: created },
      { action: "AddTagsToResource", faults: ["lost-after", "access-denied"], more: created },
      { action: "DescribeEvents", faults: ["access-denied"], more: created },
      { action: "CreateDBSnapshot", faults: anyFault, more: fresh },
      { action: "DeleteDBSnapshot", faults: ["lost-after", "access-denied"], more: fresh },
    ] satisfies readonly FaultyCall[]
  ) {
    for (const what of faults) {
      await t.step(`${action}: ${what}${more ? `, with ${Object.keys(more).join()}` : ""}`, async () => {
        await assertEndsWell("instance", { action, what }, more);
      });
    }
  }
});

Deno.test("a snapshot that fails is deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.faults.add({ action: "DeleteDBInstance", what: { ends: "failed" } });
  const error = await failureOf(run(lab));
  assertStringIncludes(error.message, 'is "failed"');
  await assertNothingLeft(lab);
});

Deno.test("an abort leaves nothing, whatever is under way", async (t) => {
  // Each status lasts until it is read, however slow the machine is.
  const seen = { milliseconds: 10_000 };
  const latencies = {
    ...quick,
    unseen: { ...quick.unseen, ...seen },
    creating: { ...quick.creating, ...seen },
    lag: { ...quick.lag, ...seen },
    modifying: { ...quick.modifying, ...seen },
    snapshot: { ...quick.snapshot, ...seen },
  };
  for (
    const line of [
      'instance "scrubber-postgres-6754af9632a2" is "not found yet"',
      'instance "scrubber-postgres-6754af9632a2" is "creating"',
      'instance "scrubber-postgres-6754af9632a2" is "resetting-master-credentials"',
    ]
  ) {
    await t.step(String(line), async () => {
      await using lab = await openLab({ latencies });
      const stop = new AbortController();
      const reason = new ScrubError("interrupted", "Cannot go on: interrupted", "Run again.");
      const info = lab.notes.info.bind(lab.notes);
      lab.notes.info = (message) => {
        info(message);
        if (message.match(line)) stop.abort(reason);
      };
      const error = await failureOf(run(lab, {}, stop.signal));
      assertEquals(error, reason);
      await assertNothingLeft(lab);
    });
  }
});

Deno.test("what AWS refuses to delete is named as a leftover", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  lab.local.faults.add({ action: "DeleteDBInstance", times: 0, what: "access-denied" });
  const error = await failureOf(workspace[Symbol.asyncDispose]());
  assert(error instanceof ScrubError, error.stack);
  assertEquals(error.kind, "leftovers");
  assertStringIncludes(error.message, `instance "${workspace.id}"`);
  assertStringIncludes(error.hint, `Delete instance "${workspace.id}" by hand`);
});

Deno.test("an instance without this run's tag is not deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  const instance = lab.local.instances().find(({ id }) => id === workspace.id);
  if (instance) instance.tags = [{ key: "scrubber", value: "scrubber" }, { key: tag.run, value: "another" }];
  const error = await failureOf(workspace[Symbol.asyncDispose]());
  assertStringIncludes(error.message, "does not carry the tag of run run-1");
  assertEquals(lab.local.callLog.calls("DeleteDBInstance"), []);
});

Deno.test("the deletion is asked for until the state allows it", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  lab.local.faults.add({ action: "DeleteDBInstance", times: 3, what: { code: "InvalidDBInstanceState" } });
  await workspace[Symbol.asyncDispose]();
  await assertNothingLeft(lab);
});

Deno.test("the heartbeat is renewed while the workspace lives", async () => {
  await using lab = await openLab({ latencies: quick });
  await using workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options({ heartbeat: 5 }), never);
  const read = async () => (await lab.rds.instance(workspace.id, never))?.tags.get(tag.heartbeat);
  const first = await read();
  while (await read() === first);
  assertEquals(lab.notes.lines.filter((line) => line.startsWith("warn")), []);
});

Deno.test("an instance with the workspace's name", async (t) => {
  const now = () => new Date().toISOString();
  const dead = "2020-01-01T00:00:00.000Z";
  const ours = { [tag.tool]: "scrubber", [tag.run]: "run-0", [tag.source]: "prod", [tag.heartbeatSeconds]: "300" };
  for (
    const { name, tags, refused } of [
      { name: "is deleted when its run is dead", tags: () => ({ ...ours, [tag.heartbeat]: dead }) },
      {
        name: "is left to its run when that lives",
        tags: () => ({ ...ours, [tag.heartbeat]: now() }),
        refused: "occupied",
      },
      { name: "is not touched without our tags", tags: () => ({ env: "production" }), refused: "name-taken" },
      {
        name: "is not touched with the tag of the first program alone",
        tags: () => ({ [tag.tool]: "scrubber" }),
        refused: "name-taken",
      },
      {
        name: "is not touched when it is of another source",
        tags: () => ({ ...ours, [tag.heartbeat]: dead, [tag.source]: "prod-2" }),
        refused: "name-taken",
      },
      { name: "is not touched without a heartbeat", tags: () => ours, refused: "name-taken" },
    ]
  ) {
    await t.step(name, async () => {
      await using lab = await openLab({ latencies: quick });
      const source = await lab.source();
      const instance = workspaceName(source);
      await lab.rds.restore({ ...source.restore, instance, tags: tags() }, never);
      while (!await lab.rds.instance(instance, never));
      if (refused === undefined) {
        await run(lab);
        return assertEquals(lab.local.workspaces(), []);
      }
      assertEquals(await codeOf(run(lab)), refused);
      assertEquals(lab.local.workspaces(), [instance]);
      assertEquals(lab.local.callLog.calls("DeleteDBInstance"), []);
    });
  }

  await t.step("is waited for when it is being deleted", async () => {
    await using lab = await openLab({ latencies: { ...quick, deleting: { polls: 4, milliseconds: 1000 } } });
    const source = await lab.source();
    const instance = workspaceName(source);
    await lab.rds.restore({ ...source.restore, instance, tags: {} }, never);
    while (!await lab.rds.instance(instance, never));
    await lab.rds.deleteInstance(instance, undefined, never);
    const { id } = await run(lab);
    assertEquals(lab.local.made(), [id]);
  });
});

Deno.test("credentials that expire in the middle and are not renewed: the message says what is left behind", async () => {
  await using lab = await openLab({ latencies: quick });
  const workspace = await Workspace.restore(lab.rds, await lab.source(), lab.options(), never);
  lab.local.faults.add({ action: "*", times: 0, what: "expired-token" });
  const error = await failureOf(workspace[Symbol.asyncDispose]());
  assert(error instanceof ScrubError && error.kind === "leftovers", error.stack);
  assertStringIncludes(error.message, `Cannot clean up instance "${workspace.id}"`);
  assertStringIncludes(error.message, "ExpiredToken");
  lab.local.faults.clear();
});
