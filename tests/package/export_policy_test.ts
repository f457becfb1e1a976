/** The IAM policy of `--s3-export`: enough for every upload, nothing more, and nothing beside the dumps. @module */

import { assert, assertEquals } from "@std/assert";
import { uploadObject } from "../../lib/export/s3.ts";
import { isGranted, type Permission, type Policy } from "../../scripts/local_rds/iam.ts";
import { startLocalS3 } from "../export/local_s3.ts";

const MIB = 1024 * 1024;
const bucket = "dumps";
const prefix = "nightly/copies";
const never = new AbortController().signal;

/** As whoever installs it fills it in. */
const policy: Policy = JSON.parse(
  (await Deno.readTextFile(new URL("../../scripts/package/iam/export.json", import.meta.url)))
    .replaceAll("BUCKET", bucket).replaceAll("PREFIX", prefix),
);
const granted = policy.Statement.flatMap(({ Action }) => Action);

/** The AWS client's timers outlive its requests. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

/** A stream of so many bytes, which breaks at its end if told so. */
function stream(length: number, breaks = false): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) return breaks ? controller.error(new Error("broken")) : controller.close();
      const piece = new Uint8Array(Math.min(MIB, left));
      left -= piece.length;
      controller.enqueue(piece);
    },
  });
}

/** Everything that lib/export does: an object in one go and one in parts, under a key; one that breaks off; one whose beginning is not answered. */
async function everything(policies: readonly Policy[]): Promise<{ denied: number; needed: readonly string[] }> {
  await using s3 = startLocalS3(bucket, policies);
  const upload = (name: string, body: ReadableStream<Uint8Array>) =>
    uploadObject(
      {
        bucket,
        key: `${prefix}/${name}`,
        contentType: "application/gzip",
        body,
        encryption: { algorithm: "aws:kms", kmsKey: "0ddba11" },
      },
      { maxAttempts: 2, partSize: 5 * MIB, requestTimeout: 30_000, ...s3.options },
      never,
    ).then(() => {}, () => {});
  await upload("small.sql.gz", stream(10));
  await upload("large.sql.gz", stream(11 * MIB));
  await upload("broken.sql.gz", stream(11 * MIB, true));
  s3.fault("create", "lost");
  await upload("unanswered.sql.gz", stream(11 * MIB));
  return {
    denied: s3.permissions.filter(({ granted }) => !granted).length,
    needed: [...new Set(s3.permissions.map(({ permission }) => permission.action))].toSorted(),
  };
}

test("the policy grants all that an export calls, and it calls all that the policy grants", async () => {
  assertEquals(await everything([policy]), { denied: 0, needed: granted.toSorted() });
});

for (const [row, statement] of policy.Statement.entries()) {
  for (const action of statement.Action) {
    test(`${statement.Sid} ${action} is needed`, async () => {
      const rest = statement.Action.filter((other) => other !== action);
      const less = { ...policy, Statement: policy.Statement.with(row, { ...statement, Action: rest }) };
      assert((await everything([less])).denied > 0);
    });
  }
}

Deno.test("as it is shipped, the policy grants nothing in S3 before somebody names the bucket", async () => {
  const shipped: Policy = JSON.parse(
    await Deno.readTextFile(new URL("../../scripts/package/iam/export.json", import.meta.url)),
  );
  const resources = shipped.Statement.filter(({ Action }) => Action.some((action) => action.startsWith("s3:")))
    .flatMap(({ Resource }) => Resource);
  // No bucket may have capital letters.
  assertEquals(resources.filter((one) => !/^arn:aws:s3:::BUCKET(?:\/PREFIX\/\*)?$/.test(one)), []);
});

const object = `arn:aws:s3:::${bucket}/${prefix}/one.sql.gz`;
const key = "arn:aws:kms:eu-west-1:111122223333:key/k";

for (
  const [what, action, resource, context] of [
    ["delete a dump", "s3:DeleteObject", object, {}],
    ["make a dump public", "s3:PutObjectAcl", object, {}],
    ["write beside the prefix", "s3:PutObject", `arn:aws:s3:::${bucket}/nightly/other`, {}],
    ["write into another bucket", "s3:PutObject", `arn:aws:s3:::backups/${prefix}/one.sql.gz`, {}],
    ["read beside the prefix", "s3:GetObject", `arn:aws:s3:::${bucket}/terraform.tfstate`, {}],
    ["list the bucket", "s3:ListBucket", `arn:aws:s3:::${bucket}`, {}],
    ["change the bucket", "s3:PutBucketPolicy", `arn:aws:s3:::${bucket}`, {}],
    ["decrypt by itself", "kms:Decrypt", key, {}],
    ["decrypt through RDS", "kms:Decrypt", key, { "kms:ViaService": ["rds.eu-west-1.amazonaws.com"] }],
  ] satisfies readonly (readonly [string, string, string, Permission["context"]])[]
) {
  Deno.test(`the policy does not let it ${what}`, () => {
    assertEquals(isGranted([policy], { action, resource, context }), false);
  });
}
