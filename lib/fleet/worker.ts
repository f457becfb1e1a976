/// <reference lib="deno.worker" />
/** Entry of a worker: loads drivers, the AWS client and scrubbers, which main never does. @module */

import { scrubbers } from "../../scrubbers/mod.ts";
import { runWorkerRequest } from "../pipeline/worker_requests.ts";
import { runLive } from "../pipeline/run_live.ts";
import { cleanWorkspace, runSource } from "../pipeline/run_source.ts";
import { serve } from "./serve.ts";

serve(self, {
  runSource: ({ live, ...run }, signal) =>
    live ? runLive({ ...run, live, scrubbers }, signal) : runSource({ ...run, scrubbers }, signal),
  cleanWorkspace,
  runWorkerRequest: (request, log, signal) => runWorkerRequest(request, scrubbers, log, signal),
});
