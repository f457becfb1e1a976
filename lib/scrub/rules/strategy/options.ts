/** Parameters that choose among a few. @module */

import * as v from "valibot";
import type { Json } from "../../../engine/expressions.ts";

/** The shape of an optional parameter with one optional key that takes one of some words. */
export function oneChoice(key: string, choices: readonly string[], description: string): v.GenericSchema {
  const choice = v.optional(v.picklist(choices));
  return v.pipe(v.optional(v.strictObject({ [key]: choice })), v.description(description));
}

/** What a parameter of {@linkcode oneChoice} says; undefined where it says nothing. */
export function chosen<Choice extends string>(
  parameter: Json,
  key: string,
  choices: readonly Choice[],
): Choice | undefined {
  const said = parameter !== null && typeof parameter === "object" ? Object.entries(parameter) : [];
  const value = said.find(([name]) => name === key)?.[1];
  return choices.find((choice) => choice === value);
}
