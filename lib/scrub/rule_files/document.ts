/** The YAML of a rule file as plain values that know where they stand. @module */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from "yaml";
import type { Json } from "../../engine/expressions.ts";
import type { RuleFileProblem } from "./rule_file.ts";
import { type Environment, fillVariables } from "./variables.ts";
import { yamlProblem } from "./yaml_problem.ts";

/** Where something begins: an offset in the file's text. */
export type Place = number;

/** A value of a rule file. */
export interface Located {
  readonly place: Place;
  /** All of it, as plain data. */
  readonly value: Json;
  /** Of a mapping: its entries in their order. */
  readonly entries?: ReadonlyMap<string, LocatedEntry>;
  /** Of a list. */
  readonly items?: readonly Located[];
  /** Of text: where its first character stands, if it stands there as it is. */
  readonly textPlace?: Place;
  /** A variable is in it: no message may show it. */
  readonly hasVariable?: true;
}

/** An entry of a mapping. */
export interface LocatedEntry {
  /** Of the key. */
  readonly place: Place;
  readonly node: Located;
}

/** More than a schema of five thousand columns needs, with evidence behind each. The parser's time grows with it. */
export const mostBytes = 1_000_000;

/** More at a time tell a reader nothing. */
const mostProblems = 100;

/** Rules nest to eight; JSON in a parameter to some more. */
const deepest = 40;

/** Problems of one file, each said once for a place. */
export class Problems {
  readonly #lines: LineCounter;
  readonly #found = new Map<Place, { readonly message: string; readonly place: Place }>();

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  /** Adds one, unless something else is wrong at the same place. */
  add(place: Place, message: string): void {
    if (!this.#found.has(place)) this.#found.set(place, { place, message });
  }

  /** A place as people count it. */
  at(place: Place): Pick<RuleFileProblem, "line" | "column"> {
    const { line, col } = this.#lines.linePos(place);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** In the order of the file. */
  get all(): readonly RuleFileProblem[] {
    const found = [...this.#found.values()].sort((a, b) => a.place - b.place);
    const sorted = found.map(({ place, message }) => ({ ...this.at(place), message }));
    if (sorted.length <= mostProblems) return sorted;
    const rest = sorted[mostProblems];
    const left = sorted.length - mostProblems;
    return [
      ...sorted.slice(0, mostProblems),
      ...(rest ? [{ ...rest, message: `and ${left} problems more from here on` }] : []),
    ];
  }
}

/** A file's content; undefined where it is empty, or where YAML itself is wrong. */
export function readDocument(
  text: string,
  environment: Environment,
): { readonly root?: Located; readonly problems: Problems } {
  const lines = new LineCounter();
  const problems = new Problems(lines);
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: "1.2",
      schema: "core",
      resolveKnownTags: false,
      uniqueKeys: false,
    });
  } catch {
    // The parser calls itself for every bracket.
    problems.add(0, "it is nested too deeply");
    return { problems };
  }
  // What follows on the same line follows from the first.
  const wrong = Map.groupBy(
    [...document.errors, ...document.warnings],
    ({ pos: [place] }) => lines.linePos(place).line,
  );
  for (const [first] of wrong.values()) if (first) problems.add(first.pos[0], yamlProblem(first.code));
  if (document.errors.length > 0 || document.contents === null) return { problems };
  return { root: locate(document.contents, 0), problems };

  function locate(node: unknown, depth: number, otherwise: Place = 0): Located {
    if (!isNode(node)) return { place: otherwise, value: null };
    const place = node.range?.[0] ?? otherwise;
    if (isAlias(node)) {
      problems.add(
        place,
        "a value begins with *, which means an alias in YAML; aliases are not used here, so put it into quotes",
      );
      return { place, value: null };
    }
    if (node.anchor !== undefined) {
      problems.add(
        propertyPlace(place),
        "a value has an anchor (&); anchors are not used here, so write the value out, or put it into quotes",
      );
    }
    if (node.tag !== undefined) problems.add(propertyPlace(place), "a value has a tag (!); tags are not used here");
    if (depth > deepest) {
      problems.add(place, "it is nested too deeply");
      return { place, value: null };
    }
    if (isScalar(node)) return locateScalar(node, place);
    if (isSeq(node)) {
      const items = node.items.map((item) => locate(item, depth + 1, place));
      return { place, value: items.map(({ value }) => value), items };
    }
    const entries = new Map<string, LocatedEntry>();
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const at = isNode(key) ? key.range?.[0] ?? place : place;
        const name = nameOf(key);
        if (name === undefined) problems.add(at, "a key is no name");
        else if (name === "__proto__") problems.add(at, `"${name}" can't be used as a name`);
        else if (entries.has(name)) problems.add(at, `${JSON.stringify(name)} is there twice`);
        else entries.set(name, { place: at, node: locate(value, depth + 1, at) });
      }
    }
    const plain = [...entries].map(([name, { node }]) => [name, node.value] as const);
    return { place, value: Object.fromEntries(plain), entries };
  }

  /** Where the anchor or tag before a value begins. */
  function propertyPlace(place: Place): Place {
    const [before] = /[&!]\S*\s*(?:[&!]\S*\s*)?$/.exec(text.slice(Math.max(0, place - 300), place)) ?? [""];
    return place - before.length;
  }

  /** A key is the text that is written, whatever it looks like: a column may be called 2024 or null. */
  function nameOf(key: unknown): string | undefined {
    if (!isScalar(key)) return undefined;
    return key.type === "PLAIN" ? key.source ?? "" : typeof key.value === "string" ? key.value : undefined;
  }

  function locateScalar(node: Scalar, place: Place): Located {
    const source = node.source ?? "";
    const written = typeof node.value === "string" ? node.value : source;
    const filled = fillVariables(written, environment);
    if ("problem" in filled) {
      problems.add(place, filled.problem);
      return { place, value: null, hasVariable: true };
    }
    if (filled.filled) {
      const value = node.type === "PLAIN" ? plainValue(filled.text) : filled.text;
      return { place, value, hasVariable: true };
    }
    if (typeof node.value === "string") {
      const quote = node.type === "PLAIN" ? 0 : 1;
      const literal = filled.text === written && text.startsWith(written, place + quote);
      return { place, value: filled.text, ...(literal && { textPlace: place + quote }) };
    }
    if (typeof node.value === "number") return { place, value: numberOf(node.value, source, place) };
    return { place, value: typeof node.value === "boolean" ? node.value : null };
  }

  function numberOf(value: number, source: string, place: Place): Json {
    if (
      Number.isFinite(value) && !/^[-+]?0\d/.test(source) && (Number.isSafeInteger(value) || !Number.isInteger(value))
    ) {
      return value;
    }
    problems.add(place, "this number would be changed by reading it; put it into quotes to have it as text");
    return null;
  }
}

/** What an unquoted variable's text is: a number or a truth value where it is written so, and text otherwise. */
function plainValue(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function isNode(value: unknown): value is Node & { readonly anchor?: string } {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}
