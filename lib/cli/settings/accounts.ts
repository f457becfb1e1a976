/** The accounts to share with, checked. @module */

import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/** RDS's own limit for a snapshot. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
const mostAccounts = 20;

/**
 * Account ids of 12 digits, each once.
 *
 * @throws {ScrubError} `usage`
 */
export function readAccounts(parsed: ParsedOptions): readonly string[] {
  const label = parsed.label("share-with");
  const accounts = [...new Set(parsed.list("share-with"))];
  for (const account of accounts) {
    if (/^[0-9]{12}$/.test(account)) continue;
    throw usageError(
      `Cannot use ${label}: ${quoted(account)} is not an AWS account id of 12 digits`,
      /^[0-9]{9}$/.test(account)
        ? "Write all 12 digits, with leading zeros; the ids of 9 digits in earlier versions' examples were made up."
        : "Write the 12 digits alone, with leading zeros.",
    );
  }
  if (accounts.length > mostAccounts) {
    throw usageError(
      `Cannot use ${label}: ${accounts.length} accounts are more than the ${mostAccounts} that RDS allows for a snapshot`,
      "Leave some out.",
    );
  }
  return accounts;
}
