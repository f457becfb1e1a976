/** Sweeping behind one run that is known to be dead, while its heartbeat is fresh: all that it left, and nothing else. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { sweep, type SweepOptions } from "../../../lib/pipeline/sweep.ts";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { type Lab, never, openLab } from "../local.ts";
import { quick } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(named);
const finalName = snapshotName(named, new Date());
const copy = `${workspace}-copy-run0`;
const fresh = (runId: string) => runTags(named, runId, 300_000, new Date());
const patient = { dryRun: false, pollInterval: 2, timeout: 20_000 };

function sweepBehind(lab: Lab, run: string, options: Partial<SweepOptions> = {}) {
  return sweep(lab.rds, { ...patient, run, ...options }, lab.notes, never);
}

async function restore(lab: Lab, tags: Record<string, string>): Promise<void> {
  await lab.rds.restore({ ...(await lab.source()).restore, instance: workspace, tags }, never);
}

/** The same, as soon as RDS shows it. */
async function addInstance(lab: Lab, tags: Record<string, string>): Promise<void> {
  await restore(lab, tags);
  while (!await lab.rds.instance(workspace, never));
}

/** What is in RDS but for production's own. */
function left(lab: Lab): readonly string[] {
  const snapshots = lab.local.snapshots().filter(({ type }) => type === "manual");
  return [...lab.local.workspaces(), ...snapshots.map(({ id }) => id)];
}

Deno.test("a fresh workspace and a fresh copy of the run are deleted", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, fresh("run-0"));
  lab.local.addSnapshot({ id: copy, instance: "prod", type: "manual", tags: fresh("run-0") });
  const { sentences, failures } = await sweepBehind(lab, "run-0");
  assertEquals([left(lab), failures, sentences.length], [[], [], 2]);
  assertEquals(lab.local.callLog.violations(), []);
});

Deno.test("a fresh workspace and a copy of other runs stay, whether they live or not, and are not told of", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, fresh("run-1"));
  const dead = { ...fresh("run-2"), [tag.heartbeat]: "2020-01-01T00:00:00.000Z" };
  lab.local.addSnapshot({ id: copy, instance: "prod", type: "manual", tags: dead });
  assertEquals(await sweepBehind(lab, "run-0"), { sentences: [], failures: [] });
  assertEquals(left(lab), [workspace, copy]);
});

Deno.test("a verified snapshot of the run stays, and so does what does not carry all our tags", async () => {
  await using lab = await openLab({ latencies: quick });
  lab.local.addSnapshot({
    id: finalName,
    instance: workspace,
    type: "manual",
    tags: { ...fresh("run-0"), [tag.proof]: "p" },
    dataOf: lab.local.snapshots()[0]?.id,
  });
  const { [tag.tool]: _, ...others } = fresh("run-0");
  lab.local.addSnapshot({ id: copy, instance: "prod", type: "manual", tags: others });
  await addInstance(lab, others);
  const { sentences, failures } = await sweepBehind(lab, "run-0");
  assertEquals([failures, left(lab)], [[], [workspace, finalName, copy]]);
  assertMatch(sentences.join(), /^leaves instance .* does not carry all tags of this program/);
});

Deno.test("--dry-run says what would be deleted, and deletes nothing", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, fresh("run-0"));
  const { sentences } = await sweepBehind(lab, "run-0", { dryRun: true });
  assertEquals(sentences, [`would delete instance "${workspace}" of "prod", run run-0`]);
  assertEquals(left(lab), [workspace]);
});

Deno.test("a workspace that RDS does not show yet is waited for", async () => {
  await using lab = await openLab({ latencies: { ...quick, unseen: { polls: 2, milliseconds: 10_000 } } });
  await restore(lab, fresh("run-0"));
  await sweepBehind(lab, "run-0");
  assertEquals(left(lab), []);
});

Deno.test("a run that died while its final snapshot was made leaves no snapshot", async () => {
  await using lab = await openLab({ latencies: { ...quick, snapshot: { polls: 3, milliseconds: 10_000 } } });
  await restore(lab, fresh("run-0"));
  while ((await lab.rds.instance(workspace, never))?.status !== "available");
  await lab.rds.deleteInstance(workspace, finalName, never);
  const { sentences, failures } = await sweepBehind(lab, "run-0");
  assertEquals([left(lab), failures], [[], []]);
  assertMatch(sentences.join("\n"), /^waited for instance .*: AWS has deleted it/);
});

Deno.test("a run that takes the name as soon as it is free keeps its workspace, and is not waited for", async () => {
  await using lab = await openLab({ latencies: { ...quick, unseen: { polls: 0, milliseconds: 0 } } });
  await restore(lab, fresh("run-0"));
  const instance = lab.rds.instance.bind(lab.rds);
  let taken = false;
  lab.rds.instance = async (...call) => {
    const found = await instance(...call);
    if (taken || found || !lab.notes.lines.some((line) => line.startsWith("info deleting "))) return found;
    taken = true;
    await restore(lab, fresh("run-1"));
    return await instance(...call);
  };
  const { failures } = await sweepBehind(lab, "run-0");
  assertEquals([failures, taken, left(lab)], [[], true, [workspace]]);
});

Deno.test("what can't be deleted is named, and keeps the rest from nothing", async () => {
  await using lab = await openLab({ latencies: quick });
  await addInstance(lab, fresh("run-0"));
  lab.local.addSnapshot({ id: copy, instance: "prod", type: "manual", tags: fresh("run-0") });
  lab.local.faults.add({ action: "DeleteDBInstance", times: 0, what: "access-denied" });
  const { failures } = await sweepBehind(lab, "run-0");
  assertEquals(failures.map(({ kind }) => kind), ["leftovers"]);
  assertEquals(left(lab), [workspace]);
});
