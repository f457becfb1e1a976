/** Waits: what every status means to them, and how they end. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { RdsError } from "../../../lib/rds/api/errors.ts";
import { instanceStatusClass, snapshotStatusClass } from "../../../lib/rds/api/status_classes.ts";
import type { StatusClass } from "../../../lib/rds/api/status_classes.ts";
import { mayRepeat, pause, readBack, type Waited, waitFor } from "../../../lib/rds/api/wait.ts";
import { failureOf, never, Notes } from "../local.ts";

const instanceWords: Readonly<Record<StatusClass, readonly string[]>> = {
  done: ["available"],
  busy: ["storage-optimization", "backing-up"],
  transient: ["creating", "modifying", "rebooting", "configuring-anything", "something-new", "constructor"],
  leaving: ["deleting", "delete-precheck", "stopping", "stopped", "some-new-deletion"],
  absent: ["not found"],
  broken: ["failed", "storage-full", "incompatible-anything", "inaccessible-anything", "some-error", "insufficient-x"],
};

const snapshotWords: Readonly<Record<StatusClass, readonly string[]>> = {
  done: ["available"],
  busy: [],
  transient: ["creating", "copying", "something-new"],
  leaving: ["deleting", "deleted"],
  absent: ["not found"],
  broken: ["failed", "incompatible-restore", "incompatible-parameters", "failed-anew"],
};

Deno.test("every status has a class, new ones by their words", () => {
  for (
    const [classify, words] of [[instanceStatusClass, instanceWords], [snapshotStatusClass, snapshotWords]] as const
  ) {
    for (const [kind, statuses] of Object.entries(words)) {
      for (const status of statuses) assertEquals(classify(status), kind, status);
    }
  }
});

const passing = new RdsError(
  "aws-unavailable",
  { action: "X", awsCode: "Throttling", transient: true },
  "slow",
  "Wait.",
);
const lasting = new RdsError(
  "aws-denied",
  { action: "X", awsCode: "AccessDenied", transient: false },
  "denied",
  "Allow it.",
);

const options = { pollInterval: 1, timeout: 10_000, propagationTimeout: 10_000, log: new Notes() };

/** What reads these, one after the other, and the last for ever; undefined: RDS has no such. `reads` counts. */
function waiting(
  readings: readonly (string | Error | undefined)[],
  more: Partial<Waited<string>> = {},
): { waited: Waited<string>; reads: () => number } {
  let reads = 0;
  const read = () => {
    const reading = readings[Math.min(reads++, readings.length - 1)];
    if (reading instanceof Error) return Promise.reject(reading);
    return Promise.resolve(reading === undefined ? undefined : { status: reading, value: reading });
  };
  return { reads: () => reads, waited: { id: "x", read, ...more } };
}

Deno.test("waitFor() wants the target as often in a row as the wait says", async () => {
  const { waited, reads } = waiting(["creating", "available", "modifying", "available", "available"]);
  assertEquals(await waitFor("workspaceRestored", waited, options, never), "available");
  assertEquals(reads(), 5);
});

Deno.test("waitFor() retries transient errors", async () => {
  const { waited } = waiting([passing, "creating", passing, "available"]);
  assertEquals(await waitFor("snapshotCreated", waited, options, never), "available");
});

Deno.test("waitFor() fails at once on an error that is not transient", async () => {
  const { waited, reads } = waiting(["creating", lasting]);
  assertEquals(await failureOf(waitFor("snapshotCreated", waited, options, never)), lasting);
  assertEquals(reads(), 2);
});

Deno.test("waitFor() waits for what RDS does not show yet, and no longer than that may take", async () => {
  const { waited } = waiting([undefined, undefined, "available"]);
  assertEquals(await waitFor("snapshotCreated", waited, options, never), "available");
  const error = await failureOf(
    waitFor("snapshotCreated", waiting([undefined]).waited, { ...options, propagationTimeout: 5 }, never),
  );
  assertEquals(error.message, 'Cannot make snapshot "x": snapshot "x" is "not found"');
});

Deno.test("waitFor() waits through every status for a deletion", async () => {
  const { waited, reads } = waiting(["available", "failed", "deleting", undefined]);
  assertEquals(await waitFor("nameFree", waited, options, never), undefined);
  assertEquals(reads(), 4);
});

Deno.test("waitFor() fails at once on a status that it does not wait through, with the last five events", async () => {
  const events = () => Promise.resolve(["1", "2", "3", "4", "5", "6"]);
  const { waited, reads } = waiting(["creating", "stopped"], { events });
  const error = await failureOf(waitFor("workspaceRestored", waited, options, never));
  assertEquals(
    error.message,
    'Cannot restore "x": instance "x" is "stopped"; its last events: "2", "3", "4", "5", "6"',
  );
  assertEquals(reads(), 2);
});

Deno.test("waitFor() reports the status even if it gets no events", async () => {
  const { waited } = waiting(["failed"], { events: () => Promise.reject(lasting) });
  const error = await failureOf(waitFor("workspaceRestored", waited, options, never));
  assertEquals(error.message, 'Cannot restore "x": instance "x" is "failed"');
});

Deno.test("waitFor() ends at the time limit of the wait, with the last status", async (t) => {
  for (
    const { reading, wait, limits, word, option } of [
      {
        reading: "creating",
        wait: "workspaceRestored",
        limits: { timeout: 20 },
        word: 'still "creating"',
        option: "--timeout",
      },
      { reading: passing, wait: "workspaceRestored", limits: { timeout: 20 }, word: "slow", option: "--timeout" },
      {
        reading: "creating",
        wait: "snapshotCreated",
        limits: { snapshotTimeout: 20 },
        word: 'still "creating"',
        option: "--snapshot-timeout",
      },
    ] as const
  ) {
    await t.step(`${wait}: ${word}`, async () => {
      const error = await failureOf(waitFor(wait, waiting([reading]).waited, { ...options, ...limits }, never));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message, word);
      assertStringIncludes(error.hint, `raise ${option}`);
    });
  }
});

Deno.test("waitFor() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const read = () => {
    stop.abort(reason);
    return Promise.resolve({ status: "creating", value: "" });
  };
  assertEquals(await failureOf(waitFor("workspaceRestored", { id: "x", read }, options, stop.signal)), reason);
});

Deno.test("readBack() returns what it read last, shown or not, and throws only a last error", async (t) => {
  for (
    const { name, readings, propagationTimeout = 10_000, last } of [
      { name: "shown", readings: ["old", passing, "new"], last: "new" },
      { name: "never shown", readings: ["old"], propagationTimeout: 10, last: "old" },
      { name: "unreadable to the end", readings: [passing], propagationTimeout: 10, last: passing },
      { name: "denied", readings: ["old", lasting], last: lasting },
    ] as const
  ) {
    await t.step(name, async () => {
      let reads = 0;
      const read = () => {
        const reading = readings[Math.min(reads++, readings.length - 1)];
        return typeof reading === "string" ? Promise.resolve(reading) : Promise.reject(reading);
      };
      const isShown = (seen: string) => seen === "new";
      const seen = readBack("accountsShown", read, isShown, { pollInterval: 1, propagationTimeout }, never);
      assertEquals(await seen.catch((error) => error), last);
    });
  }
});

Deno.test("mayRepeat() tells a state that passes from a refusal, and repeats lost calls only to delete", () => {
  const busy = new RdsError(
    "aws-refused",
    { action: "X", awsCode: "InvalidDBInstanceStateFault", transient: false },
    "busy",
    "Wait.",
  );
  const outcomes = (error: RdsError) =>
    (["passwordChange", "deletion", "snapshotDeletion"] as const).map((name) => mayRepeat(name, error));
  assertEquals(outcomes(busy), [true, true, false]);
  assertEquals(outcomes(passing), [false, true, true]);
  assertEquals(outcomes(lasting), [false, false, false]);
});

Deno.test("pause() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const paused = pause(1_000_000, stop.signal);
  stop.abort(new Error("stop"));
  assertEquals((await failureOf(paused)).message, "stop");
});
