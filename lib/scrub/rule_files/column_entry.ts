/**
 * A column's rule as a rule file writes it: a strategy's name, `phone: phone`; or a mapping with a strategy's name as a key, whose
 * value is the strategy's parameter, and with what else the rule says, `email: { email: {}, except: staff }`.
 *
 * @module
 */

import * as v from "valibot";
import type { Json } from "../../engine/expressions.ts";
import { parameterProblem } from "../rules/strategy/strategy.ts";
import type { ColumnRule } from "../rules/definition.ts";
import { strategies } from "../rules/strategy/mod.ts";
import type { Strategy } from "../rules/strategy/strategy.ts";
import { checkNames, checkValue, kindOf, meant, quote } from "./check.ts";
import type { Located, Problems } from "./document.ts";
import { modifiers } from "../rules/definition_schema.ts";

const modifierNames = Object.keys(modifiers);

/** What reading rules needs beside them. */
export interface RuleContext {
  readonly problems: Problems;
  /** The selections of the file and of the scrubber that it extends; absent where those are not known. */
  readonly selections?: ReadonlySet<string>;
}

/** The rule of a column; undefined where something is wrong with it. */
export function readColumnRule(name: string, node: Located, context: RuleContext): ColumnRule | undefined {
  const { problems } = context;
  const { value, entries, place } = node;
  if (typeof value === "string") return readStrategy(value, node, undefined, context);
  if (!entries) {
    const hint = "write a strategy's name, or a mapping with one";
    problems.add(place, `the rule of column ${quote(name)} is ${kindOf(value)}; ${hint}`);
    return undefined;
  }
  const named = [...entries.keys()].filter((key) => strategies.has(key));
  const [strategy, second] = named;
  if (second !== undefined) {
    problems.add(
      entries.get(second)?.place ?? place,
      `a column has one strategy: ${quote(strategy ?? "")} or ${quote(second)}`,
    );
    return undefined;
  }
  if (strategy === undefined) {
    const strange = [...entries].find(([key]) => !modifierNames.includes(key));
    if (strange) problems.add(strange[1].place, noStrategy(strange[0]));
    else problems.add(place, `the rule of column ${quote(name)} names no strategy`);
    return undefined;
  }
  const rest = new Map([...entries].filter(([key]) => key !== strategy));
  const others: Located = {
    place,
    value: Object.fromEntries([...rest].map(([key, entry]) => [key, entry.node.value])),
    entries: rest,
  };
  checkNames(others, modifierNames, `a rule of ${strategy}`, problems);
  const said = checkValue(others, v.strictObject(modifiers), `the rule of column ${quote(name)}`, problems);
  const given = entries.get(strategy)?.node;
  const rule = given && readStrategy(strategy, given, given, context);
  if (!rule || !said) return undefined;
  checkSelections(said, rest, rule, context);
  return { ...rule, ...withoutAbsent(said) };
}

function readStrategy(
  name: string,
  at: Located,
  given: Located | undefined,
  { problems }: RuleContext,
): ColumnRule | undefined {
  const strategy = strategies.get(name);
  if (!strategy) {
    problems.add(at.place, at.hasVariable ? "the variable names no strategy" : noStrategy(name));
    return undefined;
  }
  const parameter = given && parameterOf(strategy, given.value);
  const problem = parameterProblem(strategy, parameter);
  if (problem === undefined) return { strategy: name, ...(parameter !== undefined && { with: parameter }) };
  if (given === undefined) problems.add(at.place, `${name} ${asWritten(name, strategy, problem)}`);
  else if (strategy.parameter === undefined) {
    problems.add(given.place, `${name} takes no parameter; write ${name} alone, or {} behind it`);
  } else checkValue(given, strategy.parameter, `the parameter of ${name}`, problems);
  return undefined;
}

/** `{}` and nothing stand for no parameter, unless they are one that the strategy takes. */
function parameterOf(strategy: Strategy, value: Json): Json | undefined {
  const isNothing = value === null ||
    (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);
  if (!isNothing) return value;
  return strategy.parameter && parameterProblem(strategy, value) === undefined ? value : undefined;
}

function asWritten(name: string, { description: { example } }: Strategy, problem: string): string {
  const form = typeof example.rule === "object" ? `, as in ${JSON.stringify(example.rule)}` : "";
  return problem === "it needs a parameter" ? `needs a parameter${form}` : `does not fit: ${problem} (${name})`;
}

function noStrategy(name: string): string {
  return `there is no strategy ${quote(name)}${
    meant(name, strategies.keys()) || `; datascrubber strategies lists them`
  }`;
}

function checkSelections(
  said: v.InferOutput<v.StrictObjectSchema<typeof modifiers, undefined>>,
  entries: NonNullable<Located["entries"]>,
  rule: ColumnRule,
  context: RuleContext,
): void {
  const { problems } = context;
  const at = (name: string) => entries.get(name)?.node ?? { place: 0, value: null };
  if (said.only !== undefined && said.except !== undefined) {
    problems.add(entries.get("except")?.place ?? 0, "a rule has only or except, not both");
  }
  for (const name of ["only", "except"] as const) {
    const selection = said[name];
    if (selection === undefined) continue;
    if (rule.strategy === "keep") problems.add(at(name).place, `keep changes no row, so it has no ${name}`);
    else checkSelection(selection, at(name), context);
  }
  if (said.public !== undefined && rule.strategy !== "keep") {
    problems.add(at("public").place, "public is for keep; with only or except write restPublic and why");
  }
  if (said.type !== undefined && rule.strategy !== "keep") problems.add(at("type").place, "type is for keep");
  if (said.restPublic !== undefined && said.only === undefined && said.except === undefined) {
    problems.add(at("restPublic").place, "restPublic is for a rule with only or except");
  }
}

/** Adds a problem where no selection has the name. */
export function checkSelection(name: string, at: Located, { problems, selections }: RuleContext): void {
  if (!selections || selections.has(name)) return;
  const hint = at.hasVariable ? "" : meant(name, selections);
  problems.add(
    at.place,
    at.hasVariable ? "the variable names no selection" : `there is no selection ${quote(name)}${hint}`,
  );
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
