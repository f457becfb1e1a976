/** Access to files while options are read. @module */

import { quoted, usageError } from "./usage_error.ts";

/** The part of the file system that reading options needs. */
export interface Files {
  /** The file's bytes; rejects if it can't be read. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The file's permission bits, such as `0o600`; rejects where there is none. */
  mode(path: string): Promise<number>;
  /** The names in a folder; undefined where the path is no folder; rejects where there is nothing, or it can't be read. */
  list(path: string): Promise<readonly string[] | undefined>;
  /** Rejects if no file can be created or replaced at this path; leaves nothing there. */
  tryToWrite(path: string): Promise<void>;
}

/** The real file system. */
export const systemFiles: Files = {
  read: (path) => Deno.readFile(path),

  async mode(path) {
    const { mode } = await Deno.stat(path);
    return (mode ?? 0) & 0o777;
  },

  async list(path) {
    if (!(await Deno.stat(path)).isDirectory) return undefined;
    return (await Array.fromAsync(Deno.readDir(path))).filter(({ isDirectory }) => !isDirectory).map(({ name }) =>
      name
    );
  },

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
    throw usageError(`Cannot read ${label}: ${quoted(path)} ${obstacleOf(cause)}`, adviceOn(cause), { cause });
  });
}

/**
 * The text of a file that an option names.
 *
 * @throws {ScrubError} `usage` where the file can't be read, is empty, or is not text in UTF-8.
 */
export async function readTextOf(label: string, path: string, files: Files): Promise<string> {
  const bytes = await readFileOf(label, path, files);
  const text = decodeText(bytes);
  if (text === undefined) {
    throw usageError(`Cannot use ${label}: ${quoted(path)} is not text in UTF-8`, "Name a text file, saved as UTF-8.");
  }
  if (text.trim() === "") throw usageError(`Cannot use ${label}: ${quoted(path)} is empty`, "Name another file.");
  return text;
}

/** UTF-8 as text; undefined for anything else, also for text with a NUL, which is a file of another kind. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Why a file can't be read or written, as the end of a sentence. */
export function obstacleOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "does not exist";
  if (error instanceof Deno.errors.PermissionDenied) return "is closed to this user";
  if (error instanceof Deno.errors.IsADirectory) return "is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "has a file where a folder should be";
  return "can't be opened";
}

function adviceOn(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "Check the path; a relative one begins at the working directory.";
  if (error instanceof Deno.errors.PermissionDenied) return "Let this user read it, or name another file.";
  if (error instanceof Deno.errors.IsADirectory) return "Name a file in it.";
  return "Name a readable file.";
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash + 1);
}
