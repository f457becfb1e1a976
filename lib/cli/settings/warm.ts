/** Reads how many sessions read the workspace's volume ahead. @module */

import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/** As many as S3 and any volume have a use for. */
const most = 256;

/**
 * `--warm`; undefined where the run decides.
 *
 * @throws {ScrubError} `usage`
 */
export function readWarm(parsed: ParsedOptions): number | "off" | undefined {
  const value = parsed.text("warm");
  const word = value?.toLowerCase();
  if (value === undefined || word === "auto") return undefined;
  if (word === "off") return "off";
  if (/^[1-9]\d*$/.test(value) && Number(value) <= most) return Number(value);
  throw usageError(
    `Cannot use ${parsed.label("warm")}: ${quoted(value)} is neither auto, off nor a number of sessions`,
    `Choose auto or off, or give a whole number from 1 to ${most}.`,
  );
}
