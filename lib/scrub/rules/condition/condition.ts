/**
 * Conditions of rule files: one expression of SQL in the dialect of the file's engine. Columns are named as they are, in quotes
 * where the dialect needs them, or with a mark; everything else of the database is named with one:
 *
 * - `{column:name}`: a column of the selection's own table, also inside a subquery
 * - `{table:name}`: a table to select from in a subquery
 * - `{selection:name}`: the keys of an earlier selection, as a list in brackets
 * - `{asOf}`: the time of the snapshot's data
 *
 * Between quotes marks are ordinary characters.
 *
 * @module
 */

import { closestName } from "../../../core/closest_name.ts";
import type { EngineName } from "../../../core/engine_name.ts";
import type { Fragment, FragmentPart } from "../definition.ts";
import { callLike, functionNames, isAllowed, varyingFunctions } from "./functions.ts";
import { readTokens, type Token } from "./tokens.ts";

/** What is wrong with a condition: where its text has it, counted in UTF-16 units, and a sentence without a full stop. */
export interface ConditionProblem {
  readonly at: number;
  readonly message: string;
}

/** A condition as a fragment; or what is wrong with it. */
export type Condition = { readonly fragment: Fragment } | { readonly problems: readonly ConditionProblem[] };

/** Reads a condition. Whether its names are there, the live schema says: bind.ts. */
export function readCondition(text: string, engine: EngineName): Condition {
  const { tokens, problem } = readTokens(text, engine);
  const problems = problem ? [problem] : [...markProblems(tokens), ...new Walk(engine).problems(tokens).slice(0, 1)];
  if (problems.length > 0) return { problems };
  if (tokens.every(({ kind }) => kind === "space")) return { problems: [{ at: 0, message: "the condition is empty" }] };
  // In brackets, so that nothing in it can end the statement's WHERE.
  return { fragment: ["(", ...tokens.map((token) => partOf(token)), ")"] };
}

const marks = ["table", "column", "selection", "asOf"];

function partOf({ kind, text }: Token): FragmentPart {
  if (kind !== "mark") return text;
  const { what, name } = markOf(text);
  if (what === "table") return { table: name };
  if (what === "column") return { column: name };
  return what === "selection" ? { selection: name } : { asOf: true };
}

function markOf(text: string): { readonly what: string; readonly name: string } {
  const inside = text.slice(1, -1);
  const colon = inside.indexOf(":");
  if (colon === -1) return { what: inside.trim(), name: "" };
  return { what: inside.slice(0, colon).trim(), name: inside.slice(colon + 1).trim() };
}

function markProblems(tokens: readonly Token[]): readonly ConditionProblem[] {
  return tokens.filter(({ kind }) => kind === "mark").flatMap(({ text, at }): ConditionProblem[] => {
    const { what, name } = markOf(text);
    if (what === "asOf" ? name === "" : marks.includes(what) && name !== "") return [];
    if (marks.includes(what)) {
      return [{ at, message: what === "asOf" ? "{asOf} has no name" : `{${what}:NAME} needs a name` }];
    }
    const meant = closestName(what, marks);
    const hint = meant === undefined
      ? "it is one of {table:NAME}, {column:NAME}, {selection:NAME} and {asOf}"
      : `did you mean {${meant}${meant === "asOf" ? "" : ":NAME"}}?`;
    return [{ at, message: `there is no mark {${what}}; ${hint}` }];
  });
}

/** Words of statements: what is a name of yours is written in quotes or as {column:NAME}. */
const statements = new Set(
  ("insert update delete merge drop alter create truncate grant revoke call do copy load handler lock unlock into " +
    "outfile dumpfile returning execute prepare deallocate vacuum analyze analyse reindex cluster listen notify commit " +
    "rollback begin savepoint with tablesample").split(" "),
);

/** Words that would go on behind a condition. */
const behind = new Set(
  "order group having limit offset fetch union except intersect minus window for procedure where select values".split(
    " ",
  ),
);

/** Calls without brackets whose value depends on the session or the clock. */
const varying = new Set(
  ("current_timestamp current_date current_time current_user current_role current_catalog current_schema session_user " +
    "system_user localtimestamp localtime utc_timestamp utc_date utc_time").split(" "),
);

/** Words that end the list of tables behind FROM. */
const endOfFrom = new Set("where group order having limit offset fetch union except intersect window for".split(" "));

interface Level {
  /** The word before the opening bracket. */
  readonly word: string;
  readonly at: number;
  readonly sign: string;
  inFrom: boolean;
}

/** Looks at a condition token by token, bracket by bracket. */
class Walk {
  readonly #engine: EngineName;
  readonly #found: ConditionProblem[] = [];

  constructor(engine: EngineName) {
    this.#engine = engine;
  }

  /** What is wrong, the first of it first: what comes behind it may follow from it. */
  problems(all: readonly Token[]): readonly ConditionProblem[] {
    const tokens = all.filter(({ kind }) => kind !== "space");
    const levels: Level[] = [{ word: "", at: 0, sign: "", inFrom: false }];
    for (const [index, token] of tokens.entries()) {
      const before = tokens[index - 1];
      const level = levels.at(-1) ?? { word: "", at: 0, sign: "", inFrom: false };
      if (token.kind === "word") this.#word(token, before, tokens[index + 1], level, levels.length === 1);
      if (token.kind === "name" && tokens[index + 1]?.text === "(") this.#call(token, before);
      if (token.text === "," && level.inFrom) this.#expectTable(tokens[index + 1], token);
      if (token.kind !== "sign") continue;
      if (token.text === "(" || token.text === "[") {
        const word = token.text === "(" && before?.kind === "word" ? before.text.toLowerCase() : "";
        levels.push({ word, at: token.at, sign: token.text, inFrom: false });
      } else if (token.text === ")" || token.text === "]") {
        const opened = token.text === ")" ? "(" : "[";
        if (levels.length === 1 || level.sign !== opened) this.#add(token, `a "${token.text}" closes nothing`);
        else levels.pop();
      } else if (token.text === ",") {
        if (levels.length === 1) {
          this.#add(token, "a condition is one expression: a comma stands outside of all brackets");
        }
      }
    }
    const [, open] = levels;
    if (open) this.#add(open, `a "${open.sign}" is not closed`);
    return this.#found;
  }

  #add({ at }: { readonly at: number }, message: string): void {
    this.#found.push({ at, message });
  }

  #word(token: Token, before: Token | undefined, next: Token | undefined, level: Level, outside: boolean): void {
    const word = token.text.toLowerCase();
    // Behind a dot it is a column of something, whatever it is called.
    if (before?.text === ".") {
      if (next?.text === "(") this.#call(token, before);
      return;
    }
    if (statements.has(word)) {
      return this.#add(
        token,
        `"${token.text}" begins a statement; a condition is one expression, and {column:${token.text}} is the column`,
      );
    }
    if (outside && behind.has(word)) {
      return this.#add(
        token,
        `a condition is one expression: "${token.text}" can't stand outside of brackets; {column:${token.text}} is the column`,
      );
    }
    if (varying.has(word) || (word === "user" && this.#engine === "postgresql")) {
      return this.#add(
        token,
        `"${token.text}" gives another value each time; use {asOf} for a time, and {column:${token.text}} for a column`,
      );
    }
    if (next?.text === "(") this.#call(token, before);
    if (endOfFrom.has(word)) level.inFrom = false;
    const isFrom = word === "from" && before?.text.toLowerCase() !== "distinct" && !callLike.has(level.word);
    if (isFrom && outside) {
      return this.#add(token, 'a condition is one expression: "from" can\'t stand outside of brackets');
    }
    if (isFrom || word === "join") {
      level.inFrom = true;
      this.#expectTable(next, token);
    }
    // FOR UPDATE and FOR SHARE lock rows; substring(a FOR 2) does not.
    if (word === "for" && !callLike.has(level.word)) this.#add(token, "a condition locks no rows");
  }

  #call(token: Token, before: Token | undefined): void {
    const name = token.text;
    if (before?.text === "." || token.kind === "name") {
      return this.#add(token, `${name}(…) calls a user's function; a condition calls the server's own only`);
    }
    if (isAllowed(this.#engine, name)) return;
    if (varyingFunctions.has(name.toLowerCase())) {
      return this.#add(token, `${name}() gives another value each time; {asOf} is the time of the data`);
    }
    const meant = closestName(name, functionNames(this.#engine));
    this.#add(
      token,
      `the function ${name} is not among those that a condition may call${meant ? `; did you mean ${meant}?` : ""}`,
    );
  }

  #expectTable(next: Token | undefined, at: Token): void {
    if (next?.text === "(" || next?.text.toLowerCase() === "lateral") return;
    if (next?.kind === "mark" && markOf(next.text).what === "table") return;
    this.#add(next ?? at, "a table to select from is written {table:NAME}");
  }
}
