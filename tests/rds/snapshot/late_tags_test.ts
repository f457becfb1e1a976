/** RDS shows tags late or never: a verified snapshot is kept, and no other passes for one. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tagWithReport } from "../../../lib/rds/snapshot/evidence_tag.ts";
import { tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { cleanUp } from "../../../lib/rds/workspace/workspace.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { keys } from "../../../scripts/local_rds/kms.ts";
import type { Snapshot } from "../../../scripts/local_rds/records.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { friend, quick, readBack, run } from "../run.ts";

const late = { ...quick, tags: { polls: 3, milliseconds: 10_000 } };
const reason = new ScrubError("interrupted", "Cannot go on: interrupted", "Run again.");

/** Does something as soon as a line is logged. */
function when(lab: Lab, line: string, act: () => void): void {
  const info = lab.notes.info.bind(lab.notes);
  lab.notes.info = (message) => {
    info(message);
    if (message.includes(line)) act();
  };
}

/** AWS accepts the proof's tag without effect. */
function loseProofs(lab: Lab): void {
  lab.local.faults.chooser = (action, parameters) =>
    action === "AddTagsToResource" && Object.values(parameters).includes(tag.proof) ? "empty" : undefined;
}

for (const [name, kmsKey] of [["the source's key", undefined], ["another key", keys.customer]] as const) {
  Deno.test(`a run under ${name} waits for every tag, and deletes nothing that it verified`, async () => {
    await using lab = await openLab({ latencies: late });
    const { id } = await run(lab, { propagationTimeout: 20_000, ...(kmsKey !== undefined && { kmsKey }) });
    await tagWithReport(lab.rds, { snapshot: id, runId: "run-1", digest: "ab" }, {
      pollInterval: 2,
      propagationTimeout: 20_000,
    }, never);
    assertEquals(lab.local.workspaces(), []);
    assertEquals(lab.local.shares(), { [id]: [friend] });
    const deleted = lab.local.callLog.calls("DeleteDBSnapshot").map(({ parameters }) =>
      parameters["DBSnapshotIdentifier"]
    );
    assertEquals(deleted.filter((snapshot) => !snapshot?.includes("-copy-")), []);
  });
}

for (const status of ["storage-full", "failed"]) {
  Deno.test(`a restore that ends in ${status} fails without waiting for its tags`, async () => {
    await using lab = await openLab({ latencies: { ...late, tags: { ...late.tags, polls: 20 } } });
    lab.local.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: status } });
    const error = await failureOf(run(lab, { propagationTimeout: 20_000 }));
    assert(error instanceof ScrubError, error.stack);
    assertStringIncludes(error.message, `is "${status}, without its tags yet"`);
    await lab.settled();
    assertEquals(lab.local.workspaces(), []);
  });
}

Deno.test("a verified snapshot that never shows its proof stays, unshared, and is named as a leftover", async () => {
  await using lab = await openLab({ latencies: quick });
  loseProofs(lab);
  const error = await failureOf(run(lab, { timeout: 5000 }));
  assert(error instanceof ScrubError && error.kind === "leftovers", error.stack);
  const [id = ""] = lab.local.made();
  assertStringIncludes(error.message, `"${id}"`);
  assertEquals([lab.local.shares(), lab.local.callLog.calls("DeleteDBSnapshot")], [{}, []]);
});

Deno.test("a run that is stopped while the proof is not shown yet leaves the snapshot that AWS took it for", async () => {
  await using lab = await openLab({ latencies: { ...late, tags: { ...late.tags, polls: 20 } } });
  const stop = new AbortController();
  when(lab, "without its proof yet", () => stop.abort(reason));
  const error = await failureOf(run(lab, { propagationTimeout: 20_000 }, stop.signal));
  assert(error instanceof ScrubError && error.kind === "leftovers", error.stack);
  assertStringIncludes(error.message, "Cannot go on: interrupted. Snapshot ");
  await lab.settled();
  const [id] = lab.local.made();
  const left = lab.local.snapshots().find((snapshot) => snapshot.id === id);
  assertEquals(left?.tags.some(({ key }) => key === tag.proof), true);
  assertEquals([lab.local.workspaces(), lab.local.shares()], [[], {}]);
});

for (
  const { name, change, why } of [
    {
      name: "carries another proof",
      change: (snapshot: Snapshot) => void (snapshot.tags = [...snapshot.tags, { key: tag.proof, value: "0badf00d" }]),
      why: "it carries another proof than this run's",
    },
    {
      name: "is of another instance",
      change: (snapshot: Snapshot) => void Object.assign(snapshot, { resourceId: "db-OTHER" }),
      why: "it was taken of another instance than this run's workspace",
    },
  ]
) {
  Deno.test(`a snapshot that ${name} is deleted, whatever AWS took for it`, async () => {
    await using lab = await openLab({ latencies: quick });
    loseProofs(lab);
    when(lab, "without its proof yet", () => {
      for (const snapshot of lab.local.snapshots().filter(({ made }) => made)) change(snapshot);
    });
    const error = await failureOf(run(lab));
    assert(error instanceof ScrubError && error.kind === "failed", error.stack);
    assertStringIncludes(error.message, why);
    assertEquals([lab.local.made(), lab.local.shares()], [[], {}]);
  });
}

Deno.test("a verified snapshot that somebody deletes before it shows its proof is not said to stay", async () => {
  await using lab = await openLab({ latencies: quick });
  loseProofs(lab);
  when(lab, "without its proof yet", () => void lab.rds.deleteSnapshot(lab.local.made()[0] ?? "", never));
  const error = await failureOf(run(lab));
  assert(error instanceof ScrubError && error.kind === "failed", error.stack);
  assertMatch(error.message, /is "not found"$/);
});

Deno.test("a run that is stopped before its workspace shows whose it is deletes it", async () => {
  await using lab = await openLab({ latencies: late });
  const stop = new AbortController();
  when(lab, "without its tags yet", () => stop.abort(reason));
  assertEquals(await failureOf(run(lab, { propagationTimeout: 20_000 }, stop.signal)), reason);
  await lab.settled();
  assertEquals([lab.local.workspaces(), lab.local.made()], [[], []]);
});

Deno.test("cleanUp() waits for the tags of a lost worker's workspace", async () => {
  await using lab = await openLab({ latencies: late });
  const source = await lab.source();
  const instance = workspaceName(source);
  const tags = { [tag.tool]: "scrubber", [tag.run]: "run-1" };
  await lab.rds.restore({ ...source.restore, instance, tags }, never);
  await cleanUp(lab.rds, instance, "run-1", lab.options({ propagationTimeout: 20_000 }), never);
  await lab.settled();
  assertEquals(lab.local.workspaces(), []);
});

Deno.test("tagWithReport() gives up on a tag that is never shown, and names it", async () => {
  await using lab = await openLab({ latencies: quick });
  const { id } = await run(lab);
  lab.local.faults.add({ action: "AddTagsToResource", times: 0, what: "empty" });
  const error = await failureOf(
    tagWithReport(lab.rds, { snapshot: id, runId: "run-1", digest: "ab" }, readBack, never),
  );
  assertStringIncludes(error.message, `does not show its tag "${tag.report}"`);
});
