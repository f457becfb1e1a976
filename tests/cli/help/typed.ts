/** Command lines as people type them, for tests that parse them. @module */

import { generateKeyPairSync } from "node:crypto";
import type { Files } from "../../../lib/cli/parse/files.ts";

/** Every file that an example names. */
const contents: Readonly<Record<string, string>> = {
  "run.json": '{ "version": 1, "runId": "0", "sources": [] }',
  "run.json.intoto.json": "{}",
  "public.pem": String(generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" })),
  "reviewed.json": "{}",
  "docs/reviewed.json": "{}",
  "strategy.yml": "tables: {}",
  "orders.yaml": "database: orders\nengine: postgresql",
  "nightly.yaml": "mysql-instances: blog",
  "/etc/datascrubber/nightly.yaml": "mysql-instances: blog",
};

/** They can be read. */
export const files: Files = {
  read(path) {
    const text = contents[path];
    if (text === undefined) return Promise.reject(new Deno.errors.NotFound(path));
    return Promise.resolve(new TextEncoder().encode(text));
  },
  mode: () => Promise.resolve(0o600),
  list: (path) => path in contents ? Promise.resolve(undefined) : Promise.reject(new Deno.errors.NotFound()),
  tryToWrite: () => Promise.resolve(),
};

/** What a program gets of a typed line. */
export interface Typed {
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** What a shell makes of an example: variables before the program, and its arguments up to a pipe, redirection or comment. */
export function typed(line: string): Typed {
  const [, variables = "", behind = ""] = /^(.*?)(?:\bsudo )?(?:eval "\$\()?\bdatascrubber\b(.*)$/.exec(line) ?? [];
  const [args = ""] = behind.replace(/\)"$/, "").split(/ [>|#] /);
  const pairs = variables.trim().split(/\s+/).filter((word) => word.includes("=")).map((word) => word.split("=", 2));
  return { environment: Object.fromEntries(pairs), args: args.trim().split(/\s+/).filter((word) => word !== "") };
}
