/// <reference lib="deno.worker" />
/** A real worker with a planted pipeline: the source's name up to a colon says what it does. @module */

import { serve } from "../../../lib/fleet/serve.ts";
import type { SourceRun } from "../../../lib/pipeline/run.ts";
import { ScrubError } from "../../../lib/core/errors.ts";

/** Text that stands for a value of a row. */
const value = "planted@example.com";

serve(self, {
  async runSource(run, signal) {
    const [script = ""] = run.request.value.split(":");
    run.phase("resolve");
    if (script === "throws-early") throw new ScrubError("unexpected", "Cannot resolve: planted", "Do nothing.");
    if (script === "waits-early") await aborted(signal);
    if (script === "unclaimed") return run.report.set({ snapshot: "scrubbed-unclaimed" });
    const own = script === "same" ? script : run.request.value;
    await run.claim(run.request.value, `scrubber-${own}`);
    run.phase("restore");
    await act(script, run, signal);
  },

  async cleanWorkspace({ workspace, runId }, log) {
    log.info(`clean ${workspace} of ${runId}`);
    if (workspace.includes("undeletable")) {
      throw new ScrubError("unexpected", "Cannot delete: planted refusal", "Do nothing.");
    }
    if (workspace.includes("loses-cleaner")) self.postMessage(null);
    if (workspace.includes("deaf-cleaner")) await new Promise(() => {});
  },

  runWorkerRequest: () => Promise.reject(new TypeError("Nobody asks this worker anything")),
});

async function act(
  script: string,
  { report, claim }: Pick<SourceRun, "report" | "claim">,
  signal: AbortSignal,
): Promise<void> {
  switch (script) {
    case "throws":
      throw new ScrubError("verification", "Cannot verify: planted", "Do nothing.");
    case "leaves": {
      const work = new ScrubError("verification", "Cannot verify: planted", "Do nothing.");
      const cleanUp = new ScrubError("leftovers", "Cannot delete: planted", "Delete it.");
      throw new SuppressedError(cleanUp, work);
    }
    case "throws-unknown":
      throw Object.assign(new TypeError(`Key (address)=(${value}) already exists`), { code: "23505" });
    case "rejects-astray":
      Promise.reject(new TypeError(value));
      return await aborted(signal);
    case "throws-astray":
      setTimeout(() => {
        throw new TypeError(value);
      });
      return await aborted(signal);
    case "waits":
      return await aborted(signal);
    case "deaf":
      return await new Promise(() => {});
    case "nonsense":
      self.postMessage({ type: "done" });
      return await new Promise(() => {});
    case "claims-twice":
      return await claim("twice", "scrubber-other");
    case "closes":
      self.close();
      return await new Promise(() => {});
    case "says-done-twice":
      self.postMessage({ type: "done", report: { ...report.report, snapshot: "scrubbed-first" } });
      return report.set({ snapshot: "scrubbed-second" });
    case "no-snapshot":
      return;
    default:
      return report.set({ snapshot: `scrubbed-${script}` });
  }
}

/** Waits for the stop, as every step of the pipeline does. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  return promise;
}
