/** What is wrong with YAML, in words. @module */

import type { ErrorCode } from "yaml";

const line = "Write one option: value a line.";
const indentation = "Begin every option at the start of its line, and indent the values below it with spaces.";
const quotes = 'Put the value into quotes: option: "value".';

/** By the parser's code. Its messages quote the file, which may hold secrets. */
const problems: Readonly<Partial<Record<ErrorCode, readonly [why: string, hint: string]>>> = {
  BAD_ALIAS: ["a value begins with *, which means an alias in YAML", quotes],
  BAD_DIRECTIVE: ["a line begins with %, which means a directive in YAML", quotes],
  BAD_DQ_ESCAPE: [
    "a backslash in double quotes begins no escape that YAML knows",
    "Use single quotes, or double the backslash.",
  ],
  BAD_INDENT: ["the indentation does not fit the lines above, or a bracket is not closed", indentation],
  BAD_SCALAR_START: ["a value begins with a character that means something else in YAML, such as @ or `", quotes],
  BLOCK_AS_IMPLICIT_KEY: [
    "a line holds two colons with a space behind them, or a list where a value should be",
    quotes,
  ],
  BLOCK_IN_FLOW: ["a list in brackets holds lines of another form", "Write [one, two], or one - value a line."],
  DUPLICATE_KEY: ["an option is set twice", "Set it once; several values are a list: [one, two]."],
  MISSING_CHAR: [
    "a quote, bracket, comma or colon is missing",
    "Close what is open; behind an option comes a colon and a space.",
  ],
  MULTILINE_IMPLICIT_KEY: ["an option's colon is missing", line],
  MULTIPLE_ANCHORS: ["a value begins with &, which means an anchor in YAML", quotes],
  MULTIPLE_DOCS: ["--- begins a second document", "Keep one document in the file."],
  MULTIPLE_TAGS: ["a value begins with !, which means a tag in YAML", quotes],
  TAB_AS_INDENT: ["a line is indented with a tab, which YAML does not allow", "Use spaces."],
  TAG_RESOLVE_FAILED: ["a value begins with !, which means a tag in YAML", quotes],
  UNEXPECTED_TOKEN: ["something stands where YAML allows nothing, such as text behind a closed quote", quotes],
};

/** Why a file is not the YAML that is wanted, and what to do. */
export function yamlProblem(code: ErrorCode): readonly [why: string, hint: string] {
  return problems[code] ?? [`it is not the plain YAML expected here (${code})`, line];
}
