/** The workspace's instance class, chosen in the local RDS without servers. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import type { FinishBy } from "../../lib/core/finish_by.ts";
import type { DeploymentKind } from "../../lib/core/settings.ts";
import { chooseInstanceClass, type ClassOptions } from "../../lib/pipeline/instance_class.ts";
import { resolveSource, type Source } from "../../lib/rds/source/source.ts";
import type { EarlierRun } from "../../lib/report/estimate/earlier_run.ts";
import type { PriceTable } from "../../lib/report/estimate/prices.ts";
import { isRdsError } from "../../lib/rds/api/errors.ts";
import { failureOf, type Lab, never, openLab } from "../rds/local.ts";

const hourly = { "db.r6g.large": 1, "db.r6g.xlarge": 2, "db.r6g.2xlarge": 4, "db.r6g.4xlarge": 8, "db.m9g.large": 0.5 };
const prices: PriceTable = {
  currency: "EUR",
  date: "2026-11-01",
  source: "a contract",
  regions: { "eu-west-1": { instances: { postgresql: hourly, "aurora-postgresql": hourly }, storage: {} } },
};

const started = new Date("2026-11-24T02:00:00Z");
const hours = (count: number): FinishBy => ({ kind: "span", milliseconds: count * 3_600_000 });

/** Ten hours of scrub, and half an hour of RDS's own work, on a class. */
function earlierOn(instanceClass: string): EarlierRun {
  const phase = (phase: string, seconds: number) => ({ phase, started: 0, ended: 1000 * seconds });
  const quick = ["resolve", "discover", "plan", "verify", "purge", "share", "prune"].map((name) => phase(name, 0));
  const phases = [phase("restore", 900), phase("scrub", 36_000), phase("snapshot", 900), ...quick];
  return { started: "2026-11-23T02:00:00.000Z", bytes: 1e12, machine: { instanceClass, storageType: "io2" }, phases };
}
const earlier = earlierOn("db.r6g.large");

/** A production that has more throughput than any class. */
async function open(kind: DeploymentKind = "instance"): Promise<Lab> {
  const lab = await openLab({}, 1, "postgres", kind);
  await lab.local.addProduction({
    id: "orders",
    engine: "postgres",
    allocatedStorage: 1000,
    storageType: "io2",
    iops: 64_000,
  });
  return lab;
}

async function resolved({ rds }: Lab, instanceClass: string | undefined = "auto"): Promise<Source> {
  const kind = rds.kind;
  const value = kind === "cluster" ? "prod" : "orders";
  const overrides = { ...(instanceClass !== undefined && { instanceClass }) };
  return await resolveSource(rds, { engine: "postgresql", kind, value }, { overrides }, never);
}

function options(finishBy?: FinishBy, more: Partial<ClassOptions> = {}): ClassOptions {
  const overrides = { ...(finishBy && { finishBy }) };
  return { settings: {}, overrides, estimates: { prices, earlier }, started, ...more };
}

for (
  const { what, finishBy, chosen, why, cheaper, seconds, finish } of [
    {
      what: "eleven hours are enough for the cheapest",
      finishBy: hours(11),
      chosen: "db.r6g.large",
      why: "meets finish-by",
      cheaper: undefined,
      seconds: 37_800,
      finish: "2026-11-24T12:30:00.000Z",
    },
    {
      what: "ten hours are not, and twice the bandwidth halves the scrub",
      finishBy: hours(10),
      chosen: "db.r6g.xlarge",
      why: "meets finish-by",
      cheaper: "db.r6g.large",
      seconds: 19_800,
      finish: "2026-11-24T07:30:00.000Z",
    },
    {
      what: "in one hour none is done, and the fastest is taken",
      finishBy: hours(1),
      chosen: "db.r6g.4xlarge",
      why: "fastest",
      cheaper: "db.r6g.2xlarge",
      seconds: 6300,
      finish: "2026-11-24T03:45:00.000Z",
    },
    {
      what: "without a time twice the fastest's is good enough",
      finishBy: undefined,
      chosen: "db.r6g.2xlarge",
      why: "at most twice the fastest",
      cheaper: "db.r6g.xlarge",
      seconds: 10_800,
      finish: undefined,
    },
  ] as const
) {
  Deno.test(`--instance-class auto: ${what}`, async () => {
    await using lab = await open();
    const found = await chooseInstanceClass(lab.rds, await resolved(lab), options(finishBy), never);
    const { classChoice, finishBy: told, source } = found;
    assertEquals(
      [
        classChoice?.chosen.instanceClass,
        classChoice?.why,
        classChoice?.cheaper?.instanceClass,
        classChoice?.chosen.seconds,
      ],
      [chosen, why, cheaper, seconds],
    );
    assertEquals([source.restore.instanceClass, told?.expected], [chosen, finish]);
  });
}

Deno.test("--instance-class auto goes by the size of the volume where there is no earlier report", async () => {
  await using lab = await open();
  const { classChoice } = await chooseInstanceClass(
    lab.rds,
    await resolved(lab),
    options(hours(6), { estimates: { prices } }),
    never,
  );
  assertStringIncludes(classChoice?.by ?? "", "at most 1.1 TB of data: only the size of the volume is known");
});

Deno.test("a proof that is asked for counts, since the final snapshot is none without it", async () => {
  await using lab = await open();
  const { finishBy } = await chooseInstanceClass(
    lab.rds,
    await resolved(lab, "db.r6g.large"),
    options(hours(11), { settings: { prove: true, copyTo: [{ region: "us-east-1" }] } }),
    never,
  );
  // 20 minutes, and nothing for the copy.
  assertEquals(finishBy?.expected, "2026-11-24T12:50:00.000Z");
});

Deno.test("a class that is named is taken, and only held against the time", async () => {
  await using lab = await open();
  const source = await resolved(lab, "db.r6g.xlarge");
  const found = await chooseInstanceClass(lab.rds, source, options(hours(1)), never);
  assertEquals(found, {
    source,
    warnings: [],
    finishBy: { by: "2026-11-24T03:00:00.000Z", expected: "2026-11-24T07:30:00.000Z" },
  });
  assertEquals(lab.local.callLog.calls("DescribeOrderableDBInstanceOptions").length, 0);
});

Deno.test("the writer of an Aurora cluster gets a class that Aurora has, by the data of an earlier run", async () => {
  await using lab = await open("cluster");
  const aurora = { ...earlier, machine: { instanceClass: "db.r6g.large", storageType: "aurora-iopt1" } };
  const { classChoice } = await chooseInstanceClass(
    lab.rds,
    await resolved(lab),
    options(hours(6), { estimates: { prices, earlier: aurora } }),
    never,
  );
  assertEquals(classChoice?.chosen, { instanceClass: "db.r6g.xlarge", seconds: 19_800, perHour: 2 });
});

Deno.test("where the size of a cluster's data is not known, the time that is expected is said to be too short", async () => {
  await using lab = await open("cluster");
  const known = await chooseInstanceClass(lab.rds, await resolved(lab, "db.r6g.large"), options(hours(6)), never);
  const first = options(hours(6), { estimates: { prices } });
  const { warnings } = await chooseInstanceClass(lab.rds, await resolved(lab, "db.r6g.large"), first, never);
  assertEquals([known.warnings, warnings], [[], [
    "--finish-by: RDS does not say how much data a cluster has, and no earlier report does: the run takes longer than is expected of it",
  ]]);
});

Deno.test("the writer gets a class by usual rates where the earlier one was serverless, which compares with none", async () => {
  await using lab = await open("cluster");
  const serverless = { ...earlier, machine: { instanceClass: "db.serverless", storageType: "aurora" } };
  const { classChoice } = await chooseInstanceClass(
    lab.rds,
    await resolved(lab),
    options(hours(6), { estimates: { prices, earlier: serverless } }),
    never,
  );
  assertEquals(classChoice?.chosen.instanceClass, "db.r6g.2xlarge");
  assertStringIncludes(
    classChoice?.by ?? "",
    "rates measured on two processors, scaled to db.r6g.2xlarge, for 1.0 TB of data",
  );
});

for (
  const { what, kind, more, says, hint } of [
    {
      what: "a table of prices without the region",
      more: { estimates: { prices: { ...prices, regions: {} } } },
      says: "the prices of 2026-11-01 have no class for postgres in eu-west-1",
      hint: "by --prices",
    },
    {
      what: "the program's own prices, which have no such region",
      more: { estimates: {} },
      says: "have no class for postgres in eu-west-1",
      hint: "by --prices",
    },
    {
      what: "no class that RDS offers",
      more: {
        estimates: {
          prices: {
            ...prices,
            regions: { "eu-west-1": { instances: { postgresql: { "db.m9g.large": 1 } }, storage: {} } },
          },
        },
      },
      says: "none of the 1 classes with a price does, db.m9g.large: RDS does not offer it for postgres 18.4",
      hint: "larger or newer classes",
    },
    {
      what: "no class with the memory that the group fixes",
      more: { parameters: new Map([["shared_buffers", String(2 ** 40 / 8192)]]) },
      says: "db.r6g.4xlarge: the parameter group fixes shared_buffers at 1024.0 GiB, and db.r6g.4xlarge has 128 GiB",
      hint: "larger or newer classes",
    },
    {
      what: "a cluster, of whose data the size is not known",
      kind: "cluster",
      more: { estimates: { prices } },
      says: "RDS does not say how much data a cluster has, and no earlier report does",
      hint: "for the first run",
    },
  ] as readonly {
    readonly what: string;
    readonly kind?: DeploymentKind;
    readonly more: Partial<ClassOptions>;
    readonly says: string;
    readonly hint: string;
  }[]
) {
  Deno.test(`--instance-class auto is refused with ${what}`, async () => {
    await using lab = await open(kind);
    const choosing = chooseInstanceClass(lab.rds, await resolved(lab), options(hours(6), more), never);
    const error = await failureOf(choosing);
    if (!(error instanceof ScrubError)) throw error;
    assertEquals(error.code, "size");
    assertStringIncludes(error.message, says);
    assertStringIncludes(error.hint, hint);
    assertEquals(lab.local.callLog.changes(), []);
  });
}

Deno.test("an identity that may not ask for the offers is told which right it lacks", async () => {
  await using lab = await open();
  lab.local.faults.add({ action: "DescribeOrderableDBInstanceOptions", what: "access-denied" });
  const error = await failureOf(chooseInstanceClass(lab.rds, await resolved(lab), options(), never));
  assertEquals(isRdsError(error, "AccessDenied"), true);
  assertStringIncludes(error.message, "DescribeOrderableDBInstanceOptions");
});
