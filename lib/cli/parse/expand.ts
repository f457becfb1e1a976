/** Arguments in the one spelling that leaves nothing to guess: `--name=value`. @module */

import { closest } from "./closest_name.ts";
import { findOption, type Option, options, spelling } from "../options/options.ts";
import { quoted, usageError } from "./usage_error.ts";

/** Arguments, spelt out. */
export interface Expanded {
  /** What belongs to no option. */
  readonly words: readonly string[];
  /** Known options, each with one value that is not empty. */
  readonly options: readonly string[];
}

/**
 * Spells arguments out: `--mysql-hosts a b` becomes `--mysql-hosts=a --mysql-hosts=b`, `--dry-run` becomes `--dry-run=true`.
 * Throws on what a lenient parser would let pass: unknown options, missing and empty values, values of flags.
 */
export function expandArguments(args: readonly string[]): Expanded {
  const words: string[] = [];
  const expanded: string[] = [];
  for (let at = 0; at < args.length;) {
    const argument = args[at++] ?? "";
    if (!isOption(argument)) {
      words.push(argument);
      continue;
    }
    const { name, attached } = split(argument);
    const option = findOption(name) ?? refuseUnknown(argument, name);
    if (option.kind === "flag") {
      if (attached !== undefined) throw usageError(`Cannot use --${name}: it takes no value`, `Write --${name} alone.`);
      expanded.push(`--${name}=true`);
      continue;
    }
    const values = attached === undefined ? following(option, args.slice(at)) : [attached];
    if (attached === undefined) at += values.length;
    if (values.length === 0) {
      throw usageError(`Cannot use --${name}: its value is missing`, `Write ${spelling(option)}.`);
    }
    if (values.includes("")) throw usageError(`Cannot use --${name}: its value is empty`, `Write ${spelling(option)}.`);
    expanded.push(...values.map((value) => `--${name}=${value}`));
  }
  return { words, options: expanded };
}

function isOption(argument: string): boolean {
  return argument.startsWith("-") && argument !== "-" && argument !== "--";
}

function split(argument: string): { readonly name: string; readonly attached?: string } {
  const text = argument.replace(/^--/, "");
  const equals = text.indexOf("=");
  return equals < 0 ? { name: text } : { name: text.slice(0, equals), attached: text.slice(equals + 1) };
}

function following(option: Option, rest: readonly string[]): readonly string[] {
  const end = rest.findIndex((value) => isOption(value) && !(option.kind === "number" && /^-[\d.]/.test(value)));
  const values = end < 0 ? rest : rest.slice(0, end);
  return option.kind === "list" ? values : values.slice(0, 1);
}

function refuseUnknown(argument: string, name: string): never {
  const shown = quoted(argument.split("=", 1)[0] ?? argument);
  const plain = name.replace(/^-+/, "").replace(/^no-/, "");
  const meant = plain === "h" ? "help" : closest(plain, options.map((option) => option.name));
  throw usageError(
    `Cannot use ${shown}: there is no such option`,
    meant ? `Did you mean --${meant}? Options are written in full.` : "datascrubber --help lists all options.",
  );
}
