/** The values of options on the command line, in the environment and in the configuration file. @module */

import { parseArguments } from "./arguments.ts";
import type { FileEntry } from "./config_file.ts";
import { durationUnits, environmentVariable, type Option } from "../options/option.ts";
import { findOption, type OptionName, type OptionNameOf, options } from "../options/options.ts";
import { durationText } from "../../core/duration_text.ts";
import { parseDuration } from "./duration.ts";
import { type Files, readFileOf } from "./files.ts";
import { quoted, usageError } from "./usage_error.ts";
import { closestName } from "../../core/closest_name.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The values of options. Reading one checks it and throws a ScrubError of kind `usage`. */
export interface ParsedOptions {
  /** Arguments that belong to no option. */
  readonly words: readonly string[];
  /** Where the option was set; undefined if it was not. */
  origin(name: OptionName): Origin | undefined;
  /** How the option was set, for messages: `--share-with`, `DATASCRUBBER_SHARE_WITH` or `share-with in "nightly.yaml"`. */
  label(name: OptionName): string;
  flag(name: OptionNameOf<"flag">): boolean;
  text(name: OptionNameOf<"text">): string | undefined;
  list(name: OptionNameOf<"list">): readonly string[];
  choice<const W extends string>(name: OptionNameOf<"choice">, words: readonly W[]): W | undefined;
  number(name: OptionNameOf<"number">): number | undefined;
  /** In milliseconds. */
  duration(name: OptionNameOf<"duration">): number | undefined;
  /** The sources that a configuration file sets options for, by DBInstanceIdentifier in lower case. */
  readonly singledOut: readonly string[];
  /** The options of one source: what the file sets for it takes the place of what it sets for all. */
  forSource(source: string): ParsedOptions;
}

/** Where options come from, the strongest first. */
export const origins = ["command line", "environment", "configuration file"] as const;

/** One of {@linkcode origins}. */
export type Origin = (typeof origins)[number];

/** One option's values, as text; a flag's is `true` or `false`. */
interface Entry extends FileEntry {
  readonly origin: Origin;
}

/**
 * Reads all three. The command line wins over the environment, and that over the configuration file, option by option. Files are
 * read only where `--config` names one.
 *
 * @throws {ScrubError} `usage` on anything that is not fully understood.
 */
export async function parseOptions(
  args: readonly string[],
  environment: Environment,
  files: Files,
): Promise<ParsedOptions> {
  const { words, options: typed } = parseArguments(args);
  refuseMisspeltVariables(environment);
  const entries = new Map<OptionName, Entry>();
  for (const option of options) {
    const values = typed.get(option.name);
    const variable = environmentVariable(option);
    if (values) {
      entries.set(option.name, { label: `--${option.name}`, origin: "command line", values });
    } else if (variable !== undefined) {
      const set = variableValues(option, variable, environment[variable] ?? "");
      if (set.length > 0) entries.set(option.name, { label: variable, origin: "environment", values: set });
    }
  }
  const config = entries.get("config");
  if (config) {
    check("config", config);
    const [path = ""] = config.values;
    const file = await readConfigFile(path, config.label, files);
    for (const [name, entry] of file.entries) {
      if (!entries.has(name)) entries.set(name, entry);
    }
    return checked(words, entries, file.sources);
  }
  return checked(words, entries);
}

/** The options of a configuration file alone. */
export async function parseOptionsOfFile(path: string, files: Files): Promise<ParsedOptions> {
  const { entries, sources } = await readConfigFile(path, "the configuration file", files);
  return checked([], entries, sources);
}

type Entries = ReadonlyMap<OptionName, Entry>;
/** By DBInstanceIdentifier. */
type SourceEntries = ReadonlyMap<string, Entries>;

async function readConfigFile(
  path: string,
  label: string,
  files: Files,
): Promise<{ readonly entries: Entries; readonly sources: SourceEntries }> {
  const bytes = await readFileOf(label, path, files);
  // Loaded only here: most runs need no parser of YAML.
  const { parseConfigFile } = await import("./config_file.ts");
  const { entries, sources } = parseConfigFile(path, bytes);
  const ofFile = (found: ReadonlyMap<OptionName, FileEntry>): Entries =>
    new Map([...found].map(([name, entry]) => [name, { ...entry, origin: "configuration file" }]));
  return { entries: ofFile(entries), sources: new Map([...sources].map(([source, own]) => [source, ofFile(own)])) };
}

function checked(words: readonly string[], entries: Entries, sources: SourceEntries = new Map()): ParsedOptions {
  for (const found of [entries, ...sources.values()]) for (const [name, entry] of found) check(name, entry);
  return new CheckedOptions(words, entries, sources);
}

class CheckedOptions implements ParsedOptions {
  readonly #entries: Entries;
  readonly #sources: SourceEntries;

  constructor(readonly words: readonly string[], entries: Entries, sources: SourceEntries) {
    this.#entries = entries;
    this.#sources = sources;
  }

  get singledOut(): readonly string[] {
    return [...this.#sources.keys()];
  }

  forSource(source: string): ParsedOptions {
    const stronger = [...this.#entries].filter(([, { origin }]) => origin !== "configuration file");
    const own = this.#sources.get(source) ?? new Map();
    return new CheckedOptions(this.words, new Map([...this.#entries, ...own, ...stronger]), new Map());
  }

  origin(name: OptionName): Origin | undefined {
    return this.#entries.get(name)?.origin;
  }

  label(name: OptionName): string {
    return this.#entries.get(name)?.label ?? `--${name}`;
  }

  flag(name: OptionNameOf<"flag">): boolean {
    return this.#entries.get(name)?.values.at(-1) === "true";
  }

  text(name: OptionNameOf<"text">): string | undefined {
    return this.#entries.get(name)?.values[0];
  }

  list(name: OptionNameOf<"list">): readonly string[] {
    return this.#entries.get(name)?.values ?? [];
  }

  choice<const W extends string>(name: OptionNameOf<"choice">, words: readonly W[]): W | undefined {
    const value = this.#entries.get(name)?.values[0];
    if (value === undefined) return undefined;
    const word = words.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (word !== undefined) return word;
    const option: Option | undefined = findOption(name);
    const instead = option?.kind === "choice" ? option.instead?.[value.toLowerCase()] : undefined;
    const meant = closestName(value, words);
    throw usageError(
      `Cannot use ${this.label(name)}: ${quoted(value)} is not one of ${words.join(", ")}`,
      instead ?? (meant ? `Did you mean ${meant}?` : `Choose one of ${words.join(", ")}.`),
    );
  }

  number(name: OptionNameOf<"number">): number | undefined {
    const value = this.#entries.get(name)?.values[0];
    const option = findOption(name);
    if (value === undefined || option?.kind !== "number") return undefined;
    const range = `${option.whole ? "a whole number" : "a number"} from ${option.least} to ${option.most}`;
    const refuse = (why: string) =>
      usageError(`Cannot use ${this.label(name)}: ${quoted(value)} ${why}`, `Give ${range}.`);
    if (!/^-?\d+(\.\d+)?$/.test(value)) throw refuse("is not a number");
    const number = Number(value);
    if (option.whole && !Number.isInteger(number)) throw refuse("is not a whole number");
    if (number < option.least || number > option.most) throw refuse(`is not within ${option.least} to ${option.most}`);
    return number;
  }

  duration(name: OptionNameOf<"duration">): number | undefined {
    const value = this.#entries.get(name)?.values[0];
    const option: Option | undefined = findOption(name);
    if (value === undefined || option?.kind !== "duration") return undefined;
    const unit = durationUnits[option.unit];
    const [least, most] = [option.least * unit, option.most * unit];
    const range = `${durationText(least)} to ${durationText(most)}`;
    const example = parseDuration(option.defaultText, unit) === undefined ? "" : `, such as ${option.defaultText}`;
    const refuse = (why: string) =>
      usageError(
        `Cannot use ${this.label(name)}: ${quoted(value)} ${why}`,
        `Write a duration from ${range}${example}; a bare number is ${option.unit}.`,
      );
    const found = parseDuration(value, unit);
    if (found === undefined) throw refuse("is not a duration");
    if (found < least || found > most) throw refuse(`is not within ${range}`);
    return found;
  }
}

function variableValues(option: Option, variable: string, value: string): readonly string[] {
  if (value.trim() === "") return [];
  if (option.kind === "list") {
    const items = value.split(/[\s,]+/).filter((item) => item !== "");
    if (items.length > 0) return items;
    throw usageError(
      `Cannot use ${variable}: ${quoted(value)} holds no value`,
      "Write values with spaces or commas between them, or unset it.",
    );
  }
  if (option.kind !== "flag") return [value];
  if (/^(1|true|yes|on)$/i.test(value)) return ["true"];
  if (/^(0|false|no|off)$/i.test(value)) return ["false"];
  throw usageError(`Cannot use ${variable}: ${quoted(value)} is neither true nor false`, "Write true or false.");
}

/** A misspelt DATASCRUBBER_DRY_RUN must not start a real run. Variables unlike any option are other programs'. */
function refuseMisspeltVariables(environment: Environment): void {
  const variables = options.map(environmentVariable).filter((name) => name !== undefined);
  const prefix = /^DATASCRUBBER_/;
  for (const name of Object.keys(environment)) {
    if (!prefix.test(name) || variables.includes(name)) continue;
    const meant = closestName(name.replace(prefix, ""), variables.map((variable) => variable.replace(prefix, "")));
    if (meant === undefined) continue;
    throw usageError(
      `Cannot use the environment variable ${quoted(name)}: there is no such option`,
      `Did you mean DATASCRUBBER_${meant}? Otherwise unset it.`,
    );
  }
}

function check(name: OptionName, { label, values }: Entry): void {
  const option: Option | undefined = findOption(name);
  if (option === undefined || option.kind === "flag") return;
  if (option.kind !== "list" && values.length > 1) {
    throw usageError(`Cannot use ${label}: it was given ${values.length} times`, "Give it once.");
  }
  // A database's name may hold anything that its server takes.
  const forbidden = /-database$/.test(name) ? /\0/ : /\p{Cc}/u;
  const bad = values.find((value) => forbidden.test(value));
  if (bad === undefined) return;
  const shown = option.secret ? "its value" : quoted(bad);
  throw usageError(`Cannot use ${label}: ${shown} holds a control character`, "Leave the control character out.");
}
