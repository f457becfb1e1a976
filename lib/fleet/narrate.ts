/** Turns what the fleet says into log records and progress, and keeps count of the workspaces that may exist. @module */

import type { SourceRequest } from "../cli/settings.ts";
import type { FailureKind } from "../report/error.ts";
import type { SourceLogger } from "../report/logging.ts";
import type { ProgressDisplay } from "../report/progress_display.ts";
import { failureLines } from "../report/run_summary.ts";
import type { Watcher } from "./fleet.ts";
import type { Held, HeldWorkspace } from "./left_behind.ts";
import type { Phase } from "./protocol.ts";

/** A watcher that tells people. */
export interface Narrator extends Watcher {
  readonly held: Held;
}

const ends: Readonly<Record<FailureKind, string>> = {
  failed: "failed",
  usage: "failed",
  refused: "refused",
  leftovers: "left over",
  interrupted: "stopped",
};

/** Tells a log and a display. */
export function narrate(loggerFor: (source: string) => SourceLogger, display: ProgressDisplay): Narrator {
  const phases = new Map<SourceRequest, Phase>();
  const workspaces = new Map<SourceRequest, string>();
  const held = new Map<string, HeldWorkspace>();
  return {
    held,

    remark(request, remark) {
      const { value } = request;
      switch (remark.type) {
        case "phase":
          phases.set(request, remark.phase);
          // Its snapshot is finished, and its workspace gone.
          if (remark.phase === "share") held.delete(workspaces.get(request) ?? "");
          return display.phase(value, remark.phase);
        case "progress":
          return display.progress(value, remark.progress);
        case "log":
          return loggerFor(value).pass(remark.record, phases.get(request));
        case "claim":
          return loggerFor(value).info(`instance "${remark.source}", workspace "${remark.workspace}"`, "resolve");
        case "begun": {
          const workspace = workspaces.get(request) ?? "";
          const known = held.get(workspace);
          if (known) held.set(workspace, { ...known, snapshots: [...known.snapshots, remark.snapshot] });
          return;
        }
        default:
          return remark satisfies never;
      }
    },

    granted(request, workspace) {
      workspaces.set(request, workspace);
      held.set(workspace, { source: request.value, snapshots: [] });
    },

    ended({ request, report, failure }) {
      const { value } = request;
      const log = loggerFor(value);
      const phase = phases.get(request);
      if (report.workspace !== undefined && failure?.kind !== "leftovers") held.delete(report.workspace);
      if (failure === undefined) log.info(`done${report.snapshot === undefined ? "" : `: ${report.snapshot}`}`, phase);
      else log.error(failureLines(failure).map((line) => line.trim().replace(/\.?$/, ".")).join(" "), phase);
      display.finished(value, failure === undefined ? "done" : ends[failure.kind]);
    },
  };
}
