/** What `review` prints: a text, JSON, or annotations that GitHub shows beside a change. @module */

import { visible } from "../../core/visible.ts";
import { wrapWords } from "../../report/display/fit_text.ts";
import type { Finding, Review } from "../../core/review.ts";

/** Whether every column is classified, and every rule fits the schema. */
export function isClean({ findings, unfit }: Pick<Review, "findings" | "unfit">): boolean {
  return findings.length === 0 && unfit === undefined;
}

/** The text in a format, ending in a newline. `path`: the file of reviews, for annotations. */
export function reviewText(review: Review, format: "table" | "json" | "github", width: number, path?: string): string {
  if (format === "json") {
    const { findings, unfit, ...rest } = review;
    return `${
      JSON.stringify({ version: 1, ...rest, clean: isClean(review), ...(unfit && { unfit }), findings }, undefined, 2)
    }\n`;
  }
  const lines = format === "github" ? annotations(review, path) : forPeople(review, width);
  return `${[...lines, summary(review)].join("\n")}\n`;
}

/** One sentence: how columns are classified, and how many are not. */
export function summary(review: Review): string {
  const { database, scrubber, findings, accounted: { ruled, structural, computed, reviewed }, milliseconds } = review;
  const rest = isClean(review)
    ? "everything is classified"
    : `${findings.length} unclassified${review.unfit ? ", and rules no longer fit" : ""}`;
  return `${visible(database)} by ${visible(scrubber)}: ${ruled} columns by rules, ${structural} structural, ` +
    `${computed} computed, ${reviewed} reviewed; ${rest} (${milliseconds} ms)`;
}

/** One finding, with what to paste: a rule or an entry, each on one line, however long. */
export function findingLines({ what, why, rule, entry, samples }: Finding, width: number): readonly string[] {
  return [
    ...wrapWords(`${visible(what)}: ${visible(why)}`, width),
    ...(rule === undefined ? [] : [`  rule: ${visible(rule)}`]),
    `  ${rule === undefined ? "entry for reviewed.json" : "or, to keep it"}: ${visible(JSON.stringify(entry))}`,
    ...(samples ?? []).map((sample) => `  value: ${visible(sample)}`),
  ];
}

function forPeople({ findings, unfit }: Review, width: number): readonly string[] {
  return [
    ...(unfit === undefined ? [] : [...wrapWords(visible(unfit), width), ""]),
    ...findings.flatMap((finding) => [...findingLines(finding, width), ""]),
  ];
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function annotations({ scrubber, findings, unfit }: Review, path: string | undefined): readonly string[] {
  const annotate = (title: string, lines: readonly string[]) => {
    const properties = [...(path === undefined ? [] : [`file=${property(path)}`]), `title=${property(title)}`];
    return `::error ${properties.join(",")}::${data(lines.join("\n"))}`;
  };
  return [
    ...(unfit === undefined ? [] : [annotate(`rules of ${scrubber} no longer fit`, [unfit])]),
    ...findings.map(({ what, why, rule, entry }) =>
      annotate(`${what} is unclassified`, [
        why,
        ...(rule === undefined ? [] : [`Rule for ${scrubber}: ${rule}`]),
        `${rule === undefined ? "Entry" : "Or the entry"} for reviewed.json: ${JSON.stringify(entry)}`,
      ])
    ),
  ];
}

function data(text: string): string {
  return text.split("\n").map(visible).join("\n").replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
