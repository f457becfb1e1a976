/** Every wrong input is refused before anything is called: with its status and code, and a sentence that says what to do. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { withPassword } from "../../lib/cli/commands/password.ts";
import { scrubbersText } from "../../lib/cli/commands/scrubbers.ts";
import { strategiesText } from "../../lib/cli/commands/strategies.ts";
import type { Files } from "../../lib/cli/parse/files.ts";
import { failureStatus } from "../../lib/core/exit_status.ts";
import { failureOf } from "../../lib/fleet/failure.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import { secrets, type WrongInput, wrongInputs } from "./wrong_inputs.ts";

const report = '{ "version": 1, "runId": "0", "sources": [] }';
const service = "[shop]\nhost=other.example\npassword=hunter2\n";

/** Files by path, with their permissions. */
const contents: Readonly<Record<string, readonly [text: string | Uint8Array<ArrayBuffer>, mode: number]>> = {
  "/empty": ["", 0o600],
  "/binary": [new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 0o600],
  "/latin1": [new Uint8Array([0x6d, 0xe4, 0x0a]), 0o600],
  "/home/open/.pgpass": ["*:*:*:*:hunter2\n", 0o640],
  "/home/open/.my.cnf": ["[client]\npassword=hunter2\n", 0o666],
  "/home/other/.my.cnf": ["[client]\nhost=other.example\npassword=hunter2\n", 0o600],
  "/home/other/.pg_service.conf": [service, 0o600],
  "run.json": [report, 0o600],
};

function filesOf({ config = "region: eu-west-1", reviewed = "{}" }: WrongInput): Files {
  const found = (path: string) => {
    if (path === "/folder") throw new Deno.errors.IsADirectory();
    if (path.startsWith("/closed/")) throw new Deno.errors.PermissionDenied();
    if (path.startsWith("/file/")) throw new Deno.errors.NotADirectory();
    const file = { ...contents, "c.yaml": [config, 0o600] as const, "reviewed.json": [reviewed, 0o600] as const }[path];
    if (file === undefined) throw new Deno.errors.NotFound();
    return file;
  };
  return {
    read: (path) =>
      Promise.try(() => {
        const [text] = found(path);
        return typeof text === "string" ? new TextEncoder().encode(text) : text;
      }),
    mode: (path) => Promise.try(() => found(path)[1]),
    list: () => Promise.reject(new Deno.errors.NotFound()),
    tryToWrite: (path) =>
      Promise.try(() => {
        if (path === "/folder") throw new Deno.errors.IsADirectory();
        if (path.startsWith("/closed/")) throw new Deno.errors.PermissionDenied();
        if (path.startsWith("/gone/")) throw new Deno.errors.NotFound();
      }),
  };
}

/** What comes of an input before a worker or AWS is asked anything. */
async function attempt(input: WrongInput, args: readonly string[]): Promise<void> {
  const command = await parseCommandLine(args, { HOME: "/home/none", ...input.environment }, filesOf(input));
  if (command.command === "scrubbers") scrubbersText(scrubbers, command);
  if (command.command === "strategies") strategiesText(command);
  if (command.command === "review" || command.command === "plan") await withPassword(command.request);
}

for (const input of wrongInputs) {
  const { args: typed, environment = {}, status = 2, code = "usage", says, advises } = input;
  const args = typeof typed === "string" ? typed.split(" ").filter((word) => word !== "") : typed;
  const shown = [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...args].join(" ");
  const inside = [input.config, input.reviewed].filter((text) => text !== undefined).map((text) => ` with ${text}`);
  Deno.test(`datascrubber ${shown}${inside.join("")} says ${says}`, async () => {
    const error = await attempt(input, args).then(() => assert(false, "taken"), (error) => error);
    const failure = failureOf(error);
    assertEquals([failureStatus(failure), failure.code], [status, code], failure.message);
    assertStringIncludes(failure.message, says);
    assertStringIncludes(failure.hint, advises);
    assertMatch(failure.message, /^Cannot [^\n]+[^.\n]$/);
    assertMatch(failure.hint, /^[A-Z-][^\n]+[.?]$|^datascrubber [^\n]+\.$|^Make one with: /);
    for (const secret of secrets) assert(!`${failure.message}${failure.hint}`.includes(secret), "repeats a secret");
  });
}

Deno.test(`the table has ${wrongInputs.length} inputs, no two the same`, () => {
  const keys = wrongInputs.map((input) => JSON.stringify({ ...input, says: "", advises: "" }));
  assertEquals(keys.length, new Set(keys).size);
  assert(wrongInputs.length >= 150);
});
