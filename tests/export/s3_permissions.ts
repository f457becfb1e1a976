/** Which permissions each call of S3 needs: the Service Authorization Reference, and S3's pages on SSE-KMS. @module */

import type { Permission } from "../../scripts/local_rds/iam.ts";
import type { Call } from "./local_s3.ts";

const region = "eu-west-1";

/** What a call is about. */
export interface Asked {
  readonly bucket: string;
  readonly key: string;
  /** Those that say how the object is encrypted: the call's, or where parts are concerned those of the upload's beginning. */
  readonly headers: Headers;
}

/** The permissions that a call needs, all of them. */
export function requiredPermissions(call: Call, { bucket, key, headers }: Asked): readonly Permission[] {
  const object = `arn:aws:s3:::${bucket}/${key}`;
  switch (call) {
    case "put":
      return [permission("s3:PutObject", object), ...keyPermissions(headers, ["GenerateDataKey"])];
    case "create":
    case "part":
    case "complete": // S3 reads the parts again
      return [permission("s3:PutObject", object), ...keyPermissions(headers, ["GenerateDataKey", "Decrypt"])];
    case "head":
      return [permission("s3:GetObject", object)];
    case "abort":
      return [permission("s3:AbortMultipartUpload", object)];
    case "list":
      return [permission("s3:ListBucketMultipartUploads", `arn:aws:s3:::${bucket}`)];
  }
}

/** S3 uses a key in the name of whoever calls it. */
function keyPermissions(headers: Headers, actions: readonly string[]): readonly Permission[] {
  if (headers.get("x-amz-server-side-encryption") !== "aws:kms") return [];
  const key = headers.get("x-amz-server-side-encryption-aws-kms-key-id") ?? "aws-s3";
  const context = { "kms:ViaService": [`s3.${region}.amazonaws.com`] };
  return actions.map((action) => permission(`kms:${action}`, `arn:aws:kms:${region}:111122223333:key/${key}`, context));
}

function permission(action: string, resource: string, context: Permission["context"] = {}): Permission {
  return { action, resource, context };
}
