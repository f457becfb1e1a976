/**
 * A table's rule as a rule file writes it:
 *
 * - a mapping of columns, the short form: `customers: { email: email, phone: phone }`; empty, or nothing, where no column has a rule
 * - a mapping with one of the words of the long form as a key: `notes: { deleteRows: old, columns: { body: lorem } }`. Then every
 *   key is such a word. A table that has a column of such a name, such as `public`, is written in the long form:
 *   `posts: { columns: { public: setNull } }`
 * - `countries: { keep: why }`, where the table stays as it is
 * - one word, where the word says everything: `sessions: truncate`; `{ truncate: true, optional: true }` where it may be missing
 *
 * To add a word: `tableWords`, its schema in schema.ts, and write.ts.
 *
 * @module
 */

import * as v from "valibot";
import type { ColumnRule, TableRule } from "../rules/definition.ts";
import { truncate } from "../rules/strategies.ts";
import { strategies } from "../rules/strategy/mod.ts";
import { checkMapping, checkNames, checkValue, kindOf, meant, quote } from "./check.ts";
import { checkSelection, readColumnRule, type RuleContext } from "./column_entry.ts";
import type { Located } from "./document.ts";
import { keptTable, tableMembers, truncatedTable } from "../rules/definition_schema.ts";

/** Words that make a table's mapping one of the long form; no column of the short form is called so. */
export const tableWords: readonly string[] = ["columns", "keep", "public", "truncate", ...Object.keys(tableMembers)];

/** Rules that are one word. */
export const wordRules: ReadonlyMap<string, TableRule> = new Map<string, TableRule>([["truncate", truncate()]]);

/** The rule of a table; undefined where something is wrong with it. */
export function readTableRule(name: string, node: Located, context: RuleContext): TableRule | undefined {
  const { value, entries, place } = node;
  const { problems } = context;
  if (value === null) return { columns: {} };
  if (!entries) {
    const word = typeof value === "string" && !node.hasVariable ? wordRules.get(value) : undefined;
    if (word) return word;
    const found = typeof value === "string" && !node.hasVariable ? quote(value) : kindOf(value);
    const hint = typeof value === "string" ? meant(value, wordRules.keys()) : "";
    problems.add(
      place,
      `the rule of table ${quote(name)} is ${found}${hint || "; write a mapping of its columns, or { keep: REASON }"}`,
    );
    return undefined;
  }
  const words = [...entries.keys()].filter((key) => tableWords.includes(key));
  if (words.length === 0) return { columns: readColumns(node, context) };
  if (words.includes("keep")) return readKept(name, node, context);
  if (words.includes("truncate")) {
    return checkMapping(node, truncatedTable, `the truncated table ${quote(name)}`, problems) as TableRule | undefined;
  }
  return readLongForm(name, node, words, context);
}

function readKept(name: string, node: Located, { problems }: RuleContext): TableRule | undefined {
  const reason = node.entries?.get("keep")?.node;
  // A column called keep, in the short form, must not keep a whole table.
  const isColumn = reason?.entries !== undefined || (typeof reason?.value === "string" && strategies.has(reason.value));
  if (reason && isColumn) {
    problems.add(
      reason.place,
      `keep is the reason why the whole table stays; a column called keep is written ${name}: { columns: { keep: … } }`,
    );
    return undefined;
  }
  return checkMapping(node, keptTable, `the kept table ${quote(name)}`, problems) as TableRule | undefined;
}

function readLongForm(
  name: string,
  node: Located,
  words: readonly string[],
  context: RuleContext,
): TableRule | undefined {
  const { problems } = context;
  const entries = node.entries ?? new Map();
  const members = [...Object.keys(tableMembers), "columns"];
  const [word = ""] = words;
  for (const [key, entry] of entries) {
    if (members.includes(key)) continue;
    const hint = `${quote(word)} makes it the long form of a table, so columns are written in columns: { ${key}: … }`;
    problems.add(entry.place, `the table ${quote(name)} has no ${quote(key)}${meant(key, members)}; ${hint}`);
  }
  const columns = entries.get("columns")?.node;
  if (columns && !columns.entries && columns.value !== null) {
    problems.add(
      columns.place,
      `columns is ${kindOf(columns.value)} instead of a mapping of columns; a column called columns is written ` +
        `${name}: { columns: { columns: … } }`,
    );
  }
  const rest = new Map([...entries].filter(([key]) => key in tableMembers));
  const others: Located = {
    place: node.place,
    value: Object.fromEntries([...rest].map(([key, { node }]) => [key, node.value])),
    entries: rest,
  };
  checkExpectNames(others, context);
  const said = checkValue(others, v.strictObject(tableMembers), `the table ${quote(name)}`, problems);
  for (const member of ["deleteRows", "keepRows"] as const) {
    const [selection, at] = [said?.[member], rest.get(member)?.node];
    if (selection !== undefined && at) checkSelection(selection, at, context);
  }
  return said && { ...(said as Omit<TableRule, "columns">), columns: columns ? readColumns(columns, context) : {} };
}

function checkExpectNames({ entries }: Located, { problems }: RuleContext): void {
  const expect = entries?.get("expect")?.node;
  if (!expect?.entries) return;
  checkNames(expect, ["changed", "gone", "left", "goneShare"], "expect", problems);
  for (const [name, { node }] of expect.entries) {
    if (node.entries) checkNames(node, ["minimum", "maximum"], quote(name), problems);
  }
}

function readColumns(node: Located, context: RuleContext): Readonly<Record<string, ColumnRule>> {
  const rules = [...node.entries ?? []].flatMap(([name, { node, place }]) => {
    if (name.trim() === "") context.problems.add(place, "a column's name is empty");
    const rule = readColumnRule(name, node, context);
    return rule ? [[name, rule] as const] : [];
  });
  return Object.fromEntries(rules);
}
