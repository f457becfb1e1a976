/** What `--reviewed` adds to the reviews that the program carries. @module */

import { readReviewedFile, type Reviewed } from "../scrub/reviewed.ts";
import type { Files } from "./files.ts";
import type { Given } from "./given.ts";
import { quoted, usageError } from "./usage_error.ts";

/** Entries by scrubber's name, checked; none without the option. */
export async function readReviews(given: Given, files: Files): Promise<Readonly<Record<string, readonly Reviewed[]>>> {
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
