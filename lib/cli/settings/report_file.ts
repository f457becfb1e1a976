/** The report of a run in a file, for `verify-report`. @module */

import { type Files, readFileOf } from "../parse/files.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/** What a report says of its run. */
export interface ReportedRun {
  readonly runId: string;
  /** The final snapshots that it names. */
  readonly snapshots: readonly string[];
}

/**
 * The bytes of a report.
 *
 * @throws {ScrubError} `usage` where the file can't be read or is no report: before AWS is asked anything.
 */
export async function readReport(path: string, files: Files): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFileOf("the report", path, files);
  if (runOfReport(bytes)) return bytes;
  throw usageError(
    `Cannot use the report ${quoted(path)}: it is ${bytes.length === 0 ? "empty" : "not a report of a run in JSON"}`,
    "Name the file that --report has written, whole and unchanged.",
  );
}

/** The run that a report is of; undefined where the bytes are no report. */
export function runOfReport(bytes: Uint8Array): ReportedRun | undefined {
  try {
    const report: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!isObject(report) || typeof report.runId !== "string" || !Array.isArray(report.sources)) return undefined;
    const snapshots = report.sources.flatMap((source: unknown) =>
      isObject(source) && typeof source.snapshot === "string" ? [source.snapshot] : []
    );
    return { runId: report.runId, snapshots };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
