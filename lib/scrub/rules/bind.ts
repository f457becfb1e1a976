/** Binds a definition to the live schema: finds every name, and asks every strategy whether it fits its column. @module */

import type { Json } from "../../engine/expressions.ts";
import { type Column, findColumn, findTable, type Schema, type Table } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import type { ColumnRule, Definition, Expect, Fragment, Scrubber, TableRule } from "./definition.ts";
import { afterProblems, type AfterStatement, readAfter } from "./after.ts";
import { bindReferences, type BoundReference } from "./bind_references.ts";
import { definitionProblems } from "./definition_schema.ts";
import { fragmentProblems } from "./fragment.ts";
import { strategies } from "./strategy/mod.ts";
import { type FollowedKeys, followKeys, type KeyColumn, type KeyUse } from "./natural_keys.ts";
import { refuseSmallSpace } from "./unique_space.ts";
import { parameterProblem, type Strategy } from "./strategy/strategy.ts";

/** A rule and the column it found. */
export interface BoundColumn {
  readonly column: Column;
  readonly name: string;
  readonly strategy: Strategy;
  readonly parameter: Json;
  /** Name of a selection; absent: all rows. */
  readonly only?: string;
  /** Name of a selection whose rows stay as they are. */
  readonly except?: string;
  /** Of a key: the column that the strategy is told of instead. */
  readonly key?: KeyColumn;
  /** The column whose rule this is. Then `except` is no selection's name: a row stays as the row that it references does. */
  readonly follows?: string;
}

/** A table rule and the table it found; only columns that change. */
export interface BoundTable {
  readonly table: Table;
  /** Every row is deleted; no column changes. */
  readonly truncate?: true;
  readonly deleteRows?: string;
  readonly keepRows?: string;
  readonly keepReferenced?: true;
  readonly columns: readonly BoundColumn[];
  readonly expect?: Expect;
}

/** A selection and the table it found. */
export interface BoundSelection {
  readonly name: string;
  readonly table: Table;
  readonly where: Fragment;
}

/** A column whose values the rules know, and the table it was found in. */
export interface BoundValues {
  readonly table: Table;
  readonly column: Column;
  readonly values: readonly (string | null)[];
}

/** A definition that fits the schema. */
export interface BoundDefinition {
  readonly scrubber: string;
  readonly knownValues: readonly BoundValues[];
  readonly selections: readonly BoundSelection[];
  readonly tables: readonly BoundTable[];
  /** The server's foreign keys, and the references that rules declare. */
  readonly references: readonly BoundReference[];
  /** Statements that run before verification. */
  readonly after: readonly AfterStatement[];
}

/**
 * A scrubber's rules for a live schema, with those that follow from them for columns that repeat a key.
 *
 * @throws {ScrubError} `rules`, with every name that no rule has, and whatever else is wrong with their shape.
 */
export function definitionFor(scrubber: Scrubber, schema: Schema): Definition {
  const definition = scrubber.define({
    has(name, column) {
      const table = findTable(schema, name);
      return table !== undefined && (column === undefined || findColumn(table, column) !== undefined);
    },
  });
  const problems = definitionProblems(definition);
  if (problems.length === 0) return followKeys(definition, schema).definition;
  throw new ScrubError(
    "rules",
    `Cannot use the rules of "${scrubber.name}" on database "${schema.database}": ${problems.join("; ")}`,
    "Correct the scrubber's rules.",
  );
}

/**
 * Binds a scrubber's rules to a schema.
 *
 * @throws {ScrubError} `rules`, with every problem in one message: a table or column that is missing and not optional, a strategy
 * that does not fit its column, a selection that is missing or of another table.
 */
export function bind(
  scrubber: Scrubber,
  schema: Schema,
  given: Definition = definitionFor(scrubber, schema),
): BoundDefinition {
  const keys = followKeys(given, schema);
  const { definition } = keys;
  const problems = [...keys.problems];
  const selections = bindSelections(definition, schema, problems);
  const knownValues = bindKnownValues(definition, schema, problems);
  const tables = Object.entries(definition.tables).flatMap(([name, rule]): BoundTable[] => {
    const table = findTable(schema, name);
    if (!table) {
      if (!rule.optional) problems.push(`table ${name}: missing from the schema`);
      return [];
    }
    if ("keep" in rule) return [];
    if ("truncate" in rule) {
      refuseKind(table, problems);
      return [{ table, truncate: true, columns: [] }];
    }
    return [bindTable(table, rule, definition, selections, keys, problems)];
  });
  const references = bindReferences(definition, schema, problems);
  const { after = [] } = definition;
  problems.push(...afterProblems(after, schema.engine));
  problems.push(...unreferenced(tables, references));
  if (problems.length > 0) {
    throw new ScrubError(
      "rules",
      `Cannot scrub database "${schema.database}" with the rules of "${scrubber.name}": ${problems.join("; ")}`,
      "Change the scrubber's rules to fit the schema, or mark the rule optional.",
    );
  }
  return {
    scrubber: scrubber.name,
    knownValues: [...knownValues, ...typeValues(references)],
    selections,
    tables,
    references,
    after: readAfter(after, schema.engine),
  };
}

/** The texts that columns of polymorphic references may hold. */
function typeValues(references: readonly BoundReference[]): readonly BoundValues[] {
  const found = references.flatMap(({ type }) => type ? [type] : []);
  return [...Map.groupBy(found, ({ column }) => column).values()].flatMap(([first]) =>
    first ? [{ table: first.table, column: first.column, values: [...first.known, null] }] : []
  );
}

/** Tables with `keepReferenced` that no remaining row can reference: they would be emptied. */
function unreferenced(tables: readonly BoundTable[], references: readonly BoundReference[]): readonly string[] {
  const swept = new Set(tables.flatMap(({ table, keepReferenced }) => keepReferenced ? [table.id] : []));
  const reached = new Set<string>();
  for (let grown = true; grown;) {
    const found = references.filter(({ child, parent }) =>
      swept.has(parent) && !reached.has(parent) && (!swept.has(child) || (child !== parent && reached.has(child)))
    );
    for (const { parent } of found) reached.add(parent);
    grown = found.length > 0;
  }
  return [...swept].filter((id) => !reached.has(id)).map((id) =>
    `table ${id}: keepReferenced would keep no row: no reference leads to it from a table without keepReferenced`
  );
}

function bindKnownValues({ knownValues = [] }: Definition, schema: Schema, problems: string[]): BoundValues[] {
  return knownValues.flatMap(({ table: name, column: columnName, values, optional }): BoundValues[] => {
    const table = findTable(schema, name);
    const column = table && findColumn(table, columnName);
    if (!table || !column) {
      if (!optional) problems.push(`known values of ${name}.${columnName}: missing from the schema`);
      return [];
    }
    if (column.kind !== "text" && column.kind !== "enum") {
      problems.push(`known values of ${name}.${columnName}: ${column.type} is no text`);
    }
    return [{ table, column, values }];
  });
}

function bindSelections(definition: Definition, schema: Schema, problems: string[]): BoundSelection[] {
  const bound: BoundSelection[] = [];
  for (const [name, { of, where, optional }] of Object.entries(definition.selections)) {
    const table = findTable(schema, of);
    if (!table) {
      if (!optional) problems.push(`selection ${name}: there is no table "${of}"`);
      continue;
    }
    const found = fragmentProblems(where, {
      schema,
      table,
      selectionTable: (earlier) => bound.find((selection) => selection.name === earlier)?.table,
    });
    if (table.primaryKey.length === 0) found.push(`table "${of}" has no primary key`);
    problems.push(...found.map((problem) => `selection ${name}: ${problem}`));
    bound.push({ name, table, where });
  }
  return bound;
}

function refuseKind({ id, kind }: Table, problems: string[]): void {
  if (kind !== "table" && kind !== "partitioned") problems.push(`table ${id}: rows of a ${kind} can't be changed`);
}

function bindTable(
  table: Table,
  rule: Exclude<TableRule, { readonly keep: string } | { readonly truncate: true }>,
  definition: Definition,
  selections: readonly BoundSelection[],
  keys: FollowedKeys,
  problems: string[],
): BoundTable {
  const { deleteRows, keepRows, keepReferenced, expect } = rule;
  refuseKind(table, problems);
  const changing = new Set(
    Object.entries(rule.columns).filter(([, { strategy }]) => strategy !== "keep").map(([name]) => name),
  );
  /** False where the selection's table is missing: then it has no rows. */
  function hasRows(selection: string, place: string): boolean {
    const found = selections.find(({ name }) => name === selection);
    if (found && found.table !== table) {
      problems.push(`${place}: selection "${selection}" is of table ${found.table.id}`);
    }
    if (found) return found.table === table;
    if (!definition.selections[selection]?.optional) problems.push(`${place}: there is no selection "${selection}"`);
    return false;
  }
  const columns = Object.entries(rule.columns).flatMap(([name, columnRule]): BoundColumn[] => {
    const place = `column ${table.id}.${name}`;
    const column = findColumn(table, name);
    if (!column) {
      if (!columnRule.optional) problems.push(`${place}: missing from the schema`);
      return [];
    }
    const strategy = strategies.get(columnRule.strategy);
    if (!strategy) {
      problems.push(`${place}: there is no strategy "${columnRule.strategy}"`);
      return [];
    }
    const use = keys.useOf(table, column, strategy);
    const refusal = refuseRule(table, column, columnRule, strategy, changing, use);
    if (refusal) problems.push(`${place}: ${columnRule.strategy} does not fit: ${refusal}`);
    const undeclared = wronglyPublic(columnRule);
    if (undeclared) problems.push(`${place}: ${undeclared}`);
    if (columnRule.strategy === "keep") return [];
    const { only, except, strategy: strategyName, with: parameter = null } = columnRule;
    const { follows } = columnRule;
    const key = { ...(use?.as && { key: use.as }), ...(follows !== undefined && { follows }) };
    if (follows !== undefined) {
      const selection = only ?? except;
      if (selection !== undefined && !selections.some((one) => one.name === selection)) return [];
      const stay = selection === undefined ? {} : { except: `${selection} by ${table.id}.${name}` };
      return [{ column, name: strategyName, strategy, parameter, ...key, ...stay }];
    }
    if (only !== undefined && except !== undefined) problems.push(`${place}: a rule has only or except, not both`);
    if (only !== undefined && !hasRows(only, place)) return [];
    // Where the selection's table is missing, no row is excepted.
    const excepts = except !== undefined && hasRows(except, place);
    return [{
      column,
      name: strategyName,
      strategy,
      parameter,
      ...(only !== undefined && { only }),
      ...(excepts && { except }),
      ...key,
    }];
  });
  const deletes = deleteRows !== undefined && hasRows(deleteRows, `table ${table.id}`);
  const keeps = keepRows !== undefined && hasRows(keepRows, `table ${table.id}`);
  if (keepRows !== undefined && deleteRows !== undefined) {
    problems.push(
      `table ${table.id}: it has both keepRows and deleteRows; exclude the rows to delete from the selection`,
    );
  }
  if (keepRows !== undefined && keepReferenced) {
    problems.push(
      `table ${table.id}: it has both keepRows and keepReferenced; rows that selected rows need stay anyway`,
    );
  }
  if (keepReferenced && table.primaryKey.length === 0) {
    problems.push(`table ${table.id}: keepReferenced needs a primary key, and it has none`);
  }
  return {
    table,
    columns,
    ...(deletes && { deleteRows }),
    ...(keeps && { keepRows }),
    ...(keepReferenced && { keepReferenced }),
    ...(expect && { expect }),
  };
}

/** Why a rule's declaration has no effect: a reader would think that it has one. */
function wronglyPublic(
  { strategy, only, except, public: isPublic, restPublic, type }: ColumnRule,
): string | undefined {
  if (except !== undefined && strategy === "keep") {
    return "a column that is kept changes in no row: except has no effect";
  }
  if (isPublic && strategy !== "keep") return "only a column that is kept can be public";
  if (type !== undefined && strategy !== "keep") return "only a column that is kept has a type";
  if (restPublic === undefined) return undefined;
  if ((only === undefined && except === undefined) || strategy === "keep") {
    return "restPublic is for a rule that changes some rows only";
  }
  return restPublic.trim() === "" ? "restPublic needs a reason" : undefined;
}

/**
 * Why a rule cannot change a column, as the end of a sentence; undefined where it can.
 *
 * @param changing The table's columns with rules.
 * @param use The key that the column is part of.
 */
export function refuseRule(
  table: Table,
  column: Column,
  rule: ColumnRule,
  strategy: Strategy,
  changing: ReadonlySet<string>,
  use: KeyUse | undefined,
): string | undefined {
  const parameter = rule.with ?? null;
  const place = { table, column, changes: (name: string) => changing.has(name) };
  if (rule.strategy === "keep") return parameterProblem(strategy, rule.with) ?? strategy.refuse(place, parameter);
  if (column.generated) return "the server computes it";
  if (use && !use.as) return use.why;
  const as = use?.as ? { ...place, ...use.as } : place;
  return parameterProblem(strategy, rule.with) ?? strategy.refuse(place, parameter) ?? strategy.refuse(as, parameter) ??
    refuseSmallSpace(place, strategy.space?.(as, parameter));
}

/** Why a rule cannot change a key, if it were the only rule of all: for the column itself and for those that repeat it. */
export function refuseKeyRule(schema: Schema, table: Table, column: Column, rule: ColumnRule): string | undefined {
  const tables = Object.fromEntries([[table.id, { columns: Object.fromEntries([[column.name, rule]]) }]]);
  const keys = followKeys({ selections: {}, tables }, schema);
  const refusals = Object.entries(keys.definition.tables).flatMap(([id, found]) => {
    const other = findTable(schema, id);
    return Object.entries("columns" in found ? found.columns : {}).flatMap(([name, one]) => {
      const place = other && findColumn(other, name);
      const strategy = strategies.get(one.strategy);
      if (!other || !place || !strategy) return [];
      return refuseRule(other, place, one, strategy, new Set([name]), keys.useOf(other, place, strategy)) ?? [];
    });
  });
  return keys.problems[0] ?? refusals[0];
}
