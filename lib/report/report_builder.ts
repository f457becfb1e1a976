/** Gathers a source's report while the run goes on. @module */

import type { SourceRequest } from "../core/settings.ts";
import type { SourceReport } from "../core/report.ts";

const mostWarnings = 500;

/** Gathers a source's report while the run goes on, so that a failed source has one too. */
export class SourceReportBuilder {
  #report: SourceReport;

  constructor(request: SourceRequest) {
    this.#report = {
      engine: request.engine,
      requested: request.value,
      databases: [],
      phases: [],
      sharedWith: [],
      pruned: [],
      warnings: [],
    };
  }

  /** What is known by now. */
  get report(): SourceReport {
    return this.#report;
  }

  /** Keeps a warning, each once, and no more than a report can bear. */
  warn(warning: string): void {
    const { warnings } = this.#report;
    if (warnings.length > mostWarnings || warnings.includes(warning)) return;
    const next = warnings.length < mostWarnings ? warning : "and more, which only the log has";
    this.#report = { ...this.#report, warnings: [...warnings, next] };
  }

  /** Adds to what is known. Warnings have a limit, and a way of their own. */
  set(more: Partial<Omit<SourceReport, "warnings">>): void {
    this.#report = { ...this.#report, ...more };
  }

  /** Ends the phase before and, unless it is the last call, begins one. `time`: milliseconds since the epoch. */
  begin(phase: string | undefined, time: number): void {
    const phases = this.#report.phases.map((earlier) => ({ ...earlier, ended: earlier.ended ?? time }));
    this.set({ phases: phase === undefined ? phases : [...phases, { phase, started: time }] });
  }
}
