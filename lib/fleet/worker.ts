/// <reference lib="deno.worker" />
/** Entry of a worker: what loads drivers, AWS client and scrubbers, which main never does. @module */

import { scrubbers } from "../../scrubbers/mod.ts";
import { runErrand } from "../pipeline/errands.ts";
import { cleanWorkspace, runSource } from "../pipeline/pipeline.ts";
import { serve } from "./serve.ts";

serve(self, {
  runSource: (run, signal) => runSource({ ...run, scrubbers }, signal),
  cleanWorkspace,
  runErrand: (errand, journal, signal) => runErrand(errand, scrubbers, journal, signal),
});
