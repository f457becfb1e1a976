/// <reference lib="deno.worker" />
/** The real pipeline in a worker that takes more and more memory from the phase `plan` on, between other work. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/pipeline.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

const kept: unknown[] = [];

function take(): void {
  kept.push(Array.from({ length: 300_000 }, (_, at) => ({ at })));
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
          if (phase === "plan") timer = setInterval(() => signal.aborted || take(), 20);
        },
      }, signal);
    } finally {
      clearInterval(timer);
    }
  },
  cleanWorkspace,
  runErrand: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
