/** Which snapshot a source comes to, and what does not fit. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { SourceKind, WorkspaceOverrides } from "../../../lib/core/settings.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { RestoreCall } from "../../../lib/rds/api/client.ts";
import { checkSize } from "../../../lib/rds/source/size_check.ts";
import { resolveSource, sizeOf } from "../../../lib/rds/source/source.ts";
import { workspaceName } from "../../../lib/rds/api/names.ts";
import type { MoreSnapshot, Production } from "../../../scripts/local_rds/production.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";

const foreign = "arn:aws:rds:eu-west-1:999988887777:snapshot:theirs";

/** An account with one of everything that a run may come across. */
async function openAccount(): Promise<Lab> {
  const lab = await openLab({ pageSize: 2 });
  const { local } = lab;
  // Engines that the local RDS cannot run, but list.
  const engine = (name: string): Production["engine"] => JSON.parse(JSON.stringify(name));
  await local.addProduction({ id: "shop", engine: "mysql" });
  await local.addProduction({ id: "maria", engine: "mariadb" });
  await local.addProduction({ id: "oracle", engine: engine("oracle-ee"), engineVersion: "19.0.0" });
  await local.addProduction({ id: "aurora-1", engine: engine("aurora-postgresql"), engineVersion: "16.4" });
  await local.addProduction({ id: "replica", engine: "postgres", replicaOf: "prod" });
  await local.addProduction({ id: "member", engine: "postgres", clusterId: "zones" });
  await local.addProduction({ id: "bare", engine: "postgres", snapshot: false, backupRetentionPeriod: 0 });
  await local.addProduction({ id: "fresh", engine: "postgres", snapshot: false });
  await local.addProduction({ id: "grown", engine: "postgres", engineVersion: "18.4" });
  await local.addProduction({ id: "scrubber-postgres-0123456789ab", engine: "postgres" });
  await local.addProduction({ id: "tagged", engine: "postgres", tags: { scrubber: "scrubber" } });
  await local.addProduction({ id: "busy", engine: "postgres", snapshot: false });
  const hours = (count: number) => new Date(Date.UTC(2030, 0, 1, count));
  const more: readonly MoreSnapshot[] = [
    { id: "rds:prod-old", instance: "prod", createTime: hours(1) },
    { id: "rds:prod-new", instance: "prod", createTime: hours(9), originalCreateTime: hours(4) },
    { id: "rds:prod-newest", instance: "prod", createTime: hours(5) },
    { id: "rds:prod-unfinished", instance: "prod", status: "creating", createTime: null, originalCreateTime: null },
    { id: "rds:prod-other", instance: "prod", createTime: hours(8), resourceId: "db-FORMERLY" },
    { id: "by-hand", instance: "prod", dataOf: "rds:prod-old", type: "manual", createTime: hours(7) },
    { id: "still-going", instance: "prod", type: "manual", status: "creating", createTime: null },
    { id: "of-the-past", instance: "gone-1", dataOf: "rds:prod-old", type: "manual", resourceId: "db-GONE" },
    { id: "of-old-version", instance: "grown", type: "manual", engineVersion: "16.4" },
    { id: "ours", instance: "scrubber-postgres-0123456789ab", type: "manual" },
    {
      id: "rds:busy-1",
      instance: "busy",
      dataOf: "rds:prod-old",
      resourceId: "db-BUSY0PRODUCTION",
      status: "creating",
    },
    {
      id: foreign,
      instance: "abroad",
      dataOf: "rds:prod-old",
      type: "shared",
      resourceId: "db-ABROAD",
      encryption: "none",
    },
    { id: `${foreign}-locked`, instance: "abroad", type: "shared", encryption: "customer-key" },
  ];
  for (const snapshot of more) local.addSnapshot(snapshot);
  return lab;
}

const overrides: WorkspaceOverrides = {
  instanceClass: "db.r6g.large",
  subnetGroup: "mine",
  securityGroups: ["sg-1", "sg-2"],
  parameterGroup: "production-postgres18",
};

Deno.test("resolveSource() finds the snapshot, or says what does not fit", async (t) => {
  await using lab = await openAccount();
  const { local, rds } = lab;
  const resolve = (kind: SourceKind, value: string, more: WorkspaceOverrides = {}, engine = "postgresql" as const) =>
    resolveSource(rds, { engine, kind, value }, { overrides: more }, never);

  for (
    const { name, kind, value, more, id, restoreBy } of [
      { name: "the newest by the time of its data", kind: "instance", value: "prod", id: "rds:prod-newest" },
      { name: "by its endpoint's name", kind: "host", value: local.hostName("prod"), id: "rds:prod-newest" },
      { name: "an automated one by its name", kind: "snapshot", value: "rds:prod-old", id: "rds:prod-old" },
      { name: "a manual one by its name", kind: "snapshot", value: "by-hand", id: "by-hand" },
      {
        name: "our own by its ARN, whose name has a colon",
        kind: "snapshot",
        value: "arn:aws:rds:eu-west-1:111122223333:snapshot:rds:prod-old",
        id: "rds:prod-old",
      },
      {
        name: "another account's by its ARN",
        kind: "snapshot",
        value: foreign,
        more: overrides,
        id: foreign,
        restoreBy: foreign,
      },
      {
        name: "one whose instance is gone",
        kind: "snapshot",
        value: "of-the-past",
        more: overrides,
        id: "of-the-past",
      },
      {
        name: "one of an instance upgraded since",
        kind: "snapshot",
        value: "of-old-version",
        more: { parameterGroup: "old" },
        id: "of-old-version",
      },
    ] as const
  ) {
    await t.step(name, async () => {
      const source = await resolve(kind, value, more);
      assertEquals([source.snapshot.id, source.restore.snapshot], [id, restoreBy ?? id]);
    });
  }

  for (
    const { name, kind, value, message, hint } of [
      {
        name: "no such instance",
        kind: "instance",
        value: "absent",
        message: 'no instance "absent" in eu-west-1',
        hint: "region",
      },
      {
        name: "no such snapshot",
        kind: "snapshot",
        value: "absent",
        message: 'no snapshot "absent" in eu-west-1',
        hint: "shared",
      },
      {
        name: "an ARN that nobody shared",
        kind: "snapshot",
        value: `${foreign}-not`,
        message: "there is no snapshot",
        hint: "shared",
      },
      {
        name: "another account's encrypted one",
        kind: "snapshot",
        value: `${foreign}-locked`,
        message: "another account's and encrypted",
        hint: "Copy it",
      },
      {
        name: "an ARN elsewhere",
        kind: "snapshot",
        value: "arn:aws:rds:us-east-1:111122223333:snapshot:x",
        message: "in us-east-1",
        hint: "--region us-east-1",
      },
      {
        name: "an ARN of another kind",
        kind: "snapshot",
        value: "arn:aws:rds:eu-west-1:111122223333:db:prod",
        message: "not the ARN of an RDS snapshot",
        hint: "ARN of a DB snapshot",
      },
      { name: "the other engine", kind: "instance", value: "shop", message: 'is "mysql"', hint: "--mysql-instances" },
      { name: "MariaDB", kind: "instance", value: "maria", message: 'is "mariadb"', hint: "--mysql-instances" },
      {
        name: "Oracle",
        kind: "instance",
        value: "oracle",
        message: 'is "oracle-ee", which is not supported',
        hint: '"mariadb"',
      },
      {
        name: "Aurora",
        kind: "instance",
        value: "aurora-1",
        message: 'is "aurora-postgresql"',
        hint: "--postgresql-clusters",
      },
      {
        name: "a read replica",
        kind: "instance",
        value: "replica",
        message: 'read replica of "prod"',
        hint: 'Give the primary, "prod"',
      },
      {
        name: "a cluster's member",
        kind: "instance",
        value: "member",
        message: 'belongs to cluster "zones"',
        hint: "--postgresql-clusters zones",
      },
      {
        name: "no automated backups",
        kind: "instance",
        value: "bare",
        message: "has no automated snapshot",
        hint: "Switch on",
      },
      { name: "no backup yet", kind: "instance", value: "fresh", message: "has no automated snapshot", hint: "Wait" },
      {
        name: "only a snapshot that is not available",
        kind: "instance",
        value: "busy",
        message: '"rds:busy-1" is "creating"',
        hint: "Wait",
      },
      {
        name: "a workspace by its name",
        kind: "instance",
        value: "scrubber-postgres-0123456789ab",
        message: "is a workspace",
        hint: "production",
      },
      {
        name: "a workspace by its tag",
        kind: "instance",
        value: "tagged",
        message: "is a workspace",
        hint: "production",
      },
      { name: "a snapshot of our own", kind: "snapshot", value: "ours", message: "made by a run", hint: "production" },
      {
        name: "a snapshot that is not available",
        kind: "snapshot",
        value: "still-going",
        message: 'is "creating", not "available"',
        hint: "Wait",
      },
      {
        name: "a source that is gone",
        kind: "snapshot",
        value: "of-the-past",
        message: '"gone-1" is gone',
        hint: "--instance-class, --subnet-group, --security-groups, --parameter-group",
      },
      {
        name: "a source upgraded since",
        kind: "snapshot",
        value: "of-old-version",
        message: "at 18.4 now, the snapshot at 16.4",
        hint: "Give --parameter-group.",
      },
      {
        name: "a proxy",
        kind: "host",
        value: "p.proxy-c0ffee.eu-west-1.rds.amazonaws.com",
        message: "an RDS proxy",
        hint: "instance behind",
      },
      {
        name: "a cluster's writer",
        kind: "host",
        value: "c.cluster-c0ffee.eu-west-1.rds.amazonaws.com",
        message: "no Aurora cluster of this account",
        hint: "deleted cluster",
      },
      {
        name: "a cluster's readers",
        kind: "host",
        value: "c.cluster-ro-c0ffee.eu-west-1.rds.amazonaws.com",
        message: "a cluster's endpoint for readers",
        hint: "--postgresql-clusters",
      },
      {
        name: "a cluster's custom endpoint",
        kind: "host",
        value: "c.cluster-custom-c0ffee.eu-west-1.rds.amazonaws.com",
        message: "a cluster's endpoint for readers",
        hint: "--postgresql-clusters",
      },
      {
        name: "another region's host",
        kind: "host",
        value: "a.c0ffee.us-east-1.rds.amazonaws.com",
        message: "in us-east-1",
        hint: "--region us-east-1",
      },
      {
        name: "an endpoint of nobody",
        kind: "host",
        value: "a.c0ffee.eu-west-1.rds.amazonaws.com",
        message: "no instance of this account",
        hint: "region",
      },
      { name: "an address", kind: "host", value: "10.0.0.1", message: "not a host name", hint: "not an address" },
    ] as const
  ) {
    await t.step(`refuses ${name}`, async () => {
      const error = await failureOf(resolve(kind, value));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message, message);
      assertStringIncludes(error.hint, hint);
    });
  }

  await t.step("changes nothing", () => {
    assertEquals(local.callLog.changes(), []);
  });
});

Deno.test("MariaDB is a source of MySQL's engine, and RDS is not asked to support its old versions", async () => {
  await using lab = await openLab({}, 1, "mariadb");
  const { engine, rdsEngine, deployment, restore } = await lab.source();
  assertEquals([engine, rdsEngine, deployment], ["mysql", "mariadb", "instance"]);
  assertEquals([restore.engine, restore.engineVersion, restore.lifecycleSupport], ["mariadb", "11.8.9", undefined]);
});

Deno.test("resolveSource() takes the source's settings for the restore", async () => {
  await using lab = await openLab();
  const { restore, name, resourceId } = await lab.source();
  assertEquals({ name, resourceId, ...restore, snapshot: "" }, {
    name: "prod",
    resourceId: "db-PROD0PRODUCTION",
    snapshot: "",
    engine: "postgres",
    engineVersion: "18.4",
    instanceClass: "db.m6g.large",
    subnetGroup: "production-subnets",
    securityGroups: ["sg-0a1b2c3d"],
    parameterGroup: "production-postgres18",
    optionGroup: "production-options-postgres18",
    caCertificate: "rds-ca-rsa2048-g1",
    lifecycleSupport: "open-source-rds-extended-support-disabled",
    port: 5432,
    networkType: restore.networkType,
    storageType: "gp3",
    iops: undefined,
    storageThroughput: undefined,
    allocatedStorage: undefined,
  });
});

/** What the snapshot's volume has, what is asked for, and what the restore is called with. */
const volumes: readonly {
  readonly what: string;
  readonly has: Partial<Production>;
  readonly asked: WorkspaceOverrides;
  readonly called: Partial<RestoreCall>;
}[] = [
  {
    what: "io1 keeps its IOPS",
    has: { storageType: "io1", iops: 2000, allocatedStorage: 100 },
    asked: {},
    called: { storageType: "io1", iops: 2000 },
  },
  {
    what: "io1 becomes gp3, and loses its IOPS",
    has: { storageType: "io1", iops: 2000, allocatedStorage: 100 },
    asked: { storageType: "gp3" },
    called: { storageType: "gp3", iops: 0 },
  },
  {
    what: "gp3 that crosses 400 GiB gets what RDS provides there",
    has: { storageType: "gp3", allocatedStorage: 100 },
    asked: { allocatedStorage: 500 },
    called: { storageType: "gp3", iops: 12_000, storageThroughput: 500, allocatedStorage: 500 },
  },
  {
    what: "what is asked for goes before that",
    has: { storageType: "gp2", allocatedStorage: 400 },
    asked: { storageType: "gp3", iops: 16_000, storageThroughput: 1000, allocatedStorage: 400 },
    called: { storageType: "gp3", iops: 16_000, storageThroughput: 1000 },
  },
];

for (const { what, has, asked, called } of volumes) {
  Deno.test(`resolveSource() asks for a volume: ${what}, and RDS takes it`, async () => {
    await using lab = await openLab();
    await lab.local.addProduction({ id: "sized", engine: "postgres", ...has });
    const request = { engine: "postgresql", kind: "instance", value: "sized" } as const;
    const source = await resolveSource(lab.rds, request, { overrides: asked }, never);
    const { storageType, iops, storageThroughput, allocatedStorage } = source.restore;
    const none = { iops: undefined, storageThroughput: undefined, allocatedStorage: undefined };
    assertEquals({ storageType, iops, storageThroughput, allocatedStorage }, { ...none, ...called });
    checkSize(source.name, sizeOf(source, undefined));
    await lab.rds.restore({ ...source.restore, instance: "workspace", tags: {} }, never);
  });
}

Deno.test("resolveSource() prefers what the operator says of the source alone", async () => {
  await using lab = await openLab();
  const request = { engine: "postgresql", kind: "instance", value: "prod" } as const;
  const options = { overrides, overridesOf: { prod: { ...overrides, instanceClass: "db.r6g.xlarge" }, other: {} } };
  const { restore } = await resolveSource(lab.rds, request, options, never);
  assertEquals([restore.instanceClass, restore.subnetGroup], ["db.r6g.xlarge", "mine"]);
});

Deno.test("resolveSource() prefers what the operator says", async () => {
  await using lab = await openLab();
  const request = { engine: "postgresql", kind: "instance", value: "prod" } as const;
  const { restore } = await resolveSource(lab.rds, request, { overrides: { ...overrides, optionGroup: "og" } }, never);
  assertEquals(
    [restore.instanceClass, restore.subnetGroup, restore.securityGroups, restore.parameterGroup, restore.optionGroup],
    ["db.r6g.large", "mine", ["sg-1", "sg-2"], "production-postgres18", "og"],
  );
});

Deno.test("workspaceName() is what it always was", () => {
  assertEquals(workspaceName({ rdsEngine: "postgres", name: "prod" }), "scrubber-postgres-6754af9632a2");
});
