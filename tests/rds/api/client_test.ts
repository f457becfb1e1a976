/** The client: pages, answers without content, timeouts, secrets. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isRdsError, RdsError, toRdsError } from "../../../lib/rds/api/errors.ts";
import type { Rds } from "../../../lib/rds/api/client.ts";
import { createRds } from "../../../lib/rds/api/client.ts";
import { failureOf, type Lab, never, Notes, openLab } from "../local.ts";

Deno.test("lists are read to the last page", async (t) => {
  for (const pageSize of [1, 2, 3]) {
    await t.step(`of ${pageSize}`, async () => {
      await using lab = await openLab({ pageSize });
      for (const id of ["b", "c"]) await lab.local.addProduction({ id, engine: "mysql" });
      for (const id of ["s1", "s2"]) lab.local.addSnapshot({ id, instance: "prod", type: "manual" });
      assertEquals((await lab.rds.instances(never)).map(({ id }) => id), ["prod", "b", "c"]);
      const snapshots = await lab.rds.snapshots({ instance: "prod", type: "manual" }, never);
      assertEquals(snapshots.map(({ id }) => id), ["s1", "s2"]);
    });
  }
});

Deno.test("the offers of classes are read to the last page, each class with every storage type", async () => {
  const offersOf = async (pageSize: number) => {
    await using lab = await openLab({ pageSize });
    return await lab.rds.classOffers({ engine: "postgres", engineVersion: "18.4" }, never);
  };
  const offers = await offersOf(7);
  assertEquals(offers, await offersOf(100));
  assertEquals(
    offers.filter(({ instanceClass }) => instanceClass === "db.r6g.large").map(({ storageType, mostIops }) => [
      storageType,
      mostIops,
    ]),
    [["gp2", undefined], ["gp3", 64_000], ["io1", 256_000], ["io2", 256_000]],
  );
});

Deno.test("a version that the engine does not have is offered no class", async () => {
  await using lab = await openLab();
  assertEquals(await lab.rds.classOffers({ engine: "postgres", engineVersion: "8.4" }, never), []);
});

/** Every call, as it is made of the lab's `prod`. */
const calls: Readonly<Record<string, (lab: Lab) => Promise<unknown>>> = {
  DescribeDBInstances: ({ rds }) => rds.instance("prod", never),
  DescribeDBSnapshots: ({ rds }) => rds.snapshot("s1", never),
  RestoreDBInstanceFromDBSnapshot: async (lab) =>
    lab.rds.restore({ ...(await lab.source()).restore, instance: "copy", tags: {} }, never),
  ModifyDBInstance: async ({ rds }) => rds.setPassword(await known(rds), "Password0123", never),
  DeleteDBInstance: ({ rds }) => rds.deleteInstance("copy", undefined, never),
  DeleteDBSnapshot: ({ rds }) => rds.deleteSnapshot("s1", never),
  ModifyDBSnapshotAttribute: ({ rds }) => rds.share("s1", ["444455556666"], never),
  DescribeDBSnapshotAttributes: ({ rds }) => rds.sharedWith("s1", never),
  DescribeEvents: ({ rds }) => rds.events("prod", never),
  DescribeOrderableDBInstanceOptions: ({ rds }) => rds.classOffers({ engine: "mysql", engineVersion: "8.4.6" }, never),
};

async function known(rds: Rds) {
  const instance = await rds.instance("prod", never);
  assert(instance);
  return instance;
}

Deno.test("an answer without its content is an error", async (t) => {
  for (const [action, call] of Object.entries(calls)) {
    await t.step(action, async () => {
      await using lab = await openLab();
      lab.local.faults.add({ action, times: 0, what: "empty" });
      const error = await failureOf(call(lab));
      assert(isRdsError(error, "UnexpectedAnswer"), error.stack);
      assertStringIncludes(error.message, "the answer has no");
    });
  }
});

Deno.test("only RDS's NotFound errors mean that there is none", async () => {
  await using lab = await openLab();
  assertEquals(await lab.rds.instance("absent", never), undefined);
  assertEquals(await lab.rds.snapshot("absent", never), undefined);
});

Deno.test("an error is transient or not", async (t) => {
  for (
    const { what, transient, message } of [
      { what: "throttle", transient: true, message: "Throttling" },
      { what: "500", transient: true, message: "InternalFailure" },
      { what: "503", transient: true, message: "ServiceUnavailable" },
      { what: "lost-before", transient: true, message: "no good answer" },
      { what: "silent", transient: true, message: "TimeoutError" },
      { what: "access-denied", transient: false, message: 'AWS denies "rds:DescribeDBInstances"' },
      { what: "expired-token", transient: false, message: "the AWS credentials have expired (ExpiredToken" },
      {
        what: { code: "InvalidParameterValue", message: "no\u001b[31m\ngood" },
        transient: false,
        message: "no [31m good",
      },
    ] as const
  ) {
    await t.step(message, async () => {
      await using lab = await openLab();
      const rds = createRds({
        region: "eu-west-1",
        log: new Notes(),
        maxAttempts: 1,
        requestTimeout: what === "silent" ? 300 : 30_000,
        endpoint: { url: lab.local.url, accessKeyId: "local", secretAccessKey: "local" },
      });
      lab.local.faults.add({ action: "DescribeDBInstances", what });
      const error = await failureOf(rds.instance("prod", never));
      rds[Symbol.dispose]();
      assert(error instanceof RdsError, error.stack);
      assertEquals(error.transient, transient);
      assertStringIncludes(error.message, message);
    });
  }
});

Deno.test("a call ends with the signal's reason", async () => {
  await using lab = await openLab();
  lab.local.faults.add({ action: "DescribeDBInstances", what: "silent" });
  const stop = new AbortController();
  const reason = new Error("stop");
  const call = lab.rds.instance("prod", stop.signal);
  stop.abort(reason);
  assertEquals(await failureOf(call), reason);
});

Deno.test("an unlisted denied action is read from AWS's words", () => {
  const words = "User: arn:aws:iam::1:user/u is not authorized to perform: rds:AddTagsToResource on resource: x";
  const error = Object.assign(new Error(words), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  const failure = toRdsError("RestoreDBInstanceFromDBSnapshot", error);
  assertStringIncludes(failure.hint, 'Allow "rds:AddTagsToResource"');
});

Deno.test("what is missing before AWS is asked is named", async (t) => {
  for (
    const { name, message, hint } of [
      { name: "Error", message: "Region is missing", hint: "--region" },
      {
        name: "CredentialsProviderError",
        message: "Could not load credentials from any providers",
        hint: "credentials",
      },
    ]
  ) {
    await t.step(message, () => {
      assertStringIncludes(toRdsError("DescribeDBInstances", Object.assign(new Error(message), { name })).hint, hint);
    });
  }
});

Deno.test("expired credentials, invalid ones and a wrong clock are told apart", async (t) => {
  for (
    const { name, message, tells, hint } of [
      { name: "ExpiredToken", message: "The security token is expired", tells: "have expired", hint: "Log in again" },
      { name: "ExpiredTokenException", message: "Token is expired", tells: "have expired", hint: "Log in again" },
      { name: "RequestExpired", message: "Request has expired.", tells: "have expired", hint: "machine's clock" },
      {
        name: "CredentialsProviderError",
        message: "The SSO session associated with this profile has expired.",
        tells: "have expired",
        hint: "Log in again",
      },
      {
        name: "SignatureDoesNotMatch",
        message: "Signature expired: 20260102T030405Z is now earlier than 20260102T040405Z",
        tells: "rejects the time of the signature",
        hint: "Set this machine's clock",
      },
      {
        name: "SignatureDoesNotMatch",
        message: "Check your key.",
        tells: "does not accept these credentials",
        hint: "Give valid",
      },
      {
        name: "InvalidClientTokenId",
        message: "The token is invalid.",
        tells: "does not accept these credentials",
        hint: "Give valid",
      },
    ]
  ) {
    await t.step(`${name}: ${message}`, () => {
      const failure = toRdsError("DescribeDBInstances", Object.assign(new Error(message), { name }));
      assertStringIncludes(failure.message, tells);
      assertStringIncludes(failure.hint, hint);
    });
  }
});

Deno.test("a restore that the account is not ready for says what to do", async (t) => {
  for (
    const { code, hint } of [
      { code: "KMSKeyNotAccessibleFault", hint: "copied under one of this account" },
      { code: "InstanceQuotaExceeded", hint: "raise the quota" },
      { code: "StorageQuotaExceeded", hint: "raise the quota" },
      { code: "SnapshotQuotaExceeded", hint: "raise the quota" },
      { code: "InsufficientDBInstanceCapacity", hint: "--instance-class" },
      { code: "DBSubnetGroupNotFoundFault", hint: "--subnet-group" },
      { code: "DBSubnetGroupDoesNotCoverEnoughAZs", hint: "--subnet-group" },
      { code: "InvalidSubnet", hint: "--subnet-group" },
      { code: "InvalidVPCNetworkStateFault", hint: "--subnet-group" },
      { code: "DBParameterGroupNotFound", hint: "--parameter-group" },
      { code: "OptionGroupNotFoundFault", hint: "--option-group" },
      { code: "InvalidRestoreFault", hint: "what AWS objects to" },
    ]
  ) {
    await t.step(code, async () => {
      await using lab = await openLab();
      lab.local.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { code } });
      const { restore } = await lab.source();
      const error = await failureOf(lab.rds.restore({ ...restore, instance: "work", tags: {} }, never));
      assert(error instanceof RdsError, error.stack);
      assertStringIncludes(error.hint, hint);
    });
  }
});

Deno.test("a secret is removed from AWS's message", () => {
  const error = Object.assign(new Error("bad value hunter2hunter2"), { name: "InvalidParameterValue" });
  const failure = toRdsError("ModifyDBInstance", error, "hunter2hunter2");
  assertStringIncludes(failure.message, "bad value ****");
  assertEquals(Deno.inspect(failure).includes("hunter2"), false);
});

Deno.test("the log has every call, its attempts' outcome, and no password", async () => {
  await using lab = await openLab();
  await failureOf(lab.rds.setPassword({ ...await known(lab.rds), id: "absent" }, "Password0123", never));
  const last = lab.notes.lines.at(-1) ?? "";
  assertStringIncludes(last, "rds:ModifyDBInstance DBInstanceIdentifier=absent MasterUserPassword=****");
  assertStringIncludes(last, "DBInstanceNotFoundFault");
});
