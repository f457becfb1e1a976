/** The id of a run: where it comes from, and how `sweep --run` takes it. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { systemFiles } from "../../lib/cli/parse/files.ts";
import { asRunId } from "../../lib/core/run_id.ts";
import { runIdOf } from "../../lib/cli/commands/run_id.ts";
import { ScrubError } from "../../lib/core/errors.ts";

const plain = "0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d";
const uuid = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const pid = 4711;

for (
  const [text, id] of [
    [plain, uuid],
    [uuid, uuid],
    [plain.toUpperCase(), uuid],
    ["", undefined],
    [plain.slice(1), undefined],
    [`${plain}0`, undefined],
    [`${plain}\n`, undefined],
    [plain.replace("a", "g"), undefined],
    ["run-0", undefined],
  ] as const
) {
  Deno.test(`asRunId() makes ${id} of ${JSON.stringify(text)}`, () => assertEquals(asRunId(text), id));
}

Deno.test("the run that systemd started has the id of this start", () => {
  assertEquals(runIdOf({ INVOCATION_ID: plain, SYSTEMD_EXEC_PID: String(pid) }, pid), uuid);
});

for (
  const [what, environment] of [
    ["nobody gave one an id", {}],
    ["a unit's process, such as cron, started it", { INVOCATION_ID: plain, SYSTEMD_EXEC_PID: "1" }],
    ["the process of the unit is unknown", { INVOCATION_ID: plain }],
    ["the id is none", { INVOCATION_ID: "nightly", SYSTEMD_EXEC_PID: String(pid) }],
  ] as const
) {
  Deno.test(`a run has a random id, its own, where ${what}`, () => {
    const id = runIdOf(environment, pid);
    assertMatch(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assertEquals([id === uuid, id === runIdOf(environment, pid)], [false, false]);
  });
}

const parse = (...args: string[]) => parseCommandLine(args, {}, systemFiles);

for (const id of [plain, uuid]) {
  Deno.test(`sweep takes --run ${id}, beside --dry-run`, async () => {
    const command = await parse("sweep", "--run", id, "--dry-run");
    assertEquals(command.command === "sweep" && [command.run, command.dryRun], [uuid, true]);
  });
}

for (
  const [args, message] of [
    [["sweep", "--run", "run-0"], `Cannot use --run: "run-0" can't be the id of a run`],
    [["sweep", "--run", uuid, "--run", uuid], "Cannot use --run: it was given 2 times"],
    [["sweep", "--run"], "Cannot use --run: its value is missing"],
    [["status", "--run", uuid], 'Cannot use "--run" with status'],
    [["--mysql-hosts", "a", "--run", uuid], "Cannot use --run with a run: only sweep and finish take it"],
  ] as const
) {
  Deno.test(`${args.join(" ")} is refused`, async () => {
    await assertRejects(() => parse(...args), ScrubError, message);
  });
}
