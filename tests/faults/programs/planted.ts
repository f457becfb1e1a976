/** The real program, in which something goes wrong that its environment names: in main, or in the source's worker. @module */

import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { systemFiles } from "../../../lib/cli/parse/files.ts";
import { scrub } from "../../../lib/cli/commands/scrub.ts";

/** What a module of a worker is called, seen from here, and what main itself does when that worker begins to plan. */
export interface Planted {
  readonly worker?: string;
  readonly main?: "rejects" | "throws";
}

if (import.meta.main) {
  const { worker, main }: Planted = JSON.parse(Deno.env.get("PLANTED") ?? "{}");
  const command = await parseCommandLine(Deno.args, Deno.env.toObject(), systemFiles);
  if (command.command !== "scrub") throw new TypeError("Nothing else is planted");
  let started = 0;
  Deno.exitCode = await scrub(command, () => {
    // The first is the source's, a second one cleans up.
    const file = started++ === 0 && worker !== undefined ? worker : "../../../lib/fleet/worker.ts";
    const created = new Worker(new URL(file, import.meta.url), { type: "module" });
    created.addEventListener("message", ({ data }) => {
      if (data.type === "phase" && data.phase === "plan") goWrong(main);
    });
    return created;
  });
}

function goWrong(how: Planted["main"]): void {
  if (how === "rejects") void Promise.reject(new RangeError("zmark: planted"));
  if (how === "throws") {
    queueMicrotask(() => {
      throw new RangeError("zmark: planted");
    });
  }
}
