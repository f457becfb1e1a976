/** The rules of RDS that the local one keeps, each by the error or the default that a client sees. @module */
import {
  AddTagsToResourceCommand,
  CopyDBParameterGroupCommand,
  CopyDBSnapshotCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  ModifyDBSnapshotAttributeCommand,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
  RestoreDBInstanceFromDBSnapshotCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { FaultRule } from "../../scripts/local_rds/faults.ts";
import { type LocalRds, type LocalRdsOptions, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { clientOf, readInstance, readSnapshot } from "./client.ts";

type Client = ReturnType<typeof clientOf>;

const minute = 60_000;
const never = { polls: 1000, milliseconds: 10 * minute };

/** No rule here needs a database. */
async function withRds(
  options: LocalRdsOptions,
  test: (client: Client, rds: LocalRds, automated: string) => Promise<void>,
): Promise<void> {
  await using rds = await startLocalRds({ servers: false, ...options });
  await rds.addProduction({ id: "prod", engine: "postgres", tags: { env: "production" }, encryption: "none" });
  rds.addSnapshot({ id: "manual", instance: "prod", type: "manual" });
  const client = clientOf(rds);
  await test(client, rds, rds.snapshots()[0]?.id ?? "");
  client.destroy();
}

const restore = (DBInstanceIdentifier: string, more = {}) =>
  new RestoreDBInstanceFromDBSnapshotCommand({
    DBInstanceIdentifier,
    DBSnapshotIdentifier: "manual",
    BackupRetentionPeriod: 0,
    ...more,
  });

const final = (id: string) =>
  new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, FinalDBSnapshotIdentifier: `final-${id}` });

const skip = (id: string) => new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true });

const share = (id: string, ...accounts: readonly string[]) =>
  new ModifyDBSnapshotAttributeCommand({
    DBSnapshotIdentifier: id,
    AttributeName: "restore",
    ValuesToAdd: [...accounts],
  });

const accounts = (count: number) => Array.from({ length: count }, (_, n) => String(100000000000 + n));

/** Each call is refused, by a client of an account with a workspace "work" that is available. */
const refusals: readonly {
  readonly call: string;
  readonly send: (client: Client) => Promise<unknown>;
  readonly error: string;
}[] = [
  {
    call: "a restore of an unknown snapshot",
    send: (c) => c.send(restore("a", { DBSnapshotIdentifier: "none" })),
    error: "DBSnapshotNotFoundFault",
  },
  { call: "a restore without a name", send: (c) => c.send(restore("")), error: "MissingParameter" },
  { call: "a restore with a malformed name", send: (c) => c.send(restore("a--b")), error: "InvalidParameterValue" },
  { call: "a restore with a used name", send: (c) => c.send(restore("WORK")), error: "DBInstanceAlreadyExistsFault" },
  {
    call: "a restore of a snapshot that is not available",
    send: (c) => c.send(restore("a", { DBSnapshotIdentifier: "creating" })),
    error: "InvalidDBSnapshotStateFault",
  },
  {
    call: "a restore with an unknown subnet group",
    send: (c) => c.send(restore("a", { DBSubnetGroupName: "none" })),
    error: "DBSubnetGroupNotFoundFault",
  },
  {
    call: "a restore with an unknown parameter group",
    send: (c) => c.send(restore("a", { DBParameterGroupName: "none" })),
    error: "DBParameterGroupNotFoundFault",
  },
  {
    call: "a restore with a parameter group of another family",
    send: (c) => c.send(restore("a", { DBParameterGroupName: "default.postgres17" })),
    error: "InvalidParameterCombination",
  },
  {
    call: "a copy of a default parameter group",
    send: (c) =>
      c.send(
        new CopyDBParameterGroupCommand({
          SourceDBParameterGroupIdentifier: "default.postgres18",
          TargetDBParameterGroupIdentifier: "a",
          TargetDBParameterGroupDescription: "a",
        }),
      ),
    error: "InvalidParameterValue",
  },
  {
    call: "a parameter group with a used name",
    send: (c) =>
      c.send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName: "production-postgres18",
          DBParameterGroupFamily: "postgres18",
          Description: "a",
        }),
      ),
    error: "DBParameterGroupAlreadyExistsFault",
  },
  ...[
    {
      call: "a change of a default parameter group",
      group: "default.postgres18",
      error: "InvalidDBParameterGroupStateFault",
    },
    { call: "a change of an unknown parameter", name: "no_such", error: "InvalidParameterValue" },
    { call: "a change of a parameter that is RDS's", name: "ssl_ca_file", error: "InvalidParameterValue" },
    { call: "a parameter set to nothing", name: "log_statement", value: "", error: "InvalidParameterValue" },
    { call: "a static parameter at once", name: "max_connections", error: "InvalidParameterCombination" },
    { call: "more than twenty parameters", count: 21, error: "InvalidParameterValue" },
  ].map(({ call, group = "production-postgres18", name = "work_mem", value = "1", count = 1, error }) => ({
    call,
    send: (c: Client) =>
      c.send(
        new ModifyDBParameterGroupCommand({
          DBParameterGroupName: group,
          Parameters: Array.from(
            { length: count },
            () => ({ ParameterName: name, ParameterValue: value, ApplyMethod: "immediate" as const }),
          ),
        }),
      ),
    error,
  })),
  {
    call: "a restore with a reserved tag",
    send: (c) => c.send(restore("a", { Tags: [{ Key: "aws:a", Value: "b" }] })),
    error: "InvalidParameterValue",
  },
  {
    call: "a change of an unknown instance",
    send: (c) => c.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "none" })),
    error: "DBInstanceNotFoundFault",
  },
  {
    call: "a password that is too short",
    send: (c) => c.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "work", MasterUserPassword: "short" })),
    error: "InvalidParameterValue",
  },
  {
    call: "a password with a slash",
    send: (c) =>
      c.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "work", MasterUserPassword: "a/bcdefghi" })),
    error: "InvalidParameterValue",
  },
  {
    call: "a deletion that says nothing of a final snapshot",
    send: (c) => c.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "work" })),
    error: "InvalidParameterCombination",
  },
  {
    call: "a deletion with and without a final snapshot",
    send: (c) =>
      c.send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: "work",
          SkipFinalSnapshot: true,
          FinalDBSnapshotIdentifier: "a",
        }),
      ),
    error: "InvalidParameterCombination",
  },
  {
    call: "a final snapshot with a used name",
    send: (c) =>
      c.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "work", FinalDBSnapshotIdentifier: "manual" })),
    error: "DBSnapshotAlreadyExistsFault",
  },
  {
    call: "a deletion of a protected instance",
    send: (c) => c.send(skip("prod")),
    error: "InvalidParameterCombination",
  },
  {
    call: "a deletion of an automated snapshot",
    send: (c) => c.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: "rds:prod-2026-01-02-03-04" })),
    error: "InvalidParameterValue",
  },
  {
    call: "a copy to a used name",
    send: (c) =>
      c.send(
        new CopyDBSnapshotCommand({ SourceDBSnapshotIdentifier: "creating", TargetDBSnapshotIdentifier: "manual" }),
      ),
    error: "InvalidDBSnapshotStateFault",
  },
  {
    call: "sharing an automated snapshot",
    send: (c) => c.send(share("rds:prod-2026-01-02-03-04", "444455556666")),
    error: "InvalidParameterValue",
  },
  {
    call: "sharing a snapshot that is not available",
    send: (c) => c.send(share("creating", "444455556666")),
    error: "InvalidDBSnapshotStateFault",
  },
  {
    call: "sharing with nine digits",
    send: (c) => c.send(share("manual", "123456789")),
    error: "InvalidParameterValue",
  },
  {
    call: "sharing with 21 accounts",
    send: (c) => c.send(share("manual", ...accounts(21))),
    error: "SharedSnapshotQuotaExceededFault",
  },
  {
    call: "sharing a snapshot under the default key",
    send: (c) => c.send(share("default-key", "444455556666")),
    error: "InvalidParameterCombination",
  },
  {
    call: "making an encrypted snapshot public",
    send: (c) => c.send(share("encrypted", "all")),
    error: "InvalidParameterValue",
  },
  {
    call: "a page of five",
    send: (c) => c.send(new DescribeDBSnapshotsCommand({ MaxRecords: 5 })),
    error: "InvalidParameterValue",
  },
  {
    call: "an unknown filter",
    send: (c) => c.send(new DescribeDBSnapshotsCommand({ Filters: [{ Name: "status", Values: ["available"] }] })),
    error: "InvalidParameterValue",
  },
  {
    call: "events of something of no type",
    send: (c) => c.send(new DescribeEventsCommand({ SourceIdentifier: "work" })),
    error: "InvalidParameterCombination",
  },
  {
    call: "an action that nobody knows",
    send: (c) => c.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "work" })),
    error: "InvalidAction",
  },
];

Deno.test("The local RDS refuses what RDS refuses", async (t) => {
  await withRds({}, async (client, rds) => {
    const automated = new Date("2026-01-02T03:04:00Z");
    rds.addSnapshot({ id: "rds:prod-2026-01-02-03-04", instance: "prod", createTime: automated });
    rds.addSnapshot({ id: "default-key", instance: "prod", type: "manual", encryption: "default-key" });
    rds.addSnapshot({ id: "encrypted", instance: "prod", type: "manual", encryption: "customer-key" });
    rds.addSnapshot({ id: "creating", instance: "prod", type: "manual", status: "creating", createTime: null });
    await client.send(restore("work"));
    await readInstance(client, "work", "available");
    const before = rds.made();
    for (const { call, send, error } of refusals) {
      await t.step(call, async () => {
        const refusal = await assertRejects(() => send(client), Error);
        assertEquals(refusal.name, error);
      });
    }
    await t.step("and nothing of it had an effect", () => {
      assertEquals([rds.made(), rds.workspaces(), rds.shares()], [before, ["work"], {}]);
    });
  });
});

Deno.test("A restore that says little gets the source's settings and tags, a default group, and a baseline backup", async () => {
  await withRds({}, async (client, rds, automated) => {
    const { DBInstance } = await client.send(
      new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: "work", DBSnapshotIdentifier: automated }),
    );
    assertEquals(DBInstance?.TagList, [{ Key: "env", Value: "production" }]);
    assertEquals(DBInstance?.VpcSecurityGroups?.[0]?.VpcSecurityGroupId, "sg-default");
    assertEquals(DBInstance?.DBParameterGroups?.[0]?.DBParameterGroupName, "default.postgres18");
    assertEquals(
      [
        DBInstance?.PubliclyAccessible,
        DBInstance?.MultiAZ,
        DBInstance?.DeletionProtection,
        DBInstance?.CopyTagsToSnapshot,
      ],
      [true, false, false, false],
    );
    assertEquals(await readInstance(client, "work", "available"), ["creating", "backing-up", "available"]);
    assertEquals(rds.made().length, 1);
  });
});

Deno.test("A restored instance can be unseen at first", async () => {
  await withRds({ latencies: { unseen: { polls: 2, milliseconds: minute } } }, async (client) => {
    await client.send(restore("work"));
    const read = () => client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "work" }));
    for (let reading = 1; reading <= 2; reading++) {
      assertEquals((await assertRejects(read, Error)).name, "DBInstanceNotFoundFault");
    }
    assertEquals((await read()).DBInstances?.[0]?.DBInstanceStatus, "creating");
  });
});

Deno.test("Changes and final snapshots want an available instance, a deletion without snapshot does not", async () => {
  await withRds({ latencies: { creating: never, deleting: never } }, async (client) => {
    await client.send(restore("work"));
    for (
      const send of [
        () => client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "work" })),
        () => client.send(final("work")),
        () => client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: "work", DBSnapshotIdentifier: "a" })),
      ]
    ) {
      const { name } = await assertRejects<Error>(send, Error);
      assertEquals(name, "InvalidDBInstanceStateFault");
    }
    await client.send(skip("work"));
    const again = await assertRejects(() => client.send(skip("work")), Error);
    assertMatch(again.message, /is already being deleted/);
  });
});

Deno.test("A deletion without a final snapshot leaves nothing, whenever it comes", async () => {
  await withRds({}, async (client, rds) => {
    await client.send(restore("work"));
    await client.send(skip("work"));
    assertEquals(await readInstance(client, "work", "gone"), ["deleting", "gone"]);
    assertEquals([rds.workspaces(), rds.made()], [[], []]);
  });
});

Deno.test("Lists come in pages, and only a name that is not there is an error", async () => {
  await withRds({ pageSize: 1 }, async (client, rds, automated) => {
    await rds.addProduction({ id: "other", engine: "mysql", snapshot: false });
    const instances: (string | undefined)[] = [];
    for await (const { DBInstances } of paginateDescribeDBInstances({ client }, {})) {
      assertEquals(DBInstances?.length, 1);
      instances.push(...DBInstances?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier) ?? []);
    }
    assertEquals(instances, ["prod", "other"]);
    const snapshots: (string | undefined)[] = [];
    for await (const { DBSnapshots } of paginateDescribeDBSnapshots({ client }, { DBInstanceIdentifier: "PROD" })) {
      snapshots.push(...DBSnapshots?.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier) ?? []);
    }
    assertEquals(snapshots, [automated, "manual"]);
    const none = await client.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: "none" }));
    assertEquals(none.DBSnapshots, []);
    const unknown = () => client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "none" }));
    assertEquals((await assertRejects(unknown, Error)).name, "DBSnapshotNotFoundFault");
  });
});

Deno.test("Snapshots are listed with all their oddities", async () => {
  await withRds({}, async (client, rds, automated) => {
    const old = new Date("2026-01-02T03:04:05Z");
    const arn = "arn:aws:rds:eu-west-1:999900001111:snapshot:theirs";
    rds.addSnapshot({ id: arn, instance: "prod", type: "shared" });
    rds.addSnapshot({ id: "unfinished", instance: "prod", type: "manual", status: "creating", createTime: null });
    rds.addSnapshot({
      id: "older-data",
      instance: "prod",
      type: "manual",
      createTime: new Date(),
      originalCreateTime: old,
    });
    const names = async (input: { SnapshotType?: string }) =>
      (await client.send(new DescribeDBSnapshotsCommand(input))).DBSnapshots?.map((s) => s.DBSnapshotIdentifier);
    assertEquals(await names({}), [automated, "manual", "unfinished", "older-data"]);
    assertEquals(await names({ SnapshotType: "automated" }), [automated]);
    assertEquals(await names({ SnapshotType: "shared" }), [arn]);
    const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "unfinished" }));
    assertEquals([DBSnapshots?.[0]?.SnapshotCreateTime, DBSnapshots?.[0]?.PercentProgress], [undefined, 0]);
    await client.send(restore("work", { DBSnapshotIdentifier: arn }));
    assertEquals(rds.workspaces(), ["work"]);
  });
});

Deno.test("A copy is manual and new, with data of the original's time", async () => {
  await withRds({}, async (client, rds, automated) => {
    const copy = {
      SourceDBSnapshotIdentifier: automated,
      TargetDBSnapshotIdentifier: "copy",
      KmsKeyId: "alias/customer",
    };
    await client.send(new CopyDBSnapshotCommand(copy));
    assertEquals(await readSnapshot(client, "copy", "available"), ["copying", "available"]);
    const [source, made] = [rds.snapshots()[0], rds.snapshots().at(-1)];
    assertEquals([made?.type, made?.encryption], ["manual", "customer-key"]);
    assertEquals(made?.originalCreateTime, source?.originalCreateTime);
    assertEquals(Number(made?.createTime) > Number(source?.createTime), true);
  });
});

Deno.test("Sharing adds, keeps and removes accounts", async () => {
  await withRds({}, async (client, rds) => {
    await client.send(share("manual", ...accounts(20)));
    await client.send(share("manual", accounts(1)[0] ?? ""));
    const rest = accounts(20).slice(1);
    await client.send(
      new ModifyDBSnapshotAttributeCommand({
        DBSnapshotIdentifier: "manual",
        AttributeName: "restore",
        ValuesToRemove: rest,
      }),
    );
    assertEquals(rds.shares(), { manual: accounts(1) });
    const described = await client.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: "manual" }));
    const [attribute] = described.DBSnapshotAttributesResult?.DBSnapshotAttributes ?? [];
    assertEquals([attribute?.AttributeName, attribute?.AttributeValues], ["restore", accounts(1)]);
  });
});

/** What a client that never tries again gets, and whether the restore happened. */
const faults: readonly { readonly what: FaultRule["what"]; readonly error: string; readonly effect: boolean }[] = [
  { what: "throttle", error: "Throttling", effect: false },
  { what: "500", error: "InternalFailure", effect: false },
  { what: "503", error: "ServiceUnavailable", effect: false },
  { what: "access-denied", error: "AccessDenied", effect: false },
  { what: "expired-token", error: "ExpiredToken", effect: false },
  { what: { code: "InsufficientDBInstanceCapacity" }, error: "InsufficientDBInstanceCapacityFault", effect: false },
  { what: "lost-before", error: "Error", effect: false },
  { what: "lost-after", error: "Error", effect: true },
];

Deno.test("A fault rule makes the second restore fail, and only that", async (t) => {
  for (const { what, error, effect } of faults) {
    await t.step(`by ${typeof what === "string" ? what : JSON.stringify(what)}`, async () => {
      await withRds({}, async (client, rds) => {
        rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", nth: 2, what });
        await client.send(restore("one"));
        const { name } = await assertRejects<Error>(() => client.send(restore("two")), Error);
        assertEquals(name, error);
        await client.send(restore("three"));
        assertEquals(rds.workspaces(), effect ? ["one", "two", "three"] : ["one", "three"]);
      });
    });
  }
});

for (const what of ["lost-before", "lost-after", "closed-before", "closed-after"] as const) {
  Deno.test(`A client that tries again gets through after ${what}, and learns whether it had an effect`, async () => {
    await withRds({ faults: [{ action: "RestoreDBInstanceFromDBSnapshot", what }] }, async (_client, rds) => {
      const client = clientOf(rds, 3);
      const outcome = await client.send(restore("work")).then(() => "ok", ({ name }) => name);
      assertEquals(outcome, what.endsWith("before") ? "ok" : "DBInstanceAlreadyExistsFault");
      assertEquals(rds.workspaces(), ["work"]);
      client.destroy();
    });
  });
}

Deno.test("A fault rule can leave a call without an answer", async () => {
  await withRds({}, async (client, rds) => {
    rds.faults.add({ action: "DescribeDBInstances", what: "silent" });
    const stop = new AbortController();
    const call = client.send(new DescribeDBInstancesCommand({}), { abortSignal: stop.signal });
    while (rds.callLog.calls("DescribeDBInstances").length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    stop.abort();
    assertEquals((await assertRejects(() => call, Error)).name, "AbortError");
  });
});

Deno.test("A fault rule can end a restore in any status", async () => {
  await withRds({}, async (client, rds) => {
    rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "incompatible-restore" } });
    await client.send(restore("work"));
    assertEquals(await readInstance(client, "work", "incompatible-restore"), ["creating", "incompatible-restore"]);
    const { name } = await assertRejects<Error>(() => client.send(final("work")), Error);
    assertEquals(name, "InvalidDBInstanceStateFault");
    await client.send(skip("work"));
  });
});

Deno.test("A fault rule can end a final snapshot in any status", async () => {
  await withRds({}, async (client, rds) => {
    await client.send(restore("work"));
    await readInstance(client, "work", "available");
    rds.faults.add({ action: "DeleteDBInstance", what: { ends: "failed" } });
    await client.send(final("work"));
    assertEquals(await readSnapshot(client, "final-work", "failed"), ["creating", "failed"]);
  });
});

Deno.test("Who tries to change production is in the log, refused or not", async () => {
  await withRds({}, async (client, rds) => {
    await assertRejects(() => client.send(skip("prod")));
    await client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", DeletionProtection: false }));
    assertEquals(rds.callLog.violations(), ["DeleteDBInstance prod", "ModifyDBInstance prod"]);
  });
});

Deno.test("The log keeps every parameter, and names those that nobody looked at", async () => {
  await withRds({}, async (client, rds) => {
    await client.send(restore("work", { VpcSecurityGroupIds: ["sg-1"], DedicatedLogVolume: true }));
    const call = rds.callLog.calls("RestoreDBInstanceFromDBSnapshot")[0];
    assertEquals(call?.parameters["VpcSecurityGroupIds.VpcSecurityGroupId.1"], "sg-1");
    assertEquals(call?.ignored, ["DedicatedLogVolume"]);
    assertEquals(call?.outcome, "ok");
  });
});

Deno.test("A call without a signature is refused, with a request id and a date all the same", async () => {
  await withRds({}, async (_client, rds) => {
    const response = await fetch(rds.url, { method: "POST", body: "Action=DescribeDBInstances&Version=2014-10-31" });
    assertEquals(response.status, 403);
    assertMatch(await response.text(), /<Code>MissingAuthenticationToken<\/Code>/);
    assertMatch(response.headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
    assertEquals(Number.isNaN(Date.parse(response.headers.get("date") ?? "")), false);
  });
});

Deno.test("A form may spell spaces as plus signs, and lists by `member`", async () => {
  await withRds({}, async (_client, rds) => {
    const form = "Action=AddTagsToResource&Version=2014-10-31&Tags.member.1.Key=a+b&Tags.member.1.Value=c%20d" +
      `&ResourceName=arn:aws:rds:eu-west-1:${rds.account}:snapshot:manual`;
    const response = await fetch(rds.url, { method: "POST", body: form, headers: { authorization: "any" } });
    await response.body?.cancel();
    assertEquals([response.status, rds.snapshots().at(-1)?.tags], [200, [{ key: "a b", value: "c d" }]]);
  });
});

Deno.test("Quotas are counted as they are enforced", async () => {
  await withRds({ quotas: { instances: 7, manualSnapshots: 8, storage: 60 } }, async (client) => {
    await client.send(restore("work"));
    const { AccountQuotas } = await client.send(new DescribeAccountAttributesCommand({}));
    assertEquals(AccountQuotas, [
      { AccountQuotaName: "DBInstances", Used: 2, Max: 7 },
      { AccountQuotaName: "AllocatedStorage", Used: 40, Max: 60 },
      { AccountQuotaName: "ManualSnapshots", Used: 1, Max: 8 },
      { AccountQuotaName: "DBClusters", Used: 0, Max: 7 },
      { AccountQuotaName: "ManualClusterSnapshots", Used: 0, Max: 8 },
    ]);
    await client.send(restore("more"));
    const { name } = await assertRejects<Error>(() => client.send(restore("too-much")), Error);
    assertEquals(name, "StorageQuotaExceededFault");
  });
});

Deno.test("A change of tags can be seen late, one after the other", async () => {
  await withRds({ latencies: { tags: { polls: 2, milliseconds: 10 * minute } } }, async (client, rds) => {
    const read = async () => {
      const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "manual" }));
      return DBSnapshots?.[0]?.TagList?.map(({ Key }) => Key) ?? [];
    };
    const add = (Key: string) =>
      client.send(
        new AddTagsToResourceCommand({
          ResourceName: rds.snapshots().find(({ id }) => id === "manual")?.arn ?? "",
          Tags: [{ Key, Value: "x" }],
        }),
      );
    await add("one");
    const seen = [await read()];
    await add("two");
    while (seen.at(-1)?.length !== 2) seen.push(await read());
    assertEquals([...new Set(seen.map((keys) => keys.join()))], ["", "one", "one,two"]);
  });
});

Deno.test("A clock of its own dates answers, snapshots and signatures", async () => {
  const hour = 60 * minute;
  await withRds({ clockOffset: hour }, async (_client, rds) => {
    const response = await fetch(rds.url, { method: "POST", body: "Action=DescribeDBInstances&Version=2014-10-31" });
    await response.body?.cancel();
    const ahead = Date.parse(response.headers.get("date") ?? "") - Date.now();
    assertEquals(Math.round(ahead / minute), 60);
    const signed = async (time: number) => {
      const answer = await fetch(rds.url, {
        method: "POST",
        body: "Action=DescribeEvents&Version=2014-10-31",
        headers: { "authorization": "any", "x-amz-date": new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "") },
      });
      return /<Code>(\w+)/.exec(await answer.text())?.[1] ?? answer.status;
    };
    assertEquals([await signed(Date.now()), await signed(Date.now() + hour)], ["SignatureDoesNotMatch", 200]);
  });
});
