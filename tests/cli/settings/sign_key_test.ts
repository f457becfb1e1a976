/** The keys that reports are signed and checked with. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const report = '{ "runId": "run", "sources": [] }';
const contents: Readonly<Record<string, string>> = {
  "sign.pem": String(privateKey.export({ type: "pkcs8", format: "pem" })),
  "public.pem": String(publicKey.export({ type: "spki", format: "pem" })),
  "run.json": report,
  "run.json.intoto.json": "{}",
  "lonely.json": report,
};
const files: Files = {
  read: (path) =>
    contents[path] === undefined
      ? Promise.reject(new Deno.errors.NotFound("it is not there"))
      : Promise.resolve(new TextEncoder().encode(contents[path])),
  mode: () => Promise.resolve(0o600),
  list: () => Promise.reject(new Deno.errors.NotFound()),
  tryToWrite: () => Promise.resolve(),
};

async function outcome(args: string): Promise<string> {
  try {
    const command = await parseCommandLine(args.split(" "), {}, files);
    return "signKey" in command ? `${command.command}, ${command.signKey?.type}` : command.command;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

for (
  const [args, wanted] of [
    ["--mysql-instances a --report run.json --sign-key sign.pem", "scrub, private"],
    ["--mysql-instances a --sign-key sign.pem", "Cannot use --sign-key without --report: it signs the report"],
    ["--mysql-instances a --report run.json --sign-key gone.pem", 'Cannot read --sign-key: "gone.pem" does not exist'],
    [
      "--mysql-instances a --report run.json --sign-key public.pem",
      'Cannot use --sign-key: "public.pem" holds no Ed25519',
    ],
    ["--mysql-instances a --report run.json --sign-kms-key alias/signing", "scrub, undefined"],
    ["--mysql-instances a --sign-kms-key alias/signing", "Cannot use --sign-kms-key without --report"],
    ["--mysql-instances a --report run.json --sign-kms-key signing", '"signing" can\'t be a KMS key'],
    [
      "--mysql-instances a --report run.json --sign-kms-key alias/signing --sign-key sign.pem",
      "Cannot use --sign-kms-key with --sign-key: a report has one signature",
    ],
    ["--mysql-instances a --public-key public.pem", "Cannot use --public-key with a run: only verify-report takes it"],
    ["verify-report run.json --public-key public.pem", "verify-report"],
    ["verify-report run.json scrubbed-a --public-key public.pem", "verify-report"],
    ["verify-report lonely.json scrubbed-a --public-key public.pem", "verify-report"],
    ["verify-report lonely.json --public-key public.pem", 'Cannot read the signature: "lonely.json.intoto.json"'],
    ["verify-report run.json --public-key sign.pem", 'Cannot use --public-key: "sign.pem" holds no Ed25519 key'],
    ["verify-report run.json", "Cannot run verify-report: neither SNAPSHOT nor --public-key is given"],
    ["verify-report", "Cannot run verify-report: its FILE [SNAPSHOT] is missing"],
  ] as const
) {
  Deno.test(`"${args}" comes to ${wanted}`, async () => assertStringIncludes(await outcome(args), wanted));
}

Deno.test("no message about a key holds the key", async () => {
  const message = await outcome("verify-report run.json --public-key sign.pem");
  assertEquals(message.includes(contents["sign.pem"]?.split("\n")[1] ?? ""), false);
});
