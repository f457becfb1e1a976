/** Where a run works and as whom: told where STS tells it, and no obstacle where it does not. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createRds } from "../../../lib/rds/api/client.ts";
import { readIdentity } from "../../../lib/rds/source/identity.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { startLocalRds } from "../../../scripts/local_rds/local_rds.ts";
import { never, Notes } from "../local.ts";

/** What is told where STS fails in this way, how often it was asked, and whether everything may be refused by policy. */
async function identity(fault?: Fault, signal = never) {
  await using local = await startLocalRds({ servers: false, policies: [] });
  if (fault !== undefined) local.faults.add({ action: "GetCallerIdentity", what: fault, times: 0 });
  const endpoint = { url: local.url, accessKeyId: "local", secretAccessKey: "local" };
  // A loaded machine may take as long for an answer that comes.
  const requestTimeout = fault === "silent" ? 300 : 30_000;
  const options = { region: local.region, log: new Notes(), endpoint, requestTimeout };
  using rds = createRds(options);
  const told = await readIdentity(options, rds, signal);
  return { told, calls: local.callLog.calls().map(({ action }) => action) };
}

Deno.test("readIdentity() tells region, account and caller, by one call that needs no permission", async () => {
  const { told, calls } = await identity();
  const caller = "arn:aws:sts::111122223333:assumed-role/datascrubber/nightly";
  assertEquals(told, { region: "eu-west-1", account: "111122223333", caller });
  assertEquals(calls, ["GetCallerIdentity"]);
});

for (
  const [what, why] of [
    ["access-denied", 'AWS denies "sts:GetCallerIdentity"'],
    ["expired-token", "have expired"],
    ["503", "no good answer after 2 attempts"],
    ["silent", "no good answer after 2 attempts"],
    ["empty", "Cannot call sts:GetCallerIdentity"],
  ] as const
) {
  Deno.test(`readIdentity() tells the region, and why no more is known, where STS's answer is ${what}`, async () => {
    const { told } = await identity(what);
    assertEquals([told.region, told.account, told.caller], ["eu-west-1", undefined, undefined]);
    assertStringIncludes(told.unknown ?? "", why);
  });
}

Deno.test("readIdentity() ends when the run is stopped", async () => {
  const reason = new Error("stopped");
  assertEquals(await assertRejects(() => identity("silent", AbortSignal.abort(reason))), reason);
});
