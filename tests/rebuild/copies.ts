/** What tests of both engines' copies need. @module */

import type { Log } from "../../lib/core/log.ts";
import type { Target } from "../../lib/engine/engine.ts";
import type { TestServer } from "../servers.ts";

/** Whether a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The master user's login. */
export function targetOf({ host, port, ca, master }: TestServer): Target {
  return { host, port, ca, ...master };
}

/** Tells nothing. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, progress() {} };

/** The command line of each process, which every user may read. */
export function commandLines(): ReadonlyMap<string, string> {
  return new Map(readOfProcesses("cmdline"));
}

/** Processes that were told the name of the database, by the command line or the environment. */
export function processesOf(database: string): readonly string[] {
  const signs = [`PGDATABASE=${database}\0`, `dbname='${database}'`, `--database=${database}\0`, `\0${database}\0`];
  const found = [...readOfProcesses("environ"), ...readOfProcesses("cmdline")]
    .filter(([, text]) => signs.some((sign) => text.includes(sign)));
  return [...new Set(found.map(([id]) => id))];
}

function readOfProcesses(file: "cmdline" | "environ"): readonly (readonly [string, string])[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).map(({ name }) => {
    try {
      return [name, Deno.readTextFileSync(`/proc/${name}/${file}`)] as const;
    } catch {
      // It has ended.
      return [name, ""] as const;
    }
  });
}
