/** The tokens of a condition, as each engine's sessions of ours read it. @module */

import type { EngineName } from "../../../core/engine_name.ts";

/** A piece of a condition. `name` is quoted, `word` is not; `mark` has its braces. */
export interface Token {
  readonly kind: "space" | "word" | "number" | "string" | "name" | "mark" | "sign";
  readonly text: string;
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
}

/** Longer than any that is written by hand. */
const longest = 20_000;

type Reader = readonly [kind: Token["kind"], pattern: RegExp];

/** Sticky patterns, tried in their order. Strings are read as with standard_conforming_strings. */
const postgresql: readonly Reader[] = [
  ["space", /\s+/y],
  ["string", /[eE]'(?:[^'\\]|''|\\[^])*'/y],
  ["string", /(?:[uU]&|[bBxXnN])?'(?:[^']|'')*'/y],
  ["name", /(?:[uU]&)?"(?:[^"]|"")+"/y],
];

/** Strings are read as without ANSI_QUOTES and NO_BACKSLASH_ESCAPES. */
const mysql: readonly Reader[] = [
  ["space", /\s+/y],
  ["string", /(?:[bBxXnN])?'(?:[^'\\]|''|\\[^])*'/y],
  ["string", /"(?:[^"\\]|""|\\[^])*"/y],
  ["name", /`(?:[^`]|``)+`/y],
];

const common: readonly Reader[] = [
  ["mark", /\{[^{}]*\}/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w$\u0080-\uffff])/y],
  ["word", /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ["sign", /[-+*/<>=~!@#%^&|?:.,()[\]]/y],
];

const readers: Readonly<Record<EngineName, readonly Reader[]>> = {
  postgresql: [...postgresql, ...common],
  mysql: [...mysql, ...common],
};

/** What may stand in a text and nowhere else in it, by what it would do. */
const refused: readonly (readonly [start: RegExp, why: string, engine?: EngineName])[] = [
  [/;/y, 'a condition is one expression: ";" would end the statement'],
  [/--/y, '"--" begins a comment of SQL, which would hide the rest; YAML\'s comments begin with #'],
  [/\/\*/y, '"/*" begins a comment of SQL; YAML\'s comments begin with #'],
  [/\*\//y, '"*/" ends a comment of SQL that was not begun'],
  [/#/y, '"#" begins a comment of SQL on MySQL, which would hide the rest', "mysql"],
  [/@/y, "a variable of MySQL's has another value each time", "mysql"],
  [/:=/y, "a condition assigns nothing"],
  [/\?/y, '"?" is a placeholder, and a condition takes no parameters', "mysql"],
  [/\$/y, "$ begins a quote or a parameter of PostgreSQL's; write texts in single quotes", "postgresql"],
  [/\$/y, "$ begins no name here; write names in backquotes", "mysql"],
  [/\\/y, "a backslash stands outside of quotes"],
  [/\0/y, "it holds a NUL character"],
  [/'/y, "a quote ' is not closed"],
  [/"/y, 'a quote " is not closed or is empty'],
  [/`/y, "a backquote ` is not closed or is empty", "mysql"],
  [/[{}]/y, "a brace opens or closes no mark, such as {column:NAME}"],
];

/** Splits a condition; or says where it can't be split. */
export function readTokens(
  text: string,
  engine: EngineName,
): { readonly tokens: readonly Token[]; readonly problem?: { readonly at: number; readonly message: string } } {
  const tokens: Token[] = [];
  if (text.length > longest) return { tokens, problem: { at: 0, message: `it is longer than ${longest} characters` } };
  if (text.includes("\0")) return { tokens, problem: { at: text.indexOf("\0"), message: "it holds a NUL character" } };
  for (let at = 0; at < text.length;) {
    const why = refused.find(([start, , only]) =>
      (only === undefined || only === engine) && !/^["'`{]/.test(text.slice(at, at + 1)) &&
      matchAt(start, text, at) !== undefined
    );
    const token = why === undefined ? tokenAt(text, engine, at) : undefined;
    if (token === undefined) {
      const found = why ??
        refused.find(([start, , only]) => (only ?? engine) === engine && matchAt(start, text, at) !== undefined);
      return { tokens, problem: { at, message: found?.[1] ?? "it holds a character that SQL does not know there" } };
    }
    tokens.push(token);
    at += token.text.length;
  }
  return { tokens };
}

function tokenAt(text: string, engine: EngineName, at: number): Token | undefined {
  for (const [kind, pattern] of readers[engine]) {
    const found = matchAt(pattern, text, at);
    if (found !== undefined && found !== "") return { kind, text: found, at };
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
