/** A rule file that a command writes, and how messages name it. @module */

import { ScrubError } from "../../core/errors.ts";
import { replaceFile } from "../../report/write_file.ts";

/**
 * Rules that a person has read and changed are worth more than any draft.
 *
 * @throws {ScrubError} `usage` where the file is there.
 */
export async function refuseExisting(path: string): Promise<void> {
  const there = await Deno.lstat(path).then(() => true, () => false);
  if (!there) return;
  throw new ScrubError(
    "usage",
    `Cannot write ${JSON.stringify(path)}: it is there already`,
    "Name another file, or add --force to replace it.",
  );
}

/**
 * Writes the file as a whole.
 *
 * @throws {ScrubError} `usage` where it can't be written.
 */
export async function writeDraft(path: string, text: string): Promise<void> {
  await replaceFile(path, text, 0o644).catch((error) => {
    throw new ScrubError(
      "usage",
      `Cannot write ${JSON.stringify(path)}: ${error instanceof Error ? error.name : "an error"}`,
      "Name a file in a folder that is there, and that you may write to.",
    );
  });
}

/** The path as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
