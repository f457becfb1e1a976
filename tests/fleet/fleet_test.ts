/** The fleet, with real workers and planted pipelines. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { first, runScripts, type Wishes } from "./run.ts";

Deno.test("every source ends with its own snapshot, in the order of the settings", async () => {
  const { outcomes } = await runScripts(["good:1", "good:2"]);
  assertEquals(outcomes.map(({ report, failure }) => [report.requested, report.snapshot, failure]), [
    ["good:1", "scrubbed-good", undefined],
    ["good:2", "scrubbed-good", undefined],
  ]);
});

Deno.test("the report has the phases with their times", async () => {
  const { outcomes: [outcome] } = await runScripts(["good"]);
  const phases = outcome?.report.phases ?? [];
  assertEquals(phases.map(({ phase }) => phase), ["resolve", "restore"]);
  assert(phases.every(({ started, ended }) => ended !== undefined && ended >= started));
});

Deno.test("no source is told to go before all have claimed", async () => {
  const { remarks } = await runScripts(["good:1", "good:2", "good:3"]);
  const lastClaim = remarks.findLastIndex((text) => text.includes("claim"));
  const firstRestore = remarks.findIndex((text) => text.endsWith("restore"));
  assert(lastClaim < firstRestore, remarks.join("\n"));
});

interface Loss {
  readonly script: string;
  readonly why: RegExp;
  readonly wishes?: Wishes;
}

const losses: readonly Loss[] = [
  { script: "nonsense", why: /sent a message that makes no sense/ },
  { script: "claims-twice", why: /claimed a workspace twice/ },
  { script: "no-snapshot", why: /said that it is done, but named no snapshot/ },
  { script: "closes", why: /did not answer any more/, wishes: { lostAfter: "restore" } },
  { script: "crashes", why: /crashed at "crashing.ts:\d+"/, wishes: { createWorker: first("crashing.ts") } },
];

for (const { script, why, wishes } of losses) {
  Deno.test(`a worker that "${script}" counts as failed and a fresh one deletes its workspace`, async () => {
    const { outcomes: [outcome], remarks } = await runScripts([script], wishes);
    assertEquals(outcome?.failure?.code, "worker-lost");
    assertMatch(outcome?.failure?.message ?? "", why);
    assertEquals(outcome?.failure?.also, []);
    assertEquals(remarks.filter((text) => text.includes("clean")), [`${script}: clean scrubber-${script} of run-1`]);
  });
}

Deno.test("a lost worker's report has what main knows of it", async () => {
  const { outcomes: [outcome] } = await runScripts(["nonsense"]);
  assertEquals(outcome?.report.workspace, "scrubber-nonsense");
  assertEquals(outcome?.report.phases.map(({ phase }) => phase), ["resolve", "restore"]);
});

Deno.test("a worker that crashes at its start fails its source, and nothing is cleaned", async () => {
  const { outcomes: [outcome], remarks } = await runScripts(["never"], { createWorker: first("broken.ts") });
  assertMatch(outcome?.failure?.message ?? "", /its worker crashed at "broken.ts:\d+"/);
  assertEquals(remarks, []);
});

Deno.test("a worker that can't be made fails its source", async () => {
  const { outcomes: [outcome] } = await runScripts(["never"], {
    createWorker: () => {
      throw new Error("planted");
    },
  });
  assertEquals(outcome?.failure?.message, 'Cannot finish "never": its worker could not be started');
});

Deno.test("a done without a claim counts as failed", async () => {
  const { outcomes: [outcome] } = await runScripts(["unclaimed"]);
  assertStringIncludes(outcome?.failure?.message ?? "", "said that it is done before it was told to begin");
});

Deno.test("only the first of two last messages counts", async () => {
  const { outcomes, ended } = await runScripts(["says-done-twice"]);
  assertEquals([outcomes[0]?.report.snapshot, ended], ["scrubbed-first", ["says-done-twice"]]);
});

for (const cleaner of ["undeletable", "loses-cleaner", "deaf-cleaner"]) {
  Deno.test(`a lost worker whose cleaner fails too leaves something behind (${cleaner})`, async () => {
    const script = `nonsense:${cleaner}`;
    // Only the cleaner's timeout runs: nobody stops the run.
    const { outcomes: [outcome] } = await runScripts([script], { timeouts: { stop: 500 } });
    assertEquals(outcome?.failure?.kind, "leftovers");
    assertStringIncludes(outcome?.failure?.hint ?? "", `"scrubber-${script}"`);
    assertEquals(outcome?.failure?.also.length, 1);
  });
}

Deno.test("a lost worker of a dry run has nothing to clean", async () => {
  const { outcomes: [outcome], remarks, granted } = await runScripts(["nonsense"], { settings: { dryRun: true } });
  assertEquals(outcome?.failure?.code, "worker-lost");
  assertEquals([remarks.filter((text) => text.includes("clean")), granted], [[], []]);
});

Deno.test("one source failing does not stop the others", async () => {
  const { outcomes } = await runScripts(["throws", "nonsense", "throws-early", "good"]);
  assertEquals(outcomes.map(({ failure, report }) => failure?.kind ?? report.snapshot), [
    "refused",
    "failed",
    "failed",
    "scrubbed-good",
  ]);
});

Deno.test("sources that come to one workspace are all refused, and the others go on", async () => {
  const { outcomes, remarks, granted } = await runScripts(["same:1", "good", "same:2"]);
  assertEquals(outcomes.map(({ failure, report }) => failure?.message ?? report.snapshot), [
    'Cannot scrub "same:1" (--postgresql-instances): "same:2" (--postgresql-instances) has the same workspace "scrubber-same"',
    "scrubbed-good",
    'Cannot scrub "same:2" (--postgresql-instances): "same:1" (--postgresql-instances) has the same workspace "scrubber-same"',
  ]);
  assertEquals(granted, ["scrubber-good"]);
  assertEquals(remarks.filter((text) => text.startsWith("same") && text.endsWith("restore")), []);
});

Deno.test("a stop reaches every worker, and each is interrupted", async () => {
  const stop = new AbortController();
  let restoring = 0;
  const { outcomes } = await runScripts(["waits:1", "waits:2", "waits:3"], {
    signal: stop.signal,
    onRemark: (text) => text.endsWith("restore") && ++restoring === 3 && stop.abort("SIGTERM"),
  });
  assertEquals(
    outcomes.map(({ failure }) => [failure?.kind, failure?.message]),
    Array(3).fill(["interrupted", "Cannot go on: stopped by SIGTERM"]),
  );
});

Deno.test("a stop before all have claimed lets no source begin", async () => {
  const stop = new AbortController();
  const { outcomes, granted } = await runScripts(["good", "waits-early"], {
    signal: stop.signal,
    onRemark: (text) => text.includes("claim") && stop.abort("SIGINT"),
  });
  assertEquals(outcomes.map(({ failure }) => failure?.kind), ["interrupted", "interrupted"]);
  assertEquals(granted, []);
});

Deno.test("a run that is stopped before it starts creates nothing", async () => {
  const { outcomes, granted } = await runScripts(["good"], { signal: AbortSignal.abort("SIGINT") });
  assertEquals([outcomes[0]?.failure?.kind, granted], ["interrupted", []]);
});

Deno.test("a worker that does not answer a stop is lost, and its workspace is deleted", async () => {
  const stop = new AbortController();
  const { outcomes: [outcome], remarks } = await runScripts(["deaf"], {
    signal: stop.signal,
    timeouts: { stop: 5000 },
    onRemark: (text) => text.endsWith("restore") && stop.abort("SIGTERM"),
  });
  assertStringIncludes(outcome?.failure?.message ?? "", "did not stop in time");
  assertEquals(remarks.at(-1), "deaf: clean scrubber-deaf of run-1");
});

Deno.test("a failed clean-up stands beside the failed work and decides the kind", async () => {
  const { outcomes: [outcome] } = await runScripts(["leaves"]);
  assertEquals(outcome?.failure, {
    kind: "leftovers",
    code: "verification",
    message: "Cannot verify: planted",
    hint: "Do nothing.",
    also: [{ kind: "leftovers", code: "leftovers", message: "Cannot delete: planted", hint: "Delete it.", also: [] }],
  });
});

for (const script of ["rejects-astray", "throws-astray", "throws-unknown"]) {
  Deno.test(`a source that "${script}" fails without a word of what was thrown`, async () => {
    const { outcomes: [outcome], remarks } = await runScripts([script], { settings: { logLevel: "DEBUG" } });
    assertEquals(outcome?.failure?.kind, "failed");
    assertMatch(
      outcome?.failure?.message ?? "",
      /^Cannot go on: unexpected TypeError( 23505)? at fleet\/workers\/scripted.ts:\d+:\d+$/,
    );
    assert(!JSON.stringify([outcome, remarks]).includes("planted"));
  });
}

Deno.test("the log below the level asked for stays in the worker", async () => {
  const { remarks } = await runScripts(["throws-unknown"], { settings: { logLevel: "INFO" } });
  assertEquals(remarks.filter((text) => text.includes("TypeError")), []);
});
