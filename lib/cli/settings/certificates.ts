/** The CA certificates that verify database connections. @module */

import { type Files, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

const certificate = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * The certificates of `--tls-ca` in PEM, without anything else in its file; without the option, Amazon's roots.
 *
 * @throws {ScrubError} `usage`
 */
export async function readCertificates(parsed: ParsedOptions, files: Files): Promise<string> {
  const path = parsed.text("tls-ca");
  // Loaded only here: the roots are large.
  if (path === undefined) return (await import("./tls_roots.ts")).rdsRoots;
  const label = parsed.label("tls-ca");
  const bytes = await readFileOf(label, path, files);
  const found = [...new TextDecoder().decode(bytes).matchAll(certificate)];
  if (found.length === 0 || !found.every(([, body]) => isDer(body ?? ""))) {
    throw usageError(
      `Cannot use ${label}: ${quoted(path)} does not hold certificates in PEM`,
      "Name a file with one or more whole BEGIN CERTIFICATE blocks.",
    );
  }
  return found.map(([block]) => `${block}\n`).join("");
}

/** Whether it is one whole DER sequence; a truncated certificate is not. */
function isDer(base64: string): boolean {
  try {
    const bytes = Uint8Array.fromBase64(base64.replace(/\s/g, ""));
    const [tag, form, high = 0, low = 0] = bytes;
    return tag === 0x30 && form === 0x82 && bytes.length === 4 + high * 256 + low;
  } catch {
    return false;
  }
}
