/** The text of `--help`, from the table of options. @module */

import { exitStatusMeanings } from "../../core/exit_status.ts";
import { commands } from "../options/commands.ts";
import { environmentVariable, type Option, type OptionGroup, options, spelling } from "../options/options.ts";
import { programName } from "./version.ts";

const column = 34;
/** Column in which the help on a command begins. */
const usageColumn = 48;
const width = 100;

/** Notes beside the names of groups. */
export const groupNotes: Readonly<Partial<Record<OptionGroup, string>>> = {
  Sources: "per engine by host, by instance, or by snapshot",
  Review: "only for review and plan, which inspect a database by URL and change nothing",
  Workspace: "the temporary instance; required if only a snapshot of the source is left",
};

/** Examples of command lines. */
export const examples: readonly (readonly [what: string, command: string])[] = [
  [
    "Scrub the newest snapshots of two instances and share the results",
    `${programName} --mysql-hosts mysql-primary --postgresql-hosts postgresql-primary --share-with 123456789012`,
  ],
  ["See what would happen", `${programName} --dry-run --postgresql-instances orders`],
  [
    "Check an application's database in CI, before production has the same columns",
    `DATASCRUBBER_URL=postgresql://ci@localhost/email-alert-api_test ${programName} review --format github`,
  ],
  [
    "Scrub one snapshot, keep one database unchanged, and write a report",
    `${programName} --mysql-snapshots rds:blog-2026-11-24-03-00 --keep-database fonts --report run.json`,
  ],
];

/** The whole text, ending in a newline. */
export function helpText(): string {
  const rows: readonly Option[] = options;
  const groups = [...new Set(rows.map((option) => option.group))];
  const sections = groups.map((group) => {
    const note = groupNotes[group];
    const lines = rows.filter((option) => option.group === group).flatMap(optionLines);
    return [note ? `${group} (${note}):` : `${group}:`, ...lines];
  });
  const blocks = [
    commands.flatMap(({ words, value, help }, row) => {
      const usage = [programName, words, value].filter((part) => part !== "").join(" ");
      const [first = "", ...rest] = wrap(help, usageColumn);
      return [`${row === 0 ? "Usage: " : "       "}${usage}`.padEnd(usageColumn) + first.trimStart(), ...rest];
    }),
    ...sections,
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
    ["Examples:", ...examples.flatMap(([what, command]) => [`  # ${what}`, `  ${command}`])],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function variableExample(): string {
  const option = options.find((candidate) => candidate.name === "share-with");
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
