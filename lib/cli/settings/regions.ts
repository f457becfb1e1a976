/** The region of a run, and those that its snapshots are copied to. @module */

import type { CopyTarget } from "../../core/settings.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import { refuseUnlikeKmsKey } from "./aws_names.ts";

const regionForm = /^[a-z]+(-[a-z]+)+-[0-9]+$/;

/** The key is noted in the value of a tag, beside a word; a tag has 256 characters. */
const longestKey = 240;

/** The region; undefined without the option. */
export function readRegion(parsed: ParsedOptions): string | undefined {
  const region = parsed.text("region");
  if (region !== undefined) refuseUnlikeRegion(parsed.label("region"), region);
  return region;
}

/**
 * The regions to copy to, each once, and not the run's where that is an option.
 *
 * @throws {ScrubError} `usage`
 */
export function readCopyTargets(parsed: ParsedOptions): readonly CopyTarget[] {
  const label = parsed.label("copy-to");
  const targets = new Map<string, CopyTarget>();
  for (const value of parsed.list("copy-to")) {
    // The key may be an ARN, with colons of its own.
    const [region = "", kmsKey] = [/^[^:]*/.exec(value)?.[0], /:(.*)$/s.exec(value)?.[1]];
    refuseUnlikeRegion(label, region);
    if (kmsKey !== undefined) refuseOtherKey(label, region, kmsKey);
    if (region === parsed.text("region")) {
      throw usageError(
        `Cannot use ${label}: ${region} is the region of the run`,
        "Leave it out: the snapshot is made and shared there.",
      );
    }
    if (targets.has(region)) throw usageError(`Cannot use ${label}: ${region} was given twice`, "Give it once.");
    targets.set(region, { region, ...(kmsKey !== undefined && { kmsKey }) });
  }
  return [...targets.values()];
}

function refuseUnlikeRegion(label: string, region: string): void {
  if (regionForm.test(region)) return;
  throw usageError(
    `Cannot use ${label}: ${quoted(region)} can't be the name of a region`,
    "Write a region's name, such as eu-west-1.",
  );
}

function refuseOtherKey(label: string, region: string, key: string): void {
  refuseUnlikeKmsKey(label, key);
  if (key.length > longestKey) {
    throw usageError(
      `Cannot use ${label}: the name of the key for ${region} has more than ${longestKey} characters`,
      "Give its id or ARN.",
    );
  }
  const of = /^arn:[^:]*:kms:([^:]*):/.exec(key)?.[1] ?? region;
  if (of === region) return;
  throw usageError(
    `Cannot use ${label}: the key is of ${of}, and a copy in ${region} needs one of that region`,
    `Give a key of ${region}.`,
  );
}
