/** `after`: statements that run in the scrubbed database before verification, such as for test logins. @module */

import type { EngineName } from "../../core/engine_name.ts";
import { readTokens, type Token } from "./condition/tokens.ts";

/** One statement, and what messages, logs and reports call it: neither its values nor its whole text. */
export interface AfterStatement {
  readonly text: string;
  /** Its number and first words, such as `1: INSERT INTO users`. */
  readonly name: string;
  /** Whether the server can explain it without running it. */
  readonly explainable: boolean;
}

/** How a statement may begin. A change of the schema would have to be reviewed; sessions and transactions are ours. */
const firstWords = ["insert", "update", "delete", "replace", "merge", "with", "select", "call", "refresh"] as const;

/** Those of them that EXPLAIN takes. */
const explainable: readonly string[] = firstWords.filter((word) => word !== "call" && word !== "refresh");

/** Words in a name at most, and letters. */
const longestName = { words: 3, letters: 60 };

/** What is wrong with a statement whatever the schema is, as an end of a sentence, and where; undefined: nothing. */
export function statementProblem(
  text: string,
  engine: EngineName,
): { readonly at: number; readonly message: string } | undefined {
  const { tokens, problem } = readTokens(text, engine);
  if (problem) {
    const ends = text.slice(problem.at, problem.at + 1) === ";";
    return { at: problem.at, message: ends ? 'a statement is written without ";", and alone' : problem.message };
  }
  const first = tokens.find(({ kind }) => kind !== "space");
  if (!first) return { at: 0, message: "there is no statement" };
  const mark = tokens.find(({ kind }) => kind === "mark");
  if (mark) return { at: mark.at, message: "a statement has no marks in braces; write names as SQL has them" };
  if (firstWords.some((word) => word === first.text.toLowerCase())) return undefined;
  return { at: first.at, message: `a statement begins with one of ${firstWords.join(", ").toUpperCase()}` };
}

/** What is wrong with the statements, as sentences. */
export function afterProblems(statements: readonly unknown[], engine: EngineName): readonly string[] {
  return statements.flatMap((text, at): string[] => {
    if (typeof text !== "string") return [`after: statement ${at + 1} is no text`];
    const problem = statementProblem(text, engine);
    return problem ? [`after: statement ${at + 1}: ${problem.message}`] : [];
  });
}

/** The statements, named; {@linkcode afterProblems} has found nothing. */
export function readAfter(statements: readonly string[], engine: EngineName): readonly AfterStatement[] {
  return statements.map((text, at) => {
    const tokens = readTokens(text, engine).tokens;
    const [first] = wordsOf(tokens);
    return {
      text,
      name: `${at + 1}: ${nameOf(tokens)}`,
      explainable: first !== undefined && explainable.includes(first.toLowerCase()),
    };
  });
}

/** Words that are not quoted are keywords and names, never values. */
function nameOf(tokens: readonly Token[]): string {
  const words = wordsOf(tokens).slice(0, longestName.words).join(" ");
  return words.length > longestName.letters ? `${words.slice(0, longestName.letters - 1)}…` : words;
}

/** The words at the beginning; a name behind its schema's and a dot is one. */
function wordsOf(tokens: readonly Token[]): readonly string[] {
  const end = tokens.findIndex(({ kind, text }) => kind !== "space" && kind !== "word" && text !== ".");
  const text = tokens.slice(0, end < 0 ? undefined : end).map(({ kind, text }) => kind === "space" ? " " : text).join(
    "",
  );
  return text.split(" ").filter((word) => word !== "");
}
