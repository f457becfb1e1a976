/** Turns the fleet's events into log records and progress, and knows which workspaces may exist. @module */

import type { SourceRequest } from "../core/settings.ts";
import { type Failure, type FailureKind, leavesSomething } from "../core/errors.ts";
import type { SourceLogger } from "../report/log/logging.ts";
import { elapsedText, type ProgressDisplay } from "../report/display/progress_display.ts";
import type { Watcher } from "./fleet.ts";
import type { Phase } from "../core/progress.ts";
import { visible } from "../core/visible.ts";

/** Workspaces that may exist, by name. */
export type LiveWorkspaces = ReadonlyMap<string, LiveWorkspace>;

/** One workspace that may exist. */
export interface LiveWorkspace {
  /** Its source, as the operator named it. */
  readonly source: string;
  /** Snapshots that may exist without proof. */
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

/** Logs and displays events. `now`: milliseconds on any clock. */
export function logEvents(
  loggerFor: (source: string) => SourceLogger,
  display: ProgressDisplay,
  now: () => number = () => performance.now(),
): EventLogger {
  const phases = new Map<SourceRequest, { readonly phase: Phase; readonly since: number }>();
  const workspaces = new Map<SourceRequest, string>();
  const liveWorkspaces = new Map<string, LiveWorkspace>();
  function endPhase(request: SourceRequest): void {
    const ended = phases.get(request);
    if (!ended) return;
    const seconds = Math.round(now() - ended.since) / 1000;
    loggerFor(request.value).info(`ends after ${elapsedText(now() - ended.since)}`, ended.phase, { seconds });
  }
  return {
    liveWorkspaces,

    event(request, event) {
      const { value } = request;
      switch (event.type) {
        case "phase":
          endPhase(request);
          phases.set(request, { phase: event.phase, since: now() });
          // Its snapshot has its proof, and its workspace deleted.
          if (event.phase === "share") liveWorkspaces.delete(workspaces.get(request) ?? "");
          return display.phase(value, event.phase, event.bytes);
        case "progress":
          return display.progress(value, event.progress);
        case "log":
          return loggerFor(value).pass(event.record, phases.get(request)?.phase);
        case "claim":
          return loggerFor(value).info(`instance "${event.source}", workspace "${event.workspace}"`, "resolve");
        case "snapshot": {
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
      const phase = phases.get(request)?.phase;
      if (failure === undefined) endPhase(request);
      if (report.workspace !== undefined && !(failure && leavesSomething(failure))) {
        liveWorkspaces.delete(report.workspace);
      }
      if (failure === undefined) log.info(`done${report.snapshot === undefined ? "" : `: ${report.snapshot}`}`, phase);
      else logFailure(log, failure, phase);
      display.ended(value, failure === undefined ? "done" : ends[failure.kind]);
    },
  };
}

/** Logs a failure, and what else went wrong on the way out, each with its code and hint. */
export function logFailure(log: SourceLogger, failure: Failure, phase?: Phase, prefix = ""): void {
  const { code, message, hint, also } = failure;
  log.error(`${prefix}${message}`, phase, { code, ...(hint !== "" && { hint }) });
  for (const other of also) logFailure(log, other, phase, "also: ");
}

/** The same for a database by URL, which was changed where it is. */
export function describeInPlace(name: string): string {
  return `Left behind in ${
    visible(name)
  }: maybe scratch, and maybe rows that are scrubbed beside others that are not.\n` +
    "Scrub it again, which removes scratch, or says what to do first; or drop it. Drop no scratch by hand: on MySQL a table may be " +
    "there alone.\n";
}

/** Lines that name every workspace, and every snapshot without proof, that may be left, and what to do about it. */
export function describeLeftovers(live: LiveWorkspaces): string {
  if (live.size === 0) return "Nothing is left behind in AWS.\n";
  const lines = [...live].flatMap(([workspace, { source, snapshots }]) =>
    [`RDS instance "${visible(workspace)}"`, ...snapshots.map((one) => `snapshot "${visible(one)}" without proof`)]
      .map((what) => `  ${what} (of "${visible(source)}")\n`)
  );
  return `Left behind in AWS, maybe with unscrubbed data:\n${lines.join("")}Delete without a final snapshot.\n`;
}
