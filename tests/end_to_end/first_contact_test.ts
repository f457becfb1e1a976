/** What an account and a machine may be like when the program meets them for the first time. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createRds } from "../../lib/rds/api/client.ts";
import { runTags, tag, workspaceName } from "../../lib/rds/api/names.ts";
import { resolveSource } from "../../lib/rds/source/source.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Quotas } from "../../scripts/local_rds/state.ts";
import { startProgram } from "../fleet/program.ts";
import { instances, leftIn, nothing, receiver, runProgram, smallStage } from "./stage.ts";

const source = ["--postgresql-instances", instances.postgresql];
const never = new AbortController().signal;

for (
  const { what, clockOffset, beat, state } of [
    { what: "ahead: a living run of another machine is not swept", clockOffset: -3_600_000, beat: 1, state: "alive" },
    { what: "behind: a dead run of another machine is swept", clockOffset: 3_600_000, beat: 16, state: "dead" },
  ] as const
) {
  Deno.test(`this machine's clock is an hour ${what}`, async () => {
    await using rds = await startLocalRds({ servers: false, clockOffset });
    await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
    const instance = workspaceName({ rdsEngine: "postgres", name: instances.postgresql });
    using other = createRds({
      region: rds.region,
      log: { debug() {} },
      endpoint: { url: rds.url, accessKeyId: "other", secretAccessKey: "other" },
    });
    const request = { engine: "postgresql", kind: "instance", value: instances.postgresql } as const;
    const found = await resolveSource(other, request, { overrides: {} }, never);
    const time = new Date(Date.now() + clockOffset - beat * 60_000);
    const tags = { ...runTags(found, "run-0", 300_000, time), [tag.heartbeat]: time.toISOString() };
    await other.restore({ ...found.restore, instance, tags }, never);
    await rds.settled();

    const sweep = await startProgram(["sweep", "--poll-interval", "0.02"], rds.environment).ended();
    assertEquals(sweep.code, 0, sweep.stderr);
    if (state === "dead") {
      assertStringIncludes(sweep.stdout, `deleted instance "${instance}"`);
      return assertEquals(rds.workspaces(), []);
    }
    assertStringIncludes(sweep.stdout, `leaves instance "${instance}"`);
    assertStringIncludes(sweep.stdout, "the run is alive");
    const second = await runProgram(rds, source);
    assertEquals(second.code, 1, second.stderr);
    assertMatch(second.stdout, /run run-0 works on/);
    assertEquals(rds.workspaces(), [instance]);
  });
}

Deno.test("RDS shows every tag late: the snapshot is tied to its report and shared, and never deleted", async () => {
  await using rds = await smallStage({ latencies: { tags: { polls: 3, milliseconds: 10_000 } } });
  const { code, stderr } = await runProgram(rds, [...source, "--share-with", receiver]);
  assertEquals(code, 0, stderr);
  const [snapshot = ""] = rds.made();
  assertEquals(await leftIn(rds), { ...nothing, made: [snapshot], shares: { [snapshot]: [receiver] } });
  assertEquals(rds.callLog.calls("DeleteDBSnapshot"), []);
  const tags = rds.snapshots().find(({ id }) => id === snapshot)?.tags.map(({ key }) => key) ?? [];
  assertEquals([tag.proof, tag.report].filter((key) => !tags.includes(key)), []);
});

Deno.test("RDS never shows the proof: status 4, and the verified snapshot stays, unshared, for the next run to share", async () => {
  await using rds = await smallStage();
  rds.faults.chooser = (action, parameters) =>
    action === "AddTagsToResource" && Object.values(parameters).includes(tag.proof) ? "empty" : undefined;
  const args = [...source, "--share-with", receiver];
  const { code, stdout, stderr } = await runProgram(rds, [...args, "--timeout", "0.1"]);
  assertEquals(code, 4, stderr);
  const [first = ""] = rds.made();
  assertMatch(
    stdout,
    new RegExp(`Cannot tag snapshot "${first}": .* Snapshot "${first}" was verified, and is kept, not shared`),
  );
  assertEquals(await leftIn(rds), { ...nothing, made: [first] });

  // It comes to sight after all.
  rds.faults.chooser = undefined;
  const snapshot = rds.snapshots().find(({ id }) => id === first);
  assert(snapshot);
  snapshot.tags = [...snapshot.tags, { key: tag.proof, value: "d1635700" }, { key: tag.share, value: "wanted" }];
  const next = await runProgram(rds, args);
  assertEquals(next.code, 0, next.stderr);
  const [, second = ""] = rds.made();
  assertEquals((await leftIn(rds)).shares, { [first]: [receiver], [second]: [receiver] });
});

for (
  const { what, quotas, sources = ["a"], args = [], refused } of [
    {
      what: "manual snapshots, even where pruning would make room",
      quotas: { manualSnapshots: 1 },
      args: ["--snapshot-retention", "1"],
      refused: { a: "1 of 1 manual snapshots are used and 1 more needed" },
    },
    {
      what: "DB instances",
      quotas: { instances: 3 },
      refused: { a: "3 of 3 DB instances are used and 1 more needed" },
    },
    {
      what: "storage",
      quotas: { storage: 79 },
      refused: { a: "60 of 79 GiB of storage are used and 20 more needed" },
    },
    {
      what: "manual snapshots for one of three sources",
      quotas: { manualSnapshots: 1 + 2 },
      sources: ["a", "b", "c"],
      args: ["--dry-run"],
      refused: { c: "1 of 3 manual snapshots are used and 3 more needed" },
    },
  ] satisfies readonly {
    what: string;
    quotas: Partial<Quotas>;
    sources?: readonly string[];
    args?: readonly string[];
    refused: Readonly<Record<string, string>>;
  }[]
) {
  Deno.test(`the account has no room for more ${what}: the source is refused with the figures, and nothing is made`, async () => {
    await using rds = await startLocalRds({ servers: false, quotas });
    for (const id of ["a", "b", "c"]) await rds.addProduction({ id, engine: "postgres" });
    rds.addSnapshot({
      id: "scrubbed-a-2026-01-02-03-04",
      instance: workspaceName({ rdsEngine: "postgres", name: "a" }),
      dataOf: rds.snapshots()[0]?.id ?? "",
      type: "manual",
    });
    const { code, stdout, stderr } = await runProgram(rds, ["--postgresql-instances", ...sources, ...args]);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stdout, `${Object.keys(refused).length} failed`);
    for (const [name, why] of Object.entries(refused)) {
      assertMatch(stdout, new RegExp(`${name} \\(postgresql\\): Cannot restore "${name}" .*${why}`));
    }
    assertEquals([rds.callLog.changes(), await leftIn(rds)], [[], nothing]);
  });
}

const minute = 60_000;

for (
  const { what, from, minutes, end } of [
    { what: "of the environment that end in ten minutes", from: "environment", minutes: 10, end: "refused" },
    { what: "of the environment that have ended", from: "environment", minutes: -10, end: "refused" },
    { what: "of the environment that end in two hours", from: "environment", minutes: 120, end: "warned" },
    { what: "of the environment that end in three days", from: "environment", minutes: 4320, end: "content" },
    {
      what: "of a process that gives new ones, though they end in ten minutes",
      from: "process",
      minutes: 10,
      end: "content",
    },
  ] as const
) {
  Deno.test(`credentials ${what}: the run is ${end}`, async () => {
    await using rds = await startLocalRds({
      servers: false,
      // Far enough to see what the run warns of.
      faults: [{ action: "RestoreDBInstanceFromDBSnapshot", times: 0, what: "access-denied" }],
    });
    await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
    const folder = await Deno.makeTempDir({ prefix: "credentials-" });
    const time = new Date(Date.now() + minutes * minute).toISOString();
    const keys = {
      Version: 1,
      AccessKeyId: "local",
      SecretAccessKey: "local",
      SessionToken: "local",
      Expiration: time,
    };
    await Deno.writeTextFile(`${folder}/keys`, JSON.stringify(keys));
    await Deno.writeTextFile(`${folder}/config`, `[default]\ncredential_process = cat ${folder}/keys\n`);
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...place } = rds.environment;
    const environment = from === "environment"
      ? { ...rds.environment, AWS_SESSION_TOKEN: "local", AWS_CREDENTIAL_EXPIRATION: time }
      : { ...place, AWS_CONFIG_FILE: `${folder}/config` };
    const { code, stdout, stderr } = await runProgram({ ...rds, environment }, source);
    assertEquals(code, 1, stderr);
    assertEquals([
      /Cannot begin: the AWS credentials expire at/.test(stdout),
      /warning: the AWS credentials/.test(stdout),
    ], [
      end === "refused",
      end === "warned",
    ]);
    assertEquals(rds.callLog.changes().length, end === "refused" ? 0 : 1);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("a session token that expires in the middle: status 4, what is left, and what to do", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: instances.postgresql, engine: "postgres" });
  let secured = false;
  rds.faults.chooser = (action) => {
    if (secured) return "expired-token";
    secured = action === "ModifyDBInstance";
  };
  const { code, stdout, stderr } = await runProgram(rds, source);
  assertEquals(code, 4, stderr);
  const [workspace = ""] = rds.workspaces();
  assertMatch(stdout, /Cannot call rds:DescribeDBInstances: the AWS credentials have expired \(ExpiredToken: /);
  assertStringIncludes(stdout, "Log in again or take new ones");
  assertStringIncludes(stdout, `Cannot clean up instance "${workspace}"`);
  assertStringIncludes(stdout, `Delete instance "${workspace}" by hand`);
  assertEquals([rds.made(), rds.shares(), rds.callLog.violations()], [[], {}, []]);
});
