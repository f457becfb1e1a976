/** Waits: what every status means to them, and how they end. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { RdsError } from "../../../lib/rds/api/errors.ts";
import { instanceStatusClass, snapshotStatusClass } from "../../../lib/rds/api/status_classes.ts";
import type { StatusClass } from "../../../lib/rds/api/status_classes.ts";
import { pause, waitFor } from "../../../lib/rds/api/wait.ts";
import type { Wait } from "../../../lib/rds/api/wait.ts";
import { failureOf, never, Notes } from "../local.ts";

const instanceWords: Readonly<Record<StatusClass, readonly string[]>> = {
  done: ["available"],
  busy: ["storage-optimization", "backing-up"],
  transient: ["creating", "modifying", "rebooting", "configuring-anything", "something-new", "constructor"],
  leaving: ["deleting", "delete-precheck", "stopping", "stopped", "some-new-deletion"],
  gone: ["gone"],
  broken: ["failed", "storage-full", "incompatible-anything", "inaccessible-anything", "some-error", "insufficient-x"],
};

const snapshotWords: Readonly<Record<StatusClass, readonly string[]>> = {
  done: ["available"],
  busy: [],
  transient: ["creating", "copying", "something-new"],
  leaving: ["deleting", "deleted"],
  gone: ["gone"],
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

/** A wait that reads these, one after the other, and the last for ever; `reads` counts. */
function waiting(
  readings: readonly (string | Error)[],
  more: Partial<Wait<string>> & { timeout?: number } = {},
): { wait: Wait<string>; reads: () => number } {
  let reads = 0;
  const read = () => {
    const reading = readings[Math.min(reads++, readings.length - 1)] ?? "";
    return typeof reading === "string" ? Promise.resolve({ status: reading, value: reading }) : Promise.reject(reading);
  };
  const pace = { interval: 1, timeout: more.timeout ?? 10_000, option: "--timeout", log: new Notes() };
  return {
    reads: () => reads,
    wait: {
      purpose: "restore it",
      what: "instance",
      read,
      classify: instanceStatusClass,
      pending: ["transient"],
      target: ["done"],
      readings: 2,
      pace,
      ...more,
    },
  };
}

Deno.test("waitFor() wants the target several times in a row", async () => {
  const { wait, reads } = waiting(["creating", "available", "modifying", "available", "available"]);
  assertEquals(await waitFor(wait, never), "available");
  assertEquals(reads(), 5);
});

Deno.test("waitFor() retries transient errors", async () => {
  const { wait } = waiting([passing, "creating", passing, "available"], { readings: 1 });
  assertEquals(await waitFor(wait, never), "available");
});

Deno.test("waitFor() fails at once on an error that is not transient", async () => {
  const { wait, reads } = waiting(["creating", lasting]);
  assertEquals(await failureOf(waitFor(wait, never)), lasting);
  assertEquals(reads(), 2);
});

Deno.test("waitFor() fails at once on a status that it does not wait through, with the last five events", async () => {
  const events = () => Promise.resolve(["1", "2", "3", "4", "5", "6"]);
  const { wait, reads } = waiting(["creating", "backing-up"], { events });
  const error = await failureOf(waitFor(wait, never));
  assertEquals(error.message, 'Cannot restore it: instance is "backing-up"; its last events: "2", "3", "4", "5", "6"');
  assertEquals(reads(), 2);
});

Deno.test("waitFor() reports the status even if it gets no events", async () => {
  const { wait } = waiting(["failed"], { events: () => Promise.reject(lasting) });
  assertEquals((await failureOf(waitFor(wait, never))).message, 'Cannot restore it: instance is "failed"');
});

Deno.test("waitFor() ends at its timeout, with the last status", async (t) => {
  for (const [reading, word] of [["creating", 'still "creating"'], [passing, "slow"]] as const) {
    await t.step(word, async () => {
      const { wait } = waiting([reading], { timeout: 20 });
      const error = await failureOf(waitFor(wait, never));
      assert(error instanceof ScrubError, error.stack);
      assertStringIncludes(error.message, word);
      assertStringIncludes(error.hint, "raise --timeout");
    });
  }
});

Deno.test("waitFor() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const { wait } = waiting(["creating"], {
    classify: (status) => {
      stop.abort(reason);
      return instanceStatusClass(status);
    },
  });
  assertEquals(await failureOf(waitFor(wait, stop.signal)), reason);
});

Deno.test("pause() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const paused = pause(1_000_000, stop.signal);
  stop.abort(new Error("stop"));
  assertEquals((await failureOf(paused)).message, "stop");
});
