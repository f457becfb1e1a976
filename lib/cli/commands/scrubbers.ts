/** The command `scrubbers`: the registry in words. @module */

import { ScrubError } from "../../core/errors.ts";
import type { ColumnRule, Definition, SchemaFacts, Scrubber, TableRule } from "../../scrub/rules/definition.ts";
import { quoted } from "../parse/usage_error.ts";
import { visible } from "../../core/visible.ts";
import { closestName } from "../../core/closest_name.ts";

/** A schema that has everything that a definition asks for. */
const everything: SchemaFacts = { has: () => true };

/** What to print, ending in a newline: every scrubber in a line, or one with its tables and rules. */
export function scrubbersText(
  scrubbers: readonly Scrubber[],
  { name, format }: { readonly name?: string; readonly format: "table" | "json" },
): string {
  if (name === undefined) return format === "json" ? json(scrubbers.map(nameplate)) : list(scrubbers);
  const scrubber = scrubbers.find((one) => one.name === name) ?? refuse(name, scrubbers);
  return format === "json" ? json([details(scrubber)]) : `${describe(scrubber).join("\n")}\n`;
}

function refuse(name: string, scrubbers: readonly Scrubber[]): never {
  const names = scrubbers.map(({ name }) => name);
  const meant = closestName(name, names);
  throw new ScrubError(
    "usage",
    `Cannot describe ${quoted(name)}: no scrubber is called so`,
    meant === undefined ? `Name one of ${names.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

function json(scrubbers: readonly unknown[]): string {
  return `${JSON.stringify({ version: 1, scrubbers }, undefined, 2)}\n`;
}

function nameplate({ name, engine, summary, file }: Scrubber): Readonly<Record<string, unknown>> {
  return { name, engine, summary, ...(file && { rules: file }) };
}

function details(scrubber: Scrubber): unknown {
  const { selections, tables } = scrubber.define(everything);
  return {
    ...nameplate(scrubber),
    selections: Object.fromEntries(Object.entries(selections).map(([name, { of }]) => [name, { of }])),
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, rule]) => [name, "keep" in rule ? { keep: rule.keep } : rule]),
    ),
  };
}

function list(scrubbers: readonly Scrubber[]): string {
  const lines = scrubbers.map((one) => `${title(one)}\n`);
  return `${lines.join("")}\ndatascrubber scrubbers NAME shows the tables and rules of one.\n`;
}

function describe(scrubber: Scrubber): readonly string[] {
  const definition = scrubber.define(everything);
  return [
    title(scrubber),
    ...(scrubber.file ? [`  SHA-256 ${scrubber.file.sha256}`] : []),
    ...Object.entries(definition.selections).map(([name, { of }]) => `  selection ${name}: rows of ${of}`),
    ...tables(definition),
  ];
}

function title({ name, engine, summary, file }: Scrubber): string {
  return `${visible(name)} (${engine}): ${visible(summary)}${file ? ` (${visible(file.path)})` : ""}`;
}

function tables({ tables }: Definition): readonly string[] {
  return Object.entries(tables).flatMap(([name, rule]) => [`  ${name}${tableNote(rule)}`, ...columns(rule)]);
}

function tableNote(rule: TableRule): string {
  if ("keep" in rule) return `: kept, ${rule.keep}`;
  if ("truncate" in rule) return ": every row deleted";
  const notes = [
    ...(rule.deleteRows === undefined ? [] : [`rows of ${rule.deleteRows} deleted`]),
    ...(rule.keepRows === undefined ? [] : [`only rows of ${rule.keepRows} kept, with what they need`]),
    ...(rule.keepReferenced ? ["only rows kept that remaining rows reference"] : []),
    ...(rule.references ?? []).map(({ columns, to }) =>
      `${columns.join(", ")} references ${typeof to === "string" ? to : Object.values(to).filter(Boolean).join(", ")}`
    ),
  ];
  return notes.length === 0 ? "" : `: ${notes.join("; ")}`;
}

function columns(rule: TableRule): readonly string[] {
  if (!("columns" in rule)) return [];
  return Object.entries(rule.columns).map(([name, column]) => `    ${name}: ${columnNote(column)}`);
}

function columnNote({ strategy, with: argument, only, except }: ColumnRule): string {
  const details = argument === undefined
    ? ""
    : ` ${typeof argument === "string" ? argument : JSON.stringify(argument)}`;
  const rows = only !== undefined
    ? `, only rows of ${only}`
    : except !== undefined
    ? `, all rows but those of ${except}`
    : "";
  return `${strategy}${details}${rows}`;
}
