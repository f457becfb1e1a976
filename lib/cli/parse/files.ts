/** Access to files while options are read. @module */

import { quoted, usageError } from "./usage_error.ts";

/** The part of the file system that reading options needs. */
export interface Files {
  /** The file's bytes; rejects if it can't be read. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Rejects if no file can be created or replaced at this path; leaves nothing there. */
  tryToWrite(path: string): Promise<void>;
}

/** The real file system. */
export const systemFiles: Files = {
  read: (path) => Deno.readFile(path),

  async tryToWrite(path) {
    const isFolder = await Deno.stat(path).then((found) => found.isDirectory, () => false);
    if (isFolder || path.endsWith("/")) throw new Deno.errors.IsADirectory("it is a folder");
    const probe = await Deno.makeTempFile({ dir: folderOf(path), prefix: ".datascrubber-" });
    await Deno.remove(probe);
  },
};

/**
 * The bytes of a file that an option names. `label`: the option, for the message.
 *
 * @throws {ScrubError} `usage` where the file can't be read.
 */
export async function readFileOf(label: string, path: string, files: Files): Promise<Uint8Array<ArrayBuffer>> {
  return await files.read(path).catch((cause) => {
    throw usageError(`Cannot read ${label}: ${quoted(path)} is missing or not readable`, "Name a readable file.", {
      cause,
    });
  });
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash + 1);
}
