/** How the reference of strategies spells rules and values. @module */

import * as v from "valibot";
import type { Json } from "../../scrub/rules/definition.ts";

/** A rule on one line, as a rule file spells it. */
export function ruleText(rule: Json): string {
  return typeof rule === "string" ? rule : flow(rule);
}

/** YAML on one line. */
function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) =>
    `${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}: ${flow(inner)}`
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** An example's value, for people. */
export function valueText(value: string | null): string {
  return value ?? "NULL";
}

/** What a rule's parameter is. */
export function parameterText(parameter: v.GenericSchema): string {
  return v.getDescription(parameter) ?? "";
}
