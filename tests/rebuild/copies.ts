/** What tests of both engines' copies need. @module */

import { assertEquals, assertRejects } from "@std/assert";
import type { Log } from "../../lib/core/log.ts";
import type { Target } from "../../lib/engine/engine.ts";
import { copyServer, type ServerCopy } from "../../lib/rebuild/copy_server.ts";
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

/** The command lines of all processes, which every user may read. */
export function commandLines(): readonly string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).map(({ name }) => {
    try {
      return Deno.readTextFileSync(`/proc/${name}/cmdline`);
    } catch {
      return ""; // It has ended.
    }
  });
}

/** Command lines with the name of the database as an argument. */
function processesOf(database: string): readonly string[] {
  const signs = [`dbname='${database}'`, `--database=${database}\0`, `\0${database}\0`];
  return commandLines().filter((line) => signs.some((sign) => line.includes(sign)));
}

/** Aborts a copy of the database in its middle: both programs were running, and neither is. */
export async function assertAbortEndsPrograms(copy: ServerCopy, database: string): Promise<void> {
  const stop = new AbortController();
  const reason = new Error("stop");
  let running: readonly string[] = [];
  const progress = () => {
    if (!stop.signal.aborted) running = processesOf(database);
    stop.abort(reason);
  };
  const error = await assertRejects(() =>
    copyServer({ ...copy, databases: [database], log: { ...quietLog, progress } }, stop.signal)
  );
  assertEquals([error, running.length, processesOf(database)], [reason, 2, []]);
}
