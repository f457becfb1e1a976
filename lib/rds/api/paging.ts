/** What calls of the RDS API have in common: lists in pages, single records, tags, and their line in the log. @module */

import { unexpectedAnswer } from "./errors.ts";

/** The one record that was asked for; nothing, or more than one, is no answer. */
export function exactlyOne<T>(action: string, records: readonly T[] | undefined): T {
  const [first, second] = records ?? [];
  if (first === undefined || second !== undefined) throw unexpectedAnswer(action, "exactly one record");
  return first;
}

/** All records of a list, page by page. An answer without a list, or a marker that comes twice, is no answer. */
export async function readPages<T>(
  action: string,
  read: (marker: string | undefined) => Promise<{ items: readonly T[] | undefined; marker: string | undefined }>,
): Promise<readonly T[]> {
  const found: T[] = [];
  const seen = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await read(marker);
    if (page.items === undefined) throw unexpectedAnswer(action, "list");
    found.push(...page.items);
    marker = page.marker || undefined;
    if (marker !== undefined && seen.has(marker)) throw unexpectedAnswer(action, "last page");
    seen.add(marker ?? "");
  } while (marker !== undefined);
  return found;
}

/** Tags as AWS takes them. */
export function awsTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Parameters for the log: plain values only, and never a password. */
export function formatParams(input: object): string {
  return Object.entries(input)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => ` ${key}=${/password/i.test(key) && typeof value === "string" ? "****" : value}`)
    .join("");
}
