/** The JSON Schema of rule files, for editors: made of the schemas that files are checked by. @module */

import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { keptTable, knownValues, modifiers, tableMembers, truncatedTable } from "../rules/definition_schema.ts";
import { parameterProblem } from "../rules/strategy/strategy.ts";
import { strategies } from "../rules/strategy/mod.ts";
import type { Strategy } from "../rules/strategy/strategy.ts";
import { afterStatement, head, reviewedEntries, selection } from "./schema.ts";
import { tableWords, wordRules } from "./table_entry.ts";

/** The schema as text, ending in a newline. */
export function ruleFileSchema(): string {
  const columns = v.record(v.string(), columnRule);
  const table = v.pipe(
    v.union([
      v.null(),
      v.picklist([...wordRules.keys()]),
      keptTable,
      truncatedTable,
      v.strictObject({ ...tableMembers, columns: v.optional(v.nullable(columns)) }),
      shortForm,
    ]),
    v.description("What happens to the table: a mapping of its columns, or one with the words of the long form."),
  );
  const file = v.strictObject({
    ...head,
    selections: v.optional(v.nullable(v.record(v.string(), selection))),
    knownValues: v.optional(v.nullable(v.array(knownValues))),
    tables: v.optional(v.nullable(v.record(v.string(), table))),
    after: v.optional(v.nullable(v.array(afterStatement))),
    reviewed: v.optional(v.nullable(v.array(v.union(reviewedEntries)))),
  });
  const { $schema: _, ...schema } = toJsonSchema(file, {
    target: "draft-2020-12",
    errorMode: "ignore",
    definitions: { columnRule, shortForm },
  });
  const { $defs = {} } = schema;
  const text = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:datascrubber:rules:1",
    title: "Rules of datascrubber",
    ...schema,
    // A name of the long form is no column's.
    $defs: { ...$defs, shortForm: { ...$defs["shortForm"] as object, propertyNames: { not: { enum: tableWords } } } },
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

const noParameter = v.union([v.null(), v.strictObject({})]);

function parameterOf(strategy: Strategy): v.GenericSchema {
  if (!strategy.parameter) return noParameter;
  return isOptional(strategy) ? v.union([noParameter, strategy.parameter]) : strategy.parameter;
}

function isOptional(strategy: Strategy): boolean {
  return parameterProblem(strategy, undefined) === undefined;
}

/** A strategy's name, where it needs no parameter; or a mapping with it. */
const columnRule = v.pipe(
  v.union([
    v.picklist([...strategies].filter(([, one]) => isOptional(one)).map(([name]) => name)),
    ...[...strategies].map(([name, strategy]) =>
      v.pipe(
        v.strictObject({ [name]: parameterOf(strategy), ...modifiers }),
        v.description(strategy.description.summary),
      )
    ),
  ]),
  v.description("What happens to the column: a strategy's name, or a mapping with it, its parameter, and which rows."),
);

const shortForm = v.record(v.string(), columnRule);
