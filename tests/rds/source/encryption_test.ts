/** Keys: what is found out before the restore, and what changes them on the way. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checkEncryption } from "../../../lib/rds/source/encryption.ts";
import { Kms } from "../../../lib/rds/api/kms.ts";
import { copyName, tag } from "../../../lib/rds/api/names.ts";
import { resolveSource } from "../../../lib/rds/source/source.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Fault } from "../../../scripts/local_rds/faults.ts";
import { startLocalRds } from "../../../scripts/local_rds/local_rds.ts";
import type { Encryption } from "../../../scripts/local_rds/records.ts";
import { createRds } from "../../../lib/rds/api/client.ts";
import { failureOf, never, Notes, openLab } from "../local.ts";
import { friend, quick, run } from "../run.ts";

interface Check {
  readonly name: string;
  readonly encryption: Encryption;
  readonly kmsKey?: string;
  readonly shareWith?: readonly string[];
  readonly fault?: { readonly action: string; readonly what: Fault };
  /** A piece of the only warning, or of the error. */
  readonly warning?: string;
  readonly error?: string;
}

const checks: readonly Check[] = [
  { name: "a customer's key that lets the receiver in", encryption: "customer-key" },
  { name: "no encryption", encryption: "none" },
  {
    name: "the default key and receivers",
    encryption: "default-key",
    error: "what it encrypts can never be shared",
  },
  { name: "the default key and no receivers", encryption: "default-key", shareWith: [] },
  { name: "the default key and another one on the way", encryption: "default-key", kmsKey: "alias/customer" },
  { name: "the default key as the other one", encryption: "none", kmsKey: "alias/aws/rds", error: "managed by AWS" },
  {
    name: "a receiver that the key's policy does not name",
    encryption: "customer-key",
    shareWith: ["999988887777"],
    warning: "names no principal of 999988887777",
  },
  { name: "an unknown key", encryption: "none", kmsKey: "alias/none", error: "KMS does not know it" },
  { name: "a disabled key", encryption: "none", kmsKey: "alias/disabled", error: "it is not enabled" },
  {
    name: "no right to describe the key",
    encryption: "default-key",
    fault: { action: "kms:DescribeKey", what: "access-denied" },
    warning: "allow kms:DescribeKey",
  },
  {
    name: "no right to read its policy",
    encryption: "customer-key",
    fault: { action: "kms:GetKeyPolicy", what: "access-denied" },
    warning: "allow kms:GetKeyPolicy",
  },
];

Deno.test("checkEncryption() finds out before the restore what sharing would come to", async (t) => {
  for (const { name, encryption, kmsKey, shareWith = [friend], fault, warning, error } of checks) {
    await t.step(name, async () => {
      await using local = await startLocalRds({ servers: false });
      await local.addProduction({ id: "prod", engine: "postgres", encryption });
      if (fault) local.faults.add(fault);
      const endpoint = { url: local.url, accessKeyId: "local", secretAccessKey: "local" };
      using rds = createRds({ region: local.region, log: new Notes(), endpoint });
      using kms = new Kms({ region: local.region, endpoint });
      const request = { engine: "postgresql", kind: "instance", value: "prod" } as const;
      const source = await resolveSource(rds, request, { overrides: {} }, never);
      const wish = { shareWith, ...(kmsKey !== undefined && { kmsKey }) };
      const checked = checkEncryption(kms, source, wish, never);
      if (error !== undefined) {
        const thrown = await failureOf(checked);
        assert(thrown instanceof ScrubError, thrown.stack);
        assert(thrown instanceof ScrubError);
        assertEquals(thrown.code, "encryption");
        return assertStringIncludes(thrown.message, error);
      }
      const warnings = await checked;
      assertEquals(warnings.length, warning === undefined ? 0 : 1);
      assertStringIncludes(warnings.join(), warning ?? "");
    });
  }
});

Deno.test("--kms-key restores from a copy under that key, and deletes the copy", async () => {
  await using lab = await openLab({ latencies: quick });
  const source = await lab.source();
  await run(lab, { kmsKey: "alias/customer" });
  const [copied] = lab.local.callLog.calls("CopyDBSnapshot");
  const [restored] = lab.local.callLog.calls("RestoreDBInstanceFromDBSnapshot");
  assertEquals(copied?.parameters["KmsKeyId"], "alias/customer");
  assertEquals(restored?.parameters["DBSnapshotIdentifier"], copyName(source, "run-1"));
  assertEquals(lab.local.made().filter((id) => id.includes("-copy-")), []);
});

Deno.test("the intermediate copy goes, whatever happens", async (t) => {
  for (
    const { action, what } of [
      { action: "CopyDBSnapshot", what: "lost-after" },
      { action: "CopyDBSnapshot", what: { ends: "failed" } },
      { action: "RestoreDBInstanceFromDBSnapshot", what: "access-denied" },
      { action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "incompatible-restore" } },
      { action: "DeleteDBSnapshot", what: "500" },
      { action: "DeleteDBSnapshot", what: "lost-after" },
      { action: "ModifyDBInstance", what: "500" },
    ] as const
  ) {
    await t.step(`${action}: ${typeof what === "string" ? what : what.ends}`, async () => {
      await using lab = await openLab({ latencies: quick });
      lab.local.faults.add({ action, what });
      await run(lab, { kmsKey: "alias/customer" }).catch(() => {});
      await lab.settled();
      assertEquals(lab.local.workspaces(), []);
      const unproven = lab.local.snapshots().filter(({ made, tags }) =>
        made && !tags.some(({ key }) => key === tag.proof)
      );
      assertEquals(unproven.map(({ id }) => id), []);
    });
  }
});
