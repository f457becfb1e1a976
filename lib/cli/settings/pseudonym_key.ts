/** The pseudonym key of a run from a file. @module */

import { type Files, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

const fewestBytes = 32;
const newline = 0x0a;

/**
 * SHA-256 of the key file's bytes, without the newline that editors add at the end; undefined without the option.
 *
 * @throws {ScrubError} `usage`
 */
export async function readPseudonymKey(
  parsed: ParsedOptions,
  files: Files,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const path = parsed.text("pseudonym-key-file");
  if (path === undefined) return undefined;
  const label = parsed.label("pseudonym-key-file");
  const bytes = await readFileOf(label, path, files);
  const material = bytes.at(-1) === newline ? bytes.subarray(0, -1) : bytes;
  if (material.length < fewestBytes) {
    throw usageError(
      `Cannot use ${label}: ${quoted(path)} holds fewer than ${fewestBytes} bytes`,
      "Make one with: head -c 32 /dev/urandom > FILE",
    );
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", material));
}
