/// <reference lib="deno.worker" />
/**
 * Entry of a worker: loads drivers, the AWS client and scrubbers, which main never does. What a run in RDS does not need is loaded
 * only where it is asked for: every source has a worker, and so a copy of it all.
 *
 * @module
 */

import { scrubbers } from "../../scrubbers/mod.ts";
import { cleanWorkspace, runSource } from "../pipeline/run_source.ts";
import { serve } from "./serve.ts";

serve(self, {
  async runSource({ live, ...run }, signal) {
    if (!live) return await runSource({ ...run, scrubbers }, signal);
    const { runLive } = await import("../pipeline/run_live.ts");
    await runLive({ ...run, live, scrubbers }, signal);
  },
  cleanWorkspace,
  async runWorkerRequest(request, log, signal) {
    const { runWorkerRequest } = await import("../pipeline/worker_requests.ts");
    return await runWorkerRequest(request, scrubbers, log, signal);
  },
});
