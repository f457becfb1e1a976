/** Gathers the outcomes of all sources into the report of the run, and writes it. @module */

import type { RunReport } from "../core/report.ts";
import { replaceFile } from "../report/write_file.ts";
import type { Outcome } from "./fleet.ts";

/** The report of a run, besides its outcomes. */
export type RunFacts = Pick<RunReport, "program" | "runId" | "started" | "ended" | "exitStatus" | "dryRun">;

/** The report of a run. */
export function runReport(facts: RunFacts, outcomes: readonly Outcome[]): RunReport {
  const sources = outcomes.map(({ report, failure }) => ({ ...report, ...(failure !== undefined && { failure }) }));
  return { version: 1, ...facts, sources };
}

/** The report as JSON, as it is in its file. */
export function reportText(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/**
 * Writes a report as JSON, readable by its owner only. A reader of the path sees the old file or the whole new one. Rejects with
 * the system's error.
 */
export async function writeReport(path: string, report: RunReport): Promise<void> {
  await replaceFile(path, reportText(report), 0o600);
}
