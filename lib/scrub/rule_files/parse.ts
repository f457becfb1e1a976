/** Reads a rule file: YAML to data, or everything that is wrong with it. Whether it fits a live schema, bind.ts says. @module */

import type * as v from "valibot";
import type { EngineName } from "../../core/engine_name.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import { readReviewed as checkReviewed } from "../coverage/reviewed.ts";
import { readCondition } from "../rules/condition/condition.ts";
import { statementProblem } from "../rules/after.ts";
import type { KnownValues, Scrubber, TableRule } from "../rules/definition.ts";
import { checkMapping, checkNames, checkValue, kindOf, quote } from "./check.ts";
import type { RuleContext } from "./column_entry.ts";
import { type Located, mostBytes, type Problems, readDocument } from "./document.ts";
import { registryProblem } from "./registry.ts";
import { checkKeyReferences } from "./key_references.ts";
import type { RuleFile, RuleFileProblem, RuleFileSelection } from "./rule_file.ts";
import { knownValues } from "../rules/definition_schema.ts";
import { afterStatement, head, reviewedEntries, selection } from "./schema.ts";
import { readTableRule } from "./table_entry.ts";
import type { Environment } from "./variables.ts";

/** Everything that a file may have at its top, in the order in which it is written. */
const topNames = [...Object.keys(head), "selections", "knownValues", "tables", "after", "reviewed"];

/** A file's rules, or at least one problem. */
export type ParsedRuleFile =
  | {
    readonly file: RuleFile;
    /** Where the file names its database. */
    readonly databaseAt: Pick<RuleFileProblem, "line" | "column">;
    readonly problems: readonly [];
  }
  | { readonly file?: undefined; readonly databaseAt?: undefined; readonly problems: readonly RuleFileProblem[] };

/** What reading a file needs beside it. */
export interface ParseOptions {
  readonly environment: Environment;
  /** The built-in scrubbers, which a file can extend or replace. */
  readonly scrubbers: readonly Scrubber[];
}

/** Reads the bytes of a rule file. Never throws. */
export function parseRuleFile(bytes: Uint8Array, { environment, scrubbers }: ParseOptions): ParsedRuleFile {
  const refuse = (message: string): ParsedRuleFile => ({ problems: [{ line: 1, column: 1, message }] });
  if (bytes.length > mostBytes) return refuse(`the file is longer than ${mostBytes} bytes`);
  const text = decode(bytes);
  if (text === undefined) return refuse("the file is not text in UTF-8");
  const { root, problems } = readDocument(text, environment);
  if (root === undefined || (root.value === null && !root.hasVariable)) {
    return problems.all.length > 0
      ? { problems: problems.all }
      : refuse("the file is empty; it needs database and engine");
  }
  const file = readFile(root, problems, scrubbers);
  const found = problems.all;
  if (found.length > 0 || !file) {
    return { problems: found.length > 0 ? found : [{ line: 1, column: 1, message: "it is no rule file" }] };
  }
  return { file, databaseAt: problems.at(root.entries?.get("database")?.node.place ?? 0), problems: [] };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function readFile(root: Located, problems: Problems, scrubbers: readonly Scrubber[]): RuleFile | undefined {
  const { entries, place } = root;
  if (!entries) {
    problems.add(place, `a rule file is a mapping with database, engine and tables, and this is ${kindOf(root.value)}`);
    return undefined;
  }
  checkNames(root, topNames, "a rule file", problems);
  const said = readHead(root, problems);
  const node = (name: string) => entries.get(name)?.node;
  const misplaced = said && registryProblem(said, scrubbers);
  if (misplaced) problems.add(node(misplaced.key)?.place ?? place, misplaced.message);
  const base = scrubbers.find(({ name }) => name === said?.extends);
  const inherited = said?.extends === undefined ? [] : base && Object.keys(base.define({ has: () => true }).selections);
  const selections = readSelections(node("selections"), said?.engine, problems);
  const names = new Set([
    ...inherited ?? [],
    ...mappingOf("selections", node("selections"), problems).map(([name]) => name),
  ]);
  for (const [name, { place }] of entries.get("selections")?.node.entries ?? []) {
    if (inherited?.includes(name)) {
      problems.add(place, `${base?.name} has a selection ${quote(name)} already; choose another name`);
    }
  }
  const context: RuleContext = {
    problems,
    // Only with the scrubber that it extends are they all known.
    ...(said && inherited && { selections: names }),
  };
  const tables = mappingOf("tables", node("tables"), problems).flatMap(([name, { node }]): [string, TableRule][] => {
    const rule = readTableRule(name, node, context);
    return rule ? [[name, rule]] : [];
  });
  checkKeyReferences(node("tables"), new Map(tables), problems);
  const known = listOf("knownValues", node("knownValues"), problems).flatMap((one): KnownValues[] => {
    const found = checkMapping(one, knownValues, "an entry of knownValues", problems);
    return found ? [withoutAbsent(found) as KnownValues] : [];
  });
  const reviewed = listOf("reviewed", node("reviewed"), problems).flatMap((one): readonly Reviewed[] =>
    readReviewed(one, problems)
  );
  refuseRepeated(node("reviewed"), reviewed, problems);
  const after = listOf("after", node("after"), problems).flatMap((one, at): string[] => {
    const text = checkValue(one, afterStatement, `statement ${at + 1} of after`, problems);
    if (text === undefined) return [];
    if (said) checkStatement(one, text, said.engine, problems);
    return [text];
  });
  if (!said) return undefined;
  return {
    ...said,
    ...(after.length > 0 && { after }),
    selections,
    knownValues: known,
    tables: Object.fromEntries(tables),
    reviewed,
  };
}

type Head = Pick<RuleFile, "database" | "engine" | "summary" | "extends" | "replaces">;

function readHead(root: Located, problems: Problems): Head | undefined {
  const found: Partial<Record<keyof Head, unknown>> = {};
  let complete = true;
  for (const [name, schema] of Object.entries(head)) {
    const node = root.entries?.get(name)?.node;
    if (!node && schema.type === "optional") continue;
    if (!node) {
      problems.add(root.place, `a rule file needs ${quote(name)}`);
      complete = false;
      continue;
    }
    const value = checkValue(node, schema, quote(name), problems);
    if (value === undefined) complete = false;
    else found[name as keyof Head] = value;
  }
  const [extending, replacing] = [root.entries?.get("extends"), root.entries?.get("replaces")];
  if (extending && replacing) {
    problems.add(replacing.place, "a file extends a built-in scrubber or replaces it, not both");
  }
  return complete ? found as Head : undefined;
}

function readSelections(
  node: Located | undefined,
  engine: EngineName | undefined,
  problems: Problems,
): Readonly<Record<string, RuleFileSelection>> {
  const found = mappingOf("selections", node, problems).flatMap(
    ([name, { node, place }]): [string, RuleFileSelection][] => {
      if (!/^[A-Za-z]\w{0,62}$/.test(name)) {
        problems.add(
          place,
          `the selection ${quote(name)} needs a name of at most 63 letters, digits and _ that begins with a letter`,
        );
      }
      const read = checkMapping(node, selection, `the selection ${quote(name)}`, problems);
      if (!read) return [];
      const where = node.entries?.get("where")?.node;
      if (where && engine) checkCondition(where, read.where, engine, problems);
      return [[name, withoutAbsent(read)]];
    },
  );
  return Object.fromEntries(found);
}

function checkCondition(node: Located, text: string, engine: EngineName, problems: Problems): void {
  const read = readCondition(text, engine);
  if ("fragment" in read) return;
  for (const { at, message } of read.problems) {
    const place = node.textPlace === undefined ? node.place : node.textPlace + at;
    problems.add(place, node.hasVariable ? "with its variables filled in, this is no condition" : message);
  }
}

function checkStatement(node: Located, text: string, engine: EngineName, problems: Problems): void {
  const problem = statementProblem(text, engine);
  if (!problem) return;
  const place = node.textPlace === undefined ? node.place : node.textPlace + problem.at;
  problems.add(place, node.hasVariable ? "with its variables filled in, this is no statement" : problem.message);
}

function readReviewed(node: Located, problems: Problems): readonly Reviewed[] {
  if (!node.entries) {
    problems.add(node.place, `an entry of reviewed is ${kindOf(node.value)} instead of a mapping`);
    return [];
  }
  const schema = reviewedEntries.find(({ entries }) =>
    Object.keys(entries).filter((name) => !["reason", "by", "source", "public", "digest"].includes(name))
      .every((name) => node.entries?.has(name))
  );
  if (!schema) {
    problems.add(
      node.place,
      'an entry of reviewed needs "table", "column" and "type"; "group" and "columns"; "object" and "name"; or "table" alone',
    );
    return [];
  }
  const found = checkMapping<v.ObjectEntries>(node, schema, "an entry of reviewed", problems);
  return found ? [withoutAbsent(found) as unknown as Reviewed] : [];
}

/** Entries that name the same thing would be two reasons for it. */
function refuseRepeated(node: Located | undefined, entries: readonly Reviewed[], problems: Problems): void {
  if (!node) return;
  try {
    checkReviewed("", entries);
  } catch (error) {
    if (!(error instanceof ScrubError)) throw error;
    problems.add(node.place, `reviewed: ${error.message.replace(/^Cannot use (?:, entry \d+)?: /, "")}`);
  }
}

function mappingOf(name: string, node: Located | undefined, problems: Problems) {
  if (node && !node.entries && node.value !== null) {
    problems.add(node.place, `${quote(name)} is ${kindOf(node.value)} instead of a mapping`);
  }
  return [...node?.entries ?? []];
}

function listOf(name: string, node: Located | undefined, problems: Problems): readonly Located[] {
  if (node && !node.items && node.value !== null) {
    problems.add(node.place, `${quote(name)} is ${kindOf(node.value)} instead of a list`);
  }
  return node?.items ?? [];
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
