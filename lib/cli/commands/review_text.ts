/** What `review` prints: a text, JSON, or annotations that GitHub shows beside a change. @module */

import { visible } from "../../core/visible.ts";
import { padToWidth, wrapWords } from "../../report/display/fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";
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
  if (format === "table") return isClean(review) ? `${summary(review)}\n` : refusalText(review, width);
  return `${[...annotations(review, path), summary(review)].join("\n")}\n`;
}

/** What stops a run of this database: the summary, the findings by table, and one block to paste. Ends in a newline. */
export function refusalText(review: Review, width: number): string {
  const { findings, unfit } = review;
  const blocks: readonly (readonly string[])[] = [
    wrapWords(summary(review), width),
    ...(unfit === undefined ? [] : [wrapWords(visible(unfit), width)]),
    ...[...Map.groupBy(findings, causeOf)].map(([cause, found]) => [
      ...wrapWords(`${visible(cause.slice(0, 1).toUpperCase() + cause.slice(1))}`, width),
      ...[...Map.groupBy(found, placeOf)].flatMap(([place, inside]) => placeLines(place, inside)),
    ]),
    ...pasteBlocks(review, width),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The cause that findings share; what else is said of one follows it. */
function causeOf({ why }: Finding): string {
  return why.split("; ")[0] ?? "";
}

function notesOf({ why }: Finding): readonly string[] {
  return why.split("; ").slice(1);
}

/** The table of a column; for any other object its kind. */
function placeOf({ entry }: Finding): string {
  return "table" in entry ? entry.table : "object" in entry ? entry.object : "";
}

/** A table and its columns. What is said of each of them is said of the table. */
function placeLines(place: string, findings: readonly Finding[]): readonly string[] {
  const [first] = findings;
  const shared = (first ? notesOf(first) : []).filter((note) => findings.every((one) => notesOf(one).includes(note)));
  const names = findings.map(({ what, entry }) =>
    visible("column" in entry ? entry.column : what.startsWith(`${place} `) ? what.slice(place.length + 1) : what)
  );
  const widest = Math.max(...names.map(unicodeWidth));
  return [
    `  ${visible(place)}${shared.length === 0 ? "" : ` (${shared.map(visible).join("; ")})`}`,
    ...findings.map((finding, at) => {
      const { what, entry } = finding;
      const type = "column" in entry ? visible(what.slice(`${place}.${entry.column} `.length)) : "";
      const notes = notesOf(finding).filter((note) => !shared.includes(note)).map((note) => `; ${visible(note)}`);
      return `    ${padToWidth(names[at] ?? "", widest)}  ${type}${notes.join("")}`.trimEnd();
    }),
  ];
}

/** The rules by table, then the entries of columns for which no rule is guessed. Each line is whole, however long. */
function pasteBlocks({ scrubber, rules: file, findings }: Review, width: number): readonly (readonly string[])[] {
  const ruled = findings.flatMap(({ rule, entry }) => rule !== undefined && "table" in entry ? [{ rule, entry }] : []);
  const comma = file ? "" : ",";
  const rules = [...Map.groupBy(ruled, ({ entry }) => entry.table).values()].map((found) => {
    const inner = found.map(({ rule }) => rulePattern.exec(rule));
    const [first] = inner;
    const whole = first && inner.every((one) => one !== null);
    return whole
      ? [`  ${visible(`${first[1]}: { columns: { ${inner.map((one) => one?.[2]).join(", ")} } }`)}${comma}`]
      : found.map(({ rule }) => `  ${visible(rule)}${comma}`);
  }).flat();
  const entries = findings.filter(({ rule }) => rule === undefined).map(({ entry }) => visible(JSON.stringify(entry)));
  const keep = "A column with a rule may stay instead: review --reviewed FILE --write asks why, and writes its entry.";
  return [
    ...(rules.length === 0 ? [] : [[
      ...wrapWords(
        file
          ? `To paste below tables: in ${visible(file.path)}. A column with a rule may stay instead: see reviewed.`
          : `To paste into the tables of the scrubber "${visible(scrubber)}". ${keep}`,
        width,
      ),
      ...rules,
    ]]),
    ...(entries.length === 0 ? [] : [[
      ...wrapWords(
        `To paste ${
          file ? `below reviewed: in ${visible(file.path)}` : "into reviewed.json"
        } if it may stay, with reason, by ` +
          "and source filled in:",
        width,
      ),
      file ? entries.map((entry) => `  - ${entry}`).join("\n") : `  ${entries.join(",\n  ")}`,
    ]]),
  ];
}

/** A guessed rule: its table, and the column's member. */
const rulePattern = /^(.*?): \{ columns: \{ (.*) \} \}$/s;

/** One sentence: how columns are classified, and how many are not. */
export function summary(review: Review): string {
  const { database, scrubber, findings, accounted: { ruled, structural, computed, reviewed }, milliseconds } = review;
  const rest = isClean(review)
    ? "everything is classified"
    : `${findings.length} unclassified${review.unfit ? ", and rules no longer fit" : ""}`;
  return `${visible(database)} by ${visible(scrubber)}: ${ruled} columns by rules, ${structural} structural, ` +
    `${computed} computed, ${reviewed} reviewed; ${rest} (${milliseconds} ms)`;
}

/**
 * One finding, with what to paste: a rule or an entry, each on one line, however long. `toPaste`: whether the entry is shown; it is
 * not where an answer writes it.
 */
export function findingLines(finding: Finding, width: number, toPaste: boolean): readonly string[] {
  const { what, why, rule, entry, samples } = finding;
  const before = rule === undefined ? "entry for reviewed.json" : "or, to keep it";
  return [
    ...wrapWords(`${visible(what)}: ${visible(why)}`, width),
    ...(rule === undefined ? [] : [`  rule: ${visible(rule)}`]),
    ...(toPaste ? [`  ${before}: ${visible(JSON.stringify(entry))}`] : []),
    ...(samples ?? []).map((sample) => `  value: ${visible(sample)}`),
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
