/** Estimates in words. @module */

import type { Cost, EstimateReport } from "../../core/estimate.ts";
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
export function costText(cost: Cost, { currency }: Pick<EstimateReport, "currency">): string {
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
