/** Whether KMS's key can sign the report: found out before the restore, not at the end of the run. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import type { Key, Kms } from "../api/kms.ts";

const howTo = "Make one with: aws kms create-key --key-usage SIGN_VERIFY --key-spec ECC_NIST_EDWARDS25519";

/**
 * Checks the key of `--sign-kms-key`, if there is one. Warnings for the report.
 *
 * @throws {ScrubError} `signing` for a key that cannot sign a report.
 */
export async function checkSigningKey(
  kms: Kms,
  id: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (id === undefined) return [];
  let key: Key;
  try {
    key = await kms.key(id, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) {
      return [`it is not known whether the key "${id}" can sign: allow kms:DescribeKey to check before the restore`];
    }
    if (!isRdsError(error, "NotFoundException", "InvalidArnException")) throw error;
    throw refused(id, "KMS does not know it", "Check its name, account and region.", error);
  }
  if (!key.enabled) throw refused(id, "it is not enabled", "Enable it, or give another one with --sign-kms-key.");
  if (!key.signs) throw refused(id, "it is no Ed25519 key for signatures", howTo);
  return [];
}

function refused(id: string, why: string, hint: string, cause?: unknown): ScrubError {
  return new ScrubError("signing", `Cannot sign the report with the key "${id}": ${why}`, hint, { cause });
}
