/** Whether a report is a snapshot's, and what is said where it is not. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkSignature, compareReport } from "../../../lib/cli/commands/verify_report.ts";
import { signReport, signWith } from "../../../lib/report/signed_statement.ts";

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

async function keyPair(): Promise<CryptoKeyPair> {
  const keys = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  if (!("privateKey" in keys)) throw new TypeError("Cannot make a key pair");
  return keys;
}

const { privateKey, publicKey } = await keyPair();
const { signature, envelope } = await signReport({ digest, runId: "run", snapshots: ["s"] }, signWith(privateKey));
const other = await keyPair();

for (
  const [what, tag, key, fault] of [
    ["is signed", signature, publicKey, ""],
    ["is signed with another key", signature, other.publicKey, "is not the key's under this report"],
    ["is not signed", undefined, publicKey, "has no tag with a signature"],
  ] as const
) {
  Deno.test(`a snapshot's report that ${what} is told`, async () => {
    const { fits, text } = await compareReport(report, { ...evidence, signature: tag }, key);
    assertEquals(fits, fault === "");
    assertStringIncludes(text, fault === "" ? ", signed with this key" : fault);
  });
}

for (
  const [what, bytes, file, key, said] of [
    ["is signed", report, envelope, publicKey, "The report is signed with this key: run run"],
    ["is signed with another key", report, envelope, other.publicKey, "not signed with this key: no signature"],
    ["was changed", new TextEncoder().encode('{"runId":"run","sources":[]}'), envelope, publicKey, "no signature"],
    ["is none", new TextEncoder().encode("[]"), envelope, publicKey, "the file is not a report"],
    ["has no envelope", report, "{}", publicKey, "no envelope with a signature"],
  ] as const
) {
  Deno.test(`offline, a report that ${what} is told`, async () => {
    const { fits, text } = await checkSignature(bytes, new TextEncoder().encode(file), key);
    assertEquals(fits, what === "is signed");
    assertStringIncludes(text, said);
  });
}
