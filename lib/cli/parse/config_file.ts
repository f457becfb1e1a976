/** The text of a configuration file: YAML whose keys are the options' names. @module */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { type Option, spelling, workspacesKey } from "../options/option.ts";
import { findOption, type OptionName, options } from "../options/options.ts";
import { decodeText } from "./files.ts";
import { yamlProblem } from "./yaml_problem.ts";
import { quoted, usageError } from "./usage_error.ts";
import { isInstanceIdentifier } from "./instance_identifier.ts";
import { closestName } from "../../core/closest_name.ts";

/** One option's values as text, and how messages call the option. */
export interface FileEntry {
  readonly label: string;
  readonly values: readonly string[];
}

/** What a file sets. */
export interface ConfigFile {
  readonly entries: ReadonlyMap<OptionName, FileEntry>;
  /** For single sources, by DBInstanceIdentifier in lower case. */
  readonly sources: ReadonlyMap<string, ReadonlyMap<OptionName, FileEntry>>;
}

/** More than anybody writes by hand; the parser's time grows with it. */
const mostBytes = 1_000_000;

/**
 * Every option that the file sets. All values stay the text that was written: an account id with a leading zero is no number.
 *
 * @throws {ScrubError} `usage`, with the line, on whatever is not an option with values of its kind.
 */
export function parseConfigFile(path: string, bytes: Uint8Array): ConfigFile {
  const lines = new LineCounter();
  const refuse = (node: Node | number | undefined, why: string, hint: string) => {
    const offset = typeof node === "number" ? node : node?.range?.[0];
    const place = offset === undefined ? "" : ` line ${lines.linePos(offset).line}`;
    return usageError(`Cannot use ${quoted(path)}${place}: ${why}`, hint);
  };
  const document = parseDocument(decode(bytes, refuse), {
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [why, hint] = yamlProblem(problem.code);
    throw refuse(problem.pos[0], why, hint);
  }
  const sources = new Map<string, ReadonlyMap<OptionName, FileEntry>>();
  if (document.contents === null || isScalar(document.contents) && document.contents.value === "") {
    return { entries: new Map(), sources };
  }
  if (!isMap(document.contents)) {
    throw refuse(document.contents, "it is not a list of options with values", "Write one option: value a line.");
  }
  return { entries: readOptions(document.contents), sources };

  /** `source`: the one that the options are for; undefined for all. */
  function readOptions(map: YAMLMap, source?: string): ReadonlyMap<OptionName, FileEntry> {
    const entries = new Map<OptionName, FileEntry>();
    for (const { key, value } of map.items) {
      if (!isScalar(key) || typeof key.value !== "string") {
        throw refuse(map, "a key is not the name of an option", "Write one option: value a line.");
      }
      if (key.value === workspacesKey && source === undefined) {
        readSources(key, value);
        continue;
      }
      const option = findOption(key.value);
      if (option === undefined || isOutside(option)) throw refuse(key, ...unknown(key.value, option));
      if (source !== undefined && option.perSource !== true) throw refuse(key, ...ofAllSources(option));
      const label = `${option.name}${source === undefined ? "" : ` of ${quoted(source)}`} in ${quoted(path)}`;
      const nodes = isSeq(value) ? value.items : [value];
      const values = nodes.map((node) => textOf(node) ?? refuseValue(option, isNode(node) ? node : key));
      if (isSeq(value) && (option.kind !== "list" || values.length === 0)) refuseValue(option, key);
      if (option.kind === "flag" && !/^(true|false)$/.test(values[0] ?? "")) refuseValue(option, key);
      entries.set(option.name, { label, values });
    }
    return entries;
  }

  function readSources(at: Node, value: unknown): void {
    const hint = `Write ${workspacesKey}: { INSTANCE: { instance-class: CLASS } }.`;
    if (!isMap(value)) throw refuse(at, `${workspacesKey} is not a list of instances with options`, hint);
    for (const { key, value: own } of value.items) {
      if (!isScalar(key) || typeof key.value !== "string" || !isInstanceIdentifier(key.value)) {
        throw refuse(isNode(key) ? key : at, "a key is not the identifier of an instance", hint);
      }
      if (!isMap(own)) throw refuse(key, `${quoted(key.value)} has no options`, hint);
      const source = key.value.toLowerCase();
      if (sources.has(source)) throw refuse(key, `${quoted(source)} was named twice`, "Name every source once.");
      sources.set(source, readOptions(own, source));
    }
  }

  function refuseValue(option: Option, at: Node): never {
    throw refuse(at, `the value of ${option.name} is ${problemOf(option)}`, `Write ${example(option)}.`);
  }
}

function decode(bytes: Uint8Array, refuse: (at: undefined, why: string, hint: string) => Error): string {
  if (bytes.length > mostBytes) throw refuse(undefined, `it is longer than ${mostBytes} bytes`, "Leave the rest out.");
  const text = decodeText(bytes);
  if (text === undefined) throw refuse(undefined, "it is not text in UTF-8", "Name a text file, saved as UTF-8.");
  return text;
}

function isOutside(option: Option): boolean {
  return option.notInFile === true;
}

function ofAllSources({ name }: Option): readonly [why: string, hint: string] {
  const own = options.filter((option: Option) => option.perSource).map((option) => option.name);
  return [`${name} can't be set for a single source`, `Set it for all, or one of ${own.join(", ")}.`];
}

function unknown(name: string, option: Option | undefined): readonly [why: string, hint: string] {
  if (option) return [`--${option.name} can't be set in a file`, "Write it on the command line."];
  const meant = closestName(
    name.replace(/^--/, ""),
    options.filter((known) => !isOutside(known)).map((known) => known.name),
  );
  return [
    `there is no option ${quoted(name)}`,
    meant
      ? `Did you mean ${meant}? Options are written in full, without dashes.`
      : "datascrubber --help lists all options.",
  ];
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** A scalar's text; undefined for anything else, and for YAML's null. */
function textOf(value: unknown): string | undefined {
  if (!isScalar(value) || typeof value.value !== "string" || value.value === "") return undefined;
  return value.type === "PLAIN" && /^(null|~)$/i.test(value.value) ? undefined : value.value;
}

function problemOf(option: Option): string {
  switch (option.kind) {
    case "flag":
      return "neither true nor false";
    case "list":
      return "neither one value nor a list of values";
    default:
      return "not one value";
  }
}

function example(option: Option): string {
  const value = spelling(option).split(" ")[1]?.replace("…", "");
  if (option.kind === "flag") return `${option.name}: true`;
  return option.kind === "list" ? `${option.name}: [${value}]` : `${option.name}: ${value}`;
}
