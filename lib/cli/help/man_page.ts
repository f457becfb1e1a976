/** The manual page, from the tables of options, commands and exit statuses. @module */

import { exitStatusMeanings } from "../../core/exit_status.ts";
import { commands, type Example } from "../options/commands.ts";
import { groupNotes, whatItIs } from "./help.ts";
import { environmentVariable, type Option } from "../options/option.ts";
import { options } from "../options/options.ts";
import { topics } from "./topics.ts";
import { programName, version } from "./version.ts";

/** `datascrubber(8)` in the macros of man(7), ending in a newline. */
export function manPage(): string {
  const rows: readonly Option[] = options;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const lines = [
    `.TH ${programName.toUpperCase()} 8 "" "${programName} ${version}" "System administration"`,
    ".SH NAME",
    `${programName} \\- scrub copies of RDS instances and share them as snapshots`,
    ".SH SYNOPSIS",
    ...commands.flatMap(synopsis),
    ".SH DESCRIPTION",
    ...description.flatMap((paragraph) => [".PP", escaped(paragraph)]),
    ".SH EXAMPLES",
    ...(commands[0]?.examples ?? []).flatMap(exampleLines),
    ".SH COMMANDS",
    ...commands.flatMap(({ words, value, help, examples }) => [
      ".TP",
      words === "" ? bold("(none)") : `${bold(words)}${value === "" ? "" : ` ${italic(value)}`}`,
      sentence(help),
      ...(words === "" ? [] : examples.flatMap(exampleLines)),
    ]),
    ".SH OPTIONS",
    ...groups.flatMap((group) => {
      const note = groupNotes[group];
      const own = rows.filter((option) => option.group === group);
      return [`.SS "${escaped(group)}"`, ...(note ? [sentence(note)] : []), ...own.flatMap(entry)];
    }),
    ...topics.flatMap(({ name, text }) => [
      `.SH ${escaped(name.toUpperCase())}`,
      ".nf",
      ...text.split("\n").map(escaped),
      ".fi",
    ]),
    ".SH CONFIGURATION FILE",
    escaped(
      "The file of --config is YAML: each key is the name of an option without its dashes, each value one value, a list of " +
        "values, or true or false. Unknown options and values of the wrong kind are refused.",
    ),
    ".SH EXIT STATUS",
    ...exitStatusMeanings.flatMap(([status, meaning]) => [".TP", bold(status), sentence(meaning)]),
    ".SH FILES",
    ...files.flatMap(([path, what]) => [".TP", `\\fI${escaped(path)}\\fR`, escaped(what)]),
    ".SH SEE ALSO",
    "\\fBsystemd.timer\\fR(5), \\fBsystemctl\\fR(1)",
  ];
  return `${lines.join("\n")}\n`;
}

const description: readonly string[] = [
  whatItIs,
  "AWS credentials come from the same places as the AWS CLI's.",
];

const files: readonly (readonly [path: string, what: string])[] = [
  ["/etc/datascrubber/datascrubber.env", "Environment of datascrubber.service: one variable an option."],
  ["/etc/datascrubber/NAME.yaml", "Configuration file of datascrubber@NAME.service."],
];

function exampleLines([what, command]: Example): readonly string[] {
  return [".PP", `${escaped(what)}:`, ".PP", ".nf", `    ${escaped(command)}`, ".fi"];
}

function synopsis({ words, value }: (typeof commands)[number], row: number): readonly string[] {
  const typed = words === "" ? "" : ` ${escaped(words)}`;
  return [...(row === 0 ? [] : [".br"]), `\\fB${programName}${typed}\\fR${value === "" ? "" : ` ${italic(value)}`}`];
}

function entry(option: Option): readonly string[] {
  const variable = environmentVariable(option);
  const defaultText = option.defaultText === "" ? "" : ` Default: ${option.defaultText}.`;
  const value = option.kind === "flag"
    ? (option.short === undefined ? "" : `, ${bold(`-${option.short}`)}`)
    : option.kind === "choice"
    ? ` ${italic(option.choices.join("|"))}`
    : ` ${italic(option.kind === "list" ? `${option.value}…` : option.value)}`;
  return [
    ".TP",
    `${bold(`--${option.name}`)}${value}`,
    escaped(`${capital(option.help)}.${defaultText}${variable === undefined ? "" : ` Environment: ${variable}.`}`),
  ];
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`;
}

function sentence(text: string): string {
  return escaped(`${capital(text)}.`);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** With roff's special characters escaped; a hyphen in an option must not become a dash. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "\\&...").replace(/^([.'])/, "\\&$1");
}
