/** What a run does with what other runs of its source, dead or alive, have made. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { deleteLeftover, findLeftovers } from "../../../lib/rds/ownership/leftovers.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { codeOf, failureOf, type Lab, never, openLab } from "../local.ts";
import { friend, quick, run } from "../run.ts";

const dead = "2020-01-01T00:00:00.000Z";

/** Tags of a run that is dead or lives. */
function tagsOf(runId: string, alive: boolean, source = "prod"): Record<string, string> {
  const tags = runTags({ rdsEngine: "postgres", name: source }, runId, 300_000, new Date());
  return alive ? tags : { ...tags, [tag.heartbeat]: dead };
}

const named = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(named);
const yesterday = snapshotName(named, new Date(Date.now() - 86_400_000));

/** Puts an instance under the workspace's name. */
async function addInstance(lab: Lab, tags: Record<string, string>): Promise<void> {
  await lab.rds.restore({ ...(await lab.source()).restore, instance: workspace, tags }, never);
  while (!await lab.rds.instance(workspace, never));
}

/** Puts a final snapshot there, as if a run had made it. */
function finalSnapshot(lab: Lab, tags: Record<string, string>, id = yesterday): void {
  const [first] = lab.local.snapshots();
  lab.local.addSnapshot({ id, instance: workspace, type: "manual", resourceId: "db-GONE", tags, dataOf: first?.id });
}

Deno.test("a dead run's snapshot without proof is deleted, never adopted or shared", async () => {
  await using lab = await openLab({ latencies: quick });
  finalSnapshot(lab, tagsOf("run-0", false));
  const { id } = await run(lab);
  assertEquals(lab.local.snapshots().filter(({ type }) => type === "manual").map(({ id }) => id), [id]);
  assertEquals(lab.local.shares(), { [id]: [friend] });
});

Deno.test("a dead run's intermediate copy is deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  const copy = `${workspace}-copy-run0`;
  lab.local.addSnapshot({ id: copy, instance: "prod", type: "manual", tags: tagsOf("run-0", false) });
  const { id } = await run(lab);
  assertEquals(lab.local.snapshots().filter(({ type }) => type === "manual").map(({ id }) => id), [id]);
});

Deno.test("a dead run's snapshot that RDS is deleting holds up nothing, and is not deleted again", async () => {
  await using lab = await openLab({ latencies: quick });
  const [first] = lab.local.snapshots();
  lab.local.addSnapshot({
    ...{ id: yesterday, instance: workspace, type: "manual", status: "deleting", dataOf: first?.id },
    tags: tagsOf("run-0", false),
  });
  const { id } = await run(lab, {}, AbortSignal.timeout(5000));
  assertEquals(lab.local.made(), [id]);
  assertEquals(lab.local.callLog.calls("DeleteDBSnapshot"), []);
});

Deno.test("snapshots that are not a dead run's stay", async (t) => {
  for (
    const { name, tags, id, instance = workspace } of [
      { name: "verified", tags: { ...tagsOf("run-0", false), [tag.proof]: "d1635700" } },
      { name: "of the first program, without tags", tags: {} },
      { name: "of another source", tags: tagsOf("run-0", false, "prod-2") },
      { name: "without our tool's tag", tags: { ...tagsOf("run-0", false), [tag.tool]: "else" } },
      { name: "without a heartbeat", tags: { [tag.tool]: "scrubber", [tag.run]: "run-0", [tag.source]: "prod" } },
      { name: "production's own", tags: tagsOf("run-0", false), id: "before-the-upgrade", instance: "prod" },
    ]
  ) {
    await t.step(name, async () => {
      await using lab = await openLab({ latencies: quick });
      const [first] = lab.local.snapshots();
      lab.local.addSnapshot({ id: id ?? yesterday, instance, type: "manual", tags, dataOf: first?.id });
      await run(lab);
      assert(lab.local.snapshots().some((snapshot) => snapshot.id === (id ?? yesterday)));
    });
  }
});

Deno.test("a living run's snapshot without proof stops a second run, which names the first", async () => {
  await using lab = await openLab({ latencies: quick });
  finalSnapshot(lab, tagsOf("run-0", true));
  const error = await failureOf(run(lab));
  assert(error instanceof ScrubError, error.stack);
  assertEquals(error.code, "occupied");
  assertStringIncludes(error.message, "run-0");
  assertEquals(lab.local.callLog.changes(), []);
});

Deno.test("--wait outlasts a living run", async () => {
  await using lab = await openLab({ latencies: quick });
  finalSnapshot(lab, tagsOf("run-0", true));
  const info = lab.notes.info.bind(lab.notes);
  lab.notes.info = (message) => {
    info(message);
    const other = lab.local.snapshots().find(({ id }) => id === yesterday);
    if (message === "waiting for the end of run run-0" && other) {
      other.tags = [...other.tags, { key: tag.proof, value: "d1635700" }];
    }
  };
  const { id } = await run(lab, { wait: true });
  assert(lab.local.made().includes(id));
});

Deno.test("--wait gives up at the snapshot's time limit", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, tagsOf("run-0", true));
  assertEquals(await codeOf(run(lab, { wait: true, snapshotTimeout: 20 })), "occupied");
});

Deno.test("a run's snapshot without proof shows that the run lives", async () => {
  const snapshot = { polls: 12, milliseconds: 10_000 };
  await using lab = await openLab({ latencies: { ...quick, snapshot } });
  await run(lab, { heartbeat: 1 });
  const tagged = lab.local.callLog.calls("AddTagsToResource").filter(({ parameters }) =>
    parameters["ResourceName"]?.includes(":snapshot:") && parameters["Tags.Tag.1.Key"] === tag.heartbeat
  );
  assert(tagged.length > 0);
});

Deno.test("a verified snapshot that an earlier run did not share is shared", async () => {
  await using lab = await openLab({ latencies: quick });
  finalSnapshot(lab, { ...tagsOf("run-0", false), [tag.proof]: "d1635700", [tag.share]: "wanted" });
  const { id } = await run(lab);
  assertEquals(lab.local.shares(), { [yesterday]: [friend], [id]: [friend] });
});

Deno.test("a snapshot that was not to be shared is not shared", async () => {
  await using lab = await openLab({ latencies: quick });
  finalSnapshot(lab, { ...tagsOf("run-0", false), [tag.proof]: "d1635700", [tag.share]: "done" });
  const { id } = await run(lab);
  assertEquals(lab.local.shares(), { [id]: [friend] });
});

Deno.test("findLeftovers() tells dead runs' things from others", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, tagsOf("run-0", false));
  finalSnapshot(lab, tagsOf("run-1", false));
  lab.local.addSnapshot({
    id: `${workspace}-copy-run2`,
    instance: "prod",
    type: "manual",
    tags: tagsOf("run-2", true),
  });
  const found = await findLeftovers(lab.rds, never);
  assertEquals(found.map(({ kind, name, runId, state }) => [kind, name, runId, state]), [
    ["instance", workspace, "run-0", "abandoned"],
    ["snapshot", yesterday, "run-1", "abandoned"],
    ["snapshot", `${workspace}-copy-run2`, "run-2", "in progress"],
  ]);
});

Deno.test("findLeftovers() calls an instance foreign whose name is not that of its source", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, tagsOf("run-0", false, "prod-2"));
  assertEquals((await findLeftovers(lab.rds, never)).map(({ state }) => state), ["foreign"]);
});

Deno.test("deleteLeftover() deletes what dead runs left, and nothing else", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, tagsOf("run-0", false));
  finalSnapshot(lab, tagsOf("run-1", false));
  const options = { pollInterval: 2, timeout: 20_000, log: lab.notes };
  for (const leftover of await findLeftovers(lab.rds, never)) await deleteLeftover(lab.rds, leftover, options, never);
  await lab.settled();
  assertEquals(await findLeftovers(lab.rds, never), []);
  assertEquals(lab.local.callLog.violations(), []);
});
