/** Writes a rule file: YAML that parse.ts reads back as the same data. @module */

import { Scalar, stringify } from "yaml";
import { visible } from "../../core/visible.ts";
import type { Json } from "../../engine/expressions.ts";
import type { ColumnRule, TableRule } from "../rules/definition.ts";
import type { RuleFile } from "./rule_file.ts";
import { tableWords, wordRules } from "./table_entry.ts";
import { escapeVariables } from "./variables.ts";

/** What a file says beside its rules, in comments. One line each; a line end makes two. */
export interface RuleFileComments {
  /** At the top. */
  readonly head?: string;
  /** By table. */
  readonly tables?: Readonly<Record<string, TableComments>>;
}

/** Comments on one table. */
export interface TableComments {
  /** Above it. */
  readonly above?: string;
  /** Behind columns' rules, such as the evidence for a suggestion. A name without a rule is written as a comment, to be filled in. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Where editors find the JSON Schema. */
const schemaComment = "yaml-language-server: $schema=/usr/share/datascrubber/datascrubber-rules.schema.json";

/** The text of a rule file, ending in a newline. */
export function writeRuleFile(file: RuleFile, comments: RuleFileComments = {}): string {
  const { database, engine, summary, extends: base, replaces } = file;
  const heading = { database, engine, summary, extends: base, replaces };
  const lines = [
    `# ${schemaComment}`,
    ...commentLines(comments.head, ""),
    ...Object.entries(heading).flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${flow(value)}`]),
    ...section(
      "selections",
      Object.entries(file.selections).map(([name, one]) => `  ${nameAsWritten(name)}: ${flow({ ...one })}`),
    ),
    ...section("knownValues", file.knownValues.map((one) => `  - ${flow({ ...one })}`)),
    ...section("tables", tableLines(file, comments.tables ?? {})),
    ...section("after", (file.after ?? []).map((one) => `  - ${flow(one)}`)),
    ...section("reviewed", file.reviewed.map((one) => `  - ${flow({ ...one })}`)),
  ];
  return `${lines.join("\n")}\n`;
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${name}:`, ...lines];
}

function tableLines({ tables }: RuleFile, comments: Readonly<Record<string, TableComments>>): readonly string[] {
  const names = [...Object.keys(tables), ...Object.keys(comments).filter((name) => !Object.hasOwn(tables, name))];
  return names.flatMap((name) => {
    const own = Object.hasOwn(comments, name) ? comments[name] : undefined;
    const rule = Object.hasOwn(tables, name) ? tables[name] : undefined;
    return [...commentLines(own?.above, "  "), ...tableRule(name, rule ?? { columns: {} }, own?.columns ?? {})];
  });
}

function tableRule(name: string, rule: TableRule, comments: Readonly<Record<string, string>>): readonly string[] {
  const [word] = [...wordRules].find(([, one]) => JSON.stringify(one) === JSON.stringify(rule)) ?? [];
  if (word !== undefined) return [`  ${nameAsWritten(name)}: ${word}`];
  if (!("columns" in rule)) return [`  ${nameAsWritten(name)}: ${flow({ ...rule })}`];
  const { columns, ...others } = rule;
  const said = Object.entries(others).filter(([, value]) => value !== undefined);
  const isLong = said.length > 0 || Object.keys(columns).some((column) => tableWords.includes(column));
  const indent = isLong ? "      " : "    ";
  const lines = [
    ...Object.entries(columns).map(([column, one]) => {
      const why = Object.hasOwn(comments, column) ? comments[column] : undefined;
      return `${indent}${nameAsWritten(column)}: ${columnRule(one)}${why === undefined ? "" : ` # ${oneLine(why)}`}`;
    }),
    ...Object.entries(comments).filter(([column]) => !Object.hasOwn(columns, column))
      .map(([column, why]) => `${indent}# ${nameAsWritten(column)}: ${oneLine(why)}`),
  ];
  if (!isLong) return [`  ${nameAsWritten(name)}:${lines.length === 0 ? " {}" : ""}`, ...lines];
  return [
    `  ${nameAsWritten(name)}:`,
    ...said.map(([member, value]) => `    ${member}: ${flow(value)}`),
    ...(lines.length > 0 ? ["    columns:", ...lines] : []),
  ];
}

function columnRule(rule: ColumnRule): string {
  return flow(ruleAsJson(rule));
}

/** A column's rule as the data that a rule file has for it. */
export function ruleAsJson({ strategy, with: parameter, ...modifiers }: ColumnRule): Json {
  const said = Object.entries(modifiers).filter(([, value]) => value !== undefined);
  if (parameter === undefined && said.length === 0) return strategy;
  return Object.fromEntries([[strategy, parameter ?? (parameter === undefined ? {} : null)], ...said]);
}

/** A value on one line. What could be a variable is written as text. */
function flow(value: unknown): string {
  const text = stringify(escaped(value), {
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: true,
    ...plain,
  });
  return text.trimEnd();
}

/** A name as the key of a mapping without brackets. */
export function nameAsWritten(name: string): string {
  return stringify(new Map([[safe(name), 1]]), { lineWidth: 0, ...plain }).trimEnd().replace(/: 1$/, "");
}

const plain = {
  version: "1.2",
  schema: "core",
  blockQuote: false,
  doubleQuotedMinMultiLineLength: 1_000_000,
} as const;

function escaped(value: unknown): unknown {
  if (typeof value === "string") return safe(escapeVariables(value));
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return new Map(
    Object.entries(value).filter(([, one]) => one !== undefined).map(([name, one]) => [safe(name), escaped(one)]),
  );
}

/** Text with characters that show nothing is put into quotes: at the end of a plain one they would be lost. */
function safe(text: string): string | Scalar<string> {
  if (!/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$/u.test(text)) return text;
  const scalar = new Scalar(text);
  scalar.type = "QUOTE_DOUBLE";
  return scalar;
}

function commentLines(text: string | undefined, indent: string): readonly string[] {
  return text === undefined ? [] : text.split("\n").map((line) => `${indent}# ${visible(line)}`.trimEnd());
}

function oneLine(text: string): string {
  return visible(text.replaceAll("\n", " "));
}

/** JSON as this file writes it, on one line. */
export function asWritten(value: Json): string {
  return flow(value);
}
