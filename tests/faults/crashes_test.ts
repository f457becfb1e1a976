/** The whole program, when something breaks in it where nobody expected it: it cleans up, says so, and does not end well. @module */

import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { commonArguments, instances, leftIn, nothing, receiver, runProgram, smallStage } from "../end_to_end/stage.ts";
import { type Program, startProgram } from "../fleet/program.ts";
import type { Planted } from "./programs/planted.ts";

const rds = await smallStage();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());
Deno.test.afterEach(() => rds.faults.clear());

// Three of these heartbeats without a sign of life, and a run counts as dead.
const heartbeat = ["--heartbeat", "0.002"];
const source = ["--postgresql-instances", instances.postgresql, "--share-with", receiver, ...heartbeat];

function start(
  planted: Planted,
  environment: Readonly<Record<string, string>> = {},
  stage = rds,
  words: readonly string[] = source,
): Program {
  const program = new URL("./programs/planted.ts", import.meta.url).pathname;
  const all = { ...stage.environment, ...environment, PLANTED: JSON.stringify(planted) };
  return startProgram([...words, ...commonArguments(stage)], all, program);
}

const failing: Planted = { worker: "../../end_to_end/workers/failing.ts?how=throws" };

for (
  const { what, planted, why } of [
    // The other ways of a worker: tests/end_to_end/workers_test.ts.
    { what: "a worker throws", planted: failing, why: /Cannot go on: unexpected Error/ },
    {
      what: "main rejects out of turn",
      planted: { main: "rejects" },
      why: /Cannot go on: unexpected RangeError at "?[\w/]*planted\.ts/,
    },
    {
      what: "main throws out of turn",
      planted: { main: "throws" },
      why: /Cannot go on: unexpected RangeError at "?[\w/]*planted\.ts/,
    },
  ] satisfies readonly { what: string; planted: Planted; why: RegExp }[]
) {
  Deno.test(`${what} in the middle of a run: status 1, and nothing is left`, async () => {
    const { code, stdout, stderr } = await start(planted).ended();
    assertEquals(code, 1, stderr);
    assertMatch(stdout + stderr, why);
    assert(!(stdout + stderr).includes("zmark"), "what was thrown is quoted");
    assertEquals(await leftIn(rds), nothing);
  });
}

// As the executable is made, with less memory.
const outOfMemory = { DENO_V8_FLAGS: "--max-old-space-size=300,--max-semi-space-size=1" };

Deno.test("a worker whose memory runs out little by little: status 1, and nothing is left", async () => {
  const { code, stdout, stderr } = await start({ worker: "../workers/hungry.ts" }, outOfMemory).ended();
  assertEquals(code, 1, stderr);
  assertStringIncludes(stderr, "discover: begins"); // the workspace was there
  assertMatch(stdout + stderr, /Cannot go on: the worker takes \d+ MB of memory, and may have \d+ MB/);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("a worker that takes all memory at once ends the whole program badly, and the next run leaves nothing", async () => {
  const { code, stderr } = await start({ worker: "../workers/greedy.ts" }, outOfMemory).ended();
  assertNotEquals(code, 0);
  assertStringIncludes(stderr, "out of memory");
  assertEquals(rds.workspaces().length, 1);
  const next = await runProgram(rds, [...source, "--wait"]);
  assertEquals(next.code, 0, next.stderr);
  const { workspaces, made } = await leftIn(rds);
  assertEquals([workspaces, made.length], [[], 1]);
});

/** A run whose final snapshot is never available, told to stop; with --prove it has no proof yet. */
async function stopInSnapshot(stage: LocalRds, planted: Planted, ...more: readonly string[]): Promise<Stopped> {
  stage.faults.add({ action: "DeleteDBInstance", what: { ends: "creating" } });
  const program = start(planted, {}, stage, [...source, ...more]);
  await program.until('snapshot: snapshot "');
  const [workspace = ""] = stage.workspaces();
  const [snapshot = ""] = stage.made();
  program.kill("SIGTERM");
  return { program, workspace, snapshot };
}

interface Stopped {
  readonly program: Program;
  readonly workspace: string;
  readonly snapshot: string;
}

Deno.test("a second signal during the final snapshot names the snapshot, and ends with 130", async () => {
  await using stage = await smallStage();
  const { program, workspace, snapshot } = await stopInSnapshot(stage, {}, "--prove");
  await program.until("once more to leave at once");
  program.kill("SIGINT");
  const { code, stderr } = await program.ended();
  assertEquals(code, 130);
  assertStringIncludes(stderr, `RDS instance "${workspace}" (of "${instances.postgresql}")`);
  assertStringIncludes(stderr, `snapshot "${snapshot}" without proof (of "${instances.postgresql}")`);
  assertEquals(stage.shares(), {});
});

Deno.test("a run that is stopped in its final snapshot: status 4, it stays, and datascrubber finish shares it", async () => {
  await using stage = await smallStage();
  const { program, snapshot } = await stopInSnapshot(stage, {});
  const stopped = await program.ended();
  await stage.settled();
  assertEquals([stopped.code, stage.made(), stage.shares()], [4, [snapshot], {}], stopped.stderr);
  assertStringIncludes(stopped.stdout, `Snapshot "${snapshot}" was verified, and is kept, not shared`);
  assertStringIncludes(stopped.stdout, `its snapshot stays: ${snapshot}`);
  const words = ["finish", instances.postgresql, "--share-with", receiver, "--poll-interval", "0.02"];
  for (const one of stage.snapshots().filter(({ id }) => id === snapshot)) {
    Object.assign(one, { status: "available", createTime: new Date(), originalCreateTime: new Date() });
  }
  const { code, stdout, stderr } = await startProgram(words, stage.environment).ended();
  assertEquals([code, stage.shares()], [0, { [snapshot]: [receiver] }], stderr);
  assertStringIncludes(stdout, `snapshot ${snapshot}, shared with ${receiver}`);
  const again = await startProgram(words, stage.environment).ended();
  assertEquals([again.code, again.stdout], [0, "Nothing to finish.\n"]);
});

Deno.test("a final snapshot that cannot be deleted in time: status 4, and its name", async () => {
  await using stage = await smallStage();
  const { program, snapshot } = await stopInSnapshot(stage, { worker: "../workers/hasty.ts" }, "--prove");
  const { code, stdout, stderr } = await program.ended();
  assertEquals(code, 4, stderr);
  assertMatch(stdout, new RegExp(`Cannot clean up snapshot "${snapshot}": AWS did not delete it`));
  assertMatch(stdout, new RegExp(`Delete snapshot "${snapshot}" by hand`));
  assertEquals(stage.shares(), {});
});
