/**
 * Reads DbToolsBundle's anonymization: `TABLE: { COLUMN: ANONYMIZER }`, at the top of a file of its own, or below
 * `anonymization` and a connection.
 *
 * @module
 */

import { lost } from "./equivalent.ts";
import { anonymizers, tableAnonymizers } from "./db_tools_bundle_table.ts";
import { OldFileProblem, type OldNode } from "./old_file.ts";
import { Options } from "./options.ts";
import type { RulesBuilder } from "./rules_builder.ts";

/** Whether a file is DbToolsBundle's: its own, or one of anonymizers alone. */
export function isDbToolsBundle({ entries }: OldNode): boolean {
  if (!entries || entries.size === 0) return false;
  if (entries.has("anonymization") || entries.has("db_tools")) return true;
  return [...entries.values()].every(isTable);
}

function isTable({ entries }: OldNode): boolean {
  return entries !== undefined && entries.size > 0 &&
    [...entries.values()].every((column) => typeof column.value === "string" || typeof nameOf(column) === "string");
}

/**
 * Reads the rules.
 *
 * @throws {OldFileProblem}
 */
export function readDbToolsBundle(root: OldNode, rules: RulesBuilder): void {
  const config = root.entries?.get("db_tools") ?? root;
  const anonymization = config.entries?.get("anonymization");
  if (anonymization === undefined && config !== root) {
    throw new OldFileProblem(config.line, "it only names files; import the file of anonymization_files itself");
  }
  const tables = anonymization ? onlyConnection(anonymization) : config;
  for (const [table, node] of tables.entries ?? []) readTable(table, node, rules);
  for (const name of new Options(config).list("backup_excluded_tables")) rules.truncate(String(name));
}

/** The tables of the only connection; a connection may be left out where there is only one. */
function onlyConnection(node: OldNode): OldNode {
  if (!node.entries) throw new OldFileProblem(node.line, "anonymization is no mapping");
  const [first, ...others] = [...node.entries];
  if (!first) throw new OldFileProblem(node.line, "anonymization holds no connection");
  const [, { entries }] = first;
  const isItself = [...entries?.values() ?? []].every((column) => typeof column.value === "string");
  if (isItself && isTable(first[1])) return node;
  const [other] = others;
  if (other) {
    throw new OldFileProblem(other[1].line, "it has rules of several databases; import each from a file of its own");
  }
  return first[1];
}

function readTable(table: string, node: OldNode, rules: RulesBuilder): void {
  if (!node.entries) throw new OldFileProblem(node.line, `the table ${JSON.stringify(table)} is no mapping of columns`);
  for (const [column, one] of node.entries) {
    const options = new Options(one.entries?.get("options"));
    const was = typeof one.value === "string" ? one.value : nameOf(one);
    if (was === undefined) {
      throw new OldFileProblem(one.line, `the column ${JSON.stringify(column)} has no anonymizer`);
    }
    const parts = tableAnonymizers.get(was);
    if (!parts) {
      if (new Options(one).text("target") === "table") {
        rules.loseOfTable(table, `${was} is an anonymizer of several columns`);
      } else rules.column(table, column, was, anonymizers.get(was)?.(options) ?? lost("this anonymizer is not known"));
      continue;
    }
    for (const [part, equivalent] of parts) {
      const target = options.text(part);
      if (target !== undefined) rules.column(table, target, `${was}.${part}`, equivalent);
    }
  }
}

function nameOf({ entries }: OldNode): string | undefined {
  const name = entries?.get("anonymizer")?.value ?? entries?.get("type")?.value;
  return typeof name === "string" ? name : undefined;
}
