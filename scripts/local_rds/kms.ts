/** KMS's DescribeKey, GetKeyPolicy and Sign, at the same endpoint. @module */

import { generateKeyPairSync, sign } from "node:crypto";
import type { Config } from "./state.ts";

/** The keys: RDS's default key, a customer managed one, a disabled one, and one that signs. */
export const keys = {
  default: "d0d0d0d0-0000-4000-8000-000000000000",
  customer: "c0c0c0c0-0000-4000-8000-000000000000",
  disabled: "b0b0b0b0-0000-4000-8000-000000000000",
  signing: "a0a0a0a0-0000-4000-8000-000000000000",
} as const;

const aliases: Readonly<Record<string, string>> = {
  "alias/aws/rds": keys.default,
  "alias/customer": keys.customer,
  "alias/disabled": keys.disabled,
  "alias/signing": keys.signing,
};

const signing = generateKeyPairSync("ed25519");

/** The public key of the one that signs, in PEM. */
export const signingPublicKey = String(signing.publicKey.export({ type: "spki", format: "pem" }));

/** An answer in KMS's JSON. */
export interface KmsAnswer {
  readonly status: number;
  readonly body: string;
}

/** Accounts in the policy of the customer managed key, besides its owner. */
export const keyUsers = ["123456789012", "444455556666"] as const;

/** The id of a region's key, by id, ARN or alias. */
function keyOf({ region, account }: Config, wanted: string): string | undefined {
  const prefix = `arn:aws:kms:${region}:${account}:`;
  const name = (wanted.startsWith(prefix) ? wanted.slice(prefix.length) : wanted).replace(/^key\//, "");
  return aliases[name] ?? Object.values(keys).find((key) => key === name);
}

/** Whether a region has this key. */
export function isKeyOf(config: Config, wanted: string): boolean {
  return keyOf(config, wanted) !== undefined;
}

/** Answers DescribeKey, GetKeyPolicy and Sign. `target`: the header that names the operation. */
export function answerKms(config: Config, target: string, body: string): KmsAnswer {
  const { region, account } = config;
  const wanted = String(Object(JSON.parse(body)).KeyId);
  const id = keyOf(config, wanted);
  if (id === undefined) return failure(400, "NotFoundException", `Key '${wanted}' does not exist`);
  const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
  switch (target) {
    case "TrentService.DescribeKey":
      return success({
        KeyMetadata: {
          KeyId: id,
          Arn: arn,
          KeyManager: id === keys.default ? "AWS" : "CUSTOMER",
          KeyState: id === keys.disabled ? "Disabled" : "Enabled",
          KeyUsage: id === keys.signing ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
          KeySpec: id === keys.signing ? "ECC_NIST_EDWARDS25519" : "SYMMETRIC_DEFAULT",
        },
      });
    case "TrentService.GetKeyPolicy": {
      const principals = [account, ...keyUsers].map((user) => `arn:aws:iam::${user}:root`);
      const statement = { Effect: "Allow", Principal: { AWS: principals }, Action: "kms:*", Resource: "*" };
      return success({ PolicyName: "default", Policy: JSON.stringify({ Statement: [statement] }) });
    }
    case "TrentService.Sign": {
      const { Message, MessageType, SigningAlgorithm } = JSON.parse(body);
      if (id !== keys.signing) return failure(400, "InvalidKeyUsageException", `${arn} key usage is ENCRYPT_DECRYPT`);
      if (MessageType !== "RAW" || SigningAlgorithm !== "ED25519_SHA_512") {
        return failure(400, "ValidationException", "Algorithm or message type does not fit the key");
      }
      const message = Uint8Array.fromBase64(Message);
      if (message.length > 4096) return failure(400, "ValidationException", "Message is longer than 4096 bytes");
      return success({
        KeyId: arn,
        Signature: sign(null, message, signing.privateKey).toString("base64"),
        SigningAlgorithm,
      });
    }
    default:
      return failure(400, "UnknownOperationException", target);
  }
}

/** The error for a missing permission. */
export function denied(target: string): KmsAnswer {
  const action = target.replace("TrentService.", "kms:");
  return failure(400, "AccessDeniedException", `User is not authorized to perform: ${action} on this resource`);
}

function success(body: unknown): KmsAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

function failure(status: number, type: string, message: string): KmsAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}
