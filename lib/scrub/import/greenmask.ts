/** Reads Greenmask's configuration: `dump.transformation`, and what `dump.pg_dump_options` leave out. @module */

import { differences, differing, lost } from "./equivalent.ts";
import { ofSeveralColumns, transformers } from "./greenmask_table.ts";
import { OldFileProblem, type OldNode } from "./old_file.ts";
import { Options } from "./options.ts";
import type { RulesBuilder } from "./rules_builder.ts";

/** What a configuration says beside its rules. */
export interface GreenmaskHead {
  /** The database that it dumps. */
  readonly database?: string;
}

/** Whether a file is Greenmask's. */
export function isGreenmask(root: OldNode): boolean {
  return root.entries?.get("dump")?.entries !== undefined;
}

/**
 * Reads the rules.
 *
 * @throws {OldFileProblem}
 */
export function readGreenmask(root: OldNode, rules: RulesBuilder): GreenmaskHead {
  const dump = root.entries?.get("dump");
  const list = dump?.entries?.get("transformation");
  if (!list) throw new OldFileProblem(dump?.line ?? 1, "dump has no transformation, so there are no rules");
  for (const table of itemsOf(list, "dump.transformation")) readTable(table, rules);
  const options = dump?.entries?.get("pg_dump_options");
  readDumpOptions(new Options(options), rules);
  const database = databaseOf(new Options(options).text("dbname") ?? "");
  return database === undefined ? {} : { database };
}

function itemsOf(node: OldNode, name: string): readonly OldNode[] {
  if (node.value === null) return [];
  if (!node.items) throw new OldFileProblem(node.line, `${name} is no list`);
  return node.items;
}

function readTable(node: OldNode, rules: RulesBuilder): void {
  const options = new Options(node);
  const name = options.text("name");
  if (name === undefined) throw new OldFileProblem(node.line, "an entry of dump.transformation has no name of a table");
  const schema = options.text("schema") ?? "public";
  const table = schema === "public" ? name : `${schema}.${name}`;
  for (const key of ["query", "subset_conds"]) {
    if (options.node(key)) rules.loseOfTable(table, `${key} left rows out, which are there now: see keepRows`);
  }
  const transformed = options.node("transformers");
  const isPartial = options.node("when") !== undefined;
  for (const one of transformed ? itemsOf(transformed, "transformers") : []) {
    readTransformer(table, one, isPartial, rules);
  }
}

function readTransformer(table: string, node: OldNode, isPartial: boolean, rules: RulesBuilder): void {
  const options = new Options(node);
  const was = options.text("name");
  if (was === undefined) throw new OldFileProblem(node.line, "a transformer has no name");
  const parameters = new Options(options.node("params"));
  const more = [
    ...(isPartial || options.node("when") ? [differences.someRows] : []),
    ...(options.node("dynamic_params") && was !== "Replace"
      ? ["took options from other columns, which are not taken over"]
      : []),
  ];
  const columns = namedColumns(parameters);
  if (columns.length === 0) rules.loseOfTable(table, `${was} names no column`);
  for (const { name, options: own, template } of columns) {
    const several = ofSeveralColumns.get(was);
    const equivalent = several
      ? differing(several(template), [
        ...(parameters.text("engine") === "hash" ? [] : [differences.random]),
        ...(own.flag("keep_null") === false ? [differences.nulls] : []),
      ])
      : transformers.get(was)?.(parameters) ?? lost("this transformer is not known");
    rules.column(table, name, was, differing(equivalent, more));
  }
  if (options.flag("apply_for_references") === true) {
    rules.loseOfTable(table, `${was} changed the columns that reference it too (apply_for_references)`);
  }
}

interface NamedColumn {
  readonly name: string;
  readonly options: Options;
  readonly template: string;
}

function namedColumns(parameters: Options): readonly NamedColumn[] {
  const one = parameters.text("column");
  if (one !== undefined) return [{ name: one, options: parameters, template: parameters.text("template") ?? "" }];
  return (parameters.node("columns")?.items ?? []).flatMap((node) => {
    const options = new Options(node);
    const name = typeof node.value === "string" ? node.value : options.text("name");
    return name === undefined ? [] : [{ name, options, template: options.text("template") ?? "" }];
  });
}

/** Tables whose rows were not dumped are truncated; a list of tables that were dumped says nothing of the others. */
function readDumpOptions(options: Options, rules: RulesBuilder): void {
  for (const key of ["exclude-table", "exclude-table-data", "exclude-schema", "table", "schema"]) {
    const value = options.value(key);
    if (value === undefined || value === null) continue;
    const names = Array.isArray(value) ? value : [value];
    for (const name of names) {
      const plain = typeof name === "string" ? /^"?(?:public"?\.)?"?([a-z_]\w*)"?$/.exec(name)?.[1] : undefined;
      if (key.startsWith("exclude-table") && plain !== undefined) rules.truncate(plain);
      else rules.lose(`pg_dump_options.${key} chose what is dumped; rows that it left out are there now`);
    }
  }
}

/** The name in a connection string of libpq, a URL, or a plain name. */
function databaseOf(text: string): string | undefined {
  if (text.includes("$")) return undefined;
  const [, keyword] = /(?:^|\s)dbname\s*=\s*'?([^'\s]+)/.exec(text) ?? [];
  const url = /^postgres(?:ql)?:/.test(text) ? URL.parse(text)?.pathname.slice(1) : undefined;
  const name = keyword ?? url ?? (/^[\w-]+$/.test(text) ? text : undefined);
  return name === "" ? undefined : name;
}
