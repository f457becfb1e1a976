/** The command `strategies`: the table of strategies in words. @module */

import type { GenericSchema } from "valibot";
import { toJsonSchema } from "@valibot/to-json-schema";
import { closestName } from "../../core/closest_name.ts";
import { ScrubError } from "../../core/errors.ts";
import { strategies } from "../../scrub/rules/strategy/mod.ts";
import type { Strategy } from "../../scrub/rules/strategy/strategy.ts";
import { parameterText, ruleText, valueText } from "../help/strategy_text.ts";
import { quoted } from "../parse/usage_error.ts";

/** What to print, ending in a newline: every strategy with its example, or one with its parameter. */
export function strategiesText(
  { name, format }: { readonly name?: string; readonly format: "table" | "json" },
): string {
  const chosen = name === undefined ? [...strategies] : [[name, strategies.get(name) ?? refuse(name)] as const];
  if (format === "json") {
    const all = chosen.map(([name, strategy]) => details(name, strategy));
    return `${JSON.stringify({ version: 1, strategies: all }, undefined, 2)}\n`;
  }
  const blocks = chosen.map(([name, strategy]) => describe(name, strategy).join("\n"));
  const more = name === undefined ? ["Examples are made with a key of 32 bytes of 1."] : [];
  return `${[...blocks, ...more].join("\n\n")}\n`;
}

function describe(name: string, strategy: Strategy): readonly string[] {
  const { description: { summary, example }, parameter } = strategy;
  return [
    `${name}: ${summary}`,
    ...(parameter ? [`  parameter: ${parameterText(parameter)}`] : []),
    ...(strategy.ofValue ? [`  keys: it may change them, and columns that repeat a key follow`] : []),
    `  example: ${ruleText(example.rule)}`,
    `    ${valueText(example.before)} -> ${valueText(example.after)}`,
  ];
}

function details(name: string, strategy: Strategy): unknown {
  const { description: { summary, example }, parameter, ofValue } = strategy;
  const keys = ofValue !== undefined;
  return { name, summary, example, keys, ...(parameter && { parameter: schemaOf(parameter) }) };
}

function schemaOf(parameter: GenericSchema): unknown {
  const { $schema: _, ...schema } = toJsonSchema(parameter, { errorMode: "ignore" });
  return schema;
}

function refuse(name: string): never {
  const names = [...strategies.keys()];
  const meant = closestName(name, names);
  throw new ScrubError(
    "usage",
    `Cannot describe ${quoted(name)}: no strategy is called so`,
    meant === undefined ? `Name one of ${names.join(", ")}.` : `Did you mean ${meant}?`,
  );
}
