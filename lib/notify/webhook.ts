/** Posts the outcome of a run to a webhook, within a timeout. A failure does not fail the run. @module */

import { setTimeout as delay } from "node:timers/promises";
import { failureLines } from "../report/display/run_summary.ts";
import type { RunReport, SourceOutcome } from "../core/report.ts";
import { visible } from "../core/visible.ts";

/** Times in milliseconds. */
export interface WebhookTimeouts {
  /** For one attempt. */
  readonly attempt: number;
  /** Before each retry; there are as many retries as pauses. */
  readonly pauses: readonly number[];
  /** For all attempts. */
  readonly all: number;
}

/** The timeouts of a run. */
export const webhookTimeouts: WebhookTimeouts = { attempt: 10_000, pauses: [1000, 3000], all: 20_000 };

/** The body as JSON: `text` for Slack, the rest for programs. It has names, counts and reasons, but no data. */
export function webhookBody(report: RunReport): string {
  const failed = report.sources.filter(({ failure }) => failure !== undefined).length;
  const good = report.exitStatus === 0;
  const head = good
    ? `datascrubber: ${
      report.dryRun ? "dry run, " : ""
    }${report.sources.length} of ${report.sources.length} sources done`
    : `datascrubber: ${failed} of ${report.sources.length} sources failed (exit status ${report.exitStatus})`;
  return JSON.stringify({
    text: [head, ...report.sources.map((source) => `• ${sourceText(source, report.dryRun)}`)].map(slack).join("\n"),
    version: 1,
    runId: report.runId,
    exitStatus: report.exitStatus,
    dryRun: report.dryRun,
    started: report.started,
    ended: report.ended,
    sources: report.sources.map((source) => ({
      requested: source.requested,
      engine: source.engine,
      outcome: source.failure?.kind ?? "done",
      ...(source.snapshot !== undefined && { snapshot: source.snapshot }),
      sharedWith: source.sharedWith,
      ...(source.copies && { copies: source.copies.map(({ region, snapshot }) => ({ region, snapshot })) }),
      ...(source.refresh && { refreshed: { instance: source.refresh.instance, before: source.refresh.before } }),
      ...(source.failure !== undefined && { reason: source.failure.message, hint: source.failure.hint }),
    })),
  });
}

/** Posts a body. Gives the reason of a failure, without the URL, whose path may be a secret; or undefined. */
export async function postWebhook(
  url: string,
  body: string,
  timeouts: WebhookTimeouts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeouts.all)]);
  let why = "";
  for (const pause of [0, ...timeouts.pauses]) {
    if (!await delay(pause, true, { signal: limit }).catch(() => false)) break;
    const outcome = await attempt(url, body, AbortSignal.any([limit, AbortSignal.timeout(timeouts.attempt)]));
    if (outcome === undefined) return undefined;
    why = outcome.why;
    if (!outcome.again) break;
  }
  return why === "" ? "there was no time for an attempt" : why;
}

async function attempt(
  url: string,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly why: string; readonly again: boolean } | undefined> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "manual", // the body is not for another host
      signal,
    });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    const again = answer.status >= 500 || answer.status === 429 || answer.status === 408;
    return { why: `the receiver answered ${answer.status}`, again };
  } catch (error) {
    const why = error instanceof Error && error.name === "TimeoutError"
      ? "the receiver did not answer in time"
      : "the receiver can't be reached";
    return { why, again: true };
  }
}

function sourceText({ requested, failure, snapshot, sharedWith }: SourceOutcome, dryRun: boolean): string {
  if (failure) return `${requested}: ${failureLines(failure).map((line) => line.trim()).join(" ")}`;
  if (dryRun) return `${requested}: no obstacle found`;
  const shared = sharedWith.length === 0 ? "" : `, shared with ${sharedWith.join(", ")}`;
  return `${requested}: snapshot ${snapshot}${shared}`;
}

/** Slack's markup uses these three. https://api.slack.com/reference/surfaces/formatting#escaping */
function slack(text: string): string {
  return visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
