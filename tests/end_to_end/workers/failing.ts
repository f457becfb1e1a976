/// <reference lib="deno.worker" />
/** The real pipeline in a worker that goes wrong by itself at the phase `plan`; its URL's query says how. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import { cleanWorkspace, runSource } from "../../../lib/pipeline/run_source.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";

const how = new URL(import.meta.url).searchParams.get("how");

serve(self, {
  runSource: (run, signal) =>
    runSource({
      ...run,
      scrubbers,
      phase(phase) {
        run.phase(phase);
        if (phase === "plan") goWrong();
      },
    }, signal),
  cleanWorkspace,
  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});

function goWrong(): void {
  switch (how) {
    case "throws":
      throw new Error("zmark: planted");
    case "rejects-out-of-turn":
      Promise.reject(new Error("zmark: planted"));
      return;
    case "throws-out-of-turn":
      setTimeout(() => {
        throw new Error("zmark: planted");
      });
      return;
    case "closes":
      return self.close();
    case "sends-nonsense":
      return self.postMessage({ type: "zmark" });
  }
}
