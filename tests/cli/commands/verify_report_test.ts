/** Whether a report is a snapshot's, and what is said where it is not. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { compareReport } from "../../../lib/cli/commands/verify_report.ts";

const report = new TextEncoder().encode(JSON.stringify({ runId: "run", sources: [{ snapshot: "s" }] }));
const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", report)).toHex();
const evidence = { snapshot: "s", status: "available", runId: "run", report: digest, proof: "p" };
for (
  const [what, change, fault] of [
    ["fits", {}, ""],
    ["is of another run", { runId: "other" }, "the report is of run run, the snapshot of run other"],
    ["was changed", { report: "00" }, `the file's SHA-256 is ${digest}, the snapshot's tag says 00`],
    ["has no tag to be held against", { report: undefined }, "has no tag with a report's SHA-256"],
    ["is held against a snapshot without proof", { proof: undefined }, "has no proof"],
    ["does not name the snapshot", { snapshot: "t" }, 'the report does not name snapshot "t"'],
  ] as const
) {
  Deno.test(`a report that ${what} is told`, async () => {
    const { fits, text } = await compareReport(report, { ...evidence, ...change });
    assertEquals(fits, fault === "");
    assertStringIncludes(text, fault);
  });
}

Deno.test("what is no report is told", async () => {
  const { fits, text } = await compareReport(new TextEncoder().encode("[]"), evidence);
  assertEquals([fits, text.includes("the file is not a report")], [false, true]);
});
