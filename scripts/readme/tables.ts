/** The READMEs' tables that the code's own tables say: of options, error codes, strategies and permissions. @module */

import { environmentVariable, type Option, spelling } from "../../lib/cli/options/option.ts";
import { options } from "../../lib/cli/options/options.ts";
import { parameterText, ruleText, valueText } from "../../lib/cli/help/strategy_text.ts";
import { errorCodes } from "../../lib/core/errors.ts";
import { strategies } from "../../lib/scrub/rules/strategy/mod.ts";
import { permissionsTable } from "../compile/permissions.ts";

/** A table of a README, which comments of its name stand around. */
export interface ReadmeTable {
  readonly name: string;
  /** The README, from the project's folder. */
  readonly path: string;
  /** The lines between the comments. */
  readonly lines: readonly string[];
}

/** All of them. */
export const readmeTables: readonly ReadmeTable[] = [
  {
    name: "options",
    path: "lib/cli/README.md",
    lines: table(
      ["option", "meaning", "environment"],
      options.map((option: Option) => {
        const variable = environmentVariable(option);
        return [code(spelling(option)), sentence(option), variable === undefined ? "" : code(variable)];
      }),
    ),
  },
  {
    name: "codes",
    path: "lib/cli/README.md",
    lines: table(
      ["code", "kind", "meaning"],
      Object.entries(errorCodes).map(([name, [kind, meaning]]) => [code(name), kind, meaning]),
    ),
  },
  {
    name: "strategies",
    path: "lib/scrub/rules/README.md",
    lines: table(
      ["strategy", "what it makes of a value, and its parameter", "rule", "before", "after"],
      [...strategies].map(([name, { description: { summary, example }, parameter }]) => [
        code(name),
        `${cell(summary)}${parameter ? ` Parameter: ${cell(parameterText(parameter))}` : ""}`,
        ...[ruleText(example.rule), valueText(example.before), valueText(example.after)].map(code),
      ]),
    ),
  },
  { name: "permissions", path: "scripts/package/README.md", lines: permissionsTable() },
];

/**
 * The README's text with the table as it should be.
 *
 * @throws {Error} where a comment is missing.
 */
export function withTable(readme: string, { name, path, lines }: ReadmeTable): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = split(readme, start, path);
  const [, after] = split(rest, end, path);
  const ignored = ["<!-- deno-fmt-ignore-start -->", "", ...lines, "", "<!-- deno-fmt-ignore-end -->"];
  return [`${before}${start}`, ...ignored, `${end}${after}`].join("\n");
}

function split(text: string, comment: string, path: string): readonly [before: string, after: string] {
  const at = text.indexOf(comment);
  if (at < 0) throw new Error(`Cannot write the tables of ${path}: it has no comment ${comment}`);
  return [text.slice(0, at), text.slice(at + comment.length)];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
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
