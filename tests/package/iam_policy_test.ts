/** The IAM policies: enough for every run, nothing more than that, and nothing that production could be harmed with. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { keys } from "../../scripts/local_rds/kms.ts";
import { isGranted, type Permission, type Policy } from "../../scripts/local_rds/iam.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { checkEncryption } from "../../lib/rds/source/encryption.ts";
import { Kms } from "../../lib/rds/api/kms.ts";
import { tag, workspaceName } from "../../lib/rds/api/names.ts";
import { makeCopies } from "../../lib/pipeline/copies.ts";
import { isolate } from "../../lib/pipeline/isolation.ts";
import { refreshInstance } from "../../lib/pipeline/refresh.ts";
import { checkQuotas } from "../../lib/rds/source/quotas.ts";
import { pruneSnapshots } from "../../lib/rds/snapshot/share_and_prune.ts";
import { overview } from "../../lib/rds/snapshot/overview.ts";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";
import { Workspace } from "../../lib/rds/workspace/workspace.ts";
import { instances, leftIn, receiver, runProgram, smallStage } from "../end_to_end/stage.ts";
import { startProgram } from "../fleet/program.ts";
import { type Lab, never, openLab } from "../rds/local.ts";
import { limitsOf, openStaging, requestFor, staging } from "../rds/refresh/staging.ts";
import { friend, quick, readBack, run } from "../rds/run.ts";

/** What everybody needs. */
const plain = [await read("reader"), await read("workspace")];
/** With what `--kms-key`, `--sign-kms-key`, `parameter-group` and `--final-snapshot create` need. */
const policies = [
  ...plain,
  await read("reencrypt"),
  await read("sign"),
  await read("isolate"),
  await read("create"),
];

async function read(name: string): Promise<Policy> {
  return JSON.parse(await Deno.readTextFile(new URL(`../../scripts/package/iam/${name}.json`, import.meta.url)));
}

/** Every right that the policies name, one action of one statement each, with what is left without it. */
const parts = policies.flatMap((policy, at) =>
  policy.Statement.flatMap((statement, row) =>
    statement.Action.map((action) => ({
      name: `${statement.Sid} ${action}`,
      rest: policies.with(at, {
        ...policy,
        Statement: policy.Statement.with(row, {
          ...statement,
          Action: statement.Action.filter((other) => other !== action),
        }),
      }),
    }))
  )
);

const base = "arn:aws:rds:eu-west-1:111122223333";
const tagged = { "aws:ResourceTag/scrubber": ["scrubber"] };
const asking = { "aws:RequestTag/scrubber": ["scrubber"], "aws:TagKeys": ["scrubber"] };
const allowing = { "aws:ResourceTag/datascrubber:refresh": ["allowed"] };
const everyRight: Policy = {
  Version: "2012-10-17",
  Statement: [{ Sid: "All", Effect: "Allow", Action: ["*"], Resource: ["*"] }],
};
const kmsKey = `arn:aws:kms:eu-west-1:111122223333:key/${keys.customer}`;

/** Adds a snapshot as the first program made it: known by its names alone. */
function addFirstPrograms(local: LocalRds, source: string): string {
  const id = `scrubbed-${source}-2019-05-06-07-08`;
  local.addSnapshot({
    id,
    instance: workspaceName({ rdsEngine: "postgres", name: source }),
    type: "manual",
    createTime: new Date("2019-05-06T07:08:09.000Z"),
    tags: {},
    production: false,
    dataOf: local.snapshots()[0]?.id,
  });
  return id;
}

/** Everything that lib/rds does: two runs, one of them with a key of its own, sharing, pruning, and a restore that fails. Gives what was denied, and called. */
async function everything(granted: readonly Policy[]): Promise<{ denied: number; called: readonly string[] }> {
  await using lab = await openLab({ latencies: quick, policies: granted });
  await attempt(lab);
  const calls = lab.local.callLog.calls();
  return {
    denied: calls.filter(({ outcome }) => /^(AccessDenied|refused)$/.test(outcome)).length,
    called: [...new Set(calls.map(({ action }) => action.includes(":") ? action : `rds:${action}`))].toSorted(),
  };
}

/** The groups of a source with a group of its own, once more after that was changed by hand, and of one with a default group. */
async function isolateTwice(lab: Lab): Promise<void> {
  await lab.local.addProduction({ id: "plain", engine: "postgres", parameterGroup: "default.postgres18" });
  const wish = { dryRun: false, pollInterval: 2, timeout: 10 };
  for (const source of ["prod", "prod", "plain"]) {
    const { group } = await isolate(lab.rds, { source, ...wish }, lab.notes, never);
    const change = { name: "log_statement", value: "all", dynamic: true };
    await lab.rds.parameterGroups.modify(group, [change], never);
  }
}

async function attempt(lab: Lab): Promise<void> {
  addFirstPrograms(lab.local, "prod");
  try {
    await overview(lab.rds, never);
    await checkQuotas(lab.rds, await lab.source(), { sourcesBefore: 0, snapshot: true }, never);
    await isolateTwice(lab);
    await lab.rds.classOffers({ engine: "postgres", engineVersion: "18.4" }, never);
    await run(lab);
    const endpoint = { url: lab.local.url, accessKeyId: "local", secretAccessKey: "local" };
    using kms = new Kms({ region: lab.local.region, maxAttempts: 1, endpoint });
    await checkEncryption(kms, await lab.source(), { shareWith: [receiver] }, never);
    await kms.sign(keys.signing, new Uint8Array([1]), never);
    await run(lab, { runId: "run-4", finalSnapshot: "create" });
    const newest = await run(lab, { runId: "run-2", kmsKey });
    await Array.fromAsync(pruneSnapshots(lab.rds, { source: await lab.source(), keep: 1, newest: newest.id }, never));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  lab.local.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "incompatible-restore" } });
  const failed = Workspace.restore(
    lab.rds,
    await lab.source(),
    lab.options({ runId: "run-3" }),
    never,
  );
  await failed.then((workspace) => workspace[Symbol.asyncDispose](), () => {});
}

Deno.test("the policies grant all that lib/rds calls, and it calls all that they grant", async () => {
  const { denied, called } = await everything(policies);
  assertEquals(denied, 0);
  const granted = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  // Checked by KMS.
  const behind = [
    ...["CreateGrant", "Decrypt", "Encrypt", "ReEncrypt*", "GenerateDataKey*"].map((one) => `kms:${one}`),
  ];
  assertEquals([...new Set(granted)].filter((action) => !behind.includes(action)).toSorted(), called);
});

/** What clusters need, with `parameter-group`, `--final-snapshot create`, `--fresh-snapshot` and `--clone`. */
const ofClusters = [
  await read("reader"),
  await read("aurora"),
  await read("aurora-more"),
  await read("aurora-fresh"),
  await read("aurora-clone"),
];

Deno.test("the policies of Aurora grant all that lib/rds calls for a cluster, and it calls all that they grant", async () => {
  await using lab = await openLab({ latencies: quick, policies: ofClusters }, 1, "postgres", "cluster");
  await overview(lab.rds, never);
  await checkQuotas(lab.rds, await lab.source(), { sourcesBefore: 0, snapshot: true }, never);
  await lab.local.addCluster({ id: "plain", engine: "postgres", parameterGroup: "default.aurora-postgresql18" });
  for (const source of ["prod", "plain"]) {
    await isolate(lab.rds.of("instance"), { source, dryRun: false, pollInterval: 2, timeout: 10 }, lab.notes, never);
  }
  await isolate(
    lab.rds.of("instance"),
    { source: "prod", dryRun: false, pollInterval: 2, timeout: 10 },
    lab.notes,
    never,
  );
  await lab.rds.parameterGroups.tags(
    { arn: `${base}:cluster-pg:scrubber-aurora-postgresql18-prod`, name: "", family: "" },
    never,
  );
  await run(lab);
  const options = { finalSnapshot: "create", freshSnapshot: true, kmsKey } as const;
  await run(lab, { runId: "run-3", clone: true });
  const { id: newest } = await run(lab, { runId: "run-2", ...options });
  await Array.fromAsync(pruneSnapshots(lab.rds, { source: await lab.source(), keep: 1, newest }, never));
  const calls = lab.local.callLog.calls();
  assertEquals(calls.filter(({ outcome }) => outcome === "AccessDenied"), []);
  const called = calls.map(({ action }) => `rds:${action}`);
  const granted = ofClusters.slice(1).flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  assertEquals(granted.filter((action) => !called.includes(action)), []);
});

for (
  const [what, action, resource, context] of [
    ["change a production cluster", "rds:ModifyDBCluster", "cluster:orders", tagged],
    ["delete a production cluster", "rds:DeleteDBCluster", "cluster:orders", tagged],
    ["delete a cluster called like ours", "rds:DeleteDBCluster", "cluster:scrubber-aurora-mysql-1", {}],
    ["delete an instance of a production cluster", "rds:DeleteDBInstance", "db:orders-1", tagged],
    ["add an instance to a production cluster", "rds:CreateDBInstance", "cluster:orders", asking],
    ["tag a production cluster", "rds:AddTagsToResource", "cluster:orders", asking],
    ["clone a cluster without a tag", "rds:RestoreDBClusterToPointInTime", "cluster:orders", {}],
    ["delete a production cluster's snapshot", "rds:DeleteDBClusterSnapshot", "cluster-snapshot:orders-1", tagged],
    [
      "share a production cluster's snapshot",
      "rds:ModifyDBClusterSnapshotAttribute",
      "cluster-snapshot:orders-1",
      tagged,
    ],
    ["snapshot a production cluster under another name", "rds:CreateDBClusterSnapshot", "cluster-snapshot:o-1", asking],
    ["change a production cluster's parameters", "rds:ModifyDBClusterParameterGroup", "cluster-pg:production", tagged],
  ] as const
) {
  Deno.test(`the policies of Aurora do not let it ${what}`, () => {
    assertEquals(isGranted(ofClusters, { action, resource: `${base}:${resource}`, context }), false);
  });
}

Deno.test("with fresh.json a run snapshots its source, and without any right of it not", async (t) => {
  const fresh = await read("fresh");
  for (
    const without of [undefined, ...fresh.Statement.flatMap(({ Action }) => Action)]
  ) {
    await t.step(without ?? "all", async () => {
      const Statement = fresh.Statement.filter(({ Action }) => without === undefined || !Action.includes(without));
      await using lab = await openLab({ latencies: quick, policies: [...plain, { ...fresh, Statement }] });
      const options = { freshSnapshot: true, cleanUpTimeout: 200 };
      const failed = await run(lab, options).then(() => false, () => true);
      assertEquals(failed, without !== undefined);
    });
  }
});

for (
  const [what, action, resource, context] of [
    ["snapshot production under another name", "rds:CreateDBSnapshot", "snapshot:orders-1", asking],
    ["snapshot production without a tag", "rds:CreateDBSnapshot", "db:orders", {}],
    ["delete production's snapshot", "rds:DeleteDBSnapshot", "snapshot:orders-1", tagged],
    ["tag production", "rds:AddTagsToResource", "db:orders", { "aws:TagKeys": ["scrubber"] }],
  ] as const
) {
  Deno.test(`fresh.json does not let it ${what}`, async () => {
    assertEquals(
      isGranted([...plain, await read("fresh")], { action, resource: `${base}:${resource}`, context }),
      false,
    );
  });
}

Deno.test("with rebuild.json a run creates a fresh instance, and without any right of it not", async (t) => {
  const rebuild = await read("rebuild");
  const rights = rebuild.Statement.flatMap(({ Sid, Action }) => Action.map((action) => ({ Sid, action })));
  for (const without of [undefined, ...rights]) {
    await t.step(without ? `${without.Sid} ${without.action}` : "all", async () => {
      const Statement = rebuild.Statement.map((one) => ({
        ...one,
        Action: one.Action.filter((action) => one.Sid !== without?.Sid || action !== without.action),
      }));
      await using lab = await openLab({ latencies: quick, policies: [...plain, { ...rebuild, Statement }] });
      const source = { ...await lab.source(), rebuild: {} };
      const made = await Workspace.create(lab.rds, source, { data: 0, logs: 0 }, lab.options(), never)
        .catch(() => undefined);
      await made?.workspace[Symbol.asyncDispose]();
      await lab.settled();
      assertEquals([made === undefined, lab.local.workspaces()], [without !== undefined, []]);
    });
  }
});

for (
  const [what, action, resource, context] of [
    ["create an instance under another name", "rds:CreateDBInstance", "db:orders", asking],
    ["create one without a tag", "rds:CreateDBInstance", "db:scrubber-postgres-1", {}],
    ["create a public one", "rds:CreateDBInstance", "db:scrubber-postgres-1", {
      ...asking,
      "rds:PubliclyAccessible": ["true"],
    }],
    ["create a member of a cluster", "rds:CreateDBInstance", "cluster:orders", asking],
  ] satisfies readonly (readonly [string, string, string, Permission["context"]])[]
) {
  Deno.test(`rebuild.json does not let it ${what}`, async () => {
    const granted = isGranted([...plain, await read("rebuild")], { action, resource: `${base}:${resource}`, context });
    assertEquals(granted, false);
  });
}

Deno.test("with copy.json a run copies its snapshot, shares and prunes there, and without any right of it not", async (t) => {
  const copy = await read("copy");
  const rights = copy.Statement.flatMap(({ Action }) => Action);
  for (const without of [undefined, ...rights]) {
    await t.step(without ?? "all", async () => {
      const Statement = copy.Statement.map((one) => ({
        ...one,
        Action: one.Action.filter((action) => action !== without),
      }));
      const more = { policies: [...plain, { ...copy, Statement }], moreRegions: ["eu-central-1"] };
      await using lab = await openLab({ latencies: quick, ...more });
      const targets = [{ region: "eu-central-1", kmsKey: kmsKey.replace("eu-west-1", "eu-central-1") }];
      const source = await lab.source();
      const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
      const options = { ...readBack, timeout: 20_000, snapshotTimeout: 20_000, log: lab.notes };
      let failed = false;
      for (const runId of ["run-1", "run-2"]) {
        const { id } = await run(lab, { runId, copyTo: targets });
        const copies = { id, source, targets, accounts: [friend], how: "exactly", keep: 1 } as const;
        failed ||= await makeCopies(lab.rds, copies, options, report, never).then(() => false, () => true);
      }
      assertEquals(failed, without !== undefined);
      assertEquals(lab.local.snapshots("eu-central-1").length, without === undefined ? 1 : 0);
    });
  }
});

for (
  const [what, action, resource, context] of [
    ["copy production", "rds:CopyDBSnapshot", "snapshot:orders-1", asking],
    ["copy to another name", "rds:CopyDBSnapshot", "snapshot:stolen", asking],
    ["copy an automated snapshot", "rds:CopyDBSnapshot", "snapshot:rds:orders-2026-01-02-03-04", asking],
  ] as const
) {
  Deno.test(`copy.json does not let it ${what}`, async () => {
    const granted = isGranted([...plain, await read("copy")], { action, resource: `${base}:${resource}`, context });
    assertEquals(granted, false);
  });
}

Deno.test("with refresh.json a run refreshes an instance, and without any right of it not", async (t) => {
  const refresh = await read("refresh");
  const rights = refresh.Statement.flatMap(({ Sid, Action }) => Action.map((action) => ({ Sid, action })));
  for (const without of [undefined, ...rights]) {
    await t.step(without ? `${without.Sid} ${without.action}` : "all", async () => {
      const Statement = refresh.Statement.map((one) => ({
        ...one,
        Action: one.Action.filter((action) => one.Sid !== without?.Sid || action !== without.action),
      }));
      const granted: Policy[] = [everyRight];
      await using lab = await openStaging({ policies: granted });
      Object.assign(lab.old.settings, {
        secret: "active",
        monitoringInterval: 60,
        monitoringRole: "arn:aws:iam::111122223333:role/monitoring",
      });
      granted.splice(0, 1, ...plain, { ...refresh, Statement });
      const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
      const options = { ...limitsOf(lab), heartbeat: 1, cleanUpTimeout: 200 };
      // A run that fails deletes what it made.
      if (without?.action === "rds:DeleteDBInstance") {
        lab.local.faults.add({ action: "ModifyDBInstance", what: "throttle" });
      }
      const done = await refreshInstance(lab.rds, requestFor(lab.id), options, report, never)
        .then(() => true, () => false);
      await lab.settled();
      const denied = lab.local.callLog.calls().some(({ outcome }) => outcome === "AccessDenied");
      assertEquals([done, denied], without ? [done, true] : [true, false]);
      assert(lab.local.instances().some(({ id }) => id === staging), "the name has no instance");
    });
  }
});

for (
  const [what, action, resource, context] of [
    ["rename an instance that does not allow it", "rds:ModifyDBInstance", "db:orders", tagged],
    ["delete an instance that may be refreshed", "rds:DeleteDBInstance", "db:staging", { ...tagged, ...allowing }],
    ["delete the old instance", "rds:DeleteDBInstance", "db:staging-before-1", allowing],
    ["delete an instance of the operator's called like ours", "rds:DeleteDBInstance", "db:staging-new-1", allowing],
    ["allow itself to refresh an instance", "rds:AddTagsToResource", "db:orders", {
      "aws:RequestTag/datascrubber:refresh": ["allowed"],
      "aws:TagKeys": ["datascrubber:refresh"],
    }],
    ["make an instance of the operator's one of its own", "rds:AddTagsToResource", "db:staging", {
      ...allowing,
      ...asking,
    }],
    ["take tags off an instance of the operator's", "rds:RemoveTagsFromResource", "db:staging", {
      ...allowing,
      "aws:TagKeys": ["datascrubber:refresh"],
    }],
    ["restore under another name", "rds:RestoreDBInstanceFromDBSnapshot", "db:orders", asking],
  ] satisfies readonly (readonly [string, string, string, Permission["context"]])[]
) {
  Deno.test(`refresh.json does not let it ${what}`, async () => {
    const granted = isGranted([...plain, await read("refresh")], { action, resource: `${base}:${resource}`, context });
    assertEquals(granted, false);
  });
}

Deno.test("no command of the AWS client is imported that the policies do not grant", async () => {
  const granted = [...policies, ...ofClusters, await read("refresh")].flatMap(({ Statement }) =>
    Statement.flatMap(({ Action }) => Action)
  );
  for (
    const [file, service] of [["rds", "rds"], ["instances", "rds"], ["clusters", "rds"], ["staging", "rds"], [
      "parameter_groups",
      "rds",
    ], [
      "kms",
      "kms",
    ]] as const
  ) {
    const text = await Deno.readTextFile(new URL(`../../lib/rds/api/${file}.ts`, import.meta.url));
    const commands = new Set([...text.matchAll(/\b([A-Z]\w+)Command\b/g)].map(([, name]) => `${service}:${name}`));
    assert(commands.size > 0, file);
    assertEquals([...commands].filter((command) => !granted.includes(command)), []);
  }
});

for (const { name, rest } of parts) {
  Deno.test(`${name} is needed`, async () => {
    // Without the right to look, not even a source is found.
    const denied = await everything(rest).then(({ denied }) => denied, () => 1);
    assert(denied > 0);
  });
}

Deno.test("the whole job runs while RDS enforces the policies", async () => {
  const region = "eu-central-1";
  await using rds: LocalRds = await smallStage({ policies: [...plain, await read("copy")], moreRegions: [region] });
  const args = ["--postgresql-instances", instances.postgresql, "--share-with", receiver, "--snapshot-retention", "1"];
  const to = ["--copy-to", `${region}:${kmsKey.replace("eu-west-1", region)}`];
  const dry = await runProgram(rds, [...args, ...to, "--dry-run"]);
  assertStringIncludes(dry.stdout, `copy it to ${region}, encrypted with the key`);
  for (const _ of ["first", "second"]) {
    const { code, stdout, stderr } = await runProgram(rds, [...args, ...to]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `copied to ${region}`);
  }
  const [copied, ...others] = rds.snapshots(region);
  assertEquals([copied?.id, others, copied?.sharedWith], [rds.made()[0], [], [receiver]]);
  assertEquals(copied?.tags.some(({ key }) => key === tag.report), true);
  const { workspaces, made, violations } = await leftIn(rds);
  assertEquals([workspaces, made.length, violations], [[], 1, []]);
  assertEquals(rds.callLog.calls().filter(({ outcome }) => outcome === "AccessDenied"), []);
});

Deno.test("what the first program made, without tags, is shown and pruned while RDS enforces the policies", async () => {
  await using rds: LocalRds = await smallStage({ policies: plain });
  const old = addFirstPrograms(rds, instances.postgresql);
  const others = "scrubbed-by-somebody-2019-05-06-07-08";
  rds.addSnapshot({ id: others, instance: instances.postgresql, type: "manual", production: true });
  const status = await startProgram(["status"], rds.environment).ended();
  assertEquals(status.code, 0, status.stderr);
  assertStringIncludes(status.stdout, old);
  const args = ["--postgresql-instances", instances.postgresql, "--snapshot-retention", "1"];
  const { code, stderr } = await runProgram(rds, args);
  assertEquals(code, 0, stderr);
  const names = rds.snapshots().filter(({ type }) => type === "manual").map(({ id }) => id);
  assertEquals([names.includes(old), names.includes(others), names.length], [false, true, 2]);
  assertEquals(rds.callLog.violations(), []);
});

for (
  const [what, action, resource, context] of [
    ["change production", "rds:ModifyDBInstance", `${base}:db:orders`, {}],
    ["change production that is tagged as ours", "rds:ModifyDBInstance", `${base}:db:orders`, tagged],
    ["delete production", "rds:DeleteDBInstance", `${base}:db:orders`, tagged],
    ["delete production called like ours", "rds:DeleteDBInstance", `${base}:db:scrubber-mysql-orders`, {}],
    ["tag production", "rds:AddTagsToResource", `${base}:db:orders`, asking],
    ["tag its own with another key", "rds:AddTagsToResource", `${base}:db:scrubber-mysql-1`, {
      "aws:TagKeys": ["env"],
    }],
    ["delete production's snapshot", "rds:DeleteDBSnapshot", `${base}:snapshot:orders-by-hand`, tagged],
    ["delete an untagged snapshot", "rds:DeleteDBSnapshot", `${base}:snapshot:scrubbed-orders-1`, {}],
    ["delete production's untagged snapshot", "rds:DeleteDBSnapshot", `${base}:snapshot:orders-2026-01-02-03-04`, {}],
    ["delete an automated snapshot", "rds:DeleteDBSnapshot", `${base}:snapshot:rds:orders-2026-01-02-03-04`, {}],
    [
      "delete another tool's snapshot that is called like the first program's",
      "rds:DeleteDBSnapshot",
      `${base}:snapshot:scrubbed-orders-2026-01-02-03-04`,
      { "aws:ResourceTag/scrubber": ["another"] },
    ],
    [
      "delete a run's snapshot that lost its first tag",
      "rds:DeleteDBSnapshot",
      `${base}:snapshot:scrubbed-orders-2026-01-02-03-04`,
      { "aws:ResourceTag/datascrubber:run": ["run-0"] },
    ],
    [
      "share what the first program made",
      "rds:ModifyDBSnapshotAttribute",
      `${base}:snapshot:scrubbed-orders-2026-01-02-03-04`,
      {},
    ],
    [
      "delete an untagged instance of such a name",
      "rds:DeleteDBInstance",
      `${base}:db:scrubbed-orders-2026-01-02-03-04`,
      {},
    ],
    ["share production's snapshot", "rds:ModifyDBSnapshotAttribute", `${base}:snapshot:rds:orders-1`, tagged],
    ["snapshot production", "rds:CreateDBSnapshot", `${base}:db:orders`, asking],
    ["restore under another name", "rds:RestoreDBInstanceFromDBSnapshot", `${base}:db:orders`, asking],
    ["restore without a tag", "rds:RestoreDBInstanceFromDBSnapshot", `${base}:db:scrubber-mysql-1`, {
      "rds:PubliclyAccessible": ["false"],
    }],
    ["restore open to the internet", "rds:RestoreDBInstanceFromDBSnapshot", `${base}:db:scrubber-mysql-1`, {
      ...asking,
      "rds:PubliclyAccessible": ["true"],
    }],
    ["change production's parameters", "rds:ModifyDBParameterGroup", `${base}:pg:production-postgres18`, tagged],
    ["change another's group", "rds:ModifyDBParameterGroup", `${base}:pg:scrubber-postgres18-orders`, {}],
    ["make a parameter group of another name", "rds:CreateDBParameterGroup", `${base}:pg:orders`, asking],
    ["copy a parameter group without a tag", "rds:CopyDBParameterGroup", `${base}:pg:scrubber-postgres18-orders`, {}],
    ["delete a parameter group", "rds:DeleteDBParameterGroup", `${base}:pg:scrubber-postgres18-orders`, tagged],
    ["reboot production", "rds:RebootDBInstance", `${base}:db:orders`, tagged],
    ["reboot an untagged instance", "rds:RebootDBInstance", `${base}:db:scrubber-mysql-1`, {}],
    ["use a key for itself", "kms:CreateGrant", "arn:aws:kms:eu-west-1:111122223333:key/k", {}],
    ["decrypt", "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", {}],
  ] satisfies readonly (readonly [string, string, string, Permission["context"]])[]
) {
  Deno.test(`the policies do not let it ${what}`, () => {
    assertEquals(isGranted(policies, { action, resource, context }), false);
  });
}

for (
  const name of [
    "scrubbed-orders-2026-01-02-03-04",
    "scrubbed-mysql-primary-2017-12-31-23-59",
    "scrubbed-publishing-api-postgres-2019-05-06-07-08",
  ]
) {
  Deno.test(`the policies let it delete "${name}" without tags, as the first program made it`, () => {
    const right = { action: "rds:DeleteDBSnapshot", resource: `${base}:snapshot:${name}`, context: {} };
    assertEquals(isGranted(plain, right), true);
  });
}
