/** Keys of KMS that sign reports: looked at before the restore, and used at the end. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { verify } from "node:crypto";
import { signingPublicKey } from "../../../scripts/local_rds/kms.ts";
import { type LocalRds, startLocalRds } from "../../../scripts/local_rds/local_rds.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { Kms } from "../../../lib/rds/api/kms.ts";
import { checkSigningKey } from "../../../lib/rds/source/signing_key.ts";
import { never } from "../local.ts";

async function withKms(use: (kms: Kms, local: LocalRds) => Promise<void>): Promise<void> {
  await using local = await startLocalRds({ servers: false });
  const endpoint = { url: local.url, accessKeyId: "local", secretAccessKey: "local" };
  using kms = new Kms({ region: local.region, endpoint });
  await use(kms, local);
}

for (
  const [what, key, why] of [
    ["an unknown key", "alias/none", "KMS does not know it"],
    ["a disabled key", "alias/disabled", "it is not enabled"],
    ["a key that encrypts", "alias/customer", "it is no Ed25519 key for signatures"],
  ] as const
) {
  Deno.test(`checkSigningKey() refuses ${what}`, () =>
    withKms(async (kms) => {
      const thrown = await assertRejects(() => checkSigningKey(kms, key, never), ScrubError);
      assertEquals(thrown.code, "signing");
      assertStringIncludes(thrown.message, why);
    }));
}

Deno.test("checkSigningKey() lets a key pass that signs, and no key at all", () =>
  withKms(async (kms) => {
    assertEquals(await checkSigningKey(kms, "alias/signing", never), []);
    assertEquals(await checkSigningKey(kms, undefined, never), []);
  }));

Deno.test("checkSigningKey() warns where it may not look", () =>
  withKms(async (kms, local) => {
    local.faults.add({ action: "kms:DescribeKey", what: "access-denied" });
    const [warning = ""] = await checkSigningKey(kms, "alias/signing", never);
    assertStringIncludes(warning, "allow kms:DescribeKey");
  }));

Deno.test("Kms.sign() gives a signature that the public key verifies", () =>
  withKms(async (kms) => {
    const message = new TextEncoder().encode("a statement");
    assert(verify(null, message, signingPublicKey, await kms.sign("alias/signing", message, never)));
  }));

Deno.test("Kms.sign() refuses what KMS does not sign as it is", () =>
  withKms(async (kms) => {
    const thrown = await assertRejects(() => kms.sign("alias/signing", new Uint8Array(4097), never), ScrubError);
    assertStringIncludes(thrown.message, "the statement has 4097 bytes");
  }));
