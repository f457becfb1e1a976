/** A rule file as a scrubber, beside the built-in ones. @module */

import { readCondition } from "../rules/condition/condition.ts";
import type { Definition, KnownValues, Scrubber, Selection, TableRule } from "../rules/definition.ts";
import type { RuleFile } from "./rule_file.ts";

/**
 * The scrubber that a file describes; parse.ts has read the file. `base`: the built-in scrubber that it extends.
 *
 * @throws {TypeError} where a condition is none: parse.ts refuses it.
 */
export function scrubberOf(file: RuleFile, base?: Scrubber): Scrubber {
  const selections = Object.fromEntries(
    Object.entries(file.selections).map(([name, { of, where, optional }]): [string, Selection] => {
      const condition = readCondition(where, file.engine);
      if ("problems" in condition) throw new TypeError(`Cannot use the selection ${name}: its condition can't be read`);
      return [name, { of, where: condition.fragment, ...(optional && { optional }) }];
    }),
  );
  const own: Definition = {
    selections,
    tables: file.tables,
    knownValues: file.knownValues,
    ...(file.after && { after: file.after }),
  };
  return {
    name: file.database,
    engine: file.engine,
    summary: file.summary ?? (base ? `${base.summary}; and rules of a file` : "Rules of a file"),
    reviewed: base ? [...listOf(base.reviewed), ...file.reviewed] : file.reviewed,
    define: (schema) => base ? merged(base.define(schema), own) : own,
  };
}

function listOf(reviewed: unknown): readonly unknown[] {
  return Array.isArray(reviewed) ? reviewed : [reviewed];
}

/**
 * The rules of a file over those of the scrubber that it extends. Columns that both name have the file's rule. A table that is kept
 * in one of them has the file's rule alone.
 */
function merged(base: Definition, own: Definition): Definition {
  const tables = { ...base.tables };
  for (const [name, rule] of Object.entries(own.tables)) {
    tables[name] = Object.hasOwn(base.tables, name) ? mergedTable(base.tables[name] ?? rule, rule) : rule;
  }
  return {
    selections: { ...base.selections, ...own.selections },
    tables,
    knownValues: mergedValues(base.knownValues ?? [], own.knownValues ?? []),
    after: [...base.after ?? [], ...own.after ?? []],
  };
}

function mergedTable(base: TableRule, own: TableRule): TableRule {
  if (!("columns" in base) || !("columns" in own)) return own;
  return { ...base, ...own, columns: { ...base.columns, ...own.columns } };
}

/** Values that the file knows of a column are known besides those that the scrubber knows. */
function mergedValues(base: readonly KnownValues[], own: readonly KnownValues[]): readonly KnownValues[] {
  const same = (one: KnownValues) => (other: KnownValues) => one.table === other.table && one.column === other.column;
  return [
    ...base.map((one) => ({
      ...one,
      values: [...one.values, ...own.filter(same(one)).flatMap(({ values }) => values)],
    })),
    ...own.filter((one) => !base.some(same(one))),
  ];
}
