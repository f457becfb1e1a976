/** What `--reviewed` adds to the reviews that the program carries. @module */

import { readReviewedFile } from "../../scrub/coverage/reviewed.ts";
import type { Files } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** Entries by scrubber's name, checked; none without the option. */
export async function readReviews(
  given: ParsedOptions,
  files: Files,
): Promise<Readonly<Record<string, readonly Reviewed[]>>> {
  const path = given.text("reviewed");
  if (path === undefined) return {};
  const bytes = await files.read(path).catch((cause) => {
    throw usageError(
      `Cannot read ${given.label("reviewed")}: ${quoted(path)} is missing or not readable`,
      "Name a readable file.",
      { cause },
    );
  });
  return readReviewedFile(quoted(path), new TextDecoder().decode(bytes));
}
