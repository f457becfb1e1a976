/** The READMEs' tables of options, error codes and strategies, generated from their tables in the code. @module */

import { errorCodes } from "../../core/errors.ts";
import { strategies } from "../../scrub/rules/strategy/mod.ts";
import { parameterText, ruleText, valueText } from "./strategy_text.ts";
import { environmentVariable, type Option, spelling } from "../options/option.ts";
import { options } from "../options/options.ts";

/** Comments around the table of error codes in the README. */
export const codesMarkers = { start: "<!-- codes -->", end: "<!-- /codes -->" } as const;

/** The table of error codes in Markdown, between its two markers. */
export function codesTable(): string {
  const rows = Object.entries(errorCodes).map(([name, [kind, meaning]]) => `| ${code(name)} | ${kind} | ${meaning} |`);
  return [
    codesMarkers.start,
    "<!-- deno-fmt-ignore-start -->",
    "",
    "| code | kind | meaning |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "<!-- deno-fmt-ignore-end -->",
    codesMarkers.end,
  ].join("\n");
}

/** Comments around the table of strategies in lib/scrub/rules/README.md. */
export const strategiesMarkers = { start: "<!-- strategies -->", end: "<!-- /strategies -->" } as const;

/** The table of strategies in Markdown, between its two markers. */
export function strategiesTable(): string {
  const rows = [...strategies].map(([name, { description: { summary, example }, parameter }]) => {
    const [rule, before, after] = [ruleText(example.rule), valueText(example.before), valueText(example.after)];
    const takes = parameter ? ` Parameter: ${cell(parameterText(parameter))}` : "";
    return `| ${code(name)} | ${cell(summary)}${takes} | ${code(rule)} | ${code(before)} | ${code(after)} |`;
  });
  return [
    strategiesMarkers.start,
    "<!-- deno-fmt-ignore-start -->",
    "",
    "| strategy | what it makes of a value, and its parameter | rule | before | after |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "<!-- deno-fmt-ignore-end -->",
    strategiesMarkers.end,
  ].join("\n");
}

/** Comments around the table of options in the README. */
export const optionsMarkers = { start: "<!-- options -->", end: "<!-- /options -->" } as const;

/** The table in Markdown, between its two markers. */
export function optionsTable(): string {
  const rows = options.map((option: Option) => {
    const variable = environmentVariable(option);
    const cells = [code(spelling(option)), sentence(option), variable === undefined ? "" : code(variable)];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    optionsMarkers.start,
    "<!-- deno-fmt-ignore-start -->",
    "",
    "| option | meaning | environment |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "<!-- deno-fmt-ignore-end -->",
    optionsMarkers.end,
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function sentence({ help, defaultText }: Option): string {
  return defaultText === "" ? help : `${help} (default: ${defaultText})`;
}
