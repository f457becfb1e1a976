/** The command line's arguments by option. `parseArgs` parses; what it would let pass in silence is refused here. @module */

import { parseArgs } from "@std/cli/parse-args";
import { type Option, spelling } from "../options/option.ts";
import { findOption, type OptionName, options } from "../options/options.ts";
import { quoted, usageError } from "./usage_error.ts";
import { closestName } from "../../core/closest_name.ts";

const flags = options.filter((option) => option.kind === "flag").map(({ name }) => name);
const valued = options.filter((option) => option.kind !== "flag").map(({ name }) => name);
const aliases = Object.fromEntries(
  options.flatMap((option: Option & { readonly name: OptionName }) =>
    option.kind === "flag" && option.short !== undefined ? [[option.short, option.name]] : []
  ),
);

/** Parsed arguments. */
export interface ParsedArguments {
  /** What belongs to no option. */
  readonly words: readonly string[];
  /** The options that were set, each with its values, none of them empty; a flag's is `true`. */
  readonly options: ReadonlyMap<OptionName, readonly string[]>;
}

/**
 * Parses arguments. An option of several values takes all that follow it, up to the next option.
 *
 * @throws {ScrubError} `usage` on unknown options, on missing and empty values, on values of flags, and on `--`.
 */
export function parseArguments(args: readonly string[]): ParsedArguments {
  args.forEach((argument, at) => refuseLeniency(argument, args[at + 1]));
  const attached = attachValues(args);
  const { _: words, ...parsed } = parseArgs(attached, {
    string: [...valued, "_"],
    boolean: flags,
    collect: [...valued, ...flags],
    alias: aliases,
    unknown: (argument, key) => {
      if (key !== undefined) refuseUnknown(argument);
    },
  });
  const found = new Map<OptionName, readonly string[]>();
  for (const option of options satisfies readonly Option[]) {
    const values = parsed[option.name];
    if (values.length === 0) continue;
    if (option.kind === "flag" && values.some((value) => value !== true)) refuseValue(option);
    if (values.includes("")) refuseEmpty(option, attached.includes(`--${option.name}=`) || args.includes(""));
    found.set(option.name, values.map(String));
  }
  return { words, options: found };
}

/** What people write behind flags. */
const yesOrNo = /^(true|false|yes|no|on|off|enabled?|disabled?|[01])$/i;

/** `parseArgs` would take `--dry-run=no` for true, `--dry-run false` for one flag with its value, and `--no-region=x` for `--region=x`. */
function refuseLeniency(argument: string, next: string | undefined): void {
  if (argument === "--" || argument.startsWith("--no-")) refuseUnknown(argument);
  const [, name = "", equals] = /^--([^=]*)(=?)/s.exec(argument) ?? [];
  const option = findOption(name);
  if (option?.kind === "flag" && (equals === "=" || next !== undefined && yesOrNo.test(next))) refuseValue(option);
}

/**
 * Binds values to their option by `=` where `parseArgs` would not take them: `--mysql-hosts a b` becomes
 * `--mysql-hosts=a --mysql-hosts=b`, and `--timeout -1`, which gets an error of its own, `--timeout=-1`.
 */
function attachValues(args: readonly string[]): readonly string[] {
  const attached: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? "";
    const option = argument.startsWith("--") ? findOption(argument.slice(2)) : undefined;
    const values = option ? valuesBehind(option, args.slice(at + 1)) : [];
    attached.push(...(values.length === 0 ? [argument] : values.map((value) => `${argument}=${value}`)));
    at += values.length;
  }
  return attached;
}

function valuesBehind({ kind }: Option, rest: readonly string[]): readonly string[] {
  if (kind === "number" || kind === "duration") return rest.slice(0, 1).filter((value) => /^-[\d.]/.test(value));
  if (kind !== "list") return [];
  const end = rest.findIndex((value) => value.startsWith("-") && value !== "-");
  return end < 0 ? rest : rest.slice(0, end);
}

function refuseUnknown(argument: string): never {
  const [shown = argument] = argument.split("=", 1);
  const meant = closestName(shown.replace(/^-+(no-)?/, ""), options.map(({ name }) => name));
  throw usageError(
    `Cannot use ${quoted(shown)}: there is no such option`,
    meant ? `Did you mean --${meant}? Options are written in full.` : "datascrubber --help lists all options.",
  );
}

function refuseValue({ name }: Option): never {
  throw usageError(`Cannot use --${name}: it takes no value`, `Write --${name} alone, or leave it out.`);
}

function refuseEmpty(option: Option, empty: boolean): never {
  throw usageError(
    `Cannot use --${option.name}: its value is ${empty ? "empty" : "missing"}`,
    `Write ${spelling(option)}.`,
  );
}
