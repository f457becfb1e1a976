/** The real pipeline in workers that go wrong: nothing is left, and the other source is done. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { systemFiles } from "../../lib/cli/parse/files.ts";
import { runFleet } from "../../lib/fleet/fleet.ts";
import { commonArguments, instances, leftIn, nothing, smallStage } from "./stage.ts";

const rds = await smallStage();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
const [snapshot] = rds.snapshots();
assert(snapshot !== undefined);
await rds.addProduction({ id: "other", engine: "postgres", dataDir: rds.dataDirOf(snapshot.id) });
// Workers see the test's environment; where AWS is stands nowhere else.
for (const [name, value] of Object.entries(rds.environment)) Deno.env.set(name, value);

const args = ["--postgresql-instances", instances.postgresql, "other", ...commonArguments(rds)];
const command = await parseCommandLine(args, {}, systemFiles);
assert(command.command === "scrub");
const { settings } = command;

for (
  const [how, why] of [
    ["throws", /Cannot go on: unexpected Error/],
    ["rejects-out-of-turn", /Cannot go on: unexpected Error/],
    ["closes", /its worker did not answer any more/],
    ["sends-nonsense", /its worker sent a message that makes no sense/],
  ] as const
) {
  Deno.test(`a worker that ${how} fails its source, and its workspace goes`, async () => {
    let started = 0;
    const before = rds.made();
    const outcomes = await runFleet({
      started: new Date(),
      settings,
      runId: crypto.randomUUID(),
      key: new Uint8Array(32).fill(7),
      watcher: { event: () => {}, granted: () => {}, ended: () => {} },
      // Half a minute: a worker may take long to start on a busy machine.
      timeouts: { pulse: 100, missed: 300, stop: 60_000 },
      createWorker() {
        // The first is the first source's.
        const file = started++ === 0 ? `./workers/failing.ts?how=${how}` : "../../lib/fleet/worker.ts";
        return new Worker(new URL(file, import.meta.url), { type: "module" });
      },
    }, new AbortController().signal);
    const [first, second] = outcomes;
    assertEquals([first?.failure?.kind, second?.failure], ["failed", undefined]);
    assertMatch(first?.failure?.message ?? "", why);
    assert(!JSON.stringify(outcomes).includes("zmark"), "what was thrown is quoted");
    const made = rds.made().filter((name) => !before.includes(name));
    assertEquals(made, [second?.report.snapshot]);
    assertEquals(await leftIn(rds), { ...nothing, made: [...before, ...made].toSorted() });
  });
}
