/** Runs one source whose first worker is lost in the middle of the restore, and prints what came of it as JSON. @module */

import { first, runScripts } from "./run.ts";

if (import.meta.main) {
  const { outcomes } = await runScripts(["emails"], {
    createWorker: first("dying.ts", "../../../lib/fleet/worker.ts"),
    settings: { pollInterval: 1000 },
  });
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(outcomes)));
}
