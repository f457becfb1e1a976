/** The end of a run, for everybody who wants to know: report files, the snapshots' tags, metrics, alerts. @module */

import { checkResults, nscaText, type Task } from "../notify/icinga.ts";
import { beginNsca, ownAddress, sendNsca } from "../notify/send_nsca.ts";
import { postWebhook, webhookBody, webhookTimeouts } from "../notify/webhook.ts";
import type { Settings } from "../core/settings.ts";
import { type Failure, ScrubError } from "../core/errors.ts";
import { htmlReport } from "../report/html/html_report.ts";
import { metricsText } from "../notify/metrics.ts";
import type { RunReport } from "../core/report.ts";
import { replaceFile } from "../report/write_file.ts";
import { reportText } from "./run_report.ts";

/** What is published, and by what means. */
export interface Publication {
  readonly settings: Settings;
  readonly report: RunReport;
  /** What failed in the program itself. */
  readonly own: readonly Failure[];
  /** The scrubbers that the run could have used. */
  readonly tasks: readonly Task[];
  /** Gives a final snapshot the digest of the report. */
  attest(snapshot: string, digest: string): Promise<void>;
  /** Is told what was asked for and is missing. */
  complain(message: string): void;
  /** Is told which alerts were not sent. */
  warn(message: string): void;
}

/** Milliseconds for send_nsca. */
const nscaLimit = 15_000;

/**
 * Publishes everything that the settings ask for. Gives whether the files were written and the snapshots tagged: what was asked
 * for and is missing makes a run fail. An alert that can't be sent is only a warning.
 */
export async function publish(run: Publication): Promise<boolean> {
  const { settings, report } = run;
  const json = reportText(report);
  const digest = await sha256(json);
  const written = [
    await write(run, "the report", settings.report, 0o600, () => json),
    await write(
      run,
      "the report",
      settings.reportHtml,
      0o600,
      () => htmlReport(report, settings.report === undefined ? undefined : digest),
    ),
    report.dryRun ||
    await write(run, "the metrics", settings.metricsFile, 0o644, async (path) =>
      metricsText(
        report,
        await Deno.readTextFile(path).catch(() => ""),
      )),
  ];
  const wanted = settings.report === undefined || report.dryRun
    ? []
    : report.sources.flatMap(({ snapshot }) => snapshot ?? []);
  const [tagged] = await Promise.all([
    Promise.all(wanted.map((snapshot) => tagSnapshot(run, snapshot, digest))),
    alert(run),
  ]);
  return [...written, ...tagged].every((done) => done);
}

/** Sends every alert, side by side. Bounded; never rejects. */
export async function alert(
  { settings, report, own, tasks, warn }: Omit<Publication, "attest" | "complain">,
): Promise<void> {
  const { icinga, notify } = settings;
  const results = checkResults(report, tasks, own);
  const [passive, webhook] = await Promise.all([
    icinga && results.length > 0 ? sendNsca(icinga, nscaText(address(), results), nscaLimit) : undefined,
    notify === undefined
      ? undefined
      : postWebhook(notify, webhookBody(report), webhookTimeouts, new AbortController().signal),
  ]);
  if (passive !== undefined) warn(`The passive check results were not sent: ${passive}`);
  if (webhook !== undefined) warn(`The webhook was not told: ${webhook}`);
}

/** Begins to tell monitoring that the run did not end well, for an operator who does not want to wait for anything. */
export function alertAtOnce({ icinga, dryRun }: Settings, tasks: readonly Task[], failure: Failure): void {
  if (!icinga) return;
  const results = checkResults({ sources: [], dryRun }, tasks, [failure]);
  if (results.length === 0) return;
  try {
    beginNsca(icinga, nscaText(address(), results)).unref();
  } catch {
    // Leaving goes first.
  }
}

async function write(
  { complain }: Publication,
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
    complain(`Cannot write ${what} "${path}": ${reason}\nMake room there; the summary above has the outcome.`);
    return false;
  }
}

async function tagSnapshot({ attest, complain }: Publication, snapshot: string, digest: string): Promise<boolean> {
  try {
    await attest(snapshot, digest);
    return true;
  } catch (error) {
    const reason = error instanceof ScrubError ? `${error.message}\n${error.hint}` : "the tag can't be set";
    complain(`Cannot tie snapshot "${snapshot}" to its report: ${reason}`);
    return false;
  }
}

/** By which monitoring knows this machine. */
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
