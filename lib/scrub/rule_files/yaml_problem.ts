/** What is wrong with YAML, in words. @module */

import type { ErrorCode } from "yaml";

const quotes = "put the value into quotes";

/** By the parser's code. Its own messages quote the file. */
const problems: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: `a value begins with & and *, an anchor and an alias in YAML; ${quotes}`,
  BAD_ALIAS: `a value begins with *, which means an alias in YAML; ${quotes}`,
  BAD_DIRECTIVE: `a line begins with %, which means a directive in YAML; ${quotes}`,
  BAD_DQ_ESCAPE: "a backslash in double quotes begins no escape that YAML knows; use single quotes, or double it",
  BAD_INDENT: "the indentation does not fit the lines above, or a bracket is not closed",
  BAD_PROP_ORDER: `a value begins with & or !, an anchor or a tag in YAML; ${quotes}`,
  BAD_SCALAR_START: `a value begins with a character that means something else in YAML, such as @, % or \`; ${quotes}`,
  BLOCK_AS_IMPLICIT_KEY:
    `a line holds two colons with a space behind them, or a list where a value should be; ${quotes}`,
  BLOCK_IN_FLOW: "something between brackets is written over several lines with dashes or without commas",
  DUPLICATE_KEY: "a name is there twice",
  IMPOSSIBLE: "this is not YAML",
  KEY_OVER_1024_CHARS: "a name is longer than 1024 characters, or a colon is missing",
  MISSING_CHAR: "a quote, bracket, comma or colon is missing",
  MULTILINE_IMPLICIT_KEY: "a name's colon is missing",
  MULTIPLE_ANCHORS: `a value begins with &, which means an anchor in YAML; ${quotes}`,
  MULTIPLE_DOCS: "--- begins a second document; a file has one",
  MULTIPLE_TAGS: `a value begins with !, which means a tag in YAML; ${quotes}`,
  RESOURCE_EXHAUSTION: "it is nested too deeply",
  TAB_AS_INDENT: "a line is indented with a tab, which YAML does not allow; use spaces",
  TAG_RESOLVE_FAILED: `a value begins with !, which means a tag in YAML; ${quotes}`,
  UNEXPECTED_TOKEN: `something stands where YAML allows nothing, such as text behind a closed quote; ${quotes}`,
};

/** Why a file is not YAML, as a sentence without a full stop. */
export function yamlProblem(code: ErrorCode): string {
  return problems[code] ?? `this is not the plain YAML expected here (${code})`;
}
