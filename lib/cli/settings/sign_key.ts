/** The keys that reports are signed and checked with, from PEM files. @module */

import { readAwsName } from "./aws_names.ts";
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
  if (key !== undefined) requireReport(parsed, "sign-key");
  return key;
}

/**
 * The key of `--sign-kms-key`; undefined without the option.
 *
 * @throws {ScrubError} `usage` if it cannot be a key, if there is no report to sign, or `--sign-key` signs it.
 */
export function readSignKmsKey(parsed: ParsedOptions): string | undefined {
  const key = readAwsName(parsed, "sign-kms-key");
  if (key === undefined) return undefined;
  requireReport(parsed, "sign-kms-key");
  if (parsed.text("sign-key") === undefined) return key;
  throw usageError(
    `Cannot use ${parsed.label("sign-kms-key")} with ${parsed.label("sign-key")}: a report has one signature`,
    "Give one of them.",
  );
}

function requireReport(parsed: ParsedOptions, name: "sign-key" | "sign-kms-key"): void {
  if (parsed.text("report") !== undefined) return;
  throw usageError(
    `Cannot use ${parsed.label(name)} without --report: it signs the report`,
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
