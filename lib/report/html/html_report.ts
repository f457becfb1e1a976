/** The report as one page that needs no other file and sends no request. @module */

import type { AwsReport, RunReport } from "../../core/report.ts";
import { columnsSearch, columnsSection, hasColumns } from "./columns_section.ts";
import { comparisonSection } from "./comparison.ts";
import { breakable, copyable } from "./elements.ts";
import { evidenceSection, type ReportFile } from "./evidence_section.ts";
import { type Markup, markup, trusted } from "./markup.ts";
import { script } from "./script.ts";
import { sourceCard, sourceSection } from "./source_section.ts";
import { style } from "./style.ts";
import { timeline } from "./timeline.ts";
import { duration, when } from "./words.ts";
import { type StrategySummaries, wordsSection } from "./words_section.ts";

/** What the page shows besides the report. */
export interface PageOptions {
  /** The JSON report's file, where there is one. */
  readonly file?: ReportFile;
  /** What the strategies do. */
  readonly strategies?: StrategySummaries;
  /** The report of an earlier run to compare with. */
  readonly previous?: RunReport;
}

/**
 * The whole page: verdicts first, then the way to the rest.
 * Nothing but this one style sheet and this one script works in it, whatever the report's names are.
 */
export async function htmlReport(report: RunReport, { file, strategies, previous }: PageOptions = {}): Promise<string> {
  const policy = [
    "default-src 'none'",
    `style-src ${await hashOf(style)}`,
    `script-src ${await hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const { sources, dryRun } = report;
  const comparison = comparisonSection(report, previous);
  const sections = sources.map((source, at) => sourceSection(source, `source-${at}`, dryRun));
  return markup`
    <!DOCTYPE html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>Scrub report: ${title(report)}</title>
        <style>${trusted(style)}</style>
      </head>
      <body>
        <header>
          <h1>Scrub report ${badge(report)}</h1>
          <p class="quiet">${report.program} · ${when(report.started)} · took ${
    duration(
      (Date.parse(report.ended) - Date.parse(report.started)) / 1000,
    )
  }</p>
          <p class="quiet">Run ${copyable(report.runId)}</p>
          ${report.aws && awsLine(report.aws)}
        </header>
        <main>
    <div class="cards">
    ${sources.map((source) => sourceCard(source, dryRun))}
    </div>
    <nav aria-label="Sections">${navigation(report, sections, comparison)}${columnsSearch(sources)}</nav>
    ${timeline(sources)}
    ${comparison}
    ${sections}
    ${columnsSection(sources)}
    ${evidenceSection(report, file)}
    ${wordsSection(sources, strategies)}
        </main>
        <footer>
          <p>This page holds names, counts and times, and no value of any database.</p>
        </footer>
        <script>${trusted(script)}</script>
      </body>
    </html>
  `.text;
}

/** Links to the sections that are there. */
function navigation({ sources }: RunReport, sections: readonly Markup[], comparison: Markup): Markup {
  const links: readonly (readonly [id: string, name: string, isThere: boolean])[] = [
    ["timeline", "Timeline", sources.some(({ phases }) => phases.length > 0)],
    ["previous", "Since the last run", comparison.text !== ""],
    ...sources.map(({ requested }, at) => [`source-${at}`, requested, sections[at]?.text !== ""] as const),
    ["columns", "Columns", hasColumns(sources)],
    ["evidence", "Evidence", true],
    ["glossary", "Words", true],
  ];
  return markup`<ul class="links">${
    links.filter(([, , isThere]) => isThere).map(([id, name]) => markup`<li><a href="#${id}">${name}</a></li>`)
  }</ul>`;
}

/** In which account the run worked, and as whom. */
function awsLine({ region, account, caller, unknown }: AwsReport): Markup {
  if (account === undefined || caller === undefined) {
    const why = unknown === undefined ? "" : `: ${unknown}`;
    return markup`<p class="quiet">AWS region ${region}; the account and the caller are not known${why}</p>`;
  }
  return markup`<p class="quiet">AWS account ${account}, region ${region}, as <code>${breakable(caller)}</code></p>`;
}

function title({ sources, runId }: RunReport): string {
  return sources.length === 0 ? runId : sources.map(({ requested }) => requested).join(", ");
}

function badge({ sources, dryRun, exitStatus }: RunReport): Markup {
  const failed = sources.filter(({ failure }) => failure !== undefined).length;
  if (failed > 0) return markup`<span class="badge bad">${failed} of ${sources.length} failed</span>`;
  if (exitStatus !== 0) return markup`<span class="badge bad">ended with status ${exitStatus}</span>`;
  return markup`<span class="badge good">${dryRun ? "dry run: nothing was changed" : "done"}</span>`;
}

/** As a Content Security Policy names an inline style or script. https://www.w3.org/TR/CSP3/#grammardef-hash-source */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}
