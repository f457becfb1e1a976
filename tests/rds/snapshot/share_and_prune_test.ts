/** Sharing of verified snapshots, and pruning of old ones. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { runTags, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import {
  describePrune,
  pruneSnapshots,
  shareEarlier,
  shareSnapshot,
  snapshotName,
} from "../../../lib/rds/snapshot/share_and_prune.ts";
import type { MoreSnapshot } from "../../../scripts/local_rds/production.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { readBack } from "../run.ts";

const source = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(source);
const accounts = ["444455556666", "777788889999"];

/** Adds a snapshot of the workspace, by default a verified one. */
function add(lab: Lab, id: string, more: Partial<MoreSnapshot> = {}): void {
  const [first] = lab.local.snapshots();
  const tags = { [tag.tool]: "scrubber", [tag.source]: "prod", [tag.run]: "run-0", [tag.proof]: "d1635700" };
  lab.local.addSnapshot({
    instance: workspace,
    type: "manual",
    production: false,
    tags,
    ...(first ? { dataOf: first.id } : {}),
    ...more,
    id,
  });
}

/** Tags of a run that is alive. */
const living = runTags(source, "run-0", 300_000, new Date());

/** Day of a month in 2026, and the name of a snapshot of then. */
const day = (date: number) => new Date(Date.UTC(2026, 3, date, 4, 5));
const named = (date: number) => snapshotName(source, day(date));

Deno.test("snapshotName() is what it always was", () => {
  assertEquals(snapshotName(source, new Date("2026-03-09T08:07:59.999Z")), "scrubbed-prod-2026-03-09-08-07");
});

Deno.test("shareSnapshot() shares with the accounts given, once or again", async () => {
  await using lab = await openLab();
  add(lab, named(1));
  const arn = "";
  await shareSnapshot(lab.rds, { id: named(1), arn }, accounts, readBack, never);
  await shareSnapshot(lab.rds, { id: named(1), arn }, accounts, readBack, never);
  assertEquals(lab.local.shares(), { [named(1)]: accounts });
});

Deno.test("shareSnapshot() without accounts makes no call", async () => {
  await using lab = await openLab();
  await shareSnapshot(lab.rds, { id: named(1), arn: "" }, [], readBack, never);
  assertEquals(lab.local.callLog.calls(), []);
});

Deno.test("shareSnapshot() refuses", async (t) => {
  const many = Array.from({ length: 21 }, (_, index) => String(100_000_000_000 + index));
  for (
    const { name, snapshot = {}, to = accounts, message = "", hint } of [
      {
        name: "a snapshot without a proof",
        snapshot: { tags: {} },
        hint: "Delete",
      },
      {
        name: "a snapshot that is not available",
        snapshot: { status: "creating" },
        message: "creating",
        hint: "Delete",
      },
      {
        name: "more accounts than AWS allows",
        to: many,
        hint: "--share-with",
      },
      {
        name: "a snapshot under the account's default key",
        snapshot: { encryption: "default-key" },
        hint: "customer managed key",
      },
      {
        name: "a snapshot shared with another account",
        snapshot: { sharedWith: ["999988887777"] },
        message: '"999988887777"',
        hint: "remove these accounts",
      },
      {
        name: "a snapshot shared with every account",
        snapshot: { sharedWith: ["all"] },
        message: '"all"',
        hint: "remove these accounts",
      },
    ] as const
  ) {
    await t.step(name, async () => {
      await using lab = await openLab();
      add(lab, named(1), snapshot);
      const error = await failureOf(shareSnapshot(lab.rds, { id: named(1), arn: "" }, to, readBack, never));
      assert(error instanceof ScrubError, error.stack);
      assertEquals(error.code, "share");
      assertStringIncludes(error.message, message);
      assertStringIncludes(error.hint, hint);
    });
  }
});

Deno.test("shareEarlier() passes by what has no proof, whatever its other tags say", async () => {
  await using lab = await openLab();
  add(lab, named(1), { tags: { [tag.share]: "wanted" } });
  add(lab, named(2), { tags: { ...living, [tag.share]: "wanted", [tag.proof]: "" } });
  const earlier = shareEarlier(lab.rds, { source, newest: named(9) }, accounts, readBack, never);
  assertEquals(await Array.fromAsync(earlier), []);
  assertEquals(lab.local.callLog.changes(), []);
});

Deno.test("pruneSnapshots() keeps the newest, the one just made among them", async (t) => {
  for (
    const { keep, gone } of [
      { keep: 0, gone: [] },
      { keep: 1, gone: [1, 2, 3, 4] },
      { keep: 3, gone: [1, 2] },
      { keep: 5, gone: [] },
      { keep: 9, gone: [] },
    ]
  ) {
    await t.step(`of 5 with ${keep} to keep, ${gone.length} go`, async () => {
      await using lab = await openLab({ pageSize: 2 });
      // The order in which RDS lists them is none, and the first program's have no tags.
      for (const date of [3, 1, 5, 2, 4]) {
        add(lab, named(date), { createTime: day(date), ...(date < 3 ? { tags: {} } : {}) });
      }
      if (keep > 0) {
        const described = await describePrune(lab.rds, source, keep + 1, never);
        assertEquals(described, gone.map(named), "one more to come, one more to keep");
      }
      const pruned = await Array.fromAsync(pruneSnapshots(lab.rds, { source, keep, newest: named(5) }, never));
      assertEquals(pruned, gone.map(named));
      const left = lab.local.snapshots().filter(({ instanceId }) => instanceId === workspace).map(({ id }) => id);
      assertEquals(left, [3, 1, 5, 2, 4].filter((date) => !gone.includes(date)).map(named));
    });
  }
});

Deno.test("pruneSnapshots() does not touch what is not a verified snapshot of the source", async (t) => {
  for (
    const { name, id = named(1), more } of [
      { name: "another instance's", more: { instance: "prod" } },
      { name: "one with another name", id: "precious", more: {} },
      { name: "a longer source's", id: "scrubbed-prod-eu-2026-04-01-04-05", more: {} },
      { name: "one tagged with another source", more: { tags: { [tag.source]: "prod-eu" } } },
      { name: "one of a run that may be at work", more: { tags: { [tag.source]: "prod", [tag.run]: "run-0" } } },
      { name: "one that is not available", more: { status: "creating" } },
      { name: "a failed one of a run that is alive", more: { status: "failed", tags: living } },
      { name: "one whose proof is empty", more: { tags: { [tag.source]: "prod", [tag.proof]: "" } } },
    ] as const
  ) {
    await t.step(name, async () => {
      await using lab = await openLab();
      add(lab, id, { createTime: day(1), ...more });
      add(lab, named(9), { createTime: day(9) });
      assertEquals(await Array.fromAsync(pruneSnapshots(lab.rds, { source, keep: 1, newest: named(9) }, never)), []);
      assertEquals(lab.local.callLog.changes(), []);
    });
  }
});

Deno.test("pruneSnapshots() deletes failed ones, and does not count them", async () => {
  await using lab = await openLab();
  add(lab, named(1), { createTime: day(1) });
  add(lab, named(2), { status: "failed", createTime: null, originalCreateTime: null });
  add(lab, named(3), { createTime: day(3) });
  assertEquals(await Array.fromAsync(pruneSnapshots(lab.rds, { source, keep: 2, newest: named(3) }, never)), [
    named(2),
  ]);
});

Deno.test("pruneSnapshots() goes by the time of the data, not of a copy", async () => {
  await using lab = await openLab();
  add(lab, named(1), { createTime: day(20), originalCreateTime: day(1) });
  add(lab, named(2), { createTime: day(2) });
  assertEquals(await Array.fromAsync(pruneSnapshots(lab.rds, { source, keep: 2, newest: named(30) }, never)), [
    named(1),
  ]);
});

Deno.test("describePrune() changes nothing", async () => {
  await using lab = await openLab();
  for (const date of [1, 2, 3]) add(lab, named(date), { createTime: day(date) });
  assertEquals(await describePrune(lab.rds, source, 2, never), [named(1), named(2)]);
  assertEquals(lab.local.callLog.changes(), []);
});
