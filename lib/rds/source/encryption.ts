/** Checks before the restore that the final snapshot can be encrypted and shared. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import type { Key, Kms } from "../api/kms.ts";
import type { Source } from "./source.ts";

/** How the final snapshot is to be encrypted and shared. */
export interface EncryptionOptions {
  /** Absent: the source snapshot's key. */
  readonly kmsKey?: string;
  readonly shareWith: readonly string[];
}

/**
 * Gives warnings if sharing may fail, or this cannot be checked.
 *
 * @throws {ScrubError} `encryption` if the key cannot be used, or the snapshot not be shared: one encrypted with the account's
 * default key never can (RDS Guide, "Sharing encrypted snapshots").
 */
export async function checkEncryption(
  kms: Kms,
  source: Source,
  { kmsKey, shareWith }: EncryptionOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { snapshot } = source;
  const id = kmsKey ?? (snapshot.encrypted ? snapshot.kmsKeyId : undefined);
  if (id === undefined || kmsKey === undefined && shareWith.length === 0) return [];
  const whose = kmsKey === undefined ? `the key "${id}" of snapshot "${snapshot.id}"` : `the key "${kmsKey}"`;
  return await checkKey(kms, { id, whose, source: source.name, option: "--kms-key", shareWith }, signal);
}

/** A key, and what it is to be used for. */
export interface KeyUse {
  readonly id: string;
  /** How messages call it. */
  readonly whose: string;
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
  /** The option that another key is given with. */
  readonly option: string;
  readonly shareWith: readonly string[];
}

/**
 * Checks one key, as {@linkcode checkEncryption}.
 *
 * @throws {ScrubError} `encryption`
 */
export async function checkKey(
  kms: Kms,
  { id, whose, source, option, shareWith }: KeyUse,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let key: Key;
  try {
    key = await kms.key(id, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) {
      return [
        `it is not known whether ${whose} is the account's default key, with which a snapshot can never be shared: ` +
        "allow kms:DescribeKey to check before the restore",
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
      `Enable it, or give another one with ${option}.`,
    );
  }
  if (shareWith.length === 0) return [];
  if (key.awsManaged) {
    throw new ScrubError(
      "encryption",
      `Cannot share a snapshot of "${source}": ${whose} is managed by AWS, as the account's default key is, and what ` +
        "it encrypts can never be shared",
      `Give ${option} with a customer managed key that the receivers may use, or no --share-with.`,
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
    return [`it is not known whether the receivers may use ${whose}: allow kms:GetKeyPolicy to check`];
  }
}

/** Accounts of the principals that a policy allows anything; `*`: every account. */
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
    return undefined; // names no principal, which gives a warning
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
