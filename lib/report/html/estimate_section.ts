/** What was expected of a source's run, beside what came of it. @module */

import type { EstimateReport } from "../../core/estimate.ts";
import type { SourceOutcome } from "../../core/report.ts";
import { classChoiceText, finishText, truthOf } from "../display/estimate_text.ts";
import { dataTable, numberCell } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
import { duration } from "./words.ts";

/** `2 h 4 min, expected 1 h 50 min`; undefined where no phase has ended. */
export function truthText({ estimate }: SourceOutcome): string | undefined {
  const truth = estimate && truthOf(estimate);
  return truth && `${duration(truth.took)}, expected ${duration(truth.expected)}`;
}

/** The estimate; nothing without one. */
export function estimateSection({ estimate, classChoice, finishBy, requested }: SourceOutcome): Markup {
  if (!estimate) return markup``;
  const sentences = [
    ...classChoice ? [`Instance class ${classChoiceText(classChoice)}.`] : [],
    ...finishBy ? [`Time: ${finishText(finishBy)}.`] : [],
  ].map((sentence) => markup`<p>${sentence}</p>\n`);
  const rows = estimate.phases.map(({ phase, seconds, took }) =>
    markup`<tr><td>${phase}</td>${numberCell(seconds, duration)}${
      took === undefined ? markup`<td class="number">not run</td>` : numberCell(took, duration)
    }</tr>\n`
  );
  const headings = ["Phase", ["Expected", "number"], ["Took", "number"]] as const;
  return markup`<h3>Expected times and costs</h3>
<p class="quiet">From ${estimate.by}. Prices of ${estimate.prices}.</p>
${sentences}<details><summary>About ${duration(estimate.seconds)} in all</summary>${
    dataTable(`Expected of ${requested}`, headings, rows, "How long each phase should take, and took")
  }</details>
${costsTable(estimate, requested)}`;
}

function costsTable({ costs, currency }: EstimateReport, requested: string): Markup {
  const amount = (value: number | undefined) =>
    value === undefined
      ? markup`<td class="number">not known</td>`
      : numberCell(value, (number) => `${number.toFixed(2)} ${currency}`);
  const rows = costs.map(({ what, expected, actual, monthly, unknown }) =>
    markup`<tr><td class="words">${what}${unknown === undefined ? "" : `; ${unknown}`}</td><td>${
      monthly ? "each month" : "once"
    }</td>${amount(expected)}${actual === undefined ? markup`<td class="number"></td>` : amount(actual)}</tr>\n`
  );
  const headings = ["What", "Paid", ["Expected", "number"], ["By the times it took", "number"]] as const;
  return dataTable(`Costs of ${requested}`, headings, rows, "What it costs");
}
