/** Copies of a verified snapshot in other regions: with its proof, shared and pruned there; interrupted ones are finished. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { CopyTarget } from "../../../lib/core/settings.ts";
import { makeCopies } from "../../../lib/pipeline/copies.ts";
import { finish, finishEarlier } from "../../../lib/pipeline/finish.ts";
import { Kms } from "../../../lib/rds/api/kms.ts";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { pruneSnapshots } from "../../../lib/rds/snapshot/share_and_prune.ts";
import { checkCopies } from "../../../lib/rds/source/copy_check.ts";
import { SourceReportBuilder } from "../../../lib/report/report_builder.ts";
import type { Fault, FaultRule } from "../../../scripts/local_rds/faults.ts";
import type { LocalRdsOptions } from "../../../scripts/local_rds/local_rds.ts";
import type { MoreSnapshot } from "../../../scripts/local_rds/production.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { friend, quick, readBack, run } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const frankfurt = "eu-central-1";
const virginia = "us-east-1";
const there: CopyTarget = { region: frankfurt, kmsKey: "alias/customer" };
const limits = { ...readBack, timeout: 20_000, snapshotTimeout: 20_000 };
const tags = {
  ...runTags(named, "run-0", 300_000, new Date("2020-01-01T00:00:00.000Z")),
  [tag.proof]: "d1635700",
  [tag.share]: "done",
  [tag.copyTo + frankfurt]: "wanted alias/customer",
};

function openLabs(more: LocalRdsOptions = {}): Promise<Lab> {
  return openLab({ latencies: quick, moreRegions: [frankfurt, virginia], ...more });
}

/** A verified snapshot of so many days ago, that was shared, and is to be copied. */
function addVerified(lab: Lab, days = 1, more: Partial<MoreSnapshot> = {}): string {
  const createTime = new Date(Date.now() - days * 86_400_000);
  const id = snapshotName(named, createTime);
  const [first] = lab.local.snapshots();
  lab.local.addSnapshot({
    ...{ id, instance: workspaceName(named), type: "manual", tags, dataOf: first?.id, createTime },
    ...more,
  });
  return id;
}

/** What a run does behind its snapshot. Gives its report. */
async function copy(
  lab: Lab,
  id: string,
  { targets = [there], snapshotTimeout, signal = never, keep = 5 }: {
    readonly targets?: readonly CopyTarget[];
    readonly snapshotTimeout?: number;
    readonly signal?: AbortSignal;
    readonly keep?: number;
  } = {},
) {
  const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
  const options = { ...limits, ...(snapshotTimeout !== undefined && { snapshotTimeout }), log: lab.notes };
  const copies = { id, source: named, targets, accounts: [friend], how: "exactly", keep } as const;
  await makeCopies(lab.rds, copies, options, report, signal);
  return report.report.copies ?? [];
}

/** Tags of a snapshot, by name. */
function tagsOf(lab: Lab, id: string, region?: string): Record<string, string> {
  const found = lab.local.snapshots(region).find((one) => one.id === id);
  return Object.fromEntries((found?.tags ?? []).map(({ key, value }) => [key, value]));
}

function complete(lab: Lab, id: string, status = "available"): void {
  const snapshot = lab.local.snapshots(frankfurt).find((one) => one.id === id);
  if (snapshot) Object.assign(snapshot, { status, createTime: new Date(), originalCreateTime: new Date() });
}

Deno.test("a run's snapshot says from its proof on which copies are wanted", async () => {
  await using lab = await openLabs();
  const { id } = await run(lab, { copyTo: [there, { region: virginia }] });
  const found = tagsOf(lab, id);
  assertEquals(
    [found[tag.copyTo + frankfurt], found[tag.copyTo + virginia]],
    ["wanted alias/customer", "wanted"],
  );
});

Deno.test("makeCopies() copies to every region, with the proof, shares the copies, and says on the snapshot that it is done", async () => {
  await using lab = await openLabs();
  const id = addVerified(lab, 1, { tags: { ...tags, [tag.copyTo + virginia]: "wanted alias/customer", other: "x" } });
  const copies = await copy(lab, id, { targets: [there, { region: virginia, kmsKey: "alias/customer" }] });
  assertEquals(copies.map(({ region }) => region).toSorted(), [frankfurt, virginia]);
  for (const { region, snapshot, sharedWith, receivers, encryption } of copies) {
    assertEquals([snapshot, sharedWith, encryption.encrypted], [id, [friend], true]);
    assertStringIncludes(encryption.kmsKey ?? "", `arn:aws:kms:${region}:`);
    assertStringIncludes(receivers?.commands[0] ?? "", `--region ${region}`);
    const { [tag.copyTo + frankfurt]: _, [tag.share]: _share, ...proven } = tags;
    assertEquals(tagsOf(lab, id, region), { ...proven, [tag.share]: "done" });
    assertEquals([lab.local.shares(region), tagsOf(lab, id)[tag.copyTo + region]], [{ [id]: [friend] }, "done"]);
  }
  assertEquals(lab.local.shares(), {});
});

Deno.test("it waits for a proof that RDS shows late, and shares nothing before", async () => {
  await using lab = await openLabs({ latencies: { ...quick, tags: { polls: 6, milliseconds: 60 } } });
  const id = addVerified(lab);
  let early = false;
  lab.local.faults.watcher = ({ action, when }) => {
    const copied = lab.local.snapshots(frankfurt)[0];
    if (action === "ModifyDBSnapshotAttribute" && when === "before") early ||= copied?.shownTags?.length === 0;
  };
  await copy(lab, id);
  assertEquals([early, lab.local.shares(frankfurt)], [false, { [id]: [friend] }]);
});

Deno.test("it prunes copies of this region alone, by the same retention", async () => {
  await using lab = await openLabs();
  const [old, older] = [addVerified(lab, 2), addVerified(lab, 3)];
  for (const id of [older, old]) await copy(lab, id, { keep: 0 });
  // A source of the same name that lives there, and its final snapshots.
  const own = await lab.rds.inRegion(frankfurt).snapshots({ type: "manual" }, never);
  const similar = snapshotName(named, new Date(0));
  lab.local.addSnapshot({
    ...{ id: similar, instance: workspaceName(named), type: "manual", tags, createTime: new Date(0) },
    ...{ region: frankfurt, dataOf: old },
  });
  const id = addVerified(lab, 1);
  const [{ pruned } = { pruned: [] }] = await copy(lab, id, { keep: 2 });
  assertEquals([own.length, pruned], [2, [older]]);
  assertEquals(lab.local.snapshots(frankfurt).map((one) => one.id).toSorted(), [similar, old, id].toSorted());
  // And the other way round: its own retention does not count copies.
  using local = lab.rds.inRegion(frankfurt);
  const pruning = pruneSnapshots(local, { source: named, keep: 1, newest: similar }, never);
  assertEquals(await Array.fromAsync(pruning), []);
});

Deno.test("it makes nothing without a proof, and shares nothing that is not the copy of this snapshot with its proof", async (t) => {
  for (
    const { name, mine = {}, others, says } of [
      { name: "the snapshot has no proof", mine: { [tag.proof]: "" }, says: "not a verified snapshot" },
      { name: "the name is another snapshot's", others: {}, says: "not a copy of it" },
      {
        name: "the name is another snapshot's with the same tags",
        others: { tags },
        says: "not a copy of it",
      },
      {
        name: "a copy of an earlier snapshot that had the same name",
        others: { copiedFrom: true, tags: { ...tags, [tag.proof]: "0badf00d" } },
        says: "does not show its proof",
      },
      {
        name: "a copy of it that lost the proof",
        others: { copiedFrom: true, tags: { [tag.tool]: "scrubber" } },
        says: "does not show its proof",
      },
    ] as readonly {
      readonly name: string;
      readonly mine?: Record<string, string>;
      readonly others?: { readonly copiedFrom?: true; readonly tags?: Record<string, string> };
      readonly says: string;
    }[]
  ) {
    await t.step(name, async () => {
      await using lab = await openLabs();
      const id = addVerified(lab, 1, { tags: { ...tags, ...mine } });
      if (others) {
        const { copiedFrom, ...more } = others;
        const arn = lab.local.snapshots().find((one) => one.id === id)?.arn;
        lab.local.addSnapshot({
          ...{ id, instance: workspaceName(named), type: "manual", region: frankfurt, dataOf: id, tags: {}, ...more },
          ...(copiedFrom && arn !== undefined && { copiedFrom: arn }),
        });
      }
      const error = await failureOf(copy(lab, id));
      assert(error instanceof ScrubError, error.stack);
      assertEquals([error.code, lab.local.shares(frankfurt)], ["copy", {}]);
      assertStringIncludes(error.message, says);
      assertEquals(lab.local.callLog.calls("CopyDBSnapshot"), []);
      assertEquals(tagsOf(lab, id)[tag.copyTo + frankfurt], "wanted alias/customer");
    });
  }
});

Deno.test("a copy that RDS cannot make is deleted, and is none; one that an earlier run left so is made again", async () => {
  await using lab = await openLabs();
  const id = addVerified(lab);
  lab.local.faults.add({ action: "CopyDBSnapshot", what: { ends: "failed" } });
  const error = await failureOf(copy(lab, id));
  assert(error instanceof ScrubError, error.stack);
  assertEquals([error.code, lab.local.snapshots(frankfurt), lab.local.shares(frankfurt)], ["aws-status", [], {}]);
  lab.local.faults.add({ action: "CopyDBSnapshot", what: { ends: "failed" } });
  lab.local.faults.add({ action: "DeleteDBSnapshot", what: "access-denied" });
  const both = await failureOf(copy(lab, id));
  assert(both instanceof AggregateError, both.stack);
  assertEquals(lab.local.snapshots(frankfurt).map(({ status }) => status), ["failed"]);
  await copy(lab, id);
  assertEquals(lab.local.shares(frankfurt), { [id]: [friend] });
});

Deno.test("a copy that takes too long, or is interrupted, stays with its proof, not shared, and is named", async (t) => {
  for (const how of ["time limit", "signal right behind the call", "signal"] as const) {
    await t.step(how, async () => {
      await using lab = await openLabs();
      const id = addVerified(lab);
      lab.local.faults.add({ action: "CopyDBSnapshot", what: { ends: "copying" } });
      const stop = new AbortController();
      const { signal } = stop;
      let read = false;
      lab.local.faults.watcher = ({ action, when, parameters }) => {
        const last = how === "signal" ? action === "DescribeDBSnapshots" && read : action === "CopyDBSnapshot";
        if (how !== "time limit" && when === "after" && last) stop.abort(new ScrubError("interrupted", "Cannot", ""));
        read = lab.local.snapshots(frankfurt).length > 0 && parameters["DBSnapshotIdentifier"] === id;
      };
      const error = await failureOf(
        copy(lab, id, how === "time limit" ? { snapshotTimeout: 100 } : { signal }),
      );
      assert(error instanceof ScrubError, error.stack);
      assertEquals([error.code, lab.local.shares(frankfurt)], ["leftovers", {}]);
      assertStringIncludes(error.message, `Snapshot "${id}" was verified, and its copy in ${frankfurt}`);
      assertStringIncludes(error.hint, '"datascrubber finish prod"');
      assertEquals(tagsOf(lab, id, frankfurt)[tag.proof], "d1635700");
      await lab.settled();
    });
  }
});

/** Leaves a copy under way, or nothing but the tag that wants it. */
async function interrupt(lab: Lab, begun: boolean): Promise<string> {
  const id = addVerified(lab);
  if (!begun) return id;
  lab.local.faults.add({ action: "CopyDBSnapshot", what: { ends: "copying" } });
  await failureOf(copy(lab, id, { snapshotTimeout: 50 }));
  await lab.settled();
  complete(lab, id);
  return id;
}

for (const begun of [true, false]) {
  const left = begun ? "a copy that was under way" : "a copy that was not begun";
  Deno.test(`finish() finishes ${left}, and does nothing when it is repeated`, async () => {
    await using lab = await openLabs();
    const id = await interrupt(lab, begun);
    const wish = { ...limits, sources: [], shareWith: [friend], snapshotRetention: 5 };
    const [outcome, ...others] = await finish(lab.rds, wish, lab.notes, never);
    assertEquals([others, outcome?.failure, outcome?.copies?.map(({ region }) => region)], [[], undefined, [
      frankfurt,
    ]]);
    assertEquals([lab.local.shares(), lab.local.shares(frankfurt)], [{}, { [id]: [friend] }]);
    assertEquals(lab.local.callLog.calls("CopyDBSnapshot").length, 1);
    assertEquals(await finish(lab.rds, wish, lab.notes, never), []);
  });

  Deno.test(`the source's next run finishes ${left} before its restore`, async () => {
    await using lab = await openLabs();
    const id = await interrupt(lab, begun);
    const report = new SourceReportBuilder({ engine: "postgresql", kind: "instance", value: "prod" });
    const settings = { ...limits, ...JSON.parse("{}"), shareWith: [friend], snapshotRetention: 5 };
    await finishEarlier(lab.rds, await lab.source(), { settings, log: lab.notes, report }, never);
    assertEquals(lab.local.shares(frankfurt), { [id]: [friend] });
    assertEquals(report.report.copies?.map(({ snapshot }) => snapshot), [id]);
  });
}

Deno.test("finish() without accounts shares a copy with those that the snapshot is shared with", async () => {
  await using lab = await openLabs();
  const id = await interrupt(lab, false);
  await lab.rds.share(id, [friend], never);
  const wish = { ...limits, sources: [], shareWith: [], snapshotRetention: 5 };
  const [outcome] = await finish(lab.rds, wish, lab.notes, never);
  assertEquals([outcome?.failure, lab.local.shares(frankfurt)], [undefined, { [id]: [friend] }]);
});

Deno.test("finish() in the other region shares a copy whose snapshot is gone", async () => {
  await using lab = await openLabs();
  const id = await interrupt(lab, true);
  await lab.rds.deleteSnapshot(id, never);
  using local = lab.rds.inRegion(frankfurt);
  const wish = { ...limits, sources: [], shareWith: [friend], snapshotRetention: 5 };
  const [outcome] = await finish(local, wish, lab.notes, never);
  assertEquals([outcome?.failure, lab.local.shares(frankfurt)], [undefined, { [id]: [friend] }]);
});

Deno.test("a call that goes wrong leaves a state that finish() brings to its end", async (t) => {
  for (const what of ["throttle", "lost-after"] satisfies readonly Fault[]) {
    for (const action of ["CopyDBSnapshot", "ModifyDBSnapshotAttribute", "AddTagsToResource", "DescribeDBSnapshots"]) {
      await t.step(`${action}: ${what}`, async () => {
        await using lab = await openLabs();
        const id = addVerified(lab);
        const rule: FaultRule = { action, what, nth: action === "DescribeDBSnapshots" ? 2 : 1 };
        lab.local.faults.add(rule);
        await copy(lab, id).catch((error) => assert(error instanceof ScrubError, error.stack));
        lab.local.faults.clear();
        const wish = { ...limits, sources: [], shareWith: [friend], snapshotRetention: 5 };
        const outcomes = await finish(lab.rds, wish, lab.notes, never);
        assertEquals(outcomes.flatMap(({ failure }) => failure ?? []), []);
        assertEquals([lab.local.shares(frankfurt), lab.local.snapshots(frankfurt).length], [{ [id]: [friend] }, 1]);
        assertEquals(tagsOf(lab, id)[tag.copyTo + frankfurt], "done");
      });
    }
  }
});

Deno.test("checkCopies() refuses a cluster, whose snapshots are not copied", async () => {
  await using lab = await openLabs();
  const cluster = { ...await lab.source(), rdsEngine: "aurora-postgresql" } as const;
  const kmsIn = (region: string) => new Kms({ region });
  const needs = { copyTo: [there], shareWith: [], sourcesBefore: 0 };
  const error = await failureOf(checkCopies(lab.rds, kmsIn, cluster, needs, never));
  assertStringIncludes(error.message, "cluster snapshots are not copied");
});

Deno.test("checkCopies() refuses before the restore", async (t) => {
  for (
    const { name, target, kmsKey, quotas, code, says } of [
      { name: "the run's own region", target: { region: "eu-west-1" }, code: "copy", says: "the region of the run" },
      {
        name: "a region that the account has not",
        target: { ...there, region: "eu-nowhere-1" },
        code: "copy",
        says: "does not accept the credentials",
      },
      { name: "no key for an encrypted one", target: { region: frankfurt }, code: "encryption", says: "of one region" },
      {
        name: "an unknown key",
        target: { region: frankfurt, kmsKey: "alias/none" },
        code: "encryption",
        says: `"alias/none" in ${frankfurt}: KMS does not know it`,
      },
      {
        name: "a key of another region",
        target: {
          region: frankfurt,
          kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/c0c0c0c0-0000-4000-8000-000000000000",
        },
        code: "encryption",
        says: "KMS does not know it",
      },
      {
        name: "the account's default key there",
        target: { region: frankfurt, kmsKey: "alias/aws/rds" },
        code: "encryption",
        says: "can never be shared",
      },
      { name: "no room there", target: there, quotas: { manualSnapshots: 0 }, code: "quota", says: "0 of 0" },
      { name: "nothing", target: there },
    ] as readonly {
      readonly name: string;
      readonly target: CopyTarget;
      readonly kmsKey?: string;
      readonly quotas?: { readonly manualSnapshots: number };
      readonly code?: string;
      readonly says?: string;
    }[]
  ) {
    await t.step(name, async () => {
      await using lab = await openLabs(quotas ? { quotas } : {});
      const endpoint = { url: lab.local.url, accessKeyId: "local", secretAccessKey: "local" };
      const kmsIn = (region: string) => new Kms({ region, maxAttempts: 1, endpoint });
      const needs = {
        copyTo: [target],
        shareWith: [friend],
        sourcesBefore: 0,
        ...(kmsKey !== undefined && { kmsKey }),
      };
      const checked = checkCopies(lab.rds, kmsIn, await lab.source(), needs, never);
      if (code === undefined) return assertEquals((await checked).filter((one) => !one.includes("policy")), []);
      const error = await failureOf(checked);
      assert(error instanceof ScrubError, error.stack);
      assertEquals([error.code, lab.local.callLog.changes()], [code, []]);
      assertStringIncludes(error.message, says ?? "");
    });
  }
});
