/** Adds a rule or a review to the text of a rule file. Everything else that it says, and how it is written, stays. @module */

import type { Reviewed } from "../../core/reviewed.ts";
import type { ColumnRule, TableRule } from "../rules/definition.ts";
import { quote } from "./check.ts";
import { namesAt, withItem, withItemReplaced, withNesting, withValue } from "./insert.ts";
import { type ParseOptions, parseRuleFile } from "./parse.ts";
import type { RuleFile } from "./rule_file.ts";
import { tableWords } from "./table_entry.ts";
import { ruleAsJson } from "./write.ts";

/** The new text of the file; or why it has none, as a sentence without a full stop. */
export type EditedRuleFile = { readonly text: string } | { readonly refused: string };

/** A rule for a column. */
export interface AddedRule {
  readonly table: string;
  readonly column: string;
  readonly rule: ColumnRule;
}

/** The rule in a line that `review` prints for pasting below tables; undefined where it has none for the column. */
export function ruleInLine(line: string, table: string, column: string): ColumnRule | undefined {
  const text = `database: a\nengine: postgresql\ntables:\n  ${line}\n`;
  const tables = read(text, { environment: {}, scrubbers: [] })?.tables ?? {};
  const found = Object.hasOwn(tables, table) ? tables[table] : undefined;
  return found && "columns" in found && Object.hasOwn(found.columns, column) ? found.columns[column] : undefined;
}

/** The file with a rule for a column that has none. What comes back is a valid rule file that says this and nothing else more. */
export function addRule(text: string, added: AddedRule, options: ParseOptions): EditedRuleFile {
  const file = read(text, options);
  if (!file) return { refused: "the file is not a valid rule file" };
  const { table, column, rule } = added;
  const before: TableRule = Object.hasOwn(file.tables, table) ? file.tables[table] ?? { columns: {} } : { columns: {} };
  if (!("columns" in before)) {
    const what = "keep" in before ? "keeps" : "truncates";
    return { refused: `the file ${what} the table ${quote(table)}, so no column of it has a rule` };
  }
  if (Object.hasOwn(before.columns, column)) {
    return { refused: `the file has a rule for ${quote(`${table}.${column}`)} already` };
  }
  const wanted = {
    ...file,
    tables: { ...file.tables, [table]: { ...before, columns: { ...before.columns, [column]: rule } } },
  };
  return checked(withRule(text, added), wanted, options);
}

/** The file with an entry of `reviewed`, in place of one for the same column as another type. */
export function addReview(text: string, entry: Reviewed, options: ParseOptions): EditedRuleFile {
  const file = read(text, options);
  if (!file) return { refused: "the file is not a valid rule file" };
  const { reviewed } = file;
  const grouped = "column" in entry &&
    reviewed.find((one) =>
      "group" in one && Object.hasOwn(one.columns, entry.table) &&
      Object.hasOwn(one.columns[entry.table] ?? {}, entry.column)
    );
  if (grouped && "group" in grouped) {
    const name = `${entry.table}.${entry.column}`;
    return {
      refused: `the group ${quote(grouped.group)} of reviewed has ${quote(name)} as another type; correct it there`,
    };
  }
  const at = "column" in entry
    ? reviewed.findIndex((one) => "column" in one && one.table === entry.table && one.column === entry.column)
    : -1;
  return at < 0
    ? checked(withItem(text, "reviewed", { ...entry }), { ...file, reviewed: [...reviewed, entry] }, options)
    : checked(
      withItemReplaced(text, "reviewed", at, { ...entry }),
      { ...file, reviewed: reviewed.with(at, entry) },
      options,
    );
}

/** In the form that the table has. A column that is called like a word of the long form makes it the long one. */
function withRule(text: string, { table, column, rule }: AddedRule): string | undefined {
  const value = ruleAsJson(rule);
  const names = namesAt(text, ["tables", table]);
  const isWord = (name: string) => tableWords.includes(name);
  const short = ["tables", table, column];
  const long = ["tables", table, "columns", column];
  if (names.some(isWord)) return withValue(text, long, value);
  if (!isWord(column)) return withValue(text, short, value);
  const nested = names.length === 0 ? text : withNesting(text, ["tables", table], "columns");
  return nested === undefined ? undefined : withValue(nested, long, value);
}

/** The text, if it is a valid rule file that says what is wanted. */
function checked(text: string | undefined, wanted: RuleFile, options: ParseOptions): EditedRuleFile {
  const file = text === undefined ? undefined : read(text, options);
  return text !== undefined && file && canonical(file) === canonical(wanted)
    ? { text }
    : { refused: "it has no place in the file's layout; write it by hand" };
}

/** As JSON, whatever the order of names. */
function canonical(file: RuleFile): string {
  return JSON.stringify(
    file,
    (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1))
        : value,
  );
}

function read(text: string, options: ParseOptions): RuleFile | undefined {
  return parseRuleFile(new TextEncoder().encode(text), options).file;
}
