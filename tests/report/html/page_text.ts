/** The page as its reader sees it. @module */

import { htmlReport, type PageOptions } from "../../../lib/report/html/html_report.ts";
import type { RunReport, SourceOutcome } from "../../../lib/core/report.ts";
import { exampleReport } from "../example_report.ts";

/** The text of the example's page, with other sources where they are given: without markup and style, in single spaces. */
export async function textOf(
  sources: readonly SourceOutcome[] = exampleReport.sources,
  { report = {}, ...options }: PageOptions & { readonly report?: Partial<RunReport> } = {},
): Promise<string> {
  const html = await htmlReport({ ...exampleReport, ...report, sources: [...sources] }, options);
  const text = html.replaceAll(/<(style|script)>.*?<\/\1>|<wbr>/gs, "").replaceAll(/<[^>]*>/g, " ");
  return text.replaceAll("&#34;", '"').replaceAll("&#39;", "'").replaceAll(/\s+/g, " ").replaceAll(/ (?=[.,:;])/g, "");
}

/** The example's sources: one that was scrubbed, one that was refused. */
export function exampleSources(): { readonly clean: SourceOutcome; readonly refused: SourceOutcome } {
  const [clean, refused] = exampleReport.sources;
  if (!clean || !refused) throw new TypeError("Cannot test the page: the example lacks a source");
  return { clean, refused };
}
