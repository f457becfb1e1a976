/** How long a run is expected to take, and what it costs: by hand from round numbers. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EstimateReport } from "../../../lib/core/estimate.ts";
import type { RunReport, SourceOutcome } from "../../../lib/core/report.ts";
import { estimateLines, truthOf } from "../../../lib/report/display/estimate_text.ts";
import { type EstimateBasis, withEstimates } from "../../../lib/report/estimate/estimate.ts";
import { builtInPrices, isPriceTable, type PriceTable } from "../../../lib/report/estimate/prices.ts";

const GIB = 2 ** 30;
const hour = 3_600_000;

const prices: PriceTable = {
  currency: "EUR",
  date: "2026-11-01",
  source: "a contract",
  regions: {
    "eu-west-1": { instances: { postgresql: { "db.r6g.large": 2 } }, storage: { gp3: 7.3, io1: 7.3 }, snapshots: 0.1 },
  },
};

const restored = {
  snapshot: "rds:orders-1",
  asOf: "2026-11-24T02:00:00.000Z",
  instanceClass: "db.r6g.large",
  storageType: "gp3",
  allocatedStorage: 100,
};

const bare: SourceOutcome = {
  engine: "postgresql",
  requested: "orders",
  restored,
  databases: [],
  phases: [],
  sharedWith: [],
  pruned: [],
  warnings: [],
};

function reportOf(source: SourceOutcome, more: Partial<RunReport> = {}): RunReport {
  return {
    version: 1,
    program: "datascrubber",
    runId: "00000000-0000-4000-8000-000000000000",
    started: "2026-11-24T03:00:00.000Z",
    ended: "2026-11-24T04:00:00.000Z",
    exitStatus: 0,
    dryRun: false,
    aws: { region: "eu-west-1" },
    sources: [source],
    ...more,
  };
}

function databaseOf(bytes: number): SourceOutcome["databases"][number] {
  const change = { shape: "rewrite", why: "", rowsChanged: 0, rowsDeleted: 0, seconds: 0, columns: {} };
  return { database: "orders", fate: "scrubbed", tables: [{ table: "t", bytes, ...change }] };
}

/** Every phase takes an hour. */
function wholeRun(bytes: number): SourceOutcome {
  const names = ["resolve", "restore", "discover", "plan", "scrub", "verify", "purge", "snapshot", "share", "prune"];
  const phases = names.map((phase, at) => ({ phase, started: at * hour, ended: (at + 1) * hour }));
  return { ...bare, databases: [databaseOf(bytes)], phases };
}

function estimate(source: SourceOutcome, more: Partial<EstimateBasis> = {}, dryRun = false): EstimateReport {
  const basis = { settings: { snapshotRetention: 5 }, prices, ...more };
  const [estimated] = withEstimates(reportOf(source, { dryRun }), basis).sources;
  assert(estimated?.estimate);
  return estimated.estimate;
}

function secondsOf({ phases }: EstimateReport, phase: string): number | undefined {
  return phases.find((one) => one.phase === phase)?.seconds;
}

Deno.test("a source whose instance class is not known has no estimate", () => {
  const { instanceClass: _, ...without } = restored;
  const basis = { settings: { snapshotRetention: 5 }, prices };
  assertEquals(
    withEstimates(reportOf({ ...bare, restored: without }), basis),
    reportOf({ ...bare, restored: without }),
  );
});

Deno.test("without an earlier run a dry run goes by the size of the volume, and says so", () => {
  const dry = estimate(bare, {}, true);
  // The class reads and writes 74 MB a second, three times for each byte, and ten seconds.
  assertEquals(secondsOf(dry, "scrub"), Math.round((10 + 3 * 100 * GIB / 74e6) * 10) / 10);
  assertMatch(
    dry.by,
    /usual times .* scaled to db\.r6g\.large, for at most 107 GB of data: only the size of the volume is known$/,
  );
  assertEquals(dry.seconds, dry.phases.reduce((sum, { seconds }) => sum + seconds, 0));
});

Deno.test("a plan goes by the size of the tables that would be rewritten", () => {
  const outline = { engine: "postgresql", database: "orders", fate: "scrubbed", removed: [] } as const;
  const tables = [{ table: "a", rows: 1, bytes: 3e9, columns: [] }, { table: "b", rows: 1, bytes: 1e9, columns: [] }];
  const planned = estimate({ ...bare, plan: [{ ...outline, tables }] });
  assertEquals(secondsOf(planned, "scrub"), Math.round((10 + 3 * 4e9 / 74e6) * 10) / 10);
  assertMatch(planned.by, /for 4\.0 GB of data$/);
});

Deno.test("an earlier run's times are scaled by the data, but for those that do not depend on it", () => {
  const earlier = reportOf(wholeRun(10e9), { started: "2026-11-23T03:00:00.000Z" });
  const now = estimate({ ...bare, databases: [databaseOf(20e9)] }, { earlier });
  assertEquals([secondsOf(now, "scrub"), secondsOf(now, "restore")], [7200, 3600]);
  assertEquals(now.by, "the times of the run of 2026-11-23T03:00:00.000Z, from 10.0 GB to 20.0 GB of data");
});

Deno.test("a dry run takes the earlier run's times, and its data", () => {
  const earlier = reportOf(wholeRun(10e9));
  assertEquals(secondsOf(estimate(bare, { earlier }, true), "scrub"), 3600);
});

Deno.test("the times of an earlier run on another class are scaled, which is said", () => {
  const other = { ...wholeRun(10e9), restored: { ...restored, instanceClass: "db.r6g.xlarge" } };
  const now = estimate(bare, { earlier: reportOf(other) });
  assertStringIncludes(now.by, ", scaled from db.r6g.xlarge to db.r6g.large");
  // The class is the bottleneck of one, and the volume with its 125 MiB a second that of the other.
  assertEquals(secondsOf(now, "scrub"), Math.round(3600 * 125 * 2 ** 20 / 74e6 * 10) / 10);
  assertEquals(secondsOf(now, "restore"), 3600);
});

Deno.test("of an earlier run on a class that does not compare only the data is taken", () => {
  const serverless = { ...wholeRun(10e9), restored: { ...restored, instanceClass: "db.serverless" } };
  const now = estimate(bare, { earlier: reportOf(serverless) });
  assertEquals(secondsOf(now, "restore"), 900);
  assertEquals(
    now.by,
    "RDS's usual times and rates measured on two processors, scaled to db.r6g.large, for 10.0 GB of data",
  );
});

Deno.test("an earlier run on the same class is taken, whatever that is", () => {
  const serverless = { ...wholeRun(10e9), restored: { ...restored, instanceClass: "db.serverless" } };
  assertEquals(secondsOf(estimate(serverless, { earlier: reportOf(serverless) }), "restore"), 3600);
});

Deno.test("an earlier run that failed is not taken", () => {
  const failure = { kind: "failed", code: "share", message: "", hint: "", also: [] } as const;
  const earlier = reportOf({ ...wholeRun(10e9), failure });
  assertEquals(estimate(bare, { earlier }), estimate(bare));
});

Deno.test("an export and a proof are phases where they are asked for", () => {
  const s3Export = { bucket: "b", prefix: "", format: "sql.gz", pgDump: "", mysqldump: "" } as const;
  const asked = estimate(bare, { settings: { snapshotRetention: 5, prove: true, s3Export } });
  assertEquals([secondsOf(asked, "export") !== undefined, secondsOf(asked, "prove")], [true, 1200]);
  assertEquals(secondsOf(estimate(bare), "prove"), undefined);
});

const rebuild = { pgDump: "pg_dump", pgRestore: "pg_restore", mysqldump: "mysqldump", mysql: "mysql" };

/** With a rebuild in the place of the purge: every phase takes an hour. */
function rebuiltRun(): SourceOutcome {
  const { phases, ...source } = wholeRun(10e9);
  return {
    ...source,
    phases: phases.map((one) => one.phase === "purge" ? { ...one, phase: "rebuild" } : one),
  };
}

Deno.test("with --rebuild there is a phase that fills the fresh instance, and none that purges", () => {
  const estimated = estimate(bare, { settings: { snapshotRetention: 5, rebuild } }, true);
  assertEquals([secondsOf(estimated, "purge"), (secondsOf(estimated, "rebuild") ?? 0) > 600], [undefined, true]);
  assertEquals(secondsOf(estimate(bare, {}, true), "rebuild"), undefined);
});

Deno.test("with --rebuild the fresh instance is paid for from when it is filled, the restored one until then", () => {
  const earlier = reportOf(rebuiltRun());
  const { costs } = estimate(rebuiltRun(), { settings: { snapshotRetention: 5, rebuild }, earlier });
  assertEquals(costs.slice(0, 4).map(({ what, expected }) => [what, expected]), [
    ["db.r6g.large for 5.0 hours", 10],
    ["100 GiB of gp3 for as long", 5],
    ["db.r6g.large of the fresh instance for 2.0 hours", 4],
    ["at most 100 GiB of gp3 for as long", 2],
  ]);
});

Deno.test("copies in other regions are a phase, and cost what backup storage costs there", () => {
  const copyTo = [{ region: "eu-west-1" }, { region: "ap-unknown-1" }];
  const { costs, ...rest } = estimate(wholeRun(10 * GIB), { settings: { snapshotRetention: 5, copyTo } });
  assertEquals(secondsOf({ costs, ...rest }, "copy") !== undefined, true);
  assertEquals(costs.slice(3).map(({ what, expected, unknown }) => [what, expected ?? unknown]), [
    ["5 kept copies of it in eu-west-1, without the transfer", 5],
    [
      "5 kept copies of it in ap-unknown-1, without the transfer",
      "the table has no price of backup storage in ap-unknown-1",
    ],
  ]);
});

Deno.test("a run shows what its phases took beside what was expected of them", () => {
  const earlier = reportOf(wholeRun(10e9));
  const source = wholeRun(20e9);
  const slow = { ...source, phases: source.phases.map((one) => ({ ...one, ended: one.ended && one.ended + hour })) };
  const told = estimate(slow, { earlier });
  assertEquals(told.phases.find(({ phase }) => phase === "scrub"), { phase: "scrub", seconds: 7200, took: 7200 });
  assertEquals(truthOf(told), { took: 20 * 3600, expected: 14 * 3600 });
});

Deno.test("a dry run's own phases are no truth to hold estimates against", () => {
  const dry = estimate({ ...bare, phases: [{ phase: "resolve", started: 0, ended: hour }] }, {}, true);
  assertEquals(truthOf(dry), undefined);
});

Deno.test("the instance is paid for from when it is there until it is deleted, and snapshots each month", () => {
  const source = wholeRun(10 * GIB);
  const { costs } = estimate(source, { earlier: reportOf(source) });
  // Six phases of an hour: discover, plan, scrub, verify, purge, snapshot.
  assertEquals(costs, [
    { what: "db.r6g.large for 6.0 hours", monthly: false, expected: 12, actual: 12 },
    { what: "100 GiB of gp3 for as long", monthly: false, expected: 6, actual: 6 },
    {
      what: "5 kept snapshots of about 10.0 GiB, without AWS's free backup storage",
      monthly: true,
      expected: 5,
    },
  ]);
});

Deno.test("ten minutes are paid for at least", () => {
  const source = { ...bare, phases: [], databases: [databaseOf(1)] };
  const phases = wholeRun(1).phases.map(({ phase }) => ({ phase, started: 0, ended: 1000 }));
  const { costs } = estimate(source, { earlier: reportOf({ ...source, phases }) });
  assertEquals(costs[0]?.expected, Math.round(2 / 6 * 10_000) / 10_000);
});

Deno.test("where all snapshots are kept, each is counted", () => {
  const { costs } = estimate(wholeRun(10 * GIB), { settings: { snapshotRetention: 0 } });
  assertMatch(costs[2]?.what ?? "", /^each kept snapshot of about 10\.0 GiB/);
  assertEquals(costs[2]?.expected, 1);
});

for (
  const { what, source, more, unknown } of [
    {
      what: "a class",
      source: { ...bare, restored: { ...restored, instanceClass: "db.x2g.large" } },
      unknown: "the table has no price of db.x2g.large with postgresql in eu-west-1",
    },
    {
      what: "an engine",
      source: { ...bare, engine: "mysql" as const },
      unknown: "the table has no price of db.r6g.large with mysql in eu-west-1",
    },
    {
      what: "a product of an engine",
      source: { ...bare, engine: "mysql" as const, product: "mariadb" as const },
      unknown: "the table has no price of db.r6g.large with mariadb in eu-west-1",
    },
    {
      what: "a region",
      source: bare,
      more: { prices: { ...prices, regions: {} } },
      unknown: "the table has no price of db.r6g.large with postgresql in eu-west-1",
    },
  ]
) {
  Deno.test(`the price of ${what} that the table lacks is not guessed`, () => {
    const { costs, ...rest } = estimate(source, more);
    assertEquals([costs[0]?.expected, costs[0]?.unknown], [undefined, unknown]);
    assertStringIncludes(estimateLines({ costs, ...rest }).join("\n"), `hours: not known, ${unknown}`);
  });
}

Deno.test("provisioned IOPS are named as what the price lacks", () => {
  const { costs } = estimate({ ...bare, restored: { ...restored, storageType: "io1" } });
  assertEquals(costs[1]?.unknown, "without provisioned IOPS");
});

Deno.test("the lines have every phase, every cost, and where the figures are from", () => {
  const source = wholeRun(10 * GIB);
  assertEquals(estimateLines(estimate(source, { earlier: reportOf(source) })), [
    "would take about 10:00:00: resolve 1:00:00, restore 1:00:00, discover 1:00:00, plan 1:00:00, scrub 1:00:00, " +
    "verify 1:00:00, purge 1:00:00, snapshot 1:00:00, share 1:00:00, prune 1:00:00",
    "(estimated from the times of the run of 2026-11-24T03:00:00.000Z)",
    "would cost db.r6g.large for 6.0 hours: 12.00 EUR",
    "would cost 100 GiB of gp3 for as long: 6.00 EUR",
    "would cost 5 kept snapshots of about 10.0 GiB, without AWS's free backup storage: 5.00 EUR a month",
    "(prices of 2026-11-01, a contract; --prices FILE replaces them)",
  ]);
});

Deno.test("the program's own table is one, with its date and source", () => {
  const { date, source } = builtInPrices();
  assertMatch(date, /^20\d\d-\d\d-\d\d$/);
  assertStringIncludes(source, "https://aws.amazon.com/rds/pricing/");
});

for (
  const [what, table] of [
    ["without a date", { ...prices, date: undefined }],
    ["with an engine that is none", { ...prices, regions: { x: { instances: { oracle: {} }, storage: {} } } }],
    ["with a price in words", { ...prices, regions: { x: { instances: {}, storage: { gp3: "0.1" } } } }],
    ["with a price below zero", { ...prices, regions: { x: { instances: {}, storage: { gp3: -1 } } } }],
  ] as const
) {
  Deno.test(`a table ${what} is none`, () => assertEquals(isPriceTable(table), false));
}
