/** Runs that fail on the way: no snapshot, nothing shared, no workspace; or a snapshot that stays, and says so. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { MARK } from "../fixtures/mark.ts";
import {
  instances,
  leftIn,
  nothing,
  oneApplication,
  receiver,
  runProgram,
  smallDatabase,
  smallStage,
} from "./stage.ts";

// A rule of the application's that pseudonyms break: both servers' own messages would quote the row.
const planted = "ALTER TABLE users ADD CONSTRAINT planted CHECK (email NOT LIKE 'user-%@example.com')";

const rds = await smallStage();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
Deno.test.afterEach(() => rds.faults.clear());
await rds.addProduction({
  id: "breaks-postgresql",
  ...await oneApplication("email_alert_api-2018", smallDatabase, { rows: 1 }),
  change: async (server) => void await server.run(planted, smallDatabase),
});
await rds.addProduction({
  id: "breaks-mysql",
  ...await oneApplication("whitehall-2018", "whitehall_production", { rows: 0 }),
  change: async (server) => {
    await server.run(
      `INSERT INTO users (name, email) VALUES ('${MARK}', '${MARK}@private.example')`,
      "whitehall_production",
    );
    await server.run(planted, "whitehall_production");
  },
});

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const reportFile = `${folder}/report.json`;
const source = ["--postgresql-instances", instances.postgresql];

Deno.test("a failing statement fails its source on both engines, quotes no value, and stops no other source", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const sources = [...source, "breaks-postgresql", "--mysql-instances", "breaks-mysql"];
    const options = ["--share-with", receiver, "--log-level", "DEBUG", "--log-format", "json"];
    const { code, stdout, stderr } = await runProgram(rds, [...sources, ...options, "--report", `${folder}/report`]);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stdout, "1 of 3 sources done, 2 failed");
    assertMatch(stdout, /breaks-postgresql \(postgresql\): Cannot .*"planted".*23514/);
    assertMatch(stdout, /breaks-mysql \(mysql\): Cannot .*CHECK constraint .*planted/);
    const report = await Deno.readTextFile(`${folder}/report`);
    for (const text of [stdout, stderr, report]) assert(!text.toLowerCase().includes(MARK), "a value is quoted");
    const { sources: [mysql, good, postgresql] } = JSON.parse(report) as RunReport;
    const snapshots = rds.made();
    assertEquals([mysql?.snapshot, good?.snapshot, postgresql?.snapshot], [undefined, snapshots[0], undefined]);
    assertEquals([mysql?.failure?.kind, good?.failure, postgresql?.failure?.kind], ["failed", undefined, "failed"]);
    const [snapshot = ""] = snapshots;
    assertEquals(await leftIn(rds), { ...nothing, made: [snapshot], shares: { [snapshot]: [receiver] } });
    await t.step("in JSON, standard error is nothing but records, whose fields say what each is about", () => {
      const records = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
      assertEquals(new Set(records.map(({ run }) => typeof run)), new Set(["string"]));
      const with_ = (...fields: readonly string[]) => records.filter((one) => fields.every((field) => field in one));
      assertEquals(
        with_("source", "phase", "database", "table", "rows", "seconds").length > 0,
        true,
        "no table's record",
      );
      assertEquals(
        with_("source", "phase", "seconds").some(({ phase }) => phase === "restore"),
        true,
        "no phase's end",
      );
      for (const { code: why, hint, level } of with_("code", "hint")) {
        assertEquals([why, level, typeof hint], ["statement", "ERROR", "string"]);
      }
      assertEquals(with_("code", "hint").length, 2);
      assertEquals(records.filter(({ message, hint = "" }) => /\\n/.test(message + hint)), []);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

interface Failing {
  readonly what: string;
  readonly fault: Parameters<typeof rds.faults.add>[0];
  readonly args?: readonly string[];
  readonly why: RegExp;
  /** The new snapshot stays; shared or not. */
  readonly stays?: "shared" | "unshared";
}

const failing: readonly Failing[] = [
  {
    what: "sharing is refused: the verified snapshot stays, shared with nobody",
    fault: { action: "ModifyDBSnapshotAttribute", times: 0, what: "access-denied" },
    args: ["--share-with", receiver],
    why: /its snapshot stays: scrubbed-/,
    stays: "unshared",
  },
  {
    what: "pruning is refused: the verified snapshot stays, shared",
    fault: { action: "DeleteDBSnapshot", times: 0, what: "access-denied" },
    args: ["--share-with", receiver, "--snapshot-retention", "1"],
    why: /its snapshot stays: scrubbed-/,
    stays: "shared",
  },
  {
    what: "the restore is refused",
    fault: { action: "RestoreDBInstanceFromDBSnapshot", what: "access-denied" },
    why: /Cannot .*AWS denies/,
  },
  {
    what: "the restore ends badly",
    fault: { action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "incompatible-restore" } },
    why: /incompatible-restore/,
  },
  {
    what: "the final snapshot ends badly",
    fault: { action: "DeleteDBInstance", what: { ends: "failed" } },
    why: /Cannot .*"failed"/,
  },
];

for (const { what, fault, args = [], why, stays } of failing) {
  Deno.test(`${what}: status 1`, async () => {
    const before = await leftIn(rds);
    rds.faults.add(fault);
    const { code, stdout, stderr } = await runProgram(rds, [...source, ...args, "--report", reportFile]);
    assertEquals(code, 1, stderr);
    assertMatch(stdout, why);
    const { sources: [{ sharedEarlier }] } = JSON.parse(await Deno.readTextFile(reportFile));
    const waiting = before.made.filter((name) => !(name in before.shares));
    assertEquals(sharedEarlier, stays === "shared" ? waiting : undefined);
    const after = await leftIn(rds);
    const fresh = after.made.filter((name) => !before.made.includes(name));
    assertEquals(fresh.length, stays ? 1 : 0);
    assertEquals(after, {
      ...before,
      made: [...before.made, ...fresh],
      // Also the one that an earlier run could not share.
      shares: stays === "shared" ? Object.fromEntries(after.made.map((name) => [name, [receiver]])) : before.shares,
    });
  });
}

Deno.test("a workspace that can't be deleted: status 4, and its name", async () => {
  rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "incompatible-restore" } });
  rds.faults.add({ action: "DeleteDBInstance", times: 0, what: "access-denied" });
  const before = await leftIn(rds);
  const { code, stdout, stderr } = await runProgram(rds, source);
  assertEquals(code, 4, stderr);
  const { workspaces, ...others } = await leftIn(rds);
  assertEquals(workspaces.length, 1);
  assertMatch(stdout, new RegExp(`[Dd]elete.* "${workspaces[0]}"`));
  assertEquals({ workspaces: [], ...others }, before);
});

Deno.test("in JSON, a command line that is refused is a record, too", async () => {
  const { code, stderr } = await runProgram(rds, [
    "--postgresql-instances",
    "x",
    "--log-format=json",
    "--wait",
    "maybe",
  ]);
  assertEquals(code, 2, stderr);
  const { code: why, hint } = JSON.parse(stderr);
  assertEquals([why, typeof hint], ["usage", "string"]);
});
