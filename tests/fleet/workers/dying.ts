/// <reference lib="deno.worker" />
/** A worker with the real pipeline that goes mad as soon as RDS has begun the restore. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/run_source.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

serve(self, {
  runSource(run, signal) {
    const log = {
      ...run.log,
      info(message: string): void {
        run.log.info(message);
        if (message.includes('is "creating"')) self.postMessage("nonsense");
      },
    };
    return runSource({ ...run, log, scrubbers }, signal);
  },
  cleanWorkspace,
  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
