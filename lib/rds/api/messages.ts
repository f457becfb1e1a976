/** Requests and answers of the RDS API: single records, tags, and parameters for the log. @module */

import { unexpectedAnswer } from "./errors.ts";

/**
 * The only record.
 *
 * @throws {RdsError} `aws-unavailable` if there is none, or more than one.
 */
export function exactlyOne<T>(action: string, records: readonly T[] | undefined): T {
  const [first, second] = records ?? [];
  if (first === undefined || second !== undefined) throw unexpectedAnswer(action, "exactly one record");
  return first;
}

/** Tags in AWS's form. */
export function awsTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Parameters for the log: only plain values, never a password or a signed URL. */
export function formatParams(input: object): string {
  return Object.entries(input)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => ` ${key}=${/password|presigned/i.test(key) && typeof value === "string" ? "****" : value}`)
    .join("");
}
