/** Finds out before anything is restored whether its snapshot could be shared at the end. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import type { Key, Kms } from "../api/kms.ts";
import type { Source } from "./source.ts";

/** What the run is to do with the snapshot. */
export interface EncryptionWish {
  /** The key under which it is to be encrypted; absent: the source snapshot's. */
  readonly kmsKey?: string;
  readonly shareWith: readonly string[];
}

/**
 * Gives warnings about what may fail, or is not known. Throws a ScrubError where sharing is impossible, or the key can't be
 * used: a snapshot encrypted with the account's default key can never be shared (RDS Guide, "Sharing encrypted snapshots").
 */
export async function checkEncryption(
  kms: Kms,
  source: Source,
  { kmsKey, shareWith }: EncryptionWish,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { snapshot } = source;
  const id = kmsKey ?? (snapshot.encrypted ? snapshot.kmsKeyId : undefined);
  if (id === undefined || kmsKey === undefined && shareWith.length === 0) return [];
  const whose = kmsKey === undefined ? `the key "${id}" of snapshot "${snapshot.id}"` : `the key "${kmsKey}"`;
  let key: Key;
  try {
    key = await kms.key(id, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) {
      return [
        `it is not known whether ${whose} is the account's default key, with which a snapshot can never be shared: ` +
        "allow kms:DescribeKey to find out before the restore",
      ];
    }
    if (!isRdsError(error, "NotFoundException", "InvalidArnException")) throw error;
    throw new ScrubError(
      "encryption",
      `Cannot encrypt with ${whose}: KMS does not know it`,
      "Check its name, account and region.",
      { cause: error },
    );
  }
  if (!key.enabled) {
    throw new ScrubError(
      "encryption",
      `Cannot encrypt with ${whose}: it is not enabled`,
      "Enable it, or give another one with --kms-key.",
    );
  }
  if (shareWith.length === 0) return [];
  if (key.awsManaged) {
    throw new ScrubError(
      "encryption",
      `Cannot share a snapshot of "${source.name}": ${whose} is managed by AWS, as the account's default key is, and what ` +
        "it encrypts can never be shared",
      "Give --kms-key with a key of your own that the receivers may use, or no --share-with.",
    );
  }
  return await unnamedReceivers(kms, key, whose, shareWith, signal);
}

async function unnamedReceivers(
  kms: Kms,
  key: Key,
  whose: string,
  receivers: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const named = principalsOf(await kms.policy(key.arn, signal));
    const unnamed = receivers.filter((account) => !named.has("*") && !named.has(account));
    return unnamed.length === 0 ? [] : [
      `the policy of ${whose} names no principal of ${
        unnamed.join(", ")
      }: without a grant they cannot use the snapshot`,
    ];
  } catch (error) {
    if (!isRdsError(error, ...denials)) throw error;
    return [`it is not known whether the receivers may use ${whose}: allow kms:GetKeyPolicy to find out`];
  }
}

/** Accounts of the principals that a policy allows anything; `*` for everybody. */
function principalsOf(policy: string): ReadonlySet<string> {
  const accounts = new Set<string>();
  const read = (value: unknown): void => {
    if (value === "*") accounts.add("*");
    else if (typeof value === "string") accounts.add(/\b\d{12}\b/.exec(value)?.[0] ?? "");
    else if (Array.isArray(value)) value.forEach(read);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(read);
  };
  const statements = [fieldOf(parse(policy), "Statement")].flat();
  for (const statement of statements) {
    if (fieldOf(statement, "Effect") === "Allow") read(fieldOf(statement, "Principal"));
  }
  return accounts;
}

function parse(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return undefined; // then nobody is named, which is said
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
