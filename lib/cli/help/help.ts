/** The text of `--help`, in general and of one command, from the tables of options and commands. @module */

import { exitStatusMeanings } from "../../core/exit_status.ts";
import { type CommandRow, commands, type Example } from "../options/commands.ts";
import { environmentVariable, type Option, type OptionGroup, spelling } from "../options/option.ts";
import { findOption, options } from "../options/options.ts";
import { topics } from "./topics.ts";
import { programName } from "./version.ts";

const column = 34;
/** Column in which the help on a command begins. */
const usageColumn = 48;
const width = 100;

/** Notes beside the names of groups. */
export const groupNotes: Readonly<Partial<Record<OptionGroup, string>>> = {
  Sources: "per engine by host, by instance, or by snapshot",
  Review: "only for review, plan and scrub of a database by URL",
  Workspace: "the temporary instance; required if only a snapshot of the source is left",
};

/** What the program is, in a paragraph. */
export const whatItIs: string =
  `${programName} restores an AWS RDS snapshot of a MySQL, MariaDB or PostgreSQL instance to a temporary instance, removes or ` +
  "pseudonymises everything sensitive in its databases, proves that it is gone, and shares the result as a snapshot. " +
  "Whatever goes wrong, no unproven snapshot and no instance are left, and the exit status is not 0.";

/** The whole text, ending in a newline: of one command, or in general. */
export function helpText(row?: CommandRow): string {
  const blocks = row === undefined || row.words === "" ? general() : ofCommand(row);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

type Blocks = readonly (readonly string[])[];

function general(): Blocks {
  const rows: readonly Option[] = options;
  const groups = [...new Set(rows.map((option) => option.group))];
  const [run] = commands;
  return [
    wrap(whatItIs, 0),
    ["Examples:", ...exampleLines(run?.examples ?? [])],
    ["Commands:", ...commands.flatMap((row) => twoColumns(usage(row), row.help, usageColumn))],
    ["Topics:", ...topics.flatMap(({ name, help }) => twoColumns(`${programName} help ${name}`, help, usageColumn))],
    wrap(
      `${programName} help COMMAND, or COMMAND --help, shows the options and examples of one command. A run, the command ` +
        "without a name, takes these:",
      0,
    ),
    ...groups.map((group) => {
      const note = groupNotes[group];
      const lines = rows.filter((option) => option.group === group).flatMap(optionLines);
      return [note ? `${group} (${note}):` : `${group}:`, ...lines];
    }),
    [
      "Environment:",
      ...wrap(
        `Each option has a variable, such as ${variableExample()} for --share-with; lists are split at spaces and ` +
          "commas, flags take true or false. The command line takes precedence over the environment, and that over the file " +
          "of --config. AWS credentials come from the same places as the AWS CLI's.",
        2,
      ),
    ],
    ["Exit status:", ...exitStatusMeanings.flatMap(([status, meaning]) => twoColumns(status, meaning, 18))],
  ];
}

function ofCommand(row: CommandRow): Blocks {
  const own = (row.options ?? []).flatMap((name) => findOption(name) ?? []);
  return [
    [`Usage: ${usage(row)}${own.length > 0 ? " [OPTION…]" : ""}`],
    wrap(`${row.help.slice(0, 1).toUpperCase()}${row.help.slice(1)}.`, 0),
    ["Examples:", ...exampleLines(row.examples)],
    ...(own.length === 0 ? [] : [["Options:", ...own.flatMap(optionLines)]]),
    [`${programName} --help explains the environment's variables, exit statuses and the other commands.`],
  ];
}

function usage({ words, value }: CommandRow): string {
  return [programName, words, value].filter((part) => part !== "").join(" ");
}

function exampleLines(examples: readonly Example[]): readonly string[] {
  return examples.flatMap(([what, command]) => [`  # ${what}`, `  ${command}`]);
}

function variableExample(): string {
  const option = findOption("share-with");
  return option && environmentVariable(option) || "";
}

function optionLines(option: Option): readonly string[] {
  const defaultText = option.defaultText === "" ? "" : ` [default: ${option.defaultText}]`;
  return twoColumns(spelling(option), option.help + defaultText, column);
}

function twoColumns(left: string, right: string, at: number): readonly string[] {
  const lines = wrap(right, at);
  const [first = "", ...rest] = lines;
  if (left.length + 4 > at) return [`  ${left}`, ...lines];
  return [`  ${left}`.padEnd(at) + first.trimStart(), ...rest];
}

function wrap(text: string, indentation: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(" ".repeat(indentation) + word);
  }
  return lines;
}
