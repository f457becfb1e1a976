/** Estimates in words. @module */

import type { ClassChoice, ClassOption, Cost, EstimateReport, FinishReport } from "../../core/estimate.ts";
import { visible } from "../../core/visible.ts";
import { elapsedText } from "./progress_display.ts";

/** What is expected of a run, as lines. */
export function estimateLines(estimate: EstimateReport): readonly string[] {
  const { by, seconds, phases, prices, costs } = estimate;
  const each = phases.map((one) => `${one.phase} ${elapsedText(1000 * one.seconds)}`).join(", ");
  return [
    `would take about ${elapsedText(1000 * seconds)}: ${each}`,
    `(estimated from ${visible(by)})`,
    ...costs.map((one) => `would cost ${costText(one, estimate)}`),
    `(prices of ${visible(prices)}; --prices FILE replaces them)`,
  ];
}

/** What the parameter group lacks, as lines. */
export function adviceLines(advice: readonly string[]): readonly string[] {
  return advice.map((line) => `advice: ${visible(line)}`);
}

/** `5 kept snapshots …: 45.12 USD a month`, or why that is not known. */
function costText(cost: Cost, { currency }: Pick<EstimateReport, "currency">): string {
  const { what, expected, monthly, unknown } = cost;
  const amount = expected === undefined
    ? "not known"
    : `${expected.toFixed(2)} ${currency}${monthly ? " a month" : ""}`;
  return visible(`${what}: ${amount}${unknown === undefined ? "" : `, ${unknown}`}`);
}

/** How long the phases took that have ended, and were expected to, in seconds; undefined where none has. */
export function truthOf(
  { phases }: Pick<EstimateReport, "phases">,
): { readonly took: number; readonly expected: number } | undefined {
  const ended = phases.filter(({ took }) => took !== undefined);
  if (ended.length === 0) return undefined;
  return {
    took: ended.reduce((sum, { took = 0 }) => sum + took, 0),
    expected: ended.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** `db.r6g.xlarge, chosen by --instance-class auto: …`: why it was, and why the next cheaper one was not. */
export function classChoiceText({ chosen, why, cheaper, currency, by }: ClassChoice): string {
  const reasons: Readonly<Record<ClassChoice["why"], string>> = {
    "meets finish-by": "the cheapest that meets --finish-by",
    "at most twice the fastest": "the cheapest with which a run takes at most twice as long as with the fastest",
    "fastest": "the fastest, since none meets --finish-by",
  };
  const other = cheaper === undefined
    ? "none is cheaper"
    : `the next cheaper one, ${cheaper.instanceClass}, would take ${optionText(cheaper, currency)}`;
  return visible(
    `${chosen.instanceClass}, chosen by --instance-class auto: about ${optionText(chosen, currency)}, ${
      reasons[why]
    }; ` +
      `${other} (estimated from ${by})`,
  );
}

/** `2:10:00 to the final snapshot at 0.48 USD an hour`. */
function optionText({ seconds, perHour }: ClassOption, currency: string): string {
  return `${elapsedText(1000 * seconds)} to the final snapshot at ${perHour} ${currency} an hour`;
}

/** Whether the final snapshot came, or is expected, when `--finish-by` says. */
export function finishText({ by, expected, ended }: FinishReport): string {
  const late = Date.parse(ended ?? expected) - Date.parse(by);
  const how = late > 0 ? `${elapsedText(late)} after` : `${elapsedText(-late)} before`;
  const what = ended === undefined ? `is expected at ${minuteOf(expected)}` : `existed at ${minuteOf(ended)}`;
  return `the final snapshot ${what}, ${how} the ${minuteOf(by)} of --finish-by`;
}

/** `2026-11-24T06:00Z` */
function minuteOf(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 16)}Z`;
}
