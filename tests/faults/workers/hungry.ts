/// <reference lib="deno.worker" />
/** The real pipeline in a worker that takes more and more memory from the phase `discover` on, between other work. @module */

import { getHeapStatistics } from "node:v8";
import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/run_source.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

const kept: unknown[] = [];

/** Some hundred kilobytes. */
function take(): void {
  kept.push(Array.from({ length: 10_000 }, (_, at) => ({ at })));
}

/** Most of what may be taken before anybody minds. */
function takeMost(): void {
  const { heap_size_limit: limit } = getHeapStatistics();
  while (getHeapStatistics().used_heap_size < 0.72 * limit) take();
}

serve(self, {
  runSource: async (run, signal) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    try {
      await runSource({
        ...run,
        scrubbers,
        phase(phase) {
          run.phase(phase);
          if (phase === "restore") takeMost();
          if (phase === "discover") timer = setInterval(() => signal.aborted || take(), 10);
        },
      }, signal);
    } finally {
      clearInterval(timer);
    }
  },
  cleanWorkspace,
  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
