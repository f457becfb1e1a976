/** The report of an earlier run, to compare with. @module */

import type { RunReport } from "../../core/report.ts";
import { type Files, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/**
 * The report of `--previous`; undefined without the option, and where the file does not exist: the first night has none before it.
 *
 * @throws {ScrubError} `usage` if the file cannot be read or is no report of this version, or if there is no page to compare in.
 */
export async function readPrevious(parsed: ParsedOptions, files: Files): Promise<RunReport | undefined> {
  const path = parsed.text("previous");
  if (path === undefined) return undefined;
  const label = parsed.label("previous");
  if (parsed.text("report-html") === undefined) {
    throw usageError(
      `Cannot use ${label} without --report-html: it shows what differs`,
      "Give --report-html too, or leave it out.",
    );
  }
  if (await isMissing(path, files)) return undefined;
  const bytes = await readFileOf(label, path, files);
  const { asReport } = await import("../../report/report_schema.ts");
  const report = asReport(new TextDecoder().decode(bytes));
  if (report) return report;
  throw usageError(
    `Cannot use ${label}: ${quoted(path)} is no report of a run`,
    "Name a file that --report has written, or leave it out.",
  );
}

async function isMissing(path: string, files: Files): Promise<boolean> {
  try {
    await files.read(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
