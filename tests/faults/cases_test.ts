/** What the matrices take for a case. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { runCase } from "../../scripts/faults/cases.ts";
import type { Said } from "../../scripts/faults/ends.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";

async function caseWithoutPlace(said: Said) {
  await using rds = await startLocalRds();
  return await runCase(rds, "kills", "before the call's effect", {
    faulty: () => Promise.resolve(said),
    at: () => undefined,
    healthy: () => Promise.reject(new Error("there is nothing to repair")),
  });
}

Deno.test("a run that gets through without coming to the place is no case", async () => {
  assertEquals(await caseWithoutPlace({ leftovers: false }), undefined);
});

Deno.test("a run that fails without coming to the place is not taken for one that gets through", async () => {
  await assertRejects(
    () => caseWithoutPlace({ text: "status 1: no", leftovers: false }),
    Error,
    "it failed before: status 1: no",
  );
});

Deno.test("before each run of a case, copies are forgotten whose names it may use again", async () => {
  await using rds = await startLocalRds();
  const done: string[] = [];
  const run = (name: string) => () => {
    done.push(name);
    return Promise.resolve({ text: "status 1: no", leftovers: false });
  };
  await runCase({ ...rds, forgetCopies: () => void done.push("forget") }, "kills", "before the call's effect", {
    faulty: run("faulty"),
    at: () => "1 DescribeDBInstances",
    healthy: run("healthy"),
  });
  assertEquals(done, ["forget", "faulty", "forget", "healthy"]);
});
