/** What status says of everything that can be there, and what evidence says of a snapshot. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { readEvidence, tagWithReport } from "../../../lib/rds/snapshot/evidence_tag.ts";
import { tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { overview } from "../../../lib/rds/snapshot/overview.ts";
import { Workspace } from "../../../lib/rds/workspace/workspace.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { never, openLab } from "../local.ts";
import { readBack } from "../run.ts";

const workspace = workspaceName({ rdsEngine: "postgres", name: "prod" });
const run = { [tag.tool]: "scrubber", [tag.run]: "run-0", [tag.source]: "prod", [tag.heartbeatSeconds]: "300" };
const dead = { ...run, [tag.heartbeat]: "2026-01-01T00:00:00.000Z" };

Deno.test("overview() tells each snapshot's state from tags and names alone", async () => {
  await using lab = await openLab();
  const dataOf = lab.local.snapshots()[0]?.id ?? "";
  const add = (id: string, tags: Record<string, string>, more: object = {}) =>
    lab.local.addSnapshot({ id, instance: workspace, type: "manual", tags, dataOf, production: false, ...more });
  add("scrubbed-prod-2026-11-01-03-00", {}, {
    createTime: new Date("2026-11-01T03:00Z"),
    sharedWith: ["123456789012"],
  });
  add("scrubbed-prod-2026-11-02-03-00", { ...dead, [tag.proof]: "p", [tag.report]: "r" });
  add("scrubbed-prod-2026-11-03-03-00", dead);
  add("scrubbed-prod-2026-11-04-03-00", { ...run, [tag.heartbeat]: new Date().toISOString() });
  // Neither sharing, pruning nor sweeping takes these for this program's.
  add("scrubbed-prod-2026-11-05-03-00", { [tag.tool]: "else" });
  add("scrubbed-prod-2026-11-06-03-00", { [tag.run]: "run-0" });
  add("scrubbed-prod-2026-11-07-03-00", { [tag.tool]: "scrubber", [tag.run]: "run-0", [tag.source]: "prod" });
  add("scrubbed-other-2026-11-08-03-00", {});
  add("scrubbed-prod-2026-11-09-03-00", { [tag.proof]: "" });
  lab.local.addSnapshot({ id: "somebody-elses", instance: "prod", type: "manual" });
  const found = (await overview(lab.rds, never)).map((item) => [item.id, item.state, item.sharedWith, item.proven]);
  assertEquals(found.toSorted(), [
    ["scrubbed-other-2026-11-08-03-00", "foreign", [], false],
    ["scrubbed-prod-2026-11-01-03-00", "scrubbed", ["123456789012"], false],
    ["scrubbed-prod-2026-11-02-03-00", "scrubbed", [], true],
    ["scrubbed-prod-2026-11-03-03-00", "orphaned", [], false],
    ["scrubbed-prod-2026-11-04-03-00", "running", [], false],
    ["scrubbed-prod-2026-11-05-03-00", "foreign", [], false],
    ["scrubbed-prod-2026-11-06-03-00", "foreign", [], false],
    ["scrubbed-prod-2026-11-07-03-00", "foreign", [], false],
    ["scrubbed-prod-2026-11-09-03-00", "foreign", [], false],
  ]);
});

Deno.test("overview() tells a living run's workspace from a dead one's", async () => {
  await using lab = await openLab();
  const source = await lab.source();
  const living = await Workspace.restore(lab.rds, source, lab.options({ heartbeat: 60_000 }), never);
  const states = async () => (await overview(lab.rds, never)).map(({ id, state, source }) => [id, state, source]);
  assertEquals(await states(), [[living.id, "running", "prod"]]);
  const instance = await lab.rds.instance(living.id, never);
  await lab.rds.tag(instance?.arn ?? "", { [tag.heartbeat]: "2026-01-01T00:00:00.000Z" }, never);
  assertEquals(await states(), [[living.id, "orphaned", "prod"]]);
  await lab.rds.tag(instance?.arn ?? "", { [tag.source]: "other" }, never);
  assertEquals(await states(), [[living.id, "foreign", "other"]], "its name is not that of its source");
  await lab.rds.tag(instance?.arn ?? "", { [tag.source]: "prod" }, never);
  await living[Symbol.asyncDispose]();
});

Deno.test("tagWithReport() ties a run's own verified snapshot to its report, and no other", async () => {
  await using lab = await openLab();
  const dataOf = lab.local.snapshots()[0]?.id ?? "";
  const add = (id: string, tags: Record<string, string>) =>
    lab.local.addSnapshot({ id, instance: workspace, type: "manual", tags, dataOf, production: false });
  add("proven", { ...dead, [tag.proof]: "p" });
  add("unproven", dead);
  await tagWithReport(
    lab.rds,
    { snapshot: "proven", runId: "run-0", digest: "ab", signature: "c2ln" },
    readBack,
    never,
  );
  const evidence = await readEvidence(lab.rds, "proven", never);
  assertEquals([evidence.report, evidence.runId, evidence.proof, evidence.signature], ["ab", "run-0", "p", "c2ln"]);
  for (const [snapshot, runId] of [["unproven", "run-0"], ["proven", "run-1"], ["gone", "run-0"]] as const) {
    await assertRejects(
      () => tagWithReport(lab.rds, { snapshot, runId, digest: "cd" }, readBack, never),
      ScrubError,
      snapshot,
    );
  }
  assertEquals((await readEvidence(lab.rds, "proven", never)).report, "ab");
});

Deno.test("tagWithReport() does not tie a failed snapshot to a report, even with a proof", async () => {
  await using lab = await openLab();
  const dataOf = lab.local.snapshots()[0]?.id ?? "";
  const tags = { ...dead, [tag.proof]: "p" };
  lab.local.addSnapshot({ id: "failed", instance: workspace, type: "manual", status: "failed", tags, dataOf });
  await assertRejects(
    () => tagWithReport(lab.rds, { snapshot: "failed", runId: "run-0", digest: "ab" }, readBack, never),
    ScrubError,
    "failed",
  );
});
