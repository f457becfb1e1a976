/** What declared references say of rules for keys, as far as it shows without a database; natural_keys.ts knows the rest. @module */

import type { ColumnRule, TableRule } from "../rules/definition.ts";
import { isSameRule, mayChangeKeys, spellRule } from "../rules/natural_keys.ts";
import { strategies } from "../rules/strategy/mod.ts";
import { quote } from "./check.ts";
import type { Located, Problems } from "./document.ts";

/** Adds a problem for every reference whose two columns have rules by which it would lead nowhere. `node`: of `tables`. */
export function checkKeyReferences(
  node: Located | undefined,
  tables: ReadonlyMap<string, TableRule>,
  problems: Problems,
): void {
  for (const [name, rule] of tables) {
    const references = "columns" in rule ? rule.references ?? [] : [];
    const places = node?.entries?.get(name)?.node.entries?.get("references")?.node.items;
    for (const [at, { columns, to, toColumns = [] }] of references.entries()) {
      if (typeof to !== "string") continue;
      for (const [pair, column] of columns.entries()) {
        const above = toColumns[pair];
        const problem = above === undefined
          ? undefined
          : problemOf(name, ruleIn(tables, name, column), column, to, above, ruleIn(tables, to, above));
        if (problem !== undefined) problems.add(places?.[at]?.place ?? node?.place ?? 0, problem);
      }
    }
  }
}

function problemOf(
  table: string,
  rule: ColumnRule | undefined,
  column: string,
  to: string,
  toColumn: string,
  above: ColumnRule | undefined,
): string | undefined {
  const [own, other] = [quote(`${table}.${column}`), quote(`${to}.${toColumn}`)];
  const isNull = rule !== undefined && strategies.get(rule.strategy)?.makesNull && rule.only === undefined &&
    rule.except === undefined;
  if (!above || above.strategy === "keep" || isNull) return undefined;
  if (!mayChangeKeys(above)) {
    return `${own} repeats ${other}, whose rule (${spellRule(above)}) does not make equal values of equal ones`;
  }
  return rule && !isSameRule(rule, above)
    ? `${own} repeats ${other}, whose rule (${spellRule(above)}) differs from its own (${spellRule(rule)}): leave ` +
      "this out, and it follows"
    : undefined;
}

function ruleIn(tables: ReadonlyMap<string, TableRule>, table: string, column: string): ColumnRule | undefined {
  const rule = tables.get(table);
  return rule && "columns" in rule && Object.hasOwn(rule.columns, column) ? rule.columns[column] : undefined;
}
