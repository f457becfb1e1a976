/** The kinds of options: what a row of the table holds, and how its option is written. @module */

/** Heading that an option is listed under. */
export type OptionGroup = "Sources" | "Databases" | "Result" | "Workspace" | "Run" | "Output" | "Review" | "Other";

/** The key of a configuration file under which options are set for single sources. */
export const workspacesKey = "workspaces";

/** What all options have. */
interface OptionBase {
  /** Without the dashes. */
  readonly name: string;
  readonly group: OptionGroup;
  /** One sentence without a full stop, for `--help` and the README. */
  readonly help: string;
  /** The default, in words; `""` where there is none to name. */
  readonly defaultText: string;
  /** No environment variable sets it. */
  readonly flagOnly?: true;
  /** No configuration file sets it. */
  readonly notInFile?: true;
  /** A configuration file can set it for single sources, under {@linkcode workspacesKey}. */
  readonly perSource?: true;
  /** Its values appear in no message. */
  readonly secret?: true;
}

/** An option without a value. */
export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  /** Its other name, of one letter behind one dash. */
  readonly short?: string;
}

/** An option with one value of free text. */
export interface TextOption extends OptionBase {
  readonly kind: "text";
  readonly value: string;
  /** Its value is a file's path: shells complete it. */
  readonly file?: true;
}

/** An option with one or more values; repeating it adds. */
export interface ListOption extends OptionBase {
  readonly kind: "list";
  readonly value: string;
  /** Its values are files' paths: shells complete them. */
  readonly file?: true;
}

/** An option with one of a few fixed words. */
export interface ChoiceOption extends OptionBase {
  readonly kind: "choice";
  readonly choices: readonly string[];
  /** What to do instead of words that people try, by the word in lower case. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** An option with a decimal number. */
export interface NumberOption extends OptionBase {
  readonly kind: "number";
  readonly value: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

/** Milliseconds of the units that a bare number can have. */
export const durationUnits = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 } as const;

/** An option with a duration such as `90m`. */
export interface DurationOption extends OptionBase {
  readonly kind: "duration";
  readonly value: "DURATION";
  /** That of a bare number, and of `least` and `most`. */
  readonly unit: keyof typeof durationUnits;
  readonly least: number;
  readonly most: number;
}

/** One row of the table. */
export type Option = FlagOption | TextOption | ListOption | ChoiceOption | NumberOption | DurationOption;

/** The environment variable that sets an option, such as `DATASCRUBBER_SHARE_WITH`; undefined where none does. */
export function environmentVariable(option: Option): string | undefined {
  return option.flagOnly ? undefined : `DATASCRUBBER_${option.name.toUpperCase().replaceAll("-", "_")}`;
}

/** How an option is written, such as `--share-with ACCOUNT…` or `--help, -h`. */
export function spelling(option: Option): string {
  switch (option.kind) {
    case "flag":
      return option.short === undefined ? `--${option.name}` : `--${option.name}, -${option.short}`;
    case "choice":
      return `--${option.name} ${option.choices.join("|")}`;
    case "list":
      return `--${option.name} ${option.value}…`;
    case "text":
    case "number":
    case "duration":
      return `--${option.name} ${option.value}`;
  }
}
