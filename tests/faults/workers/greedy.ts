/// <reference lib="deno.worker" />
/** The real pipeline in a worker that takes all memory there is at the phase `plan`. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/run_source.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

const kept: unknown[] = [];

serve(self, {
  runSource: (run, signal) =>
    runSource({
      ...run,
      scrubbers,
      phase(phase) {
        run.phase(phase);
        while (phase === "plan") kept.push(Array.from({ length: 100_000 }, (_, at) => ({ at })));
      },
    }, signal),
  cleanWorkspace,
  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
