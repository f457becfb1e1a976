/** Publishes the end of a run: report files, the snapshots' tags, metrics, alerts. @module */

import { checkResults, nscaText, type Task } from "../notify/icinga.ts";
import { beginNsca, ownAddress, sendNsca } from "../notify/send_nsca.ts";
import { telemetrySignals } from "../notify/telemetry_signals.ts";
import { postWebhook, webhookBody, webhookTimeouts } from "../notify/webhook.ts";
import type { Settings } from "../core/settings.ts";
import { type Failure, ScrubError } from "../core/errors.ts";
import type { ReportFile } from "../report/html/evidence_section.ts";
import type { StrategySummaries } from "../report/html/words_section.ts";
import { htmlReport } from "../report/html/html_report.ts";
import { metricsText } from "../notify/metrics.ts";
import type { RunReport } from "../core/report.ts";
import {
  envelopePath,
  type ReportFacts,
  type Sign,
  type SignedStatement,
  signReport,
} from "../report/signed_statement.ts";
import { replaceFile } from "../report/write_file.ts";
import type { Outcome } from "./fleet.ts";

/** The report of a run, besides its outcomes. */
export type RunFacts = Pick<RunReport, "program" | "runId" | "started" | "ended" | "exitStatus" | "dryRun">;

/** The report of a run. All sources have the same region and credentials: the first that knows more than the region tells. */
export function runReport(facts: RunFacts, outcomes: readonly Outcome[]): RunReport {
  const told = outcomes.flatMap(({ report }) => report.aws ?? []);
  const aws = told.find(({ account }) => account !== undefined) ?? told[0];
  const sources = outcomes.map(({ report: { aws: _, ...report }, failure }) => ({
    ...report,
    ...(failure !== undefined && { failure }),
  }));
  return { version: 1, ...facts, ...(aws && { aws }), sources };
}

/** The report as JSON, as it is in its file. */
export function reportText(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** A final snapshot, or its copy in another region. */
export interface TaggedSnapshot {
  readonly id: string;
  /** Absent: the run's. */
  readonly region?: string;
}

/** What is published, and by what means. */
export interface Publication {
  readonly settings: Settings;
  readonly report: RunReport;
  /** Failures of the program itself. */
  readonly programFailures: readonly Failure[];
  /** The scrubbers that the run could have used. */
  readonly tasks: readonly Task[];
  /** The report of an earlier run, for the page to compare with. */
  readonly previous?: RunReport;
  /** Signs the report. */
  readonly sign?: Sign;
  /** What strategies do, asked for where a page is written. */
  strategySummaries(): Promise<StrategySummaries>;
  /** Gives a final snapshot the digest of the report, and its signature if there is one. */
  tagWithReport(snapshot: TaggedSnapshot, digest: string, signature?: string): Promise<void>;
  /** Gets what could not be written or tagged. */
  reportMissing(message: string): void;
  /** Gets which alerts were not sent. */
  warn(message: string): void;
}

/** Milliseconds for send_nsca. */
const nscaLimit = 15_000;

/**
 * Publishes everything that the settings ask for. Returns whether all files were written and all snapshots tagged: otherwise the
 * run fails. An alert that cannot be sent is only a warning.
 */
export async function publish(run: Publication): Promise<boolean> {
  const { settings, report } = run;
  const json = reportText(report);
  const digest = await sha256(json);
  const snapshots = report.sources.flatMap(({ snapshot }) => snapshot ?? []);
  const signed = await sign(run, { digest, runId: report.runId, snapshots });
  const written = [
    await write(run, "the report", settings.report, 0o600, () => json),
    signed !== "failed",
    settings.report === undefined || !signed || signed === "failed" ||
    await write(run, "the signature", envelopePath(settings.report), 0o600, () => signed.envelope),
    await write(
      run,
      "the report",
      settings.reportHtml,
      0o600,
      async () =>
        htmlReport(report, {
          file: reportFile(settings.report, digest, signed),
          strategies: await run.strategySummaries(),
          previous: run.previous,
        }),
    ),
    report.dryRun ||
    await write(run, "the metrics", settings.metricsFile, 0o644, async (path) =>
      metricsText(
        report,
        await Deno.readTextFile(path).catch(() => ""),
      )),
  ];
  const signature = signed === "failed" ? undefined : signed?.signature;
  const copies = report.sources.flatMap(({ snapshot, copies = [] }) =>
    copies.filter((copy) => copy.snapshot === snapshot).map(({ region }) => ({ id: snapshot ?? "", region }))
  );
  const all = [...snapshots.map((id) => ({ id })), ...copies];
  const wanted = settings.report === undefined || report.dryRun ? [] : all;
  const [tagged] = await Promise.all([
    Promise.all(wanted.map((snapshot) => tagSnapshot(run, snapshot, digest, signature))),
    alert(run),
  ]);
  return [...written, ...tagged].every((done) => done);
}

/** Sends every alert, side by side. Bounded; never rejects. */
export async function alert(
  { settings, report, programFailures, tasks, warn }: Omit<
    Publication,
    "tagWithReport" | "reportMissing" | "strategySummaries"
  >,
): Promise<void> {
  const { icinga, notify } = settings;
  const results = checkResults(report, tasks, programFailures);
  const signals = telemetrySignals(Deno.env.toObject());
  const [passive, webhook, telemetry] = await Promise.all([
    icinga && results.length > 0 ? sendNsca(icinga, nscaText(address(), results), nscaLimit) : undefined,
    notify === undefined
      ? undefined
      : postWebhook(notify, webhookBody(report), webhookTimeouts, new AbortController().signal),
    signals.traces || signals.metrics
      ? (await import("../notify/telemetry.ts")).sendTelemetry(report, signals)
      : undefined,
  ]);
  if (passive !== undefined) warn(`The passive check results were not sent: ${passive}`);
  if (webhook !== undefined) warn(`The webhook was not called: ${webhook}`);
  if (telemetry !== undefined) warn(`Traces and metrics were not sent: ${telemetry}`);
}

/** Begins to alert monitoring of a failed run, without waiting. */
export function alertAtOnce({ icinga, dryRun }: Settings, tasks: readonly Task[], failure: Failure): void {
  if (!icinga) return;
  const results = checkResults({ sources: [], dryRun }, tasks, [failure]);
  if (results.length === 0) return;
  try {
    beginNsca(icinga, nscaText(address(), results)).unref();
  } catch {
    // The program exits at once all the same.
  }
}

async function sign(
  { sign, reportMissing }: Publication,
  facts: ReportFacts,
): Promise<SignedStatement | "failed" | undefined> {
  if (!sign) return undefined;
  try {
    return await signReport(facts, sign);
  } catch (error) {
    const reason = error instanceof ScrubError ? `${error.message}\n${error.hint}` : "the key does not sign";
    reportMissing(`Cannot sign the report: ${reason}`);
    return "failed";
  }
}

function reportFile(
  path: string | undefined,
  sha256: string,
  signed: SignedStatement | "failed" | undefined,
): ReportFile | undefined {
  if (path === undefined) return undefined;
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    sha256,
    signed: signed === "failed" ? signed : signed !== undefined,
  };
}

async function write(
  { reportMissing }: Publication,
  what: string,
  path: string | undefined,
  mode: number,
  make: (path: string) => string | Promise<string>,
): Promise<boolean> {
  if (path === undefined) return true;
  try {
    await replaceFile(path, await make(path), mode);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    reportMissing(`Cannot write ${what} "${path}": ${reason}\nMake room there; the summary above has the outcome.`);
    return false;
  }
}

async function tagSnapshot(
  { tagWithReport, reportMissing }: Publication,
  snapshot: TaggedSnapshot,
  digest: string,
  signature: string | undefined,
): Promise<boolean> {
  try {
    await tagWithReport(snapshot, digest, signature);
    return true;
  } catch (error) {
    const reason = error instanceof ScrubError ? `${error.message}\n${error.hint}` : "the tag can't be set";
    const where = snapshot.region === undefined ? "" : ` in ${snapshot.region}`;
    reportMissing(`Cannot tie snapshot "${snapshot.id}"${where} to its report: ${reason}`);
    return false;
  }
}

/** The address by which monitoring knows this machine. */
function address(): string {
  try {
    return ownAddress(Deno.networkInterfaces()) ?? "127.0.0.1";
  } catch {
    return "127.0.0.1";
  }
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}
