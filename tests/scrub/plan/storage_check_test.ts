/** Room for a scrub is looked for before the first change. @module */

import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import type { Step, TablePlan } from "../../../lib/engine/engine.ts";
import type { Schema, Table } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { scrubDatabases } from "../../../lib/pipeline/run_databases.ts";
import { SourceReportBuilder } from "../../../lib/report/report_builder.ts";
import type { DatabasesRun } from "../../../lib/pipeline/run.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { concurrencyThatFits, type StorageDemand } from "../../../lib/scrub/plan/storage_check.ts";
import { email, keep } from "../../../lib/scrub/rules/strategies.ts";
import { settingsWith } from "../../fixtures/settings.ts";
import {
  createTestDatabase,
  dataTime,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  serverOf,
  silent,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";

const GIB = 2 ** 30;

/** A database whose tables have so many GiB each, all of which a plan needs once more. `over`: how its work can be divided. */
function database(gib: readonly number[], kind: Table["kind"] = "table", over?: Step["over"]): StorageDemand {
  const tables = gib.map((size, at): Table => ({
    id: `t${at}`,
    schema: "public",
    name: `t${at}`,
    kind,
    columns: [],
    primaryKey: [],
    uniqueKeys: [],
    rows: 0,
    bytes: size * GIB,
    hasTriggers: false,
  }));
  const schema: Schema = { engine: "postgresql", database: "d", version: 180000, tables, foreignKeys: [] };
  const plans = tables.map((table): TablePlan => ({
    table,
    shape: "rewrite",
    why: "",
    locks: [],
    peakBytes: table.bytes,
    steps: over ? [{ label: "copy", sql: trusted("SELECT 1"), over }] : [],
  }));
  return { schema, plans };
}

function logsOf([now, most]: readonly [now: number, most: number]) {
  return { now: now * GIB, most: most * GIB };
}

const cases: readonly {
  readonly what: string;
  readonly databases: readonly StorageDemand[];
  readonly concurrency: number;
  readonly storage: number | undefined;
  /** GiB of the server's log, now and at most. */
  readonly logs?: readonly [now: number, most: number];
  readonly refused?: RegExp;
}[] = [
  { what: "as much as is needed is enough", databases: [database([4, 2])], concurrency: 1, storage: 10 },
  {
    what: "a little less is refused, with the figures",
    databases: [database([4, 2])],
    concurrency: 1,
    storage: 9.9,
    refused: /storage of 9\.9 GiB: its tables take 6\.0 GiB, and rewriting them needs 4\.0 GiB more/,
  },
  {
    what: "two at a time need room for the two greatest",
    databases: [database([4, 2, 1])],
    concurrency: 2,
    storage: 12,
    refused: /6\.0 GiB more/,
  },
  {
    what: "a table that sessions share is the only one of its kind at a time",
    databases: [database([4, 2, 1], "table", (condition) => condition)],
    concurrency: 2,
    storage: 10.9,
    refused: /4\.0 GiB more/,
  },
  {
    what: "databases are scrubbed one after the other, but all hold their tables",
    databases: [database([4]), database([3])],
    concurrency: 1,
    storage: 10,
    refused: /take 7\.0 GiB, and rewriting them needs 4\.0 GiB more/,
  },
  {
    what: "a partitioned table's bytes are its partitions'",
    databases: [database([9], "partitioned")],
    concurrency: 1,
    storage: 9,
  },
  {
    what: "a log of one size needs its room, too",
    databases: [database([4])],
    concurrency: 1,
    storage: 9.9,
    logs: [2, 2],
    refused: /needs 4\.0 GiB more, beside up to 2\.0 GiB of the server's log$/,
  },
  {
    what: "a log grows no further than its settings let it",
    databases: [database([4])],
    concurrency: 1,
    storage: 11,
    logs: [1, 3],
  },
  {
    what: "a log grows no further than twice the tables need",
    databases: [database([1])],
    concurrency: 1,
    storage: 4.5,
    logs: [0.5, 99],
  },
  {
    what: "storage that RDS does not tell refuses nothing",
    databases: [database([4])],
    concurrency: 1,
    storage: undefined,
  },
];

for (const { what, databases, concurrency, storage, logs, refused } of cases) {
  Deno.test(`concurrencyThatFits() for the operator's number: ${what}`, () => {
    const volume = storage === undefined ? undefined : { bytes: storage * GIB, ...(logs && { logs: logsOf(logs) }) };
    const limits = { wanted: concurrency, most: 2 };
    if (!refused) return assertEquals(concurrencyThatFits(databases, limits, volume), concurrency);
    const error = assertThrows(() => concurrencyThatFits(databases, limits, volume), ScrubError);
    assertMatch(error.message, refused);
    assertMatch(error.hint, /^Give --allocated-storage \d+(, or lower --concurrency)?\.$/);
  });
}

/** Four tables of 2 GiB, which each need as much again, and how many fit at a time. */
for (const [storage, most, expected] of [[16, 8, 8], [14, 8, 3], [10, 8, 1], [undefined, 8, 8], [14, 2, 2]] as const) {
  Deno.test(`concurrencyThatFits(): in ${storage} GiB ${expected} of ${most} statements run at a time`, () => {
    const volume = storage === undefined ? undefined : { bytes: storage * GIB };
    assertEquals(concurrencyThatFits([database([2, 2, 2, 2])], { most }, volume), expected);
  });
}

for (const name of engineNames) {
  Deno.test(`${name}: what cannot fit the workspace's storage is refused before the first change`, async () => {
    await using server = await serverOf(name);
    await createTestDatabase(
      server,
      name,
      "test",
      "CREATE TABLE people (id integer PRIMARY KEY, mail varchar(100)); INSERT INTO people VALUES (1, 'zoe@x.example')",
    );
    const phases: string[] = [];
    const { database: _, ...target } = targetOf(server, "");
    const run: DatabasesRun = {
      engine: engineNamed(name),
      target,
      source: "small",
      runId: "run",
      storageBytes: 1,
      resourceId: "db-SMALL",
      asOf: dataTime,
      key: testKey(),
      settings: settingsWith({ tlsCa: server.ca, allowActive: true }),
      scrubbers: [scrubberOf(name, { people: { columns: { id: keep("a number"), mail: email() } } })],
      log: silent,
      phase: (phase) => phases.push(phase),
      report: new SourceReportBuilder({ engine: name, kind: "instance", value: "small" }),
    };
    const error = await assertRejects(() => scrubDatabases(run, never), ScrubError);
    assertMatch(error.message, /^Cannot scrub in the workspace's storage of 0\.0 GiB: /);
    assertMatch(error.message, /, beside up to \d+\.\d GiB of the server's log$/);
    assertEquals(phases, ["discover", "plan"]);
    const plan = { ...run, settings: { ...run.settings, planOnly: true } };
    assertEquals((await assertRejects(() => scrubDatabases(plan, never), ScrubError)).code, "storage");
    assertEquals(run.report.report.plan?.map(({ fate }) => fate).includes("scrubbed"), true);
    assertEquals((await server.run("SELECT mail FROM people", "test")).map(({ mail }) => mail), ["zoe@x.example"]);
  });
}
