/** The real pipeline in workers that go wrong: nothing is left, and the other source is done. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { systemFiles } from "../../lib/cli/parse/files.ts";
import { runFleet } from "../../lib/fleet/fleet.ts";
import { commonArguments, instances, leftIn, nothing, smallStage } from "./stage.ts";

const ways = [
  ["throws", /Cannot go on: unexpected Error/],
  ["rejects-out-of-turn", /Cannot go on: unexpected Error/],
  ["throws-out-of-turn", /Cannot go on: unexpected Error/],
  ["closes", /its worker did not answer any more/],
  ["sends-nonsense", /its worker sent a message that makes no sense/],
] as const;

Deno.test("workers that go wrong fail their sources, whose workspaces go, and no other source", async (t) => {
  await using rds = await smallStage();
  const [snapshot] = rds.snapshots();
  assert(snapshot !== undefined);
  const failing = ways.map(([how]) => `source-${how}`);
  for (const id of failing) await rds.addProduction({ id, engine: "postgres", dataDir: rds.dataDirOf(snapshot.id) });
  // Workers see the test's environment; where AWS is stands nowhere else.
  for (const [name, value] of Object.entries(rds.environment)) Deno.env.set(name, value);

  const args = ["--postgresql-instances", ...failing, instances.postgresql, ...commonArguments(rds)];
  const command = await parseCommandLine(args, {}, systemFiles);
  assert(command.command === "scrub");
  const { settings } = command;
  let started = 0;
  const outcomes = await runFleet({
    started: new Date(),
    settings,
    runId: crypto.randomUUID(),
    key: new Uint8Array(32).fill(7),
    watcher: { event: () => {}, granted: () => {}, ended: () => {} },
    // Half a minute: a worker may take long to start on a busy machine.
    timeouts: { pulse: 100, missed: 300, stop: 60_000 },
    createWorker() {
      // The first are the sources', in their order; then those come that clean up.
      const [how] = ways[started++] ?? [];
      const file = how === undefined ? "../../lib/fleet/worker.ts" : `./workers/failing.ts?how=${how}`;
      return new Worker(new URL(file, import.meta.url), { type: "module" });
    },
  }, new AbortController().signal);
  for (const [at, [how, why]] of ways.entries()) {
    await t.step(`a worker that ${how} fails its source, and quotes nothing`, () => {
      const { request, failure } = outcomes[at] ?? {};
      assertEquals([request?.value, failure?.kind], [failing[at], "failed"]);
      assertMatch(failure?.message ?? "", why);
      assert(!JSON.stringify(outcomes).includes("zmark"), "what was thrown is quoted");
    });
  }
  await t.step("the other source is done, and no workspace is left", async () => {
    const { request, failure, report } = outcomes[ways.length] ?? {};
    assertEquals([request?.value, failure], [instances.postgresql, undefined]);
    assert(report?.snapshot !== undefined);
    assertEquals(await leftIn(rds), { ...nothing, made: [report.snapshot] });
  });
});
