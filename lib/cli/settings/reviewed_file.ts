/** The file of `--reviewed`: of one scrubber, or of several by name. A run reads it; `review` writes it as well. @module */

import { parseReviewedJson, readReviewed, readReviewedFile } from "../../scrub/coverage/reviewed.ts";
import { type Files, readTextOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import { closestName } from "../../core/closest_name.ts";
import type { ReadRuleFile } from "../../core/rule_file.ts";
import { allScrubbers } from "./rule_files.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** The file, and what is in it. */
export interface ReviewedFile {
  readonly path: string;
  /** Absent: there is no such file yet. */
  readonly text?: string;
  /** By scrubber's name; or a list, as in the file beside a scrubber. */
  readonly entries: Readonly<Record<string, readonly Reviewed[]>> | readonly Reviewed[];
}

/** Longer lines are broken. */
const longest = 120;

/** What the option adds to the reviews that the program carries, by scrubber's name; nothing without the option. */
export async function readReviews(
  parsed: ParsedOptions,
  files: Files,
  ruleFiles: readonly ReadRuleFile[],
): Promise<Readonly<Record<string, readonly Reviewed[]>>> {
  const path = parsed.text("reviewed");
  if (path === undefined) return {};
  const text = await readTextOf(parsed.label("reviewed"), path, files);
  const entries = readReviewedFile(quoted(path), text);
  await refuseUnknown(parsed.label("reviewed"), path, Object.keys(entries), ruleFiles);
  return entries;
}

/** Reads the file for `review` and `plan`; undefined without the option. `mayBeMissing`: `review` is about to write it. */
export async function readReviewedFileOf(
  parsed: ParsedOptions,
  files: Files,
  ruleFiles: readonly ReadRuleFile[],
  mayBeMissing: boolean,
): Promise<ReviewedFile | undefined> {
  const path = parsed.text("reviewed");
  if (path === undefined) return undefined;
  const text = await readTextOf(parsed.label("reviewed"), path, files).catch((error) => {
    if (mayBeMissing && error.cause instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return { path, entries: {} };
  const entries = text.trimStart().startsWith("[")
    ? readReviewed(quoted(path), parseReviewedJson(quoted(path), text))
    : readReviewedFile(quoted(path), text);
  if (!isList(entries)) await refuseUnknown(parsed.label("reviewed"), path, Object.keys(entries), ruleFiles);
  return { path, text, entries };
}

/** Entries for a scrubber that does not exist would be ignored in silence. */
async function refuseUnknown(
  label: string,
  path: string,
  named: readonly string[],
  ruleFiles: readonly ReadRuleFile[],
): Promise<void> {
  const known = (await allScrubbers(ruleFiles)).map(({ name }) => name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = closestName(unknown, known);
  throw usageError(
    `Cannot use ${label}: ${quoted(path)} has entries for ${quoted(unknown)}, and there is no such scrubber`,
    meant === undefined ? `Name one of ${known.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

/**
 * The file's new text: the entries before, in their order, and then the new ones. A column that was reviewed as another type
 * loses that review.
 */
export function withEntries(file: ReviewedFile, scrubber: string, added: readonly Reviewed[]): string {
  const renewed = new Set(added.flatMap((entry) => "column" in entry ? [keyOf(entry.table, entry.column)] : []));
  const grown = (list: readonly Reviewed[]) => [...list.flatMap((entry) => without(entry, renewed)), ...added];
  // Parsed anew, so that members keep their order; readReviewedFileOf has checked it.
  const entries: ReviewedFile["entries"] = file.text === undefined ? {} : JSON.parse(file.text);
  const value = isList(entries) ? grown(entries) : { ...entries, [scrubber]: grown(entries[scrubber] ?? []) };
  return `${printed(value, 0, "")}\n`;
}

function without(entry: Reviewed, columns: ReadonlySet<string>): readonly Reviewed[] {
  if ("column" in entry) return columns.has(keyOf(entry.table, entry.column)) ? [] : [entry];
  if (!("group" in entry)) return [entry];
  const kept = Object.entries(entry.columns).flatMap(([table, types]) => {
    const left = Object.entries(types).filter(([column]) => !columns.has(keyOf(table, column)));
    return left.length === 0 ? [] : [[table, Object.fromEntries(left)] as const];
  });
  return kept.length === 0 ? [] : [{ ...entry, columns: Object.fromEntries(kept) }];
}

/** JSON with each inner object on one line where it fits, so that a diff shows only what was added. */
function printed(value: unknown, indent: number, before: string): string {
  const flat = onOneLine(value);
  const short = indent + before.length + flat.length < longest && indent > 0 && !Array.isArray(value);
  if (short || typeof value !== "object" || value === null) return flat;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const lines = membersOf(value).map(([name, one]) => " ".repeat(indent + 2) + name + printed(one, indent + 2, name));
  return lines.length === 0 ? open + close : `${open}\n${lines.join(",\n")}\n${" ".repeat(indent)}${close}`;
}

function onOneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = membersOf(value).map(([name, one]) => name + onOneLine(one)).join(", ");
  if (Array.isArray(value)) return `[${members}]`;
  return members === "" ? "{}" : `{ ${members} }`;
}

function membersOf(value: object): readonly (readonly [name: string, value: unknown])[] {
  if (Array.isArray(value)) return value.map((one) => ["", one] as const);
  return Object.entries(value).map(([name, one]) => [`${JSON.stringify(name)}: `, one] as const);
}

function keyOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

function isList(entries: ReviewedFile["entries"]): entries is readonly Reviewed[] {
  return Array.isArray(entries);
}
