/// <reference lib="deno.worker" />
/** A worker with the real pipeline that goes mad as soon as RDS has begun the restore. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/pipeline.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

serve(self, {
  runSource(run, signal) {
    const journal = {
      ...run.journal,
      info(message: string): void {
        run.journal.info(message);
        if (message.includes('is "creating"')) self.postMessage("nonsense");
      },
    };
    return runSource({ ...run, journal, scrubbers }, signal);
  },
  cleanWorkspace,
  runErrand: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
