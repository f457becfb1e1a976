/** Sources that can't be used: each says why, none stops another, and RDS is as it was. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { runTags, workspaceName } from "../../lib/rds/api/names.ts";
import { signingPublicKey } from "../../scripts/local_rds/kms.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { startProgram } from "../fleet/program.ts";
import { startDnsServer } from "./dns_server.ts";
import { leftIn, nothing, runProgram } from "./stage.ts";

const rds = await startLocalRds({ servers: false, pageSize: 2 });
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
for (const id of ["prod-1", "prod-2", "prod-3"]) await rds.addProduction({ id, engine: "postgres" });
await rds.addProduction({ id: "shop", engine: "mysql" });
await rds.addProduction({ id: "replica", engine: "postgres", replicaOf: "prod-1" });
await rds.addProduction({ id: "member", engine: "postgres", clusterId: "zones" });
await rds.addProduction({ id: "bare", engine: "postgres", snapshot: false, backupRetentionPeriod: 0 });
await rds.addProduction({ id: "departed", engine: "postgres" });
rds.addSnapshot({ id: "of-the-departed", instance: "departed", type: "manual" });
rds.addSnapshot({ id: "unfinished", instance: "prod-1", type: "manual", status: "creating", createTime: null });
rds.forget("departed");

const zone = "c0ffee000000.eu-west-1.rds.amazonaws.com";
const dns = startDnsServer({
  "proxied.example": `front.proxy-${zone}`,
  "clustered.example": `zones.cluster-${zone}`,
  "left-over.example": `deleted.${zone}`,
  "elsewhere.example": "prod.c0ffee000000.us-east-1.rds.amazonaws.com",
  "round.example": "about.example",
  "about.example": "round.example",
});
Deno.test.afterAll(async () => await dns[Symbol.asyncDispose]());

/** Sources of one flag; what each is refused for. */
interface Group {
  readonly flag: string;
  readonly sources: Readonly<Record<string, string>>;
}

const groups: readonly Group[] = [
  {
    flag: "--postgresql-hosts",
    sources: {
      "proxied.example": "an RDS proxy",
      "clustered.example": "no Aurora cluster of this account",
      "left-over.example": "no instance of this account",
      "elsewhere.example": "in us-east-1, the run is in eu-west-1",
      "round.example": "lead in a circle",
      "nobody.example": "no DNS record for",
    },
  },
  {
    flag: "--postgresql-instances",
    sources: {
      shop: 'the engine of instance "shop" is "mysql"',
      replica: 'a read replica of "prod-1"',
      member: 'belongs to cluster "zones"',
      bare: "has no automated snapshot",
      nobody: 'there is no instance "nobody"',
    },
  },
  {
    flag: "--postgresql-snapshots",
    sources: {
      "of-the-departed": "--instance-class",
      unfinished: 'is "creating", not "available"',
      nobody: 'there is no snapshot "nobody"',
      "arn:aws:rds:us-east-1:111122223333:snapshot:far": "Give --region us-east-1.",
    },
  },
];

for (const { flag, sources } of groups) {
  Deno.test(`${flag}: a source that does not fit says why, and nothing is changed`, async (t) => {
    const calls = rds.callLog.changes().length;
    const { code, stdout } = await runProgram(rds, [flag, ...Object.keys(sources), "--dns-server", dns.address]);
    assertEquals(code, 1);
    assertStringIncludes(stdout, `0 of ${Object.keys(sources).length} sources done`);
    const blocks = stdout.split(/\n {2}(?! )/);
    for (const [source, why] of Object.entries(sources)) {
      await t.step(source, () => {
        assertStringIncludes(blocks.find((block) => block.startsWith(`${source} (`)) ?? stdout, why);
      });
    }
    assertEquals(rds.callLog.changes().length, calls);
    assertEquals(await leftIn(rds), nothing);
  });
}

Deno.test("two names of one source are refused both, before anything is restored", async () => {
  const calls = rds.callLog.changes().length;
  const { code, stdout } = await runProgram(rds, [
    "--postgresql-hosts",
    rds.hostName("prod-1"),
    rds.hostName("prod-1").toUpperCase(),
  ]);
  assertEquals(rds.callLog.changes().length, calls);
  assertEquals(code, 2, stdout);
});

Deno.test("two snapshots of one instance come to the same workspace", async () => {
  const calls = rds.callLog.changes().length;
  const [automated] = rds.snapshots().filter(({ instanceId, status }) =>
    instanceId === "prod-2" && status === "available"
  );
  rds.addSnapshot({ id: "second", instance: "prod-2", type: "manual" });
  const { code, stdout } = await runProgram(rds, ["--postgresql-snapshots", automated?.id ?? "", "second"]);
  assertEquals(code, 1);
  assertStringIncludes(stdout, 'has the same workspace "scrubber-postgres-');
  assertEquals(rds.callLog.changes().length, calls);
});

for (const denied of [false, true]) {
  const comes = denied ? "is no signature where KMS refuses, and status 1" : "is one that verify-report checks offline";
  Deno.test(`what a key of KMS makes of a report ${comes}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      if (denied) rds.faults.add({ action: "kms:Sign", times: 0, what: "access-denied" });
      const report = `${folder}/run.json`;
      await Deno.writeTextFile(`${folder}/public.pem`, signingPublicKey);
      const signing = ["--report", report, "--sign-kms-key", "alias/signing"];
      const { code, stderr } = await runProgram(rds, ["--postgresql-instances", "prod-3", "--dry-run", ...signing]);
      assertEquals(code, denied ? 1 : 0, stderr);
      if (denied) return assertStringIncludes(stderr, "Cannot sign the report");
      const check = await startProgram(["verify-report", report, "--public-key", `${folder}/public.pem`]).ended();
      assertStringIncludes(check.stdout, "The report is signed with this key");
      assertEquals(check.code, 0);
    } finally {
      rds.faults.clear();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a dry run says what it would do, and changes nothing", async () => {
  const calls = rds.callLog.changes().length;
  for (const day of ["01", "02", "03"]) {
    const own = runTags({ name: "prod-3", rdsEngine: "postgres" }, "1", 60_000, new Date(0));
    const tags = { ...own, "datascrubber:proof": "1" };
    rds.addSnapshot({
      id: `scrubbed-prod-3-2026-01-${day}-00-00`,
      instance: workspaceName({ rdsEngine: "postgres", name: "prod-3" }),
      dataOf: "second",
      type: "manual",
      tags,
      createTime: new Date(`2026-01-${day}T00:00:00Z`),
    });
  }
  const args = [
    "--postgresql-instances",
    "prod-3",
    "--dry-run",
    "--snapshot-retention",
    "2",
    "--share-with",
    "123456789012",
  ];
  const { code, stdout, stderr } = await runProgram(rds, args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "1 of 1 source done (dry run, nothing was changed)");
  for (
    const part of [
      'restore snapshot "rds:prod-3-',
      "email-alert-api, publishing-api",
      'make the snapshot "scrubbed-prod-3-',
      "share it with 123456789012",
      'prune "scrubbed-prod-3-2026-01-01-00-00"',
      "would take about ",
      "advice: checkpoint_timeout at 1800 instead of the engine's own value: fewer checkpoints",
      "hours: not known, the table has no price of db.m6g.large with postgresql in eu-west-1",
    ]
  ) assertStringIncludes(stdout, part);
  assertEquals(rds.callLog.changes().slice(calls), []);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("a configuration file sizes one source apart from the others", async () => {
  const config = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(
    config,
    "postgresql-instances: [prod-1, prod-3]\nworkspaces: { prod-3: { instance-class: db.r6g.xlarge, allocated-storage: 30 } }\n",
  );
  const { code, stdout } = await runProgram(rds, ["--config", config, "--dry-run"]);
  assertEquals(code, 0, stdout);
  const [first = "", third = ""] = stdout.split("  prod-3 (postgresql)");
  assertStringIncludes(first, " as db.m6g.large, 20 GiB of gp3, with parameter group");
  assertStringIncludes(third, " as db.r6g.xlarge, 30 GiB of gp3, with parameter group");
  await Deno.remove(config);
});

Deno.test("a size that RDS does not have is refused before the restore", async () => {
  const { code, stdout } = await runProgram(rds, ["--postgresql-instances", "prod-3", "--dry-run", "--iops", "12000"]);
  assertEquals(code, 1);
  assertStringIncludes(stdout, 'Cannot restore "prod-3" as it is asked for: gp3 below 400 GiB has 3,000 IOPS');
});

Deno.test("a snapshot that outlived its instance is restored when the flags say how", async () => {
  const args = ["--postgresql-snapshots", "of-the-departed", "--dry-run", "--instance-class", "db.t4g.micro"];
  const more = ["--subnet-group", "production-subnets", "--security-groups", "sg-0a1b2c3d"];
  const groups = ["--parameter-group", "production-postgres18", "--option-group", "production-options-postgres18"];
  const { code, stdout } = await runProgram(rds, [...args, ...more, ...groups]);
  assertEquals(code, 0, stdout);
  assertStringIncludes(stdout, "as db.t4g.micro");
});
