/** The report of a run in a file: the one that `verify-report` checks, and the earlier one that a page compares with. @module */

import type { RunReport } from "../../core/report.ts";
import { type Files, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
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

/**
 * The report of `--previous`; undefined without the option, and where the file does not exist: the first night has none before it.
 *
 * @throws {ScrubError} `usage` if the file cannot be read or is no report of this version.
 */
export async function readPrevious(parsed: ParsedOptions, files: Files): Promise<RunReport | undefined> {
  const path = parsed.text("previous");
  if (path === undefined) return undefined;
  const label = parsed.label("previous");
  const bytes = await readFileOf(label, path, files).catch((error) => {
    if (error.cause instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  // Loaded only here: most command lines name no report.
  const { isRunReport } = await import("../../core/report.ts");
  const report = parsedJson(bytes);
  if (isRunReport(report)) return report;
  throw usageError(
    `Cannot use ${label}: ${quoted(path)} is no report of a run`,
    "Name a file that --report has written, or leave it out.",
  );
}

/** The report that a run will replace, if there is one and it can be read: its times are the best estimate of this run's. */
export async function earlierReport(path: string | undefined): Promise<RunReport | undefined> {
  const bytes = path === undefined ? undefined : await Deno.readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const { isRunReport } = await import("../../core/report.ts");
  const report = parsedJson(bytes);
  return isRunReport(report) ? report : undefined;
}

/** The run that a report is of; undefined where the bytes are no report. */
export function runOfReport(bytes: Uint8Array): ReportedRun | undefined {
  const report = parsedJson(bytes);
  if (!isObject(report) || typeof report.runId !== "string" || !Array.isArray(report.sources)) return undefined;
  const snapshots = report.sources.flatMap((source: unknown) =>
    isObject(source) && typeof source.snapshot === "string" ? [source.snapshot] : []
  );
  return { runId: report.runId, snapshots };
}

/** Undefined where the bytes are not JSON in UTF-8. */
function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
