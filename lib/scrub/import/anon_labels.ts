/** Reads PostgreSQL Anonymizer's labels: `MASKED WITH FUNCTION anon.fake_email()`, `MASKED WITH VALUE NULL`. @module */

import type { ImportedRules } from "../../core/imported_rules.ts";
import { cut, masked, split } from "./anon_table.ts";
import { differences, differing, type Equivalent, lost } from "./equivalent.ts";
import { RulesBuilder } from "./rules_builder.ts";
import { ofSqlValue, withoutCast } from "./sql_value.ts";

/** A label of a column, of a table where there is no column, or of the database where there is no table either. */
export interface AnonLabel {
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly label: string;
}

/** Imports labels. Columns that are labelled as not masked stay unclassified. */
export function importLabels(labels: readonly AnonLabel[], database: string): ImportedRules {
  const rules = new RulesBuilder();
  const partial = new Set(
    labels.filter(({ column, label }) => column === undefined && /^\s*MASKED\s+WHEN\b/i.test(label)).map(nameOf),
  );
  for (const one of labels) {
    const table = nameOf(one);
    if (one.column === undefined) {
      if (!/^\s*TABLESAMPLE\b/i.test(one.label)) continue;
      const what = "TABLESAMPLE left rows out, which are there now: see keepRows";
      table === undefined ? rules.lose(what) : rules.loseOfTable(table, what);
    } else if (table !== undefined) {
      const read = readLabel(one.label);
      if (!read) continue;
      const equivalent = differing(read.equivalent, partial.has(table) ? [differences.someRows] : []);
      rules.column(table, one.column, read.was, equivalent);
    }
  }
  return rules.result("PostgreSQL Anonymizer", database, "postgresql");
}

function nameOf({ schema, table }: AnonLabel): string | undefined {
  return table === undefined ? undefined : schema === "public" || schema === undefined ? table : `${schema}.${table}`;
}

/** What a column's label says; undefined: nothing is masked. `was`: the function's name, never its arguments. */
function readLabel(label: string): { readonly was: string; readonly equivalent: Equivalent } | undefined {
  if (/^\s*NOT\s+MASKED\s*$/i.test(label)) return undefined;
  const [, how = "", text = ""] = /^\s*MASKED\s+WITH\s+(FUNCTION|VALUE)\s+(.*?)\s*$/is.exec(label) ?? [];
  switch (how.toUpperCase()) {
    case "VALUE": {
      const equivalent = ofSqlValue(text);
      const fills = equivalent.rule?.strategy !== "setNull";
      return { was: "VALUE", equivalent: differing(equivalent, fills ? [differences.nulls] : []) };
    }
    case "FUNCTION":
      return readFunction(text);
    default:
      return { was: "a label", equivalent: lost("it is neither MASKED WITH FUNCTION nor MASKED WITH VALUE") };
  }
}

function readFunction(text: string): { readonly was: string; readonly equivalent: Equivalent } {
  const call = callOf(text);
  if (!call) return { was: "FUNCTION", equivalent: lost("an expression of SQL makes the value") };
  const { schema, name, args } = call;
  if (name === "left" && (schema === "" || schema === "pg_catalog") && args[0] !== undefined) {
    const inner = readFunction(args[0]);
    return { was: `left of ${inner.was}`, equivalent: cut(inner.equivalent, args[1]) };
  }
  const was = schema === "" ? name : `${schema}.${name}`;
  if (schema !== "anon" && schema !== "") return { was, equivalent: lost("a function of yours makes the value") };
  return { was, equivalent: masked(name, args) };
}

/** A call, with a cast behind it or not; undefined for anything else, such as two calls with a sign between. */
function callOf(
  text: string,
): { readonly schema: string; readonly name: string; readonly args: readonly string[] } | undefined {
  const [, schema = "", name, inside] = /^\s*(?:"?(\w+)"?\s*\.\s*)?"?(\w+)"?\s*\((.*)\)\s*$/s.exec(withoutCast(text)) ??
    [];
  if (name === undefined || inside === undefined) return undefined;
  let depth = 0;
  for (const [piece] of inside.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (piece === "(") depth++;
    if (piece === ")" && --depth < 0) return undefined;
  }
  return depth === 0 ? { schema: schema.toLowerCase(), name: name.toLowerCase(), args: split(inside) } : undefined;
}
