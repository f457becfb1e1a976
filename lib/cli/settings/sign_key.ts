/** The keys that reports are signed and checked with, from PEM files. @module */

import { type Files, readFileOf } from "../parse/files.ts";
import type { OptionNameOf } from "../options/options.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import { importSigningKey, importVerificationKey } from "../../report/signed_statement.ts";

/**
 * The private key of `--sign-key`; undefined without the option.
 *
 * @throws {ScrubError} `usage` if the file cannot be read or holds no such key, or if there is no report to sign.
 */
export async function readSignKey(parsed: ParsedOptions, files: Files): Promise<CryptoKey | undefined> {
  const key = await readKey(parsed, files, "sign-key", importSigningKey, "openssl genpkey -algorithm ed25519");
  if (key === undefined || parsed.text("report") !== undefined) return key;
  throw usageError(
    `Cannot use ${parsed.label("sign-key")} without --report: it signs the report`,
    "Give --report too, or leave it out.",
  );
}

/**
 * The public key of `--public-key`; undefined without the option.
 *
 * @throws {ScrubError} `usage` if the file cannot be read or holds no such key.
 */
export async function readPublicKey(parsed: ParsedOptions, files: Files): Promise<CryptoKey | undefined> {
  return await readKey(parsed, files, "public-key", importVerificationKey, "openssl pkey -pubout -in SIGN-KEY");
}

async function readKey(
  parsed: ParsedOptions,
  files: Files,
  name: OptionNameOf<"text">,
  read: (pem: string) => Promise<CryptoKey>,
  howTo: string,
): Promise<CryptoKey | undefined> {
  const path = parsed.text(name);
  if (path === undefined) return undefined;
  const pem = new TextDecoder().decode(await readFileOf(parsed.label(name), path, files));
  return await read(pem).catch((cause) => {
    throw usageError(
      `Cannot use ${parsed.label(name)}: ${quoted(path)} holds no Ed25519 key in PEM (${cause.message})`,
      `Make it with: ${howTo}`,
      { cause },
    );
  });
}
