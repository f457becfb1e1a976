/** Signatures of reports: what they are of, held against Node's own Ed25519, and what is refused. @module */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import {
  importSigningKey,
  importVerificationKey,
  isSigned,
  signaturesIn,
  signReport,
  signWith,
} from "../../lib/report/signed_statement.ts";

const report = { digest: "ab".repeat(32), runId: "run-1", snapshots: ["scrubbed-orders-2026-11-29-03-00"] };

function pairOf(
  type: "ed25519" | "x25519",
): { readonly secret: string; readonly open: string; readonly key: KeyObject } {
  const { privateKey, publicKey } = type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return {
    secret: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    open: String(publicKey.export({ type: "spki", format: "pem" })),
    key: publicKey,
  };
}

const own = pairOf("ed25519");
const { signature, envelope } = await signReport(report, signWith(await importSigningKey(own.secret)));
const publicKey = await importVerificationKey(own.open);

Deno.test("the envelope is DSSE's, of an in-toto statement that names the report's SHA-256", () => {
  const { payloadType, payload, signatures } = JSON.parse(envelope);
  const statement = new TextDecoder().decode(Uint8Array.fromBase64(payload));
  const signed = `DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} ${statement}`;
  assertEquals(payloadType, "application/vnd.in-toto+json");
  assertEquals(signatures, [{ sig: signature }]);
  assert(verify(null, new TextEncoder().encode(signed), own.key, Uint8Array.fromBase64(signature)));
  const { _type, subject, predicate } = JSON.parse(statement);
  assertEquals([_type, subject], ["https://in-toto.io/Statement/v1", [{
    name: "report",
    digest: { sha256: report.digest },
  }]]);
  assertEquals(predicate, { runId: report.runId, snapshots: report.snapshots });
});

Deno.test("a signature fits a tag's value", () => {
  assert(signature.length <= 256 && /^[A-Za-z0-9+/=]+$/.test(signature), signature);
});

for (
  const [what, one, wanted] of [
    ["the report itself", report, true],
    ["a report with other bytes", { ...report, digest: "cd".repeat(32) }, false],
    ["another run's", { ...report, runId: "run-2" }, false],
    ["a report with another snapshot", { ...report, snapshots: [] }, false],
  ] as const
) {
  Deno.test(`a signature is ${wanted ? "" : "not "}that of ${what}`, async () => {
    assertEquals(await isSigned(one, signature, publicKey), wanted);
  });
}

Deno.test("a signature is not that of another key, nor is what is no base64", async () => {
  const other = await importVerificationKey(pairOf("ed25519").open);
  assertEquals(await isSigned(report, signature, other), false);
  assertEquals(await isSigned(report, "no signature", publicKey), false);
  assertEquals(await isSigned(report, "", publicKey), false);
});

for (
  const [what, pem] of [
    ["a public key", own.open],
    ["a key for another purpose", pairOf("x25519").secret],
    ["no PEM", "secret"],
    ["a PEM block of something else", own.secret.replaceAll("PRIVATE KEY", "CERTIFICATE")],
  ] as const
) {
  Deno.test(`${what} is not taken for a private key`, async () => {
    const error = await assertRejects(() => importSigningKey(pem), SyntaxError);
    assert(!error.message.includes("MC4"), error.message);
  });
}

Deno.test("a private key is not taken for a public key", async () => {
  await assertRejects(() => importVerificationKey(own.secret), SyntaxError);
});

Deno.test("what is no envelope is refused", () => {
  assertEquals(signaturesIn(envelope), [signature]);
  for (const text of ["", "{}", "[]", '{"payloadType":"text/plain","signatures":[]}']) {
    assertThrows(() => signaturesIn(text), SyntaxError);
  }
});
