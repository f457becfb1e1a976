/** Reads pynonymizer's strategy files: `tables`, in their short and long forms, and `scripts`. @module */

import type { EngineName } from "../../core/engine_name.ts";
import { differences, differing, equal, type Equivalent } from "./equivalent.ts";
import { generated } from "./faker_table.ts";
import { OldFileProblem, type OldNode } from "./old_file.ts";
import { Options } from "./options.ts";
import type { RulesBuilder } from "./rules_builder.ts";
import { ofSqlValue } from "./sql_value.ts";

/** Whether a file is pynonymizer's. */
export function isPynonymizer({ entries }: OldNode): boolean {
  const others = ["tables", "scripts", "providers", "locale"];
  return entries?.has("tables") === true && [...entries.keys()].every((name) => others.includes(name));
}

/**
 * Reads the rules.
 *
 * @throws {OldFileProblem}
 */
export function readPynonymizer(root: OldNode, engine: EngineName, rules: RulesBuilder): void {
  const tables = root.entries?.get("tables");
  for (const [name, node] of named(tables, "tables", "table_name")) readTable(name, node, rules);
  const scripts = root.entries?.get("scripts");
  for (const when of ["before", "after"] as const) {
    for (const [at, { line, value }] of (scripts?.entries?.get(when)?.items ?? []).entries()) {
      if (typeof value !== "string") throw new OldFileProblem(line, `an entry of scripts.${when} is no text`);
      const name = `scripts.${when}, number ${at + 1}`;
      if (when === "before") rules.lose(`${name}: no statement runs before a scrub`);
      else rules.runAfter(value, name, engine);
    }
  }
}

/** A mapping by name, or a list whose entries have their name inside. */
function named(node: OldNode | undefined, of: string, key: string): readonly (readonly [string, OldNode])[] {
  if (!node || node.value === null) return [];
  if (node.entries) return [...node.entries];
  if (!node.items) throw new OldFileProblem(node.line, `${of} is neither a mapping nor a list`);
  return node.items.map((item) => {
    const name = new Options(item).text(key);
    if (name === undefined) throw new OldFileProblem(item.line, `an entry of ${of} has no ${key}`);
    return [name, item];
  });
}

function readTable(name: string, node: OldNode, rules: RulesBuilder): void {
  const options = new Options(node);
  const schema = options.text("schema") ?? "public";
  const table = schema === "public" ? name : `${schema}.${name}`;
  const type = typeof node.value === "string" ? node.value : options.text("type");
  if (type === "truncate" || type === "delete") {
    rules.truncate(table);
    return;
  }
  const columns = options.node("columns");
  if (!columns) {
    throw new OldFileProblem(
      node.line,
      `the table ${JSON.stringify(table)} is neither truncate, nor delete, nor has columns`,
    );
  }
  for (const [column, one] of named(columns, "columns", "column_name")) {
    const { was, equivalent } = readColumn(one);
    const isPartial = new Options(one).node("where") !== undefined;
    rules.column(
      table,
      column,
      was,
      differing(equivalent, [
        ...(equivalent.rule?.strategy === "setNull" ? [] : [differences.nulls]),
        ...(isPartial ? [differences.someRows] : []),
      ]),
    );
  }
}

function readColumn(node: OldNode): { readonly was: string; readonly equivalent: Equivalent } {
  const options = new Options(node);
  if (typeof node.value === "string") return compact(node.value);
  if (!node.entries) throw new OldFileProblem(node.line, "a column's strategy is neither text nor a mapping");
  const type = options.text("type") ?? (options.node("fake_type") ? "fake_update" : undefined);
  switch (type) {
    case "fake_update": {
      const name = options.text("fake_type") ?? "";
      return fake(name, new Options(options.node("fake_args")));
    }
    case "literal":
      return { was: "literal", equivalent: ofSqlValue(String(options.value("value"))) };
    case undefined:
      throw new OldFileProblem(node.line, "a column's strategy has no type");
    default:
      return compact(type);
  }
}

function compact(text: string): { readonly was: string; readonly equivalent: Equivalent } {
  const inBrackets = /^\s*\((.*)\)\s*$/s.exec(text)?.[1];
  if (inBrackets !== undefined) return { was: "literal", equivalent: ofSqlValue(inBrackets) };
  if (text === "empty") return { was: text, equivalent: equal("blank") };
  if (text === "unique_login") return { was: text, equivalent: equal("userName") };
  if (text === "unique_email") return { was: text, equivalent: equal("email") };
  return fake(text, new Options(undefined));
}

function fake(name: string, options: Options): { readonly was: string; readonly equivalent: Equivalent } {
  const found = generated(name, options);
  const ofOldValue = found.rule && !["blank", "constant", "choice", "lorem"].includes(found.rule.strategy);
  return { was: name, equivalent: differing(found, ofOldValue ? [differences.random] : []) };
}
