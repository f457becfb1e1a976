/** A final snapshot that takes too long: what was proven is kept, and finished later; what was not is never adopted. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { describeFinish, finish, finishEarlier, type FinishOptions } from "../../../lib/pipeline/finish.ts";
import { sweep } from "../../../lib/pipeline/sweep.ts";
import { tagWithReport } from "../../../lib/rds/snapshot/evidence_tag.ts";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { KeptSnapshot, type WorkspaceOptions } from "../../../lib/rds/workspace/workspace.ts";
import { SourceReportBuilder } from "../../../lib/report/report_builder.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { friend, quick, readBack, run } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(named);
const options: FinishOptions = {
  ...{ sources: [], shareWith: [friend], snapshotRetention: 5 },
  ...{ ...readBack, timeout: 20_000, snapshotTimeout: 20_000 },
};

function finishWith(lab: Lab, more: Partial<FinishOptions> = {}) {
  return finish(lab.rds, { ...options, ...more }, lab.notes, never);
}

/** A run that ends while its final snapshot is `creating`, and stays so; the local RDS has no servers: only its status matters. */
async function runTooLong(
  lab: Lab,
  snapshotTimeout?: number,
  more: Partial<WorkspaceOptions> = {},
): Promise<Kept> {
  const action = more.finalSnapshot === "create" ? "CreateDBSnapshot" : "DeleteDBInstance";
  lab.local.faults.add({ action, what: { ends: "creating" } });
  const stop = new AbortController();
  if (snapshotTimeout === undefined) {
    const tagOnce = lab.rds.tag.bind(lab.rds);
    lab.rds.tag = async (...call) => {
      lab.rds.tag = tagOnce;
      await tagOnce(...call);
      stop.abort(new ScrubError("interrupted", "Cannot go on: interrupted", "Run again."));
    };
  }
  const error = await failureOf(
    run(lab, { ...more, ...(snapshotTimeout !== undefined && { snapshotTimeout }) }, stop.signal),
  );
  assert(error instanceof KeptSnapshot, error.stack);
  await lab.settled();
  const [id = ""] = lab.local.made();
  return { id, error };
}

interface Kept {
  readonly id: string;
  readonly error: KeptSnapshot;
}

function complete(lab: Lab, id: string, status = "available"): void {
  const snapshot = lab.local.snapshots().find((one) => one.id === id);
  if (snapshot) Object.assign(snapshot, { status, createTime: new Date(), originalCreateTime: new Date() });
}

/** Puts a final snapshot there, as if a run had made it. */
function addSnapshot(lab: Lab, tags: Record<string, string>, more: { status?: string; ago?: number } = {}): string {
  const id = snapshotName(named, new Date(Date.now() - (more.ago ?? 86_400_000)));
  const [first] = lab.local.snapshots();
  lab.local.addSnapshot({ id, instance: workspace, type: "manual", tags, dataOf: first?.id, ...more });
  return id;
}

const fresh = runTags(named, "run-0", 300_000, new Date());
const dead = { ...fresh, [tag.heartbeat]: "2020-01-01T00:00:00.000Z" };
const proven = { [tag.proof]: "d1635700", [tag.share]: "wanted" };

Deno.test("a snapshot that is not made in time stays with its proof, is named, and nothing is deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id, error } = await runTooLong(lab, 4000);
  assertEquals([error.kind, error.snapshot?.id], ["leftovers", id]);
  assertMatch(error.message, /is still "creating"\. Snapshot ".*" was verified, and is kept, not shared$/);
  assertStringIncludes(error.hint, '"datascrubber finish prod"');
  assertEquals([lab.local.workspaces(), lab.local.shares(), lab.local.callLog.calls("DeleteDBSnapshot")], [[], {}, []]);
  const tags = new Map(lab.local.snapshots().find((one) => one.id === id)?.tags.map(({ key, value }) => [key, value]));
  assertEquals([tags.get(tag.proof), tags.get(tag.share)], ["d1635700", "wanted"]);
});

Deno.test("it is tied to the report of its run while AWS is still making it", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await runTooLong(lab);
  await tagWithReport(lab.rds, { snapshot: id, runId: "run-1", digest: "ab" }, readBack, never);
});

Deno.test("sweep leaves it, and says who finishes it, with --run, too", async (t) => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await runTooLong(lab);
  for (const behind of [undefined, "run-1"]) {
    await t.step(behind ?? "all", async () => {
      const wish = { dryRun: false, pollInterval: 2, timeout: 20_000, ...(behind !== undefined && { run: behind }) };
      const { sentences, failures } = await sweep(lab.rds, wish, lab.notes, never);
      assertEquals([lab.local.made(), failures], [[id], []]);
      assertMatch(sentences.join(), /^leaves snapshot .* datascrubber finish waits for it$/);
    });
  }
});

Deno.test("finish() waits for it, shares it as a run does, prunes, and does nothing when it is repeated", async () => {
  await using lab = await openLab({ latencies: quick });
  const old = addSnapshot(lab, { ...dead, ...proven, [tag.share]: "done" });
  const { id } = await runTooLong(lab);
  const info = lab.notes.info.bind(lab.notes);
  lab.notes.info = (message) => {
    info(message);
    if (message === `snapshot "${id}" is "creating"`) complete(lab, id);
  };
  const [outcome, ...others] = await finishWith(lab, { snapshotRetention: 1 });
  assertEquals(others, []);
  assertEquals([outcome?.failure, outcome?.source, outcome?.snapshot], [undefined, "prod", id]);
  assertEquals([outcome?.sharedWith, outcome?.pruned], [[friend], [old]]);
  assertEquals(outcome?.phases.map(({ phase }) => phase), ["snapshot", "share", "prune"]);
  assertEquals([lab.local.made(), lab.local.shares()], [[id], { [id]: [friend] }]);
  assertEquals(await finishWith(lab), []);
});

Deno.test("of a running instance both stay until the snapshot is there; finish() deletes the instance", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id, error } = await runTooLong(lab, undefined, { finalSnapshot: "create" });
  assertStringIncludes(error.message, `so is instance "${workspace}", until AWS has made it`);
  const swept = await sweep(lab.rds, { dryRun: false, pollInterval: 2, timeout: 20_000 }, lab.notes, never);
  assertEquals([lab.local.workspaces(), lab.local.made(), swept.sentences.length], [[workspace], [id], 2]);
  complete(lab, id);
  const [outcome] = await finishWith(lab);
  assertEquals([outcome?.failure, outcome?.orphans], [undefined, [workspace]]);
  assertEquals([lab.local.workspaces(), lab.local.shares()], [[], { [id]: [friend] }]);
});

Deno.test("the source's next run waits for it and shares it before its own restore", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await runTooLong(lab);
  complete(lab, id);
  const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
  const settings = { ...options, ...JSON.parse("{}"), shareWith: [friend] };
  await finishEarlier(lab.rds, await lab.source(), { settings, log: lab.notes, report }, never);
  assertEquals([lab.local.shares(), report.report.sharedEarlier], [{ [id]: [friend] }, [id]]);
});

Deno.test("finish() names it once more where it is still not there in time", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await runTooLong(lab);
  const [outcome] = await finishWith(lab, { snapshotTimeout: 50 });
  assertEquals([outcome?.failure?.kind, lab.local.made(), lab.local.shares()], ["leftovers", [id], {}]);
  assertStringIncludes(outcome?.failure?.message ?? "", id);
});

Deno.test("finish() fails on one that AWS cannot make, and shares nothing", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await runTooLong(lab);
  const info = lab.notes.info.bind(lab.notes);
  lab.notes.info = (message) => {
    info(message);
    if (message === `snapshot "${id}" is "creating"`) complete(lab, id, "failed");
  };
  const [outcome] = await finishWith(lab);
  assertEquals([outcome?.failure?.code, lab.local.shares()], ["aws-status", {}]);
});

Deno.test("finish() takes only what is proven, of runs that are dead", async (t) => {
  for (
    const { name, tags, status = "available", more = {}, taken } of [
      { name: "verified and not shared", tags: { ...dead, ...proven }, taken: true },
      { name: "not shared, its run alive: as the next run does", tags: { ...fresh, ...proven }, taken: true },
      { name: "being made, its run alive", tags: { ...fresh, ...proven }, status: "creating", taken: false },
      {
        name: "being made, its run alive, named by --run",
        tags: { ...fresh, ...proven },
        status: "creating",
        more: { run: "run-0", snapshotTimeout: 50 },
        taken: true,
      },
      { name: "not proven", tags: dead, taken: false },
      { name: "not proven, still to be shared by its tag", tags: { ...dead, [tag.share]: "wanted" }, taken: false },
      { name: "with an empty proof", tags: { ...dead, ...proven, [tag.proof]: "" }, taken: false },
      { name: "with a proof alone", tags: { [tag.proof]: "d1635700", [tag.share]: "wanted" }, taken: false },
      { name: "another tool's", tags: { ...dead, ...proven, [tag.tool]: "else" }, taken: false },
      { name: "shared", tags: { ...dead, ...proven, [tag.share]: "done" }, taken: false },
      {
        name: "of another source than is asked for",
        tags: { ...dead, ...proven },
        more: { sources: ["b"] },
        taken: false,
      },
      { name: "of another run than is asked for", tags: { ...dead, ...proven }, more: { run: "run-1" }, taken: false },
    ]
  ) {
    await t.step(name, async () => {
      await using lab = await openLab({ latencies: quick });
      const id = addSnapshot(lab, tags, { status });
      const outcomes = await finishWith(lab, more);
      assertEquals(
        outcomes.map(({ snapshot, failure }) => snapshot ?? failure?.code),
        !taken ? [] : [status === "available" ? id : "leftovers"],
      );
      assertEquals(Object.keys(lab.local.shares()), taken && status === "available" ? [id] : []);
      assertEquals(lab.local.callLog.calls("DeleteDBSnapshot"), []);
    });
  }
});

Deno.test("finish() without accounts does not say that it is done", async () => {
  await using lab = await openLab({ latencies: quick });
  addSnapshot(lab, { ...dead, ...proven });
  const [outcome] = await finishWith(lab, { shareWith: [] });
  assertEquals([outcome?.failure?.code, lab.local.shares()], ["share", {}]);
});

Deno.test("whichever call of finish() fails, nothing is deleted, and the next one finishes", async (t) => {
  for (
    const action of [
      "DescribeDBSnapshots",
      "ModifyDBSnapshotAttribute",
      "DescribeDBSnapshotAttributes",
      "AddTagsToResource",
    ]
  ) {
    for (const what of ["access-denied", "lost-after", "500"] as const) {
      await t.step(`${action}: ${what}`, async () => {
        await using lab = await openLab({ latencies: quick });
        const id = addSnapshot(lab, { ...dead, ...proven });
        lab.local.faults.add({ action, what });
        await finishWith(lab).catch((error) => assert(error instanceof ScrubError, error));
        assertEquals(lab.local.callLog.calls("DeleteDBSnapshot"), []);
        await finishWith(lab);
        assertEquals(lab.local.shares(), { [id]: [friend] });
        assertEquals(await finishWith(lab), []);
      });
    }
  }
});

Deno.test("a run whose snapshot AWS does not let be tagged before it is available ends as well", async () => {
  await using lab = await openLab({ latencies: { ...quick, snapshot: { polls: 3, milliseconds: 10_000 } } });
  lab.local.faults.add({ action: "AddTagsToResource", what: { code: "InvalidDBSnapshotState" } });
  const { id } = await run(lab);
  assertEquals(lab.local.shares(), { [id]: [friend] });
});

Deno.test("a run that is stopped while its proven snapshot is being made leaves it", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id, error } = await runTooLong(lab);
  assertMatch(error.message, /^Cannot go on: interrupted\. Snapshot ".*" was verified, and is kept, not shared$/);
  assertEquals([lab.local.made(), lab.local.workspaces(), lab.local.shares()], [[id], [], {}]);
  assertEquals(lab.local.callLog.calls("DeleteDBSnapshot"), []);
});

for (
  const { what, status, shareWith, says } of [
    {
      what: "waits for one that RDS is still making",
      status: "creating",
      shareWith: [],
      says: 'wait up to 1d for snapshot "ID", which run run-0 verified and RDS is still making',
    },
    {
      what: "shares one that was not shared",
      status: "available",
      shareWith: [friend],
      says: 'share snapshot "ID", which run run-0 verified and did not come to share',
    },
    { what: "does not share it with no account", status: "available", shareWith: [], says: undefined },
  ]
) {
  Deno.test(`a dry run says that the run ${what}`, async () => {
    await using lab = await openLab();
    const id = addSnapshot(lab, { ...dead, ...proven }, { status });
    const settings = { shareWith, snapshotTimeout: 86_400_000 };
    const sentences = await describeFinish(lab.rds, await lab.source(), settings, never);
    assertEquals(sentences, says === undefined ? [] : [says.replace("ID", id)]);
    assertEquals(lab.local.callLog.changes(), []);
  });
}

Deno.test("a run, and a plan, says that it waits for a snapshot that RDS is still making, and for how long", async () => {
  await using lab = await openLab();
  const id = addSnapshot(lab, { ...dead, ...proven }, { status: "creating" });
  const info = lab.notes.info.bind(lab.notes);
  lab.notes.info = (message) => {
    info(message);
    complete(lab, id);
  };
  const settings = { ...options, ...JSON.parse("{}"), shareWith: [] };
  const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
  await finishEarlier(lab.rds, await lab.source(), { settings, log: lab.notes, report }, never);
  assertEquals(
    lab.notes.lines.find((line) => line.startsWith("info")),
    `info waiting for snapshot "${id}", which run run-0 verified and RDS is still making, for up to 20s`,
  );
});
