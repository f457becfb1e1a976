/// <reference lib="deno.worker" />
/** The real pipeline in a worker with a short timeout for its own clean-up. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/run_source.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

serve(self, {
  runSource: (run, signal) => runSource({ ...run, scrubbers, timeouts: { cleanUpTimeout: 500 } }, signal),
  cleanWorkspace,
  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});
