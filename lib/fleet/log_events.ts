/** Turns the fleet's events into log records and progress, and knows which workspaces may exist. @module */

import type { SourceRequest } from "../core/settings.ts";
import type { FailureKind } from "../core/errors.ts";
import type { SourceLogger } from "../report/log/logging.ts";
import type { ProgressDisplay } from "../report/display/progress_display.ts";
import { failureLines } from "../report/display/run_summary.ts";
import type { Watcher } from "./fleet.ts";
import type { Phase } from "../core/progress.ts";
import { visible } from "../core/visible.ts";

/** Workspaces that may exist, by name. */
export type LiveWorkspaces = ReadonlyMap<string, LiveWorkspace>;

/** One workspace that may exist. */
export interface LiveWorkspace {
  /** Its source, as the operator named it. */
  readonly source: string;
  /** Snapshots that may exist, not finished. */
  readonly snapshots: readonly string[];
}

/** A watcher that writes to a log and a display. */
export interface EventLogger extends Watcher {
  readonly liveWorkspaces: LiveWorkspaces;
}

const ends: Readonly<Record<FailureKind, string>> = {
  failed: "failed",
  usage: "failed",
  refused: "refused",
  leftovers: "left over",
  interrupted: "stopped",
};

/** Logs and displays events. */
export function logEvents(loggerFor: (source: string) => SourceLogger, display: ProgressDisplay): EventLogger {
  const phases = new Map<SourceRequest, Phase>();
  const workspaces = new Map<SourceRequest, string>();
  const liveWorkspaces = new Map<string, LiveWorkspace>();
  return {
    liveWorkspaces,

    event(request, event) {
      const { value } = request;
      switch (event.type) {
        case "phase":
          phases.set(request, event.phase);
          // Its snapshot is finished, and its workspace deleted.
          if (event.phase === "share") liveWorkspaces.delete(workspaces.get(request) ?? "");
          return display.phase(value, event.phase);
        case "progress":
          return display.progress(value, event.progress);
        case "log":
          return loggerFor(value).pass(event.record, phases.get(request));
        case "claim":
          return loggerFor(value).info(`instance "${event.source}", workspace "${event.workspace}"`, "resolve");
        case "begun": {
          const workspace = workspaces.get(request) ?? "";
          const known = liveWorkspaces.get(workspace);
          if (known) liveWorkspaces.set(workspace, { ...known, snapshots: [...known.snapshots, event.snapshot] });
          return;
        }
        default:
          return event satisfies never;
      }
    },

    granted(request, workspace) {
      workspaces.set(request, workspace);
      liveWorkspaces.set(workspace, { source: request.value, snapshots: [] });
    },

    ended({ request, report, failure }) {
      const { value } = request;
      const log = loggerFor(value);
      const phase = phases.get(request);
      if (report.workspace !== undefined && failure?.kind !== "leftovers") liveWorkspaces.delete(report.workspace);
      if (failure === undefined) log.info(`done${report.snapshot === undefined ? "" : `: ${report.snapshot}`}`, phase);
      else log.error(failureLines(failure).map((line) => line.trim().replace(/\.?$/, ".")).join(" "), phase);
      display.finished(value, failure === undefined ? "done" : ends[failure.kind]);
    },
  };
}

/** Lines that name every workspace and unfinished snapshot that may be left, and what to do about it. */
export function describeLeftovers(live: LiveWorkspaces): string {
  if (live.size === 0) return "Nothing is left behind in AWS.\n";
  const lines = [...live].flatMap(([workspace, { source, snapshots }]) =>
    [`RDS instance "${visible(workspace)}"`, ...snapshots.map((one) => `unfinished snapshot "${visible(one)}"`)]
      .map((what) => `  ${what} (of "${visible(source)}")\n`)
  );
  return `Left behind in AWS, maybe with unscrubbed data:\n${lines.join("")}Delete without a final snapshot.\n`;
}
