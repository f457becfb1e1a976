/** The command `scrubbers`: the registry in words. @module */

import type { ColumnRule, Definition, SchemaFacts, Scrubber, TableRule } from "../../scrub/rules/definition.ts";

/** A schema that has everything that a definition asks for. */
const everything: SchemaFacts = { has: () => true };

/** Every scrubber with its tables and rules, for the newest schema that it supports. Ends in a newline. */
export function listScrubbers(scrubbers: readonly Scrubber[]): string {
  return scrubbers.map((scrubber) => `${describe(scrubber).join("\n")}\n`).join("\n");
}

function describe(scrubber: Scrubber): readonly string[] {
  const definition = scrubber.define(everything);
  return [
    `${scrubber.name} (${scrubber.engine}): ${scrubber.summary}`,
    ...Object.entries(definition.selections).map(([name, { of }]) => `  selection ${name}: rows of ${of}`),
    ...tables(definition),
  ];
}

function tables({ tables }: Definition): readonly string[] {
  return Object.entries(tables).flatMap(([name, rule]) => [`  ${name}${tableNote(rule)}`, ...columns(rule)]);
}

function tableNote(rule: TableRule): string {
  if ("keep" in rule) return `: kept, ${rule.keep}`;
  return rule.deleteRows === undefined ? "" : `: rows of ${rule.deleteRows} deleted`;
}

function columns(rule: TableRule): readonly string[] {
  if ("keep" in rule) return [];
  return Object.entries(rule.columns).map(([name, column]) => `    ${name}: ${columnNote(column)}`);
}

function columnNote({ strategy, with: argument, only }: ColumnRule): string {
  const details = argument === undefined
    ? ""
    : ` ${typeof argument === "string" ? argument : JSON.stringify(argument)}`;
  return `${strategy}${details}${only === undefined ? "" : `, only rows of ${only}`}`;
}
